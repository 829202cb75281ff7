import type { Clock } from '../../../shared/model/clock'

/** netcore-lso.md §12 and design.md §9. Each can be set; each has a code. */
export const CACHE_DEFAULTS = {
  /** As the Python Netcore. */
  defaultTtlMs: 300_000,
  maxEntries: 10_000,
  maxBytes: 64 * 1024 * 1024,
  /** UTF-16 code units, as `key.length` counts them. */
  maxKeyLength: 1024,
  maxWaiting: 10_000,
  sweepMs: 1000,
} as const

export interface CacheOptions<V> {
  /** Monotonic. Should it go back nevertheless, time stands still for the cache: what had expired stays expired. */
  readonly clock: Pick<Clock, 'nowMs'>
  /** How long a value without its own time to live stays; `Infinity` for ever. Default: 300,000 (300 s). */
  readonly defaultTtlMs?: number
  /** Default: 10,000; at most 1,000,000. */
  readonly maxEntries?: number
  /** Of keys (UTF-8) and values (`sizeOf`) together. Default: 64 MiB. */
  readonly maxBytes?: number
  /** Default: 1024 UTF-16 code units. */
  readonly maxKeyLength?: number
  /** Callers that wait for computations, all keys together. Default: 10,000. */
  readonly maxWaiting?: number
  /** Entries that nobody asks for are swept in steps of this length; `get` is exact regardless. Default: 1000. */
  readonly sweepMs?: number
  /** Bytes of a value, 0 or more. Default: `valueBytes`. */
  readonly sizeOf?: (value: V, key: string) => number
  /** Told of every change after it was made, in order, one at a time. It may use the cache. */
  readonly onChange?: (change: CacheChange) => void
  /** `onChange` threw; must not throw itself. Without this function such errors are only counted (`CacheStats.observerErrors`). */
  readonly onObserverError?: (error: unknown) => void
  /** `wakeAtMs` came nearer: set the alarm again. */
  readonly onWork?: () => void
}

export interface SetOptions {
  /** Milliseconds; 0 keeps nothing, `Infinity` for ever. Default: `defaultTtlMs`. */
  readonly ttlMs?: number
}

export interface ComputeOptions extends SetOptions {
  /** Ends the wait of this caller only. */
  readonly signal?: AbortSignal
}

export type CacheChange =
  | {
      readonly type: 'set'
      readonly atMs: number
      readonly key: string
      readonly bytes: number
      /** Null: never expires. */
      readonly ttlMs: number | null
      readonly isReplaced: boolean
    }
  | {
      /** The time to live began anew, with the same value. */
      readonly type: 'retime'
      readonly atMs: number
      readonly key: string
      readonly bytes: number
      /** Null: never expires. */
      readonly ttlMs: number | null
    }
  | {
      /** `evict`: the least recently used one made room. `expire`: its time was over. */
      readonly type: 'delete' | 'expire' | 'evict'
      readonly atMs: number
      readonly key: string
      readonly bytes: number
    }
  | { readonly type: 'clear'; readonly atMs: number; readonly entries: number; readonly bytes: number }

/** One entry as screens show it. */
export interface CacheEntryView {
  readonly key: string
  readonly bytes: number
  readonly ageMs: number
  /** Null: never. */
  readonly expiresInMs: number | null
  readonly hits: number
}

export interface CacheStats {
  /** Entries and bytes held, including what expired and was not swept yet. */
  readonly entries: number
  readonly bytes: number
  readonly maxEntries: number
  readonly maxBytes: number
  readonly hits: number
  readonly misses: number
  readonly sets: number
  readonly deletes: number
  readonly expired: number
  readonly evicted: number
  /** Computed values that were given to their callers but could not be kept (too large, or of unknown size). */
  readonly unkept: number
  /** Computations begun, and callers that joined one instead of beginning their own. */
  readonly computed: number
  readonly joined: number
  /** Computations running, and callers waiting for them, now. */
  readonly computing: number
  readonly waiting: number
  readonly observerErrors: number
}
