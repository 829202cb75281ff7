/** Serial clocks are off by less than this share of their speed; more is a wrong setting, and no byte would arrive. */
export const MAX_RATE_ERROR = 0.05
/** Evidence over a shorter time says more about notifications than about the line. */
const MIN_LATE_STRETCH_MS = 300
const MIN_PROOF_MS = 100
const DELAY_WINDOW_MS = 300
/** Slower drift than this is not told from noise within a few windows … */
const MIN_DRIFT = 0.003
/** … so more of them are joined, and less is told. */
const DELAY_SCALES = [1, 4, 16]
const EARLY_STEP = 0.005

interface DelayWindow {
  readonly startMs: number
  leastMs: number
  leastAtMs: number
}

/**
 * How fast the line really is, against what its setting says: learnt from evidence, within 5 %.
 *
 * - Faster is believed only when it is proven: so many bytes had arrived in so short a time.
 * - Slower is believed when several observations agree, because a single one may be a late notification.
 */
export class RateEstimate {
  #factor = 1
  #lateSamples: number[] = []
  #windows: DelayWindow[] = []

  /** Real speed over nominal speed. */
  get factor(): number {
    return this.#factor
  }

  /** The line was busy without a gap; `nominalMs` of line time by its setting took it `tookMs`. */
  drainedLate(nominalMs: number, tookMs: number): void {
    if (tookMs < MIN_LATE_STRETCH_MS) return
    this.#lateSamples = [...this.#lateSamples.slice(-2), nominalMs / tookMs]
    // The fastest of the last few: notifications come late, never early.
    if (this.#lateSamples.length >= 2) this.#set(Math.min(1, Math.max(...this.#lateSamples)))
  }

  /** The line had drained before it was expected to. It may be faster than what we learnt, but not faster than its setting. */
  drainedEarly(): void {
    this.#lateSamples = []
    if (this.#factor < 1) this.#set(Math.min(1, this.#factor + EARLY_STEP))
  }

  /** `nominalMs` of line time by the setting certainly passed within `tookMs`. */
  proven(nominalMs: number, tookMs: number): void {
    if (tookMs >= MIN_PROOF_MS) this.#set(Math.max(this.#factor, nominalMs / tookMs))
  }

  /** A stretch without a gap begins: delays before it have nothing to do with those after it. */
  restart(): void {
    this.#windows = []
  }

  /**
   * An acknowledgement came `delayMs` behind the computed end of what it confirms. Its way back takes an unknown time,
   * but the least of many is always about the same, unless the line falls behind what we compute.
   *
   * Returns by how much it has fallen behind since it was last told, in ms; mostly 0.
   */
  delaySeen(delayMs: number, nowMs: number): number {
    const window = this.#windows.at(-1)
    if (window === undefined || nowMs - window.startMs >= DELAY_WINDOW_MS) {
      const fallenMs = this.#learnFromDelays()
      this.#windows.push({ startMs: nowMs, leastMs: delayMs, leastAtMs: nowMs })
      return fallenMs
    }
    if (delayMs < window.leastMs) {
      window.leastMs = delayMs
      window.leastAtMs = nowMs
    }
    return 0
  }

  #learnFromDelays(): number {
    this.#windows = this.#windows.slice(-4 * DELAY_SCALES.at(-1)!)
    for (const scale of DELAY_SCALES) {
      if (this.#windows.length < 4 * scale) break
      const fallenMs = this.#driftOver(scale)
      if (fallenMs > 0) {
        this.#windows = []
        return fallenMs
      }
    }
    return 0
  }

  /** Three slopes between four (joined) windows that all point upwards: a step in the way back makes only one of them. */
  #driftOver(scale: number): number {
    const recent = this.#windows.slice(-4 * scale)
    const least = [0, 1, 2, 3].map((part) =>
      recent.slice(part * scale, (part + 1) * scale).reduce((a, b) => (b.leastMs < a.leastMs ? b : a)),
    )
    const slopes = least
      .slice(1)
      .map((window, index) => {
        const before = least[index]!
        return (window.leastMs - before.leastMs) / Math.max(1, window.leastAtMs - before.leastAtMs)
      })
      .sort((a, b) => a - b)
    if (slopes[0]! < MIN_DRIFT / scale) return 0
    this.#set(this.#factor / (1 + slopes[1]!))
    return least[3]!.leastMs - least[0]!.leastMs
  }

  #set(factor: number): void {
    this.#factor = Math.min(1 + MAX_RATE_ERROR, Math.max(1 - MAX_RATE_ERROR, factor))
  }
}
