import { type LineRate, wireMs } from '../../shared/model/line-rate'

/** Fill the line to this share only: a clock that runs 1.5 % slow must not fill the driver's buffer for ever. */
export const PACING_SHARE = 0.985
/** Least write-ahead in line time: below it the line idles whenever a timer is late. */
export const MIN_WRITE_AHEAD_MS = 10
/** Hand over the next frame once less than this is left: covers a timer that is 10 ms late. */
export const REFILL_BELOW_MS = 10
/** Head of a chunk on the wire, generously (47 bytes in the `lso` dialect). */
const FRAME_HEAD_BYTES = 48

export interface LineTime {
  readonly startMs: number
  readonly endMs: number
}

/**
 * How much may be handed to the driver (design.md §5: what is handed over can not be overtaken any more). A model of
 * the line by its speed: bytes handed over occupy it one after the other.
 *
 * Never more than `writeAheadMs` of line time is handed over and not yet on the wire, apart from a single frame that
 * is longer than that by itself. `writeAheadMs` is two chunks with their heads, or 10 ms, whichever is more; the next
 * frame is handed over when what is left falls below 10 ms (or one frame, on fast lines), so usually it is less.
 *
 * Pure: times come in. Sockets have no pacer, there the transport's `canWrite` decides.
 */
export class Pacer {
  readonly rate: LineRate
  readonly writeAheadMs: number
  readonly #refillBelowMs: number
  /** When the line is free by its real speed: for the times of frames. */
  #lineFreeAtMs = Number.NEGATIVE_INFINITY
  /** When it is free by the slightly lower speed we fill it with: for the decision. */
  #pacedFreeAtMs = Number.NEGATIVE_INFINITY

  constructor(rate: LineRate, chunkBytes: number) {
    this.rate = rate
    const frameMs = wireMs(chunkBytes + FRAME_HEAD_BYTES, rate) / PACING_SHARE
    this.writeAheadMs = Math.max(MIN_WRITE_AHEAD_MS, 2 * frameMs)
    this.#refillBelowMs = Math.min(REFILL_BELOW_MS, this.writeAheadMs - frameMs)
  }

  /** When the next frame may be handed over; in the past when it may be now. */
  get readyAtMs(): number {
    return this.#pacedFreeAtMs - this.#refillBelowMs
  }

  isReady(nowMs: number): boolean {
    return nowMs >= this.readyAtMs
  }

  /** Line time of what was handed over and is not on the wire yet, by the model. */
  backlogMs(nowMs: number): number {
    return Math.max(0, this.#lineFreeAtMs - nowMs)
  }

  /** Takes note of a frame that goes to the driver now. Returns when it will occupy the line. */
  handOver(byteCount: number, nowMs: number): LineTime {
    const durationMs = wireMs(byteCount, this.rate)
    const startMs = Math.max(nowMs, this.#lineFreeAtMs)
    this.#lineFreeAtMs = startMs + durationMs
    this.#pacedFreeAtMs = Math.max(nowMs, this.#pacedFreeAtMs) + durationMs / PACING_SHARE
    return { startMs, endMs: this.#lineFreeAtMs }
  }

  /**
   * Evidence that the line is slower than its speed says (flow control holds it): bytes which the system has not even
   * taken are certainly not on the wire.
   */
  noteUnsent(byteCount: number, nowMs: number): void {
    if (byteCount <= 0) return
    const atLeastUntilMs = nowMs + wireMs(byteCount, this.rate)
    this.#lineFreeAtMs = Math.max(this.#lineFreeAtMs, atLeastUntilMs)
    this.#pacedFreeAtMs = Math.max(this.#pacedFreeAtMs, atLeastUntilMs)
  }
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
