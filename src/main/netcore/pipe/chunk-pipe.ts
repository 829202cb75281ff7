import { ConsoleError, type ErrorCode } from '../../../shared/errors'
import type { CodecDialect, DialectCodec } from '../dialects/dialect'
import { guardBody, UnreadableBody } from './guarded-body'
import { type Outgoing, OutgoingQueue, type Pulled } from './outgoing-queue'
import { OutgoingTrace } from './outgoing-trace'
import type { OutgoingFrame, Pipe, PipeMessage, PipeOptions, PipeOwner } from './pipe'
import { Reassembly } from './reassembly'

/** Drawn ids that are in use are drawn again; a source that gives the same for ever is broken. */
const MAX_DRAWS = 64

/**
 * The pipe of dialects that neither number nor repeat their chunks: what a connection did not carry whole is lost with
 * it, and a frame handed over counts as sent.
 */
export class ChunkPipe implements Pipe {
  readonly #dialect: CodecDialect
  readonly #options: PipeOptions
  readonly #owner: PipeOwner
  readonly #queue: OutgoingQueue
  readonly #trace: OutgoingTrace
  #codec: DialectCodec
  #reassembly: Reassembly
  #isConnected = false
  #outOffset = 0
  #session = 0

  constructor(dialect: CodecDialect, options: PipeOptions, owner: PipeOwner) {
    const { limits, policy } = options
    this.#dialect = dialect
    this.#options = options
    this.#owner = owner
    this.#codec = dialect.createCodec(options.codec)
    this.#queue = new OutgoingQueue({ ...limits, codec: this.#codec, agingMs: policy.agingMs })
    this.#trace = new OutgoingTrace((event) => owner.trace(event))
    this.#reassembly = this.#newReassembly()
  }

  get queuedBytes(): number {
    return this.#queue.queuedBytes
  }

  get queuedMessages(): number {
    return this.#queue.queuedMessages
  }

  get isSpent(): boolean {
    return this.#reassembly.isSpent
  }

  get session(): number {
    return this.#session
  }

  get outOffset(): number {
    return this.#outOffset
  }

  get inOffset(): number {
    return this.#reassembly.streamOffset
  }

  get confirmedOffset(): null {
    return null
  }

  get survivesLoss(): false {
    return false
  }

  get isReady(): boolean {
    return this.#isConnected
  }

  get wakeAtMs(): number | null {
    if (!this.#isConnected) return null
    const codecMs = this.#codec.wakeAtMs
    const reassemblyMs = this.#reassembly.wakeAtMs
    if (codecMs === null) return reassemblyMs
    return reassemblyMs === null ? codecMs : Math.min(codecMs, reassemblyMs)
  }

  connected(nowMs: number): void {
    this.#codec = this.#dialect.createCodec(this.#options.codec)
    this.#reassembly = this.#newReassembly()
    this.#queue.beginConnection(this.#codec, nowMs)
    this.#session += 1
    this.#outOffset = 0
    this.#isConnected = true
    this.#traceQueue(nowMs)
  }

  disconnected(nowMs: number): void {
    if (this.#isConnected) {
      this.#isConnected = false
      // First, because a packet that was cut off is no reason to call its message broken.
      this.#reassembly.interrupt(nowMs)
      this.#codec.end(nowMs, this.#reassembly)
      this.#reassembly.end(nowMs)
    }
    // Nobody waits for the answer of a request that failed, and the peer that asked is gone: neither is sent later.
    this.#leave(({ head, isAwaited }) => !isAwaited && head.kind !== 'response', nowMs)
  }

  stop(nowMs: number): void {
    this.disconnected(nowMs)
    this.#leave(() => false, nowMs)
  }

  farewell(): void {
    // There is no such word here.
  }

  receive(bytes: Uint8Array, nowMs: number): void {
    this.#reassembly.setNow(nowMs)
    this.#codec.receive(bytes, nowMs, this.#reassembly)
    this.#traceQueue(nowMs)
  }

  wake(nowMs: number): void {
    if (!this.#isConnected) return
    this.#reassembly.setNow(nowMs)
    this.#codec.wake(nowMs, this.#reassembly)
    this.#reassembly.wake(nowMs)
    this.#traceQueue(nowMs)
  }

  pull(nowMs: number): OutgoingFrame | undefined {
    if (!this.#isConnected) return undefined
    for (;;) {
      const pulled = this.#nextReadable(nowMs)
      if (pulled === undefined) {
        this.#traceQueue(nowMs)
        return undefined
      }
      const { frame, messageKey, finished } = pulled
      this.#owner.progressed(messageKey, nowMs)
      if (finished !== undefined) this.#trace.closed(finished, 'complete', null, nowMs)
      // Some dialects have no words for a head or a cancel.
      if (frame.wireBytes === 0) continue
      this.#traceQueue(nowMs)
      const streamOffset = this.#outOffset
      this.#outOffset += frame.wireBytes
      return {
        frameKind: frame.frameKind,
        parts: frame.parts,
        wireBytes: frame.wireBytes,
        payloadBytes: frame.payloadBytes,
        ref: pulled.ref,
        messageKey,
        chunkIndex: pulled.chunkIndex,
        bodyOffset: pulled.bodyOffset,
        isLast: finished !== undefined,
        streamOffset,
      }
    }
  }

  send(message: PipeMessage, nowMs: number): void {
    const { messageKey, head, isAwaited } = message
    if (message.chunkBytes !== undefined) this.#dialect.checkChunkBytes(message.chunkBytes)
    const chunkBytes = message.chunkBytes ?? this.#options.policy.chunkBytes
    const body = guardBody(message.body, messageKey)
    this.#queue.add({ messageKey, head, body, chunkBytes, isAwaited }, nowMs)
    this.#trace.opened(message, nowMs)
    this.#traceQueue(nowMs)
  }

  cancel(messageKey: number, code: ErrorCode, nowMs: number): boolean {
    const message = this.#queue.byKey(messageKey)
    if (message === undefined) return false
    if (this.#isConnected) this.#queue.cancel(message, nowMs)
    else this.#queue.drop(message)
    this.#trace.closed(message, 'cancelled', code, nowMs)
    this.#traceQueue(nowMs)
    return true
  }

  declineAnswers(requestKey: number, ref: string, nowMs: number): void {
    if (!this.#isConnected) return
    this.#queue.cancelIncoming(ref, requestKey)
    this.#traceQueue(nowMs)
  }

  consumed(): void {
    // These dialects have no credit: whatever comes has to be taken.
  }

  endAnswers(): void {
    // There is no such word here: headers say it.
  }

  hasRoomFor(bodyBytes: number, extraBytes = 0): boolean {
    return this.#queue.hasRoomFor(bodyBytes, extraBytes)
  }

  drawRef(): string {
    for (let draw = 0; draw < MAX_DRAWS; draw++) {
      const ref = this.#codec.drawRef(this.#options.random)
      if (!this.#queue.wasUsed(ref)) return ref
    }
    throw new ConsoleError('DUPLICATE_REF', 'no free id was drawn')
  }

  drawCorrelationId(): string {
    return this.#codec.drawCorrelationId(this.#options.random)
  }

  /** The next frame of a body that can be read; one that can not takes its message with it, and nothing else. */
  #nextReadable(nowMs: number): Pulled | undefined {
    for (;;) {
      try {
        return this.#queue.pull(nowMs)
      } catch (error) {
        if (!(error instanceof UnreadableBody)) throw error
        this.#giveUp(error, nowMs)
      }
    }
  }

  #giveUp({ messageKey, problem }: UnreadableBody, nowMs: number): void {
    const message = this.#queue.byKey(messageKey)!
    const { ref } = message.head
    const { code, message: detail } = problem
    const lostBytes = message.body.byteLength - message.handedBytes
    const streamOffset = this.#outOffset
    this.#owner.trace({ type: 'fault', atMs: nowMs, dir: 'out', code, streamOffset, lostBytes, ref, detail })
    this.#queue.cancel(message, nowMs)
    this.#trace.closed(message, 'failed', code, nowMs)
    this.#owner.lost(messageKey, code, nowMs, detail)
  }

  #leave(makesSenseLater: (message: Outgoing) => boolean, nowMs: number): void {
    for (const message of this.#queue.endConnection(makesSenseLater)) {
      this.#trace.closed(message, 'interrupted', 'MESSAGE_INTERRUPTED', nowMs)
    }
    this.#traceQueue(nowMs)
  }

  #newReassembly(): Reassembly {
    const owner = this.#owner
    const { limits } = this.#options
    const rememberedRefs = this.#dialect.traits.neverReusesRefs === true ? 0 : limits.rememberedRefs
    return new Reassembly(
      { ...limits, rememberedRefs },
      {
        drawKey: () => owner.drawKey(),
        trace: (event) => owner.trace(event),
        answersKey: (head) => owner.answersKey(head),
        answerBegan: (requestKey) => owner.answerBegan(requestKey),
        bodyWriter: (message) => owner.bodyWriter(message),
        completed: (message, body, nowMs) => owner.completed(message, body, nowMs),
        failed: (message, code, nowMs) => owner.failed(message, code, nowMs),
        askToStop: (ref, messageKey) => this.#queue.cancelIncoming(ref, messageKey),
        ownKey: (ref) => {
          const queued = this.#queue.byRef(ref)
          return queued?.hasBegun ? queued.messageKey : owner.waitingKey(ref)
        },
        peerCancelled: (ownKey, nowMs) => this.#peerCancelled(ownKey, nowMs),
        answersDeclined: (incomingKey, nowMs) => owner.answersDeclined(incomingKey, nowMs),
      },
    )
  }

  #peerCancelled(ownKey: number, nowMs: number): void {
    const message = this.#queue.byKey(ownKey)
    if (message !== undefined) {
      this.#queue.drop(message)
      this.#trace.closed(message, 'cancelled', 'MESSAGE_CANCELLED', nowMs)
    }
    this.#owner.peerCancelled(ownKey, nowMs)
  }

  #traceQueue(nowMs: number): void {
    this.#trace.queue(this.#queue.queuedBytes, this.#queue.queuedMessages, nowMs)
  }
}
