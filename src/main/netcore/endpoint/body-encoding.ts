import { utf8 } from '../../../shared/bytes'
import { ConsoleError } from '../../../shared/errors'
import type { MessageBody } from '../pipe/message-body'
import type { Answer, IncomingRequest, Reply } from '../stack-types'

const NO_BYTES = new Uint8Array(0)

/**
 * The bytes of a body as an application gives it.
 *
 * | value | here | Python Netcore (netcore-lso.md §6) |
 * | --- | --- | --- |
 * | bytes (any array view, ArrayBuffer), `BodySource` | as they are | `bytes` as they are |
 * | text | JSON: `"text"` (`textReply` for plain text) | UTF-8 |
 * | object, array, number, boolean, null | JSON | `dict`: JSON; anything else: its Python notation, within `{"data": …}` when sent |
 * | undefined | no bytes | `"None"` |
 *
 * One rule for all values, so that `request.json()` gives back exactly what was sent.
 *
 * @returns bytes and sources are borrowed, not copied.
 * @throws ConsoleError `BODY_NOT_ENCODABLE`.
 */
export function encodeBody(value: unknown): MessageBody {
  if (value === undefined) return NO_BYTES
  if (isMessageBody(value)) return value
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  const kind = unsayable(value)
  if (kind !== undefined) throw new ConsoleError('BODY_NOT_ENCODABLE', `${kind} has no form in JSON`)
  try {
    return utf8(JSON.stringify(value))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ConsoleError(
      'BODY_NOT_ENCODABLE',
      `the body can not be written as JSON: ${reason}`,
      {},
      { cause },
    )
  }
}

/** The answer that a handler's result stands for. @throws ConsoleError `BODY_NOT_ENCODABLE`. */
export const toReply = (value: unknown): Reply => (isReply(value) ? value : { body: encodeBody(value) })

/** An object with a `body` of bytes is a reply; with any other `body` it is JSON like every other object. */
export const isReply = (value: unknown): value is Reply =>
  typeof value === 'object' && value !== null && 'body' in value && isMessageBody(value.body)

/** Always JSON, also of what would be taken for a reply. @throws ConsoleError `BODY_NOT_ENCODABLE`. */
export const jsonReply = (value: unknown, rest: Omit<Reply, 'body'> = {}): Reply => ({
  ...rest,
  body: encodeBody(value),
})

/** Plain text, UTF-8, as the Python Netcore sends a `str`. */
export const textReply = (text: string, rest: Omit<Reply, 'body'> = {}): Reply => ({
  ...rest,
  body: utf8(text),
})

/** All bytes of a received body, also when they lie outside memory. @throws ConsoleError `BODY_UNREADABLE`. */
export const wholeBody = (
  received: Pick<IncomingRequest | Answer, 'body' | 'bodyBytes' | 'stored'>,
): Uint8Array => (received.stored === null ? received.body : received.stored.read(0, received.bodyBytes))

function isMessageBody(value: unknown): value is MessageBody {
  if (value instanceof Uint8Array) return true
  if (typeof value !== 'object' || value === null) return false
  return 'read' in value && typeof value.read === 'function' && 'byteLength' in value
}

/** What JSON would leave out or make nothing of without saying so. */
function unsayable(value: unknown): string | undefined {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
    return `a ${typeof value}`
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (value instanceof Map || value instanceof Set) return `a ${value.constructor.name}`
  if (value instanceof Promise) return 'a promise (was it not awaited?)'
  return undefined
}
