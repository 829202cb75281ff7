import { z } from 'zod'
import { ConsoleError } from '../../../shared/errors'
import { parseJsonBody } from '../../../shared/model/json-body'
import type { MessageDetail } from '../../../shared/model/views'
import { peerErrorOf } from '../../../shared/model/peer-error'
import { isUnderWay } from '../../store/detail-source'
import type { Session } from '../../store/session'

/** Methods lie on routes that begin so; this one says which there are. */
const PREFIX = 'rpc/'
const DISCOVER = `${PREFIX}rpc.discover`
const TIMEOUT_MS = 5000
const MAX_METHODS = 500

export interface PeerMethod {
  readonly route: string
  readonly description: string
  /** JSON Schema; null: takes none. */
  readonly params: unknown
}

const offer = z.object({
  methods: z
    .array(
      z.object({
        name: z.string().max(1024),
        description: z.string().catch(''),
        params: z.unknown(),
      }),
    )
    .max(MAX_METHODS),
})

/**
 * Asks a peer what methods it offers, by an ordinary request that everybody sees in the list.
 *
 * @throws ConsoleError what the request ended with; `PEER_FAILED` when the answer is no list of methods.
 */
export async function askMethods(session: Session, linkId: number): Promise<readonly PeerMethod[]> {
  const { messageId } = await session.client.call('message.send', {
    linkId,
    route: DISCOVER,
    kind: 'request',
    body: new Uint8Array(0),
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
  const reading = offer.safeParse(parseJsonBody(bytes))
  if (!reading.success) throw new ConsoleError('PEER_FAILED', 'the answer is no list of methods')
  return reading.data.methods.map(({ name, description, params }) => ({
    route: PREFIX + name,
    description,
    params: params ?? null,
  }))
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
