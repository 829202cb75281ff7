import type { Checksum } from '../../../shared/bytes/crc32c'
import type { ErrorCode } from '../../../shared/errors'
import type { LineRate } from '../../../shared/model/line-rate'
import type { StackEvent } from '../../../shared/model/trace'
import type { CodecOptions, EncodedFrame, IncomingHead, OutgoingHead, RandomSource } from '../dialects/codec'
import type { StackLimits } from './limits'
import type { BodyWriter, MessageBody, ReceivedBody } from './message-body'

/**
 * The multiplexer of a link: cuts messages in chunks, decides whose chunk goes next, puts incoming chunks together
 * again. Requests, routes and handlers are above it, bytes below. Dialects without acknowledgements share `ChunkPipe`;
 * a dialect that repeats what was damaged (`native`) brings its own.
 *
 * Times are milliseconds of one monotonic clock. Nothing here throws unless it says so.
 */
export interface Pipe {
  /** A connection begins: offsets from 0, a fresh decoder. */
  connected(nowMs: number): void
  /**
   * The connection ended. A pipe that does not survive it settles everything in flight here; one that does keeps it for
   * the next connection and tells the owner later what could not be saved (`lost`).
   */
  disconnected(nowMs: number, code: ErrorCode): void
  /** Nothing will be connected any more: everything is settled, nothing is kept. */
  stop(nowMs: number, code: ErrorCode): void
  /** Queues a word of parting where the dialect has one, so that the next `pull` hands it over. */
  farewell(nowMs: number): void

  receive(bytes: Uint8Array, nowMs: number): void
  /** The next frame, or undefined when nothing may or wants to go. Frames without bytes are not handed out. */
  pull(nowMs: number): OutgoingFrame | undefined
  readonly wakeAtMs: number | null
  wake(nowMs: number): void

  /**
   * @throws ConsoleError `QUEUE_FULL`, `DUPLICATE_REF`, `CHUNK_SIZE_RANGE`, or what the dialect can not say
   *   (`HEAD_TOO_LARGE`, `HEAD_NOT_ENCODABLE`, `MESSAGE_TOO_LARGE`): nothing was queued.
   */
  send(message: PipeMessage, nowMs: number): void
  /**
   * Gives up what is left of an outgoing message, and tells the peer where it may know of it. `code` goes into the trace.
   * False when nothing was left.
   */
  cancel(messageKey: number, code: ErrorCode, nowMs: number): boolean
  /** Tells the peer that (further) answers to a request of ours are not wanted. */
  declineAnswers(requestKey: number, ref: string, nowMs: number): void
  /** The application took `byteCount` bytes of the answers to a subscription of ours: the peer may send as many more. */
  consumed(requestKey: number, byteCount: number, nowMs: number): void

  /**
   * Says that no further answer to an incoming request follows. Called for every request with `isSubscription`, and only
   * in dialects that end answers in their own words (`DialectTraits.endsAnswers`).
   */
  endAnswers(incomingKey: number, nowMs: number): void

  hasRoomFor(bodyBytes: number, extraBytes?: number): boolean
  readonly queuedBytes: number
  readonly queuedMessages: number
  /** Bytes of this connection's outgoing stream that the peer is known to have; null where the dialect does not tell. */
  readonly confirmedOffset: number | null
  /** Where the outgoing and incoming streams of this connection stand. */
  readonly outOffset: number
  readonly inOffset: number
  /** The bytes can not be understood any more: the owner closes the connection. */
  readonly isSpent: boolean
  /** What is in flight outlives a lost connection. */
  readonly survivesLoss: boolean
  /** False while a handshake is going on: messages are taken and wait. */
  readonly isReady: boolean
  /** Counts up when requests received earlier can not be answered any more. */
  readonly session: number

  drawRef(): string
  drawCorrelationId(): string
}

/** A frame that `pull` hands over, with what the trace needs to know of it. */
export interface OutgoingFrame extends EncodedFrame {
  readonly ref: string
  readonly messageKey: number
  readonly chunkIndex: number
  readonly bodyOffset: number
  readonly isLast: boolean
  /** These body bytes were handed over before and got lost. */
  readonly isRepeat?: boolean
  /** Position in the outgoing stream of this connection, like the offsets of incoming frames and faults. */
  readonly streamOffset: number
}

/** A message to send. */
export interface PipeMessage {
  readonly messageKey: number
  readonly head: OutgoingHead
  /** Borrowed until the message has left the pipe. */
  readonly body: MessageBody
  readonly chunkBytes?: number
  /** Somebody waits for the answer: of no use once that wait has failed. */
  readonly isAwaited: boolean
  /** For an answer: key of the incoming request, else 0. */
  readonly answersKey: number
}

/** A message on its way in. */
export interface Incoming {
  readonly messageKey: number
  readonly head: IncomingHead
  /** Key of the request of ours that it answers, or 0. */
  readonly answersKey: number
}

/** What a pipe needs of the stack above it, and tells it. */
export interface PipeOwner {
  drawKey(): number
  trace(event: StackEvent): void
  /** Key of the request of ours, waiting or settled a short while ago, which such a head answers; or 0. */
  answersKey(head: IncomingHead): number
  /** The answer to `requestKey` began to come: from now on its own silence is watched, not the wait for it. */
  answerBegan(requestKey: number): void
  /** Where the body of a message that begins to come shall gather. @throws ConsoleError: the message fails alone. */
  bodyWriter(message: Incoming): BodyWriter
  completed(message: Incoming, body: ReceivedBody, nowMs: number): void
  /** The message will never be complete. Already traced. */
  failed(message: Incoming, code: ErrorCode, nowMs: number): void
  /** No answer to `requestKey` will follow. `code` null: it ended as it should. For dialects that say so in a frame. */
  answersEnded(requestKey: number, code: ErrorCode | null, nowMs: number): void
  /** A frame of our message was handed over. */
  progressed(messageKey: number, nowMs: number): void
  /** Our message, or the answer to it, will not come any more. Already traced. @param detail - Why, for a person. */
  lost(messageKey: number, code: ErrorCode, nowMs: number, detail?: string): void
  /** Key of a request of ours that went out as `ref` and still waits, or 0. */
  waitingKey(ref: string): number
  /** The peer does not want our message, or will not answer it. Already traced. */
  peerCancelled(ownKey: number, nowMs: number): void
  /** The peer does not want (further) answers to this incoming request. */
  answersDeclined(incomingKey: number, nowMs: number): void
  /** Something wants to be pulled although nobody outside asked for it (a promise settled). */
  work(): void
}

export interface SendPolicy {
  readonly chunkBytes: number
  /** A queue that waited this long counts as one class more urgent; again for each further period. */
  readonly agingMs: number
}

/** What a link knows of its line and passes on. */
export interface LineHints {
  /** Undefined on sockets. */
  readonly rate?: LineRate
  readonly latencyTargetMs: number
  /** Most bytes of a frame, where each is one packet of the transport. */
  readonly packetBytes?: number
}

export interface PipeOptions {
  readonly codec: CodecOptions
  readonly limits: StackLimits
  readonly policy: SendPolicy
  readonly line: LineHints
  readonly random: RandomSource
  /** For dialects with a handshake. */
  readonly session?: SessionOptions
  /** CRC-32C of parts in order, where something faster than the built-in one is at hand. */
  readonly checksum?: Checksum
  /** For dialects that may compress. */
  readonly compression?: Compression
}

/** zlib (RFC 1950) comes from outside: the stack has none of its own. */
export interface Compression {
  /** Level 6. */
  deflate(bytes: Uint8Array): Uint8Array
  /**
   * Bytes behind the end of the stream are ignored.
   *
   * @throws ConsoleError `MESSAGE_TOO_LARGE` as soon as more than `mostBytes` come out; any other error: no zlib data.
   */
  inflate(bytes: Uint8Array, mostBytes: number): Uint8Array
}

export type { Checksum }

/** Who we are to the peer, and how we prove it. */
export interface SessionOptions {
  /** `host` asks for the password and pays for it, `device` keeps the keys (native-study.md §2.8). */
  readonly role: 'host' | 'device'
  readonly identity?: string
  readonly user?: string
  readonly password?: string
  readonly crypto?: SessionCrypto
  /** A device with several links (a listener) keeps one for all; default: made of `password`. */
  readonly keeper?: PasswordKeeper
  /** Checksums also on transports that damage nothing. Default: only where the peer wants them. */
  readonly hasChecksums?: boolean
  /** Compress what is large, where the dialect can. Default: false. */
  readonly isCompressing?: boolean
  /** What the peer may send, in dialects that limit it. Default: as much as it can. */
  readonly rates?: { readonly messagesPerSecond?: number; readonly bytesPerSecond?: number }
  /** Where the link goes, for dialects that name it to the peer; absent where there is no host (a serial line). */
  readonly place?: {
    readonly scheme: 'tcp' | 'tcps' | 'ws' | 'wss' | 'udp'
    readonly host: string
    readonly port: number
  }
  /** Path and query behind the place, raw, beginning with `/` or `?`; absent = none. */
  readonly resource?: string
  /**
   * Whether a client may come in, in dialects where it says what it wants (`socketd`); nothing of what it sends is seen by
   * anybody before. Throwing or rejecting is no. Default: whoever asks for `resource`, or anybody where there is none.
   */
  readonly admit?: (asked: SessionRequest) => boolean | Promise<boolean>
  /**
   * Writes what headers can not hold in this dialect (`socketd`) as `%` and two hex digits, and reads it so. Only for peers
   * that do the same.
   */
  readonly metaEscape?: 'percent'
  /** How often a dialect with heartbeats asks whether the peer is there. */
  readonly heartbeatMs?: number
  /** Silence after which a dialect with heartbeats gives the peer up. Default: three heartbeats. */
  readonly silenceMs?: number
  /** How long a handshake may take. Default: what the dialect says. */
  readonly handshakeMs?: number
  /** Milliseconds since 1970 at the time 0 of the session's clock, for dialects that write the time of day. */
  readonly startedUnixMs?: number
}

/** What a client says of itself before it may speak. Nothing of it can be trusted. */
export interface SessionRequest {
  /** As it came. */
  readonly url: string
  /** Decoded; `/` where there is none. */
  readonly path: string
  /** Parameters of the query, decoded, with the metas on top. */
  readonly params: ReadonlyMap<string, string>
  /** As they came, without those of the protocol. */
  readonly metas: ReadonlyMap<string, string>
}

/** What a device keeps to check passwords. */
export interface PasswordKeeper {
  readonly credentials: CredentialStore
  readonly attempts: AttemptLimit
}

/** What a device stores of a password: enough to check it, not enough to log in elsewhere with it. */
export interface StoredCredential {
  /** 16 bytes. */
  readonly salt: Uint8Array
  readonly iterations: number
  /** 32 bytes each. */
  readonly storedKey: Uint8Array
  readonly serverKey: Uint8Array
}

export interface CredentialStore {
  /** False: still being computed. The device does not answer a login yet; the host repeats it. */
  readonly isReady: boolean
  find(user: string): StoredCredential | undefined
  /** 32 unpredictable bytes, kept with the credentials: makes up the salt of users that do not exist, the same each time. */
  readonly decoyKey: Uint8Array
  /** What made-up users show. Should be what real ones have. */
  readonly decoyIterations: number
}

/** Shared by all sessions of a device, so that a new connection does not begin with fresh attempts. */
export interface AttemptLimit {
  /** How long no attempt is allowed, 0: now. */
  waitMs(nowMs: number): number
  /** Counts an attempt as failed, before it is judged: two at the same time cannot both be free. */
  charge(nowMs: number): void
  /** The attempt was good after all. */
  clear(): void
}

/** Cryptography comes from outside: the stack has none of its own. */
export interface SessionCrypto {
  sha256(bytes: Uint8Array): Uint8Array
  hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array
  pbkdf2Sha256(password: Uint8Array, salt: Uint8Array, iterations: number): Promise<Uint8Array>
  randomBytes(count: number): Uint8Array
  equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean
}
