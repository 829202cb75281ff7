const FIRST_ROWS = 1024
/** 16 bytes each. */
const MOST_ROWS = 1_048_576

/**
 * A sum over time, asked for any moment: bytes that passed, what is in a queue. Times never go back. When it is full, moments
 * that lie close together become one; how close depends on what was added alone.
 */
export class SumLog {
  readonly #most: number
  #times = new Float64Array(FIRST_ROWS)
  #sums = new Float64Array(FIRST_ROWS)
  #length = 0
  /** Moments of the same bin of this length are one; 0 keeps all apart. */
  #binMs = 0

  /** @param most - Moments that are kept apart. */
  constructor(most = MOST_ROWS) {
    this.#most = most
  }

  get sum(): number {
    return this.#length === 0 ? 0 : this.#sums[this.#length - 1]!
  }

  /** @param atMs - Not before the one of the last call. */
  add(atMs: number, amount: number): void {
    if (amount === 0) return
    const sum = this.sum + amount
    if (this.#length > 0 && this.#isSameMoment(this.#times[this.#length - 1]!, atMs)) {
      this.#times[this.#length - 1] = atMs
      this.#sums[this.#length - 1] = sum
      return
    }
    if (this.#length === this.#times.length) this.#makeRoom()
    this.#times[this.#length] = atMs
    this.#sums[this.#length] = sum
    this.#length += 1
  }

  /** The sum of all that was added up to and including `atMs`. */
  at(atMs: number): number {
    const rows = countUpTo(this.#times, this.#length, atMs)
    return rows === 0 ? 0 : this.#sums[rows - 1]!
  }

  #isSameMoment(left: number, right: number): boolean {
    return (
      left === right ||
      (this.#binMs > 0 && Math.floor(left / this.#binMs) === Math.floor(right / this.#binMs))
    )
  }

  #makeRoom(): void {
    if (this.#length < this.#most) {
      const rows = Math.min(this.#most, this.#length * 2)
      this.#times = grown(this.#times, rows)
      this.#sums = grown(this.#sums, rows)
      return
    }
    while (this.#length > this.#most / 2) {
      this.#binMs = this.#binMs === 0 ? 1 : this.#binMs * 2
      let kept = 0
      for (let row = 0; row < this.#length; row++) {
        const isSame = kept > 0 && this.#isSameMoment(this.#times[kept - 1]!, this.#times[row]!)
        if (!isSame) kept += 1
        this.#times[kept - 1] = this.#times[row]!
        this.#sums[kept - 1] = this.#sums[row]!
      }
      this.#length = kept
    }
  }
}

/** How many of the first `length` times, in order, are not after `atMs`. */
export function countUpTo(times: Float64Array, length: number, atMs: number): number {
  let [low, high] = [0, length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (times[middle]! <= atMs) low = middle + 1
    else high = middle
  }
  return low
}

export function grown(column: Float64Array, rows: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(rows)
  larger.set(column)
  return larger
}
