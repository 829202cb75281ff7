import { z } from 'zod'
import {
  CACHE_FORMATS,
  MAX_CACHE_FILTER_LENGTH,
  MAX_CACHE_KEY_LENGTH,
  MAX_CACHE_WINDOW,
  MAX_CHANGED_KEYS,
  MAX_OPEN_FOLDERS,
  MAX_RULE_HEADERS,
  MAX_SERVED_MS,
} from '../../model/cache'
import { text, nothing, MAX_BODY_IN_CONTRACT, position } from './fields'

const cacheKey = text(MAX_CACHE_KEY_LENGTH).min(1)
/** Null: for ever. */
const ttlMs = z.int().min(1).max(Number.MAX_SAFE_INTEGER).nullable()
const cacheListing = z.strictObject({
  shape: z.enum(['tree', 'table']),
  filter: text(MAX_CACHE_FILTER_LENGTH),
  order: z.enum(['key', 'left', 'size', 'hits', 'age']),
  isDescending: z.boolean(),
  open: z.array(text(MAX_CACHE_KEY_LENGTH)).max(MAX_OPEN_FOLDERS),
})
const cachingPlace = { route: text(1024).min(1), link: text(256) }

/** Commands for the cache and its rules. */
export const cacheRequests = {
  /** Rows of the cache as a listing shows them. */
  'cache.rows': z.strictObject({
    listing: cacheListing,
    from: position,
    count: z.int().min(1).max(MAX_CACHE_WINDOW),
  }),
  /** Where a key stands in a listing. */
  'cache.position': z.strictObject({ listing: cacheListing, key: cacheKey }),
  /** One entry with the beginning of its value. */
  'cache.entry': z.strictObject({ key: cacheKey }),
  'cache.set': z.strictObject({
    key: cacheKey,
    text: text(MAX_BODY_IN_CONTRACT),
    format: z.enum(CACHE_FORMATS),
    ttlMs,
  }),
  /** Changes entries, and all that lie in folders of the tree. */
  'cache.change': z.strictObject({
    action: z.enum(['touch', 'extend', 'pin', 'unpin', 'expire', 'delete']),
    keys: z.array(cacheKey).max(MAX_CHANGED_KEYS),
    folders: z.array(cacheKey).max(MAX_OPEN_FOLDERS),
    /** Of `extend`. */
    byMs: z.int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  }),
  'cache.clear': nothing,
  /** Adds a rule, or replaces that of the same route and link. */
  'cache.rule': z.strictObject({
    ...cachingPlace,
    serveMs: z.int().min(1).max(MAX_SERVED_MS),
    headers: z.array(text(256).min(1)).max(MAX_RULE_HEADERS),
    isEnabled: z.boolean(),
  }),
  'cache.rule.remove': z.strictObject(cachingPlace),
} as const

/** What can be followed of it. */
export const cacheSubscriptions = {
  /** Totals of the cache, whenever it changed, at most 10 a second. */
  cache: nothing,
  /** What happened to entries of the cache: the newest first, then what comes. */
  'cache-changes': nothing,
  /** Rules by which answers are served from the cache, whenever they changed, by whomever. */
  'caching-rules': nothing,
} as const
