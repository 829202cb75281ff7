import { describe, expect, test } from 'vitest'
import { type ErrorCode, hasCode } from '../../../shared/errors'
import { VirtualClock } from '../../../testing/virtual-clock'
import { Cache, CACHE_DEFAULTS, type CacheChange, type CacheOptions } from './index'

function setUp<V = string>(options: Partial<CacheOptions<V>> = {}) {
  const clock = new VirtualClock()
  const changes: CacheChange[] = []
  const cache = new Cache<V>({ clock, onChange: (change) => changes.push(change), ...options })
  const told = () =>
    changes.map((change) => (change.type === 'clear' ? 'clear' : `${change.type} ${change.key}`))
  return { clock, cache, changes, told }
}

const codeOf = (action: () => unknown): ErrorCode | 'nothing' => {
  try {
    action()
    return 'nothing'
  } catch (error) {
    for (const code of [
      'CACHE_KEY_TOO_LONG',
      'CACHE_TTL_INVALID',
      'CACHE_ENTRY_TOO_LARGE',
      'CACHE_SIZE_UNKNOWN',
      'CACHE_OPTION_INVALID',
    ] as const) {
      if (hasCode(error, code)) return code
    }
    throw error
  }
}

describe('time to live', () => {
  test('a value is there until its age reaches its time to live, and not a moment longer', () => {
    const { clock, cache } = setUp()
    clock.advanceTo(7)
    cache.set('a', 'x', { ttlMs: 50 })
    clock.advanceTo(56.999)
    expect([cache.has('a'), cache.get('a')]).toEqual([true, 'x'])
    clock.advanceTo(57)
    expect([cache.has('a'), cache.get('a')]).toEqual([false, undefined])
  })

  test('without one it lives as long as the default says, 300 s as in Python', () => {
    const { clock, cache } = setUp()
    cache.set('a', 'x')
    clock.advanceTo(299_999)
    expect(cache.get('a')).toBe('x')
    clock.advanceTo(300_000)
    expect(cache.get('a')).toBeUndefined()
    const short = setUp({ defaultTtlMs: 5 })
    short.cache.set('a', 'x')
    short.clock.advanceTo(5)
    expect(short.cache.get('a')).toBeUndefined()
  })

  test('an infinite one never ends and never wakes anybody', () => {
    const { clock, cache } = setUp()
    cache.set('a', 'x', { ttlMs: Infinity })
    expect(cache.wakeAtMs).toBeNull()
    clock.advanceTo(1e15)
    expect(cache.get('a')).toBe('x')
  })

  test('0 keeps nothing and removes what was there', () => {
    const { cache, told } = setUp()
    cache.set('a', 'old')
    cache.set('a', 'new', { ttlMs: 0 })
    cache.set('b', 'new', { ttlMs: 0 })
    expect([cache.get('a'), cache.get('b'), cache.stats.entries]).toEqual([undefined, undefined, 0])
    expect(told()).toEqual(['set a', 'delete a'])
  })

  test('negative times and NaN are refused, and what was kept stays', () => {
    const { cache } = setUp()
    cache.set('a', 'x')
    for (const ttlMs of [-1, Number.NaN, -Infinity]) {
      expect(codeOf(() => cache.set('a', 'y', { ttlMs }))).toBe('CACHE_TTL_INVALID')
      expect(codeOf(() => setUp({ defaultTtlMs: ttlMs }))).toBe('CACHE_TTL_INVALID')
    }
    expect(cache.get('a')).toBe('x')
  })

  test('setting again begins a new life', () => {
    const { clock, cache, changes } = setUp()
    cache.set('a', 'x', { ttlMs: 10 })
    clock.advanceTo(9)
    cache.set('a', 'y', { ttlMs: 10 })
    clock.advanceTo(18)
    expect(cache.get('a')).toBe('y')
    expect(changes.map((change) => change.type === 'set' && change.isReplaced)).toEqual([false, true])
  })

  test('a clock that goes back does not bring back what had expired', () => {
    let nowMs = 1000
    const { cache } = setUp({ clock: { nowMs: () => nowMs } })
    cache.set('a', 'x', { ttlMs: 100 })
    nowMs = 1100
    expect(cache.has('a')).toBe(false)
    nowMs = 500
    expect([cache.has('a'), cache.get('a')]).toEqual([false, undefined])
  })
})

describe('another time to live for what is there', () => {
  test('begins from now, and leaves value, age, hits and recency alone', () => {
    const { clock, cache, changes } = setUp()
    cache.set('a', 'x', { ttlMs: 10 })
    cache.set('b', 'y', { ttlMs: 1000 })
    cache.get('a')
    clock.advanceTo(6)
    expect(cache.retime('a', 20)).toBe(true)
    expect(cache.view('a')).toEqual({ key: 'a', bytes: 2, ageMs: 6, expiresInMs: 20, hits: 1 })
    expect(cache.views(0, 9).map(({ key }) => key)).toEqual(['a', 'b'])
    expect(changes.at(-1)).toEqual({ type: 'retime', atMs: 6, key: 'a', bytes: 2, ttlMs: 20 })
    clock.advanceTo(26)
    expect([cache.peek('a'), cache.retime('a', 5)]).toEqual([undefined, false])
  })

  test('an infinite one pins, 0 expires at once, and what makes no sense changes nothing', () => {
    const { clock, cache, told } = setUp()
    cache.set('a', 'x', { ttlMs: 10 })
    cache.retime('a', Infinity)
    clock.advanceTo(1e12)
    expect(cache.peek('a')).toBe('x')
    expect(codeOf(() => cache.retime('a', -1))).toBe('CACHE_TTL_INVALID')
    cache.retime('a', 0)
    expect([cache.has('a'), cache.stats.expired, cache.stats.hits]).toEqual([false, 1, 0])
    expect(told()).toEqual(['set a', 'retime a', 'expire a'])
  })
})

describe('sweeping', () => {
  test('wakes at the end of the step in which something expires, and removes all of that step', () => {
    const { clock, cache, told } = setUp({ sweepMs: 1000 })
    for (const [key, ttlMs] of Object.entries({ a: 2100, b: 2900, c: 3001 })) cache.set(key, key, { ttlMs })
    expect(cache.wakeAtMs).toBe(3000)
    clock.advanceTo(3000)
    cache.wake()
    expect(told().slice(3)).toEqual(['expire a', 'expire b'])
    expect([cache.wakeAtMs, cache.stats.entries, cache.stats.expired]).toEqual([4000, 1, 2])
    clock.advanceTo(4000)
    cache.wake()
    expect([cache.wakeAtMs, cache.stats.entries]).toEqual([null, 0])
  })

  test('asks for the alarm only when it has to come sooner', () => {
    let asked = 0
    const { cache } = setUp({ sweepMs: 10, onWork: () => (asked += 1) })
    cache.set('a', 'x', { ttlMs: 1000 })
    expect(asked).toBe(1)
    cache.set('b', 'x', { ttlMs: 2000 })
    cache.get('a')
    expect(asked).toBe(1)
    cache.set('c', 'x', { ttlMs: 500 })
    expect(asked).toBe(2)
  })

  test('what has expired makes room before what is alive', () => {
    const { clock, cache, told } = setUp({ maxEntries: 2 })
    cache.set('old-but-alive', 'x', { ttlMs: 1000 })
    cache.set('dead', 'x', { ttlMs: 10 })
    clock.advanceTo(10)
    cache.set('new', 'x')
    expect(told()).toEqual(['set old-but-alive', 'set dead', 'expire dead', 'set new'])
    expect(cache.stats.evicted).toBe(0)
  })
})

describe('bounds', () => {
  test('the entry that nobody used for longest makes room, and reading counts as use', () => {
    const { cache, told } = setUp({ maxEntries: 3 })
    for (const key of ['a', 'b', 'c']) cache.set(key, key)
    cache.get('a')
    cache.has('b') // looking does not count
    cache.set('d', 'd')
    expect(told().slice(3)).toEqual(['evict b', 'set d'])
    expect(cache.views(0, 10).map((view) => view.key)).toEqual(['d', 'a', 'c'])
  })

  test('bytes are bounded too, and one entry may push out several', () => {
    const { cache, told } = setUp<Uint8Array>({ maxBytes: 100 })
    for (const key of ['a', 'b', 'c', 'd']) cache.set(key, new Uint8Array(24))
    expect(cache.stats.bytes).toBe(100)
    cache.set('e', new Uint8Array(49))
    expect(told().slice(4)).toEqual(['evict a', 'evict b', 'set e'])
    expect(cache.stats).toMatchObject({ bytes: 100, entries: 3, evicted: 2 })
  })

  test('an entry as large as the cache is taken, one byte more is refused and changes nothing', () => {
    const { cache } = setUp({ maxBytes: 10 })
    cache.set('k', '123456789')
    expect(cache.stats.bytes).toBe(10)
    expect(codeOf(() => cache.set('k', '1234567890'))).toBe('CACHE_ENTRY_TOO_LARGE')
    expect(cache.get('k')).toBe('123456789')
  })

  test('a value that grows in place counts with its new size only', () => {
    const { cache, told } = setUp({ maxBytes: 20 })
    cache.set('a', '12345')
    cache.set('b', '12345')
    cache.set('b', '1234567890123')
    expect(cache.stats).toMatchObject({ bytes: 20, entries: 2 })
    cache.set('a', '123456')
    expect(told().slice(3)).toEqual(['evict b', 'set a'])
    expect(cache.stats.bytes).toBe(7)
  })

  test('10,000 entries are kept by default and the next pushes out the first', () => {
    const { cache } = setUp<number>()
    for (let at = 0; at <= CACHE_DEFAULTS.maxEntries; at++) cache.set(`key ${at}`, at)
    expect(cache.stats).toMatchObject({ entries: 10_000, evicted: 1 })
    expect([cache.has('key 0'), cache.has('key 1')]).toEqual([false, true])
  })

  test('sizes that make no sense are refused, fractions count as a whole byte', () => {
    let size = 1.2
    const { cache } = setUp({ sizeOf: () => size })
    cache.set('a', 'x')
    expect(cache.stats.bytes).toBe(3)
    for (size of [-1, Number.NaN, Infinity])
      expect(codeOf(() => cache.set('a', 'x'))).toBe('CACHE_SIZE_UNKNOWN')
  })

  test('options that make no sense are refused', () => {
    const wrong: Partial<CacheOptions<string>>[] = [
      { maxEntries: 0 },
      { maxEntries: 1_000_001 },
      { maxBytes: 1.5 },
      { maxBytes: -1 },
      { maxKeyLength: Number.NaN },
      { maxWaiting: 0 },
      { sweepMs: 0 },
      { sweepMs: Infinity },
    ]
    for (const options of wrong) expect(codeOf(() => setUp(options))).toBe('CACHE_OPTION_INVALID')
    expect(codeOf(() => setUp({ maxEntries: 1, maxBytes: 1, maxKeyLength: 1 }))).toBe('nothing')
  })
})

describe('keys', () => {
  test('names of object members, the empty key and look-alikes are keys of their own', () => {
    const { cache } = setUp<number>()
    const keys = [
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      '',
      '\u00e9',
      'e\u0301',
      '\ud800',
      '\ufffd',
    ]
    expect(keys.map((key) => cache.get(key))).toEqual(keys.map(() => undefined))
    for (const [at, key] of keys.entries()) cache.set(key, at)
    expect(keys.map((key) => cache.get(key))).toEqual(keys.map((_, at) => at))
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(cache.stats.entries).toBe(keys.length)
  })

  test('the longest key is taken, one unit more is refused; asking for one is a miss', async () => {
    const { cache } = setUp()
    const longest = 'k'.repeat(CACHE_DEFAULTS.maxKeyLength)
    cache.set(longest, 'x')
    expect(cache.get(longest)).toBe('x')
    expect(codeOf(() => cache.set(`${longest}k`, 'x'))).toBe('CACHE_KEY_TOO_LONG')
    expect([cache.get(`${longest}k`), cache.has(`${longest}k`), cache.delete(`${longest}k`)]).toEqual([
      undefined,
      false,
      false,
    ])
    await expect(cache.getOrCompute(`${longest}k`, () => 'x')).rejects.toMatchObject({
      code: 'CACHE_KEY_TOO_LONG',
    })
  })
})

describe('what observers see', () => {
  test('hits, misses and the rest are counted', () => {
    const { clock, cache } = setUp({ maxEntries: 2 })
    cache.set('a', '1', { ttlMs: 10 })
    cache.get('a')
    cache.get('b')
    clock.advanceTo(10)
    cache.get('a')
    for (const key of ['c', 'd', 'e']) cache.set(key, '1')
    cache.delete('e')
    cache.delete('e')
    expect(cache.stats).toMatchObject({
      hits: 1,
      misses: 2,
      expired: 1,
      evicted: 1,
      sets: 4,
      deletes: 1,
      entries: 1,
    })
  })

  test('undefined and null are values', () => {
    const { cache } = setUp<string | null | undefined>()
    cache.set('u', undefined)
    cache.set('n', null)
    expect([cache.get('u'), cache.has('u'), cache.get('n'), cache.has('x')]).toEqual([
      undefined,
      true,
      null,
      false,
    ])
    expect(cache.stats.hits).toBe(2)
  })

  test('a view tells size, age, rest and hits, for a window of the entries in order of use', () => {
    const { clock, cache } = setUp()
    cache.set('for ever', 'xyz', { ttlMs: Infinity })
    clock.advanceTo(100)
    cache.set('é', 'x', { ttlMs: 50 })
    cache.set('dead', 'x', { ttlMs: 5 })
    cache.get('é')
    clock.advanceTo(110)
    expect(cache.views(0, 10)).toEqual([
      { key: 'é', bytes: 3, ageMs: 10, expiresInMs: 40, hits: 1 },
      { key: 'for ever', bytes: 11, ageMs: 110, expiresInMs: null, hits: 0 },
    ])
    expect(cache.views(1, 1).map((view) => view.key)).toEqual(['for ever'])
    expect(cache.views(0, 1).map((view) => view.key)).toEqual(['é'])
    expect([cache.views(0, 0), cache.views(5, 5)]).toEqual([[], []])
    expect(cache.stats.hits).toBe(1)
  })

  test('clear is one change with what went; clearing nothing is none', () => {
    const { clock, cache, changes } = setUp()
    cache.clear()
    cache.set('a', '12')
    cache.set('b', '12')
    clock.advanceTo(3)
    cache.clear()
    expect(changes.at(-1)).toEqual({ type: 'clear', atMs: 3, entries: 2, bytes: 6 })
    expect([changes.length, cache.get('a'), cache.wakeAtMs, cache.stats.bytes]).toEqual([
      3,
      undefined,
      null,
      0,
    ])
  })

  test('an observer that changes the cache is told of its own change afterwards, in order', () => {
    const told: string[] = []
    const { cache } = setUp({
      maxEntries: 2,
      onChange: (change) => {
        if (change.type === 'clear') return
        told.push(`${change.type} ${change.key}`)
        if (change.key === 'c' && change.type === 'set') cache.set('d', 'x')
      },
    })
    for (const key of ['a', 'b', 'c']) cache.set(key, 'x')
    expect(told).toEqual(['set a', 'set b', 'evict a', 'set c', 'evict b', 'set d'])
  })

  test('an observer that throws harms nobody, and is reported', () => {
    const errors: unknown[] = []
    const { cache } = setUp({
      onChange: () => {
        throw new Error('broken')
      },
      onObserverError: (error) => errors.push(error),
    })
    cache.set('a', 'x')
    expect(cache.get('a')).toBe('x')
    expect(errors).toEqual([new Error('broken')])
    expect(cache.stats.observerErrors).toBe(1)
  })
})
