import type { Checksum } from '../../../../../shared/bytes/crc32c'
import type { CodecFault, EncodedFrame } from '../../dialect'
import type { AckFrame, NativeFrame, NumberedFrame } from './frames'

/**
 * Between typed frames and bytes. `FrameEncoder` and `FrameScanner` implement these; the session and the pipe see only
 * this.
 */

/** `cobs`: lines that can damage bytes. `len`: reliable transports (TCP, WebSocket, memory). */
export type Framing = 'cobs' | 'len'

export interface WireOptions {
  /** Content of the largest frame: type byte to last payload byte, without checksum and framing. */
  readonly largestFrameBytes: number
  /** Default: the built-in CRC-32C. */
  readonly checksum?: Checksum
}

export interface EncoderPort {
  readonly framing: Framing
  /** False: frames other than HELLO, AUTH and BYE go without checksum. LEN only. */
  hasCrc: boolean
  /** XON/XOFF-safe mode. COBS only. */
  isXsafe: boolean
  /** The smaller of our own limit and the peer's. */
  largestFrameBytes: number
  /**
   * Bytes of a frame. The payload is borrowed until they are written: on LEN it is one of the parts.
   *
   * @throws ConsoleError `NATIVE_FRAME_TOO_LONG`, `NATIVE_NOT_ENCODABLE` (a field out of range); nothing was encoded.
   */
  encode(frame: NativeFrame): EncodedFrame
  /**
   * An ACK and a numbered frame inside the same delimiters: costs two bytes instead of eight. `frameKind` is the rider's.
   * Nothing else rides: HELLO, AUTH and BYE are recognised by their first byte, PING must be as long as PONG.
   */
  encodeRiding(ack: AckFrame, rider: NumberedFrame): EncodedFrame
}

/** Damage. On COBS never fatal, on LEN always. */
export type WireFault = Omit<CodecFault, 'losesOpenMessages'>

export interface WireSink {
  /**
   * The frame itself is borrowed until this returns (the scanner uses its objects again); payload, bitmap, nonce and
   * content views may be kept and must not be modified.
   *
   * @param streamOffset - Of the frame's first byte on the wire, since the scanner was made.
   * @param wireBytes - What it took there, with framing. A riding frame and its ACK share theirs without overlap.
   */
  frame(frame: NativeFrame, streamOffset: number, wireBytes: number): void
  fault(fault: WireFault): void
}

/**
 * `plain` and `escaped` are the two modes; `either` is for a side that does not yet know (before the handshake): each
 * frame is tried as it is, then un-escaped.
 */
export type XsafeMode = 'plain' | 'escaped' | 'either'

export interface ScannerPort {
  /** Null until the first byte decided (`auto`). */
  readonly framing: Framing | null
  /** May be changed inside `frame`: counts from the next frame on. */
  hasCrc: boolean
  xsafe: XsafeMode
  largestFrameBytes: number
  /** LEN met damage: the connection is to be closed, further bytes are ignored. */
  readonly isSpent: boolean
  /** Bytes since the scanner was made. */
  readonly streamOffset: number
  /** Any size, any cut gives the same calls. Borrowed for good: views may stay. Never throws what the sink does not throw. */
  receive(bytes: Uint8Array, sink: WireSink): void
  /** The stream ended: reports what is half received. */
  end(sink: WireSink): void
}
