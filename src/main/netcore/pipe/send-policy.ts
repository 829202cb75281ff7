import type { Priority } from '../../../shared/model/trace'

/**
 * Decides whose chunk goes next. It sees numbers only: no socket, no bytes, no clock, so fairness and starvation are
 * ordinary unit tests. All state is in the `SendOrder` that the caller owns.
 *
 * 1. Strict classes 0 to 7: the most urgent class that waits goes first.
 * 2. Inside a class deficit round robin by bytes, in rounds. A round is a snapshot of the class in order of arrival;
 *    who arrives during a round joins the next one. Each round credits every member the largest chunk of the class, so
 *    everybody sends at least one chunk per round, and with equal chunk sizes exactly one: the order of the Python
 *    sender (netcore-lso.md §3), byte for byte.
 * 3. Ageing: a class that was passed over for `agingMs` counts as one class more urgent, again for each further period.
 *    It lifts whole classes, never one message over its neighbour, so it does not disturb the rounds; and two picks out
 *    of turn never follow each other, so an urgent chunk waits behind at most one chunk that is less urgent.
 */
export interface SendOrder<M> {
  readonly classes: readonly SendClass<M>[]
  /** The last chunk went to an aged class while a more urgent one waited. */
  wasOutOfTurn: boolean
}

export interface SendClass<M> {
  /** In order of arrival. The first `roundLength` are the round; those after it wait for the next. */
  readonly members: Turn<M>[]
  roundLength: number
  cursor: number
  quantumBytes: number
  waiting: number
  /** When the class last sent, or began to wait. */
  sinceMs: number
}

/** A message in line. */
export interface Turn<M> {
  readonly message: M
  readonly priority: Priority
  readonly chunkBytes: number
  /** Size of its next chunk; 0 when it has none. */
  nextBytes: number
  deficitBytes: number
  isCredited: boolean
}

export function createSendOrder<M>(): SendOrder<M> {
  const classes: SendClass<M>[] = []
  for (let priority = 0; priority < 8; priority++) {
    classes.push({ members: [], roundLength: 0, cursor: 0, quantumBytes: 0, waiting: 0, sinceMs: 0 })
  }
  return { classes, wasOutOfTurn: false }
}

/** Puts a message with bytes to send in line, behind its class. @param nextBytes - Size of its first chunk, above 0. */
export function admit<M>(
  order: SendOrder<M>,
  message: M,
  size: { readonly priority: Priority; readonly chunkBytes: number; readonly nextBytes: number },
  nowMs: number,
): Turn<M> {
  const { priority, chunkBytes, nextBytes } = size
  const turn: Turn<M> = { message, priority, chunkBytes, nextBytes, deficitBytes: 0, isCredited: false }
  const sendClass = order.classes[priority]!
  if (sendClass.waiting === 0) sendClass.sinceMs = nowMs
  sendClass.members.push(turn)
  sendClass.waiting += 1
  return turn
}

/** Takes a message out of line. Harmless when it has left already. */
export function withdraw<M>(order: SendOrder<M>, turn: Turn<M>): void {
  if (turn.nextBytes === 0) return
  turn.nextBytes = 0
  leave(order.classes[turn.priority]!)
}

/** Whose chunk goes next; undefined when nobody waits. Asking twice gives the same answer: only `charge` moves on. */
export function pickNext<M>(order: SendOrder<M>, nowMs: number, agingMs: number): Turn<M> | undefined {
  const { classes } = order
  const strict = mostUrgent(classes)
  if (strict < 0) return undefined
  let chosen = strict
  if (!order.wasOutOfTurn) {
    let bestRank = rankOf(strict, classes[strict]!, nowMs, agingMs)
    for (let index = strict + 1; index < classes.length; index++) {
      const other = classes[index]!
      if (other.waiting === 0) continue
      const rank = rankOf(index, other, nowMs, agingMs)
      const isOlder = other.sinceMs < classes[chosen]!.sinceMs
      if (rank < bestRank || (rank === bestRank && isOlder)) {
        chosen = index
        bestRank = rank
      }
    }
  }
  return nextOfClass(classes[chosen]!)
}

/** Books that `turn` sent its next chunk. @param nextBytes - Size of the chunk after it; 0 ends its turn. */
export function charge<M>(order: SendOrder<M>, turn: Turn<M>, nextBytes: number, nowMs: number): void {
  const sendClass = order.classes[turn.priority]!
  order.wasOutOfTurn = turn.priority > mostUrgent(order.classes)
  sendClass.sinceMs = nowMs
  turn.deficitBytes -= turn.nextBytes
  turn.nextBytes = nextBytes
  if (nextBytes === 0) leave(sendClass)
}

function mostUrgent<M>(classes: readonly SendClass<M>[]): number {
  for (let index = 0; index < classes.length; index++) if (classes[index]!.waiting > 0) return index
  return -1
}

const rankOf = <M>(index: number, sendClass: SendClass<M>, nowMs: number, agingMs: number): number =>
  index - Math.floor(Math.max(0, nowMs - sendClass.sinceMs) / agingMs)

function nextOfClass<M>(sendClass: SendClass<M>): Turn<M> {
  for (;;) {
    while (sendClass.cursor < sendClass.roundLength) {
      const turn = sendClass.members[sendClass.cursor]!
      if (turn.nextBytes > 0) {
        if (!turn.isCredited) {
          turn.isCredited = true
          turn.deficitBytes += sendClass.quantumBytes
        }
        if (turn.deficitBytes >= turn.nextBytes) return turn
      }
      turn.isCredited = false
      sendClass.cursor += 1
    }
    startRound(sendClass)
  }
}

function startRound<M>(sendClass: SendClass<M>): void {
  compact(sendClass)
  sendClass.cursor = 0
  sendClass.roundLength = sendClass.members.length
  sendClass.quantumBytes = 0
  for (const { chunkBytes } of sendClass.members) {
    if (chunkBytes > sendClass.quantumBytes) sendClass.quantumBytes = chunkBytes
  }
}

function leave<M>(sendClass: SendClass<M>): void {
  sendClass.waiting -= 1
  // Those who left are kept as gaps until the round ends, unless they are the majority: then their memory goes now.
  if (sendClass.members.length > 2 * sendClass.waiting) compact(sendClass)
}

function compact<M>(sendClass: SendClass<M>): void {
  const { members, roundLength, cursor } = sendClass
  let kept = 0
  for (let index = 0; index < members.length; index++) {
    const turn = members[index]!
    if (turn.nextBytes === 0) {
      if (index < roundLength) sendClass.roundLength -= 1
      if (index < cursor) sendClass.cursor -= 1
    } else members[kept++] = turn
  }
  members.length = kept
}
