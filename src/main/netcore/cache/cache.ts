import { LRUCache } from 'lru-cache'
import { asConsoleError, ConsoleError, hasCode } from '../../../shared/errors'
import { DeadlineHeap, type HeapItem } from '../deadline-heap'
import { type CacheLimits, checkedLimits, checkedTtlMs } from './cache-options'
import type {
  CacheChange,
  CacheEntryView,
  CacheOptions,
  CacheStats,
  ComputeOptions,
  SetOptions,
} from './cache-types'
import { abortReasonOf, SingleFlight } from './single-flight'
import { utf8Length, valueBytes } from './value-bytes'

interface Entry<V> extends HeapItem {
  readonly key: string
  readonly value: V
  readonly bytes: number
  readonly setAtMs: number
  /** Infinity: never. The value is gone from this moment on. Changes only while the entry is in no heap. */
  expiresAtMs: number
  hits: number
}

/**
 * Values by key, each for its time to live, bounded in entries and in bytes; the least recently used make room.
 *
 * - Keys are texts, compared code unit by code unit: `__proto__` is a key like any other, and two spellings of "é" are two
 *   keys.
 * - A value is gone when its age reaches its time to live. `ttlMs: 0` keeps nothing (and removes what was there), negative
 *   times are refused, `Infinity` stays until evicted. In Python 0 and None mean 300 s and negative means gone at once.
 * - `undefined` and null are values; `has` tells a kept `undefined` from nothing.
 * - It has no timer: its owner calls `wake` at `wakeAtMs`, and sets the alarm again when `onWork` asks for it. Without that
 *   it still never gives an expired value, it only keeps them longer.
 */
export class Cache<V> {
  readonly #options: CacheOptions<V>
  readonly #limits: CacheLimits
  readonly #flights: SingleFlight<V>
  /**
   * Recency and the two bounds are the library's. Expiry is ours: the library can be given another clock, but cannot say
   * what expires next, looks through everything to sweep, and takes what was set at time 0 for everlasting.
   */
  readonly #entries: LRUCache<string, Entry<V>>
  readonly #expiring = new DeadlineHeap<Entry<V>>((a, b) => a.expiresAtMs < b.expiresAtMs)
  readonly #changes: CacheChange[] = []
  readonly #counts = {
    hits: 0,
    misses: 0,
    sets: 0,
    deletes: 0,
    expired: 0,
    evicted: 0,
    unkept: 0,
    computed: 0,
    joined: 0,
    observerErrors: 0,
  }
  #latestMs = -Infinity
  #announcedWakeMs: number | null = null
  #isTelling = false

  /** @throws ConsoleError `CACHE_OPTION_INVALID` or `CACHE_TTL_INVALID`. */
  constructor(options: CacheOptions<V>) {
    this.#options = options
    this.#limits = checkedLimits(options)
    this.#flights = new SingleFlight(this.#limits.maxWaiting)
    this.#entries = new LRUCache({
      max: this.#limits.maxEntries,
      maxSize: this.#limits.maxBytes,
      dispose: (entry, _key, reason) => {
        if (reason === 'evict') this.#evicted(entry)
      },
    })
  }

  /** The value, which becomes the most recently used, or undefined. Counts a hit or a miss. */
  get(key: string): V | undefined {
    const entry = this.#live(key)
    if (entry === undefined) {
      this.#counts.misses += 1
    } else {
      this.#counts.hits += 1
      entry.hits += 1
      this.#entries.get(key)
    }
    this.#tell()
    return entry?.value
  }

  /** Whether `get` would find a value. Counts nothing and leaves the recency alone. */
  has(key: string): boolean {
    const nowMs = this.#nowMs()
    const entry = this.#entries.peek(key)
    return entry !== undefined && entry.expiresAtMs > nowMs
  }

  /** The value, without counting a hit and without making it the most recently used. */
  peek(key: string): V | undefined {
    return this.has(key) ? this.#entries.peek(key)?.value : undefined
  }

  /** What `views` tells of one entry; undefined when there is none (left). */
  view(key: string): CacheEntryView | undefined {
    const nowMs = this.#nowMs()
    const entry = this.#entries.peek(key)
    return entry === undefined || entry.expiresAtMs <= nowMs ? undefined : viewOf(entry, nowMs)
  }

  /**
   * Begins the time to live of an entry anew, from now: `Infinity` pins it, 0 lets it expire at once. Value, age, hits and
   * recency stay. False when there was nothing (left).
   *
   * @throws ConsoleError `CACHE_TTL_INVALID`.
   */
  retime(key: string, ttlMs: number): boolean {
    checkedTtlMs(ttlMs)
    const entry = this.#live(key)
    if (entry !== undefined) this.#retime(entry, ttlMs)
    this.#tell()
    return entry !== undefined
  }

  /**
   * Keeps a value; borrowed, not copied. A computation that runs for this key no longer counts: its callers get what it
   * computes, the cache keeps what was set.
   *
   * @throws ConsoleError `CACHE_KEY_TOO_LONG`, `CACHE_TTL_INVALID`, `CACHE_ENTRY_TOO_LARGE` (larger than `maxBytes`),
   * `CACHE_SIZE_UNKNOWN`. What was kept before then stays.
   */
  set(key: string, value: V, options: SetOptions = {}): void {
    const ttlMs = this.#checked(key, options)
    const bytes = this.#entryBytes(key, value)
    this.#flights.detach(key)
    this.#put(key, value, bytes, ttlMs)
    this.#tell()
  }

  /** False when there was nothing (left). A computation that runs for the key is not kept. */
  delete(key: string): boolean {
    this.#flights.detach(key)
    const entry = this.#live(key)
    if (entry !== undefined) this.#deleted(entry)
    this.#tell()
    return entry !== undefined
  }

  /** Removes everything, with one change event. Computations that run are not kept. */
  clear(): void {
    this.#flights.detachAll()
    const entries = this.#entries.size
    const bytes = this.#entries.calculatedSize
    this.#expiring.clear()
    this.#entries.clear()
    if (entries > 0) this.#changes.push({ type: 'clear', atMs: this.#nowMs(), entries, bytes })
    this.#tell()
  }

  /**
   * The kept value, or else what `compute` gives, which is then kept. Callers that ask for the same key meanwhile wait for
   * the same computation; the options of the first one count, except `signal`, which ends the wait of its own caller only.
   *
   * - A failure is told to every caller and not kept: the next one computes again.
   * - The signal given to `compute` aborts when all its callers have gone. What it computes after that is not kept.
   * - `set`, `delete` or `clear` during the computation win: its callers still get its value, but it is not kept, and who
   *   asks after a `delete` begins a new one, since the running one may be built on what was just declared invalid.
   * - A value that cannot be kept (too large) is given to its callers all the same and counted as `unkept`.
   *
   * A computation must not wait for its own key: it would wait for itself.
   *
   * Rejects with what `compute` failed with, the reason of `signal`, or ConsoleError `CACHE_BUSY`, `CACHE_KEY_TOO_LONG`,
   * `CACHE_TTL_INVALID`.
   */
  async getOrCompute(
    key: string,
    compute: (signal: AbortSignal) => V | Promise<V>,
    options: ComputeOptions = {},
  ): Promise<V> {
    const ttlMs = this.#checked(key, options)
    const { signal } = options
    if (signal?.aborted) throw abortReasonOf(signal, key)
    const value = this.get(key)
    if (value !== undefined || this.has(key)) return value as V
    this.#counts[this.#flights.has(key) ? 'joined' : 'computed'] += 1
    return this.#flights.join({ key, compute, signal, keep: (computed) => this.#keep(key, computed, ttlMs) })
  }

  /** When `wake` has something to sweep, possibly in the past; null when nothing expires. May be any time away. */
  get wakeAtMs(): number | null {
    const first = this.#expiring.first
    const { sweepMs } = this.#limits
    return first === undefined ? null : Math.ceil(first.expiresAtMs / sweepMs) * sweepMs
  }

  /** Removes what has expired. */
  wake(): void {
    this.#sweep(this.#nowMs())
    this.#announcedWakeMs = this.wakeAtMs // the owner looks at it after this call anyway
    this.#tell()
  }

  get stats(): CacheStats {
    return {
      ...this.#counts,
      entries: this.#entries.size,
      bytes: this.#entries.calculatedSize,
      maxEntries: this.#limits.maxEntries,
      maxBytes: this.#limits.maxBytes,
      computing: this.#flights.running,
      waiting: this.#flights.waiting,
    }
  }

  /** A window of the entries, most recently used first, without what has expired. Leaves recency and counters alone. */
  views(from: number, count: number): CacheEntryView[] {
    const nowMs = this.#nowMs()
    const views: CacheEntryView[] = []
    let position = -from
    for (const entry of this.#entries.values()) {
      if (entry.expiresAtMs <= nowMs) continue
      if (position++ < 0) continue
      if (position > count) break
      views.push(viewOf(entry, nowMs))
    }
    return views
  }

  #nowMs(): number {
    this.#latestMs = Math.max(this.#latestMs, this.#options.clock.nowMs())
    return this.#latestMs
  }

  #checked(key: string, options: SetOptions): number {
    const { maxKeyLength, defaultTtlMs } = this.#limits
    if (key.length > maxKeyLength) {
      const details = { length: key.length, limit: maxKeyLength }
      throw new ConsoleError(
        'CACHE_KEY_TOO_LONG',
        `a key of ${key.length} units; ${maxKeyLength} are allowed`,
        details,
      )
    }
    return checkedTtlMs(options.ttlMs ?? defaultTtlMs)
  }

  /** At least 1, so that empty values under an empty key have a size that the bound can count. */
  #entryBytes(key: string, value: V): number {
    const size = (this.#options.sizeOf ?? valueBytes)(value, key)
    if (!(size >= 0 && size < Infinity)) {
      throw new ConsoleError('CACHE_SIZE_UNKNOWN', `sizeOf gave ${size} for "${key}"`, { key })
    }
    const bytes = Math.max(1, Math.ceil(size) + utf8Length(key))
    const limit = this.#limits.maxBytes
    if (bytes <= limit) return bytes
    throw new ConsoleError('CACHE_ENTRY_TOO_LARGE', `"${key}" takes ${bytes} of ${limit} bytes`, {
      key,
      bytes,
      limit,
    })
  }

  /** The entry when it is there and has not expired; an expired one goes. */
  #live(key: string): Entry<V> | undefined {
    const nowMs = this.#nowMs()
    const entry = this.#entries.peek(key)
    if (entry === undefined || entry.expiresAtMs > nowMs) return entry
    this.#expired(entry)
    return undefined
  }

  #put(key: string, value: V, bytes: number, ttlMs: number): void {
    const nowMs = this.#nowMs()
    this.#sweep(nowMs) // first, or a live entry might make room while dead ones stay
    const old = this.#entries.peek(key)
    if (ttlMs === 0) {
      if (old !== undefined) this.#deleted(old)
      return
    }
    if (old !== undefined) this.#expiring.remove(old)
    const entry = { key, value, bytes, setAtMs: nowMs, expiresAtMs: nowMs + ttlMs, hits: 0, heapIndex: -1 }
    this.#entries.set(key, entry, { size: bytes })
    if (entry.expiresAtMs < Infinity) this.#expiring.add(entry)
    this.#counts.sets += 1
    const shownTtlMs = ttlMs === Infinity ? null : ttlMs
    this.#changes.push({
      type: 'set',
      atMs: nowMs,
      key,
      bytes,
      ttlMs: shownTtlMs,
      isReplaced: old !== undefined,
    })
  }

  #retime(entry: Entry<V>, ttlMs: number): void {
    if (ttlMs === 0) {
      this.#expired(entry)
      return
    }
    this.#expiring.remove(entry)
    entry.expiresAtMs = this.#latestMs + ttlMs
    if (entry.expiresAtMs < Infinity) this.#expiring.add(entry)
    const { key, bytes } = entry
    this.#changes.push({
      type: 'retime',
      atMs: this.#latestMs,
      key,
      bytes,
      ttlMs: ttlMs === Infinity ? null : ttlMs,
    })
  }

  #keep(key: string, value: V, ttlMs: number): void {
    try {
      this.#put(key, value, this.#entryBytes(key, value), ttlMs)
    } catch (error) {
      // The callers get their value; only who looks at the counters learns that it could not be kept.
      this.#counts.unkept += 1
      if (!hasCode(error, 'CACHE_ENTRY_TOO_LARGE')) this.#observerFailed(asConsoleError(error))
    }
    this.#tell()
  }

  #sweep(nowMs: number): void {
    for (let first = this.#expiring.first; first !== undefined; first = this.#expiring.first) {
      if (first.expiresAtMs > nowMs) break
      this.#expired(first)
    }
  }

  #expired(entry: Entry<V>): void {
    this.#counts.expired += 1
    this.#remove(entry, 'expire')
  }

  #deleted(entry: Entry<V>): void {
    this.#counts.deletes += 1
    this.#remove(entry, 'delete')
  }

  #remove(entry: Entry<V>, type: 'delete' | 'expire'): void {
    this.#expiring.remove(entry)
    this.#entries.delete(entry.key)
    this.#changes.push({ type, atMs: this.#latestMs, key: entry.key, bytes: entry.bytes })
  }

  #evicted(entry: Entry<V>): void {
    this.#expiring.remove(entry)
    this.#counts.evicted += 1
    this.#changes.push({ type: 'evict', atMs: this.#latestMs, key: entry.key, bytes: entry.bytes })
  }

  /** Tells what changed, once the cache is consistent again. An observer that changes the cache is told afterwards. */
  #tell(): void {
    if (this.#isTelling) return
    this.#isTelling = true
    try {
      for (const change of this.#changes) this.#tellOne(change) // grows while an observer changes the cache
    } finally {
      this.#changes.length = 0
      this.#isTelling = false
    }
    const wakeAtMs = this.wakeAtMs
    const isSooner = wakeAtMs !== null && (this.#announcedWakeMs === null || wakeAtMs < this.#announcedWakeMs)
    this.#announcedWakeMs = wakeAtMs
    if (isSooner) this.#options.onWork?.()
  }

  #tellOne(change: CacheChange): void {
    try {
      this.#options.onChange?.(change)
    } catch (error) {
      this.#observerFailed(error)
    }
  }

  #observerFailed(error: unknown): void {
    this.#counts.observerErrors += 1
    this.#options.onObserverError?.(error)
  }
}

const viewOf = (
  { key, bytes, setAtMs, expiresAtMs, hits }: Entry<unknown>,
  nowMs: number,
): CacheEntryView => ({
  key,
  bytes,
  ageMs: nowMs - setAtMs,
  expiresInMs: expiresAtMs === Infinity ? null : expiresAtMs - nowMs,
  hits,
})
