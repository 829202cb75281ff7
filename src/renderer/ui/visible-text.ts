/**
 * Device bytes as text that shows everything: bytes that are not UTF-8 and control characters as `\xNN` (the former are
 * always above 7f, the latter never), characters that would reorder or hide their neighbours as escapes. Nothing a device
 * sends can change how the rest of the screen reads.
 */

/** Bidirectional controls, zero-width characters, line and paragraph separators, byte order mark. */
const DECEPTIVE = /[\u0080-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/g

const hex2 = (byte: number): string => byte.toString(16).padStart(2, '0')

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
