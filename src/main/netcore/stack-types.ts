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
  /** Answer `{error, code, message}` when a handler fails or no route matches. Default: true. */
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
  /** Default: the limit `requestTimeoutMs`. */
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
   * Settles exactly once. Rejects with ConsoleError `REQUEST_TIMEOUT`, `REQUEST_CANCELLED`, `MESSAGE_INTERRUPTED` or
   * `LINK_LOST`.
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
  /** Sends an answer now; may be called several times (one request, many answers). */
  reply(reply: Reply): void
}

export interface Reply {
  readonly body: Uint8Array
  readonly route?: string
  readonly headers?: Headers
  readonly priority?: Priority
}

/** Returns (or resolves to) the answer, or nothing when none is to be sent (or `reply` was used). */
export type Handler = (request: IncomingRequest) => Reply | undefined | Promise<Reply | undefined>

export interface StackPort {
  /** A new connection: a fresh codec, empty reassembly. Queued outgoing messages that had not begun are kept. */
  connected(nowMs: number): void
  /** The connection ended: messages in flight are `interrupted`, every waiting request rejects with `code`. */
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
  /** Like `send`, and waits for the answer. @throws also `REQUESTS_TOO_MANY`. */
  request(request: OutgoingRequest, nowMs: number): PendingRequest
  /** Cancels an outgoing message (its remaining chunks, and the wait for its answer). False when nothing was left. */
  cancel(messageKey: number, nowMs: number): boolean
}
