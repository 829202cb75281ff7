const MOST_STEPS = 65_536

/** Something that holds until it changes, asked for any moment. Beyond the limit the last change stands for those that come. */
export class StepLog<T> {
  readonly #steps: { atMs: number; value: T }[] = []

  /** @param atMs - Not before the one of the last call. */
  set(atMs: number, value: T): void {
    const last = this.#steps.at(-1)
    if (last !== undefined && (last.atMs === atMs || this.#steps.length === MOST_STEPS)) this.#steps.pop()
    this.#steps.push({ atMs, value })
  }

  /** What holds at a moment; undefined before the first change. */
  at(atMs: number): T | undefined {
    let [low, high] = [0, this.#steps.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#steps[middle]!.atMs <= atMs) low = middle + 1
      else high = middle
    }
    return this.#steps[low - 1]?.value
  }

  get last(): T | undefined {
    return this.#steps.at(-1)?.value
  }
}
