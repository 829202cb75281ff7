/** A queue with O(1) ends; an array's `shift` moves everything behind it. */
export class Fifo<T> {
  #items: (T | undefined)[] = []
  #first = 0

  get length(): number {
    return this.#items.length - this.#first
  }

  push(item: T): void {
    this.#items.push(item)
  }

  /** The item that `shift` would remove. */
  peek(): T | undefined {
    return this.#items[this.#first]
  }

  /** From the first to the last, removing none. */
  *[Symbol.iterator](): Iterator<T> {
    for (let index = this.#first; index < this.#items.length; index++) yield this.#items[index]!
  }

  shift(): T | undefined {
    if (this.#first === this.#items.length) return undefined
    const item = this.#items[this.#first]
    this.#items[this.#first] = undefined
    this.#first += 1
    if (this.#first === this.#items.length) this.clear()
    else if (this.#first > 64 && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first)
      this.#first = 0
    }
    return item
  }

  /** Keeps the items that pass, in their order. O(n). */
  keep(passes: (item: T) => boolean): void {
    const kept: T[] = []
    for (let index = this.#first; index < this.#items.length; index++) {
      const item = this.#items[index]!
      if (passes(item)) kept.push(item)
    }
    this.#items = kept
    this.#first = 0
  }

  clear(): void {
    this.#items = []
    this.#first = 0
  }
}
