import type { ConsoleError, ErrorCode } from '../../shared/errors'
import type { Headers, MessageKind, Priority, StackEvent } from '../../shared/model/trace'
import type { CodecOptions, Dialect, IncomingHead, RandomSource } from './dialects/dialect'
import type { BodyWriter, MessageBody, MessageStore, StoredBody } from './pipe/message-body'
import type { StackLimits } from './pipe/limits'
import type { Checksum, Compression, LineHints, OutgoingFrame, SendPolicy, SessionOptions } from './pipe/pipe'

export type { StackLimits } from './pipe/limits'
export type { OutgoingFrame, SendPolicy } from './pipe/pipe'

/**
 * The stack as its owner (a link, a simulated device, a test) sees it. Bytes, commands and `nowMs` go in; frames,
 * trace events and "wake me at" come out. It has no I/O, no clock, no timers and no randomness of its own.
 */
export interface StackOptions {
  readonly dialect: Dialect
  readonly codec: CodecOptions
  readonly random: RandomSource
  readonly limits?: Partial<StackLimits>
  readonly policy?: Partial<SendPolicy>
  /**
   * Answer `{error, code, route}` with the header `status: "error"` when a handler fails or no route matches; `peerErrorOf`
   * recognises it. Default: true.
   */
  readonly answersErrors?: boolean
  /** What is known of the line; default: nothing, a socket. */
  readonly line?: LineHints
  /** For dialects with a handshake. */
  readonly session?: SessionOptions
  /** Where bodies gather that no route and no request claims; default: memory. */
  readonly store?: MessageStore
  /** A faster CRC-32C than the built-in one, where there is one. */
  readonly checksum?: Checksum
  /** For dialects that may compress. */
  readonly compression?: Compression
  readonly onTrace: (event: StackEvent) => void
  /** Something was queued outside a call of the stack (an async handler finished): call `wake(now)`, then `pull`. */
  readonly onWork: () => void
}

export interface OutgoingMessage {
  readonly route: string
  readonly kind: MessageKind
  /** Borrowed until the message has left. */
  readonly body: MessageBody
  readonly priority?: Priority
  readonly headers?: Headers
  /** Drawn when absent. */
  readonly ref?: string
  readonly correlationId?: string
  readonly chunkBytes?: number
}

export interface OutgoingRequest {
  readonly route: string
  /** Borrowed until the request has left. */
  readonly body: MessageBody
  readonly priority?: Priority
  readonly headers?: Headers
  /**
   * Default: the limit `requestTimeoutMs`. Time without progress: it begins again with each chunk of the request that is
   * handed over, and stops when the answer begins to come (from then on `reassemblyIdleMs` counts).
   */
  readonly timeoutMs?: number
  /** Where the body of the answer gathers; default: the store of the stack. */
  readonly answerBody?: (head: IncomingHead) => BodyWriter
}

/** A request with any number of answers. */
export interface OutgoingSubscription extends OutgoingRequest {
  /**
   * Called in the order in which the answers came; also for an error answer (`peerErrorOf` tells), which is the last one.
   * The bytes count as taken when it returns true; otherwise `consumed` says so later.
   */
  onAnswer(answer: Answer): boolean
  /** Exactly once, after the last answer. Null: it ended as it should. */
  onEnd(error: ConsoleError | null): void
}

export interface Answer {
  readonly messageKey: number
  readonly ref: string
  readonly route: string
  readonly headers: Headers
  /** Of a stored body only the first bytes. */
  readonly body: Uint8Array
  readonly bodyBytes: number
  readonly stored: StoredBody | null
  readonly roundTripMs: number
}

export interface PendingRequest {
  readonly messageKey: number
  readonly ref: string
  /**
   * Settles exactly once. Rejects with ConsoleError `REQUEST_TIMEOUT`, `REQUEST_CANCELLED` (by either side), the code given
   * to `disconnected`, or what went wrong with the answer itself (`MESSAGE_STALLED`, `MESSAGE_TOO_LARGE`, …). Not listening
   * is harmless.
   */
  readonly answer: Promise<Answer>
}

/** What a handler gets. */
export interface IncomingRequest {
  readonly messageKey: number
  readonly ref: string
  readonly route: string
  /** Path that the client asked for in the handshake of this session, `/` where it named none; empty in dialects without one. */
  readonly path: string
  readonly kind: MessageKind
  readonly priority: Priority
  readonly headers: Headers
  readonly correlationId: string
  /** Of a stored body only the first bytes. */
  readonly body: Uint8Array
  readonly bodyBytes: number
  readonly stored: StoredBody | null
  /** The peer said that it wants many answers. Dialects that can not say so leave it false; many are allowed anyway. */
  readonly isSubscription: boolean
  /** False for messages that nothing can answer (events, pieces of a raw stream). */
  readonly isAnswerable: boolean
  /** Aborts when nobody wants the answer any more: the peer cancelled, or the connection ended. */
  readonly signal: AbortSignal
  /**
   * Of a stored body too: it is read as a whole then.
   *
   * @throws ConsoleError `JSON_INVALID` when the body is not JSON, is nested deeper than 100 levels, or not UTF-8; of a
   *   stored body also `BODY_UNREADABLE`, and `MESSAGE_TOO_LARGE` above 256 MiB.
   */
  json(): unknown
  /** Lenient UTF-8. @throws ConsoleError of a stored body, as `json`. */
  text(): string
  /**
   * Sends an answer; may be called several times (one request, many answers).
   *
   * @throws ConsoleError `QUEUE_FULL`; `LINK_LOST` when the connection ended on which the request came.
   */
  reply(reply: Reply): void
  /**
   * Says that no further answer follows. Only of use after several answers; one answer ends a request by itself.
   *
   * @throws ConsoleError `QUEUE_FULL`, `LINK_LOST`.
   */
  end(): void
  /** Resolves when the queue has room for another answer of this size, or rejects when nobody wants one any more. */
  whenRoom(bodyBytes: number): Promise<void>
}

export interface Reply {
  /**
   * Borrowed until the answer has left. An empty body becomes `{}` where the dialect does not deliver empty ones: the
   * caller would wait for ever.
   */
  readonly body: MessageBody
  /** Default: the route of the request. */
  readonly route?: string
  readonly headers?: Headers
  /** Default: the priority of the request. */
  readonly priority?: Priority
  /**
   * Further answers follow. Without it an answer is the last one: a subscription ends with it. (In dialects that can not
   * say it otherwise it goes out as the header `more`; `end()` says that none follows after all.)
   */
  readonly hasMore?: boolean
}

/** Serves what comes in. A stack has one: its own table of routes, or an endpoint that serves many links. */
export interface RequestServer {
  /**
   * Called once for each complete message that answers nothing.
   *
   * @returns false when there is no handler for it. The outcome is then not told.
   */
  serve(request: IncomingRequest, outcome: RequestOutcome): boolean
  /** Where the body of such a message shall gather; undefined leaves it to the store. */
  bodyWriter?(head: IncomingHead): BodyWriter | undefined
}

/** Stands in front of whatever serves: a broker that takes what is meant for others. */
export interface RequestGate {
  /** As `RequestServer.serve`. @param behind - Who serves without it. */
  serve(request: IncomingRequest, outcome: RequestOutcome, behind: RequestServer): boolean
  /** As `RequestServer.bodyWriter`; undefined leaves it to who is behind. */
  bodyWriter(head: IncomingHead): BodyWriter | undefined
}

/** What became of a request; exactly one of the two, once, at any time. */
export interface RequestOutcome {
  /** The handler is done. Without a reply it has nothing (more) to say. */
  finished(request: IncomingRequest, reply: Reply | undefined): void
  failed(request: IncomingRequest, error: unknown): void
}

/** Returns (or resolves to) the answer, or nothing when none is to be sent (or `reply` was used). */
export type Handler = (request: IncomingRequest) => Reply | undefined | Promise<Reply | undefined>

export interface StackPort {
  /** A new connection: a fresh codec, empty reassembly, offsets from 0. Messages kept by `disconnected` begin. */
  connected(nowMs: number): void
  /**
   * The connection ended: messages in flight are `interrupted`, every waiting request rejects with `code`. Queued messages
   * that had not begun are kept, but not answers (who asked is gone) nor requests that somebody awaited (they failed).
   */
  disconnected(nowMs: number, code: ErrorCode): void
  /** Says goodbye where the dialect can: the next `pull` has it. To be called before the connection is closed. */
  farewell(nowMs: number): void
  /** The link is closed for good: everything is settled, also what would have survived a lost connection. */
  stop(nowMs: number, code: ErrorCode): void
  receive(bytes: Uint8Array, nowMs: number): void
  /** The next frame by the send policy, or undefined when nothing waits. Emits no frame event: its owner does. */
  pull(nowMs: number): OutgoingFrame | undefined
  readonly wakeAtMs: number | null
  wake(nowMs: number): void
  readonly queuedBytes: number
  /** Bytes of this connection that the peer is known to have; null where the dialect does not tell. */
  readonly confirmedOffset: number | null
  /** False while the dialect shakes hands; messages are taken and wait. Dialects without a handshake are always ready. */
  readonly isReady: boolean
  /** True once the codec met damage it cannot go on from: the owner closes the connection. */
  readonly isSpent: boolean

  route(route: string, handler: Handler): void
  /** For messages without a route of their own. */
  onUnrouted(handler: Handler): void
  /** Serves in place of the stack's own routes. */
  serveWith(server: RequestServer): void
  /** Puts a gate in front of whatever serves, now and later. */
  serveThrough(gate: RequestGate): void
  /** @throws ConsoleError `QUEUE_FULL`, `MESSAGE_TOO_LARGE`, `HEAD_TOO_LARGE`, `CHUNK_SIZE_RANGE`, `DUPLICATE_REF`. */
  send(message: OutgoingMessage, nowMs: number): { readonly messageKey: number; readonly ref: string }
  /** Like `send`, and waits for the answer. @throws also `REQUESTS_TOO_MANY`, `REQUESTS_UNSUPPORTED`. */
  request(request: OutgoingRequest, nowMs: number): PendingRequest
  /**
   * A request with many answers. `cancel(messageKey)` ends it from this side. `timeoutMs` counts until the first answer
   * begins to come. @throws as `request`.
   */
  subscribe(
    subscription: OutgoingSubscription,
    nowMs: number,
  ): { readonly messageKey: number; readonly ref: string }
  /** Answers of a subscription that were not taken at once (`onAnswer` returned false) are taken now. */
  consumed(messageKey: number, byteCount: number, nowMs: number): void
  /**
   * Cancels an outgoing message: its remaining chunks, and the wait for its answer. The peer is told when there were chunks
   * left. False when nothing was left.
   */
  cancel(messageKey: number, nowMs: number): boolean
}
