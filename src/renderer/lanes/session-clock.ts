/** Samples older than this do not count: the two clocks may drift apart slowly. */
const WINDOW_MS = 5000
/** Largest correction per millisecond of real time: 2 % cannot be seen while the picture scrolls. */
const MAX_SLEW = 0.02
/** Beyond this the picture jumps: the computer slept, or another session began. */
const JUMP_MS = 400

/**
 * Tells the time of the session between batches. Each batch says what the session clock was when it left; it arrives a
 * little later, never earlier, so the largest difference seen lately is the truest one. The clock approaches it with a
 * bounded rate, so that the picture moves evenly however unevenly batches arrive.
 */
export class SessionClock {
  #offsetMs: number | null = null
  #targetMs = 0
  #lastReadMs = 0
  #bestMs = -Infinity
  #previousBestMs = -Infinity
  #windowFromMs = 0

  get isRunning(): boolean {
    return this.#offsetMs !== null
  }

  reset(): void {
    this.#offsetMs = null
    this.#bestMs = -Infinity
    this.#previousBestMs = -Infinity
  }

  /**
   * @param sessionMs - What the batch says.
   * @param localMs - The local monotonic clock when it arrived.
   */
  sample(sessionMs: number, localMs: number): void {
    const sampleMs = sessionMs - localMs
    if (this.#offsetMs === null) {
      this.#offsetMs = sampleMs
      this.#lastReadMs = localMs
      this.#windowFromMs = localMs
      this.#bestMs = sampleMs
    } else if (localMs - this.#windowFromMs > WINDOW_MS) {
      this.#previousBestMs = this.#bestMs
      this.#bestMs = sampleMs
      this.#windowFromMs = localMs
    } else if (sampleMs > this.#bestMs) this.#bestMs = sampleMs
    this.#targetMs = Math.max(this.#bestMs, this.#previousBestMs)
  }

  /** Session time at `localMs`, never going backwards except for a jump. */
  read(localMs: number): number {
    if (this.#offsetMs === null) return 0
    const elapsedMs = Math.max(0, localMs - this.#lastReadMs)
    this.#lastReadMs = Math.max(localMs, this.#lastReadMs)
    const errorMs = this.#targetMs - this.#offsetMs
    if (Math.abs(errorMs) > JUMP_MS) this.#offsetMs = this.#targetMs
    else {
      const step = elapsedMs * MAX_SLEW
      this.#offsetMs += Math.min(step, Math.max(-step, errorMs))
    }
    return localMs + this.#offsetMs
  }
}
