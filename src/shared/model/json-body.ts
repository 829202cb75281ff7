import { tryUtf8 } from '../bytes'
import { ConsoleError } from '../errors'

/** Levels of arrays and objects inside each other (design.md §9). */
export const MAX_JSON_NESTING = 100

/**
 * Reads a JSON body that a stranger sent. Objects have no prototype, so keys like `__proto__` and `constructor` are
 * plain data. A byte order mark is skipped. Numbers are doubles: integers above 2^53 lose digits.
 *
 * @throws ConsoleError `JSON_INVALID` when the bytes are not UTF-8, not JSON, or nested deeper than 100 levels.
 */
export function parseJsonBody(body: Uint8Array): unknown {
  const text = tryUtf8(body)
  if (text === undefined) throw new ConsoleError('JSON_INVALID', 'the body is not UTF-8 text')
  const json = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  checkNesting(json)
  let value: unknown
  try {
    value = JSON.parse(json) as unknown
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ConsoleError('JSON_INVALID', `the body is not JSON: ${reason}`, {}, { cause })
  }
  return withoutPrototypes(value)
}

/** Before parsing, so that hostile nesting costs one look at each character and no stack. */
function checkNesting(json: string): void {
  let depth = 0
  let isText = false
  for (let at = 0; at < json.length; at++) {
    const char = json.charCodeAt(at)
    if (isText) {
      if (char === 0x5c) at += 1
      else if (char === 0x22) isText = false
    } else if (char === 0x22) isText = true
    else if (char === 0x5b || char === 0x7b) {
      depth += 1
      if (depth > MAX_JSON_NESTING) {
        throw new ConsoleError('JSON_INVALID', `the body is nested deeper than ${MAX_JSON_NESTING} levels`, {
          at,
        })
      }
    } else if (char === 0x5d || char === 0x7d) depth -= 1
  }
}

function withoutPrototypes(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(withoutPrototypes)
  const bare = Object.create(null) as Record<string, unknown>
  for (const [key, item] of Object.entries(value)) bare[key] = withoutPrototypes(item)
  return bare
}
