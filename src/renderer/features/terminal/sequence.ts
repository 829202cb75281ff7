/** The longest escape sequence that is looked at as one; what is longer is shown as the text it is. */
const MAX_SEQUENCE = 2048

export type Sequence =
  /** Not there in full yet. */
  | { readonly kind: 'incomplete' }
  /** `CSI params final`, without intermediate characters. */
  | { readonly kind: 'csi'; readonly length: number; readonly params: string; readonly final: string }
  /** Anything else, well-formed or not. */
  | { readonly kind: 'other'; readonly length: number }

const STRINGS = ']PX^_'

/** Reads the escape sequence at `at`, where an ESC stands (ECMA-48, 5.3 to 5.6). */
export function readSequence(text: string, at: number): Sequence {
  const opener = text[at + 1]
  if (opener === undefined) return { kind: 'incomplete' }
  if (opener === '[') return readCsi(text, at)
  if (STRINGS.includes(opener)) return readString(text, at)
  let end = at + 1
  while (isBetween(text, end, 0x20, 0x2f)) end += 1
  if (end === text.length) return tooLongOr(text, at, { kind: 'incomplete' })
  return { kind: 'other', length: (isBetween(text, end, 0x30, 0x7e) ? end + 1 : end) - at }
}

function readCsi(text: string, at: number): Sequence {
  let end = at + 2
  while (isBetween(text, end, 0x30, 0x3f)) end += 1
  const params = text.slice(at + 2, end)
  const intermediatesAt = end
  while (isBetween(text, end, 0x20, 0x2f)) end += 1
  if (end === text.length) return tooLongOr(text, at, { kind: 'incomplete' })
  if (!isBetween(text, end, 0x40, 0x7e)) return { kind: 'other', length: end - at }
  const length = end + 1 - at
  if (end > intermediatesAt || length > MAX_SEQUENCE) return { kind: 'other', length }
  return { kind: 'csi', length, params, final: text[end]! }
}

/** Up to BEL or ST. A control character within ends it: no text of a device can swallow what comes after its line. */
function readString(text: string, at: number): Sequence {
  let end = at + 2
  while (end < text.length && text.charCodeAt(end) >= 0x20) end += 1
  if (end === text.length) return tooLongOr(text, at, { kind: 'incomplete' })
  if (text[end] === '\u0007') return { kind: 'other', length: end + 1 - at }
  if (text[end] !== '\u001b') return { kind: 'other', length: end - at }
  if (end + 1 === text.length) return { kind: 'incomplete' }
  return { kind: 'other', length: (text[end + 1] === '\\' ? end + 2 : end) - at }
}

const tooLongOr = (text: string, at: number, sequence: Sequence): Sequence =>
  text.length - at > MAX_SEQUENCE ? { kind: 'other', length: 1 } : sequence

const isBetween = (text: string, at: number, least: number, most: number): boolean => {
  const code = text.charCodeAt(at) // NaN behind the end
  return code >= least && code <= most
}
