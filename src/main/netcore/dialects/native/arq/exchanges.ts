import { utf8 } from '../../../../../shared/bytes'
import { ConsoleError } from '../../../../../shared/errors'
import type { OutgoingTrace } from '../../../pipe/outgoing-trace'
import type { PipeOwner } from '../../../pipe/pipe'
import type { PeerOffer } from '../session/session-types'
import { CAPABILITY, type CreditFrame, NATIVE_CODE } from '../wire/frames'
import type { Framing } from '../wire/wire'
import { ALIAS_FIELD_BYTES, MAX_ALIAS_NAME_BYTES } from './aliases'
import type { Endings } from './endings'
import {
  type Control,
  IncomingHalf,
  type Outgoing,
  OutgoingHalf,
  type OwnSlot,
  type PeerSlot,
} from './exchange'
import type { ExchangeTables } from './exchange-tables'
import { OPEN_FIELD_BYTES } from './frame-words'
import type { ExchangeKind } from './incoming-message'
import type { Sender, SenderPort } from './sender'

export interface ExchangesOptions {
  readonly framing: Framing
  /** Slots of our own we use at most, whatever the peer offers; urgent ones not included. */
  readonly ownSlots: number
  /** Positions that a message of the peer may use before the first CREDIT. */
  readonly firstCreditBytes: number
}

/** What exchanges need of the pipe around them. */
export interface ExchangesPort {
  readonly owner: PipeOwner
  readonly trace: OutgoingTrace
}

/** Positions travel as varints of at most five bytes. */
const LARGEST_POSITION = 2 ** 35 - 1

/**
 * Messages in their slots, as long as all goes well: which exchange goes on where, and when it is complete
 * (native-study.md §2.1). `Endings` has the rest.
 */
export class Exchanges implements SenderPort {
  readonly #options: ExchangesOptions
  readonly #tables: ExchangeTables
  readonly #endings: Endings
  readonly #sender: Sender
  readonly #port: ExchangesPort
  #peer: PeerOffer | null = null

  constructor(
    options: ExchangesOptions,
    tables: ExchangeTables,
    endings: Endings,
    sender: Sender,
    port: ExchangesPort,
  ) {
    this.#options = options
    this.#tables = tables
    this.#endings = endings
    this.#sender = sender
    this.#port = port
  }

  begin(peer: PeerOffer): void {
    this.#peer = peer
    // Each may bring an answer that has to be put together here.
    this.#tables.own.offer(Math.min(peer.slots, this.#options.ownSlots), peer.urgentSlots)
  }

  // What the application wants.

  /** @throws ConsoleError `QUEUE_FULL`, `REQUEST_CANCELLED`, `HEAD_NOT_ENCODABLE`, `MESSAGE_TOO_LARGE`: nothing was queued. */
  add(message: Outgoing, nowMs: number): void {
    const slot = message.head.kind === 'response' ? this.#answerable(message) : undefined
    this.#tables.room.add(message)
    this.#tables.byKey.set(message.messageKey, message)
    if (slot === undefined) this.#sender.queue.wait(message, nowMs)
    else this.#addAnswer(message, slot, nowMs)
  }

  /** No further answer to a subscription of the peer follows. */
  endAnswers(incomingKey: number, nowMs: number): void {
    const slot = this.#tables.byIncoming.get(incomingKey)
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
    this.#sender.moveOn(half, nowMs)
  }

  /** The answers that come in on behalf of this request. */
  answersTo(requestKey: number): IncomingHalf | null {
    return this.#tables.byRequest.get(requestKey)?.answers ?? null
  }

  // What the sender tells.

  openNext(nowMs: number): boolean {
    const message = this.#sender.queue.takeWaiting(this.#tables.own, nowMs)
    if (message === undefined) return false
    const refusal = this.#refusalOf(message)
    if (refusal !== undefined) this.#endings.failed(message, refusal, nowMs)
    else if (this.#canSayRoute(message)) this.#open(message, nowMs)
    else this.#tables.unnamed.push(message)
    return true
  }

  failed(message: Outgoing, error: ConsoleError, nowMs: number): void {
    this.#endings.failed(message, error, nowMs)
  }

  settled(message: Outgoing, nowMs: number): void {
    const half = message.half!
    half.release(message)
    message.isOver = true
    this.#tables.byKey.delete(message.messageKey)
    this.#port.trace.closed(message, 'complete', null, nowMs)
    if (half.own !== null) {
      half.own.request = null
      if (half.own.kind !== 'evt' && !message.isAwaited) this.#endings.watch(half.own, nowMs)
      this.#endIfDone(half.own)
    } else this.#endAnswersIfDone(half.theirs!)
  }

  controlSettled(control: Control, nowMs: number): void {
    control.isOver = control.kind !== 'credit'
    switch (control.kind) {
      case 'cancel':
        if (control.own?.cancel === control) this.#tables.own.release(control.own)
        return
      case 'end':
        this.#endAnswersIfDone(control.slot)
        return
      case 'alias':
        control.route.isSettled = true
        for (const message of this.#tables.unnamed.splice(0)) this.#sender.queue.wait(message, nowMs)
        return
      case 'credit':
    }
  }

  handedOver(message: Outgoing, newBodyBytes: number, nowMs: number): void {
    this.#tables.room.handedOver(message, newBodyBytes)
    this.#port.owner.progressed(message.messageKey, nowMs)
    const half = message.half!
    if (half.theirs !== null && message.nextPosition > message.sizeBytes) this.#sender.moveOn(half, nowMs)
  }

  // What the peer says.

  /** A message of the peer is complete and may be answered. */
  requestCame(slot: PeerSlot, incomingKey: number): void {
    slot.request = null
    if (slot.kind === 'evt') return
    slot.incomingKey = incomingKey
    this.#tables.byIncoming.set(incomingKey, slot)
  }

  /** All answers to a message of ours are here. */
  answersCame(slot: OwnSlot): void {
    slot.answers = null
    this.#tables.byRequest.delete(slot.requestKey)
    this.#endIfDone(slot)
  }

  credited({ sid, isSendersSlot, limit }: CreditFrame, nowMs: number): void {
    const half = isSendersSlot
      ? this.#tables.theirs.find(sid)?.answers
      : this.#tables.own.find(sid)?.request?.half
    if (!half || limit <= half.creditLimit) return
    half.creditLimit = limit
    for (const message of half.active) this.#sender.relined(message, nowMs)
  }

  // What the session does.

  /** Positions of what is on its way are said anew, where frames do not say them. */
  rewind(nowMs: number): void {
    for (const half of this.#tables.halves()) {
      half.needsPosition = true
      for (const message of half.active) {
        message.rewind()
        this.#sender.queue.remove(message)
      }
    }
    for (const half of this.#tables.halves())
      for (const message of half.active) this.#sender.relined(message, nowMs)
  }

  /** Says again what may be sent: the session is up again. */
  relineAll(nowMs: number): void {
    for (const half of this.#tables.halves())
      for (const message of half.active) this.#sender.relined(message, nowMs)
  }

  // Inside.

  #answerable(message: Outgoing): PeerSlot {
    const slot = this.#tables.byIncoming.get(message.answersKey)
    if (slot === undefined) {
      throw new ConsoleError('REQUEST_CANCELLED', 'the request that this answers does not wait any more')
    }
    if (slot.kind !== 'sub' && slot.isAnswered) {
      throw new ConsoleError('HEAD_NOT_ENCODABLE', 'a request that is no subscription takes one answer')
    }
    if (slot.end !== null) {
      throw new ConsoleError('HEAD_NOT_ENCODABLE', 'it was said that no further answer follows')
    }
    if (
      this.#answersOf(slot).nextStart + this.#tables.room.queuedBytes + message.sizeBytes >
      LARGEST_POSITION
    ) {
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
    this.#sender.relined(message, nowMs)
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
    const canName = can(CAPABILITY.name)
    // Three bytes a character at most: only a name that might be too long is counted exactly.
    if (canName && 3 * head.route.length + OPEN_FIELD_BYTES < peer.largestFrameBytes) return undefined
    const nameBytes = utf8(head.route).length
    if (canName && nameBytes + OPEN_FIELD_BYTES < peer.largestFrameBytes) return undefined
    if (this.#canAlias(nameBytes)) return undefined
    return new ConsoleError(
      'HEAD_TOO_LARGE',
      `the peer can not be told the route "${head.route.slice(0, 40)}"`,
    )
  }

  #canAlias(nameBytes: number): boolean {
    const { peerCapabilities, largestFrameBytes } = this.#peer!
    const mostBytes = Math.min(MAX_ALIAS_NAME_BYTES, largestFrameBytes - ALIAS_FIELD_BYTES)
    return (peerCapabilities & CAPABILITY.alias) !== 0 && nameBytes <= mostBytes
  }

  /** Notes the use of its route, declares an alias where it is worth it. False: it has to wait for that. */
  #canSayRoute({ head, priority }: Outgoing): boolean {
    const { aliases, controls } = this.#sender
    const canName = (this.#peer!.peerCapabilities & CAPABILITY.name) !== 0
    const route = aliases.use(head.route, priority)
    if (route === undefined) return canName
    const isWorthIt = route.alias < 0 && (route.uses > 1 || !canName)
    if (isWorthIt && this.#canAlias(utf8(head.route).length) && aliases.declare(route)) {
      const beforeClass = canName ? Math.max(1, priority) : 0
      controls.add({ kind: 'alias', beforeClass, isQueued: false, isOver: false, route })
    }
    return canName || route.isSettled
  }

  #open(message: Outgoing, nowMs: number): void {
    const slot = this.#tables.own.take()
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
      this.#tables.byRequest.set(messageKey, slot)
    }
    this.#sender.relined(message, nowMs)
  }

  #endIfDone(slot: OwnSlot): void {
    if (slot.request === null && slot.answers === null && slot.cancel === null) this.#tables.own.release(slot)
  }

  #endAnswersIfDone(slot: PeerSlot): void {
    const { answers, end } = slot
    if (answers === null || answers.active.length > 0 || answers.hasQueued) return
    if (slot.kind === 'sub' && end?.isOver !== true) return
    this.#tables.byIncoming.delete(slot.incomingKey)
    slot.answers = null
    slot.incomingKey = 0
    slot.end = null
  }
}
