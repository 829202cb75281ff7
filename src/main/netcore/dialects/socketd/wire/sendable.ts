import { utf8 } from '../../../../../shared/bytes'
import { ConsoleError } from '../../../../../shared/errors'
import { LARGEST_EVENT_BYTES, LARGEST_SID_BYTES } from './frame'

/** Two less than the receiver takes: Python counts the separator (socketd.md §9). */
const SENT_SID_BYTES = LARGEST_SID_BYTES - 2
const SENT_EVENT_BYTES = LARGEST_EVENT_BYTES - 2

/** @throws ConsoleError `HEAD_NOT_ENCODABLE`, `HEAD_TOO_LARGE`. */
export function checkSid(sid: string): void {
  if (sid === '') throw new ConsoleError('HEAD_NOT_ENCODABLE', 'a message needs an id')
  check('id', sid, SENT_SID_BYTES)
}

/** @throws ConsoleError `HEAD_NOT_ENCODABLE`, `HEAD_TOO_LARGE`. */
export const checkEvent = (event: string): void => check('route', event, SENT_EVENT_BYTES)

function check(what: string, text: string, mostBytes: number): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  if (/[\u0000\n\r]/.test(text)) {
    throw new ConsoleError('HEAD_NOT_ENCODABLE', `the ${what} holds NUL or a line end`)
  }
  if (text.length * 3 <= mostBytes) return
  const byteCount = utf8(text).length
  if (byteCount <= mostBytes) return
  throw new ConsoleError('HEAD_TOO_LARGE', `the ${what} has ${byteCount} bytes, ${mostBytes} are allowed`)
}
