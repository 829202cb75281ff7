import type { ConsoleError, ErrorCode } from '../../../../../shared/errors'
import type { MessageOutcome } from '../../../../../shared/model/trace'
import type { OutgoingTrace } from '../../../pipe/outgoing-trace'
import type { PipeOwner } from '../../../pipe/pipe'
import { NATIVE_CODE } from '../wire/frames'
import { errorCodeOf, nativeCodeOf } from './codes'
import type { CancelControl, IncomingHalf, Outgoing, OutgoingHalf, OwnSlot, PeerSlot } from './exchange'
import type { ExchangeTables } from './exchange-tables'
import type { Sender } from './sender'

/** What the end of an exchange needs of the pipe around it. */
export interface EndingsPort {
  readonly owner: PipeOwner
  readonly trace: OutgoingTrace
  fault(code: ErrorCode, ref: string, detail: string, nowMs: number): void
  /** What is coming in there is not wanted any more. */
  abandon(half: IncomingHalf, outcome: MessageOutcome, code: ErrorCode, nowMs: number): void
}

/**
 * How exchanges end otherwise than by being complete: one side gives up, a message can not be read or taken, the session is
 * over (native-study.md §2.1, §2.6). Whatever it is, each message is closed once and each slot is free in the end.
 */
export class Endings {
  readonly #tables: ExchangeTables
  readonly #port: EndingsPort
  readonly #sender: Sender
  readonly #requestTimeoutMs: number
  #giveUpAtMs = Infinity

  constructor(tables: ExchangeTables, port: EndingsPort, sender: Sender, requestTimeoutMs: number) {
    this.#tables = tables
    this.#port = port
    this.#sender = sender
    this.#requestTimeoutMs = requestTimeoutMs
  }

  /** Gives up a message of ours, or the wait for its answers. False when nothing was left of the message itself. */
  cancel(messageKey: number, code: ErrorCode, nowMs: number): boolean {
    const message = this.#tables.byKey.get(messageKey)
    if (message === undefined) {
      this.declineAnswers(messageKey, code, nowMs)
      return false
    }
    const { half } = message
    this.close(message, 'cancelled', code, nowMs)
    const answered = this.#tables.byIncoming.get(message.answersKey)
    if (half !== null && half.own !== null) {
      this.#giveUp(half.own, nativeCodeOf(code), message.hasBegun, nowMs)
    } else if (answered !== undefined && (message.hasBegun || answered.kind === 'req')) {
      // Positions leave no room for an answer that is not there.
      this.#stopAnswering(answered, NATIVE_CODE.cancelled, nowMs)
    } else if (half !== null) {
      half.deactivate(message)
      this.#sender.moveOn(half, nowMs)
    } else this.#forgetUnnamed(message)
    return true
  }

  /** Tells the peer that (further) answers to a request of ours are not wanted. */
  declineAnswers(requestKey: number, code: ErrorCode, nowMs: number): void {
    const slot = this.#tables.byRequest.get(requestKey)
    if (slot !== undefined) this.#giveUp(slot, nativeCodeOf(code), true, nowMs)
  }

  failed(message: Outgoing, { code, message: detail }: ConsoleError, nowMs: number): void {
    const { half, hasBegun } = message
    this.#port.fault(code, message.head.ref, detail, nowMs)
    this.close(message, 'failed', code, nowMs)
    if (half !== null && half.own !== null) this.#giveUp(half.own, NATIVE_CODE.cancelled, hasBegun, nowMs)
    else if (half !== null && half.theirs !== null)
      this.#stopAnswering(half.theirs, NATIVE_CODE.cancelled, nowMs)
    this.#port.owner.lost(message.messageKey, code, nowMs, detail)
  }

  /** The peer gives up what goes on in a slot of ours. */
  ownCancelled(slot: OwnSlot, code: number, nowMs: number): void {
    if (slot.cancel !== null) return
    const { request, answers, requestKey } = slot
    this.#tables.byRequest.delete(requestKey)
    if (request !== null) this.close(request, 'cancelled', 'MESSAGE_CANCELLED', nowMs)
    if (answers !== null) this.#port.abandon(answers, 'cancelled', 'MESSAGE_CANCELLED', nowMs)
    this.#tables.own.release(slot)
    const { owner } = this.#port
    if (code === NATIVE_CODE.cancelled) owner.peerCancelled(requestKey, nowMs)
    else owner.lost(requestKey, errorCodeOf(code), nowMs, 'the peer does not take the message')
  }

  /** The peer gives up its own message, or the answers to it; or began another one in its slot. */
  theirsEnded(slot: PeerSlot, outcome: 'complete' | 'cancelled', nowMs: number): void {
    const { request, answers, incomingKey } = slot
    const isUnanswered = slot.kind === 'sub' ? slot.end === null : !slot.isAnswered
    slot.request = null
    slot.answers = null
    slot.incomingKey = 0
    slot.isAnswered = false
    if (slot.end !== null) slot.end.isOver = true
    slot.end = null
    if (request !== null) this.#port.abandon(request, 'cancelled', 'MESSAGE_CANCELLED', nowMs)
    const code = outcome === 'complete' ? null : 'MESSAGE_CANCELLED'
    if (answers !== null) this.#closeAll(answers, outcome, code, nowMs)
    if (incomingKey === 0) return
    this.#tables.byIncoming.delete(incomingKey)
    // Answered whole, nobody is told that nobody waits.
    if (outcome === 'cancelled' || isUnanswered) this.#port.owner.answersDeclined(incomingKey, nowMs)
  }

  /** We do not take what comes in there: the peer is told, and the exchange is over. */
  refuse(half: IncomingHalf, code: number, nowMs: number): void {
    if (half.own !== null) this.#giveUp(half.own, code, true, nowMs)
    else {
      half.theirs!.request = null
      this.#queueCancel(half.sid, null, code, half.theirs!.priority)
    }
  }

  /** There is no place for a message of the peer at all. */
  refuseSid(sid: number, code: number): void {
    this.#queueCancel(sid, null, code, 0)
  }

  /**
   * Both sides forgot each other. What the peer may know of fails with `code`, at most once executed; what it can not know of
   * stays and goes out in the next session.
   */
  forget(code: ErrorCode, why: string, nowMs: number): void {
    this.#dropAll('failed', code, why, nowMs)
  }

  /** Nothing will be sent any more. */
  stop(nowMs: number): void {
    this.#dropAll('interrupted', 'MESSAGE_INTERRUPTED', 'the link was closed', nowMs)
    for (const message of this.#tables.byKey.values()) {
      this.close(message, 'interrupted', 'MESSAGE_INTERRUPTED', nowMs)
    }
  }

  /** @param outcome - Of our messages that had begun. One that failed is told as a fault, too. */
  #dropAll(outcome: 'failed' | 'interrupted', code: ErrorCode, why: string, nowMs: number): void {
    const { owner } = this.#port
    const queue = this.#sender.queue
    for (const half of this.#tables.halves()) for (const message of half.active) queue.remove(message)
    queue.clearRepeats()
    this.#sender.controls.clear()
    this.#sender.aliases.clear()
    const slots = [...this.#tables.own.used()]
    const peerSlots = [...this.#tables.theirs.all()]
    const waiting = this.#tables.unnamed.splice(0)
    this.#tables.own.clear()
    this.#tables.theirs.clear()
    this.#tables.byRequest.clear()
    this.#tables.byIncoming.clear()
    for (const slot of slots) {
      const { request, answers, requestKey } = slot
      if (request !== null && !request.hasBegun) {
        request.half = null
        waiting.push(request)
        continue
      }
      const isPerhapsExecuted = request === null || request.wasHandedWhole
      const fate = isPerhapsExecuted ? 'it was perhaps executed' : 'it did not arrive completely'
      const detail = `${why}; ${fate}`
      if (request !== null) {
        if (outcome === 'failed') this.#port.fault(code, request.head.ref, detail, nowMs)
        this.close(request, outcome, code, nowMs)
      }
      if (answers !== null) this.#port.abandon(answers, 'interrupted', 'MESSAGE_INTERRUPTED', nowMs)
      if (slot.kind !== 'evt' && slot.cancel === null) owner.lost(requestKey, code, nowMs, detail)
    }
    for (const { request, answers, incomingKey } of peerSlots) {
      if (request !== null) this.#port.abandon(request, 'interrupted', 'MESSAGE_INTERRUPTED', nowMs)
      if (answers !== null) this.#closeAll(answers, 'interrupted', 'MESSAGE_INTERRUPTED', nowMs)
      if (incomingKey !== 0) owner.answersDeclined(incomingKey, nowMs)
    }
    for (const message of waiting) queue.wait(message, nowMs)
  }

  /** Not later than when the first request is to be given up that nobody above watches; null: there is none. */
  get giveUpAtMs(): number | null {
    return this.#giveUpAtMs === Infinity ? null : this.#giveUpAtMs
  }

  giveUpLate(nowMs: number): void {
    if (nowMs < this.#giveUpAtMs) return
    this.#giveUpAtMs = Infinity
    for (const slot of this.#tables.byRequest.values()) {
      if (slot.giveUpAtMs <= nowMs) this.#giveUp(slot, NATIVE_CODE.timeout, true, nowMs)
      else this.#giveUpAtMs = Math.min(this.#giveUpAtMs, slot.giveUpAtMs)
    }
  }

  /** Nobody above watches the time of the request in this slot: it is given up here. */
  watch(slot: OwnSlot, nowMs: number): void {
    slot.giveUpAtMs = nowMs + this.#requestTimeoutMs
    this.#giveUpAtMs = Math.min(this.#giveUpAtMs, slot.giveUpAtMs)
  }

  /** A message of ours is over before it was settled. Its half still has to be taken care of. */
  close(message: Outgoing, outcome: MessageOutcome, code: ErrorCode | null, nowMs: number): void {
    this.#sender.queue.remove(message)
    this.#tables.room.remove(message)
    message.isOver = true
    this.#tables.byKey.delete(message.messageKey)
    this.#port.trace.closed(message, outcome, code, nowMs)
  }

  #closeAll(half: OutgoingHalf, outcome: MessageOutcome, code: ErrorCode | null, nowMs: number): void {
    for (const message of half.takeAll()) {
      if (message.isOver) continue
      // Whoever began another exchange there has the answers, as far as they were sent.
      const isWhole = code === null && message.wasHandedWhole
      if (isWhole) this.close(message, 'complete', null, nowMs)
      else this.close(message, code === null ? 'cancelled' : outcome, code ?? 'MESSAGE_CANCELLED', nowMs)
      message.half = null
    }
  }

  /** Nobody wants this exchange of ours any more. @param isKnown - The peer may know of it. */
  #giveUp(slot: OwnSlot, code: number, isKnown: boolean, nowMs: number): void {
    if (slot.cancel !== null) return
    const { request, answers } = slot
    slot.giveUpAtMs = Infinity
    this.#tables.byRequest.delete(slot.requestKey)
    if (request !== null && !request.isOver) this.close(request, 'cancelled', 'MESSAGE_CANCELLED', nowMs)
    if (request !== null) request.half = null
    slot.request = null
    if (answers !== null) this.#port.abandon(answers, 'cancelled', 'MESSAGE_CANCELLED', nowMs)
    if (isKnown) slot.cancel = this.#queueCancel(slot.sid, slot, code, slot.priority)
    else this.#tables.own.giveBack(slot)
  }

  /** We will not answer this request of the peer (any further), and tell it. */
  #stopAnswering(slot: PeerSlot, code: number, nowMs: number): void {
    const { sid, priority } = slot
    this.theirsEnded(slot, 'cancelled', nowMs)
    this.#queueCancel(sid, null, code, priority)
  }

  #queueCancel(sid: number, own: OwnSlot | null, code: number, priority: number): CancelControl {
    const control: CancelControl = {
      kind: 'cancel',
      beforeClass: Math.max(1, priority),
      isQueued: false,
      isOver: false,
      sid,
      own,
      code,
    }
    this.#sender.controls.add(control)
    return control
  }

  #forgetUnnamed(message: Outgoing): void {
    const at = this.#tables.unnamed.indexOf(message)
    if (at >= 0) this.#tables.unnamed.splice(at, 1)
  }
}
