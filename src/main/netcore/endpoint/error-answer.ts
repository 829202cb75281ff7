import { utf8 } from '../../../shared/bytes'
import { hasCode } from '../../../shared/errors'
import type { Answer, Reply } from '../stack-types'
import { parseJsonBody } from './json-body'

/** Header that tells an error answer from an ordinary one whose body happens to look the same. */
const STATUS_HEADER = 'status'
const STATUS_ERROR = 'error'

export type ErrorAnswerCode = 'HANDLER_FAILED' | 'ROUTE_UNKNOWN'

/** What a peer said went wrong. The code is the peer's word: ours when the peer runs this stack, anything otherwise. */
export interface PeerError {
  readonly code: string
  readonly message: string
}

/**
 * The answer to a request that could not be served: JSON which a person can read and any peer can digest, and a header
 * by which our side knows it. It names no route of its own: a Python peer that gave up waiting would hand it to the
 * handler of that route as if it were a request (netcore-lso.md §6).
 */
export function errorReply(code: ErrorAnswerCode, message: string, route: string): Reply {
  return {
    body: utf8(JSON.stringify({ error: message, code, route })),
    route: '',
    headers: { [STATUS_HEADER]: STATUS_ERROR },
  }
}

/** What went wrong at the peer, or undefined when the answer is an ordinary one. */
export function peerErrorOf(answer: Pick<Answer, 'headers' | 'body'>): PeerError | undefined {
  if (answer.headers[STATUS_HEADER] !== STATUS_ERROR) return undefined
  let said: unknown
  try {
    said = parseJsonBody(answer.body)
  } catch (error) {
    if (!hasCode(error, 'JSON_INVALID')) throw error
    said = undefined
  }
  const { code, error } = (typeof said === 'object' && said !== null ? said : {}) as Record<string, unknown>
  return {
    code: typeof code === 'string' ? code : 'HANDLER_FAILED',
    message: typeof error === 'string' ? error : 'the peer answered with an error',
  }
}
