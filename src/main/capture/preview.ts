import { tryUtf8 } from '../../shared/bytes'
import { UNSAFE_CHARACTERS } from './unsafe-characters'

export const PREVIEW_CHARACTERS = 160
/** Bytes that can contribute: four per character, and one sequence that is cut. */
const PREVIEW_BYTES = PREVIEW_CHARACTERS * 4 + 4
const HEX_BYTES = Math.floor((PREVIEW_CHARACTERS - 1) / 3)
const MANY_CONTROLS = 0.2

/**
 * The beginning of a body as one line of text, at most 160 characters. Device text is data: characters that would
 * control a terminal, break the line or reorder the text around them are replaced. Anything that is not text is shown
 * as hex.
 */
export function previewOf(body: Uint8Array): string {
  const head = body.subarray(0, PREVIEW_BYTES)
  const isCut = head.length < body.length
  const text = tryUtf8(isCut ? withoutCutSequence(head) : head)
  if (text === undefined) return hexPreview(body)
  let controls = 0
  const visible = text.replace(UNSAFE_CHARACTERS, (char) => {
    if (char !== '\n' && char !== '\r' && char !== '\t') controls += 1
    return replacement(char)
  })
  if (controls > text.length * MANY_CONTROLS) return hexPreview(body)
  return shorten(visible, isCut)
}

/** The beginning of a text as one line, made harmless like a preview. */
export const visibleLine = (text: string): string =>
  shorten(text.slice(0, PREVIEW_CHARACTERS + 1).replace(UNSAFE_CHARACTERS, replacement), false)

function replacement(char: string): string {
  const code = char.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(0x2400 + code) // ␀ … ␟
  return code === 0x7f ? '␡' : '\ufffd'
}

function shorten(text: string, isCut: boolean): string {
  if (text.length <= PREVIEW_CHARACTERS && !isCut) return text
  let end = Math.min(text.length, PREVIEW_CHARACTERS - 1)
  const last = text.charCodeAt(end - 1)
  if (last >= 0xd800 && last <= 0xdbff) end -= 1 // not through the middle of a pair
  return `${text.slice(0, end)}…`
}

function hexPreview(body: Uint8Array): string {
  const shown = Array.from(body.subarray(0, HEX_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join(
    ' ',
  )
  return body.length > HEX_BYTES ? `${shown}…` : shown
}

/** Without a UTF-8 sequence at the end that continues beyond the cut. */
function withoutCutSequence(head: Uint8Array): Uint8Array {
  for (let back = 1; back <= 3; back++) {
    const byte = head[head.length - back]
    if (byte === undefined || byte < 0x80) break
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return needed > back ? head.subarray(0, head.length - back) : head
    }
  }
  return head
}
