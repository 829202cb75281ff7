/** Containers within containers in headers. */
export const MAX_HEADER_DEPTH = 64

/**
 * Looks at MessagePack before it is decoded: exactly one map with text keys, of JSON's types only, nested no deeper than
 * MAX_HEADER_DEPTH, and every length inside the bytes. Costs one look at each byte and no stack. Returns what is wrong, or
 * null.
 */
export function headerFault(bytes: Uint8Array): string | null {
  /** Values still to come in each open container; keys and values of a map count alike. */
  const left: number[] = []
  /** Whether the container is a map: then every second value is a key. */
  const isMap: boolean[] = []
  let at = 0
  const big = (width: number): number => {
    let value = 0
    for (let k = 0; k < width; k++) value = value * 256 + (bytes[at + k] ?? 255)
    at += width
    return value
  }
  do {
    if (at >= bytes.length) return 'it ends inside a value'
    const depth = left.length
    const type = bytes[at++]!
    const isKey = depth > 0 && isMap[depth - 1]! && left[depth - 1]! % 2 === 0
    if (depth > 0) left[depth - 1]! -= 1
    const isText = (type >= 0xa0 && type <= 0xbf) || (type >= 0xd9 && type <= 0xdb)
    if (isKey && !isText) return 'a key is not a text'
    let count = -1
    if (isText) at += type <= 0xbf ? type & 31 : big(1 << (type - 0xd9))
    else if (type <= 0x7f || type >= 0xe0 || type === 0xc0 || type === 0xc2 || type === 0xc3) at += 0
    else if (type <= 0x8f) count = 2 * (type & 15)
    else if (type <= 0x9f) count = type & 15
    else if (type === 0xca || type === 0xcb) {
      const mantissaBits = type === 0xca ? 0x80 : 0xf0
      const isFinite = (bytes[at]! & 0x7f) !== 0x7f || (bytes[at + 1]! & mantissaBits) !== mantissaBits
      if (!isFinite) return 'a number that JSON does not have'
      at += type === 0xca ? 4 : 8
    } else if (type === 0xcf || type === 0xd3) at += 8
    else if (type >= 0xcc && type <= 0xce) at += 1 << (type - 0xcc)
    else if (type >= 0xd0 && type <= 0xd2) at += 1 << (type - 0xd0)
    else if (type === 0xdc || type === 0xdd) count = big(type === 0xdc ? 2 : 4)
    else if (type === 0xde || type === 0xdf) count = 2 * big(type === 0xde ? 2 : 4)
    else return `a value of type ${type.toString(16)}, which JSON does not have`
    const opensMap = count >= 0 && (type === 0xde || type === 0xdf || type <= 0x8f)
    if (depth === 0 && !opensMap) return 'it is not a map'
    if (at > bytes.length || count > bytes.length - at) return 'it ends inside a value'
    if (count >= 0) {
      if (depth >= MAX_HEADER_DEPTH) return `it is nested deeper than ${MAX_HEADER_DEPTH} levels`
      left.push(count)
      isMap.push(opensMap)
    }
    while (left.length > 0 && left[left.length - 1] === 0) {
      left.pop()
      isMap.pop()
    }
  } while (left.length > 0)
  return at === bytes.length ? null : 'bytes follow behind it'
}
