import { asConsoleError, ConsoleError, type ErrorCode } from '../../../shared/errors'
import type { OutgoingMessage, Reply } from '../stack-types'
import { type ErrorAnswerCode, errorReply } from './error-answer'
import type { ReceivedRequest } from './received-request'
import type { RouteTable } from './route-table'

/** What the desk needs of the stack. */
export interface AnswerDeskPort {
  /** True while the connection lasts on which the request came. */
  isCurrent(request: ReceivedRequest): boolean
  hasRoomFor(bodyBytes: number, extraBytes: number): boolean
  /** @throws ConsoleError what `StackPort.send` throws. */
  send(answer: OutgoingMessage, requestKey: number, nowMs: number): void
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
  | { readonly request: ReceivedRequest; readonly reply: Reply }
  | { readonly request: ReceivedRequest; readonly error: unknown }

/**
 * Takes the answers of handlers, whenever they come, and sends them when it is told the time. What cannot be sent is
 * never dropped in silence: the operator sees a fault, and the asker gets an error answer where one can help.
 */
export class AnswerDesk {
  readonly #port: AnswerDeskPort
  readonly #answersErrors: boolean
  #waiting: Waiting[] = []
  #waitingBytes = 0

  constructor(answersErrors: boolean, port: AnswerDeskPort) {
    this.#answersErrors = answersErrors
    this.#port = port
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0
  }

  /** Hands a request to its handler. */
  serve(request: ReceivedRequest, routes: RouteTable): void {
    const isHandled = routes.dispatch(request, {
      finished: (from, reply) => {
        if (reply !== undefined) this.#add({ request: from, reply })
      },
      failed: (from, error) => this.#add({ request: from, error }),
    })
    if (isHandled || !request.isAnswerable) return
    const error = new ConsoleError('ROUTE_UNKNOWN', `there is no handler for the route "${request.route}"`)
    this.#add({ request, error })
  }

  /** @throws ConsoleError `LINK_LOST`, `QUEUE_FULL`: to the handler that called `reply`. */
  reply(request: ReceivedRequest, reply: Reply): void {
    if (!this.#port.isCurrent(request)) throw connectionGone()
    if (!this.#port.hasRoomFor(reply.body.length, this.#waitingBytes)) {
      throw new ConsoleError('QUEUE_FULL', `an answer of ${reply.body.length} bytes does not fit`)
    }
    this.#add({ request, reply })
  }

  /** Sends what waits. */
  flush(nowMs: number): void {
    while (this.#waiting.length > 0) {
      const items = this.#waiting
      this.#waiting = []
      this.#waitingBytes = 0
      for (const item of items) {
        if ('reply' in item) this.#sendReply(item.request, item.reply, nowMs)
        else this.#sendFailure(item.request, item.error, nowMs)
      }
    }
  }

  #add(item: Waiting): void {
    this.#waiting.push(item)
    if ('reply' in item) this.#waitingBytes += item.reply.body.length
    if (this.#waiting.length === 1) this.#port.onWaiting()
  }

  #sendReply(request: ReceivedRequest, reply: Reply, nowMs: number): void {
    try {
      this.#send(request, reply, nowMs)
    } catch (error) {
      const { code, message } = asConsoleError(error)
      const detail = `the answer to "${request.route}" was not sent: ${message}`
      this.#port.fault('out', code, reply.body.length, request.ref, detail, nowMs)
      // The asker should know when it is the answer that is wrong; when the line is, telling would not work either.
      if (code === 'QUEUE_FULL' || code === 'LINK_LOST') return
      this.#sendError(request, 'HANDLER_FAILED', message, nowMs)
    }
  }

  #sendFailure(request: ReceivedRequest, error: unknown, nowMs: number): void {
    const isUnknown = error instanceof ConsoleError && error.code === 'ROUTE_UNKNOWN'
    const code = isUnknown ? 'ROUTE_UNKNOWN' : 'HANDLER_FAILED'
    const message = error instanceof Error ? error.message : String(error)
    this.#port.fault('in', code, 0, request.ref, message, nowMs)
    this.#sendError(request, code, message, nowMs)
  }

  #sendError(request: ReceivedRequest, code: ErrorAnswerCode, message: string, nowMs: number): void {
    if (!this.#answersErrors || !request.isAnswerable) return
    try {
      this.#send(request, errorReply(code, message, request.route), nowMs)
    } catch (error) {
      const { code: reason, message: text } = asConsoleError(error)
      this.#port.fault('out', reason, 0, request.ref, `the error answer was not sent: ${text}`, nowMs)
    }
  }

  #send(request: ReceivedRequest, reply: Reply, nowMs: number): void {
    if (!this.#port.isCurrent(request)) throw connectionGone()
    const answer: OutgoingMessage = {
      route: reply.route ?? request.route,
      kind: request.kind === 'bytes' ? 'bytes' : 'response',
      body: reply.body,
      priority: reply.priority ?? request.priority,
      correlationId: request.correlationId,
      ...(reply.headers !== undefined && { headers: reply.headers }),
    }
    this.#port.send(answer, request.messageKey, nowMs)
  }
}

const connectionGone = (): ConsoleError =>
  new ConsoleError('LINK_LOST', 'the connection on which the request came has ended')
