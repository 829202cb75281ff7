import type { ErrorCode } from '../../shared/errors'
import type { Headers, MessageKind, Priority, StackEvent } from '../../shared/model/trace'
import type { CodecOptions, Dialect, EncodedFrame, RandomSource } from './dialects/dialect'

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
  readonly onTrace: (event: StackEvent) => void
  /** Something was queued outside a call of the stack (an async handler finished): call `wake(now)`, then `pull`. */
  readonly onWork: () => void
}

/** Everything that can grow, with the defaults of design.md §9 and netcore-lso.md §12. */
export interface StackLimits {
  readonly messageBytes: number
  readonly reassemblyMessages: number
  readonly reassemblyBytes: number
  readonly reassemblyIdleMs: number
  readonly queuedBytes: number
  readonly pendingRequests: number
  readonly requestTimeoutMs: number
  readonly earlyBytesPerMessage: number
  readonly earlyBytes: number
  readonly earlyMs: number
  readonly rememberedRefs: number
  readonly rememberedMs: number
}

export interface SendPolicy {
  readonly chunkBytes: number
  /** A queue that waited this long counts as one class more urgent; again for each further period. */
  readonly agingMs: number
}

/** A frame that `pull` hands over, with what the trace needs to know of it. */
export interface OutgoingFrame extends EncodedFrame {
  readonly ref: string
  readonly messageKey: number
  readonly chunkIndex: number
  readonly bodyOffset: number
  readonly isLast: boolean
  /** Position in the outgoing stream of this connection, like the offsets of incoming frames and faults. */
  readonly streamOffset: number
}

export interface OutgoingMessage {
  readonly route: string
  readonly kind: MessageKind
  readonly body: Uint8Array
  readonly priority?: Priority
  readonly headers?: Headers
  /** Drawn when absent. */
  readonly ref?: string
  readonly correlationId?: string
  readonly chunkBytes?: number
}

export interface OutgoingRequest {
  readonly route: string
  readonly body: Uint8Array
  readonly priority?: Priority
  readonly headers?: Headers
  /**
   * Default: the limit `requestTimeoutMs`. Time without progress: it begins again with each chunk of the request that is
   * handed over, and stops when the answer begins to come (from then on `reassemblyIdleMs` counts).
   */
  readonly timeoutMs?: number
}

export interface Answer {
  readonly messageKey: number
  readonly ref: string
  readonly route: string
  readonly headers: Headers
  readonly body: Uint8Array
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
  readonly kind: MessageKind
  readonly priority: Priority
  readonly headers: Headers
  readonly correlationId: string
  readonly body: Uint8Array
  /** @throws ConsoleError `JSON_INVALID` when the body is not JSON, is nested deeper than 100 levels, or not UTF-8. */
  json(): unknown
  /** Lenient UTF-8. */
  text(): string
  /**
   * Sends an answer; may be called several times (one request, many answers).
   *
   * @throws ConsoleError `QUEUE_FULL`; `LINK_LOST` when the connection ended on which the request came.
   */
  reply(reply: Reply): void
}

export interface Reply {
  /** An empty body becomes `{}` where the dialect does not deliver empty ones: the caller would wait for ever. */
  readonly body: Uint8Array
  /** Default: the route of the request. */
  readonly route?: string
  readonly headers?: Headers
  /** Default: the priority of the request. */
  readonly priority?: Priority
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
  receive(bytes: Uint8Array, nowMs: number): void
  /** The next frame by the send policy, or undefined when nothing waits. Emits no frame event: its owner does. */
  pull(nowMs: number): OutgoingFrame | undefined
  readonly wakeAtMs: number | null
  wake(nowMs: number): void
  readonly queuedBytes: number
  /** True once the codec met damage it cannot go on from: the owner closes the connection. */
  readonly isSpent: boolean

  route(route: string, handler: Handler): void
  /** For messages without a route of their own. */
  onUnrouted(handler: Handler): void
  /** @throws ConsoleError `QUEUE_FULL`, `MESSAGE_TOO_LARGE`, `HEAD_TOO_LARGE`, `CHUNK_SIZE_RANGE`, `DUPLICATE_REF`. */
  send(message: OutgoingMessage, nowMs: number): { readonly messageKey: number; readonly ref: string }
  /** Like `send`, and waits for the answer. @throws also `REQUESTS_TOO_MANY`, `REQUESTS_UNSUPPORTED`. */
  request(request: OutgoingRequest, nowMs: number): PendingRequest
  /**
   * Cancels an outgoing message: its remaining chunks, and the wait for its answer. The peer is told when there were chunks
   * left. False when nothing was left.
   */
  cancel(messageKey: number, nowMs: number): boolean
}
