import { toHex, tryUtf8 } from '../../../shared/bytes'
import { hasCode } from '../../../shared/errors'
import { parseJsonBody } from '../../../shared/model/json-body'
import { harmlessJson, harmlessLine } from './harmless-text'

/** Pairs of digits with blanks between them, in one line. */
export function spacedHex(bytes: Uint8Array): string {
  return toHex(bytes).replace(/..(?=.)/g, '$& ')
}

/** The JSON text of a body as it came, digits and all; undefined when it is not JSON. */
export function jsonText(body: Uint8Array): string | undefined {
  const first = body[0]
  if (first === undefined) return undefined
  const text = tryUtf8(body)
  if (text === undefined || text.charCodeAt(0) === 0xfeff) return undefined
  try {
    parseJsonBody(body)
    return text
  } catch (error) {
    if (hasCode(error, 'JSON_INVALID')) return undefined
    throw error
  }
}

/** The body as one member of a JSON object: `json` as it came, else `text`, else `hex`. */
export function bodyMember(body: Uint8Array): string {
  const json = jsonText(body)
  if (json !== undefined) return `{"json":${harmlessJson(json)}}`
  const text = tryUtf8(body)
  if (text !== undefined && !hasControls(body)) return `{"text":${harmlessJson(JSON.stringify(text))}}`
  return `{"hex":"${toHex(body)}"}`
}

/** The body as one harmless line: its text, else hex. */
export function bodyLine(body: Uint8Array): string {
  const text = hasControls(body) ? undefined : tryUtf8(body)
  return text === undefined ? spacedHex(body) : harmlessLine(text)
}

/** Bytes that no text has: they are better read as hex. */
function hasControls(bytes: Uint8Array): boolean {
  for (const byte of bytes)
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 27) return true
  return false
}
