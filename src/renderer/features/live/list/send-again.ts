import { concatBytes } from '../../../../shared/bytes'
import type { Session } from '../../../store/session'

const PIECE_BYTES = 1024 * 1024
const TIMEOUT_MS = 30_000

/**
 * Sends a message that was sent once more: same link, route, headers, priority and body, as a message of its own; a
 * subscription subscribes.
 *
 * @returns Whether it could be: its body has to be kept whole.
 */
export async function sendAgain(session: Session, messageId: number): Promise<boolean> {
  const { detail } = await session.client.call('message.detail', { messageId })
  const { linkId, route, kind, isSubscription, headers, priority, bodyBytes, hasBody, keptBytes } = detail
  if (kind === 'response' || (bodyBytes > 0 && (!hasBody || keptBytes < bodyBytes))) return false
  const pieces = [detail.body]
  for (let offset = detail.body.length; offset < bodyBytes; offset += pieces.at(-1)!.length) {
    const { bytes } = await session.client.call('message.body', { messageId, offset, count: PIECE_BYTES })
    if (bytes.length === 0) return false
    pieces.push(bytes)
  }
  session.sendBytes({
    linkId,
    route,
    kind: isSubscription ? 'subscribe' : kind,
    headers,
    body: concatBytes(pieces),
    priority,
    timeoutMs: TIMEOUT_MS,
  })
  return true
}
