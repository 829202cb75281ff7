import { utf8 } from '../../../../../shared/bytes'
import { ConsoleError } from '../../../../../shared/errors'
import { LARGEST_META_BYTES } from './frame'

/** Two less than the receiver takes: Python counts the separator. */
const SENT_META_BYTES = LARGEST_META_BYTES - 2

export type MetaPair = readonly [name: string, value: string]

/**
 * The pairs of a meta string, in order. Split at `&`, then at the first `=`; what has no `=` or no name is left out, and of
 * names that stand twice the last holds.
 */
export function parseMeta(text: string): Map<string, string> {
  const metas = new Map<string, string>()
  if (text === '') return metas
  for (const item of text.split('&')) {
    const at = item.indexOf('=')
    if (at > 0) metas.set(item.slice(0, at), item.slice(at + 1))
  }
  return metas
}

/**
 * The pairs as they go over the wire. The peers escape nothing, so neither is done here.
 *
 * @throws ConsoleError `HEAD_NOT_ENCODABLE`: a name or value holds what would end it. `HEAD_TOO_LARGE` above 4094 bytes.
 */
export function formatMeta(pairs: Iterable<MetaPair>): string {
  const items: string[] = []
  for (const [name, value] of pairs) {
    if (name === '' || FORBIDDEN_IN_NAME.test(name)) throw unsayable(`the name "${name.slice(0, 60)}"`)
    if (FORBIDDEN_IN_VALUE.test(value)) throw unsayable(`the value of "${name.slice(0, 60)}"`)
    items.push(`${name}=${value}`)
  }
  const text = items.join('&')
  checkMetaBytes(text)
  return text
}

/** How many bytes it has. @throws ConsoleError `HEAD_TOO_LARGE`. */
export function checkMetaBytes(text: string): number {
  const byteCount = text === '' ? 0 : utf8(text).length
  if (byteCount <= SENT_META_BYTES) return byteCount
  throw new ConsoleError(
    'HEAD_TOO_LARGE',
    `the metas have ${byteCount} bytes, ${SENT_META_BYTES} are allowed`,
  )
}

/** Writes what ends a name or value as `%` and two hex digits. Only for peers that were told to undo it. */
export const escapeMeta = (text: string): string =>
  text.replace(
    ESCAPED,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )

/** Undoes `escapeMeta`, and what the Go library does to its metas; what is no escape stays as it is. */
export const unescapeMeta = (text: string): string =>
  text.replaceAll('+', ' ').replace(/(?:%[\da-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run)
    } catch {
      return run
    }
  })

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const FORBIDDEN_IN_NAME = /[&=\u0000\n\r]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const FORBIDDEN_IN_VALUE = /[&\u0000\n]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const ESCAPED = /[%+&=\u0000\n\r]/g

const unsayable = (what: string): ConsoleError =>
  new ConsoleError('HEAD_NOT_ENCODABLE', `${what} can not be said in a Socket.D meta`, {
    remedy: 'Names may hold no "&", "=", NUL or line end, values no "&", NUL or line feed.',
  })
