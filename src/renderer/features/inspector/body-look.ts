import { decodeVisibly, tryUtf8 } from '../../../shared/bytes'
import { type JsonLine, type JsonReading, readJson } from '../../ui/json-source'
import { revealControls } from '../../ui/visible-text'

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

/** First lines of a body for the summary: as JSON when it is, else as text when it reads like one, else nothing. */
export type BodyGlance =
  | { readonly kind: 'json'; readonly lines: readonly JsonLine[]; readonly more: number }
  | { readonly kind: 'text'; readonly lines: readonly string[]; readonly more: number }
  | { readonly kind: 'binary' }

export function glanceAt(bytes: Uint8Array, maxLines: number): BodyGlance {
  const reading = readBodyJson(bytes)
  if (reading.ok) {
    const lines = trimOuterBraces(reading.lines)
    return { kind: 'json', lines: lines.slice(0, maxLines), more: Math.max(0, lines.length - maxLines) }
  }
  if (!looksLikeText(bytes)) return { kind: 'binary' }
  const lines = revealControls(decodeVisibly(bytes).text).split('\n')
  return {
    kind: 'text',
    lines: lines.slice(0, maxLines).map((line) => line.slice(0, 400)),
    more: Math.max(0, lines.length - maxLines),
  }
}

/** In the summary the fields of an object matter, not its braces. */
function trimOuterBraces(lines: readonly JsonLine[]): readonly JsonLine[] {
  const isObject = lines.length > 2 && lines[0]!.tokens[0]?.text === '{'
  return isObject ? lines.slice(1, -1).map((line) => ({ ...line, depth: line.depth - 1 })) : lines
}

/** Mostly printable: under one control or invalid byte in twenty. Tabs and line ends are printable. */
function looksLikeText(bytes: Uint8Array): boolean {
  const { text, invalidBytes } = decodeVisibly(bytes.subarray(0, 4096))
  let odd = invalidBytes
  for (const char of text) if (char < ' ' && char !== '\n' && char !== '\r' && char !== '\t') odd += 1
  return odd * 20 <= Math.max(1, text.length)
}
