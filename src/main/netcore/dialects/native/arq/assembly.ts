import { asConsoleError, type ErrorCode } from '../../../../../shared/errors'
import { STATUS_ERROR, STATUS_HEADER } from '../../../../../shared/model/peer-error'
import type { Headers, MessageOutcome } from '../../../../../shared/model/trace'
import type { FrameExtent, IncomingHead } from '../../codec'
import { type IncomingTrace, NO_BODY } from '../../../pipe/incoming-trace'
import type { StackLimits } from '../../../pipe/limits'
import type { ReceivedBody } from '../../../pipe/message-body'
import type { PipeOwner } from '../../../pipe/pipe'
import { nativeCodeOf } from './codes'
import type { IncomingHalf, OwnSlot, PeerSlot } from './exchange'
import { noHeaders } from './header-block'
import { IncomingMessage, type MessageStart } from './incoming-message'

/** What assembly needs, and tells. */
export interface AssemblyPort {
  readonly owner: PipeOwner
  readonly trace: IncomingTrace
  raiseCredit(half: IncomingHalf): void
  /** A message of the peer is whole. */
  requestCame(slot: PeerSlot, messageKey: number): void
  /** The one answer to a request of ours is whole. */
  answersCame(slot: OwnSlot): void
  /** All answers to a subscription of ours are whole. */
  answersEnded(half: IncomingHalf): void
  /** What comes there is not taken: the peer has to know. */
  refused(half: IncomingHalf, code: number, nowMs: number): void
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
 * Puts messages together from pieces in any order and any number of copies, each message once. What belongs where is told by
 * position only; a message that breaks a limit fails alone.
 */
export class Assembly {
  /** Where the frame lies that is being taken in, for traces. */
  extent: FrameExtent = { frameKind: '', streamOffset: 0, wireBytes: 0 }
  readonly #limits: StackLimits
  readonly #port: AssemblyPort
  /** Halves that have begun and are not over. */
  readonly #open = new Set<IncomingHalf>()
  #openMessages = 0
  #heldBytes = 0
  #pieces = 0
  #idleCheckMs = Infinity
  #serial = 0

  constructor(limits: StackLimits, port: AssemblyPort) {
    this.#limits = limits
    this.#port = port
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

  /** A connection begins: the time without one was nobody's silence. */
  resumed(): void {
    for (const half of this.#open) half.lastSignMs = this.#nowMs
  }

  /** The half is complete. */
  ended(half: IncomingHalf): void {
    this.#open.delete(half)
    half.close()
  }

  /** A frame that gives nothing to any message. */
  noted(): void {
    this.#port.trace.frame(this.extent, '', 0, NO_BODY)
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
    const { reassemblyIdleMs } = this.#limits
    let nextMs = Infinity
    for (const half of [...this.#open]) {
      if (half.isOver || half.message === null) continue
      // Whoever may not send because we did not allow it has not stalled.
      if (half.untakenBytes > 0) half.lastSignMs = nowMs
      const stalledAtMs = half.lastSignMs + reassemblyIdleMs
      if (stalledAtMs > nowMs) nextMs = Math.min(nextMs, stalledAtMs)
      else this.refuse(half, 'MESSAGE_STALLED', `no byte for ${reassemblyIdleMs} ms`, 0)
    }
    this.#idleCheckMs = nextMs
  }

  /**
   * Takes positions of a half, whichever they are.
   *
   * @param start - Set when they begin a message.
   */
  takePiece(
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
    if (position < 0 || end < half.next || (end === half.next && !isStart)) return this.ignore(half.message)
    if (end > half.creditLimit) {
      this.#traceFrame(0, 0, half.message, isFin)
      this.refuse(half, 'MESSAGE_OVERRUN', `position ${end} is beyond what was allowed`, payload.length)
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
    const { reassemblyBytes } = this.#limits
    if (this.#pieces >= MAX_PIECES || this.#heldBytes + payload.length > reassemblyBytes) {
      this.#traceFrame(0, 0, half.message, false)
      return false
    }
    if (!half.keep({ position, payload, isFin, start })) {
      this.ignore(half.message)
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
      this.#idleCheckMs = Math.min(this.#idleCheckMs, this.#nowMs + this.#limits.reassemblyIdleMs)
    }
    half.next = position + payload.length + (isFin ? 1 : 0)
    if (!message.isOpen) {
      const { gathering } = message
      if (gathering !== null) {
        bytes = gathering.take(bytes)
        if (gathering.fault !== null || (isFin && gathering.headers === null)) {
          if (isFresh) this.#traceFrame(0, 0, message, isFin)
          const fault = gathering.fault ?? 'the message ends inside them'
          this.refuse(half, 'NATIVE_BAD_FRAME', `the headers make no sense: ${fault}`, payload.length)
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
    const limits = this.#limits
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
      this.refuse(half, 'MESSAGE_TOO_LARGE', detail, 0)
      return false
    }
    try {
      message.writer = owner.bodyWriter(message)
    } catch (error) {
      const { code, message: detail } = asConsoleError(error)
      this.refuse(half, code, detail, 0)
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
    const { messageBytes, reassemblyBytes } = this.#limits
    const { writer } = message
    const { declaredBytes } = message.head
    if (declaredBytes !== null && writer.byteLength + bytes.length > declaredBytes) {
      this.refuse(half, 'MESSAGE_OVERRUN', `${declaredBytes} bytes were announced, more came`, bytes.length)
      return false
    }
    if (writer.byteLength + bytes.length > messageBytes) {
      this.refuse(half, 'MESSAGE_TOO_LARGE', `more than ${messageBytes} bytes came`, bytes.length)
      return false
    }
    if (this.#heldBytes + bytes.length > reassemblyBytes) {
      const detail = `incomplete messages hold ${this.#heldBytes} of ${reassemblyBytes} bytes`
      this.refuse(half, 'REASSEMBLY_FULL', detail, bytes.length)
      return false
    }
    const before = writer.heldBytes
    try {
      writer.append(bytes)
    } catch (error) {
      const { code, message: detail } = asConsoleError(error)
      this.#heldBytes += writer.heldBytes - before
      this.refuse(half, code, detail, bytes.length)
      return false
    }
    this.#heldBytes += writer.heldBytes - before
    return true
  }

  #complete(half: IncomingHalf, message: IncomingMessage): void {
    const { declaredBytes } = message.head
    const { byteLength, heldBytes } = message.writer
    if (declaredBytes !== null && byteLength < declaredBytes) {
      this.refuse(half, 'MESSAGE_BAD_LENGTH', `${declaredBytes} bytes were announced, ${byteLength} came`, 0)
      return
    }
    let body: ReceivedBody
    try {
      body = message.writer.finish()
    } catch (error) {
      const { code, message: detail } = asConsoleError(error)
      this.refuse(half, code, detail, 0)
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
    if (theirs !== null) this.#port.requestCame(theirs, message.messageKey)
    else if (own!.kind === 'req') this.#port.answersCame(own!)
    this.#port.owner.completed(message, body, this.#nowMs)
  }

  #afterPiece(half: IncomingHalf): void {
    if (half.finalPosition >= 0 && half.next >= half.finalPosition) this.#port.answersEnded(half)
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

  /** The message fails alone, and the peer is told. */
  refuse(half: IncomingHalf, code: ErrorCode, detail: string, lostBytes: number): void {
    const ref = half.message?.head.ref ?? ''
    this.#port.trace.fault(code, this.extent.streamOffset, lostBytes, ref, detail)
    this.abandon(half, 'failed', code)
    this.#port.refused(half, nativeCodeOf(code), this.#nowMs)
  }

  /** Acknowledged all the same: a copy of what is here already, or of something that is over. */
  ignore(message: IncomingMessage | null): Fate {
    this.#port.trace.frame(this.extent, message?.head.ref ?? '', message?.messageKey ?? 0, REPEATED)
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
      trace.frame(this.extent, '', 0, NO_BODY)
      return
    }
    const chunkIndex = message.frames++
    trace.frame(this.extent, message.head.ref, message.messageKey, {
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
