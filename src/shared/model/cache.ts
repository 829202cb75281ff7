import type { WireError } from '../errors'

/** How the bytes of a value are meant. */
export const CACHE_FORMATS = ['json', 'msgpack', 'text', 'hex'] as const
export type CacheFormat = (typeof CACHE_FORMATS)[number]

/** Parts of a key between `/` that have a place of their own in the tree; what lies deeper is one name. */
export const MAX_KEY_DEPTH = 32
export const MAX_CACHE_KEY_LENGTH = 1024
export const MAX_CACHE_ENTRIES = 100_000
export const MAX_CACHE_BYTES = 64_000_000
export const MAX_CACHE_WINDOW = 500
/** Folders of the tree that stand open at the same time. */
export const MAX_OPEN_FOLDERS = 2000
export const MAX_CACHE_FILTER_LENGTH = 256
/** Keys that one command changes. */
export const MAX_CHANGED_KEYS = 10_000
/** Changes that a screen can look back at. */
export const MAX_KEPT_CHANGES = 4096
export const MAX_CACHING_RULES = 200
export const MAX_RULE_HEADERS = 16
export const MAX_SERVED_MS = 86_400_000

export type CacheOrder = 'key' | 'left' | 'size' | 'hits' | 'age'

/** What a list of entries shows. */
export interface CacheListing {
  readonly shape: 'tree' | 'table'
  /** Only keys with this in them, whatever the case; then also a tree is flat. */
  readonly filter: string
  /** Of the table; a tree is in the order of its keys. */
  readonly order: CacheOrder
  readonly isDescending: boolean
  /** Open folders of the tree, each with its `/` at the end. */
  readonly open: readonly string[]
}

export interface CacheEntryRow {
  readonly key: string
  /** `u16`, `string`, `object`, `bytes 64`. */
  readonly type: string
  /** Of key and value together, as the limit counts them. */
  readonly bytes: number
  readonly setAtMs: number
  /** Session time; null for a pinned one. */
  readonly expiresAtMs: number | null
  /** When the time to live began that runs now, and how long it is: what the bar of the time left is drawn by. */
  readonly livesFromMs: number
  readonly hits: number
  /** In words: `by hand`, `task status.poll`. */
  readonly writer: string
  readonly messageId: number | null
  /** When it last changed or was given a new time to live. */
  readonly changedAtMs: number
}

export type CacheRow =
  | { readonly kind: 'entry'; readonly depth: number; readonly entry: CacheEntryRow }
  | {
      readonly kind: 'folder'
      readonly depth: number
      /** With its `/` at the end. */
      readonly path: string
      readonly name: string
      readonly keys: number
      readonly bytes: number
      readonly isOpen: boolean
    }

export interface CacheTotals {
  readonly entries: number
  readonly bytes: number
  readonly maxEntries: number
  readonly maxBytes: number
  readonly hits: number
  readonly misses: number
  readonly expired: number
  readonly evicted: number
  readonly pinned: number
}

/** The cache changed; what is in sight is asked for with `cache.rows`. */
export interface CacheNews {
  /** Grows with every change, hits among them. */
  readonly version: number
  readonly totals: CacheTotals
}

export interface CacheDetail extends CacheEntryRow {
  readonly format: CacheFormat
  /** Of the value alone. */
  readonly valueBytes: number
  readonly ttlMs: number | null
  /** How often this key was written, from 1. */
  readonly revision: number
  /** Who read it last; empty when nobody did. */
  readonly readBy: string
  /** The value before this one, short; null when there was none. */
  readonly before: string | null
}

export type CacheChangeKind = 'set' | 'hit' | 'touch' | 'pin' | 'expired' | 'evicted' | 'deleted' | 'cleared'

/** A line of the change feed. */
export interface CacheChangeLine {
  /** From 1. */
  readonly changeId: number
  readonly atMs: number
  readonly kind: CacheChangeKind
  /** Empty when it is about all. */
  readonly key: string
  /** Who did it, or what it was about: `task status.poll`, `60 s`, `214 entries`. */
  readonly by: string
  readonly messageId: number | null
}

/** Serves the answers of a route from the cache for a while. */
export interface CachingRule {
  /** A route as it is; with `*` at the end all that begin so. */
  readonly route: string
  /** Name of the link or of its profile; empty for every link. */
  readonly link: string
  readonly serveMs: number
  /** Headers of the request that tell answers apart, besides link, route and body. */
  readonly headers: readonly string[]
  readonly isEnabled: boolean
}

export interface CachingRulesState {
  readonly rules: readonly CachingRule[]
  /** What is wrong with the file; the rules read last stay at work. */
  readonly problem: WireError | null
}

/** An answer that came from the cache instead of the wire. */
export interface CachedAnswer {
  readonly key: string
  /** Since it was stored. */
  readonly ageMs: number
  /** Message of the answer when it came over the wire; null when it was set by hand. */
  readonly messageId: number | null
  readonly bytes: number
  /** On one line, short. */
  readonly preview: string
}
