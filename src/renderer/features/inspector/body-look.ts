import { tryUtf8 } from '../../../shared/bytes'
import { type JsonReading, readJson } from '../../ui/json-source'

/** JSON and text are laid out as a whole, so they have a limit; hex reads pages and has none. */
export const MAX_LAID_OUT_BYTES = 4 * 1024 * 1024

/** Strings of a device may hold characters that reorder or hide others; numbers and punctuation cannot. */
export function readBodyJson(bytes: Uint8Array): JsonReading {
  const text = tryUtf8(bytes)
  if (text === undefined) {
    return { ok: false, problem: { at: 0, line: 1, column: 1, message: 'the bytes are not UTF-8 text' } }
  }
  return readJson(text.startsWith('\ufeff') ? text.slice(1) : text)
}
