import { tryUtf8 } from '../../shared/bytes'
import type { MessageDetail } from '../../shared/model/views'

/** What a peer said went wrong. The code is the peer's own word. */
export interface PeerError {
  readonly code: string
  readonly message: string
}

/** An answer that tells of an error is marked by a header; its body says more, when it is the JSON it should be. */
export function peerErrorOf(answer: Pick<MessageDetail, 'kind' | 'headers' | 'body'>): PeerError | undefined {
  if (answer.kind !== 'response' || answer.headers['status'] !== 'error') return undefined
  let said: unknown
  try {
    said = JSON.parse(tryUtf8(answer.body) ?? '')
  } catch {
    said = undefined // an error answer without readable reasons is still an error answer
  }
  const { code, error } = (typeof said === 'object' && said !== null ? said : {}) as Record<string, unknown>
  return {
    code: typeof code === 'string' ? code : 'HANDLER_FAILED',
    message: typeof error === 'string' ? error : '',
  }
}
