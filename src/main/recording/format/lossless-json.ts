/**
 * JSON that keeps what plain JSON loses: integers of any size, written `{"$int":"…"}` as other tools can read them, and
 * numbers that are none. An object with a key that begins with `$` is written `{"$map":[[key, value], …]}`.
 */
export function printLossless(value: unknown): string {
  // nearly all is plain, and a busy line has tens of thousands of them in a second
  return JSON.stringify(isPlain(value) ? value : marked(value))
}

/**
 * @throws SyntaxError. Objects come without a prototype, so that no key of a hostile file can reach one.
 */
export function parseLossless(text: string): unknown {
  const value: unknown = JSON.parse(text)
  // nearly all is plain, and there is very much of it
  return MARK.test(text) ? unmarked(value) : withoutPrototypes(value)
}

/** A key that means something here or elsewhere; in an escape it may hide. */
const MARK = /"\$|__proto__|\\u/

function withoutPrototypes(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    for (const each of value) withoutPrototypes(each)
    return value
  }
  const object = value as Record<string, unknown>
  Object.setPrototypeOf(object, null)
  for (const key in object) {
    const each = object[key]
    if (typeof each === 'object') withoutPrototypes(each)
  }
  return object
}

/** Whether JSON says it as it is. */
function isPlain(value: unknown): boolean {
  switch (typeof value) {
    case 'bigint':
      return false
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
    case 'object':
      break
    default:
      return true
  }
  if (value === null) return true
  if (Array.isArray(value)) return value.every(isPlain)
  // such an object would say itself in its own way
  if (typeof (value as { readonly toJSON?: unknown }).toJSON === 'function') return false
  for (const key in value) {
    if (isMark(key) || !isPlain((value as Record<string, unknown>)[key])) return false
  }
  return true
}

const isMark = (key: string): boolean => key.startsWith('$') || key === '__proto__'

function marked(value: unknown): unknown {
  switch (typeof value) {
    case 'bigint':
      return { $int: value.toString() }
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $number: Object.is(value, -0) ? '-0' : `${value}` }
    case 'object':
      break
    default:
      return value
  }
  if (value === null) return null
  if (Array.isArray(value)) return value.map(marked)
  const entries = Object.entries(value).map(([key, each]) => [key, marked(each)] as const)
  const needsMap = entries.some(([key]) => isMark(key))
  return needsMap ? { $map: entries } : Object.fromEntries(entries)
}

function unmarked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(unmarked)
  const entries = Object.entries(value as Record<string, unknown>)
  const [first] = entries
  if (entries.length === 1 && first !== undefined) {
    const [key, content] = first
    if (key === '$int' && typeof content === 'string' && /^-?\d{1,4096}$/.test(content))
      return BigInt(content)
    if (key === '$number' && typeof content === 'string') return Number(content)
    if (key === '$map' && Array.isArray(content)) return mapOf(content)
  }
  return plain(entries.map(([key, each]) => [key, unmarked(each)]))
}

function mapOf(content: readonly unknown[]): unknown {
  return plain(
    content.flatMap((pair) => (Array.isArray(pair) ? [[String(pair[0]), unmarked(pair[1])] as const] : [])),
  )
}

function plain(entries: Iterable<readonly [string, unknown]>): object {
  const made = Object.create(null) as Record<string, unknown>
  for (const [key, value] of entries) {
    Object.defineProperty(made, key, { value, enumerable: true, configurable: true, writable: true })
  }
  return made
}
