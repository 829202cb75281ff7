import { type LineRate, wireMs } from '../../shared/model/line-rate'

/** A frame that has the time of its read until it is put in its place. */
export interface FrameOnLine {
  readonly streamOffset: number
  readonly wireBytes: number
  startMs: number
  endMs: number
}

/**
 * When incoming frames occupied the line. A read delivers bytes late and in lumps; by the speed of the line each frame
 * is put where it must have been: ending as long before the read as the bytes behind it take, and never before the end
 * of the frame in front of it. On sockets (no rate) a frame has the time of its read.
 */
export class IncomingLineTime {
  readonly #rate: LineRate | undefined
  #readAtMs = 0
  #receivedBytes = 0
  #lastEndMs = Number.NEGATIVE_INFINITY

  constructor(rate: LineRate | undefined) {
    this.#rate = rate
  }

  /** To be called before the bytes are decoded. */
  received(byteCount: number, nowMs: number): void {
    this.#readAtMs = nowMs
    this.#receivedBytes += byteCount
  }

  /** Gives a frame its time on the line. Its `streamOffset` counts the bytes received on this connection. */
  place(frame: FrameOnLine): void {
    if (this.#rate === undefined) return
    const { streamOffset, wireBytes } = frame
    const behindBytes = Math.max(0, this.#receivedBytes - (streamOffset + wireBytes))
    const arrivedMs = this.#readAtMs - wireMs(behindBytes, this.#rate)
    frame.startMs = Math.max(this.#lastEndMs, arrivedMs - wireMs(wireBytes, this.#rate))
    frame.endMs = Math.max(frame.startMs, arrivedMs)
    this.#lastEndMs = frame.endMs
  }
}
