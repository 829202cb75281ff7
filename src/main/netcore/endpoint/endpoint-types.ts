import type { ConsoleError } from '../../../shared/errors'
import type { Clock } from '../../../shared/model/clock'
import type { Headers, Priority } from '../../../shared/model/trace'
import type { IncomingHead } from '../dialects/dialect'
import type { BodyWriter } from '../pipe/message-body'
import type {
  Answer,
  IncomingRequest,
  OutgoingMessage,
  OutgoingRequest,
  OutgoingSubscription,
  PendingRequest,
  RequestServer,
} from '../stack-types'

/** What surrounds a request while it is served. */
export interface RequestContext {
  readonly request: IncomingRequest
  /** Name of the pipe it came on; empty when a stack is served without a pipe. */
  readonly pipe: string
  /** When the request was complete here. It may have waited for its turn since. */
  readonly receivedMs: number
  /** The clock of the endpoint; its alarms are driven by whoever drives the endpoint. */
  readonly clock: Clock
}

/**
 * Answers a request. What it returns (or resolves to) becomes the answer, see `toReply`: a `Reply`, bytes as they are,
 * anything else as JSON. An async generator makes a subscription: each value that it yields is an answer, the value that
 * it returns the last one. `undefined`: no answer.
 */
export type EndpointHandler = (request: IncomingRequest, context: RequestContext) => unknown

/** Wraps handlers: does something before and after `next`, or in place of it. */
export type Middleware = (next: EndpointHandler) => EndpointHandler

/** Runs before the handler. A result other than undefined is the answer: handler and after-hooks are left out. */
export type BeforeHook = EndpointHandler

/** Runs after the handler. A result other than undefined takes the place of the handler's. */
export type AfterHook = (result: unknown, request: IncomingRequest, context: RequestContext) => unknown

/**
 * Makes an answer of a failure. Undefined leaves it to the handler further out, and in the end to the error answer. What
 * it throws takes the place of the failure.
 */
export type ErrorHandler = (error: unknown, request: IncomingRequest, context: RequestContext) => unknown

export interface RouteOptions {
  /** Where the body of a request of this route gathers while it comes; undefined: as usual. */
  readonly body?: (head: IncomingHead) => BodyWriter | undefined
}

/**
 * Makes a request the current one for everything that `run` does, also after it waited for something. The pure core has no
 * way to do that itself; `src/main/link/request-scope.ts` has one for Node.
 */
export interface RequestScope {
  run<T>(context: RequestContext, run: () => T): T
}

/** What an endpoint needs of a link. */
export interface EndpointPipe {
  readonly linkId: number
  readonly isConnected: boolean
  /** The peer stops by itself when its answers are not taken (`consumed`). */
  readonly hasCredit: boolean
  /** What comes in is served by `server` from now on. */
  serveWith(server: RequestServer): void
  /** @throws ConsoleError as `StackPort.send`; `LINK_NOT_CONNECTED`. */
  send(message: OutgoingMessage): { readonly messageKey: number; readonly ref: string }
  /** @throws ConsoleError as `StackPort.request`; `LINK_NOT_CONNECTED`. */
  request(request: OutgoingRequest): PendingRequest
  /** @throws ConsoleError as `StackPort.subscribe`; `LINK_NOT_CONNECTED`. */
  subscribe(subscription: OutgoingSubscription): { readonly messageKey: number; readonly ref: string }
  consumed(messageKey: number, byteCount: number): void
  cancel(messageKey: number): boolean
}

/** A message of ours on one of the pipes. */
export interface SentMessage {
  readonly pipe: string
  readonly messageKey: number
  /** Its id on the wire. */
  readonly ref: string
}

export interface PostOptions {
  readonly priority?: Priority
  readonly headers?: Headers
  /** Default: the first pipe added that is connected. */
  readonly pipe?: string
}

export interface AskOptions extends PostOptions {
  /** Default: the limit of the link, 30 s. Time without progress, see `OutgoingRequest`. */
  readonly timeoutMs?: number
  /** Aborting cancels the request; the wait rejects with `REQUEST_CANCELLED`, whose cause is the reason. */
  readonly signal?: AbortSignal
  /** Error answers of the peer are given as answers (`peerErrorOf` tells them apart) instead of rejecting. */
  readonly isRaw?: boolean
  /** Where the body of the answer gathers. */
  readonly answerBody?: (head: IncomingHead) => BodyWriter
}

export interface SendOptions extends AskOptions {
  /** Called exactly once, with the answer or with what went wrong. */
  readonly callback?: (error: ConsoleError | null, answer: Answer | undefined) => void
}

export interface SubscribeOptions extends AskOptions {
  /** Answers kept until they are taken. Default: 10,000; a hundred times as many where the peer stops by itself. */
  readonly bufferedAnswers?: number
  /** Their bytes. Default: 16 MiB. Where the peer stops by itself, its credit is the limit. */
  readonly bufferedBytes?: number
}

/** A request that waits for its answer. */
export interface Asked extends SentMessage {
  /** Settles exactly once, see `Endpoint.send`. Not listening is harmless. */
  readonly answer: Promise<Answer>
  /** Harmless when it is settled already. */
  cancel(): void
}
