import type { ErrorCode } from '../errors'
import type { CacheChangeKind } from './cache'
import type { TaskRunOutcome } from './tasks'

/**
 * Trace events: the only thing observers of a link ever get (design.md §4). Capture, recorder, statistics and the
 * command line are subscribers of the same stream.
 *
 * Times are milliseconds of the session clock as a double: monotonic, origin at the start of the session, exact to
 * well under a nanosecond for days, so integer nanoseconds can be derived without loss.
 */

/** Seen from the console: `in` is received, `out` is sent. */
export type Direction = 'in' | 'out'

/** What a message is for. `bytes` is a piece of an unframed stream (dialect `raw`). */
export type MessageKind = 'request' | 'response' | 'event' | 'bytes'

/** 0 is most urgent, 7 least. */
export type Priority = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7
export const DEFAULT_PRIORITY: Priority = 3

/** JSON that keeps integers above 2^53 (as bigint). Objects have no prototype. */
export type LosslessJson =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly LosslessJson[]
  | { readonly [key: string]: LosslessJson }
export type Headers = { readonly [key: string]: LosslessJson }

export type LinkPhase =
  | 'idle'
  | 'opening'
  | 'connected'
  | 'interrupted'
  | 'waiting'
  | 'reconnecting'
  | 'closed'
  | 'listening'

interface TraceBase {
  readonly linkId: number
  readonly atMs: number
}

/** Raw bytes as they passed the tap, before any decoding. The bytes are the truth. */
export interface BytesEvent extends TraceBase {
  readonly type: 'bytes'
  readonly dir: Direction
  /** Position of the first byte in the stream of this direction since the link was first opened. */
  readonly streamOffset: number
  readonly byteCount: number
  /** Borrowed: observers copy what they keep. Bytes that left in parts are joined for the first who asks: count by `byteCount`. */
  readonly bytes: Uint8Array
}

/** One frame of the dialect on the wire. A frame with `payloadBytes > 0` is a chunk of a message. */
export interface FrameEvent extends TraceBase {
  readonly type: 'frame'
  readonly dir: Direction
  /** The dialect's own word: `mission`, `data`, `cancel`, … */
  readonly frameKind: string
  readonly streamOffset: number
  readonly wireBytes: number
  readonly payloadBytes: number
  /** Id of the carrying message on the wire; empty when the frame belongs to none. */
  readonly ref: string
  /**
   * Key of the message (unique per link), or 0 when the frame belongs to none that we know. Chunks that are ahead of the head
   * of their message name it before its `message-opened`; when the head does not come, a fault with their `ref` tells so.
   */
  readonly messageKey: number
  /** Number of this chunk within its message, from 0; -1 for frames that carry no body bytes. */
  readonly chunkIndex: number
  readonly bodyOffset: number
  readonly isLast: boolean
  /** These body bytes were on the line before and got lost (dialects that repeat). */
  readonly isRepeat?: boolean
  /** When the frame occupied the line, as well as we know: paced by the line rate on serial and simulated lines. */
  readonly startMs: number
  readonly endMs: number
}

export interface MessageOpened extends TraceBase {
  readonly type: 'message-opened'
  readonly dir: Direction
  readonly messageKey: number
  readonly ref: string
  readonly route: string
  readonly kind: MessageKind
  readonly priority: Priority
  readonly headers: Headers
  /** Correlates a request with its answer; empty when the dialect or the peer gave none. */
  readonly correlationId: string
  /** Length the sender announced; null when it is not known in advance. */
  readonly declaredBytes: number | null
  /** For an answer: key of the request it answers on the same link, or 0. */
  readonly answersKey: number
  /** The request asks for any number of answers. */
  readonly isSubscription?: boolean
}

export type MessageOutcome = 'complete' | 'cancelled' | 'failed' | 'interrupted'

export interface MessageClosed extends TraceBase {
  readonly type: 'message-closed'
  readonly dir: Direction
  readonly messageKey: number
  readonly outcome: MessageOutcome
  /** Why, when the outcome is not `complete`. */
  readonly code: ErrorCode | null
  readonly bodyBytes: number
  /** The body as far as it came (in) or was to be sent (out). Borrowed and immutable. */
  readonly body: Uint8Array
}

/** A request ended: by its answer, or without one. Exactly once per awaited outgoing request. */
export interface RequestSettled extends TraceBase {
  readonly type: 'request-settled'
  readonly requestKey: number
  /** 0 when there was no answer. */
  readonly answerKey: number
  readonly code: ErrorCode | null
  readonly roundTripMs: number
}

export interface FaultEvent extends TraceBase {
  readonly type: 'fault'
  readonly dir: Direction
  readonly code: ErrorCode
  readonly streamOffset: number
  /** Bytes that no message will ever contain because of this fault. */
  readonly lostBytes: number
  readonly ref: string
  readonly detail: string
}

export interface LinkStateEvent extends TraceBase {
  readonly type: 'link-state'
  readonly phase: LinkPhase
  readonly url: string
  readonly code: ErrorCode | null
  readonly detail: string
}

/** Depth of the outgoing queue, whenever it changed (at most one per pull or send). */
export interface QueueEvent extends TraceBase {
  readonly type: 'queue'
  readonly queuedBytes: number
  readonly queuedMessages: number
}

export type SessionPhase =
  /** Words are exchanged before messages may go. */
  | 'handshake'
  | 'ready'
  /** Nothing has come for a while; what is in flight is kept. */
  | 'silent'
  /** Bytes come in, but nothing says that ours arrive. */
  | 'one-way'
  /** The peer does not want us, or we do not want it. */
  | 'refused'
  | 'ended'

/** What a dialect with a handshake knows of the peer. */
export interface SessionEvent extends TraceBase {
  readonly type: 'session'
  readonly phase: SessionPhase
  /** Why, when something is wrong. */
  readonly code: ErrorCode | null
  readonly detail: string
  /** How the peer calls itself; empty while unknown. */
  readonly peerIdentity: string
  /** What was in flight when the former connection ended goes on. */
  readonly isResumed: boolean
}

/** The peer's clock against ours (native-study.md §2.9). */
export interface ClockSample extends TraceBase {
  readonly type: 'clock-sample'
  /** Peer's clock minus ours. */
  readonly offsetMs: number
  readonly uncertaintyMs: number
  readonly roundTripMs: number
  /** Null until it was watched for long enough. */
  readonly driftPpm: number | null
}

/** The lines of a serial port changed, by us or by the device; null where the system does not tell. */
export interface LinesEvent extends TraceBase {
  readonly type: 'lines'
  readonly dtr: boolean | null
  readonly rts: boolean | null
  readonly cts: boolean | null
  readonly dsr: boolean | null
  readonly dcd: boolean | null
  readonly ri: boolean | null
}

/**
 * A task of the operator came due: how its run ended, or that there was none. `linkId` is 0 where no link has a part in
 * it; `atMs` is the end.
 */
export interface TaskRunEvent extends TraceBase {
  readonly type: 'task-run'
  /** Counts the runs of all tasks of the session, from 1. */
  readonly runId: number
  readonly task: string
  readonly outcome: TaskRunOutcome
  readonly detail: string
  readonly dueMs: number
  /** Null when it did not begin. */
  readonly startedMs: number | null
  readonly lateMs: number | null
}

/** Something happened to an entry of the cache. `linkId` is 0: the cache belongs to the session. */
export interface CacheEvent extends TraceBase {
  readonly type: 'cache'
  readonly change: CacheChangeKind
  /** Empty when it is about all entries. */
  readonly key: string
  /** Who did it, or what it was about, in words. */
  readonly by: string
  /** Message of the capture that the value came from, or 0. */
  readonly messageId: number
}

export type TraceEvent =
  | BytesEvent
  | FrameEvent
  | MessageOpened
  | MessageClosed
  | RequestSettled
  | FaultEvent
  | LinkStateEvent
  | QueueEvent
  | SessionEvent
  | ClockSample
  | LinesEvent
  | TaskRunEvent
  | CacheEvent

export type TraceObserver = (event: TraceEvent) => void

/** A trace event before the link stamped it: the stack knows neither its link nor the real line. */
export type Unlinked<E> = E extends TraceEvent ? Omit<E, 'linkId'> : never
/** Made for the link alone, which puts it in its place before anybody else sees it. */
export type StackEvent = Unlinked<
  Exclude<TraceEvent, BytesEvent | LinkStateEvent | LinesEvent | TaskRunEvent | CacheEvent>
>
