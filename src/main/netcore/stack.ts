import { utf8 } from '../../shared/bytes'
import { ConsoleError, type ErrorCode } from '../../shared/errors'
import { DEFAULT_PRIORITY, type MessageOutcome } from '../../shared/model/trace'
import type { DialectCodec } from './dialects/dialect'
import { AnswerDesk } from './endpoint/answer-desk'
import { PendingRequests } from './endpoint/pending-requests'
import { ReceivedRequest } from './endpoint/received-request'
import { RouteTable } from './endpoint/route-table'
import { DEFAULT_AGING_MS, DEFAULT_LIMITS } from './pipe/limits'
import { type Outgoing, OutgoingQueue } from './pipe/outgoing-queue'
import { type Incoming, Reassembly } from './pipe/reassembly'
import type {
  Handler,
  OutgoingFrame,
  OutgoingMessage,
  OutgoingRequest,
  PendingRequest,
  SendPolicy,
  StackLimits,
  StackOptions,
  StackPort,
} from './stack-types'

/**
 * Said in an exchange where the dialect does not deliver a message without body: a peer that never sees the request, or
 * a caller that never sees the answer, would wait for nothing (netcore-lso.md §11 Q5). Python reads it as "no fields".
 * `send` says exactly what it is given.
 */
const NOTHING_SAID = utf8('{}')

/** Drawn ids that are in use are drawn again; a source that gives the same for ever is broken. */
const MAX_DRAWS = 64

/** @throws ConsoleError `CHUNK_SIZE_RANGE`, `OPTION_INVALID` when the policy cannot work. */
export const createStack = (options: StackOptions): StackPort => new Stack(options)

class Stack implements StackPort {
  readonly #options: StackOptions
  readonly #limits: StackLimits
  readonly #policy: SendPolicy
  readonly #routes = new RouteTable()
  readonly #answers: AnswerDesk
  readonly #queue: OutgoingQueue
  readonly #requests: PendingRequests
  #codec: DialectCodec
  #reassembly: Reassembly
  #lastKey = 0
  #connection = 0
  #isConnected = false
  #streamOffset = 0
  /** Above 0 while a call from outside runs that will see to waiting answers itself. */
  #depth = 0
  #lastNowMs = 0
  #tracedBytes = 0
  #tracedMessages = 0

  constructor(options: StackOptions) {
    this.#options = options
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.#policy = {
      chunkBytes: options.dialect.traits.defaultChunkBytes,
      agingMs: DEFAULT_AGING_MS,
      ...options.policy,
    }
    this.#codec = options.dialect.createCodec(options.codec)
    this.#codec.checkChunkBytes(this.#policy.chunkBytes)
    if (!(this.#policy.agingMs > 0)) {
      throw new ConsoleError('OPTION_INVALID', `ageing after ${this.#policy.agingMs} ms is no time`)
    }
    this.#queue = new OutgoingQueue({ ...this.#limits, codec: this.#codec, agingMs: this.#policy.agingMs })
    this.#requests = new PendingRequests({
      ...this.#limits,
      trace: options.onTrace,
      onTimeout: (requestKey, nowMs) => this.#giveUp(requestKey, 'REQUEST_TIMEOUT', nowMs),
    })
    this.#answers = new AnswerDesk(options.answersErrors ?? true, {
      isCurrent: (request) => this.#isConnected && request.connection === this.#connection,
      hasRoomFor: (bodyBytes, extraBytes) => this.#queue.hasRoomFor(bodyBytes, extraBytes),
      send: (answer, requestKey, nowMs) => {
        this.#enqueue({ ...answer, body: this.#deliverable(answer.body) }, nowMs, requestKey)
      },
      fault: (...fault) => this.#traceFault(...fault),
      onWaiting: () => {
        if (this.#depth === 0) options.onWork()
      },
    })
    this.#reassembly = this.#newReassembly()
  }

  get queuedBytes(): number {
    return this.#queue.queuedBytes
  }

  get isSpent(): boolean {
    return this.#reassembly.isSpent
  }

  get wakeAtMs(): number | null {
    if (this.#answers.hasWaiting) return this.#lastNowMs
    const codecMs = this.#isConnected ? this.#codec.wakeAtMs : null
    return earliest(codecMs, this.#reassembly.wakeAtMs, this.#requests.wakeAtMs)
  }

  connected(nowMs: number): void {
    if (this.#isConnected) this.disconnected(nowMs, 'LINK_LOST')
    this.#lastNowMs = nowMs
    this.#codec = this.#options.dialect.createCodec(this.#options.codec)
    this.#reassembly = this.#newReassembly()
    this.#queue.beginConnection(this.#codec, nowMs)
    this.#connection += 1
    this.#streamOffset = 0
    this.#isConnected = true
    this.#traceQueue(nowMs)
  }

  disconnected(nowMs: number, code: ErrorCode): void {
    this.#lastNowMs = nowMs
    this.#during(nowMs, () => {
      const wasConnected = this.#isConnected
      this.#isConnected = false
      this.#requests.failAll(code, 'the connection ended before the answer came', nowMs)
      if (wasConnected) {
        // First, because a packet that was cut off is no reason to call its message broken.
        this.#reassembly.interrupt(nowMs)
        this.#codec.end(nowMs, this.#reassembly)
        this.#reassembly.end(nowMs)
      }
      // Nobody waits for the answer of a request that failed, and the peer that asked is gone: neither is sent later.
      const left = this.#queue.endConnection(({ head, isAwaited }) => !isAwaited && head.kind !== 'response')
      for (const message of left) this.#traceClosed(message, 'interrupted', 'MESSAGE_INTERRUPTED', nowMs)
    })
  }

  receive(bytes: Uint8Array, nowMs: number): void {
    this.#lastNowMs = nowMs
    if (!this.#isConnected) {
      const detail = 'bytes came outside a connection'
      this.#traceFault('in', 'LINK_NOT_CONNECTED', bytes.length, '', detail, nowMs)
      return
    }
    this.#during(nowMs, () => {
      this.#reassembly.setNow(nowMs)
      this.#codec.receive(bytes, nowMs, this.#reassembly)
    })
  }

  wake(nowMs: number): void {
    this.#lastNowMs = nowMs
    this.#during(nowMs, () => {
      if (this.#isConnected) {
        this.#reassembly.setNow(nowMs)
        this.#codec.wake(nowMs, this.#reassembly)
        this.#reassembly.wake(nowMs)
      }
      this.#requests.wake(nowMs)
    })
  }

  pull(nowMs: number): OutgoingFrame | undefined {
    if (!this.#isConnected) return undefined
    for (;;) {
      const pulled = this.#queue.pull(nowMs)
      if (pulled === undefined) {
        this.#traceQueue(nowMs)
        return undefined
      }
      const { frame, messageKey, finished } = pulled
      if (this.#requests.size > 0) this.#requests.progressed(messageKey, nowMs)
      if (finished !== undefined) this.#traceClosed(finished, 'complete', null, nowMs)
      // Some dialects have no words for a head or a cancel.
      if (frame.wireBytes === 0) continue
      this.#traceQueue(nowMs)
      const streamOffset = this.#streamOffset
      this.#streamOffset += frame.wireBytes
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

  route(route: string, handler: Handler): void {
    this.#routes.route(route, handler)
  }

  onUnrouted(handler: Handler): void {
    this.#routes.onUnrouted(handler)
  }

  send(message: OutgoingMessage, nowMs: number): { readonly messageKey: number; readonly ref: string } {
    const isRequest = message.kind === 'request'
    const correlationId = message.correlationId ?? (isRequest ? this.#drawCorrelationId() : '')
    const { messageKey, head } = this.#enqueue({ ...message, correlationId }, nowMs)
    if (isRequest && correlationId !== '') this.#requests.addUnawaited(correlationId, messageKey)
    return { messageKey, ref: head.ref }
  }

  request(request: OutgoingRequest, nowMs: number): PendingRequest {
    if (!this.#options.dialect.traits.hasRequests) {
      throw new ConsoleError(
        'REQUESTS_UNSUPPORTED',
        `the dialect ${this.#options.dialect.name} has no answers`,
      )
    }
    this.#requests.checkRoom()
    const correlationId = this.#drawCorrelationId()
    const message = {
      ...request,
      kind: 'request',
      body: this.#deliverable(request.body),
      correlationId,
    } as const
    const { messageKey, head } = this.#enqueue(message, nowMs, 0, true)
    const answer = this.#requests.add(
      {
        requestKey: messageKey,
        ref: head.ref,
        correlationId,
        route: request.route,
        timeoutMs: request.timeoutMs ?? this.#limits.requestTimeoutMs,
      },
      nowMs,
    )
    return { messageKey, ref: head.ref, answer }
  }

  cancel(messageKey: number, nowMs: number): boolean {
    this.#lastNowMs = nowMs
    const wasQueued = this.#giveUp(messageKey, 'MESSAGE_CANCELLED', nowMs)
    const wasAwaited = this.#requests.fail(
      messageKey,
      'REQUEST_CANCELLED',
      'the request was cancelled here',
      nowMs,
    )
    return wasQueued || wasAwaited
  }

  /** Takes back what was not handed over of an outgoing message. False when all of it had been. */
  #giveUp(messageKey: number, code: ErrorCode, nowMs: number): boolean {
    const message = this.#queue.byKey(messageKey)
    if (message === undefined) return false
    if (this.#isConnected) this.#queue.cancel(message)
    else this.#queue.drop(message)
    this.#traceClosed(message, 'cancelled', code, nowMs)
    this.#traceQueue(nowMs)
    return true
  }

  #enqueue(message: OutgoingMessage, nowMs: number, answersKey = 0, isAwaited = false): Outgoing {
    this.#lastNowMs = nowMs
    const { body, route, kind } = message
    if (body.length > this.#limits.messageBytes) {
      throw new ConsoleError(
        'MESSAGE_TOO_LARGE',
        `the body has ${body.length} bytes, ${this.#limits.messageBytes} are allowed`,
        { limit: this.#limits.messageBytes },
      )
    }
    if (message.chunkBytes !== undefined) this.#codec.checkChunkBytes(message.chunkBytes)
    const head = {
      ref: message.ref ?? this.#drawRef(),
      route,
      kind,
      priority: message.priority ?? DEFAULT_PRIORITY,
      correlationId: message.correlationId ?? '',
      headers: message.headers ?? {},
      bodyBytes: body.length,
    }
    const messageKey = this.#lastKey + 1
    const chunkBytes = message.chunkBytes ?? this.#policy.chunkBytes
    const queued = this.#queue.add({ messageKey, head, body, chunkBytes, isAwaited }, nowMs)
    this.#lastKey = messageKey
    this.#options.onTrace({
      type: 'message-opened',
      atMs: nowMs,
      dir: 'out',
      messageKey,
      ref: head.ref,
      route,
      kind,
      priority: head.priority,
      headers: head.headers,
      correlationId: head.correlationId,
      declaredBytes: body.length,
      answersKey,
    })
    this.#traceQueue(nowMs)
    return queued
  }

  #newReassembly(): Reassembly {
    return new Reassembly(this.#limits, {
      drawKey: () => ++this.#lastKey,
      trace: this.#options.onTrace,
      answersKey: (head) => this.#requests.keyOf(head.correlationId),
      answerBegan: (requestKey) => this.#requests.answerBegan(requestKey),
      completed: (message, body, nowMs) => this.#completed(message, body, nowMs),
      failed: (message, code, nowMs) => this.#answerFailed(message, code, nowMs),
      askToStop: (ref, messageKey) => this.#queue.cancelIncoming(ref, messageKey),
      ownKey: (ref) => {
        const queued = this.#queue.byRef(ref)
        return queued?.hasBegun ? queued.messageKey : this.#requests.keyOfRef(ref)
      },
      peerCancelled: (ownKey, nowMs) => this.#peerCancelled(ownKey, nowMs),
    })
  }

  #completed(message: Incoming, body: Uint8Array, nowMs: number): void {
    const { head, answersKey, messageKey } = message
    if (answersKey !== 0 || head.kind === 'response') {
      const { ref, route, headers, correlationId } = head
      const outcome = this.#requests.answer(correlationId, { messageKey, ref, route, headers, body }, nowMs)
      if (outcome !== 'unexpected') return
      const detail = answersKey === 0 ? 'it names no request of ours' : 'the request does not wait any more'
      this.#traceFault('in', 'ANSWER_UNMATCHED', 0, ref, detail, nowMs)
      return
    }
    const request = new ReceivedRequest(message, body, this.#connection, (from, reply) =>
      this.#answers.reply(from, reply),
    )
    this.#answers.serve(request, this.#routes)
  }

  #answerFailed({ answersKey }: Incoming, code: ErrorCode, nowMs: number): void {
    if (answersKey === 0) return
    const isCancelled = code === 'MESSAGE_CANCELLED'
    const message = isCancelled ? 'the peer cancelled its answer' : 'the answer did not arrive whole'
    this.#requests.fail(answersKey, isCancelled ? 'REQUEST_CANCELLED' : code, message, nowMs)
  }

  #peerCancelled(ownKey: number, nowMs: number): void {
    const message = this.#queue.byKey(ownKey)
    if (message !== undefined) {
      this.#queue.drop(message)
      this.#traceClosed(message, 'cancelled', 'MESSAGE_CANCELLED', nowMs)
    }
    this.#requests.fail(ownKey, 'REQUEST_CANCELLED', 'the peer cancelled the request', nowMs)
  }

  #during(nowMs: number, run: () => void): void {
    this.#depth += 1
    try {
      run()
      if (this.#depth === 1) this.#answers.flush(nowMs)
    } finally {
      this.#depth -= 1
    }
    this.#traceQueue(nowMs)
  }

  #deliverable(body: Uint8Array): Uint8Array {
    const { deliversEmptyBodies, hasRequests } = this.#options.dialect.traits
    return body.length > 0 || deliversEmptyBodies || !hasRequests ? body : NOTHING_SAID
  }

  #drawCorrelationId(): string {
    for (let draw = 0; draw < MAX_DRAWS; draw++) {
      const correlationId = this.#codec.drawCorrelationId(this.#options.random)
      if (this.#requests.keyOf(correlationId) === 0) return correlationId
    }
    throw new ConsoleError('DUPLICATE_REF', 'no free correlation id was drawn')
  }

  #drawRef(): string {
    for (let draw = 0; draw < MAX_DRAWS; draw++) {
      const ref = this.#codec.drawRef(this.#options.random)
      if (!this.#queue.wasUsed(ref)) return ref
    }
    throw new ConsoleError('DUPLICATE_REF', 'no free id was drawn')
  }

  #traceClosed(message: Outgoing, outcome: MessageOutcome, code: ErrorCode | null, nowMs: number): void {
    const { messageKey, body } = message
    const bodyBytes = body.length
    this.#options.onTrace({
      type: 'message-closed',
      atMs: nowMs,
      dir: 'out',
      messageKey,
      outcome,
      code,
      bodyBytes,
      body,
    })
  }

  #traceFault(
    dir: 'in' | 'out',
    code: ErrorCode,
    lostBytes: number,
    ref: string,
    detail: string,
    atMs: number,
  ): void {
    const streamOffset = dir === 'out' ? this.#streamOffset : this.#reassembly.streamOffset
    this.#options.onTrace({
      type: 'fault',
      atMs,
      dir,
      code,
      streamOffset,
      lostBytes,
      ref,
      detail,
    })
  }

  #traceQueue(nowMs: number): void {
    const { queuedBytes, queuedMessages } = this.#queue
    if (queuedBytes === this.#tracedBytes && queuedMessages === this.#tracedMessages) return
    this.#tracedBytes = queuedBytes
    this.#tracedMessages = queuedMessages
    this.#options.onTrace({ type: 'queue', atMs: nowMs, queuedBytes, queuedMessages })
  }
}

function earliest(...times: readonly (number | null)[]): number | null {
  let first: number | null = null
  for (const time of times) if (time !== null && (first === null || time < first)) first = time
  return first
}
