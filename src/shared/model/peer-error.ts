import { hasCode } from '../errors'
import { parseJsonBody } from './json-body'
import type { Headers, MessageKind } from './trace'

/** Header that tells an error answer from an ordinary one whose body happens to look the same. */
export const STATUS_HEADER = 'status'
export const STATUS_ERROR = 'error'

/** What a peer said went wrong. The code is the peer's word: ours when the peer runs this stack, anything otherwise. */
export interface PeerError {
  readonly code: string
  /** Empty when the peer gave no reason that can be read. */
  readonly message: string
  /** More of the peer's words, where it gave any: JSON. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** What went wrong at the peer, or undefined when the message is an ordinary answer, or (`kind`) none at all. */
export function peerErrorOf(answer: {
  readonly kind?: MessageKind
  readonly headers: Headers
  readonly body: Uint8Array
}): PeerError | undefined {
  if ((answer.kind ?? 'response') !== 'response' || answer.headers[STATUS_HEADER] !== STATUS_ERROR)
    return undefined
  let said: unknown
  try {
    said = parseJsonBody(answer.body)
  } catch (error) {
    if (!hasCode(error, 'JSON_INVALID')) throw error
    said = undefined // an error answer without readable reasons is still an error answer
  }
  const { code, error, details } = (typeof said === 'object' && said !== null ? said : {}) as Record<
    string,
    unknown
  >
  return {
    code: typeof code === 'string' ? code : 'HANDLER_FAILED',
    message: typeof error === 'string' ? error : '',
    ...(isRecord(details) && { details }),
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
