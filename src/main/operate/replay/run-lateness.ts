import type { ReplayLateness } from '../../../shared/model/replay'

/** Up to here in steps of 10 µs, beyond in steps of 5 %: percentiles of any number of times in little space. */
const FINE_MS = 10
const STEPS_PER_MS = 100
const FINE_STEPS = FINE_MS * STEPS_PER_MS
const COARSE_BASE = 1.05
const COARSE_STEPS = 400

/** How late messages went, as percentiles. */
export class RunLateness {
  readonly #counts = new Uint32Array(FINE_STEPS + COARSE_STEPS)
  #total = 0
  #maxMs = 0

  add(lateMs: number): void {
    const ms = Math.max(0, lateMs)
    this.#counts[stepOf(ms)]! += 1
    this.#total += 1
    this.#maxMs = Math.max(this.#maxMs, ms)
  }

  /** Upper ends of the steps that the percentiles lie in, so never less than the truth; null before the first. */
  get view(): ReplayLateness | null {
    if (this.#total === 0) return null
    return { p50Ms: this.#percentile(0.5), p99Ms: this.#percentile(0.99), maxMs: this.#maxMs }
  }

  #percentile(part: number): number {
    const wanted = Math.ceil(this.#total * part)
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
