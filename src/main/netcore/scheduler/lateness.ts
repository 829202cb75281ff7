import type { LatenessView } from './task-types'

/** Running figures of how late runs began, in constant space. */
export class Lateness {
  #runs = 0
  #firstMs = 0
  #lastMs = 0
  #sumMs = 0
  #maxMs = 0
  #changesMs = 0

  add(latenessMs: number): void {
    if (this.#runs === 0) this.#firstMs = latenessMs
    else this.#changesMs += Math.abs(latenessMs - this.#lastMs)
    this.#runs += 1
    this.#lastMs = latenessMs
    this.#sumMs += latenessMs
    this.#maxMs = Math.max(this.#maxMs, latenessMs)
  }

  /** Null before the first run. */
  get view(): LatenessView | null {
    if (this.#runs === 0) return null
    return {
      lastMs: this.#lastMs,
      meanMs: this.#sumMs / this.#runs,
      maxMs: this.#maxMs,
      jitterMs: this.#runs === 1 ? 0 : this.#changesMs / (this.#runs - 1),
      driftMs: this.#lastMs - this.#firstMs,
    }
  }
}
