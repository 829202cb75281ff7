import type { Priority } from '../../../../../shared/model/trace'
import { Fifo } from '../../../pipe/fifo'
import { admit, charge, createSendOrder, pickNext, withdraw } from '../../../pipe/send-policy'
import type { Outgoing } from './exchange'

interface WaitingClass {
  readonly messages: Fifo<Outgoing>
  /** When its first message began to wait, or a message of it got a slot last. */
  sinceMs: number
}

const CLASSES = [0, 1, 2, 3, 4, 5, 6, 7] as const

/**
 * Whose frame goes next, by the send policy of the house: strict classes, deficit round robin inside, ageing. What was lost
 * goes first inside its class, since it frees window and reassembly; it never goes before a more urgent class. Messages
 * without a slot wait by class, and age.
 */
export class SendQueue {
  readonly #agingMs: number
  readonly #waiting: readonly WaitingClass[] = CLASSES.map(() => ({ messages: new Fifo(), sinceMs: 0 }))
  #waitingCount = 0
  readonly #order = createSendOrder<Outgoing>()
  readonly #repeats: readonly Fifo<Outgoing>[] = CLASSES.map(() => new Fifo<Outgoing>())

  constructor(agingMs: number) {
    this.#agingMs = agingMs
  }

  get hasWaiting(): boolean {
    return this.#waitingCount > 0
  }

  /** Puts a message in line for a slot. */
  wait(message: Outgoing, nowMs: number): void {
    const waiting = this.#waiting[message.priority]!
    if (waiting.messages.length === 0) waiting.sinceMs = nowMs
    waiting.messages.push(message)
    this.#waitingCount += 1
  }

  /** The next message for a slot, taken out of line; messages that are over are left out. */
  takeWaiting(slots: { hasRoomFor(priority: Priority): boolean }, nowMs: number): Outgoing | undefined {
    let best: WaitingClass | undefined
    let bestRank = Infinity
    for (const priority of CLASSES) {
      const waiting = this.#waiting[priority]!
      this.#dropOver(waiting.messages)
      if (waiting.messages.length === 0 || !slots.hasRoomFor(priority)) continue
      const rank = priority - Math.floor(Math.max(0, nowMs - waiting.sinceMs) / this.#agingMs)
      if (rank >= bestRank) continue
      best = waiting
      bestRank = rank
    }
    if (best === undefined) return undefined
    this.#waitingCount -= 1
    best.sinceMs = nowMs
    return best.messages.shift()
  }

  /**
   * A message has more, less or nothing to send.
   *
   * @param nextBytes - Payload of its next frame; −1 when it may send nothing now. A lone FIN has 0.
   */
  line(message: Outgoing, nextBytes: number, chunkBytes: number, nowMs: number): void {
    const { turn } = message
    if (nextBytes < 0) {
      if (turn === undefined) return
      withdraw(this.#order, turn)
      message.turn = undefined
    } else if (turn === undefined) {
      const size = { priority: message.priority, chunkBytes, nextBytes: Math.max(1, nextBytes) }
      message.turn = admit(this.#order, message, size, nowMs)
    } else {
      turn.nextBytes = Math.max(1, nextBytes)
    }
    if (message.hasLost && !message.isInRepeats) {
      message.isInRepeats = true
      this.#repeats[message.priority]!.push(message)
    }
  }

  /** Whose frame goes next; undefined when nobody has any. */
  pick(nowMs: number): Outgoing | undefined {
    const turn = pickNext(this.#order, nowMs, this.#agingMs)
    if (turn === undefined) return undefined
    const repeats = this.#repeats[turn.priority]!
    for (let message = repeats.peek(); message !== undefined; message = repeats.peek()) {
      if (message.hasLost && message.turn !== undefined) return message
      message.isInRepeats = false
      repeats.shift()
    }
    return turn.message
  }

  /** Books a frame. @param nextBytes - As for `line`. */
  sent(message: Outgoing, sentBytes: number, isRepeat: boolean, nextBytes: number, nowMs: number): void {
    const { turn } = message
    if (turn === undefined) return
    turn.nextBytes = Math.max(1, sentBytes)
    // What the line lost is not charged to the message: it has paid for it once.
    if (isRepeat) turn.deficitBytes += turn.nextBytes
    charge(this.#order, turn, nextBytes < 0 ? 0 : Math.max(1, nextBytes), nowMs)
    if (nextBytes < 0) message.turn = undefined
  }

  /** Takes a message out of every line but that for a slot, where it leaves when its turn comes. */
  remove(message: Outgoing): void {
    if (message.turn === undefined) return
    withdraw(this.#order, message.turn)
    message.turn = undefined
  }

  /** Nothing that was lost is to be repeated. */
  clearRepeats(): void {
    for (const repeats of this.#repeats) {
      for (let message = repeats.shift(); message !== undefined; message = repeats.shift()) {
        message.isInRepeats = false
      }
    }
  }

  #dropOver(messages: Fifo<Outgoing>): void {
    while (messages.peek()?.isOver === true) {
      messages.shift()
      this.#waitingCount -= 1
    }
  }
}
