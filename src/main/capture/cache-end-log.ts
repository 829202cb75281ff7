import type { CacheEvent } from '../../shared/model/trace'
import type { LaneCacheEnd } from '../../shared/model/views'

/** The latest entries of the cache that went by themselves, numbered from 0, in a ring: the oldest go. */
export class CacheEndLog {
  readonly #ends: LaneCacheEnd[] = []
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

  /** What somebody asked for is no end by itself and passed over. */
  add({ linkId, atMs, change, key }: CacheEvent): void {
    if (change !== 'expired' && change !== 'evicted') return
    this.#ends[this.#end % this.#capacity] = { linkId, atMs, change, key }
    this.#end += 1
  }

  /** At most `limit` from number `from` on. */
  since(from: number, limit: number): LaneCacheEnd[] {
    const begin = Math.max(from, this.first)
    const count = Math.max(0, Math.min(limit, this.#end - begin))
    return Array.from({ length: count }, (_, at) => this.#ends[(begin + at) % this.#capacity]!)
  }

  clear(): void {
    this.#first = this.#end
  }
}
