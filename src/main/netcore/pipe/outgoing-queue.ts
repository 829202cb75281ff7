import { ConsoleError } from '../../../shared/errors'
import type { DialectCodec, EncodedFrame, OutgoingHead } from '../dialects/codec'
import { Fifo } from './fifo'
import { type MessageBody, sliceBody } from './message-body'
import { RecentMap } from './recent-map'
import { admit, charge, createSendOrder, pickNext, type Turn, withdraw } from './send-policy'

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
  headFrame: EncodedFrame
  turn: Turn<Entry> | undefined
  isDropped: boolean
}

type Control =
  | { readonly kind: 'head'; readonly entry: Entry }
  | {
      readonly kind: 'cancel'
      readonly frame: EncodedFrame
      readonly ref: string
      readonly messageKey: number
    }

export interface OutgoingQueueOptions {
  readonly codec: DialectCodec
  readonly agingMs: number
  /** Bytes that may wait. One larger message is taken when nothing else waits: it could never be sent otherwise. */
  readonly queuedBytes: number
  /** Ids remembered as used. */
  readonly rememberedRefs: number
}

/**
 * Messages waiting to be sent. Heads and cancels wait in one queue ahead of all data (netcore-lso.md §3); bodies are cut
 * into views, never copied, when their turn comes.
 */
export class OutgoingQueue {
  readonly #options: OutgoingQueueOptions
  readonly #control = new Fifo<Control>()
  readonly #byKey = new Map<number, Entry>()
  readonly #byRef = new Map<string, Entry>()
  readonly #usedRefs: RecentMap<true>
  #order = createSendOrder<Entry>()
  #codec: DialectCodec
  #queuedBytes = 0

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
    const used = this.#queuedBytes + extraBytes
    return used === 0 || used + bodyBytes <= this.#options.queuedBytes
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
    if (!this.hasRoomFor(headFrame.wireBytes + body.byteLength)) {
      throw new ConsoleError(
        'QUEUE_FULL',
        `${body.byteLength} bytes do not fit: ${this.#queuedBytes} of ${this.#options.queuedBytes} bytes wait already`,
        { queuedBytes: this.#queuedBytes, bodyBytes: body.byteLength },
      )
    }
    // Spelled out: a spread makes objects that are slow to build and to use.
    const entry: Entry = {
      messageKey,
      head,
      body,
      chunkBytes,
      isAwaited,
      headFrame,
      turn: undefined,
      isDropped: false,
      hasBegun: false,
      handedBytes: 0,
      handedChunks: 0,
    }
    this.#byKey.set(messageKey, entry)
    this.#byRef.set(head.ref, entry)
    this.#usedRefs.set(head.ref, true)
    this.#control.push({ kind: 'head', entry })
    this.#queuedBytes += headFrame.wireBytes + body.byteLength
    if (body.byteLength > 0) {
      const nextBytes = Math.min(chunkBytes, body.byteLength)
      entry.turn = admit(this.#order, entry, { priority: head.priority, chunkBytes, nextBytes }, nowMs)
    }
    return entry
  }

  /**
   * Takes back what was not handed over of a message and tells the peer. A head that still waits is sent all the same,
   * the cancel behind it, as the Python sender does (netcore-lso.md §7); but not the head of a message without body,
   * which is all of it and would be delivered.
   */
  cancel(message: Outgoing): void {
    const entry = this.#byKey.get(message.messageKey)
    if (entry === undefined) return
    this.#remove(entry)
    if (entry.body.byteLength === 0) this.#dropHead(entry)
    else this.#pushCancel(entry.head.ref, entry.messageKey)
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
    this.#pushCancel(ref, messageKey)
    return true
  }

  /** The next frame: heads and cancels first, then one chunk by the send policy. */
  pull(nowMs: number): Pulled | undefined {
    for (let control = this.#control.shift(); control !== undefined; control = this.#control.shift()) {
      if (control.kind === 'head' && control.entry.isDropped) continue
      return this.#pullControl(control)
    }
    const turn = pickNext(this.#order, nowMs, this.#options.agingMs)
    return turn === undefined ? undefined : this.#pullChunk(turn, nowMs)
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
    this.#control.clear()
    this.#queuedBytes = 0
    for (const entry of this.#byKey.values()) {
      this.#control.push({ kind: 'head', entry })
      this.#queuedBytes += entry.headFrame.wireBytes + entry.body.byteLength
    }
    return left
  }

  /** A new connection: what waits is said in the words of its codec. */
  beginConnection(codec: DialectCodec, nowMs: number): void {
    this.#codec = codec
    this.#queuedBytes = 0
    this.#order = createSendOrder<Entry>()
    for (const entry of this.#byKey.values()) {
      const { head, body, chunkBytes } = entry
      entry.headFrame = codec.encodeOpen(head)
      this.#queuedBytes += entry.headFrame.wireBytes + body.byteLength
      if (body.byteLength === 0) continue
      const nextBytes = Math.min(chunkBytes, body.byteLength)
      entry.turn = admit(this.#order, entry, { priority: head.priority, chunkBytes, nextBytes }, nowMs)
    }
  }

  #pullControl(control: Control): Pulled {
    if (control.kind === 'cancel') {
      const { frame, ref, messageKey } = control
      this.#queuedBytes -= frame.wireBytes
      return { frame, ref, messageKey, chunkIndex: -1, bodyOffset: 0, finished: undefined }
    }
    const { entry } = control
    const { headFrame: frame, messageKey, body } = entry
    entry.hasBegun = true
    this.#queuedBytes -= frame.wireBytes
    const finished = body.byteLength === 0 && this.#byKey.has(messageKey) ? entry : undefined
    if (finished !== undefined) this.#forget(entry)
    return { frame, ref: entry.head.ref, messageKey, chunkIndex: -1, bodyOffset: 0, finished }
  }

  #pullChunk(turn: Turn<Entry>, nowMs: number): Pulled {
    const entry = turn.message
    const { body, messageKey } = entry
    const { ref } = entry.head
    const bodyOffset = entry.handedBytes
    const end = bodyOffset + turn.nextBytes
    const isLast = end === body.byteLength
    const frame = this.#codec.encodeChunk(ref, sliceBody(body, bodyOffset, end), isLast)
    const chunkIndex = entry.handedChunks
    this.#queuedBytes -= end - bodyOffset
    entry.handedBytes = end
    entry.handedChunks += 1
    charge(this.#order, turn, Math.min(entry.chunkBytes, body.byteLength - end), nowMs)
    if (isLast) this.#forget(entry)
    return { frame, ref, messageKey, chunkIndex, bodyOffset, finished: isLast ? entry : undefined }
  }

  #pushCancel(ref: string, messageKey: number): void {
    const frame = this.#codec.encodeCancel(ref)
    this.#control.push({ kind: 'cancel', frame, ref, messageKey })
    this.#queuedBytes += frame.wireBytes
  }

  #dropHead(entry: Entry): void {
    entry.isDropped = true
    this.#queuedBytes -= entry.headFrame.wireBytes
  }

  #remove(entry: Entry): void {
    if (entry.turn !== undefined) withdraw(this.#order, entry.turn)
    this.#queuedBytes -= entry.body.byteLength - entry.handedBytes
    this.#forget(entry)
  }

  #forget(entry: Entry): void {
    entry.turn = undefined
    this.#byKey.delete(entry.messageKey)
    this.#byRef.delete(entry.head.ref)
  }
}
