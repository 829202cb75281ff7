import { asConsoleError, type ErrorCode } from '../../../../../shared/errors'
import { STATUS_ERROR, STATUS_HEADER } from '../../../../../shared/model/peer-error'
import type { Headers, MessageOutcome } from '../../../../../shared/model/trace'
import type { FrameExtent, IncomingHead } from '../../codec'
import { type IncomingTrace, NO_BODY } from '../../../pipe/incoming-trace'
import type { StackLimits } from '../../../pipe/limits'
import type { ReceivedBody } from '../../../pipe/message-body'
import type { PipeOwner } from '../../../pipe/pipe'
import {
  type AnswerFrame,
  type CancelFrame,
  type ControlFrame,
  type DataFrame,
  type EndFrame,
  generationOf,
  NATIVE_CODE,
  NO_OFFSET,
  type NumberedFrame,
  type OpenFrame,
  slotOf,
} from '../wire/frames'
import type { Framing } from '../wire/wire'
import { NAMED_PRIORITY, PeerAliases } from './aliases'
import { nativeCodeOf } from './codes'
import { IncomingHalf, type OwnSlot, type PeerSlot } from './exchange'
import type { Exchanges } from './exchanges'
import { noHeaders } from './header-block'
import { IncomingMessage, type MessageStart } from './incoming-message'

export interface ReceiverOptions {
  readonly framing: Framing
  readonly limits: StackLimits
  /** Positions that a message may use before the first CREDIT, and what each CREDIT allows beyond what came. */
  readonly creditWindow: number
}

/** What the receiver needs of the pipe around it. */
export interface ReceiverPort {
  readonly owner: PipeOwner
  readonly trace: IncomingTrace
  raiseCredit(half: IncomingHalf): void
}

/** Pieces kept out of order, over all messages: each costs memory beside its bytes. */
const MAX_PIECES = 4_096
const ERROR_HEADERS: Headers = Object.freeze({ [STATUS_HEADER]: STATUS_ERROR })

/** What became of a numbered frame. */
export type Fate =
  /** Taken, or known already, or of no interest: acknowledged. */
  | 'taken'
  /** Like `taken`; its ACK should not wait. */
  | 'urgent'
  /** No room for it now: not acknowledged, so it comes again (native-study.md §2.2 rule 10). */
  | 'dropped'

/**
 * Puts messages together from frames in any order and any number of copies, each message once. What belongs where is told by
 * position only; a message that breaks a limit fails alone.
 */
export class Receiver {
  readonly #options: ReceiverOptions
  readonly #port: ReceiverPort
  readonly #exchanges: Exchanges
  readonly #aliases = new PeerAliases()
  /** Halves that have begun and are not over. */
  readonly #open = new Set<IncomingHalf>()
  #openMessages = 0
  #heldBytes = 0
  #pieces = 0
  #idleCheckMs = Infinity
  #serial = 0
  #extent: FrameExtent = { frameKind: '', streamOffset: 0, wireBytes: 0 }

  constructor(options: ReceiverOptions, port: ReceiverPort, exchanges: Exchanges) {
    this.#options = options
    this.#port = port
    this.#exchanges = exchanges
  }

  /** Not later than the first moment at which a message can have stalled; null when none is open. */
  get idleCheckMs(): number | null {
    return this.#idleCheckMs === Infinity ? null : this.#idleCheckMs
  }

  /** Nothing half received is kept. */
  get isIdle(): boolean {
    return this.#openMessages === 0 && this.#heldBytes === 0 && this.#pieces === 0
  }

  get #nowMs(): number {
    return this.#port.trace.nowMs
  }

  /** A connection begins on which positions are said anew. */
  resumed(): void {
    for (const half of this.#open) half.lastSignMs = this.#nowMs
  }

  forget(): void {
    this.#aliases.clear()
    this.#open.clear()
    this.#idleCheckMs = Infinity
  }

  /** Takes in a numbered frame. The frame is borrowed until this returns. */
  take(frame: NumberedFrame, extent: FrameExtent): Fate {
    this.#extent = extent
    switch (frame.kind) {
      case 'data':
        return this.#takeData(frame)
      case 'back':
      case 'ans':
        return this.#takeAnswer(frame)
      case 'req':
      case 'sub':
      case 'evt':
        return this.#takeOpening(frame)
      default:
        return this.#takeControl(frame)
    }
  }

  /** The application took bytes of answers: as many more may come. */
  consumed(half: IncomingHalf, byteCount: number): void {
    half.untakenBytes = Math.max(0, half.untakenBytes - byteCount)
    this.#raiseCredit(half)
  }

  /** Gives up what is coming in there. */
  abandon(half: IncomingHalf, outcome: MessageOutcome, code: ErrorCode): void {
    if (half.isOver) return
    const { message } = half
    this.#pieces -= half.pieceCount
    this.#heldBytes -= half.heldBytes
    half.close()
    this.#open.delete(half)
    if (message === null) return
    this.#leave(message)
    if (!message.isOpen) return
    const { byteLength } = message.writer
    this.#port.trace.closed(message.messageKey, outcome, code, byteLength, message.writer.abandon())
    this.#port.owner.failed(message, code, this.#nowMs)
  }

  wake(nowMs: number): void {
    if (nowMs < this.#idleCheckMs) return
    const { reassemblyIdleMs } = this.#options.limits
    let nextMs = Infinity
    for (const half of [...this.#open]) {
      if (half.isOver || half.message === null) continue
      // Whoever may not send because we did not allow it has not stalled.
      if (half.untakenBytes > 0) half.lastSignMs = nowMs
      const stalledAtMs = half.lastSignMs + reassemblyIdleMs
      if (stalledAtMs > nowMs) nextMs = Math.min(nextMs, stalledAtMs)
      else this.#refuse(half, 'MESSAGE_STALLED', `no byte for ${reassemblyIdleMs} ms`, 0)
    }
    this.#idleCheckMs = nextMs
  }

  #takeOpening(frame: OpenFrame): Fate {
    const { kind, sid, route, extension, hasHeaders, isFin, payload } = frame
    const slot = this.#exchanges.theirs.at(slotOf(sid))
    if (slot === undefined) return this.#refuseSlot(sid)
    const half = this.#halfFor(slot, sid)
    if (half === undefined || half.isOver || half.next > 0 || half.message !== null) {
      return this.#ignore(half?.message ?? null)
    }
    const alias = typeof route === 'number' ? this.#aliases.find(route) : undefined
    slot.kind = kind
    slot.priority = extension?.priority ?? alias?.priority ?? NAMED_PRIORITY
    half.priority = slot.priority
    if (typeof route === 'number' && alias === undefined) {
      this.#traceFrame(0, 0, null, false)
      this.#refuse(half, 'ROUTE_UNKNOWN', `nobody said what route ${route} is`, payload.length)
      return 'taken'
    }
    const opening = {
      kind,
      route: alias?.name ?? (route as string),
      priority: slot.priority,
      totalBytes: extension?.totalBytes ?? (isFin ? payload.length : null),
    }
    const start: MessageStart = { hasHeaders, isError: false, opening }
    return this.#takePiece(half, 0, payload, isFin, start)
  }

  #takeData({ sid, offset, isFin, payload }: DataFrame): Fate {
    const slot = this.#exchanges.theirs.at(slotOf(sid))
    if (slot === undefined) return this.#refuseSlot(sid)
    const half = this.#halfFor(slot, sid)
    if (half === undefined || half.isOver) return this.#ignore(null)
    return this.#takePiece(half, this.#positionOf(half, offset), payload, isFin, null)
  }

  #takeAnswer(frame: AnswerFrame | DataFrame): Fate {
    const half = this.#exchanges.own.find(frame.sid)?.answers
    if (!half || half.isOver) return this.#ignore(null)
    const { offset, isFin, payload } = frame
    const start: MessageStart | null =
      frame.kind === 'ans' ? { hasHeaders: frame.hasHeaders, isError: frame.isError, opening: null } : null
    // The one answer to a REQ says no position: it begins at 0.
    const isOnly = frame.kind === 'ans' && half.own!.kind === 'req'
    if (isOnly) half.cursor = 0
    return this.#takePiece(half, isOnly ? 0 : this.#positionOf(half, offset), payload, isFin, start)
  }

  #takeControl(frame: ControlFrame): Fate {
    const { trace } = this.#port
    trace.frame(this.#extent, '', 0, NO_BODY)
    switch (frame.kind) {
      case 'credit':
        this.#exchanges.credited(frame, this.#nowMs)
        return 'taken'
      case 'cancel':
        this.#cancelled(frame)
        return 'taken'
      case 'end':
        this.#ended(frame)
        return 'taken'
      case 'alias':
        this.#aliases.declare(frame.alias, frame.name, frame.priority)
        return 'taken'
      case 'probe':
        return 'urgent'
      case 'priority':
      case 'unknown-control':
        return 'taken'
    }
  }

  /** The half in which a message of the peer comes; undefined for a message of the past. */
  #halfFor(slot: PeerSlot, sid: number): IncomingHalf | undefined {
    const generation = generationOf(sid)
    if (slot.generation === generation) return slot.request ?? undefined
    if (((slot.generation + 1) & 3) !== generation) return undefined
    // The peer uses a slot again when what was in it is over: it has our answers, whether we know that or not.
    this.#exchanges.theirsEnded(slot, 'complete', this.#nowMs)
    slot.generation = generation
    slot.request = new IncomingHalf(null, slot, this.#options.creditWindow, 3)
    return slot.request
  }

  #positionOf(half: IncomingHalf, offset: number): number {
    if (this.#options.framing === 'cobs') return half.nearest(offset)
    return offset === NO_OFFSET ? half.cursor : offset
  }

  #takePiece(
    half: IncomingHalf,
    position: number,
    payload: Uint8Array,
    isFin: boolean,
    start: MessageStart | null,
  ): Fate {
    const end = position + payload.length + (isFin ? 1 : 0)
    half.cursor = end
    const fate: Fate = isFin && half.priority <= 1 ? 'urgent' : 'taken'
    const isStart = start !== null && half.message === null && position === half.next
    if (position < 0 || end < half.next || (end === half.next && !isStart)) return this.#ignore(half.message)
    if (end > half.creditLimit) {
      this.#traceFrame(0, 0, half.message, isFin)
      this.#refuse(half, 'MESSAGE_OVERRUN', `position ${end} is beyond what was allowed`, payload.length)
      return 'taken'
    }
    half.lastSignMs = this.#nowMs
    if (position > half.next || (half.message === null && !isStart)) {
      return this.#keepPiece(half, position, payload, isFin, start) ? fate : 'dropped'
    }
    this.#consume(half, position, payload, isFin, start, true)
    for (let piece = half.firstPiece; piece !== undefined && !half.isOver; piece = half.firstPiece) {
      const endsAt = piece.position + piece.payload.length + (piece.isFin ? 1 : 0)
      if (piece.position > half.next || (half.message === null && piece.start === null && endsAt > half.next))
        break
      half.takeNext()
      this.#pieces -= 1
      this.#heldBytes -= piece.payload.length
      if (endsAt > half.next || (piece.start !== null && half.message === null)) {
        this.#consume(half, piece.position, piece.payload, piece.isFin, piece.start, false)
      }
    }
    if (!half.isOver) this.#afterPiece(half)
    return fate
  }

  #keepPiece(
    half: IncomingHalf,
    position: number,
    payload: Uint8Array,
    isFin: boolean,
    start: MessageStart | null,
  ): boolean {
    const { reassemblyBytes } = this.#options.limits
    if (this.#pieces >= MAX_PIECES || this.#heldBytes + payload.length > reassemblyBytes) {
      this.#traceFrame(0, 0, half.message, false)
      return false
    }
    if (!half.keep({ position, payload, isFin, start })) {
      this.#ignore(half.message)
      return true
    }
    this.#open.add(half)
    this.#pieces += 1
    this.#heldBytes += payload.length
    const { message } = half
    const bodyOffset = message === null ? 0 : position - message.startPosition - message.bodyPosition
    this.#traceFrame(message === null ? 0 : payload.length, Math.max(0, bodyOffset), message, isFin)
    return true
  }

  /** Takes what begins at or before `half.next` and ends behind it. @param isFresh - It just came: tell the trace. */
  #consume(
    half: IncomingHalf,
    position: number,
    payload: Uint8Array,
    isFin: boolean,
    start: MessageStart | null,
    isFresh: boolean,
  ): void {
    const known = half.next - position
    let bytes = known === 0 ? payload : payload.subarray(Math.min(known, payload.length))
    let message = half.message
    if (message === null) {
      message = new IncomingMessage(start!, half.next)
      half.message = message
      this.#open.add(half)
      this.#openMessages += 1
      this.#idleCheckMs = Math.min(this.#idleCheckMs, this.#nowMs + this.#options.limits.reassemblyIdleMs)
    }
    half.next = position + payload.length + (isFin ? 1 : 0)
    if (!message.isOpen) {
      const { gathering } = message
      if (gathering !== null) {
        bytes = gathering.take(bytes)
        if (gathering.fault !== null || (isFin && gathering.headers === null)) {
          if (isFresh) this.#traceFrame(0, 0, message, isFin)
          const fault = gathering.fault ?? 'the message ends inside them'
          this.#refuse(half, 'NATIVE_BAD_FRAME', `the headers make no sense: ${fault}`, payload.length)
          return
        }
        if (gathering.headers === null) {
          if (isFresh) this.#traceFrame(0, 0, message, isFin)
          return
        }
        message.bodyPosition = gathering.positions
      }
      if (!this.#openMessage(half, message, gathering?.headers ?? noHeaders())) {
        if (isFresh) this.#traceFrame(0, 0, message, isFin)
        return
      }
    }
    const { writer } = message
    if (isFresh) this.#traceFrame(bytes.length, writer.byteLength, message, isFin)
    if (!this.#append(half, message, bytes)) return
    if (isFin) this.#complete(half, message)
  }

  /** All is known of it but its body. False when it was refused. */
  #openMessage(half: IncomingHalf, message: IncomingMessage, headers: Headers): boolean {
    const { owner, trace } = this.#port
    const { limits } = this.#options
    const { opening, isError } = message.start
    message.gathering = null
    message.messageKey = owner.drawKey()
    message.head =
      opening === null ? this.#answerHead(half.own!, headers, isError) : this.#head(message, headers)
    message.answersKey = opening === null ? owner.answersKey(message.head) : 0
    trace.opened(message)
    const { declaredBytes } = message.head
    if (declaredBytes !== null && declaredBytes > limits.messageBytes) {
      const detail = `${declaredBytes} bytes are announced, ${limits.messageBytes} are allowed`
      this.#refuse(half, 'MESSAGE_TOO_LARGE', detail, 0)
      return false
    }
    try {
      message.writer = owner.bodyWriter(message)
    } catch (error) {
      const { code, message: detail } = asConsoleError(error)
      this.#refuse(half, code, detail, 0)
      return false
    }
    if (message.answersKey !== 0) owner.answerBegan(message.answersKey)
    return !half.isOver
  }

  #head({ start, bodyPosition }: IncomingMessage, headers: Headers): IncomingHead {
    const { kind, route, priority, totalBytes } = start.opening!
    const ref = `p${++this.#serial}`
    return {
      ref,
      route,
      kind: kind === 'evt' ? 'event' : 'request',
      priority,
      correlationId: kind === 'evt' ? '' : ref,
      headers,
      declaredBytes: totalBytes === null ? null : Math.max(0, totalBytes - bodyPosition),
      isSubscription: kind === 'sub',
    }
  }

  #answerHead(slot: OwnSlot, headers: Headers, isError: boolean): IncomingHead {
    slot.answersSeen += 1
    const { requestRef, route, priority, correlationId, kind, answersSeen } = slot
    return {
      ref: kind === 'sub' ? `${requestRef}.${answersSeen}` : `${requestRef}.a`,
      route,
      kind: 'response',
      priority,
      correlationId,
      headers: isError ? withError(headers) : headers,
      declaredBytes: null,
    }
  }

  /** False when the message was refused. */
  #append(half: IncomingHalf, message: IncomingMessage, bytes: Uint8Array): boolean {
    if (bytes.length === 0) return true
    const { messageBytes, reassemblyBytes } = this.#options.limits
    const { writer } = message
    const { declaredBytes } = message.head
    if (declaredBytes !== null && writer.byteLength + bytes.length > declaredBytes) {
      this.#refuse(half, 'MESSAGE_OVERRUN', `${declaredBytes} bytes were announced, more came`, bytes.length)
      return false
    }
    if (writer.byteLength + bytes.length > messageBytes) {
      this.#refuse(half, 'MESSAGE_TOO_LARGE', `more than ${messageBytes} bytes came`, bytes.length)
      return false
    }
    if (this.#heldBytes + bytes.length > reassemblyBytes) {
      const detail = `incomplete messages hold ${this.#heldBytes} of ${reassemblyBytes} bytes`
      this.#refuse(half, 'REASSEMBLY_FULL', detail, bytes.length)
      return false
    }
    const before = writer.heldBytes
    try {
      writer.append(bytes)
    } catch (error) {
      const { code, message: detail } = asConsoleError(error)
      this.#heldBytes += writer.heldBytes - before
      this.#refuse(half, code, detail, bytes.length)
      return false
    }
    this.#heldBytes += writer.heldBytes - before
    return true
  }

  #complete(half: IncomingHalf, message: IncomingMessage): void {
    const { declaredBytes } = message.head
    const { byteLength, heldBytes } = message.writer
    if (declaredBytes !== null && byteLength < declaredBytes) {
      this.#refuse(half, 'MESSAGE_BAD_LENGTH', `${declaredBytes} bytes were announced, ${byteLength} came`, 0)
      return
    }
    let body: ReceivedBody
    try {
      body = message.writer.finish()
    } catch (error) {
      const { code, message: detail } = asConsoleError(error)
      this.#refuse(half, code, detail, 0)
      return
    }
    half.message = null
    this.#heldBytes -= heldBytes
    this.#openMessages -= 1
    const { own, theirs } = half
    if (theirs !== null || own!.kind === 'req') {
      this.#pieces -= half.pieceCount
      this.#heldBytes -= half.heldBytes
      half.close()
      this.#open.delete(half)
    } else half.untakenBytes += body.byteLength
    this.#port.trace.closed(message.messageKey, 'complete', null, body.byteLength, body.bytes)
    if (theirs !== null) this.#exchanges.requestCame(theirs, message.messageKey)
    else if (own!.kind === 'req') this.#exchanges.answersCame(own!)
    this.#port.owner.completed(message, body, this.#nowMs)
  }

  #afterPiece(half: IncomingHalf): void {
    if (half.finalPosition >= 0 && half.next >= half.finalPosition) this.#allAnswersCame(half)
    else this.#raiseCredit(half)
  }

  /** Allows more when half of what was allowed is used up. */
  #raiseCredit(half: IncomingHalf): void {
    if (half.isOver) return
    const total = half.message?.start.opening?.totalBytes ?? null
    if (total !== null && half.creditLimit > half.message!.startPosition + total) return
    const limit = half.next - half.untakenBytes + half.windowPositions
    const isBlocked = half.next >= half.creditLimit
    if (limit - half.creditLimit < (isBlocked ? 1 : half.windowPositions / 2)) return
    half.creditLimit = limit
    this.#port.raiseCredit(half)
  }

  #cancelled({ sid, isSendersSlot, code }: CancelFrame): void {
    const nowMs = this.#nowMs
    if (!isSendersSlot) {
      const slot = this.#exchanges.own.find(sid)
      if (slot !== undefined) this.#exchanges.ownCancelled(slot, code, nowMs)
      return
    }
    const slot = this.#exchanges.theirs.at(slotOf(sid))
    if (slot === undefined) return
    const generation = generationOf(sid)
    // Its first frame may have got lost: then this is how we hear of the exchange that is over.
    if (slot.generation !== generation && ((slot.generation + 1) & 3) !== generation) return
    const isKnown = slot.generation === generation
    this.#exchanges.theirsEnded(slot, isKnown ? 'cancelled' : 'complete', nowMs)
    slot.generation = generation
  }

  #ended({ sid, finalPosition, code }: EndFrame): void {
    const half = this.#exchanges.own.find(sid)?.answers
    if (!half || half.isOver) return
    half.finalPosition = finalPosition
    half.endCode = code
    if (half.next >= finalPosition) this.#allAnswersCame(half)
  }

  #allAnswersCame(half: IncomingHalf): void {
    const slot = half.own!
    const { requestKey } = slot
    this.#open.delete(half)
    half.close()
    this.#exchanges.answersCame(slot)
    const code = half.endCode === NATIVE_CODE.ok ? null : 'REQUEST_CANCELLED'
    this.#port.owner.answersEnded(requestKey, code, this.#nowMs)
  }

  /** The message fails alone, and the peer is told. */
  #refuse(half: IncomingHalf, code: ErrorCode, detail: string, lostBytes: number): void {
    const ref = half.message?.head.ref ?? ''
    this.#port.trace.fault(code, this.#extent.streamOffset, lostBytes, ref, detail)
    this.abandon(half, 'failed', code)
    this.#exchanges.refuse(half, nativeCodeOf(code), this.#nowMs)
  }

  #refuseSlot(sid: number): Fate {
    this.#traceFrame(0, 0, null, false)
    const detail = `slot ${slotOf(sid)} was not offered`
    this.#port.trace.fault('REASSEMBLY_FULL', this.#extent.streamOffset, this.#extent.wireBytes, '', detail)
    this.#exchanges.refuseSid(sid, NATIVE_CODE.busy)
    return 'taken'
  }

  /** Acknowledged all the same: a copy of what is here already, or of something that is over. */
  #ignore(message: IncomingMessage | null): Fate {
    this.#port.trace.frame(this.#extent, message?.head.ref ?? '', message?.messageKey ?? 0, REPEATED)
    return 'taken'
  }

  #leave(message: IncomingMessage): void {
    this.#openMessages -= 1
    this.#heldBytes -= message.writer.heldBytes
  }

  #traceFrame(
    payloadBytes: number,
    bodyOffset: number,
    message: IncomingMessage | null,
    isLast: boolean,
  ): void {
    const { trace } = this.#port
    if (message === null || !message.isOpen) {
      trace.frame(this.#extent, '', 0, NO_BODY)
      return
    }
    const chunkIndex = message.frames++
    trace.frame(this.#extent, message.head.ref, message.messageKey, {
      chunkIndex,
      bodyOffset,
      payloadBytes,
      isLast,
    })
  }
}

const REPEATED = { ...NO_BODY, isRepeat: true }

function withError(headers: Headers): Headers {
  if (headers === noHeaders()) return ERROR_HEADERS
  return Object.assign(Object.create(null) as Record<string, never>, headers, ERROR_HEADERS)
}
