import { ConsoleError } from '../../../shared/errors'
import { parseJsonBody } from '../../../shared/model/json-body'
import type { MessageDetail } from '../../../shared/model/views'
import { peerErrorOf } from '../../../shared/model/peer-error'
import { isUnderWay } from '../../store/detail-source'
import type { Session } from '../../store/session'
import { discoveryOf, type PeerMethod } from './discovery'

const TIMEOUT_MS = 5000

/**
 * Asks a peer what methods it offers, by an ordinary request that everybody sees in the list.
 *
 * @throws ConsoleError what the request ended with; `PEER_FAILED` when the answer is no list of methods.
 */
export async function askMethods(
  session: Session,
  linkId: number,
  dialect: string,
): Promise<readonly PeerMethod[]> {
  const discovery = discoveryOf(dialect)
  const { messageId } = await session.client.call('message.send', {
    linkId,
    route: discovery.route,
    kind: 'request',
    body: discovery.body,
    headers: {},
    priority: 3,
    timeoutMs: TIMEOUT_MS,
  })
  const request = await settled(session, messageId)
  if (request.partnerId === 0)
    throw new ConsoleError(
      'REQUEST_TIMEOUT',
      `the peer did not say what it offers: ${request.code ?? request.status}`,
    )
  const answer = await settled(session, request.partnerId)
  const failure = peerErrorOf(answer)
  if (failure !== undefined)
    throw new ConsoleError('PEER_FAILED', `the peer does not say what it offers: ${failure.code}`)
  const { bytes } = await session.client.call('message.body', {
    messageId: answer.id,
    offset: 0,
    count: 1024 * 1024,
  })
  const methods = discovery.methodsIn(parseJsonBody(bytes))
  if (methods === undefined) throw new ConsoleError('PEER_FAILED', 'the answer is no list of methods')
  return methods
}

/** The detail of a message when nothing about it changes any more. */
function settled(session: Session, messageId: number): Promise<MessageDetail> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const state = session.details.get(messageId)
      if (state.kind === 'known' && isUnderWay(state.detail.status)) return
      if (state.kind === 'loading') return
      stop()
      if (state.kind === 'known') resolve(state.detail)
      else reject(new ConsoleError(state.problem.code, state.problem.message))
    }
    const stop = session.details.watch(messageId, look)
    look()
  })
}
