import { ConsoleError, type ErrorCode } from '../../../../../shared/errors'
import type { MessageOutcome } from '../../../../../shared/model/trace'
import type { OutgoingTrace } from '../../../pipe/outgoing-trace'
import type { PipeOwner } from '../../../pipe/pipe'
import type { PeerOffer } from '../session/session-types'
import { CAPABILITY, type CreditFrame, NATIVE_CODE } from '../wire/frames'
import type { Framing } from '../wire/wire'
import { errorCodeOf, nativeCodeOf } from './codes'
import {
  type CancelControl,
  type Control,
  IncomingHalf,
  type Outgoing,
  OutgoingHalf,
  type OwnSlot,
  type PeerSlot,
} from './exchange'
import type { ExchangeKind } from './incoming-message'
import { KeyTable } from './key-table'
import { QueueRoom } from './queue-room'
import type { Sender, SenderPort } from './sender'
import { OwnSlots, PeerSlots } from './slots'

export interface ExchangesOptions {
  readonly framing: Framing
  readonly queuedBytes: number
  /** Slots we offer, urgent ones included. */
  readonly peerSlots: number
  /** Slots of our own we use at most, whatever the peer offers; urgent ones not included. */
  readonly ownSlots: number
  /** Positions that a message of the peer may use before the first CREDIT. */
  readonly firstCreditBytes: number
  readonly requestTimeoutMs: number
}

/** What exchanges need of the pipe around them. */
export interface ExchangesPort {
  readonly owner: PipeOwner
  readonly trace: OutgoingTrace
  fault(dir: 'in' | 'out', code: ErrorCode, ref: string, detail: string, nowMs: number): void
  /** What is coming in there is not wanted any more. */
  abandon(half: IncomingHalf, outcome: MessageOutcome, code: ErrorCode, nowMs: number): void
}

/** Positions travel as varints of at most five bytes. */
const LARGEST_POSITION = 2 ** 35 - 1

/**
 * Messages in their slots: which exchange goes on where, when it is over, and what becomes of it when one side gives up or
 * the session ends (native-study.md §2.1, §2.6).
 */
export class Exchanges implements SenderPort {
  readonly own = new OwnSlots()
  readonly theirs: PeerSlots
  readonly room: QueueRoom
  readonly #options: ExchangesOptions
  readonly #port: ExchangesPort
  readonly #sender: () => Sender
  /** Our messages that are not settled. */
  readonly #byKey = new KeyTable<Outgoing>()
  /** Requests of ours whose exchange goes on. */
  readonly #byRequest = new KeyTable<OwnSlot>()
  /** Messages of the peer that may be answered. */
  readonly #byIncoming = new KeyTable<PeerSlot>()
  /** Wait for their alias, for a peer that takes no names. */
  readonly #unnamed: Outgoing[] = []
  #peer: PeerOffer | null = null
  #giveUpAtMs = Infinity

  constructor(options: ExchangesOptions, port: ExchangesPort, sender: () => Sender) {
    this.#options = options
    this.#port = port
    this.#sender = sender
    this.theirs = new PeerSlots(options.peerSlots)
    this.room = new QueueRoom(options.queuedBytes)
  }

  /** Nothing is going on and nothing waits. */
  get isIdle(): boolean {
    return this.#byKey.size === 0 && this.own.usedCount === 0 && this.#byIncoming.size === 0
  }

  begin(peer: PeerOffer): void {
    this.#peer = peer
    // Each may bring an answer that has to be put together here.
    this.own.offer(Math.min(peer.slots, this.#options.ownSlots), peer.urgentSlots)
  }

  // What the application wants.

  /** @throws ConsoleError `QUEUE_FULL`, `REQUEST_CANCELLED`, `HEAD_NOT_ENCODABLE`, `MESSAGE_TOO_LARGE`: nothing was queued. */
  add(message: Outgoing, nowMs: number): void {
    const slot = message.head.kind === 'response' ? this.#answerable(message) : undefined
    this.room.add(message)
    this.#byKey.set(message.messageKey, message)
    if (slot === undefined) this.#sender().queue.wait(message, nowMs)
    else this.#addAnswer(message, slot, nowMs)
  }

  /** Gives up a message of ours, or the wait for its answers. False when nothing was left of the message itself. */
  cancel(messageKey: number, code: ErrorCode, nowMs: number): boolean {
    const message = this.#byKey.get(messageKey)
    if (message === undefined) {
      this.declineAnswers(messageKey, code, nowMs)
      return false
    }
    const { half } = message
    this.#close(message, 'cancelled', code, nowMs)
    if (half === null) this.#forgetQueued(message)
    else if (half.own !== null) this.#giveUp(half.own, nativeCodeOf(code), message.hasBegun, nowMs)
    else if (message.hasBegun) this.#stopAnswering(half.theirs!, NATIVE_CODE.cancelled, nowMs)
    else {
      half.deactivate(message)
      this.#moveOn(half, nowMs)
    }
    return true
  }

  /** Tells the peer that (further) answers to a request of ours are not wanted. */
  declineAnswers(requestKey: number, code: ErrorCode, nowMs: number): void {
    const slot = this.#byRequest.get(requestKey)
    if (slot !== undefined) this.#giveUp(slot, nativeCodeOf(code), true, nowMs)
  }

  /** No further answer to a subscription of the peer follows. */
  endAnswers(incomingKey: number, nowMs: number): void {
    const slot = this.#byIncoming.get(incomingKey)
    if (slot === undefined || slot.end !== null || slot.kind !== 'sub') return
    const half = this.#answersOf(slot)
    slot.end = {
      kind: 'end',
      beforeClass: 0,
      isQueued: false,
      isOver: false,
      half,
      slot,
      code: NATIVE_CODE.ok,
    }
    this.#moveOn(half, nowMs)
  }

  /** The answers that come in on behalf of this request. */
  answersTo(requestKey: number): IncomingHalf | null {
    return this.#byRequest.get(requestKey)?.answers ?? null
  }

  // What the sender tells.

  openNext(nowMs: number): boolean {
    const { own } = this
    const message = this.#sender().queue.takeWaiting((priority) => own.hasRoomFor(priority), nowMs)
    if (message === undefined) return false
    const refusal = this.#refusalOf(message)
    if (refusal !== undefined) this.failed(message, refusal, nowMs)
    else if (this.#canSayRoute(message)) this.#open(message, nowMs)
    else this.#unnamed.push(message)
    return true
  }

  settled(message: Outgoing, nowMs: number): void {
    const half = message.half!
    half.release(message)
    message.isOver = true
    this.#byKey.delete(message.messageKey)
    this.#port.trace.closed(message, 'complete', null, nowMs)
    if (half.own !== null) {
      half.own.request = null
      if (half.own.kind !== 'evt' && !message.isAwaited) this.#watch(half.own, nowMs)
      this.#endIfDone(half.own)
    } else this.#endAnswersIfDone(half.theirs!)
  }

  controlSettled(control: Control, nowMs: number): void {
    control.isOver = control.kind !== 'credit'
    switch (control.kind) {
      case 'cancel':
        if (control.own?.cancel === control) this.own.release(control.own)
        return
      case 'end':
        this.#endAnswersIfDone(control.slot)
        return
      case 'alias':
        control.route.isSettled = true
        for (const message of this.#unnamed.splice(0)) this.#sender().queue.wait(message, nowMs)
        return
      case 'credit':
    }
  }

  failed(message: Outgoing, { code, message: detail }: ConsoleError, nowMs: number): void {
    const { half, hasBegun } = message
    this.#port.fault('out', code, message.head.ref, detail, nowMs)
    this.#close(message, 'failed', code, nowMs)
    if (half !== null && half.own !== null) this.#giveUp(half.own, NATIVE_CODE.cancelled, hasBegun, nowMs)
    else if (half !== null && half.theirs !== null)
      this.#stopAnswering(half.theirs, NATIVE_CODE.cancelled, nowMs)
    this.#port.owner.lost(message.messageKey, code, nowMs, detail)
  }

  handedOver(message: Outgoing, newBodyBytes: number, nowMs: number): void {
    this.room.handedOver(message, newBodyBytes)
    this.#port.owner.progressed(message.messageKey, nowMs)
    const half = message.half!
    if (half.theirs !== null && message.nextPosition > message.sizeBytes) this.#moveOn(half, nowMs)
  }

  // What the peer says.

  /** A message of the peer is complete and may be answered. */
  requestCame(slot: PeerSlot, incomingKey: number): void {
    slot.request = null
    if (slot.kind === 'evt') return
    slot.incomingKey = incomingKey
    this.#byIncoming.set(incomingKey, slot)
  }

  /** All answers to a message of ours are here. */
  answersCame(slot: OwnSlot): void {
    slot.answers = null
    this.#byRequest.delete(slot.requestKey)
    this.#endIfDone(slot)
  }

  credited({ sid, isSendersSlot, limit }: CreditFrame, nowMs: number): void {
    const half = isSendersSlot ? this.theirs.find(sid)?.answers : this.own.find(sid)?.request?.half
    if (!half || limit <= half.creditLimit) return
    half.creditLimit = limit
    for (const message of half.active) this.#sender().relined(message, nowMs)
  }

  /** The peer gives up what goes on in a slot of ours. */
  ownCancelled(slot: OwnSlot, code: number, nowMs: number): void {
    if (slot.cancel !== null) return
    const { request, answers, requestKey } = slot
    this.#byRequest.delete(requestKey)
    if (request !== null) this.#close(request, 'cancelled', 'MESSAGE_CANCELLED', nowMs)
    if (answers !== null) this.#port.abandon(answers, 'cancelled', 'MESSAGE_CANCELLED', nowMs)
    this.own.release(slot)
    const { owner } = this.#port
    if (code === NATIVE_CODE.cancelled) owner.peerCancelled(requestKey, nowMs)
    else owner.lost(requestKey, errorCodeOf(code), nowMs, 'the peer does not take the message')
  }

  /** The peer gives up its own message, or the answers to it; or began another one in its slot. */
  theirsEnded(slot: PeerSlot, outcome: 'complete' | 'cancelled', nowMs: number): void {
    const { request, answers, incomingKey } = slot
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
    this.#byIncoming.delete(incomingKey)
    // Answered whole, nobody is told that nobody waits.
    if (outcome === 'cancelled') this.#port.owner.answersDeclined(incomingKey, nowMs)
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

  // What the session does.

  /** Positions of what is on its way are said anew, where frames do not say them. */
  rewind(nowMs: number): void {
    for (const half of this.#halves()) {
      half.needsPosition = true
      for (const message of half.active) {
        message.rewind()
        this.#sender().queue.remove(message)
      }
    }
    for (const half of this.#halves())
      for (const message of half.active) this.#sender().relined(message, nowMs)
  }

  /** Says again what may be sent: the session is up again. */
  relineAll(nowMs: number): void {
    for (const half of this.#halves())
      for (const message of half.active) this.#sender().relined(message, nowMs)
  }

  /**
   * Both sides forgot each other. What the peer may know of fails with `code`, at most once executed; what it can not know of
   * stays and goes out in the next session.
   */
  forget(code: ErrorCode, why: string, nowMs: number): void {
    const { owner } = this.#port
    const queue = this.#sender().queue
    queue.clearSending()
    this.#sender().controls.clear()
    this.#sender().aliases.clear()
    const slots = [...this.own.used()]
    const peerSlots = [...this.theirs.all()]
    const waiting = this.#unnamed.splice(0)
    this.own.clear()
    this.theirs.clear()
    this.#byRequest.clear()
    this.#byIncoming.clear()
    for (const slot of slots) {
      const { request, answers, requestKey } = slot
      if (request !== null && !request.hasBegun) {
        request.half = null
        request.turn = undefined
        waiting.push(request)
        continue
      }
      const isPerhapsExecuted = request === null || request.wasHandedWhole
      const outcome = isPerhapsExecuted ? 'it was perhaps executed' : 'it did not arrive completely'
      const detail = `${why}; ${outcome}`
      if (request !== null) {
        this.#port.fault('out', code, request.head.ref, detail, nowMs)
        this.#close(request, 'failed', code, nowMs)
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

  /** Nothing will be sent any more. */
  stop(nowMs: number): void {
    this.forget('MESSAGE_INTERRUPTED', 'the link was closed', nowMs)
    for (const message of this.#byKey.values()) {
      this.#close(message, 'interrupted', 'MESSAGE_INTERRUPTED', nowMs)
    }
  }

  /** Not later than when the first request is to be given up that nobody above watches; null: there is none. */
  get giveUpAtMs(): number | null {
    return this.#giveUpAtMs === Infinity ? null : this.#giveUpAtMs
  }

  giveUpLate(nowMs: number): void {
    if (nowMs < this.#giveUpAtMs) return
    this.#giveUpAtMs = Infinity
    for (const slot of this.#byRequest.values()) {
      if (slot.giveUpAtMs <= nowMs) this.#giveUp(slot, NATIVE_CODE.timeout, true, nowMs)
      else this.#giveUpAtMs = Math.min(this.#giveUpAtMs, slot.giveUpAtMs)
    }
  }

  // Inside.

  #watch(slot: OwnSlot, nowMs: number): void {
    slot.giveUpAtMs = nowMs + this.#options.requestTimeoutMs
    this.#giveUpAtMs = Math.min(this.#giveUpAtMs, slot.giveUpAtMs)
  }

  #answerable(message: Outgoing): PeerSlot {
    const slot = this.#byIncoming.get(message.answersKey)
    if (slot === undefined) {
      throw new ConsoleError('REQUEST_CANCELLED', 'the request that this answers does not wait any more')
    }
    if (slot.kind !== 'sub' && slot.isAnswered) {
      throw new ConsoleError('HEAD_NOT_ENCODABLE', 'a request that is no subscription takes one answer')
    }
    if (slot.end !== null) {
      throw new ConsoleError('HEAD_NOT_ENCODABLE', 'it was said that no further answer follows')
    }
    if (this.#answersOf(slot).nextStart + this.room.queuedBytes + message.sizeBytes > LARGEST_POSITION) {
      throw new ConsoleError('MESSAGE_TOO_LARGE', 'the answers to one subscription have too many bytes')
    }
    return slot
  }

  #answersOf(slot: PeerSlot): OutgoingHalf {
    const { framing } = this.#options
    const credit = this.#peer?.firstCreditBytes ?? 0
    slot.answers ??= new OutgoingHalf(null, slot, credit, framing)
    return slot.answers
  }

  #addAnswer(message: Outgoing, slot: PeerSlot, nowMs: number): void {
    const half = this.#answersOf(slot)
    slot.isAnswered = true
    if (half.hasQueued || half.firstUnsent !== undefined) {
      half.enqueue(message)
      return
    }
    half.activate(message)
    this.#sender().relined(message, nowMs)
  }

  /** Lets the next answer begin when the one before it has been handed over whole; after the last one END follows. */
  #moveOn(half: OutgoingHalf, nowMs: number): void {
    const unsent = half.firstUnsent
    if (unsent !== undefined) {
      this.#sender().relined(unsent, nowMs)
      return
    }
    let next = half.takeQueued()
    while (next?.isOver === true) next = half.takeQueued()
    const { end } = half.theirs!
    if (next !== undefined) {
      half.activate(next)
      this.#sender().relined(next, nowMs)
    } else if (end !== null) this.#sender().controls.add(end)
  }

  #refusalOf(message: Outgoing): ConsoleError | undefined {
    const peer = this.#peer!
    const { head, sizeBytes, prefix } = message
    const can = (bit: number): boolean => (peer.peerCapabilities & bit) !== 0
    if (
      sizeBytes > peer.largestMessageBytes ||
      (!can(CAPABILITY.credit) && sizeBytes >= peer.firstCreditBytes)
    ) {
      const most = can(CAPABILITY.credit) ? peer.largestMessageBytes : peer.firstCreditBytes - 1
      return new ConsoleError('MESSAGE_TOO_LARGE', `the peer takes messages of at most ${most} bytes`)
    }
    if (prefix.length > 0 && !can(CAPABILITY.headers)) {
      return new ConsoleError('HEAD_NOT_ENCODABLE', 'the peer takes no headers')
    }
    if (head.isSubscription === true && !can(CAPABILITY.sub)) {
      return new ConsoleError('REQUESTS_UNSUPPORTED', 'the peer has no subscriptions')
    }
    if (!can(CAPABILITY.name) && !can(CAPABILITY.alias)) {
      return new ConsoleError('HEAD_NOT_ENCODABLE', 'the peer takes no routes from us')
    }
    return undefined
  }

  /** Notes the use of its route, declares an alias where it is worth it. False: it has to wait for that. */
  #canSayRoute({ head, priority }: Outgoing): boolean {
    const { aliases, controls } = this.#sender()
    const peer = this.#peer!
    const canName = (peer.peerCapabilities & CAPABILITY.name) !== 0
    const route = aliases.use(head.route, priority)
    if (route === undefined) return canName
    const isWorthIt = (route.uses > 1 || !canName) && (peer.peerCapabilities & CAPABILITY.alias) !== 0
    if (isWorthIt && aliases.declare(route)) {
      const beforeClass = canName ? Math.max(1, priority) : 0
      controls.add({ kind: 'alias', beforeClass, isQueued: false, isOver: false, route })
    }
    return canName || route.isSettled
  }

  #open(message: Outgoing, nowMs: number): void {
    const slot = this.own.take()
    const { head, messageKey, priority } = message
    const kind: ExchangeKind = head.kind !== 'request' ? 'evt' : head.isSubscription === true ? 'sub' : 'req'
    slot.kind = kind
    slot.request = message
    slot.requestKey = messageKey
    slot.requestRef = head.ref
    slot.route = head.route
    slot.priority = priority
    slot.correlationId = head.correlationId
    slot.answersSeen = 0
    const half = new OutgoingHalf(slot, null, this.#peer!.firstCreditBytes, this.#options.framing)
    half.activate(message)
    if (kind !== 'evt') {
      slot.answers = new IncomingHalf(slot, null, this.#options.firstCreditBytes, priority)
      this.#byRequest.set(messageKey, slot)
    }
    this.#sender().relined(message, nowMs)
  }

  /** A message of ours is over before it was settled. Its half still has to be taken care of. */
  #close(message: Outgoing, outcome: MessageOutcome, code: ErrorCode | null, nowMs: number): void {
    this.#sender().queue.remove(message)
    this.room.remove(message)
    message.isOver = true
    this.#byKey.delete(message.messageKey)
    this.#port.trace.closed(message, outcome, code, nowMs)
  }

  #closeAll(half: OutgoingHalf, outcome: MessageOutcome, code: ErrorCode | null, nowMs: number): void {
    for (const message of half.takeAll()) {
      if (message.isOver) continue
      // Whoever began another exchange there has the answers, as far as they were sent.
      const isWhole = code === null && message.wasHandedWhole
      if (isWhole) this.#close(message, 'complete', null, nowMs)
      else this.#close(message, code === null ? 'cancelled' : outcome, code ?? 'MESSAGE_CANCELLED', nowMs)
      message.half = null
    }
  }

  /** Nobody wants this exchange of ours any more. @param isKnown - The peer may know of it. */
  #giveUp(slot: OwnSlot, code: number, isKnown: boolean, nowMs: number): void {
    if (slot.cancel !== null) return
    const { request, answers } = slot
    slot.giveUpAtMs = Infinity
    this.#byRequest.delete(slot.requestKey)
    if (request !== null && !request.isOver) this.#close(request, 'cancelled', 'MESSAGE_CANCELLED', nowMs)
    if (request !== null) request.half = null
    slot.request = null
    if (answers !== null) this.#port.abandon(answers, 'cancelled', 'MESSAGE_CANCELLED', nowMs)
    if (isKnown) slot.cancel = this.#queueCancel(slot.sid, slot, code, slot.priority)
    else this.own.giveBack(slot)
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
    this.#sender().controls.add(control)
    return control
  }

  #forgetQueued(message: Outgoing): void {
    const at = this.#unnamed.indexOf(message)
    if (at >= 0) this.#unnamed.splice(at, 1)
  }

  #endIfDone(slot: OwnSlot): void {
    if (slot.request === null && slot.answers === null && slot.cancel === null) this.own.release(slot)
  }

  #endAnswersIfDone(slot: PeerSlot): void {
    const { answers, end } = slot
    if (answers === null || answers.active.length > 0 || answers.hasQueued) return
    if (slot.kind === 'sub' && end?.isOver !== true) return
    this.#byIncoming.delete(slot.incomingKey)
    slot.answers = null
    slot.incomingKey = 0
    slot.end = null
  }

  *#halves(): Iterable<OutgoingHalf> {
    for (const { request } of this.own.used()) {
      const half = request?.half ?? null
      if (half !== null) yield half
    }
    for (const { answers } of this.theirs.all()) if (answers !== null) yield answers
  }
}
