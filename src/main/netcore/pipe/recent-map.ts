import { Fifo } from './fifo'

/**
 * The last entries of something endless: a map bounded by number, the oldest leave. The order is kept apart, because a
 * Map whose first entry is deleted over and over walks over the gaps.
 */
export class RecentMap<V> {
  readonly #capacity: number
  readonly #values = new Map<string, V>()
  readonly #order = new Fifo<string>()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  has(key: string): boolean {
    return this.#values.has(key)
  }

  get(key: string): V | undefined {
    return this.#values.get(key)
  }

  /** A key that is there already keeps its age. */
  set(key: string, value: V): void {
    if (!this.#values.has(key)) this.#order.push(key)
    this.#values.set(key, value)
    while (this.#order.length > this.#capacity) this.#values.delete(this.#order.shift()!)
  }
}
