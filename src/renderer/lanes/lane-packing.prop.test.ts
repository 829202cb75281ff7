import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LanePacking, MAX_ROWS_PER_LANE } from './lane-packing'

interface Interval {
  readonly fromMs: number
  readonly toMs: number
}

const interval = fc
  .tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 60 }))
  .map(([fromMs, length]): Interval => ({ fromMs, toMs: fromMs + length }))
const byStart = (list: Interval[]): Interval[] => [...list].sort((a, b) => a.fromMs - b.fromMs)

/** How many intervals are under way at once, at most. */
const concurrency = (list: readonly Interval[]): number =>
  Math.max(
    0,
    ...list.map(({ fromMs }) => list.filter((other) => other.fromMs <= fromMs && other.toMs > fromMs).length),
  )

test('never puts two messages over each other while rows are left', () => {
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 40 }), (intervals) => {
      const packing = new LanePacking()
      const placed = intervals.map((one) => ({ ...one, row: packing.place(one.fromMs, one.toMs) }))
      for (const [at, a] of placed.entries()) {
        for (const b of placed.slice(at + 1)) {
          const isApart = a.toMs <= b.fromMs || b.toMs <= a.fromMs
          expect(a.row !== b.row || isApart || a.row === MAX_ROWS_PER_LANE - 1).toBe(true)
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('uses as few rows as messages are under way at once, when they come in order of time', () => {
  const few = fc
    .array(interval, { minLength: 1, maxLength: 40 })
    .filter((list) => concurrency(list) <= MAX_ROWS_PER_LANE)
  fc.assert(
    fc.property(few, (intervals) => {
      const packing = new LanePacking()
      const rows = byStart(intervals).map(({ fromMs, toMs }) => packing.place(fromMs, toMs))
      expect(Math.max(...rows) + 1).toBe(concurrency(intervals))
    }),
    { numRuns: 300 },
  )
})

test('a message whose end is not known keeps its row to itself until it ends', () => {
  const packing = new LanePacking()
  const first = packing.open(0)
  expect(packing.place(50, 60)).not.toBe(first)
  packing.close(first, 100)
  expect(packing.place(99, 120)).not.toBe(first)
  expect(packing.place(100, 120)).toBe(first)
})

test('a mark that came after the end keeps the row busy for longer', () => {
  const packing = new LanePacking()
  const row = packing.place(0, 10)
  packing.extend(row, 25)
  expect(packing.place(20, 30)).not.toBe(row)
})

test('shares the last row when too much is under way, instead of growing', () => {
  const packing = new LanePacking()
  const rows = Array.from({ length: MAX_ROWS_PER_LANE + 5 }, () => packing.open(0))
  expect(Math.max(...rows)).toBe(MAX_ROWS_PER_LANE - 1)
  expect(rows.filter((row) => row === MAX_ROWS_PER_LANE - 1)).toHaveLength(6)
})
