import { asConsoleError, ConsoleError, type ErrorCode } from '../../../shared/errors'
import { memoryBytesOf } from '../pipe/message-body'
import type { IncomingRequest, OutgoingMessage, Reply, RequestOutcome, RequestServer } from '../stack-types'
import { errorReply } from './error-answer'
import { OpenRequests } from './open-requests'
import { ReceivedRequest, type ReplyPort } from './received-request'
import { faultCodeOf, type ToldError, toldOf, UntoldFailure } from './told-error'

/** What the desk needs of the stack. */
export interface AnswerDeskPort {
  /** True while answers can be sent to whoever asked. */
  isCurrent(request: ReceivedRequest): boolean
  hasRoomFor(bodyBytes: number, extraBytes: number): boolean
  /** @throws ConsoleError what `StackPort.send` throws. */
  send(answer: OutgoingMessage, requestKey: number, nowMs: number): void
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
  | { readonly kind: 'reply'; readonly request: ReceivedRequest; readonly reply: Reply }
  | { readonly kind: 'error'; readonly request: ReceivedRequest; readonly error: unknown }
  | { readonly kind: 'end'; readonly request: ReceivedRequest }
  /** The handler is done: its stored body is not needed any more, once what it answered before is in the pipe. */
  | { readonly kind: 'release'; readonly request: ReceivedRequest }

interface RoomWaiter {
  readonly request: ReceivedRequest
  readonly bodyBytes: number
  resolve(): void
  reject(error: ConsoleError): void
}

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
  #waiting: Waiting[] = []
  #waitingBytes = 0
  #roomWaiters: RoomWaiter[] = []

  constructor(
    options: { readonly answersErrors: boolean; readonly openRequests: number },
    port: AnswerDeskPort,
  ) {
    this.#answersErrors = options.answersErrors
    this.#open = new OpenRequests(options.openRequests)
    this.#port = port
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0
  }

  /** Hands a request to whoever serves it. */
  serve(request: ReceivedRequest, server: RequestServer): void {
    if (request.isAnswerable) this.#open.add(request)
    if (server.serve(request, this)) return
    this.#open.done(request)
    this.#handled(request)
    if (!request.isAnswerable) return
    const error = new ConsoleError('ROUTE_UNKNOWN', `there is no handler for the route "${request.route}"`)
    this.#add({ kind: 'error', request, error })
  }

  finished(from: IncomingRequest, reply: Reply | undefined): void {
    const request = ownRequest(from)
    if (request.unwanted?.code !== 'REQUEST_CANCELLED') {
      if (reply !== undefined) this.#add({ kind: 'reply', request, reply })
      else if (request.isSubscription && request.unwanted === undefined) this.#add({ kind: 'end', request })
    }
    this.#handled(request)
  }

  failed(from: IncomingRequest, error: unknown): void {
    const request = ownRequest(from)
    this.#handled(request)
    if (request.unwanted?.code === 'REQUEST_CANCELLED') return
    this.#open.done(request)
    this.#add({ kind: 'error', request, error })
  }

  /** @throws ConsoleError `LINK_LOST`, `REQUEST_CANCELLED`, `QUEUE_FULL`: to the handler that called `reply`. */
  reply(request: ReceivedRequest, reply: Reply): void {
    this.#checkWanted(request)
    if (!this.#port.hasRoomFor(memoryBytesOf(reply.body), this.#waitingBytes)) {
      throw new ConsoleError('QUEUE_FULL', `an answer of ${reply.body.byteLength} bytes does not fit`)
    }
    this.#add({ kind: 'reply', request, reply })
  }

  end(request: ReceivedRequest): void {
    this.#checkWanted(request)
    this.#add({ kind: 'end', request })
  }

  whenRoom(request: ReceivedRequest, bodyBytes: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const refusal = this.#refusalOf(request)
      if (refusal !== undefined) reject(refusal)
      else if (this.#port.hasRoomFor(bodyBytes, this.#waitingBytes)) resolve()
      else this.#roomWaiters.push({ request, bodyBytes, resolve, reject })
    })
  }

  /** To be called when something left the queue. */
  roomChanged(): void {
    if (this.#roomWaiters.length === 0) return
    const still: RoomWaiter[] = []
    // Each is promised room of its own: it replies only after this, when all have been told.
    let promisedBytes = this.#waitingBytes
    for (const waiter of this.#roomWaiters) {
      if (this.#port.hasRoomFor(waiter.bodyBytes, promisedBytes)) {
        promisedBytes += waiter.bodyBytes
        waiter.resolve()
      } else still.push(waiter)
    }
    this.#roomWaiters = still
  }

  /** The peer does not want (further) answers to this request. */
  decline(requestKey: number): void {
    const request = this.#open.decline(requestKey)
    if (request !== undefined) this.#rejectWaiters()
  }

  /** Nobody who asked before can be answered any more. */
  declineAll(code: ErrorCode): void {
    this.#open.declineAll(code)
    this.#rejectWaiters()
  }

  /** Sends what waits. */
  flush(nowMs: number): void {
    while (this.#waiting.length > 0) {
      const items = this.#waiting
      this.#waiting = []
      this.#waitingBytes = 0
      for (const item of items) {
        if (item.kind === 'reply') this.#sendReply(item.request, item.reply, nowMs)
        else if (item.kind === 'error') this.#sendFailure(item.request, item.error, nowMs)
        else if (item.kind === 'end') this.#sendEnd(item.request, nowMs)
        else item.request.stored?.release()
      }
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

  #rejectWaiters(): void {
    const still: RoomWaiter[] = []
    for (const waiter of this.#roomWaiters) {
      const refusal = this.#refusalOf(waiter.request)
      if (refusal === undefined) still.push(waiter)
      else waiter.reject(refusal)
    }
    this.#roomWaiters = still
  }

  #add(item: Waiting): void {
    this.#waiting.push(item)
    if (item.kind === 'reply') this.#waitingBytes += memoryBytesOf(item.reply.body)
    if (this.#waiting.length === 1) this.#port.onWaiting()
  }

  #sendReply(request: ReceivedRequest, reply: Reply, nowMs: number): void {
    try {
      this.#send(request, reply, nowMs)
    } catch (error) {
      const { code, message } = asConsoleError(error)
      const detail = `the answer to "${request.route}" was not sent: ${message}`
      this.#port.fault('out', code, reply.body.byteLength, request.ref, detail, nowMs)
      // The asker should know when it is the answer that is wrong; when the line is, telling would not work either.
      if (code === 'QUEUE_FULL' || code === 'LINK_LOST') return
      this.#sendError(request, { code: 'HANDLER_FAILED', message }, nowMs)
    }
  }

  #sendFailure(request: ReceivedRequest, error: unknown, nowMs: number): void {
    const failure = error instanceof UntoldFailure ? error.error : error
    const told = toldOf(failure)
    this.#port.fault('in', faultCodeOf(failure), 0, request.ref, told.message, nowMs)
    if (failure === error) this.#sendError(request, told, nowMs)
  }

  #sendEnd(request: ReceivedRequest, nowMs: number): void {
    this.#open.done(request)
    if (request.unwanted !== undefined || !this.#port.isCurrent(request)) return
    if (!this.#port.endsAnswers) {
      this.#sendReply(request, { body: new Uint8Array(0), headers: { [END_HEADER]: true } }, nowMs)
    } else if (request.isSubscription) this.#port.endAnswers(request.messageKey, nowMs)
  }

  #sendError(request: ReceivedRequest, told: ToldError, nowMs: number): void {
    if (!this.#answersErrors || !request.isAnswerable) return
    try {
      this.#send(request, errorReply(told, request.route), nowMs)
    } catch (error) {
      const { code: reason, message: text } = asConsoleError(error)
      this.#port.fault('out', reason, 0, request.ref, `the error answer was not sent: ${text}`, nowMs)
    }
  }

  #send(request: ReceivedRequest, reply: Reply, nowMs: number): void {
    if (!this.#port.isCurrent(request)) throw connectionGone()
    if (request.unwanted !== undefined) return
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
      this.#port.send({ ...answer, headers: { ...reply.headers, [MORE_HEADER]: true } }, messageKey, nowMs)
      return
    }
    this.#port.send(answer, messageKey, nowMs)
    if (hasMore) return
    this.#open.done(request)
    if (this.#port.endsAnswers && request.isSubscription) this.#port.endAnswers(messageKey, nowMs)
  }
}

function ownRequest(request: IncomingRequest): ReceivedRequest {
  if (request instanceof ReceivedRequest) return request
  throw new ConsoleError('INTERNAL', 'an outcome was told of a request that is not of this stack')
}

const connectionGone = (): ConsoleError =>
  new ConsoleError('LINK_LOST', 'the connection on which the request came has ended')
