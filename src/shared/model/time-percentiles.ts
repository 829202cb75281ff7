/** Up to here in steps of 10 µs, beyond in steps of 1 %: percentiles of any number of times in 24 KiB. */
const FINE_MS = 10
const STEPS_PER_MS = 100
const FINE_STEPS = FINE_MS * STEPS_PER_MS
const COARSE_BASE = 1.01
/** The last step holds everything from seven weeks on. */
const COARSE_STEPS = 2000

export interface TimePercentilesView {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/** Percentiles of times that are too many to be kept: its size does not depend on how many were added. */
export class TimePercentiles {
  readonly #counts = new Float64Array(FINE_STEPS + COARSE_STEPS)
  #count = 0
  #maxMs = 0

  /** How many were added. */
  get count(): number {
    return this.#count
  }

  /** A time below 0 counts as 0. */
  add(timeMs: number): void {
    const ms = Math.max(0, timeMs)
    this.#counts[stepOf(ms)]! += 1
    this.#count += 1
    this.#maxMs = Math.max(this.#maxMs, ms)
  }

  /** Upper ends of the steps that the percentiles lie in, so never less than the truth; null before the first. */
  get view(): TimePercentilesView | null {
    if (this.#count === 0) return null
    return { p50Ms: this.#percentile(0.5), p99Ms: this.#percentile(0.99), maxMs: this.#maxMs }
  }

  #percentile(part: number): number {
    const wanted = Math.ceil(this.#count * part)
    let seen = 0
    for (let step = 0; step < this.#counts.length; step++) {
      seen += this.#counts[step]!
      if (seen >= wanted) return Math.min(this.#maxMs, endOf(step))
    }
    return this.#maxMs
  }
}

function stepOf(ms: number): number {
  if (ms < FINE_MS) return Math.floor(ms * STEPS_PER_MS)
  const coarse = Math.floor(Math.log(ms / FINE_MS) / Math.log(COARSE_BASE))
  return FINE_STEPS + Math.min(COARSE_STEPS - 1, coarse)
}

const endOf = (step: number): number =>
  step < FINE_STEPS ? (step + 1) / STEPS_PER_MS : FINE_MS * COARSE_BASE ** (step - FINE_STEPS + 1)
