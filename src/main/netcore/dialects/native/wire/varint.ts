/**
 * LEB128: seven bits a byte, the low ones first, the high bit says that more follow. At most five bytes, hence values below
 * 2^35, and only the shortest form: two spellings of a number would let a peer and a checker read different frames.
 */

export const MAX_VARINT_BYTES = 5
/** One more than the largest value. */
const VARINT_LIMIT = 2 ** 35

/** @param value - A whole number, 0 … VARINT_LIMIT − 1. */
export function varintBytes(value: number): number {
  if (value < 0x80) return 1
  if (value < 0x4000) return 2
  if (value < 0x20_0000) return 3
  return value < 0x1000_0000 ? 4 : 5
}

export const isVarint = (value: number): boolean =>
  Number.isInteger(value) && value >= 0 && value < VARINT_LIMIT

/** Writes `value` (see `isVarint`) and returns the index after it. */
export function writeVarint(out: Uint8Array, at: number, value: number): number {
  let next = at
  let rest = value
  // Division, not shifts: values may have 35 bits.
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) out[next++] = (rest % 128) | 0x80
  out[next++] = rest
  return next
}

/** What `readVarint` answers instead of a value. */
export const VARINT_INCOMPLETE = -1
export const VARINT_INVALID = -2

/**
 * The number at `at`, looking no further than `end`. Its length is `varintBytes` of the answer. VARINT_INCOMPLETE: the bytes
 * end inside it; VARINT_INVALID: overlong, or more than five bytes.
 */
export function readVarint(bytes: Uint8Array, at: number, end: number): number {
  let value = 0
  let weight = 1
  for (let k = at; k < end; k++) {
    const byte = bytes[k]!
    value += (byte & 0x7f) * weight
    if (byte < 0x80) return byte === 0 && k > at ? VARINT_INVALID : value
    weight *= 128
    if (k - at + 1 === MAX_VARINT_BYTES) return VARINT_INVALID
  }
  return VARINT_INCOMPLETE
}
