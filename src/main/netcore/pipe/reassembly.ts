import { asConsoleError, type ErrorCode } from '../../../shared/errors'
import type { MessageOutcome, StackEvent } from '../../../shared/model/trace'
import type { CodecFault, FrameExtent, FrameSink, IncomingHead } from '../dialects/codec'
import type { StackLimits } from './limits'
import { type EarlyBody, EarlyData } from './early-data'
import { IncomingTrace, NO_BODY } from './incoming-trace'
import { type BodyWriter, NOWHERE, type ReceivedBody } from './message-body'
import type { Incoming } from './pipe'
import { type RecentRef, RecentRefs } from './recent-refs'

/** What reassembly needs of the stack, and tells it. */
export interface ReassemblyPort {
  drawKey(): number
  trace(event: StackEvent): void
  /** Key of the request of ours, waiting or settled a short while ago, which such a head answers; or 0. */
  answersKey(head: IncomingHead): number
  /** The answer to `requestKey` began to come: from now on its own silence is watched, not the wait for it. */
  answerBegan(requestKey: number): void
  bodyWriter(message: Incoming): BodyWriter
  completed(message: Incoming, body: ReceivedBody, nowMs: number): void
  /** The message will never be complete. Already traced. */
  failed(message: Incoming, code: ErrorCode, nowMs: number): void
  /** Asks the peer to stop sending a message we refused. */
  askToStop(ref: string, messageKey: number): void
  /** Key of our own message `ref` that is on its way or waits for its answer, or 0. */
  ownKey(ref: string): number
  /** The peer does not want our message, or will not answer it. */
  peerCancelled(ownKey: number, nowMs: number): void
  /** The peer takes back a message that is complete: it does not want (further) answers to it. */
  answersDeclined(incomingKey: number, nowMs: number): void
}

interface Slot extends Incoming {
  writer: BodyWriter
  chunks: number
  lastSignMs: number
}

/**
 * Puts the chunks of one connection together again. Every bound of netcore-lso.md §12 is kept here; a message that
 * breaks one fails alone. Delivers in order of completion, each message once.
 */
export class Reassembly implements FrameSink {
  readonly #limits: StackLimits
  readonly #port: ReassemblyPort
  /** In order of their heads. */
  readonly #slots = new Map<string, Slot>()
  readonly #trace: IncomingTrace
  readonly #early: EarlyData
  readonly #recent: RecentRefs
  #heldBytes = 0
  /** Not later than the first moment at which a message can have stalled. */
  #idleCheckMs: number | null = null
  #isSpent = false
  #isOver = false

  constructor(limits: StackLimits, port: ReassemblyPort) {
    this.#limits = limits
    this.#port = port
    this.#trace = new IncomingTrace((event) => port.trace(event))
    this.#early = new EarlyData(
      limits,
      () => port.drawKey(),
      (ref, body, extraBytes) => this.#earlyDropped(ref, body, extraBytes),
    )
    this.#recent = new RecentRefs({
      ...limits,
      onSkipped: (recent, bytes) => this.#skipped(recent, bytes),
    })
  }

  /** The codec met damage it cannot go on from. */
  get isSpent(): boolean {
    return this.#isSpent
  }

  get openMessages(): number {
    return this.#slots.size
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  /** Where the stream of this connection stands: behind the last frame. */
  get streamOffset(): number {
    return this.#trace.streamOffset
  }

  get wakeAtMs(): number | null {
    return earliest(earliest(this.#idleCheckMs, this.#early.wakeAtMs), this.#recent.wakeAtMs)
  }

  get #nowMs(): number {
    return this.#trace.nowMs
  }

  /** To be called before the codec, which does not pass the time on. */
  setNow(nowMs: number): void {
    this.#trace.nowMs = nowMs
  }

  wake(nowMs: number): void {
    this.#trace.nowMs = nowMs
    this.#early.wake(nowMs)
    this.#recent.wake(nowMs)
    if (this.#idleCheckMs !== null && nowMs >= this.#idleCheckMs) this.#failStalled()
  }

  /** The connection ended: what is open is interrupted. The codec may still tell what it holds. */
  interrupt(nowMs: number): void {
    this.#trace.nowMs = nowMs
    this.#early.dropAll(nowMs)
    this.#recent.flush(nowMs)
    for (const slot of [...this.#slots.values()]) this.#close(slot, 'interrupted', 'MESSAGE_INTERRUPTED')
  }

  /** The connection is over: nothing is taken any more. */
  end(nowMs: number): void {
    this.interrupt(nowMs)
    this.#isOver = true
  }

  open(head: IncomingHead, extent: FrameExtent): void {
    if (this.#isOver) return
    const replaced = this.#slots.get(head.ref)
    if (replaced !== undefined) this.#fail(replaced, 'DUPLICATE_REF', 'a new message took its id', extent, 0)
    const port = this.#port
    const answersKey = port.answersKey(head)
    const early = this.#early.take(head.ref)
    const slot: Slot = {
      messageKey: early?.messageKey ?? port.drawKey(),
      head,
      answersKey,
      writer: NOWHERE,
      chunks: early?.chunks ?? 0,
      lastSignMs: this.#nowMs,
    }
    this.#trace.opened(slot)
    const earlyBytes = early?.parts.byteLength ?? 0
    const isWhole = isComplete(head, earlyBytes, early?.hasLast ?? false)
    this.#trace.frame(extent, head.ref, slot.messageKey, { ...NO_BODY, isLast: isWhole })
    this.#slots.set(head.ref, slot)
    const refusal = this.#refusalOf(slot, earlyBytes) ?? this.#begin(slot, early)
    if (refusal !== undefined) {
      // What came early is in no body then.
      this.#refuse(slot, refusal.code, refusal.detail, extent, earlyBytes - slot.writer.byteLength)
      return
    }
    if (answersKey !== 0) port.answerBegan(answersKey)
    if (head.declaredBytes !== null && earlyBytes > head.declaredBytes) this.#overrun(slot, extent, 0)
    else if (isWhole) this.#complete(slot)
    else this.#idleCheckMs ??= this.#nowMs + this.#limits.reassemblyIdleMs
  }

  chunk(ref: string, payload: Uint8Array, isLast: boolean, extent: FrameExtent): void {
    if (this.#isOver) return
    const slot = this.#slots.get(ref)
    if (slot === undefined) {
      this.#strayChunk(ref, payload, isLast, extent)
      return
    }
    const { head, messageKey } = slot
    const bodyOffset = slot.writer.byteLength
    const end = bodyOffset + payload.length
    const isWhole = isComplete(head, end, isLast)
    this.#trace.frame(extent, ref, messageKey, {
      chunkIndex: slot.chunks,
      bodyOffset,
      payloadBytes: payload.length,
      isLast: isWhole,
    })
    slot.chunks += 1
    if (head.declaredBytes !== null && end > head.declaredBytes) {
      this.#overrun(slot, extent, payload.length)
      return
    }
    if (end > this.#limits.messageBytes) {
      const detail = `more than ${this.#limits.messageBytes} bytes came`
      this.#refuse(slot, 'MESSAGE_TOO_LARGE', detail, extent, payload.length)
      return
    }
    if (!this.#makeRoom(slot, payload.length, extent)) return
    const failure = this.#append(slot, payload)
    if (failure !== undefined) {
      this.#refuse(slot, failure.code, failure.detail, extent, payload.length)
      return
    }
    slot.lastSignMs = this.#nowMs
    if (isWhole) this.#complete(slot)
  }

  cancel(ref: string, extent: FrameExtent): void {
    if (this.#isOver) return
    const slot = this.#slots.get(ref)
    const recent = slot === undefined ? this.#recent.find(ref, this.#nowMs) : undefined
    const ownKey = this.#port.ownKey(ref)
    const messageKey = slot?.messageKey ?? recent?.messageKey ?? ownKey
    this.#trace.frame(extent, ref, messageKey, NO_BODY)
    if (slot !== undefined) this.#close(slot, 'cancelled', 'MESSAGE_CANCELLED')
    else if (ownKey === 0 || recent !== undefined) this.#rememberCancelled(ref, recent)
    if (recent?.fate === 'complete') this.#port.answersDeclined(recent.messageKey, this.#nowMs)
    if (ownKey !== 0) this.#port.peerCancelled(ownKey, this.#nowMs)
  }

  control(ref: string, extent: FrameExtent): void {
    if (!this.#isOver) this.#trace.frame(extent, ref, 0, NO_BODY)
  }

  refuse(ref: string, code: ErrorCode, detail: string, extent: FrameExtent): void {
    if (this.#isOver) return
    const replaced = this.#slots.get(ref)
    if (replaced !== undefined) this.#fail(replaced, 'DUPLICATE_REF', 'a new message took its id', extent, 0)
    const early = this.#early.take(ref)
    const messageKey = early?.messageKey ?? 0
    const seenBytes = early?.parts.byteLength ?? 0
    this.#trace.frame(extent, ref, messageKey, NO_BODY)
    this.#trace.fault(code, extent.streamOffset, seenBytes, ref, detail)
    this.#recent.remember(
      { ref, messageKey, fate: 'failed', code, seenBytes, seenChunks: early?.chunks ?? 0 },
      this.#nowMs,
    )
    this.#port.askToStop(ref, 0)
  }

  fault(fault: CodecFault): void {
    if (this.#isOver) return
    if (fault.isFatal) this.#isSpent = true
    if (fault.losesOpenMessages) {
      this.#early.dropAll(this.#nowMs)
      this.#recent.flush(this.#nowMs)
    }
    this.#trace.fault(fault.code, fault.streamOffset, fault.skippedBytes, '', fault.detail)
    if (!fault.losesOpenMessages) return
    for (const slot of [...this.#slots.values()]) this.#close(slot, 'failed', fault.code)
  }

  #strayChunk(ref: string, payload: Uint8Array, isLast: boolean, extent: FrameExtent): void {
    const payloadBytes = payload.length
    const recent = this.#recent.find(ref, this.#nowMs)
    if (recent === undefined) {
      this.#earlyChunk(ref, payload, isLast, extent)
      return
    }
    const { messageKey, seenChunks: chunkIndex, seenBytes: bodyOffset } = recent
    this.#trace.frame(extent, ref, messageKey, { chunkIndex, bodyOffset, payloadBytes, isLast: false })
    this.#recent.skip(recent, payloadBytes, this.#nowMs)
  }

  /** Its frame is traced as the others of its message are: the head that comes later opens the message under the same key. */
  #earlyChunk(ref: string, payload: Uint8Array, isLast: boolean, extent: FrameExtent): void {
    const payloadBytes = payload.length
    if (payloadBytes === 0 && !isLast) {
      this.#trace.frame(extent, ref, 0, NO_BODY)
      return
    }
    this.#early.add(ref, payload, isLast, this.#nowMs, (messageKey, chunkIndex, bodyOffset) =>
      this.#trace.frame(extent, ref, messageKey, { chunkIndex, bodyOffset, payloadBytes, isLast: false }),
    )
  }

  /** Opens the place where the body gathers, and puts there what came before the head. */
  #begin(slot: Slot, early: EarlyBody | undefined): Failure | undefined {
    try {
      slot.writer = this.#port.bodyWriter(slot)
    } catch (error) {
      return failureOf(error)
    }
    const { parts } = early ?? {}
    return parts && parts.byteLength > 0 ? this.#append(slot, parts.join()) : undefined
  }

  #append(slot: Slot, payload: Uint8Array): Failure | undefined {
    const { writer } = slot
    const before = writer.heldBytes
    try {
      writer.append(payload)
      return undefined
    } catch (error) {
      return failureOf(error)
    } finally {
      this.#heldBytes += writer.heldBytes - before
    }
  }

  #refusalOf({ head }: Slot, earlyBytes: number): Failure | undefined {
    const { messageBytes, reassemblyMessages } = this.#limits
    if (head.declaredBytes !== null && head.declaredBytes > messageBytes) {
      const detail = `${head.declaredBytes} bytes are announced, ${messageBytes} are allowed`
      return { code: 'MESSAGE_TOO_LARGE', detail }
    }
    if (this.#slots.size > reassemblyMessages) {
      return { code: 'REASSEMBLY_FULL', detail: `${reassemblyMessages} messages are open already` }
    }
    if (this.#heldBytes + earlyBytes > this.#limits.reassemblyBytes) {
      return { code: 'REASSEMBLY_FULL', detail: this.#fullText() }
    }
    if (this.#recent.find(head.ref, this.#nowMs)?.fate !== 'early') return undefined
    return { code: 'EARLY_DATA_DROPPED', detail: 'data that came before the head could not be kept' }
  }

  /** Refuses the newest messages until `bytes` fit. False when `slot` itself had to go. */
  #makeRoom(slot: Slot, bytes: number, extent: FrameExtent): boolean {
    while (this.#heldBytes + bytes > this.#limits.reassemblyBytes) {
      let newest = slot
      for (const other of this.#slots.values()) newest = other
      this.#refuse(newest, 'REASSEMBLY_FULL', this.#fullText(), extent, newest === slot ? bytes : 0)
      if (newest === slot) return false
    }
    return true
  }

  #fullText(): string {
    return `incomplete messages hold ${this.#heldBytes} of ${this.#limits.reassemblyBytes} bytes`
  }

  #failStalled(): void {
    const { reassemblyIdleMs } = this.#limits
    let next: number | null = null
    for (const slot of [...this.#slots.values()]) {
      const stalledAtMs = slot.lastSignMs + reassemblyIdleMs
      if (stalledAtMs > this.#nowMs) next = earliest(next, stalledAtMs)
      else this.#fail(slot, 'MESSAGE_STALLED', `no byte for ${reassemblyIdleMs} ms`, undefined, 0)
    }
    this.#idleCheckMs = next
  }

  #overrun(slot: Slot, extent: FrameExtent, lostBytes: number): void {
    const detail = `${slot.head.declaredBytes ?? 0} bytes were announced, more came`
    this.#fail(slot, 'MESSAGE_OVERRUN', detail, extent, lostBytes)
  }

  #refuse(slot: Slot, code: ErrorCode, detail: string, extent: FrameExtent, lostBytes: number): void {
    this.#fail(slot, code, detail, extent, lostBytes)
    this.#port.askToStop(slot.head.ref, slot.messageKey)
  }

  #fail(
    slot: Slot,
    code: ErrorCode,
    detail: string,
    extent: FrameExtent | undefined,
    lostBytes: number,
  ): void {
    this.#trace.fault(
      code,
      extent?.streamOffset ?? this.#trace.streamOffset,
      lostBytes,
      slot.head.ref,
      detail,
    )
    this.#close(slot, 'failed', code)
  }

  #complete(slot: Slot): void {
    const { heldBytes } = slot.writer
    let body: ReceivedBody
    try {
      body = slot.writer.finish()
    } catch (error) {
      const { code, detail } = failureOf(error)
      this.#fail(slot, code, detail, undefined, 0)
      return
    }
    this.#release(slot, heldBytes)
    this.#remember(slot, 'complete', 'MESSAGE_OVERRUN')
    this.#trace.closed(slot.messageKey, 'complete', null, body.byteLength, body.bytes)
    this.#port.completed(slot, body, this.#nowMs)
  }

  #close(slot: Slot, outcome: MessageOutcome, code: ErrorCode): void {
    const { writer } = slot
    const { byteLength } = writer
    this.#release(slot, writer.heldBytes)
    const body = writer.abandon()
    if (outcome === 'cancelled') this.#remember(slot, 'cancelled', null)
    else this.#remember(slot, 'failed', code)
    this.#trace.closed(slot.messageKey, outcome, code, byteLength, body)
    this.#port.failed(slot, code, this.#nowMs)
  }

  #release(slot: Slot, heldBytes: number): void {
    this.#slots.delete(slot.head.ref)
    this.#heldBytes -= heldBytes
    if (this.#slots.size === 0) this.#idleCheckMs = null
  }

  #remember(slot: Slot, fate: 'complete' | 'cancelled' | 'failed', code: ErrorCode | null): void {
    const { messageKey, chunks: seenChunks, writer, head } = slot
    this.#recent.remember(
      { ref: head.ref, messageKey, fate, code, seenBytes: writer.byteLength, seenChunks },
      this.#nowMs,
    )
  }

  /** A cancel for a message that is not open: whatever still comes of it is not early data. */
  #rememberCancelled(ref: string, recent: RecentRef | undefined): void {
    const early = this.#early.take(ref)
    if (early !== undefined) this.#earlyDropped(ref, early, 0)
    const known = recent ?? {
      messageKey: early?.messageKey ?? 0,
      seenBytes: early?.parts.byteLength ?? 0,
      seenChunks: early?.chunks ?? 0,
    }
    const { messageKey, seenBytes, seenChunks } = known
    this.#recent.remember(
      { ref, messageKey, fate: 'cancelled', code: null, seenBytes, seenChunks },
      this.#nowMs,
    )
  }

  #earlyDropped(ref: string, body: EarlyBody, extraBytes: number): void {
    const bytes = body.parts.byteLength + extraBytes
    this.#trace.fault(
      'EARLY_DATA_DROPPED',
      this.#trace.streamOffset,
      bytes,
      ref,
      `${bytes} bytes came without the head of their message`,
    )
    this.#recent.remember(
      {
        ref,
        messageKey: body.messageKey,
        fate: 'early',
        code: 'EARLY_DATA_DROPPED',
        seenBytes: bytes,
        seenChunks: body.chunks,
      },
      this.#nowMs,
    )
  }

  #skipped(recent: RecentRef, bytes: number): void {
    const what = recent.fate === 'complete' ? 'a message that was complete' : 'a message that was given up'
    this.#trace.fault(
      recent.code ?? 'MESSAGE_CANCELLED',
      this.#trace.streamOffset,
      bytes,
      recent.ref,
      `${bytes} bytes of ${what} were skipped`,
    )
  }
}

interface Failure {
  readonly code: ErrorCode
  readonly detail: string
}

function failureOf(error: unknown): Failure {
  const { code, message } = asConsoleError(error)
  return { code, detail: message }
}

/** Whether a message is whole with `bytes` of body. A length of 0 is whole at its head (netcore-lso.md §12.5). */
const isComplete = (head: IncomingHead, bytes: number, isLast: boolean): boolean =>
  head.declaredBytes === null ? isLast : bytes === head.declaredBytes

const earliest = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b)
