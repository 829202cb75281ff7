export { Cache } from './cache'
export {
  CACHE_DEFAULTS,
  type CacheChange,
  type CacheEntryView,
  type CacheOptions,
  type CacheStats,
  type ComputeOptions,
  type SetOptions,
} from './cache-types'
export { utf8Length, valueBytes } from './value-bytes'
