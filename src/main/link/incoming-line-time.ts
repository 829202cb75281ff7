import { type LineRate, wireMs } from '../../shared/model/line-rate'
import type { LineTime } from './pacer'

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

  /** @param endOffset - Position just behind the frame, in bytes received on this connection. */
  locate(endOffset: number, wireBytes: number, nowMs: number): LineTime {
    if (this.#rate === undefined) return { startMs: nowMs, endMs: nowMs }
    const arrivedMs = this.#readAtMs - wireMs(Math.max(0, this.#receivedBytes - endOffset), this.#rate)
    const startMs = Math.max(this.#lastEndMs, arrivedMs - wireMs(wireBytes, this.#rate))
    const endMs = Math.max(startMs, arrivedMs)
    this.#lastEndMs = endMs
    return { startMs, endMs }
  }
}
