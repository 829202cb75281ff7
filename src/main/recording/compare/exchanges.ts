import type { MessageStore } from '../../capture/message-store'
import { codeWord, DIRECTIONS, KINDS, STATUSES } from '../../capture/message-words'
import { type Digest, mixed } from './content-digest'
import type { Steps } from './turns'

/**
 * What two recordings are compared by, as columns in order of appearance: a request with its answer, an event, or an
 * answer whose request is not in the recording.
 */
export interface Exchanges {
  readonly count: number
  /** The message that began it. */
  readonly messageIds: Uint32Array
  /** The answer, 0 for none. */
  readonly answerIds: Uint32Array
  readonly linkIds: Uint32Array
  readonly isIn: Uint8Array
  /** Session time of the first sign of it, and of its end. */
  readonly startMs: Float64Array
  readonly endMs: Float64Array
  /** From request to answer, NaN where there is none. */
  readonly roundTripMs: Float64Array
  /** Stands for route and kind: what may be the same exchange with other content. */
  readonly routeKeys: Float64Array
  /** Stands for everything that is compared. */
  readonly contentKeys: Float64Array
}

/** Digests of heads and bodies by the number of a message. */
export interface MessageDigests {
  readonly own: (messageId: number) => Digest
  /** The same message as an answer: other fields of it may be ignored. */
  readonly asReply: (messageId: number) => Digest
}

const RESPONSE = KINDS.number('response')
const REQUEST = KINDS.number('request')
const IN = DIRECTIONS.number('in')
/** Messages between two places where the work can be laid down. */
const STEP = 1024

/** How a message ended, in one word: its code where something went wrong. */
export function outcomeOf(store: MessageStore, id: number): string {
  const columns = store.columnsOf(id)
  const at = store.indexOf(id)
  return codeWord(columns.codes[at]!) ?? STATUSES.word(columns.statuses[at]!)
}

/** Puts messages together to exchanges. */
export function* readExchanges(
  store: MessageStore,
  digests: MessageDigests,
  ignoresStatus: boolean,
): Steps<Exchanges> {
  const { firstId, nextId } = store
  const most = nextId - firstId
  const exchanges = {
    count: 0,
    messageIds: new Uint32Array(most),
    answerIds: new Uint32Array(most),
    linkIds: new Uint32Array(most),
    isIn: new Uint8Array(most),
    startMs: new Float64Array(most),
    endMs: new Float64Array(most),
    roundTripMs: new Float64Array(most),
    routeKeys: new Float64Array(most),
    contentKeys: new Float64Array(most),
  }
  const routes = new Map<string, Digest>()
  for (let id = firstId; id < nextId; id++) {
    if (id % STEP === 0) yield (id - firstId) / most
    const columns = store.columnsOf(id)
    const at = store.indexOf(id)
    const kind = columns.kinds[at]!
    const partnerId = columns.partnerIds[at]!
    if (kind === RESPONSE && answers(store, id, partnerId)) continue
    const answerId = kind === REQUEST && answers(store, partnerId, id) ? partnerId : 0
    const routeText = `${KINDS.word(kind)} ${columns.routes[at]!}`
    let route = routes.get(routeText)
    if (route === undefined) {
      route = mixed(routeText)
      if (routes.size < 65_536) routes.set(routeText, route)
    }
    const to = exchanges.count++
    exchanges.messageIds[to] = id
    exchanges.answerIds[to] = answerId
    exchanges.linkIds[to] = columns.linkIds[at]!
    exchanges.isIn[to] = columns.dirs[at] === IN ? 1 : 0
    exchanges.startMs[to] = startOf(store, id)
    exchanges.endMs[to] = endOf(store, answerId === 0 ? id : answerId)
    exchanges.roundTripMs[to] = roundTripOf(store, id, answerId)
    exchanges.routeKeys[to] = route
    exchanges.contentKeys[to] = mixed(
      route,
      digests.own(id),
      answerId === 0 ? 0 : digests.asReply(answerId),
      ignoresStatus ? '' : outcomeOf(store, id),
      answerId === 0 || ignoresStatus ? '' : outcomeOf(store, answerId),
    )
  }
  return exchanges
}

/** Whether `answerId` is the answer that ended the request: a request may be told of several. */
function answers(store: MessageStore, answerId: number, requestId: number): boolean {
  if (!store.has(answerId) || !store.has(requestId)) return false
  const columns = store.columnsOf(answerId)
  const request = store.columnsOf(requestId)
  return (
    columns.kinds[store.indexOf(answerId)] === RESPONSE &&
    request.partnerIds[store.indexOf(requestId)] === answerId
  )
}

function startOf(store: MessageStore, id: number): number {
  const columns = store.columnsOf(id)
  const at = store.indexOf(id)
  const firstMs = columns.firstFrameMs[at]!
  return Number.isNaN(firstMs) ? columns.openedMs[at]! : firstMs
}

function endOf(store: MessageStore, id: number): number {
  const columns = store.columnsOf(id)
  const at = store.indexOf(id)
  const lastMs = columns.lastChunkMs[at]!
  const closedMs = columns.closedMs[at]!
  if (!Number.isNaN(lastMs)) return lastMs
  return Number.isNaN(closedMs) ? columns.openedMs[at]! : closedMs
}

/** As it was measured; of a request of the peer until our answer was ready. */
function roundTripOf(store: MessageStore, id: number, answerId: number): number {
  const columns = store.columnsOf(id)
  const at = store.indexOf(id)
  const measuredMs = columns.roundTripMs[at]!
  if (!Number.isNaN(measuredMs) || answerId === 0 || columns.dirs[at] !== IN) return measuredMs
  return store.columnsOf(answerId).closedMs[store.indexOf(answerId)]! - columns.openedMs[at]!
}
