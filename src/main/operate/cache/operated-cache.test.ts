import { describe, expect, test } from 'vitest'
import { hasCode } from '../../../shared/errors'
import type { CacheListing } from '../../../shared/model/cache'
import type { CacheEvent } from '../../../shared/model/trace'
import { VirtualClock } from '../../../testing/virtual-clock'
import { bytesOfText } from './cache-value'
import { OperatedCache } from './operated-cache'

const HAND = { kind: 'operator', name: '', messageId: null } as const
const TASK = { kind: 'task', name: 'status.poll', messageId: 48214 } as const
const TABLE: CacheListing = { shape: 'table', filter: '', order: 'key', isDescending: false, open: [] }

function setUp(limits: { maxEntries?: number; maxBytes?: number } = {}) {
  const clock = new VirtualClock()
  const events: CacheEvent[] = []
  const cache = new OperatedCache({ clock, onTrace: (event) => events.push(event), ...limits })
  const set = (key: string, text = '1', ttlMs: number | null = 10_000): void =>
    cache.set(key, { ...bytesOfText('json', text), ttlMs, writer: HAND })
  const feed = (): string[] =>
    cache.changesAfter(0, 100).map(({ atMs, kind, key, by }) => `${atMs} ${kind} ${key} ${by}`.trimEnd())
  const keys = (listing: Partial<CacheListing>): string[] =>
    cache
      .rows({ ...TABLE, ...listing }, 0, 100)
      .rows.map((row) => (row.kind === 'entry' ? row.entry.key : `${row.path} ${row.keys}`))
  return { clock, cache, events, set, feed, keys }
}

const codeOf = (act: () => unknown): unknown => {
  try {
    act()
    return 'nothing'
  } catch (error) {
    return (error as { code: unknown }).code
  }
}

describe('an entry', () => {
  test('lives for its time, says who wrote it and what it is, and goes by itself', () => {
    const { clock, cache, events, feed } = setUp()
    clock.advanceTo(1000)
    cache.set('dev/mtu', { ...bytesOfText('json', '512'), ttlMs: 30_000, writer: TASK })
    expect(cache.row('dev/mtu')).toEqual({
      key: 'dev/mtu',
      type: 'integer',
      bytes: 10,
      setAtMs: 1000,
      expiresAtMs: 31_000,
      livesFromMs: 1000,
      hits: 0,
      writer: 'task status.poll',
      messageId: 48214,
      changedAtMs: 1000,
    })
    clock.advanceTo(30_999)
    expect(cache.totals).toMatchObject({ entries: 1, bytes: 10, expired: 0 })
    clock.advanceTo(31_050)
    expect(cache.row('dev/mtu')).toBeUndefined()
    expect(cache.totals).toMatchObject({ entries: 0, bytes: 0, expired: 1 })
    expect(feed()).toEqual(['1000 set dev/mtu task status.poll', '31000 expired dev/mtu'])
    expect(events.map(({ change, key, messageId }) => [change, key, messageId])).toEqual([
      ['set', 'dev/mtu', 48214],
      ['expired', 'dev/mtu', 0],
    ])
  })

  test('tells the value before, its revision and who read it', () => {
    const { cache, set, feed } = setUp()
    set('mtu', '1500')
    set('mtu', '{"value":512}')
    expect(cache.read('mtu', 'task poll')?.type).toBe('object')
    expect(cache.read('other', 'task poll')).toBeUndefined()
    expect(cache.detail('mtu')).toMatchObject({
      before: '1500',
      revision: 2,
      readBy: 'task poll',
      hits: 1,
      valueBytes: 13,
      format: 'json',
    })
    expect(cache.totals).toMatchObject({ hits: 1, misses: 1 })
    expect(feed().at(-1)).toBe('0 hit mtu task poll')
  })

  test('touch begins its time anew, extend adds to it, a pin holds it until the pin goes', () => {
    const { clock, cache, set } = setUp()
    set('a')
    const leftOf = (): number | null => {
      const { expiresAtMs } = cache.row('a')!
      return expiresAtMs === null ? null : expiresAtMs - clock.nowMs()
    }
    clock.advanceTo(4000)
    expect([cache.touch(['a', 'gone'], 'by hand'), leftOf()]).toEqual([1, 10_000])
    cache.extend(['a'], 5000, 'by hand')
    expect(leftOf()).toBe(15_000)
    cache.pin(['a'], true, 'by hand')
    cache.touch(['a'], 'by hand')
    cache.extend(['a'], 5000, 'by hand')
    clock.advanceTo(1e9)
    expect([leftOf(), cache.totals.pinned]).toEqual([null, 1])
    cache.pin(['a'], false, 'by hand')
    expect([leftOf(), cache.totals.pinned]).toEqual([10_000, 0])
    expect(codeOf(() => cache.extend(['a'], 0, 'by hand'))).toBe('CACHE_TTL_INVALID')
  })

  test('expires or goes on request, one, several, a folder, or all', () => {
    const { cache, set, feed } = setUp()
    for (const key of ['dev/a', 'dev/b', 'dev/c/d', 'x', 'y']) set(key)
    expect(cache.expire(['x'], 'by hand')).toBe(1)
    expect(cache.delete(cache.keysBelow('dev/'), 'by hand')).toBe(3)
    expect(cache.delete(['dev/a'], 'by hand')).toBe(0)
    cache.pin(['y'], true, 'by hand')
    cache.clear('by hand')
    expect(cache.totals).toMatchObject({ entries: 0, bytes: 0, pinned: 0 })
    expect(feed().slice(5)).toEqual([
      '0 expired x by hand',
      '0 deleted dev/a by hand',
      '0 deleted dev/b by hand',
      '0 deleted dev/c/d by hand',
      '0 pin y by hand',
      '0 cleared  1 entries',
    ])
  })
})

describe('limits', () => {
  test('keys are 1 to 1,024 units long', () => {
    const { set, cache } = setUp()
    set('k'.repeat(1024))
    expect(codeOf(() => set('k'.repeat(1025)))).toBe('CACHE_KEY_TOO_LONG')
    expect(codeOf(() => set(''))).toBe('CACHE_KEY_EMPTY')
    expect(cache.totals.entries).toBe(1)
  })

  test('the one used least makes room for one too many, and more than everything is refused', () => {
    const { set, keys, feed, cache } = setUp({ maxEntries: 2, maxBytes: 20 })
    for (const key of ['a', 'b', 'c']) set(key)
    expect(keys({})).toEqual(['b', 'c'])
    expect(feed().slice(2)).toEqual(['0 evicted a', '0 set c by hand'])
    cache.set('d', { bytes: new Uint8Array(19), format: 'hex', ttlMs: null, writer: HAND })
    expect([keys({}), cache.totals.bytes]).toEqual([['d'], 20])
    expect(
      codeOf(() => cache.set('e', { bytes: new Uint8Array(20), format: 'hex', ttlMs: null, writer: HAND })),
    ).toBe('CACHE_ENTRY_TOO_LARGE')
  })

  test('100,000 entries are kept and listed by windows; the next pushes out the first', () => {
    const { cache, set } = setUp()
    for (let at = 0; at < 100_000; at++) set(`bulk/${String(at).padStart(6, '0')}`, '1', 10_000 + at)
    expect(cache.totals).toMatchObject({ entries: 100_000, evicted: 0 })
    const open = { ...TABLE, shape: 'tree', open: ['bulk/'] } as const
    const end = cache.rows(open, 99_999, 50)
    expect([end.total, end.rows.length]).toEqual([100_001, 2])
    expect(cache.positionOf({ ...TABLE, order: 'left' }, 'bulk/099999')).toBe(99_999)
    expect(cache.rows({ ...TABLE, filter: '09999' }, 0, 500).total).toBe(10 + 1) // 09999x and 009999
    set('one too many')
    expect(cache.totals).toMatchObject({ entries: 100_000, evicted: 1 })
    expect(cache.row('bulk/000000')).toBeUndefined()
  })

  test('the feed keeps the newest 4,096 changes', () => {
    const { cache, set } = setUp()
    for (let at = 0; at < 4097; at++) set('a')
    expect(cache.changesAfter(0, 10_000)).toHaveLength(4096)
    expect(cache.changesAfter(0, 10_000)[0]!.changeId).toBe(2)
    expect(cache.changesAfter(4095, 10_000).map(({ changeId }) => changeId)).toEqual([4096, 4097])
  })

  test('values that are not what they are said to be are refused', () => {
    expect(codeOf(() => bytesOfText('json', '{'))).toBe('CACHE_VALUE_INVALID')
    expect(codeOf(() => bytesOfText('hex', '0g'))).toBe('CACHE_VALUE_INVALID')
    expect(hasCode(null, 'CACHE_VALUE_INVALID')).toBe(false)
    expect([...bytesOfText('msgpack', '{"a":1}').bytes]).toEqual([0x81, 0xa1, 0x61, 0x01])
  })
})

describe('listings', () => {
  test('a tree shows what is open, a filter finds in any case, and a table goes by its order', () => {
    const { cache, set, keys } = setUp()
    for (const [key, text, ttlMs] of [
      ['dev/b', '1', 5000],
      ['dev/a', '22222', 9000],
      ['Rpc', '333', null],
    ] as const)
      set(key, text, ttlMs)
    cache.read('dev/a', 'x')
    expect(keys({ shape: 'tree' })).toEqual(['Rpc', 'dev/ 2'])
    expect(keys({ shape: 'tree', open: ['dev/'] })).toEqual(['Rpc', 'dev/ 2', 'dev/a', 'dev/b'])
    expect(keys({ shape: 'tree', filter: 'rp' })).toEqual(['Rpc'])
    expect(keys({})).toEqual(['Rpc', 'dev/a', 'dev/b'])
    expect(keys({ isDescending: true })).toEqual(['dev/b', 'dev/a', 'Rpc'])
    expect(keys({ order: 'left' })).toEqual(['dev/b', 'dev/a', 'Rpc'])
    expect(keys({ order: 'size', isDescending: true })).toEqual(['dev/a', 'Rpc', 'dev/b'])
    expect(keys({ order: 'hits', isDescending: true })[0]).toBe('dev/a')
    expect(cache.positionOf({ ...TABLE, isDescending: true }, 'dev/b')).toBe(0)
    expect(cache.positionOf({ ...TABLE, shape: 'tree', open: ['dev/'] }, 'dev/a')).toBe(2)
    expect(cache.positionOf({ ...TABLE, filter: 'dev' }, 'Rpc')).toBeNull()
    const { total, rows } = cache.rows({ ...TABLE, isDescending: true }, 1, 1)
    expect([total, rows.length, rows[0]]).toMatchObject([3, 1, { entry: { key: 'dev/a' } }])
  })
})

describe('operations of tasks and snippets', () => {
  test('say what they did, or why not', () => {
    const { cache, keys, feed } = setUp()
    const apply = (change: Parameters<OperatedCache['applyCacheOperation']>[0]): string => {
      const { isOk, detail } = cache.applyCacheOperation(change, TASK)
      return `${isOk} ${detail}`
    }
    expect(apply({ operation: 'set', key: 'a', value: '{"x":1}', ttlMs: 1000 })).toBe('true set a')
    expect(apply({ operation: 'set', key: 'b', value: 'plain words', ttlMs: null })).toBe('true set b')
    expect([cache.row('a')!.type, cache.row('b')!.type]).toEqual(['object', 'text'])
    expect(apply({ operation: 'touch', key: 'a' })).toBe('true touch a')
    expect(apply({ operation: 'expire', key: 'a' })).toBe('true expire a')
    expect(apply({ operation: 'delete', key: 'a' })).toBe('false CACHE_KEY_UNKNOWN: there is no entry "a"')
    expect(apply({ operation: 'set', key: '', value: '', ttlMs: null })).toMatch(/^false CACHE_KEY_EMPTY/)
    expect(keys({})).toEqual(['b'])
    expect(apply({ operation: 'clear' })).toBe('true cleared 1 entries')
    expect(feed()[0]).toBe('0 set a task status.poll')
  })
})
