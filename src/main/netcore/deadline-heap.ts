/** Where an item stands in a heap; -1 when it is in none. Each item can be in one heap at a time. */
export interface HeapItem {
  heapIndex: number
}

/**
 * Items in order of their deadline, the next one at hand: adding, removing any item and moving it cost O(log n). An item
 * may be in the heap once; how items compare must not change while they are in it (remove, change, add).
 */
export class DeadlineHeap<T extends HeapItem> {
  readonly #items: T[] = []
  readonly #isBefore: (a: T, b: T) => boolean

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore
  }

  get size(): number {
    return this.#items.length
  }

  get first(): T | undefined {
    return this.#items[0]
  }

  add(item: T): void {
    item.heapIndex = this.#items.length
    this.#items.push(item)
    this.#rise(item)
  }

  /** Harmless when the item is not in the heap. */
  remove(item: T): void {
    const at = item.heapIndex
    if (at < 0) return
    item.heapIndex = -1
    const last = this.#items.pop()!
    if (last === item) return
    this.#put(last, at)
    this.#rise(last)
    this.#sink(last)
  }

  clear(): void {
    for (const item of this.#items) item.heapIndex = -1
    this.#items.length = 0
  }

  #put(item: T, at: number): void {
    this.#items[at] = item
    item.heapIndex = at
  }

  #rise(item: T): void {
    let at = item.heapIndex
    while (at > 0) {
      const parentAt = (at - 1) >> 1
      const parent = this.#items[parentAt]!
      if (!this.#isBefore(item, parent)) break
      this.#put(parent, at)
      at = parentAt
    }
    this.#put(item, at)
  }

  #sink(item: T): void {
    let at = item.heapIndex
    for (;;) {
      let childAt = 2 * at + 1
      if (childAt >= this.#items.length) break
      const right = this.#items[childAt + 1]
      if (right !== undefined && this.#isBefore(right, this.#items[childAt]!)) childAt += 1
      const child = this.#items[childAt]!
      if (!this.#isBefore(child, item)) break
      this.#put(child, at)
      at = childAt
    }
    this.#put(item, at)
  }
}
