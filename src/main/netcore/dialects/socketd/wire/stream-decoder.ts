import { BodyParts } from '../../../pipe/body-parts'
import { frameBytesOf, LARGEST_FRAME_BYTES, readFrame } from './frame'
import type { FrameDecoder, FrameTaker, WireFault } from './frame-decoder'

const LENGTH_BYTES = 4

/**
 * Frames back to back. The first thing that is wrong ends it: the format has no way back to the next frame. Memory follows
 * the bytes that came, never the length that was announced.
 */
export class StreamDecoder implements FrameDecoder {
  mostBytes: number
  #isSpent = false
  #streamOffset = 0
  /** The beginning of the frame that is not whole, also its length. */
  #parts = new BodyParts()
  readonly #length = new Uint8Array(LENGTH_BYTES)
  /** Of the frame that is not whole; 0 while its length is not known. */
  #frameBytes = 0
  #startMs = 0

  constructor(mostBytes = LARGEST_FRAME_BYTES) {
    this.mostBytes = mostBytes
  }

  get isSpent(): boolean {
    return this.#isSpent
  }

  get pendingBytes(): number {
    return this.#parts.byteLength
  }

  get streamOffset(): number {
    return this.#streamOffset
  }

  receive(bytes: Uint8Array, nowMs: number, taker: FrameTaker): void {
    let at = 0
    while (at < bytes.length && !this.#isSpent) {
      if (this.#parts.byteLength === 0) this.#startMs = nowMs
      const frameBytes = this.#frameBytes || this.#readLength(bytes, at, taker)
      if (frameBytes < 0) return
      const wantedBytes = frameBytes === 0 ? LENGTH_BYTES : frameBytes
      const end = Math.min(bytes.length, at + wantedBytes - this.#parts.byteLength)
      const piece = bytes.subarray(at, end)
      if (frameBytes === 0) this.#length.set(piece, this.#parts.byteLength)
      at = end
      if (frameBytes > 0 && this.#parts.byteLength + piece.length === frameBytes) this.#take(piece, taker)
      else this.#parts.append(piece)
    }
  }

  /** 0 while it is not there as a whole, below that where it makes no sense. */
  #readLength(bytes: Uint8Array, at: number, taker: FrameTaker): number {
    const heldBytes = this.#parts.byteLength
    if (heldBytes + bytes.length - at < LENGTH_BYTES) return 0
    this.#length.set(bytes.subarray(at, at + LENGTH_BYTES - heldBytes), heldBytes)
    const frameBytes = frameBytesOf(this.#length)
    if (frameBytes === undefined || frameBytes > this.mostBytes) {
      const announced = new DataView(this.#length.buffer).getInt32(0)
      const detail =
        frameBytes === undefined
          ? `no frame can have the length ${announced}`
          : `a frame of ${announced} bytes is announced, ${this.mostBytes} are allowed`
      this.#fail(
        { code: 'SOCKETD_BAD_LENGTH', detail, streamOffset: this.#streamOffset, lostBytes: 0 },
        taker,
      )
      return -1
    }
    this.#frameBytes = frameBytes
    return frameBytes
  }

  #take(last: Uint8Array, taker: FrameTaker): void {
    let whole = last
    if (this.#parts.byteLength > 0) {
      this.#parts.append(last)
      whole = this.#parts.join()
      this.#parts = new BodyParts()
    }
    const wireBytes = this.#frameBytes
    const streamOffset = this.#streamOffset
    const frame = readFrame(whole)
    // State first: whoever takes the frame may throw.
    this.#frameBytes = 0
    if (typeof frame === 'string') {
      this.#fail({ code: 'SOCKETD_BAD_FRAME', detail: frame, streamOffset, lostBytes: wireBytes }, taker)
      return
    }
    this.#streamOffset += wireBytes
    taker.frame({ frame, streamOffset, wireBytes, startMs: this.#startMs })
  }

  #fail(fault: WireFault, taker: FrameTaker): void {
    this.#isSpent = true
    this.#parts = new BodyParts()
    this.#frameBytes = 0
    taker.fault(fault)
  }
}
