import { utf8 } from '../../shared/bytes'
import { ConsoleError, type ErrorCode } from '../../shared/errors'
import { DEFAULT_PRIORITY } from '../../shared/model/trace'
import type { IncomingHead } from './dialects/dialect'
import { AnswerDesk, END_HEADER, MORE_HEADER } from './endpoint/answer-desk'
import { type AnswerTaker, PendingRequests } from './endpoint/pending-requests'
import { ReceivedRequest } from './endpoint/received-request'
import { RouteTable } from './endpoint/route-table'
import { BodyParts } from './pipe/body-parts'
import { DEFAULT_AGING_MS, DEFAULT_LATENCY_TARGET_MS, DEFAULT_LIMITS } from './pipe/limits'
import type { BodyWriter, MessageBody, ReceivedBody } from './pipe/message-body'
import type { Incoming, Pipe, PipeOwner } from './pipe/pipe'
import type {
  Answer,
  Handler,
  OutgoingFrame,
  OutgoingMessage,
  OutgoingRequest,
  OutgoingSubscription,
  PendingRequest,
  RequestGate,
  RequestServer,
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

class Stack implements StackPort, PipeOwner {
  readonly #options: StackOptions
  readonly #limits: StackLimits
  readonly #routes = new RouteTable()
  readonly #answers: AnswerDesk
  readonly #requests: PendingRequests
  readonly #pipe: Pipe
  #behind: RequestServer = this.#routes
  #gate: RequestGate | undefined
  #server: RequestServer = this.#behind
  #lastKey = 0
  #isConnected = false
  /** Above 0 while a call from outside runs that will see to waiting answers itself. */
  #depth = 0
  #lastNowMs = 0

  constructor(options: StackOptions) {
    const { dialect, codec, random } = options
    this.#options = options
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits }
    const policy: SendPolicy = {
      chunkBytes: dialect.traits.defaultChunkBytes,
      agingMs: DEFAULT_AGING_MS,
      ...options.policy,
    }
    dialect.checkChunkBytes(policy.chunkBytes)
    if (!(policy.agingMs > 0)) {
      throw new ConsoleError('OPTION_INVALID', `ageing after ${policy.agingMs} ms is no time`)
    }
    this.#requests = new PendingRequests({
      ...this.#limits,
      trace: options.onTrace,
      onTimeout: (requestKey, nowMs) => this.#pipe.cancel(requestKey, 'REQUEST_TIMEOUT', nowMs),
    })
    this.#answers = new AnswerDesk(
      { answersErrors: options.answersErrors ?? true, openRequests: this.#limits.pendingRequests },
      {
        isCurrent: (request) => this.#canAnswer(request),
        hasRoomFor: (bodyBytes, extraBytes) => this.#pipe.hasRoomFor(bodyBytes, extraBytes),
        send: (answer, requestKey, nowMs) => {
          const delivered = { ...answer, body: this.#deliverable(answer.body) }
          return this.#enqueue(delivered, nowMs, { answersKey: requestKey }).messageKey
        },
        endsAnswers: dialect.traits.endsAnswers,
        endAnswers: (requestKey, nowMs) => this.#pipe.endAnswers(requestKey, nowMs),
        fault: (...fault) => this.#traceFault(...fault),
        onWaiting: () => this.work(),
      },
    )
    const { session, checksum, compression } = options
    const line = options.line ?? { latencyTargetMs: DEFAULT_LATENCY_TARGET_MS }
    this.#pipe = dialect.createPipe(
      {
        codec,
        limits: this.#limits,
        policy,
        line,
        random,
        ...(session && { session }),
        ...(checksum && { checksum }),
        ...(compression && { compression }),
      },
      this,
    )
  }

  get queuedBytes(): number {
    return this.#pipe.queuedBytes
  }

  get confirmedOffset(): number | null {
    return this.#pipe.confirmedOffset
  }

  get isReady(): boolean {
    return this.#isConnected && this.#pipe.isReady
  }

  get isSpent(): boolean {
    return this.#pipe.isSpent
  }

  get wakeAtMs(): number | null {
    if (this.#answers.hasWaiting) return this.#lastNowMs
    const pipeMs = this.#pipe.wakeAtMs
    const requestsMs = this.#requests.wakeAtMs
    if (pipeMs === null) return requestsMs
    return requestsMs === null ? pipeMs : Math.min(pipeMs, requestsMs)
  }

  connected(nowMs: number): void {
    if (this.#isConnected) this.disconnected(nowMs, 'LINK_LOST')
    this.#lastNowMs = nowMs
    this.#isConnected = true
    this.#during(nowMs, () => this.#pipe.connected(nowMs))
  }

  disconnected(nowMs: number, code: ErrorCode): void {
    this.#lastNowMs = nowMs
    this.#during(nowMs, () => {
      this.#isConnected = false
      if (!this.#pipe.survivesLoss) this.#settleAll(code, nowMs)
      this.#pipe.disconnected(nowMs, code)
    })
  }

  farewell(nowMs: number): void {
    this.#lastNowMs = nowMs
    if (this.#isConnected) this.#pipe.farewell(nowMs)
  }

  stop(nowMs: number, code: ErrorCode): void {
    this.#lastNowMs = nowMs
    this.#during(nowMs, () => {
      this.#isConnected = false
      this.#settleAll(code, nowMs)
      this.#pipe.stop(nowMs, code)
    })
  }

  receive(bytes: Uint8Array, nowMs: number): void {
    this.#lastNowMs = nowMs
    if (!this.#isConnected) {
      const detail = 'bytes came outside a connection'
      this.#traceFault('in', 'LINK_NOT_CONNECTED', bytes.length, '', detail, nowMs)
      return
    }
    this.#during(nowMs, () => this.#pipe.receive(bytes, nowMs))
  }

  wake(nowMs: number): void {
    this.#lastNowMs = nowMs
    this.#during(nowMs, () => {
      this.#pipe.wake(nowMs)
      this.#requests.wake(nowMs)
    })
  }

  pull(nowMs: number): OutgoingFrame | undefined {
    if (!this.#isConnected) return undefined
    const frame = this.#pipe.pull(nowMs)
    this.#answers.roomChanged()
    return frame
  }

  route(route: string, handler: Handler): void {
    this.#routes.route(route, handler)
  }

  onUnrouted(handler: Handler): void {
    this.#routes.onUnrouted(handler)
  }

  serveWith(server: RequestServer): void {
    this.#behind = server
    this.#server = this.#gated
  }

  serveThrough(gate: RequestGate): void {
    this.#gate = gate
    this.#server = this.#gated
  }

  get #gated(): RequestServer {
    const [gate, behind] = [this.#gate, this.#behind]
    if (gate === undefined) return behind
    return {
      serve: (request, outcome) => gate.serve(request, outcome, behind),
      bodyWriter: (head) => gate.bodyWriter(head) ?? behind.bodyWriter?.(head),
    }
  }

  send(message: OutgoingMessage, nowMs: number): { readonly messageKey: number; readonly ref: string } {
    const isRequest = message.kind === 'request'
    const correlationId = message.correlationId ?? (isRequest ? this.#drawCorrelationId() : '')
    const { messageKey, ref } = this.#enqueue({ ...message, correlationId }, nowMs)
    if (isRequest && correlationId !== '') this.#requests.addUnawaited(correlationId, messageKey)
    return { messageKey, ref }
  }

  request(request: OutgoingRequest, nowMs: number): PendingRequest {
    let taker: AnswerTaker | undefined
    const answer = new Promise<Answer>((resolve, reject) => {
      taker = {
        wantsMany: false,
        answer: (first) => {
          resolve(first)
          return true
        },
        end: (error) => {
          if (error !== null) reject(error)
        },
      }
    })
    const sent = this.#ask(request, taker!, nowMs)
    // Whoever is not interested in the outcome must not bring the process down by not listening.
    answer.catch(() => undefined)
    return { ...sent, answer }
  }

  subscribe(
    subscription: OutgoingSubscription,
    nowMs: number,
  ): { readonly messageKey: number; readonly ref: string } {
    return this.#ask(
      subscription,
      {
        wantsMany: true,
        answer: (answer) => subscription.onAnswer(answer),
        end: (error) => subscription.onEnd(error),
      },
      nowMs,
    )
  }

  consumed(messageKey: number, byteCount: number, nowMs: number): void {
    this.#lastNowMs = nowMs
    this.#pipe.consumed(messageKey, byteCount, nowMs)
  }

  cancel(messageKey: number, nowMs: number): boolean {
    this.#lastNowMs = nowMs
    const ref = this.#requests.wantsMany(messageKey) ? this.#requests.refOf(messageKey) : undefined
    const wasQueued = this.#pipe.cancel(messageKey, 'MESSAGE_CANCELLED', nowMs)
    const wasAwaited = this.#requests.fail(
      messageKey,
      'REQUEST_CANCELLED',
      'the request was cancelled here',
      nowMs,
    )
    // Of one answer nobody is told that it is not wanted: it is cheaper to ignore it.
    if (ref !== undefined && !wasQueued) this.#pipe.declineAnswers(messageKey, ref, nowMs)
    return wasQueued || wasAwaited
  }

  // What the pipe asks and tells.

  drawKey(): number {
    return ++this.#lastKey
  }

  trace(event: Parameters<PipeOwner['trace']>[0]): void {
    this.#options.onTrace(event)
    if (event.type === 'message-closed' && event.dir === 'out') this.#answers.left(event.messageKey)
  }

  answersKey(head: IncomingHead): number {
    return this.#requests.keyOf(head.correlationId)
  }

  answerBegan(requestKey: number): void {
    this.#requests.answerBegan(requestKey)
  }

  bodyWriter({ head, answersKey }: Incoming): BodyWriter {
    const claimed =
      answersKey === 0 ? this.#server.bodyWriter?.(head) : this.#requests.answerBody(answersKey, head)
    return claimed ?? this.#options.store?.open(head) ?? new BodyParts()
  }

  completed(message: Incoming, body: ReceivedBody, nowMs: number): void {
    const { head, answersKey } = message
    if (answersKey !== 0 || head.kind === 'response') this.#answered(message, body, nowMs)
    else {
      const request = new ReceivedRequest(message, body, this.#pipe.session, this.#answers)
      this.#answers.serve(request, this.#server)
    }
  }

  failed({ answersKey }: Incoming, code: ErrorCode, nowMs: number): void {
    if (answersKey === 0) return
    const isCancelled = code === 'MESSAGE_CANCELLED'
    const message = isCancelled ? 'the peer cancelled its answer' : 'the answer did not arrive whole'
    this.#requests.fail(answersKey, isCancelled ? 'REQUEST_CANCELLED' : code, message, nowMs)
  }

  answersEnded(requestKey: number, code: ErrorCode | null, nowMs: number): void {
    if (code === null) this.#requests.end(requestKey, nowMs)
    else this.#requests.fail(requestKey, code, 'the peer ended its answers', nowMs)
  }

  progressed(messageKey: number, nowMs: number): void {
    if (this.#requests.size > 0) this.#requests.progressed(messageKey, nowMs)
  }

  lost(messageKey: number, code: ErrorCode, nowMs: number, detail?: string): void {
    this.#requests.fail(messageKey, code, detail ?? 'the peer can not answer it any more', nowMs)
  }

  waitingKey(ref: string): number {
    return this.#requests.keyOfRef(ref)
  }

  peerCancelled(ownKey: number, nowMs: number): void {
    this.#requests.fail(ownKey, 'REQUEST_CANCELLED', 'the peer cancelled the request', nowMs)
  }

  answersDeclined(incomingKey: number): void {
    this.#answers.decline(incomingKey)
  }

  work(): void {
    if (this.#depth === 0) this.#options.onWork()
  }

  #canAnswer(request: ReceivedRequest): boolean {
    if (request.session !== this.#pipe.session) return false
    return this.#isConnected || this.#pipe.survivesLoss
  }

  #settleAll(code: ErrorCode, nowMs: number): void {
    this.#requests.failAll(code, 'the connection ended before the answer came', nowMs)
    this.#answers.declineAll(code)
  }

  #ask(
    request: OutgoingRequest,
    taker: AnswerTaker,
    nowMs: number,
  ): { readonly messageKey: number; readonly ref: string } {
    if (!this.#options.dialect.traits.hasRequests) {
      throw new ConsoleError(
        'REQUESTS_UNSUPPORTED',
        `the dialect ${this.#options.dialect.name} has no answers`,
      )
    }
    this.#requests.checkRoom()
    const correlationId = this.#drawCorrelationId()
    const { route, priority, headers, answerBody } = request
    const message: OutgoingMessage = {
      route,
      kind: 'request',
      body: this.#deliverable(request.body),
      correlationId,
      ...(priority !== undefined && { priority }),
      ...(headers !== undefined && { headers }),
    }
    const isSubscription = taker.wantsMany
    const { messageKey, ref } = this.#enqueue(message, nowMs, { isAwaited: true, isSubscription })
    const timeoutMs = request.timeoutMs ?? this.#limits.requestTimeoutMs
    this.#requests.add(
      { requestKey: messageKey, ref, correlationId, route, timeoutMs, ...(answerBody && { answerBody }) },
      taker,
      nowMs,
    )
    return { messageKey, ref }
  }

  #enqueue(
    message: OutgoingMessage,
    nowMs: number,
    role: {
      readonly answersKey?: number
      readonly isAwaited?: boolean
      readonly isSubscription?: boolean
    } = {},
  ): { readonly messageKey: number; readonly ref: string } {
    this.#lastNowMs = nowMs
    const { body, route, kind, chunkBytes } = message
    const bodyBytes = body.byteLength
    if (bodyBytes > this.#limits.messageBytes) {
      throw new ConsoleError(
        'MESSAGE_TOO_LARGE',
        `the body has ${bodyBytes} bytes, ${this.#limits.messageBytes} are allowed`,
        { limit: this.#limits.messageBytes },
      )
    }
    const head = {
      ref: message.ref ?? this.#pipe.drawRef(),
      route,
      kind,
      priority: message.priority ?? DEFAULT_PRIORITY,
      correlationId: message.correlationId ?? '',
      headers: message.headers ?? {},
      bodyBytes,
      isSubscription: role.isSubscription ?? false,
    }
    const messageKey = this.#lastKey + 1
    const { answersKey = 0, isAwaited = false } = role
    this.#pipe.send(
      { messageKey, head, body, isAwaited, answersKey, ...(chunkBytes !== undefined && { chunkBytes }) },
      nowMs,
    )
    this.#lastKey = messageKey
    return { messageKey, ref: head.ref }
  }

  #answered({ head, answersKey, messageKey }: Incoming, received: ReceivedBody, nowMs: number): void {
    const { ref, route, headers, correlationId } = head
    const { bytes: body, byteLength: bodyBytes, stored } = received
    const answer = { messageKey, ref, route, headers, body, bodyBytes, stored }
    const isOneOfMany = this.#requests.wantsMany(answersKey)
    if (isOneOfMany && headers[END_HEADER] === true && stored === null && saysNothing(body)) {
      this.#requests.end(answersKey, nowMs)
      return
    }
    const hasMore = headers[MORE_HEADER] === true && !this.#options.dialect.traits.endsAnswers
    const unwantedRef = hasMore && !isOneOfMany ? this.#requests.refOf(answersKey) : undefined
    const outcome = this.#requests.answer(correlationId, answer, hasMore, nowMs)
    // A stream of answers to somebody who asked for one: it would go on for ever.
    if (unwantedRef !== undefined) this.#pipe.declineAnswers(answersKey, unwantedRef, nowMs)
    if (outcome === 'taken') this.#pipe.consumed(answersKey, bodyBytes, nowMs)
    else if (outcome !== 'kept') stored?.release()
    const { endsAnswers } = this.#options.dialect.traits
    if (isOneOfMany && !endsAnswers && headers[MORE_HEADER] !== true) this.#requests.end(answersKey, nowMs)
    if (outcome !== 'unexpected') return
    const detail = answersKey === 0 ? 'it names no request of ours' : 'the request does not wait any more'
    this.#traceFault('in', 'ANSWER_UNMATCHED', 0, ref, detail, nowMs)
  }

  #during(nowMs: number, run: () => void): void {
    this.#depth += 1
    try {
      run()
      if (this.#depth === 1) this.#answers.flush(nowMs)
    } finally {
      this.#depth -= 1
    }
  }

  #deliverable(body: MessageBody): MessageBody {
    const { deliversEmptyBodies, hasRequests } = this.#options.dialect.traits
    return body.byteLength > 0 || deliversEmptyBodies || !hasRequests ? body : NOTHING_SAID
  }

  #drawCorrelationId(): string {
    for (let draw = 0; draw < MAX_DRAWS; draw++) {
      const correlationId = this.#pipe.drawCorrelationId()
      if (this.#requests.keyOf(correlationId) === 0) return correlationId
    }
    throw new ConsoleError('DUPLICATE_REF', 'no free correlation id was drawn')
  }

  #traceFault(
    dir: 'in' | 'out',
    code: ErrorCode,
    lostBytes: number,
    ref: string,
    detail: string,
    atMs: number,
  ): void {
    const streamOffset = dir === 'out' ? this.#pipe.outOffset : this.#pipe.inOffset
    this.#options.onTrace({ type: 'fault', atMs, dir, code, streamOffset, lostBytes, ref, detail })
  }
}

/** Nothing, or what stands for it where nothing can not be said. */
function saysNothing(body: Uint8Array): boolean {
  if (body.length === 0) return true
  return body.length === NOTHING_SAID.length && body.every((byte, at) => byte === NOTHING_SAID[at])
}
