import type { Priority } from '../../../shared/model/trace'
import { Fifo } from './fifo'

/**
 * Decides whose frame goes next. It sees numbers only: no socket, no bytes, no clock, so fairness and starvation are
 * ordinary unit tests. All state is in the `SendOrder` that the caller owns.
 *
 * 1. Strict classes 0 to 7: the most urgent class that waits goes first.
 * 2. Inside a class heads go before chunks, first come first served, so that many heads of a class delay nobody more
 *    urgent.
 * 3. The chunks of a class follow deficit round robin by bytes, in rounds. A round is a snapshot of the class in order
 *    of arrival; who arrives during a round joins the next one. Each round credits every member the largest chunk of the
 *    class, so everybody sends at least one chunk per round, and with equal chunk sizes exactly one: the order of the
 *    Python sender (netcore-lso.md §3), byte for byte.
 * 4. Ageing: a class that was passed over for `agingMs` counts as one class more urgent, again for each further period.
 *    A class that so became the more urgent one than the class in turn may send out of turn. It lifts whole classes,
 *    never one message over its neighbour, so it does not disturb the rounds.
 * 5. The floor: of the bytes on the line one in `FLOOR_DIVISOR` goes out of turn while an aged class waits, not more and
 *    not less (in frames; see `charge`). Aged classes share that in turns, the one that was served least recently first.
 *    So the lowest class has a twentieth of the line for itself when it is the only one passed over, and a hundred and
 *    fortieth when all eight are busy; it begins at the latest after as many `agingMs` as there are classes above it.
 *
 * What follows for an urgent message that finds no other of its class waiting: not more than one frame of less urgent
 * ones is handed over before its last byte, provided that it is not longer than 19 times that frame, 1,216 bytes at
 * least. See `urgentBoundBytes`.
 */
export interface SendOrder<M> {
  readonly classes: readonly SendClass<M>[]
  /** Bytes that have to go in turn before anything may go out of turn again. */
  owedBytes: number
  /** Frames so far: the clock of who was served least recently. */
  served: number
}

export interface SendClass<M> {
  /** May contain heads that were withdrawn. */
  readonly heads: Fifo<Turn<M>>
  withdrawnHeads: number
  /** In order of arrival. The first `roundLength` are the round; those after it wait for the next. */
  readonly members: Turn<M>[]
  waitingMembers: number
  roundLength: number
  cursor: number
  quantumBytes: number
  /** Heads and members that wait. */
  waiting: number
  /** When the class last went in turn, or began to wait: since when it is passed over. */
  sinceMs: number
  /** `served` when it last sent, in turn or out of turn, or began to wait. */
  servedAs: number
}

/** A message in line: its head, or its chunks. */
export interface Turn<M> {
  readonly message: M
  readonly isHead: boolean
  readonly priority: Priority
  readonly chunkBytes: number
  /** Size of its next frame; 0 when it has none. */
  nextBytes: number
  deficitBytes: number
  isCredited: boolean
}

/** While an aged class waits, one byte in so many goes to it. */
export const FLOOR_DIVISOR = 20
/** A frame out of turn costs at least as much as this many bytes: what frames it is on the line too. */
const LEAST_COST_BYTES = 64

export function createSendOrder<M>(): SendOrder<M> {
  const classes: SendClass<M>[] = []
  for (let priority = 0; priority < 8; priority++) {
    classes.push({
      heads: new Fifo(),
      withdrawnHeads: 0,
      members: [],
      waitingMembers: 0,
      roundLength: 0,
      cursor: 0,
      quantumBytes: 0,
      waiting: 0,
      sinceMs: 0,
      servedAs: 0,
    })
  }
  return { classes, owedBytes: 0, served: 0 }
}

/** Puts the chunks of a message in line, behind its class. @param nextBytes - Size of its first chunk, above 0. */
export function admit<M>(
  order: SendOrder<M>,
  message: M,
  size: { readonly priority: Priority; readonly chunkBytes: number; readonly nextBytes: number },
  nowMs: number,
): Turn<M> {
  const { priority, chunkBytes, nextBytes } = size
  const turn: Turn<M> = {
    message,
    isHead: false,
    priority,
    chunkBytes,
    nextBytes,
    deficitBytes: 0,
    isCredited: false,
  }
  const sendClass = join(order, priority, nowMs)
  sendClass.members.push(turn)
  sendClass.waitingMembers += 1
  return turn
}

/** Puts one frame in line that goes ahead of the chunks of its class. One without bytes (a dialect without heads) takes its turn all the same. */
export function admitHead<M>(
  order: SendOrder<M>,
  message: M,
  size: { readonly priority: Priority; readonly wireBytes: number },
  nowMs: number,
): Turn<M> {
  const { priority, wireBytes } = size
  const nextBytes = Math.max(1, wireBytes)
  const turn: Turn<M> = {
    message,
    isHead: true,
    priority,
    chunkBytes: nextBytes,
    nextBytes,
    deficitBytes: 0,
    isCredited: false,
  }
  join(order, priority, nowMs).heads.push(turn)
  return turn
}

/** Takes a head or the chunks of a message out of line. Harmless when they have left already. */
export function withdraw<M>(order: SendOrder<M>, turn: Turn<M>): void {
  if (turn.nextBytes === 0) return
  turn.nextBytes = 0
  const sendClass = order.classes[turn.priority]!
  if (turn.isHead) {
    sendClass.waiting -= 1
    sendClass.withdrawnHeads += 1
    // Kept as gaps until their turn comes, unless they are the majority: then their memory goes now.
    if (sendClass.withdrawnHeads * 2 > sendClass.heads.length) {
      sendClass.heads.keep(({ nextBytes }) => nextBytes > 0)
      sendClass.withdrawnHeads = 0
    }
  } else leave(sendClass)
}

/** Whose frame goes next; undefined when nobody waits. Asking twice gives the same answer: only `charge` moves on. */
export function pickNext<M>(order: SendOrder<M>, nowMs: number, agingMs: number): Turn<M> | undefined {
  const { classes } = order
  const strict = mostUrgent(classes)
  if (strict < 0) return undefined
  const chosen = order.owedBytes > 0 ? strict : agedBeyond(classes, strict, nowMs, agingMs)
  return nextHead(classes[chosen]!) ?? nextOfRounds(classes[chosen]!)
}

/** The first head of this class if the class is the most urgent one that waits: nothing but ageing can go before it. */
export function headInTurn<M>(order: SendOrder<M>, priority: Priority): Turn<M> | undefined {
  return mostUrgent(order.classes) === priority ? nextHead(order.classes[priority]!) : undefined
}

/**
 * Books that `turn` sent its next frame. A frame that went out of turn is paid for by `FLOOR_DIVISOR` - 1 times as many
 * bytes in turn before the next may: two never follow each other.
 *
 * @param nextBytes - Size of the frame after it; 0 ends its turn.
 */
export function charge<M>(order: SendOrder<M>, turn: Turn<M>, nextBytes: number, nowMs: number): void {
  const sendClass = order.classes[turn.priority]!
  if (turn.priority > mostUrgent(order.classes)) {
    order.owedBytes = (FLOOR_DIVISOR - 1) * Math.max(LEAST_COST_BYTES, turn.nextBytes)
  } else {
    order.owedBytes = Math.max(0, order.owedBytes - turn.nextBytes)
    sendClass.sinceMs = nowMs
  }
  order.served += 1
  sendClass.servedAs = order.served
  if (turn.isHead) {
    sendClass.heads.shift()
    sendClass.waiting -= 1
    turn.nextBytes = 0
    return
  }
  turn.deficitBytes -= turn.nextBytes
  turn.nextBytes = nextBytes
  if (nextBytes === 0) leave(sendClass)
}

function join<M>(order: SendOrder<M>, priority: Priority, nowMs: number): SendClass<M> {
  const sendClass = order.classes[priority]!
  if (sendClass.waiting === 0) {
    sendClass.sinceMs = nowMs
    sendClass.servedAs = order.served
  }
  sendClass.waiting += 1
  return sendClass
}

function mostUrgent<M>(classes: readonly SendClass<M>[]): number {
  for (let index = 0; index < classes.length; index++) if (classes[index]!.waiting > 0) return index
  return -1
}

/** The class that goes out of turn: among those that have aged beyond the class in turn, the one served least recently. */
function agedBeyond<M>(
  classes: readonly SendClass<M>[],
  strict: number,
  nowMs: number,
  agingMs: number,
): number {
  const inTurn = classes[strict]!
  const strictRank = rankOf(strict, inTurn, nowMs, agingMs)
  let chosen = strict
  for (let index = strict + 1; index < classes.length; index++) {
    const other = classes[index]!
    if (other.waiting === 0) continue
    const rank = rankOf(index, other, nowMs, agingMs)
    const isAged = rank < strictRank || (rank === strictRank && other.sinceMs < inTurn.sinceMs)
    if (isAged && (chosen === strict || other.servedAs < classes[chosen]!.servedAs)) chosen = index
  }
  return chosen
}

const rankOf = <M>(index: number, sendClass: SendClass<M>, nowMs: number, agingMs: number): number =>
  index - Math.floor(Math.max(0, nowMs - sendClass.sinceMs) / agingMs)

function nextHead<M>(sendClass: SendClass<M>): Turn<M> | undefined {
  const { heads } = sendClass
  for (let head = heads.peek(); head !== undefined; head = heads.peek()) {
    if (head.nextBytes > 0) return head
    heads.shift()
    sendClass.withdrawnHeads -= 1
  }
  return undefined
}

function nextOfRounds<M>(sendClass: SendClass<M>): Turn<M> {
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
  sendClass.waitingMembers -= 1
  // Those who left are kept as gaps until the round ends, unless they are the majority: then their memory goes now.
  if (sendClass.members.length > 2 * sendClass.waitingMembers) compact(sendClass)
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
