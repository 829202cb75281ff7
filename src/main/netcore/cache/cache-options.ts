import { ConsoleError } from '../../../shared/errors'
import { CACHE_DEFAULTS, type CacheOptions } from './cache-types'

/** The tables of the LRU list are laid out for this many from the start. */
const MAX_ENTRIES_EVER = 1_000_000

export interface CacheLimits {
  readonly defaultTtlMs: number
  readonly maxEntries: number
  readonly maxBytes: number
  readonly maxKeyLength: number
  readonly maxWaiting: number
  readonly sweepMs: number
}

/** @throws ConsoleError `CACHE_OPTION_INVALID` or `CACHE_TTL_INVALID`. */
export function checkedLimits<V>(options: CacheOptions<V>): CacheLimits {
  const sweepMs = options.sweepMs ?? CACHE_DEFAULTS.sweepMs
  if (!(sweepMs > 0 && sweepMs < Infinity)) throw invalid('sweepMs', sweepMs, 'more than 0 ms')
  return {
    defaultTtlMs: checkedTtlMs(options.defaultTtlMs ?? CACHE_DEFAULTS.defaultTtlMs),
    maxEntries: count('maxEntries', options.maxEntries, MAX_ENTRIES_EVER),
    maxBytes: count('maxBytes', options.maxBytes, Number.MAX_SAFE_INTEGER),
    maxKeyLength: count('maxKeyLength', options.maxKeyLength, Number.MAX_SAFE_INTEGER),
    maxWaiting: count('maxWaiting', options.maxWaiting, Number.MAX_SAFE_INTEGER),
    sweepMs,
  }
}

/** @throws ConsoleError `CACHE_TTL_INVALID` for negative times and NaN. */
export function checkedTtlMs(ttlMs: number): number {
  if (ttlMs >= 0) return ttlMs
  throw new ConsoleError('CACHE_TTL_INVALID', `a time to live of ${ttlMs} ms makes no sense`, { ttlMs })
}

function count(
  name: 'maxEntries' | 'maxBytes' | 'maxKeyLength' | 'maxWaiting',
  given: number | undefined,
  highest: number,
): number {
  const value = given ?? CACHE_DEFAULTS[name]
  if (Number.isInteger(value) && value >= 1 && value <= highest) return value
  throw invalid(name, value, `a whole number from 1 to ${highest}`)
}

const invalid = (name: string, value: number, wanted: string): ConsoleError =>
  new ConsoleError('CACHE_OPTION_INVALID', `${name} is ${value}, but must be ${wanted}`, { name, value })
