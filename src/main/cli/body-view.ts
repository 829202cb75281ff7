import { createHash } from 'node:crypto'
import { toHex, tryUtf8 } from '../../shared/bytes'

/** A body is shown up to this; what is longer is marked `truncated`. */
export const SHOWN_BODY_BYTES = 64 * 1024
const MAX_NESTING = 100

export type BodyView =
  | { readonly json: unknown }
  | { readonly text: string }
  | { readonly hex: string }
  | { readonly truncated: true; readonly shownBytes: number; readonly text: string }
  | { readonly truncated: true; readonly shownBytes: number; readonly hex: string }

/**
 * A body as a machine can read it in one line of JSON: `json` when it is JSON that survives being read and written
 * again, else `text` when it is UTF-8 without control characters, else `hex`.
 *
 * @param bodyBytes - How long it is, where `body` is only its beginning.
 */
export function viewBody(body: Uint8Array, bodyBytes = body.length): BodyView {
  if (body.length < bodyBytes || body.length > SHOWN_BODY_BYTES) return viewStart(body)
  const text = printableText(body)
  if (text === undefined) return { hex: toHex(body) }
  const json = exactJson(text)
  return json === undefined ? { text } : { json: json.value }
}

/** Lower-case hex. */
export const sha256 = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex')

function viewStart(body: Uint8Array): BodyView {
  const start = body.subarray(0, SHOWN_BODY_BYTES)
  // Do not cut a character in two: at most three of its bytes are there without the rest.
  for (let cut = 0; cut < Math.min(4, start.length); cut++) {
    const shownBytes = start.length - cut
    const text = printableText(start.subarray(0, shownBytes))
    if (text !== undefined) return { truncated: true, shownBytes, text }
  }
  return { truncated: true, shownBytes: start.length, hex: toHex(start) }
}

function printableText(bytes: Uint8Array): string | undefined {
  for (const byte of bytes) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) return undefined
  return tryUtf8(bytes)
}

function exactJson(text: string): { readonly value: unknown } | undefined {
  // Numbers beyond a double would be changed silently: such a body is shown as the text it is.
  if (/\d{16}|[eE]\+?\d{3}/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return nestingOf(value, 0) > MAX_NESTING ? undefined : { value }
  } catch {
    return undefined
  }
}

function nestingOf(value: unknown, depth: number): number {
  if (depth > MAX_NESTING || value === null || typeof value !== 'object') return depth
  let deepest = depth + 1
  for (const item of Object.values(value)) deepest = Math.max(deepest, nestingOf(item, depth + 1))
  return deepest
}
