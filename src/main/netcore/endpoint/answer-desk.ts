import { asConsoleError, ConsoleError, type ErrorCode } from '../../../shared/errors'
import { STATUS_ERROR, STATUS_HEADER } from '../../../shared/model/peer-error'
import { Fifo } from '../pipe/fifo'
import { memoryBytesOf } from '../pipe/message-body'
import type { IncomingRequest, OutgoingMessage, Reply, RequestOutcome, RequestServer } from '../stack-types'
import { AnswersAhead } from './answers-ahead'
import { errorReply } from './error-answer'
import { OpenRequests } from './open-requests'
import { ReceivedRequest, type ReplyPort } from './received-request'
import { RoomWaiters } from './room-waiters'
import { faultCodeOf, type ToldError, toldOf, UntoldFailure } from './told-error'

/** What the desk needs of the stack. */
export interface AnswerDeskPort {
  /** True while answers can be sent to whoever asked. */
  isCurrent(request: ReceivedRequest): boolean
  hasRoomFor(bodyBytes: number, extraBytes: number): boolean
  /** @returns its message key. @throws ConsoleError what `StackPort.send` throws. */
  send(answer: OutgoingMessage, requestKey: number, nowMs: number): number
  /** The dialect says in its own words that no further answer follows. */
  readonly endsAnswers: boolean
  endAnswers(requestKey: number, nowMs: number): void
  fault(
    dir: 'in' | 'out',
    code: ErrorCode,
    lostBytes: number,
    ref: string,
    detail: string,
    nowMs: number,
  ): void
  /** The first answer waits, so that `flush` is wanted. */
  onWaiting(): void
}

type Waiting =
  | {
      readonly kind: 'reply'
      readonly request: ReceivedRequest
      readonly reply: Reply
      /** There was room for it when it was given: it is not dropped when there turns out to be none. */
      readonly isPromised: boolean
    }
  | { readonly kind: 'error'; readonly request: ReceivedRequest; readonly told: ToldError }
  | { readonly kind: 'end'; readonly request: ReceivedRequest }
  /** The handler is done: its stored body is not needed any more, once what it answered before is in the pipe. */
  | { readonly kind: 'release'; readonly request: ReceivedRequest }
  | { readonly kind: 'fault'; readonly request: ReceivedRequest; readonly error: unknown }

/**
 * Headers of one of several answers in dialects without words for it: `more` says that others follow, `end` that none
 * does although the answer before it had `more`; an answer with `end` and no fields is no answer by itself.
 */
export const MORE_HEADER = 'more'
export const END_HEADER = 'end'

/**
 * Takes the answers of handlers, whenever they come, and sends them when it is told the time. What cannot be sent is
 * never dropped in silence: the operator sees a fault, and the asker gets an error answer where one can help.
 */
export class AnswerDesk implements ReplyPort, RequestOutcome {
  readonly #port: AnswerDeskPort
  readonly #answersErrors: boolean
  readonly #open: OpenRequests
  readonly #waiting = new Fifo<Waiting>()
  readonly #roomWaiters = new RoomWaiters<ReceivedRequest>()
  readonly #ahead = new AnswersAhead()
  /** Requests of which an answer could not be sent: what is still to be said of them is that. */
  readonly #failed = new WeakSet<ReceivedRequest>()
  #waitingBytes = 0
  /** The first that waits found the queue full: all wait until something has left it. */
  #isHeld = false

  constructor(
    options: { readonly answersErrors: boolean; readonly openRequests: number },
    port: AnswerDeskPort,
  ) {
    this.#answersErrors = options.answersErrors
    this.#open = new OpenRequests(options.openRequests)
    this.#port = port
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0 && !this.#isHeld
  }

  /** Hands a request to whoever serves it. */
  serve(request: ReceivedRequest, server: RequestServer): void {
    if (request.isAnswerable) this.#open.add(request)
    if (server.serve(request, this)) return
    this.#open.done(request)
    this.#handled(request)
    if (!request.isAnswerable) return
    const error = new ConsoleError('ROUTE_UNKNOWN', `there is no handler for the route "${request.route}"`)
    this.#addFailure(request, error)
  }

  finished(from: IncomingRequest, reply: Reply | undefined): void {
    const request = ownRequest(from)
    if (request.unwanted?.code !== 'REQUEST_CANCELLED') {
      if (reply !== undefined) {
        this.#add({ kind: 'reply', request, reply, isPromised: this.#hasRoomFor(memoryBytesOf(reply.body)) })
      } else if (request.isSubscription && request.unwanted === undefined) this.#add({ kind: 'end', request })
    }
    this.#handled(request)
  }

  failed(from: IncomingRequest, error: unknown): void {
    const request = ownRequest(from)
    this.#handled(request)
    if (request.unwanted?.code === 'REQUEST_CANCELLED') return
    this.#open.done(request)
    this.#addFailure(request, error)
  }

  /** @throws ConsoleError `LINK_LOST`, `REQUEST_CANCELLED`, `QUEUE_FULL`: to the handler that called `reply`. */
  reply(request: ReceivedRequest, reply: Reply): void {
    this.#checkWanted(request)
    if (!this.#hasRoomFor(memoryBytesOf(reply.body))) {
      throw new ConsoleError('QUEUE_FULL', `an answer of ${reply.body.byteLength} bytes does not fit`)
    }
    this.#add({ kind: 'reply', request, reply, isPromised: true })
  }

  end(request: ReceivedRequest): void {
    this.#checkWanted(request)
    this.#add({ kind: 'end', request })
  }

  whenRoom(request: ReceivedRequest, bodyBytes: number): Promise<void> {
    const refusal = this.#refusalOf(request)
    if (refusal !== undefined) return Promise.reject(refusal)
    const hasRoom = this.#hasRoomFor(bodyBytes) && this.#ahead.hasRoomFor(request, bodyBytes)
    return hasRoom ? Promise.resolve() : this.#roomWaiters.wait(request, bodyBytes)
  }

  /** To be called when something left the queue. */
  roomChanged(): void {
    this.#goOn()
    this.#letOn()
  }

  /** A message of ours left the queue, whatever became of it. */
  left(messageKey: number): void {
    if (this.#ahead.left(messageKey)) this.#letOn()
  }

  /** The peer does not want (further) answers to this request. */
  decline(requestKey: number): void {
    const request = this.#open.decline(requestKey)
    if (request !== undefined) this.#refuseWaiters()
  }

  /** Nobody who asked before can be answered any more. */
  declineAll(code: ErrorCode): void {
    this.#open.declineAll(code)
    this.#goOn()
    this.#refuseWaiters()
  }

  /** Sends what waits, as far as there is room. */
  flush(nowMs: number): void {
    for (let item = this.#waiting.peek(); item !== undefined && !this.#isHeld; item = this.#waiting.peek()) {
      if (this.#sendItem(item, nowMs)) this.#dropFirst()
      else this.#isHeld = true
    }
  }

  #handled(request: ReceivedRequest): void {
    if (request.stored !== null) this.#add({ kind: 'release', request })
  }

  #refusalOf(request: ReceivedRequest): ConsoleError | undefined {
    return request.unwanted ?? (this.#port.isCurrent(request) ? undefined : connectionGone())
  }

  #checkWanted(request: ReceivedRequest): void {
    const refusal = this.#refusalOf(request)
    if (refusal !== undefined) throw refusal
  }

  #refuseWaiters(): void {
    this.#roomWaiters.refuse((request) => this.#refusalOf(request))
  }

  /** Lets those go on who waited for room, and have it now. */
  #letOn(): void {
    this.#roomWaiters.roomChanged(
      (request, bodyBytes, promisedBytes) =>
        this.#hasRoomFor(bodyBytes, promisedBytes) && this.#ahead.hasRoomFor(request, bodyBytes),
    )
  }

  #hasRoomFor(bodyBytes: number, promisedBytes = 0): boolean {
    return this.#port.hasRoomFor(bodyBytes, this.#waitingBytes + promisedBytes)
  }

  #add(item: Waiting): void {
    this.#waiting.push(item)
    if (item.kind === 'reply') {
      const { body, hasMore } = item.reply
      this.#waitingBytes += memoryBytesOf(body)
      if (hasMore === true) this.#ahead.given(item.request, body.byteLength)
    }
    if (this.#waiting.length === 1) this.#port.onWaiting()
  }

  #addFailure(request: ReceivedRequest, error: unknown): void {
    const failure = error instanceof UntoldFailure ? error.error : error
    this.#add({ kind: 'fault', request, error: failure })
    const isTold = failure === error && this.#answersErrors && request.isAnswerable
    if (isTold) this.#add({ kind: 'error', request, told: toldOf(failure) })
  }

  #dropFirst(): void {
    const item = this.#waiting.shift()
    if (item?.kind === 'reply') this.#waitingBytes -= memoryBytesOf(item.reply.body)
  }

  #goOn(): void {
    if (!this.#isHeld) return
    this.#isHeld = false
    this.#port.onWaiting()
  }

  /** False when it has to wait for room. */
  #sendItem(item: Waiting, nowMs: number): boolean {
    const { request } = item
    switch (item.kind) {
      case 'reply':
        return this.#sendReply(request, item.reply, item.isPromised, nowMs)
      case 'fault':
        this.#port.fault('in', faultCodeOf(item.error), 0, request.ref, toldOf(item.error).message, nowMs)
        return true
      case 'error':
        return this.#sendReply(request, errorReply(item.told, request.route), true, nowMs)
      case 'end':
        return this.#sendEnd(request, nowMs)
      case 'release':
        request.stored?.release()
        return true
    }
  }

  /** @param isPromised - It waits for room, if need be; otherwise it is dropped. */
  #sendReply(request: ReceivedRequest, reply: Reply, isPromised: boolean, nowMs: number): boolean {
    let answerKey: number | undefined
    try {
      answerKey = this.#send(request, reply, nowMs)
    } catch (error) {
      const { code } = asConsoleError(error)
      if (code === 'QUEUE_FULL' && isPromised) return false
      this.#notSent(request, reply, asConsoleError(error), nowMs)
    }
    if (reply.hasMore !== true) return true
    const byteCount = reply.body.byteLength
    if (answerKey === undefined) this.#ahead.dropped(request, byteCount)
    else this.#ahead.queued(request, byteCount, answerKey)
    return true
  }

  #notSent(request: ReceivedRequest, reply: Reply, { code, message }: ConsoleError, nowMs: number): void {
    const detail = `the answer to "${request.route}" was not sent: ${message}`
    this.#port.fault('out', code, reply.body.byteLength, request.ref, detail, nowMs)
    // The asker should know when it is the answer that is wrong; when the line is, telling would not work either.
    if (code === 'QUEUE_FULL' || code === 'LINK_LOST' || !this.#answersErrors || !request.isAnswerable) return
    if (reply.headers?.[STATUS_HEADER] === STATUS_ERROR) return
    if (reply.hasMore === true) {
      // Its next answers would fail too.
      this.#failed.add(request)
      request.decline(new ConsoleError(code, detail))
    }
    this.#add({ kind: 'error', request, told: { code: 'HANDLER_FAILED', message } })
  }

  #sendEnd(request: ReceivedRequest, nowMs: number): boolean {
    this.#open.done(request)
    if (request.unwanted !== undefined || !this.#port.isCurrent(request)) return true
    if (!this.#port.endsAnswers) {
      return this.#sendReply(
        request,
        { body: new Uint8Array(0), headers: { [END_HEADER]: true } },
        true,
        nowMs,
      )
    }
    if (request.isSubscription) this.#port.endAnswers(request.messageKey, nowMs)
    return true
  }

  /** Undefined when nobody wants it any more. @throws ConsoleError. */
  #send(request: ReceivedRequest, reply: Reply, nowMs: number): number | undefined {
    if (!this.#port.isCurrent(request)) throw connectionGone()
    const isError = reply.headers?.[STATUS_HEADER] === STATUS_ERROR
    if (request.unwanted !== undefined && !(isError && this.#failed.has(request))) return undefined
    const { messageKey } = request
    const answer: OutgoingMessage = {
      route: reply.route ?? request.route,
      kind: request.kind === 'bytes' ? 'bytes' : 'response',
      body: reply.body,
      priority: reply.priority ?? request.priority,
      correlationId: request.correlationId,
      ...(reply.headers !== undefined && { headers: reply.headers }),
    }
    const { hasMore = false } = reply
    if (hasMore && !this.#port.endsAnswers) {
      return this.#port.send(
        { ...answer, headers: { ...reply.headers, [MORE_HEADER]: true } },
        messageKey,
        nowMs,
      )
    }
    const answerKey = this.#port.send(answer, messageKey, nowMs)
    const isOneAnswer = this.#port.endsAnswers && !request.isSubscription
    if (hasMore && !isOneAnswer) return answerKey
    // A stream for somebody who asked for one answer: here is its end.
    if (hasMore) request.decline(new ConsoleError('REQUEST_CANCELLED', 'the peer asked for one answer'))
    this.#open.done(request)
    if (this.#port.endsAnswers && request.isSubscription) this.#port.endAnswers(messageKey, nowMs)
    return answerKey
  }
}

function ownRequest(request: IncomingRequest): ReceivedRequest {
  if (request instanceof ReceivedRequest) return request
  throw new ConsoleError('INTERNAL', 'an outcome was told of a request that is not of this stack')
}

const connectionGone = (): ConsoleError =>
  new ConsoleError('LINK_LOST', 'the connection on which the request came has ended')
