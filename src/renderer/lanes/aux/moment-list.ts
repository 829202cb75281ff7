/**
 * Instants in the order of time, the newest up to a limit. What comes is nearly always the newest, so adding looks from
 * the end; nothing is copied to be read.
 */
export class MomentList<T extends { readonly atMs: number }> {
  readonly #limit: number
  #items: T[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  get items(): readonly T[] {
    return this.#items
  }

  get last(): T | undefined {
    return this.#items[this.#items.length - 1]
  }

  add(item: T): void {
    let at = this.#items.length
    while (at > 0 && this.#items[at - 1]!.atMs > item.atMs) at--
    if (at === this.#items.length) this.#items.push(item)
    else this.#items.splice(at, 0, item)
    // by halves, so that a full list is not moved with every item
    if (this.#items.length > this.#limit) this.#items = this.#items.slice(-Math.ceil(this.#limit / 2))
  }

  /** Index of the first item at or after the instant; the length when there is none. */
  firstFrom(atMs: number): number {
    let low = 0
    let high = this.#items.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#items[middle]!.atMs < atMs) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Index of what holds at the instant, the last item not after it; -1 when nothing does yet. */
  holdingAt(atMs: number): number {
    let at = this.firstFrom(atMs)
    while (at < this.#items.length && this.#items[at]!.atMs === atMs) at++
    return at - 1
  }
}
