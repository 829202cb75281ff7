/**
 * Device bytes as text that shows everything: bytes that are not UTF-8 and control characters as `\xNN` (the former are
 * always above 7f, the latter never), characters that would reorder or hide their neighbours as escapes. Nothing a device
 * sends can change how the rest of the screen reads.
 */

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Bidirectional controls, zero-width characters, line and paragraph separators, byte order mark. */
const DECEPTIVE = /[\u0080-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/g

const hex2 = (byte: number): string => byte.toString(16).padStart(2, '0')

/** UTF-8 decoded leniently: each byte that fits no sequence becomes `\xNN`. */
export function decodeVisibly(bytes: Uint8Array): { readonly text: string; readonly invalidBytes: number } {
  try {
    return { text: decoder.decode(bytes), invalidBytes: 0 }
  } catch {
    return decodePiecewise(bytes)
  }
}

function decodePiecewise(bytes: Uint8Array): { text: string; invalidBytes: number } {
  const parts: string[] = []
  let invalidBytes = 0
  let at = 0
  let soundFrom = 0
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at)
    if (length > 0) {
      at += length
      continue
    }
    parts.push(decoder.decode(bytes.subarray(soundFrom, at)), `\\x${hex2(bytes[at]!)}`)
    invalidBytes += 1
    at += 1
    soundFrom = at
  }
  parts.push(decoder.decode(bytes.subarray(soundFrom)))
  return { text: parts.join(''), invalidBytes }
}

/** Length of the valid UTF-8 sequence at `at`, or 0 (RFC 3629, table of well-formed sequences). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!
  if (lead < 0x80) return 1
  const length =
    lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0
  if (length === 0 || at + length > bytes.length) return 0
  const second = bytes[at + 1]!
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (second < least || second > most) return 0
  for (let index = 2; index < length; index++) {
    const next = bytes[at + index]!
    if (next < 0x80 || next > 0xbf) return 0
  }
  return length
}

/** Makes what would not be seen visible. Line feeds and tabs stay: they are layout of a text, not hidden. */
export const revealControls = (text: string): string =>
  text
    .replace(/\r\n/g, '\n')
    .replace(CONTROL, (char) => `\\x${hex2(char.charCodeAt(0))}`)
    .replace(DECEPTIVE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** The same for what has one line only, such as a route or a header: there a line feed or a tab is hidden too. */
export const revealLine = (text: string): string =>
  revealControls(text.replace(/[\t\r\n]/g, (char) => `\\x${hex2(char.charCodeAt(0))}`))

/**
 * The text as rows of at most `columns` characters, so that every row has the same height and a line of a megabyte is
 * not one element. Surrogate pairs stay together.
 */
export function wrapRows(text: string, columns: number): string[] {
  const rows: string[] = []
  for (const line of text.replaceAll('\t', '    ').split('\n')) {
    let at = 0
    do {
      let end = Math.min(line.length, at + columns)
      if (end < line.length && /[\ud800-\udbff]/.test(line[end - 1]!)) end += 1
      rows.push(line.slice(at, end))
      at = end
    } while (at < line.length)
  }
  return rows
}
