import { ConsoleError } from '../../../shared/errors'
import type { Priority } from '../../../shared/model/trace'
import type { DialectCodec, EncodedFrame, OutgoingHead } from '../dialects/codec'
import { Fifo } from './fifo'
import { type MessageBody, memoryBytesOf, sliceBody } from './message-body'
import { RecentMap } from './recent-map'
import {
  admit,
  admitHead,
  charge,
  createSendOrder,
  headInTurn,
  pickNext,
  type Turn,
  withdraw,
} from './send-policy'

/** A message on its way out, with its own account. */
export interface Outgoing {
  readonly messageKey: number
  readonly head: OutgoingHead
  /** Borrowed until the message left the queue: chunks are views into it. */
  readonly body: MessageBody
  readonly chunkBytes: number
  /** Somebody waits for the answer. */
  readonly isAwaited: boolean
  /** Its head was handed over: the peer may know of it. */
  hasBegun: boolean
  handedBytes: number
  handedChunks: number
}

/** A frame to hand over. */
export interface Pulled {
  readonly frame: EncodedFrame
  readonly ref: string
  readonly messageKey: number
  readonly chunkIndex: number
  readonly bodyOffset: number
  /** Set when this frame is the last of the message. */
  readonly finished: Outgoing | undefined
}

interface Entry extends Outgoing {
  readonly kind: 'message'
  /** Place in the order of everything that was ever queued. */
  readonly serial: number
  /** Its body takes room from the others: it lies in memory, and would fit. */
  readonly isCounted: boolean
  headFrame: EncodedFrame
  headTurn: Turn<Waiting> | undefined
  turn: Turn<Waiting> | undefined
}

interface Cancel {
  readonly kind: 'cancel'
  readonly serial: number
  readonly frame: EncodedFrame
  readonly ref: string
  readonly messageKey: number
  /** Of the message that is cancelled; null when it is one of the peer's. */
  readonly priority: Priority | null
}

type Waiting = Entry | Cancel

export interface OutgoingQueueOptions {
  readonly codec: DialectCodec
  readonly agingMs: number
  /**
   * Bytes that may wait in memory. One message that is larger by itself is taken beside them, since it could never be sent
   * otherwise; bodies that do not lie in memory take no room.
   */
  readonly queuedBytes: number
  /** Ids remembered as used. */
  readonly rememberedRefs: number
}

/**
 * Messages waiting to be sent, in the order of the send policy; bodies are cut into views, never copied, when their turn
 * comes.
 *
 * Cancels go ahead of everything: what they stop is worth more than what they delay. The exception keeps the order of
 * the Python sender (netcore-lso.md §3), who has one queue for heads and cancels: while nothing more urgent waits, a
 * cancel follows the heads of its own class that were queued before it; and it never precedes the head of its message.
 */
export class OutgoingQueue {
  readonly #options: OutgoingQueueOptions
  readonly #cancels = new Fifo<Cancel>()
  readonly #byKey = new Map<number, Entry>()
  readonly #byRef = new Map<string, Entry>()
  readonly #usedRefs: RecentMap<true>
  #order = createSendOrder<Waiting>()
  #codec: DialectCodec
  #queuedBytes = 0
  /** Those of them that take room. */
  #countedBytes = 0
  /** The one message that is larger than all room. */
  #large: Entry | undefined
  #lastSerial = 0

  constructor(options: OutgoingQueueOptions) {
    this.#options = options
    this.#codec = options.codec
    this.#usedRefs = new RecentMap(options.rememberedRefs)
  }

  /** Body bytes not handed over, and the bytes of heads and cancels that wait. */
  get queuedBytes(): number {
    return this.#queuedBytes
  }

  get queuedMessages(): number {
    return this.#byKey.size
  }

  /** @param extraBytes - More that is already promised to this queue. */
  hasRoomFor(bodyBytes: number, extraBytes = 0): boolean {
    const { queuedBytes } = this.#options
    if (bodyBytes > queuedBytes) return this.#large === undefined && extraBytes <= queuedBytes
    return this.#countedBytes + extraBytes + bodyBytes <= queuedBytes
  }

  byKey(messageKey: number): Outgoing | undefined {
    return this.#byKey.get(messageKey)
  }

  byRef(ref: string): Outgoing | undefined {
    return this.#byRef.get(ref)
  }

  wasUsed(ref: string): boolean {
    return this.#usedRefs.has(ref) || this.#byRef.has(ref)
  }

  /**
   * @throws ConsoleError `QUEUE_FULL`, `DUPLICATE_REF`, or what the codec throws (`HEAD_TOO_LARGE`, `HEAD_NOT_ENCODABLE`,
   *   `MESSAGE_TOO_LARGE`): nothing was queued.
   */
  add(
    message: Pick<Outgoing, 'messageKey' | 'head' | 'body' | 'chunkBytes' | 'isAwaited'>,
    nowMs: number,
  ): Outgoing {
    const { head, body, chunkBytes, messageKey, isAwaited } = message
    if (this.wasUsed(head.ref)) {
      throw new ConsoleError('DUPLICATE_REF', `the id "${head.ref}" was used before`, { ref: head.ref })
    }
    const headFrame = this.#codec.encodeOpen(head)
    const neededBytes = headFrame.wireBytes + memoryBytesOf(body)
    const isLarge = neededBytes > this.#options.queuedBytes
    if (!this.hasRoomFor(neededBytes)) throw this.#full(body.byteLength, isLarge)
    // Spelled out: a spread makes objects that are slow to build and to use.
    const entry: Entry = {
      kind: 'message',
      serial: ++this.#lastSerial,
      isCounted: !isLarge && body instanceof Uint8Array,
      messageKey,
      head,
      body,
      chunkBytes,
      isAwaited,
      headFrame,
      headTurn: undefined,
      turn: undefined,
      hasBegun: false,
      handedBytes: 0,
      handedChunks: 0,
    }
    this.#byKey.set(messageKey, entry)
    this.#byRef.set(head.ref, entry)
    this.#usedRefs.set(head.ref, true)
    if (isLarge) this.#large = entry
    this.#count(entry)
    this.#admit(entry, nowMs)
    return entry
  }

  /**
   * Takes back what was not handed over of a message and tells the peer. A head that still waits is sent all the same,
   * the cancel behind it, as the Python sender does (netcore-lso.md §7); but not the head of a message without body,
   * which is all of it and would be delivered.
   */
  cancel(message: Outgoing, nowMs: number): void {
    const entry = this.#byKey.get(message.messageKey)
    if (entry === undefined) return
    this.#remove(entry)
    if (entry.body.byteLength === 0) {
      this.#dropHead(entry)
      return
    }
    const { ref, priority } = entry.head
    const cancel = this.#newCancel(ref, entry.messageKey, priority)
    if (entry.hasBegun) this.#cancels.push(cancel)
    else admitHead(this.#order, cancel, { priority, wireBytes: cancel.frame.wireBytes }, nowMs)
  }

  /** Takes back what was not handed over of a message whose peer does not want it. Nothing is sent. */
  drop(message: Outgoing): void {
    const entry = this.#byKey.get(message.messageKey)
    if (entry === undefined) return
    this.#remove(entry)
    if (!entry.hasBegun) this.#dropHead(entry)
  }

  /** Asks the peer to stop sending `ref`. False when the queue is full: then it is not asked. */
  cancelIncoming(ref: string, messageKey: number): boolean {
    if (!this.hasRoomFor(0)) return false
    this.#cancels.push(this.#newCancel(ref, messageKey, null))
    return true
  }

  /** The next frame: cancels first, then a head or a chunk by the send policy. */
  pull(nowMs: number): Pulled | undefined {
    const cancel = this.#cancels.peek()
    if (cancel !== undefined) {
      const older = cancel.priority === null ? undefined : headInTurn(this.#order, cancel.priority)
      if (older !== undefined && older.message.serial < cancel.serial) return this.#pullHead(older, nowMs)
      this.#cancels.shift()
      return this.#pullCancel(cancel)
    }
    const turn = pickNext(this.#order, nowMs, this.#options.agingMs)
    if (turn === undefined) return undefined
    return turn.isHead ? this.#pullHead(turn, nowMs) : this.#pullChunk(turn, nowMs)
  }

  /**
   * The connection ended. Messages that had begun leave, and so do those that only made sense on it; the others stay and
   * will begin again. Returns those that left.
   */
  endConnection(makesSenseLater: (message: Outgoing) => boolean): Outgoing[] {
    const left: Outgoing[] = []
    for (const entry of [...this.#byKey.values()]) {
      if (!entry.hasBegun && makesSenseLater(entry)) continue
      this.#remove(entry)
      left.push(entry)
    }
    this.#cancels.clear()
    this.#order = createSendOrder()
    this.#forgetCounts()
    for (const entry of this.#byKey.values()) {
      entry.headTurn = undefined
      entry.turn = undefined
      this.#count(entry)
    }
    return left
  }

  /** A new connection: what waits is said in the words of its codec. */
  beginConnection(codec: DialectCodec, nowMs: number): void {
    this.#codec = codec
    this.#forgetCounts()
    this.#cancels.clear()
    this.#order = createSendOrder()
    for (const entry of this.#byKey.values()) {
      entry.headFrame = codec.encodeOpen(entry.head)
      this.#count(entry)
      this.#admit(entry, nowMs)
    }
  }

  #admit(entry: Entry, nowMs: number): void {
    const { head, body, chunkBytes, headFrame } = entry
    const { priority } = head
    entry.headTurn = admitHead(this.#order, entry, { priority, wireBytes: headFrame.wireBytes }, nowMs)
    if (body.byteLength === 0) return
    const nextBytes = Math.min(chunkBytes, body.byteLength)
    entry.turn = admit(this.#order, entry, { priority, chunkBytes, nextBytes }, nowMs)
  }

  #pullCancel({ frame, ref, messageKey }: Cancel): Pulled {
    this.#headLeft(frame)
    return { frame, ref, messageKey, chunkIndex: -1, bodyOffset: 0, finished: undefined }
  }

  #pullHead(turn: Turn<Waiting>, nowMs: number): Pulled {
    charge(this.#order, turn, 0, nowMs)
    if (turn.message.kind === 'cancel') return this.#pullCancel(turn.message)
    const entry = turn.message
    const { headFrame: frame, messageKey, body } = entry
    entry.hasBegun = true
    entry.headTurn = undefined
    this.#headLeft(frame)
    const finished = body.byteLength === 0 && this.#byKey.has(messageKey) ? entry : undefined
    if (finished !== undefined) this.#forget(entry)
    return { frame, ref: entry.head.ref, messageKey, chunkIndex: -1, bodyOffset: 0, finished }
  }

  #pullChunk(turn: Turn<Waiting>, nowMs: number): Pulled {
    const entry = turn.message as Entry // a cancel has no chunks
    const { body, messageKey } = entry
    const { ref } = entry.head
    const bodyOffset = entry.handedBytes
    const end = bodyOffset + turn.nextBytes
    const isLast = end === body.byteLength
    const frame = this.#codec.encodeChunk(ref, sliceBody(body, bodyOffset, end), isLast)
    const chunkIndex = entry.handedChunks
    this.#bodyLeft(entry, end - bodyOffset)
    entry.handedBytes = end
    entry.handedChunks += 1
    charge(this.#order, turn, Math.min(entry.chunkBytes, body.byteLength - end), nowMs)
    if (isLast) this.#forget(entry)
    return { frame, ref, messageKey, chunkIndex, bodyOffset, finished: isLast ? entry : undefined }
  }

  #newCancel(ref: string, messageKey: number, priority: Priority | null): Cancel {
    const frame = this.#codec.encodeCancel(ref)
    this.#queuedBytes += frame.wireBytes
    this.#countedBytes += frame.wireBytes
    return { kind: 'cancel', serial: ++this.#lastSerial, frame, ref, messageKey, priority }
  }

  #dropHead(entry: Entry): void {
    if (entry.headTurn !== undefined) withdraw(this.#order, entry.headTurn)
    entry.headTurn = undefined
    this.#headLeft(entry.headFrame)
  }

  #remove(entry: Entry): void {
    if (entry.turn !== undefined) withdraw(this.#order, entry.turn)
    this.#bodyLeft(entry, entry.body.byteLength - entry.handedBytes)
    this.#forget(entry)
  }

  #forget(entry: Entry): void {
    entry.turn = undefined
    if (entry === this.#large) this.#large = undefined
    this.#byKey.delete(entry.messageKey)
    this.#byRef.delete(entry.head.ref)
  }

  #count({ headFrame, body, isCounted }: Entry): void {
    this.#queuedBytes += headFrame.wireBytes + body.byteLength
    this.#countedBytes += headFrame.wireBytes + (isCounted ? body.byteLength : 0)
  }

  #forgetCounts(): void {
    this.#queuedBytes = 0
    this.#countedBytes = 0
  }

  #headLeft({ wireBytes }: EncodedFrame): void {
    this.#queuedBytes -= wireBytes
    this.#countedBytes -= wireBytes
  }

  #bodyLeft(entry: Entry, byteCount: number): void {
    this.#queuedBytes -= byteCount
    if (entry.isCounted) this.#countedBytes -= byteCount
  }

  #full(bodyBytes: number, isLarge: boolean): ConsoleError {
    const { queuedBytes } = this.#options
    const why = isLarge
      ? `a message of more than ${queuedBytes} bytes waits already`
      : `${this.#countedBytes} of ${queuedBytes} bytes wait already`
    return new ConsoleError('QUEUE_FULL', `${bodyBytes} bytes do not fit: ${why}`, {
      queuedBytes: this.#queuedBytes,
      bodyBytes,
    })
  }
}
