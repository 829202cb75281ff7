import { frameBytesOf, LARGEST_FRAME_BYTES, readFrame } from './frame'
import type { FrameDecoder, FrameTaker } from './frame-decoder'

/** One frame in each packet: nothing goes on in the next one. */
export class PacketDecoder implements FrameDecoder {
  mostBytes = LARGEST_FRAME_BYTES
  readonly #isFatal: boolean
  #isSpent = false
  #streamOffset = 0

  /** @param isFatal - A packet that makes no sense ends it; else it is dropped, and the next one is read. */
  constructor(isFatal: boolean) {
    this.#isFatal = isFatal
  }

  get isSpent(): boolean {
    return this.#isSpent
  }

  get pendingBytes(): number {
    return 0
  }

  get streamOffset(): number {
    return this.#streamOffset
  }

  receive(bytes: Uint8Array, nowMs: number, taker: FrameTaker): void {
    if (this.#isSpent) return
    const streamOffset = this.#streamOffset
    const wireBytes = bytes.length
    this.#streamOffset += wireBytes
    const problem = this.#problemOf(bytes)
    const frame = problem ?? readFrame(bytes)
    if (typeof frame !== 'string') {
      taker.frame({ frame, streamOffset, wireBytes, startMs: nowMs })
      return
    }
    if (this.#isFatal) this.#isSpent = true
    const code = problem === undefined ? 'SOCKETD_BAD_FRAME' : 'SOCKETD_BAD_LENGTH'
    taker.fault({ code, detail: frame, streamOffset, lostBytes: wireBytes })
  }

  #problemOf(bytes: Uint8Array): string | undefined {
    const frameBytes = bytes.length < 8 ? undefined : frameBytesOf(bytes)
    if (frameBytes === undefined) return `a packet of ${bytes.length} bytes is no frame`
    if (frameBytes !== bytes.length) {
      return `a packet of ${bytes.length} bytes holds a frame of ${frameBytes}`
    }
    if (frameBytes <= this.mostBytes) return undefined
    return `a frame of ${frameBytes} bytes came, ${this.mostBytes} are allowed`
  }
}
