import { asConsoleError, type ErrorCode } from '../../../../shared/errors'
import type { IncomingHead } from '../codec'
import type { IncomingTrace } from '../../pipe/incoming-trace'
import type { StackLimits } from '../../pipe/limits'
import { type BodyWriter, NOWHERE, type ReceivedBody } from '../../pipe/message-body'
import type { Incoming, PipeOwner } from '../../pipe/pipe'
import { RecentMap } from '../../pipe/recent-map'
import type { Piece } from './content/headers'
import type { WireFrame } from './wire/frame-decoder'

/** Pieces of one message that came before those in front of them. */
const MOST_EARLY_PIECES = 1024
/** Messages whose late pieces are recognised. */
const REMEMBERED = 4096

/** A message that begins, as far as its first frame tells. */
export interface Beginning {
  readonly head: IncomingHead
  /** Its key is known, and nobody has seen it yet. */
  readonly began?: (messageKey: number) => void
  /** It came as a whole, or never will. */
  readonly over?: (messageKey: number, answersKey: number, code: ErrorCode | null) => void
}

interface Early {
  readonly data: Uint8Array
  readonly wire: WireFrame
}

interface Slot {
  readonly key: string
  /** Undefined while only later pieces have come. */
  message: (Incoming & Beginning) | undefined
  writer: BodyWriter
  /** Number of the next piece. */
  next: number
  total: number | undefined
  dataLength: number | undefined
  firstBytes: number
  readonly early: Map<number, Early>
  earlyBytes: number
  lastSignMs: number
}

/**
 * Puts the pieces of one connection together: by sid and kind, in the order of their numbers, each number once. Whole
 * messages pass through. Bounded in number, bytes and time; a message that breaks a bound fails alone.
 */
export class Joining {
  readonly #limits: StackLimits
  readonly #owner: PipeOwner
  readonly #trace: IncomingTrace
  readonly #mayDouble: boolean
  readonly #slots = new Map<string, Slot>()
  /** What came twice is known by its sid and kind. */
  #ended = new RecentMap<number>(REMEMBERED)
  #heldBytes = 0
  #checkMs = Infinity

  /** @param mayDouble - The transport may bring a frame twice: what begins a message is taken once. */
  constructor(limits: StackLimits, owner: PipeOwner, trace: IncomingTrace, mayDouble: boolean) {
    this.#limits = limits
    this.#owner = owner
    this.#trace = trace
    this.#mayDouble = mayDouble
  }

  get openMessages(): number {
    return this.#slots.size
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  get wakeAtMs(): number {
    return this.#checkMs
  }

  /** A message in one frame. `data` is what is delivered, not always what was on the wire. */
  whole(beginning: Beginning, wire: WireFrame, data: Uint8Array): void {
    const key = keyOf(wire)
    const endedKey = this.#isOnce(beginning) ? this.#ended.get(key) : undefined
    if (endedKey !== undefined) {
      this.#traceRepeat(wire, endedKey, ONLY_PIECE, 0)
      return
    }
    const message = this.#open(beginning)
    if (this.#isOnce(beginning)) this.#ended.set(key, message.messageKey)
    this.#traceFrame(wire, message, 0, 0, data.length, true)
    const { messageKey, answersKey, head } = message
    if (answersKey !== 0) this.#owner.answerBegan(answersKey)
    const body = this.#wholeBody(message, data)
    if ('detail' in body) {
      this.#trace.fault(body.code, wire.streamOffset, data.length, head.ref, body.detail)
      this.#trace.closed(messageKey, 'failed', body.code, data.length, data)
      this.#owner.failed(message, body.code, this.#trace.nowMs)
      beginning.over?.(messageKey, answersKey, body.code)
      return
    }
    this.#trace.closed(messageKey, 'complete', null, body.byteLength, body.bytes)
    this.#owner.completed(message, body, this.#trace.nowMs)
    beginning.over?.(messageKey, answersKey, null)
  }

  /** A piece of a message. `beginning` counts only where the piece is the first. */
  piece(beginning: Beginning, piece: Piece, wire: WireFrame): void {
    const { data } = wire.frame
    const key = keyOf(wire)
    let slot = this.#slots.get(key)
    if (
      slot !== undefined &&
      piece.index === 1 &&
      slot.message !== undefined &&
      this.#isOther(slot, piece, data)
    ) {
      this.#fail(slot, 'DUPLICATE_REF', 'a new message took its id', wire)
      slot = undefined
    }
    if (slot === undefined) {
      const isKnown = piece.index > 1 || this.#isOnce(beginning)
      const endedKey = isKnown ? this.#ended.get(key) : undefined
      if (endedKey !== undefined) {
        this.#traceRepeat(wire, endedKey, piece, 0)
        return
      }
      slot = this.#newSlot(key)
    }
    slot.lastSignMs = this.#trace.nowMs
    this.#checkMs = Math.min(this.#checkMs, this.#trace.nowMs + this.#limits.reassemblyIdleMs)
    if (piece.index < slot.next || slot.early.has(piece.index)) {
      this.#traceRepeat(wire, slot.message?.messageKey ?? 0, piece, slot.firstBytes)
      return
    }
    if (piece.index === 1) this.#begin(slot, beginning, piece, wire)
    else {
      if (piece.index > slot.next) this.#keepEarly(slot, piece, wire)
      else this.#append(slot, { data, wire })
    }
    this.#goOn(slot)
  }

  wake(nowMs: number): void {
    if (nowMs < this.#checkMs) return
    this.#trace.nowMs = nowMs
    let next = Infinity
    const { reassemblyIdleMs } = this.#limits
    for (const slot of [...this.#slots.values()]) {
      const stalledMs = slot.lastSignMs + reassemblyIdleMs
      if (stalledMs > nowMs) next = Math.min(next, stalledMs)
      else this.#fail(slot, 'MESSAGE_STALLED', `no piece came for ${reassemblyIdleMs} ms`, undefined)
    }
    this.#checkMs = next
  }

  /** The connection ended. */
  end(): void {
    for (const slot of [...this.#slots.values()]) {
      if (slot.message === undefined) this.#dropHeadless(slot)
      else this.#close(slot, 'MESSAGE_INTERRUPTED', 'interrupted')
    }
    this.#ended = new RecentMap(REMEMBERED)
    this.#checkMs = Infinity
  }

  #wholeBody(message: Incoming, data: Uint8Array): ReceivedBody | Failure {
    const { messageBytes } = this.#limits
    if (data.length > messageBytes) return tooLarge(data.length, messageBytes)
    let writer: BodyWriter = NOWHERE
    try {
      writer = this.#owner.bodyWriter(message)
      writer.append(data)
      return writer.finish()
    } catch (error) {
      writer.abandon()
      return failureOf(error)
    }
  }

  /** Each message of the peer has a sid of its own. Answers do not: they all have that of their request. */
  #isOnce({ head }: Beginning): boolean {
    return this.#mayDouble && head.kind !== 'response' && head.ref !== ''
  }

  #newSlot(key: string): Slot {
    const slot: Slot = {
      key,
      message: undefined,
      writer: NOWHERE,
      next: 1,
      total: undefined,
      dataLength: undefined,
      firstBytes: 0,
      early: new Map(),
      earlyBytes: 0,
      lastSignMs: this.#trace.nowMs,
    }
    this.#slots.set(key, slot)
    return slot
  }

  /** A first piece once more is a repeat where it says the same, else the beginning of another message. */
  #isOther(slot: Slot, piece: Piece, data: Uint8Array): boolean {
    return (
      slot.total !== piece.total || slot.dataLength !== piece.dataLength || slot.firstBytes !== data.length
    )
  }

  #open(beginning: Beginning): Incoming & Beginning {
    const { head } = beginning
    const message = {
      ...beginning,
      messageKey: this.#owner.drawKey(),
      answersKey: this.#owner.answersKey(head),
    }
    beginning.began?.(message.messageKey)
    this.#trace.opened(message)
    return message
  }

  #begin(slot: Slot, beginning: Beginning, { total, dataLength }: Piece, wire: WireFrame): void {
    const message = this.#open({
      ...beginning,
      head: { ...beginning.head, declaredBytes: dataLength ?? null },
    })
    slot.message = message
    slot.total = total
    slot.dataLength = dataLength
    slot.firstBytes = wire.frame.data.length
    const refusal = this.#refusalOf(slot)
    if (refusal !== undefined) {
      this.#traceFrame(wire, message, 0, 0, slot.firstBytes, false)
      this.#fail(slot, refusal.code, refusal.detail, wire)
      return
    }
    try {
      slot.writer = this.#owner.bodyWriter(message)
    } catch (error) {
      const { code, detail } = failureOf(error)
      this.#traceFrame(wire, message, 0, 0, slot.firstBytes, false)
      this.#fail(slot, code, detail, wire)
      return
    }
    if (message.answersKey !== 0) this.#owner.answerBegan(message.answersKey)
    this.#append(slot, { data: wire.frame.data, wire })
  }

  #refusalOf({ total, dataLength }: Slot): Failure | undefined {
    const { messageBytes, reassemblyMessages } = this.#limits
    if (dataLength === undefined && total === undefined) {
      return { code: 'MESSAGE_BAD_LENGTH', detail: 'neither the length nor the number of pieces is told' }
    }
    if (dataLength !== undefined && dataLength > messageBytes) return tooLarge(dataLength, messageBytes)
    if (this.#slots.size > reassemblyMessages) {
      return { code: 'REASSEMBLY_FULL', detail: `${reassemblyMessages} messages are open already` }
    }
    return undefined
  }

  #keepEarly(slot: Slot, piece: Piece, wire: WireFrame): void {
    const { data } = wire.frame
    const { message, firstBytes } = slot
    this.#traceFrame(wire, message, piece.index - 1, (piece.index - 1) * firstBytes, data.length, false)
    const isFull = slot.early.size >= MOST_EARLY_PIECES || this.#slots.size > this.#limits.reassemblyMessages
    if (isFull || !this.#makeRoom(slot, data.length)) {
      if (this.#slots.has(slot.key)) this.#fail(slot, 'REASSEMBLY_FULL', 'too much came out of order', wire)
      return
    }
    slot.early.set(piece.index, { data, wire })
    slot.earlyBytes += data.length
    this.#heldBytes += data.length
  }

  /** Puts the next piece behind what is there. */
  #append(slot: Slot, { data, wire }: Early): void {
    const { message, writer, dataLength } = slot
    const bodyOffset = writer.byteLength
    const end = bodyOffset + data.length
    const isLast = end === dataLength || (dataLength === undefined && slot.next === slot.total)
    this.#traceFrame(wire, message, slot.next - 1, bodyOffset, data.length, isLast)
    slot.next += 1
    const failure = this.#appended(slot, data)
    if (failure !== undefined) this.#fail(slot, failure.code, failure.detail, wire)
    else if (isLast) this.#complete(slot, wire)
  }

  #appended(slot: Slot, data: Uint8Array): Failure | undefined {
    const { writer, dataLength } = slot
    const { messageBytes } = this.#limits
    const end = writer.byteLength + data.length
    if (dataLength !== undefined && end > dataLength) {
      return { code: 'MESSAGE_OVERRUN', detail: `${dataLength} bytes were announced, more came` }
    }
    if (end > messageBytes) return tooLarge(end, messageBytes)
    if (!this.#makeRoom(slot, data.length)) return FULL
    const heldBefore = writer.heldBytes
    try {
      writer.append(data)
      return undefined
    } catch (error) {
      return failureOf(error)
    } finally {
      this.#heldBytes += writer.heldBytes - heldBefore
    }
  }

  /** What came early and is next. */
  #goOn(slot: Slot): void {
    while (slot.message !== undefined && this.#slots.get(slot.key) === slot) {
      const early = slot.early.get(slot.next)
      if (early === undefined) return
      slot.early.delete(slot.next)
      slot.earlyBytes -= early.data.length
      this.#heldBytes -= early.data.length
      slot.next += 1
      const failure = this.#appended(slot, early.data)
      const { dataLength, total, writer } = slot
      if (failure !== undefined) this.#fail(slot, failure.code, failure.detail, undefined)
      else if (writer.byteLength === dataLength || (dataLength === undefined && slot.next - 1 === total)) {
        this.#complete(slot, early.wire)
      }
    }
  }

  #complete(slot: Slot, wire: WireFrame): void {
    const { writer, total, dataLength, next } = slot
    const message = slot.message!
    const pieces = next - 1
    // Python counts bytes, or one more, in place of pieces (socketd.md §5).
    const isPython = total === dataLength || total === (dataLength ?? 0) + 1
    if (total !== undefined && total !== pieces && !isPython) {
      const detail = `${total} pieces were announced, ${pieces} make up its length`
      this.#fail(slot, 'MESSAGE_BAD_LENGTH', detail, wire)
      return
    }
    const { heldBytes } = writer
    let body: ReceivedBody
    try {
      body = writer.finish()
    } catch (error) {
      const { code, detail } = failureOf(error)
      this.#fail(slot, code, detail, wire)
      return
    }
    this.#release(slot, heldBytes)
    this.#trace.closed(message.messageKey, 'complete', null, body.byteLength, body.bytes)
    this.#owner.completed(message, body, this.#trace.nowMs)
    message.over?.(message.messageKey, message.answersKey, null)
  }

  /** False when there is none even without any other message. */
  #makeRoom(slot: Slot, byteCount: number): boolean {
    const { reassemblyBytes } = this.#limits
    while (this.#heldBytes + byteCount > reassemblyBytes) {
      let newest: Slot | undefined
      for (const other of this.#slots.values()) if (other !== slot) newest = other
      if (newest === undefined) return false
      this.#fail(newest, FULL.code, FULL.detail, undefined)
    }
    return true
  }

  #fail(slot: Slot, code: ErrorCode, detail: string, wire: WireFrame | undefined): void {
    const { message } = slot
    if (message === undefined) {
      this.#dropHeadless(slot)
      return
    }
    const streamOffset = wire?.streamOffset ?? this.#trace.streamOffset
    this.#trace.fault(code, streamOffset, 0, message.head.ref, detail)
    this.#close(slot, code, 'failed')
  }

  #close(slot: Slot, code: ErrorCode, outcome: 'failed' | 'interrupted'): void {
    const { writer } = slot
    const message = slot.message!
    const { byteLength } = writer
    this.#release(slot, writer.heldBytes)
    const body = writer.abandon()
    this.#trace.closed(message.messageKey, outcome, code, byteLength, body)
    this.#owner.failed(message, code, this.#trace.nowMs)
    message.over?.(message.messageKey, message.answersKey, code)
  }

  /** Pieces whose first one never came. */
  #dropHeadless(slot: Slot): void {
    const lostBytes = slot.earlyBytes
    const sid = slot.key.slice(slot.key.indexOf(' ') + 1)
    this.#release(slot, 0)
    const detail = `${lostBytes} bytes came without the first piece of their message`
    this.#trace.fault('EARLY_DATA_DROPPED', this.#trace.streamOffset, lostBytes, sid, detail)
  }

  #release(slot: Slot, heldBytes: number): void {
    this.#slots.delete(slot.key)
    this.#ended.set(slot.key, slot.message?.messageKey ?? 0)
    this.#heldBytes -= heldBytes + slot.earlyBytes
    slot.early.clear()
    slot.earlyBytes = 0
    if (this.#slots.size === 0) this.#checkMs = Infinity
  }

  #traceFrame(
    wire: WireFrame,
    message: Incoming | undefined,
    chunkIndex: number,
    bodyOffset: number,
    payloadBytes: number,
    isLast: boolean,
  ): void {
    const { sid, kind } = wire.frame
    const extent = { frameKind: kind, ...extentOf(wire) }
    this.#trace.frame(extent, sid, message?.messageKey ?? 0, { chunkIndex, bodyOffset, payloadBytes, isLast })
  }

  #traceRepeat(wire: WireFrame, messageKey: number, { index }: Piece, firstBytes: number): void {
    const { sid, kind, data } = wire.frame
    this.#trace.frame({ frameKind: kind, ...extentOf(wire) }, sid, messageKey, {
      chunkIndex: index - 1,
      bodyOffset: (index - 1) * firstBytes,
      payloadBytes: data.length,
      isLast: false,
      isRepeat: true,
    })
  }
}

const ONLY_PIECE: Piece = { index: 1, total: 1, dataLength: undefined }

const keyOf = ({ frame: { kind, sid } }: WireFrame): string => `${kind} ${sid}`

interface Failure {
  readonly code: ErrorCode
  readonly detail: string
}

const FULL: Failure = { code: 'REASSEMBLY_FULL', detail: 'incomplete messages hold all the room there is' }

const tooLarge = (byteCount: number, mostBytes: number): Failure => ({
  code: 'MESSAGE_TOO_LARGE',
  detail: `${byteCount} bytes were announced or came, ${mostBytes} are allowed`,
})

function failureOf(error: unknown): Failure {
  const { code, message } = asConsoleError(error)
  return { code, detail: message }
}

/** Where a frame lay, for traces. */
export const extentOf = ({ streamOffset, wireBytes, startMs }: WireFrame) => ({
  streamOffset,
  wireBytes,
  startMs,
})
