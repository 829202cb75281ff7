import { toHex, tryUtf8 } from '../../../shared/bytes'
import { DEFAULT_PRIORITY } from '../../../shared/model/trace'
import { jsonText } from './body-text'
import type { CopiedMessage, CopySurroundings } from './copied-message'
import { isHarmless } from './harmless-text'

/** One argument of a command may have 128 KiB on Linux; beyond a part of that the body is taken from a file. */
const MAX_ARGUMENT_CHARACTERS = 60_000
const SAFE_WORD = /^[\w@%+=:,./-]+$/

/**
 * A word for a POSIX shell: as it is, in single quotes, or (with characters that would act on the terminal it is pasted
 * into) in `$'…'`, which bash, zsh, ksh and POSIX 2024 know.
 */
export function shellWord(text: string): string {
  if (SAFE_WORD.test(text)) return text
  if (isHarmless(text)) return `'${text.replaceAll("'", `'\\''`)}'`
  let quoted = ''
  for (const char of text) {
    if (char === "'" || char === '\\') quoted += `\\${char}`
    else quoted += isHarmless(char) ? char : escapedBytes(char)
  }
  return `$'${quoted}'`
}

/** The command line that sends this message again. */
export function sendCommand(message: CopiedMessage, surroundings: CopySurroundings): string {
  const { route, linkId, priority, headers, body } = message
  const url = surroundings.urlOf(linkId) ?? 'URL'
  const options: string[] = []
  const remarks: string[] = []
  if (body === undefined) remarks.push(`the body of ${message.bodyBytes} bytes is not in memory`)
  else if (body.length > 0) options.push(bodyOption(message.id, body, remarks))
  for (const [name, value] of Object.entries(headers)) {
    const text = typeof value === 'object' ? JSON.stringify(value, digits) : String(value)
    if (name === '' || name.includes('=') || text.includes('\0') || name.includes('\0')) {
      remarks.push('a header can not be given on a command line')
    } else options.push(`--header ${shellWord(`${name}=${text}`)}`)
  }
  if (priority !== DEFAULT_PRIORITY) options.push(`--priority ${priority}`)
  const places = [shellWord(url), shellWord(route)]
  const words = route.startsWith('-') ? [...options, '--', ...places] : [...places, ...options]
  const remark = remarks.length === 0 ? '' : `  # ${remarks.join('; ')}`
  return `netcore send ${words.join(' ')}${remark}`
}

function bodyOption(id: number, body: Uint8Array, remarks: string[]): string {
  const isShort = body.length * 2 <= MAX_ARGUMENT_CHARACTERS
  if (!isShort) {
    remarks.push(`save the ${body.length} bytes of the body under this name`)
    return `--file message-${id}.bin`
  }
  const text = tryUtf8(body)
  if (text === undefined || !isHarmless(text)) return `--hex ${toHex(body)}`
  const name = jsonText(body) === undefined ? '--text' : '--json'
  return text.startsWith('-') ? `${name}=${shellWord(text)}` : `${name} ${shellWord(text)}`
}

/** Byte by byte with three digits each, so that no digit that follows can join them. */
function escapedBytes(char: string): string {
  let text = ''
  for (const byte of new TextEncoder().encode(char)) text += `\\${byte.toString(8).padStart(3, '0')}`
  return text
}

const digits = (_name: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value
