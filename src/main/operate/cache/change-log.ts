import type { CacheChangeLine } from '../../../shared/model/cache'

/** The latest changes of the cache, numbered from 1, in a ring. */
export class CacheChangeLog {
  readonly #capacity: number
  readonly #lines: CacheChangeLine[] = []
  #lastId = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get lastId(): number {
    return this.#lastId
  }

  add(line: Omit<CacheChangeLine, 'changeId'>): CacheChangeLine {
    this.#lastId += 1
    const kept = { ...line, changeId: this.#lastId }
    this.#lines[this.#lastId % this.#capacity] = kept
    return kept
  }

  /** Changes after this one, oldest first; at most the newest `limit` of those that are kept. */
  after(changeId: number, limit: number): CacheChangeLine[] {
    const from = Math.max(changeId, this.#lastId - Math.min(limit, this.#capacity))
    const lines: CacheChangeLine[] = []
    for (let id = from + 1; id <= this.#lastId; id++) lines.push(this.#lines[id % this.#capacity]!)
    return lines
  }
}
