import type { ErrorCode } from '../../../shared/errors'
import type { Headers, MessageKind, Priority } from '../../../shared/model/trace'

export interface CodecOptions {
  /**
   * `resync`: after damage, search the next frame (lines that can lose or damage bytes).
   * `fatal`: after damage the stream is given up (TCP, where damage means the peer is broken).
   */
  readonly onDamage: 'resync' | 'fatal'
  /** Silence that ends a piece where nothing else does (`raw`); absent = the dialect's own. */
  readonly idleGapMs?: number
  /**
   * What `receive` gets is one packet of the transport each time: no frame goes on in the next one. A packet that holds too
   * little or too much is a fault of that packet alone where `onDamage` is `resync`, and fatal otherwise.
   */
  readonly isPackets?: boolean
}

/** What the application wants to say; the codec puts it in its own words. */
export interface OutgoingHead {
  /** Id of the message on the wire, unique on this connection. */
  readonly ref: string
  readonly route: string
  readonly kind: MessageKind
  readonly priority: Priority
  readonly correlationId: string
  readonly headers: Headers
  readonly bodyBytes: number
  /** A request that wants many answers. */
  readonly isSubscription?: boolean
}

export interface IncomingHead {
  readonly ref: string
  readonly route: string
  readonly kind: MessageKind
  readonly priority: Priority
  readonly correlationId: string
  readonly headers: Headers
  /** Null when the length is not known in advance; then `isLast` of a chunk ends the message. */
  readonly declaredBytes: number | null
  readonly isSubscription?: boolean
  /** Path that the session was opened for, in dialects where a client names one (`socketd`). */
  readonly path?: string
}

/** A frame ready for the wire. `parts` are written in order, as one write where the transport can. */
export interface EncodedFrame {
  /** The dialect's own word, for traces. */
  readonly frameKind: string
  readonly parts: readonly Uint8Array[]
  readonly wireBytes: number
  readonly payloadBytes: number
}

/** Where a decoded frame lay in the stream. */
export interface FrameExtent {
  readonly frameKind: string
  /** Offset of its first byte since the codec was made. */
  readonly streamOffset: number
  readonly wireBytes: number
  /** When its first byte came, where that is known; default: with its last. */
  readonly startMs?: number
}

/**
 * What the codec tells the pipe. Called synchronously, in wire order. Payloads may be views into received bytes and
 * must not be modified.
 */
export interface FrameSink {
  open(head: IncomingHead, extent: FrameExtent): void
  /** @param isLast - Only for dialects whose heads do not announce a length; false otherwise. */
  chunk(ref: string, payload: Uint8Array, isLast: boolean, extent: FrameExtent): void
  cancel(ref: string, extent: FrameExtent): void
  /** A frame that concerns no message. */
  control(ref: string, extent: FrameExtent): void
  /** A head that was well framed but announces something impossible: the message fails, the pipe goes on. */
  refuse(ref: string, code: ErrorCode, detail: string, extent: FrameExtent): void
  fault(fault: CodecFault): void
}

export interface CodecFault {
  readonly code: ErrorCode
  readonly streamOffset: number
  readonly skippedBytes: number
  readonly detail: string
  /** True: the codec is spent and the link must close the connection. */
  readonly isFatal: boolean
  /** True: bytes of messages that are open may be missing; the pipe fails them. */
  readonly losesOpenMessages: boolean
}

export interface DialectCodec {
  /** Feeds bytes as they arrived; any size, any cut gives the same calls. Borrowed for good. Never throws. */
  receive(bytes: Uint8Array, nowMs: number, sink: FrameSink): void
  /** When `wake` wants to be called, or null. */
  readonly wakeAtMs: number | null
  wake(nowMs: number, sink: FrameSink): void
  /** The stream ended: report what is half received. */
  end(nowMs: number, sink: FrameSink): void

  /** @throws ConsoleError `HEAD_TOO_LARGE`, `HEAD_NOT_ENCODABLE`, `MESSAGE_TOO_LARGE`: nothing was encoded. */
  encodeOpen(head: OutgoingHead): EncodedFrame
  encodeChunk(ref: string, payload: Uint8Array, isLast: boolean): EncodedFrame
  encodeCancel(ref: string): EncodedFrame
  /** Draws an id for a message or a correlation. */
  drawRef(random: RandomSource): string
  drawCorrelationId(random: RandomSource): string
}

/** Uniform integers in 0 … bound-1. Injected, so that runs can be repeated. */
export type RandomSource = (bound: number) => number
