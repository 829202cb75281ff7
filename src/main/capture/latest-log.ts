/** The latest of many happenings, numbered from 0, in a ring: garbage on a line makes thousands a second, and the oldest go. */
export class LatestLog<T extends { readonly atMs: number }> {
  readonly #items: T[] = []
  readonly #capacity: number
  #end = 0
  #first = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** Number of the next one. */
  get end(): number {
    return this.#end
  }

  /** Number of the oldest that is kept. */
  get first(): number {
    return Math.max(this.#first, this.#end - this.#capacity)
  }

  add(item: T): void {
    this.#items[this.#end % this.#capacity] = item
    this.#end += 1
  }

  /** At most `limit` of those that are kept, from number `from` on. */
  since(from: number, limit: number): T[] {
    const begin = Math.max(from, this.first)
    const count = Math.max(0, Math.min(limit, this.#end - begin))
    return Array.from({ length: count }, (_, at) => this.#at(begin + at))
  }

  /** Number of the first kept one at `ms` or later. */
  numberAt(ms: number): number {
    let number = this.#end
    while (number > this.first && this.#at(number - 1).atMs >= ms) number -= 1
    return number
  }

  clear(): void {
    this.#first = this.#end
  }

  #at(number: number): T {
    return this.#items[number % this.#capacity]!
  }
}
