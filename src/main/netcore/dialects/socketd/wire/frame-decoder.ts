import type { ErrorCode } from '../../../../../shared/errors'
import type { Frame } from './frame'

/** A frame, and where it lay. */
export interface WireFrame {
  readonly frame: Frame
  /** Of its first byte, since the decoder was made. */
  readonly streamOffset: number
  /** With what stands around it. */
  readonly wireBytes: number
  /** When its first byte came. */
  readonly startMs: number
}

export interface WireFault {
  readonly code: ErrorCode
  readonly detail: string
  readonly streamOffset: number
  /** Bytes that belong to no frame. */
  readonly lostBytes: number
}

export interface FrameTaker {
  frame(frame: WireFrame): void
  fault(fault: WireFault): void
}

/** Bytes to frames, at any cut. */
export interface FrameDecoder {
  /** Of a frame; never above what the protocol allows. */
  mostBytes: number
  /** Something was wrong, and there is no way back to the next frame. */
  readonly isSpent: boolean
  /** Bytes of an unfinished frame. */
  readonly pendingBytes: number
  /** Behind the last whole frame. */
  readonly streamOffset: number
  /** Borrows `bytes` for good. Tells frames and faults in the order of the bytes. */
  receive(bytes: Uint8Array, nowMs: number, taker: FrameTaker): void
}
