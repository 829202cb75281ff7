import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MomentList } from './moment-list'

const instants = fc.array(
  fc.nat(50).map((atMs) => ({ atMs })),
  { maxLength: 60 },
)

describe('MomentList', () => {
  test('keeps any order of arrival in the order of time and finds as a scan does', () => {
    fc.assert(
      fc.property(instants, fc.nat(55), (items, atMs) => {
        const list = new MomentList<{ atMs: number }>(1000)
        for (const item of items) list.add(item)
        const sorted = items.map((item) => item.atMs).sort((a, b) => a - b)
        expect(list.items.map((item) => item.atMs)).toEqual(sorted)
        expect(list.firstFrom(atMs)).toBe(sorted.filter((at) => at < atMs).length)
        expect(list.holdingAt(atMs)).toBe(sorted.filter((at) => at <= atMs).length - 1)
      }),
    )
  })

  test('keeps the newest when there are too many', () => {
    const list = new MomentList<{ atMs: number }>(8)
    for (let atMs = 0; atMs < 1000; atMs++) list.add({ atMs })
    expect(list.items.length).toBeLessThanOrEqual(8)
    expect(list.items.length).toBeGreaterThanOrEqual(4)
    expect(list.last).toEqual({ atMs: 999 })
  })
})
