import type { Clock } from '../../shared/model/clock'
import { Cache, type CacheOptions } from '../netcore/cache'
import { WakeDriver } from './wake-driver'

export interface CacheDriverOptions<V> extends Omit<CacheOptions<V>, 'clock' | 'onWork'> {
  readonly clock: Clock
}

/** A cache whose expired entries go by themselves. `close` lets go of the clock; the cache stays usable. */
export class CacheDriver<V> {
  readonly cache: Cache<V>
  readonly #driver: WakeDriver

  /** @throws ConsoleError `CACHE_OPTION_INVALID`, `CACHE_TTL_INVALID`. */
  constructor(options: CacheDriverOptions<V>) {
    this.cache = new Cache({ ...options, onWork: () => this.#driver.look() })
    this.#driver = new WakeDriver(options.clock, this.cache)
  }

  close(): void {
    this.#driver.close()
  }
}
