/**
 * The sum of what was added during the last `windowMs`, in constant memory. Time is cut into bins; of the oldest only
 * the share that still lies in the window counts.
 */
export class SlidingSum {
  readonly #windowMs: number
  readonly #binMs: number
  readonly #bins: Float64Array
  /** Number of the newest bin. */
  #head = 0

  constructor(windowMs: number, bins: number) {
    this.#windowMs = windowMs
    this.#binMs = windowMs / bins
    this.#bins = new Float64Array(bins + 1)
  }

  add(atMs: number, amount: number): void {
    const bin = Math.max(Math.floor(atMs / this.#binMs), this.#head)
    this.#advance(bin)
    const slot = bin % this.#bins.length
    this.#bins[slot] = this.#bins[slot]! + amount
  }

  at(nowMs: number): number {
    this.#advance(Math.floor(nowMs / this.#binMs))
    let sum = 0
    for (const amount of this.#bins) sum += amount
    const oldest = this.#head - this.#bins.length + 1
    const goneMs = nowMs - this.#windowMs - oldest * this.#binMs
    const goneShare = Math.min(1, Math.max(0, goneMs / this.#binMs))
    const slot = ((oldest % this.#bins.length) + this.#bins.length) % this.#bins.length
    return Math.max(0, sum - this.#bins[slot]! * goneShare)
  }

  #advance(bin: number): void {
    const steps = Math.min(bin - this.#head, this.#bins.length)
    for (let step = 1; step <= steps; step++) this.#bins[(bin - steps + step) % this.#bins.length] = 0
    if (bin > this.#head) this.#head = bin
  }
}
