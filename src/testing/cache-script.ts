import { Cache, type CacheChange, utf8Length } from '../main/netcore/cache'
import { seededRandom } from '../main/transport/seeded-random'

export interface CacheScriptOptions {
  readonly seed: number
  readonly operations: number
}

export interface CacheScriptCounts {
  readonly operations: number
  readonly hits: number
  readonly misses: number
  readonly sets: number
  readonly deletes: number
  readonly expired: number
  readonly evicted: number
  readonly clears: number
  readonly jumpsBack: number
  /** Differences between cache and model: 0, or the cache is wrong. The first ones in words. */
  readonly differences: number
  readonly firstDifferences: readonly string[]
}

interface ModelEntry {
  readonly value: string
  readonly bytes: number
  readonly expiresAtMs: number
}

const MAX_ENTRIES = 24
const MAX_BYTES = 600
const DEFAULT_TTL_MS = 90
const MAX_KEY_LENGTH = 64
const COMPOSED = '\u00e9'
const DECOMPOSED = 'e\u0301'
const SPECIAL_KEYS = [
  '',
  '__proto__',
  'constructor',
  'toString',
  COMPOSED,
  DECOMPOSED,
  '\ud800',
  'k'.repeat(64),
]
const KEYS = [...SPECIAL_KEYS, ...Array.from({ length: 40 }, (_, at) => `key-${at}`)]
const TTLS = [undefined, 0, 1, 10, 100, 5000, Infinity] as const

/** The same promises as the cache, as simple as can be: a map in order of use that is searched from end to end. */
class CacheModel {
  readonly entries = new Map<string, ModelEntry>()
  nowMs = 0

  bytes(): number {
    let bytes = 0
    for (const entry of this.entries.values()) bytes += entry.bytes
    return bytes
  }

  isLive(key: string): boolean {
    const entry = this.entries.get(key)
    return entry !== undefined && this.nowMs < entry.expiresAtMs
  }

  get(key: string): string | undefined {
    const entry = this.entries.get(key)
    this.entries.delete(key)
    if (entry === undefined || this.nowMs >= entry.expiresAtMs) return undefined
    this.entries.set(key, entry)
    return entry.value
  }

  set(key: string, value: string, ttlMs: number): void {
    this.sweep()
    this.entries.delete(key)
    if (ttlMs === 0) return
    const bytes = Math.max(1, utf8Length(key) + utf8Length(value))
    while (this.entries.size >= MAX_ENTRIES || this.bytes() + bytes > MAX_BYTES) {
      this.entries.delete(this.entries.keys().next().value as string)
    }
    this.entries.set(key, { value, bytes, expiresAtMs: this.nowMs + ttlMs })
  }

  retime(key: string, ttlMs: number): boolean {
    if (!this.isLive(key)) {
      this.entries.delete(key)
      return false
    }
    // a place in the order of use stays its place when the key does
    this.entries.set(key, { ...this.entries.get(key)!, expiresAtMs: this.nowMs + ttlMs })
    if (ttlMs === 0) this.entries.delete(key)
    return true
  }

  sweep(): void {
    for (const key of [...this.entries.keys()]) if (!this.isLive(key)) this.entries.delete(key)
  }
}

/**
 * Random operations on a cache and on a model of it (reliability.md C1): times to live of 0, 1 ms and for ever, a clock
 * that jumps both ways, keys that look alike. Everything that can be asked is compared after every operation.
 */
export function runCacheScript({ seed, operations }: CacheScriptOptions): CacheScriptCounts {
  const random = seededRandom(seed)
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!
  const differences: string[] = []
  let differenceCount = 0
  let clockMs = 0
  let toldEntries = 0
  let toldBytes = 0
  let clears = 0
  let jumpsBack = 0
  const sizes = new Map<string, number>()

  /** Keeps books from the change events alone. */
  const onChange = (change: CacheChange): void => {
    if (change.type === 'retime') return
    if (change.type === 'clear') {
      clears += 1
      toldEntries = 0
      toldBytes = 0
      sizes.clear()
      return
    }
    const before = sizes.get(change.key)
    if (before !== undefined) {
      sizes.delete(change.key)
      toldEntries -= 1
      toldBytes -= before
    }
    if (change.type !== 'set') return
    sizes.set(change.key, change.bytes)
    toldEntries += 1
    toldBytes += change.bytes
  }
  const cache = new Cache<string>({
    clock: { nowMs: () => clockMs },
    defaultTtlMs: DEFAULT_TTL_MS,
    maxEntries: MAX_ENTRIES,
    maxBytes: MAX_BYTES,
    maxKeyLength: MAX_KEY_LENGTH,
    onChange,
  })
  const model = new CacheModel()
  let operation = 0
  const compare = (what: string, actual: unknown, expected: unknown): void => {
    if (Object.is(actual, expected)) return
    differenceCount += 1
    if (differences.length < 5) {
      differences.push(
        `seed ${seed}, operation ${operation}, ${what}: ${String(actual)} instead of ${String(expected)}`,
      )
    }
  }

  const moveClock = (): void => {
    const kind = random(100)
    if (kind < 80) clockMs += random(20)
    else if (kind < 90) clockMs += random(400)
    else if (kind < 94) clockMs += 3_600_000
    else {
      clockMs -= random(200)
      jumpsBack += 1
    }
    model.nowMs = Math.max(model.nowMs, clockMs) // time stands still until a clock that went back has caught up
  }

  for (; operation < operations; operation++) {
    const key = pick(KEYS)
    const kind = random(1000)
    if (kind < 380) {
      const ttlMs = pick(TTLS)
      const value = 'v'.repeat(random(60)) + String(operation)
      cache.set(key, value, ttlMs === undefined ? {} : { ttlMs })
      model.set(key, value, ttlMs ?? DEFAULT_TTL_MS)
    } else if (kind < 700) {
      compare(`get ${key}`, cache.get(key), model.get(key))
    } else if (kind < 780) {
      const wasLive = model.isLive(key)
      model.entries.delete(key)
      compare(`delete ${key}`, cache.delete(key), wasLive)
    } else if (kind < 820) {
      cache.wake()
      model.sweep()
    } else if (kind < 860) {
      const ttlMs = pick(TTLS) ?? DEFAULT_TTL_MS
      compare(`retime ${key}`, cache.retime(key, ttlMs), model.retime(key, ttlMs))
    } else if (kind < 862) {
      cache.clear()
      model.entries.clear()
    } else if (kind < 880) {
      const live = [...model.entries.keys()].filter((each) => model.isLive(each)).reverse()
      compare(
        'order of use',
        cache
          .views(0, 100)
          .map((view) => view.key)
          .join(),
        live.join(),
      )
    } else {
      moveClock()
    }
    compare(`has ${key}`, cache.has(key), model.isLive(key))
    const { entries, bytes } = cache.stats
    compare('entries', entries, model.entries.size)
    compare('bytes', bytes, model.bytes())
    compare('entries told by changes', toldEntries, entries)
    compare('bytes told by changes', toldBytes, bytes)
    if (entries > MAX_ENTRIES || bytes > MAX_BYTES) compare('bound', `${entries}/${bytes}`, 'within')
  }
  const { hits, misses, sets, deletes, expired, evicted } = cache.stats
  return {
    operations,
    hits,
    misses,
    sets,
    deletes,
    expired,
    evicted,
    clears,
    jumpsBack,
    differences: differenceCount,
    firstDifferences: differences,
  }
}
