import { asConsoleError, ConsoleError } from '../../../shared/errors'
import {
  type CacheChangeKind,
  type CacheChangeLine,
  type CacheDetail,
  type CacheEntryRow,
  type CacheListing,
  type CacheRow,
  type CacheTotals,
  MAX_CACHE_BYTES,
  MAX_CACHE_ENTRIES,
  MAX_CACHE_KEY_LENGTH,
  MAX_KEPT_CHANGES,
} from '../../../shared/model/cache'
import type { Clock } from '../../../shared/model/clock'
import type { CacheEvent } from '../../../shared/model/trace'
import type { CacheOperation } from '../../../shared/workspace/workspace-types'
import { CacheDriver } from '../../link/cache-driver'
import type { Cache, CacheChange } from '../../netcore/cache'
import type { ActionResult, CachePort, CacheWriter } from '../operate-types'
import { CacheListings } from './cache-listings'
import { type CacheBytes, bytesOfWords, shortValue, typeOfValue } from './cache-value'
import { CacheChangeLog } from './change-log'
import { KeyTree } from './key-tree'

/** Expired entries go at the end of such a step: soon enough for who watches them count down. */
const SWEEP_MS = 50
export const DEFAULT_TTL_MS = 300_000

/** What is kept under a key. */
export interface KeptValue extends CacheBytes {
  readonly type: string
  readonly writer: string
  readonly messageId: number | null
  readonly setAtMs: number
  /** Its own time to live, which `touch` begins anew; null for ever. */
  readonly ttlMs: number | null
  readonly revision: number
  readonly before: string | null
  /** What a caching rule keeps with an answer: which request it answers. */
  readonly requestDigest: string
  readBy: string
  changedAtMs: number
  livesFromMs: number
}

export interface NewValue extends CacheBytes {
  /** Null: for ever. */
  readonly ttlMs: number | null
  readonly writer: CacheWriter
  readonly requestDigest?: string
}

export interface OperatedCacheOptions {
  readonly clock: Clock
  readonly maxEntries?: number
  readonly maxBytes?: number
  /** Told of every change, for lanes and lists. Must not throw. */
  readonly onTrace?: (event: CacheEvent) => void
}

/**
 * The cache of a session as its operator sees it: values with writer and source, in an order by key, with every change in a
 * feed. Expiry, bounds and recency are those of the cache of the stack.
 */
export class OperatedCache implements CachePort {
  readonly #clock: Clock
  readonly #driver: CacheDriver<KeptValue>
  readonly #cache: Cache<KeptValue>
  readonly #tree = new KeyTree()
  readonly #log = new CacheChangeLog(MAX_KEPT_CHANGES)
  readonly #listings: CacheListings
  readonly #listeners = new Set<() => void>()
  readonly #onTrace: ((event: CacheEvent) => void) | undefined
  /** Why the change under way is made, for its line in the feed. */
  #cause: { kind: CacheChangeKind | null; by: string; messageId: number | null } = NOBODY
  readonly #pins = new Set<string>()
  #version = 0

  constructor({
    clock,
    maxEntries = MAX_CACHE_ENTRIES,
    maxBytes = MAX_CACHE_BYTES,
    onTrace,
  }: OperatedCacheOptions) {
    this.#clock = clock
    this.#onTrace = onTrace
    this.#driver = new CacheDriver<KeptValue>({
      clock,
      maxEntries,
      maxBytes,
      maxKeyLength: MAX_CACHE_KEY_LENGTH,
      defaultTtlMs: DEFAULT_TTL_MS,
      sweepMs: SWEEP_MS,
      sizeOf: ({ bytes }) => bytes.length,
      onChange: (change) => this.#changed(change),
    })
    this.#cache = this.#driver.cache
    this.#listings = new CacheListings(this.#tree, (key) => this.row(key), clock)
  }

  /** Grows with every change, hits among them. */
  get version(): number {
    return this.#version
  }

  get totals(): CacheTotals {
    const { entries, bytes, maxEntries, maxBytes, hits, misses, expired, evicted } = this.#cache.stats
    return { entries, bytes, maxEntries, maxBytes, hits, misses, expired, evicted, pinned: this.#pins.size }
  }

  /** Calls `listener` after every change. Returns how to end it. */
  onChange(listener: () => void): () => void {
    const own = (): void => listener()
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  /**
   * Keeps a value; its bytes are borrowed for good.
   *
   * @throws ConsoleError `CACHE_KEY_EMPTY`, `CACHE_KEY_TOO_LONG`, `CACHE_TTL_INVALID`, `CACHE_ENTRY_TOO_LARGE`.
   */
  set(key: string, { bytes, format, ttlMs, writer, requestDigest = '' }: NewValue): void {
    if (key === '') throw new ConsoleError('CACHE_KEY_EMPTY', 'an entry needs a key')
    const old = this.#cache.peek(key)
    const nowMs = this.#clock.nowMs()
    const words = writerWords(writer)
    const value: KeptValue = {
      bytes,
      format,
      type: typeOfValue({ bytes, format }),
      writer: words,
      messageId: writer.messageId,
      setAtMs: nowMs,
      ttlMs,
      revision: (old?.revision ?? 0) + 1,
      before: old === undefined ? null : shortValue(old),
      requestDigest,
      readBy: old?.readBy ?? '',
      changedAtMs: nowMs,
      livesFromMs: nowMs,
    }
    this.#because({ kind: null, by: words, messageId: writer.messageId }, () =>
      this.#cache.set(key, value, { ttlMs: ttlMs ?? Infinity }),
    )
  }

  /** The value, which counts as a hit; undefined when there is none (left). @param reader - In words. */
  read(key: string, reader: string): KeptValue | undefined {
    const value = this.#cache.get(key)
    if (value === undefined) return undefined
    value.readBy = reader
    this.#note('hit', key, reader, value.messageId)
    return value
  }

  /** The value without counting a hit. @throws ConsoleError `CACHE_KEY_UNKNOWN`. */
  value(key: string): KeptValue {
    const value = this.#cache.peek(key)
    if (value === undefined) throw unknown(key)
    return value
  }

  /** Begins the time to live anew; a pinned entry stays pinned. Keys that are not there are passed over. Gives how many were. */
  touch(keys: readonly string[], by: string): number {
    return this.#each(keys, by, 'touch', (key) => {
      const { ttlMs } = this.value(key)
      this.#retime(key, this.#pins.has(key) ? Infinity : (ttlMs ?? Infinity))
    })
  }

  /** Adds to the time left, at least 1 ms. @throws ConsoleError `CACHE_TTL_INVALID`. */
  extend(keys: readonly string[], byMs: number, by: string): number {
    if (!(byMs >= 1)) throw new ConsoleError('CACHE_TTL_INVALID', `extending by ${byMs} ms makes no sense`)
    return this.#each(keys, by, 'touch', (key) => {
      const { expiresInMs } = this.#cache.view(key)!
      if (expiresInMs !== null) this.#retime(key, expiresInMs + byMs)
    })
  }

  /** Pinned entries never expire (they may still make room). Without the pin their time to live begins anew. */
  pin(keys: readonly string[], isPinned: boolean, by: string): number {
    return this.#each(keys, by, isPinned ? 'pin' : 'touch', (key) => {
      const { ttlMs } = this.value(key)
      this.#retime(key, isPinned ? Infinity : (ttlMs ?? DEFAULT_TTL_MS))
    })
  }

  /** Lets entries expire now. */
  expire(keys: readonly string[], by: string): number {
    return this.#each(keys, by, 'expired', (key) => this.#retime(key, 0))
  }

  delete(keys: readonly string[], by: string): number {
    return this.#each(keys, by, 'deleted', (key) => this.#cache.delete(key))
  }

  clear(by: string): void {
    this.#because({ kind: 'cleared', by, messageId: null }, () => this.#cache.clear())
  }

  /** Keys in a folder of the tree, all below it. @param path - With its `/` at the end. */
  keysBelow(path: string): string[] {
    return this.#tree.keysBelow(path)
  }

  /** A window of a listing, with the number of all its rows. */
  rows(
    listing: CacheListing,
    from: number,
    count: number,
  ): { readonly total: number; readonly rows: CacheRow[] } {
    return this.#listings.rows(listing, this.#version, from, count)
  }

  /** Where a key stands in a listing; null when it does not. */
  positionOf(listing: CacheListing, key: string): number | null {
    return this.#listings.positionOf(listing, this.#version, key)
  }

  row(key: string): CacheEntryRow | undefined {
    const view = this.#cache.view(key)
    const value = this.#cache.peek(key)
    if (view === undefined || value === undefined) return undefined
    const { type, setAtMs, livesFromMs, writer, messageId, changedAtMs } = value
    const expiresAtMs = view.expiresInMs === null ? null : this.#clock.nowMs() + view.expiresInMs
    const { bytes, hits } = view
    return { key, type, bytes, setAtMs, expiresAtMs, livesFromMs, hits, writer, messageId, changedAtMs }
  }

  /** @throws ConsoleError `CACHE_KEY_UNKNOWN`. */
  detail(key: string): CacheDetail {
    const { format, bytes, ttlMs, revision, readBy, before } = this.value(key)
    return { ...this.row(key)!, format, valueBytes: bytes.length, ttlMs, revision, readBy, before }
  }

  get lastChangeId(): number {
    return this.#log.lastId
  }

  changesAfter(changeId: number, limit: number): CacheChangeLine[] {
    return this.#log.after(changeId, limit)
  }

  applyCacheOperation(change: CacheOperation, writer: CacheWriter): ActionResult {
    try {
      return { isOk: true, detail: this.#apply(change, writer), messageIds: [], roundTripMs: null }
    } catch (error) {
      const { code, message } = asConsoleError(error)
      return { isOk: false, detail: `${code}: ${message}`, messageIds: [], roundTripMs: null }
    }
  }

  /** Lets go of the clock. */
  close(): void {
    this.#driver.close()
  }

  #apply(change: CacheOperation, writer: CacheWriter): string {
    const by = writerWords(writer)
    if (change.operation === 'clear') {
      const { entries } = this.totals
      this.clear(by)
      return `cleared ${entries} entries`
    }
    const { key } = change
    if (change.operation === 'set') {
      this.set(key, { ...bytesOfWords(change.value), ttlMs: change.ttlMs, writer })
      return `set ${key}`
    }
    const done = this[change.operation]([key], by)
    if (done === 0) throw unknown(key)
    return `${change.operation} ${key}`
  }

  #each(keys: readonly string[], by: string, kind: CacheChangeKind, act: (key: string) => unknown): number {
    let done = 0
    for (const key of keys) {
      const value = this.#cache.peek(key)
      if (value === undefined) continue
      this.#because({ kind, by, messageId: value.messageId }, () => act(key))
      done += 1
    }
    return done
  }

  #retime(key: string, ttlMs: number): void {
    const value = this.value(key)
    value.livesFromMs = value.changedAtMs = this.#clock.nowMs()
    this.#cache.retime(key, ttlMs)
  }

  #notePin({ key, ttlMs }: { readonly key: string; readonly ttlMs: number | null }): void {
    if (ttlMs === null) this.#pins.add(key)
    else this.#pins.delete(key)
  }

  #because(
    cause: { kind: CacheChangeKind | null; by: string; messageId: number | null },
    act: () => void,
  ): void {
    this.#cause = cause
    try {
      act()
    } finally {
      this.#cause = NOBODY
    }
  }

  #changed(change: CacheChange): void {
    const { kind, by, messageId } = this.#cause
    switch (change.type) {
      case 'set':
        this.#tree.set(change.key, change.bytes)
        this.#notePin(change)
        this.#note('set', change.key, by, messageId)
        return
      case 'retime':
        this.#notePin(change)
        this.#note(kind ?? 'touch', change.key, by, messageId)
        return
      case 'clear':
        this.#tree.clear()
        this.#pins.clear()
        this.#note('cleared', '', `${change.entries} entries`, null)
        return
      default: {
        this.#tree.delete(change.key)
        this.#pins.delete(change.key)
        const isAsked = change.type !== 'evict' && kind !== null && kind !== 'cleared'
        this.#note(REMOVED[change.type], change.key, isAsked ? by : '', isAsked ? messageId : null)
      }
    }
  }

  #note(kind: CacheChangeKind, key: string, by: string, messageId: number | null): void {
    const { atMs } = this.#log.add({ atMs: this.#clock.nowMs(), kind, key, by, messageId })
    this.#version += 1
    this.#onTrace?.({ type: 'cache', linkId: 0, atMs, change: kind, key, by, messageId: messageId ?? 0 })
    for (const listener of this.#listeners) listener()
  }
}

const NOBODY = { kind: null, by: '', messageId: null } as const
const REMOVED = { delete: 'deleted', expire: 'expired', evict: 'evicted' } as const

const unknown = (key: string): ConsoleError =>
  new ConsoleError('CACHE_KEY_UNKNOWN', `there is no entry "${key}"`, { key })

/** `by hand`, `task status.poll`, `rule sys.info`. */
export function writerWords({ kind, name }: CacheWriter): string {
  return kind === 'operator' ? 'by hand' : `${kind} ${name}`
}
