import { countUpTo, grown } from './sum-log'

const FIRST_ROWS = 1024
/** As many chunks as a capture keeps. */
const MOST_ROWS = 2_097_152

/** Moments in order, to step between. Beyond the limit the last of them stands for those that come. */
export class MomentLog {
  #times = new Float64Array(FIRST_ROWS)
  #length = 0
  #seen = 0

  /** @param atMs - Not before the one of the last call. */
  add(atMs: number): void {
    this.#seen += 1
    if (this.#length > 0 && this.#times[this.#length - 1] === atMs) return
    if (this.#length === MOST_ROWS) {
      this.#times[this.#length - 1] = atMs
      return
    }
    if (this.#length === this.#times.length) {
      this.#times = grown(this.#times, Math.min(MOST_ROWS, this.#length * 2))
    }
    this.#times[this.#length++] = atMs
  }

  /** How often something happened, counting what happened at the same moment each. */
  get seen(): number {
    return this.#seen
  }

  /** The moment `by` places after (or, negative, before) a time that may lie between two; null when there are not so many. */
  step(atMs: number, by: number): number | null {
    const upTo = countUpTo(this.#times, this.#length, atMs)
    const isOnOne = upTo > 0 && this.#times[upTo - 1] === atMs
    const row = by > 0 ? upTo + by - 1 : upTo - (isOnOne ? 1 : 0) + by
    return row < 0 || row >= this.#length ? null : this.#times[row]!
  }
}
