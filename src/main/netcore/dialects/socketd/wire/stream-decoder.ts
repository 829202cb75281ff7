import { BodyParts } from '../../../pipe/body-parts'
import { kindOfFlag } from './flags'
import { BARE_BYTES, frameBytesOf, LARGEST_FRAME_BYTES, readFrame } from './frame'
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
  /** Its first bytes. */
  readonly #start: Uint8Array<ArrayBuffer>
  /** Of the frame that is not whole; 0 while its length is not known. */
  #frameBytes = 0
  #startMs = 0

  /** @param checksFlags - A flag that nobody has ends it at once: where what comes may be no frame at all. */
  constructor(checksFlags = false) {
    this.mostBytes = LARGEST_FRAME_BYTES
    this.#start = new Uint8Array(checksFlags ? BARE_BYTES : LENGTH_BYTES)
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
      const frameBytes = this.#frameBytes || this.#readStart(bytes, at, taker)
      if (frameBytes < 0) return
      const wantedBytes = frameBytes === 0 ? this.#start.length : frameBytes
      const end = Math.min(bytes.length, at + wantedBytes - this.#parts.byteLength)
      const piece = bytes.subarray(at, end)
      if (frameBytes === 0) this.#start.set(piece, this.#parts.byteLength)
      at = end
      if (frameBytes > 0 && this.#parts.byteLength + piece.length === frameBytes) this.#take(piece, taker)
      else this.#parts.append(piece)
    }
  }

  /** 0 while it is not there as a whole, below that where it makes no sense. */
  #readStart(bytes: Uint8Array, at: number, taker: FrameTaker): number {
    const start = this.#start
    const heldBytes = this.#parts.byteLength
    if (heldBytes + bytes.length - at < start.length) return 0
    start.set(bytes.subarray(at, at + start.length - heldBytes), heldBytes)
    const frameBytes = frameBytesOf(start)
    const problem = this.#problemOf(frameBytes)
    if (problem === undefined && frameBytes !== undefined) {
      this.#frameBytes = frameBytes
      return frameBytes
    }
    const detail = problem ?? ''
    this.#fail({ code: 'SOCKETD_BAD_LENGTH', detail, streamOffset: this.#streamOffset, lostBytes: 0 }, taker)
    return -1
  }

  #problemOf(frameBytes: number | undefined): string | undefined {
    const view = new DataView(this.#start.buffer)
    if (frameBytes === undefined) return `no frame can have the length ${view.getInt32(0)}`
    if (frameBytes > this.mostBytes) {
      return `a frame of ${frameBytes} bytes is announced, ${this.mostBytes} are allowed`
    }
    const isUnknown = view.byteLength === BARE_BYTES && kindOfFlag(view.getInt32(LENGTH_BYTES)) === 'unknown'
    return isUnknown ? `there is no frame with the flag ${view.getInt32(LENGTH_BYTES)}` : undefined
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
