import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TimeHistogram } from './time-histogram'

interface Piece {
  startMs: number
  endMs: number
  amount: number
}

/** What falls into a bin, computed piece by piece. */
function naive(pieces: readonly Piece[], fromMs: number, toMs: number, bins: number): number[] {
  const sums = new Array<number>(bins).fill(0)
  const binMs = (toMs - fromMs) / bins
  for (const { startMs, endMs, amount } of pieces) {
    for (let bin = 0; bin < bins; bin++) {
      const begin = fromMs + bin * binMs
      if (endMs === startMs) {
        if (startMs >= begin && startMs < begin + binMs) sums[bin]! += amount
      } else {
        const overlap = Math.min(endMs, begin + binMs) - Math.max(startMs, begin)
        if (overlap > 0) sums[bin]! += (amount * overlap) / (endMs - startMs)
      }
    }
  }
  return sums
}

const total = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0)

const pieces = fc
  .array(
    fc.record({
      waitMs: fc.integer({ min: 0, max: 3000 }),
      lengthMs: fc.integer({ min: 0, max: 400 }),
      amount: fc.integer({ min: 1, max: 5000 }),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((steps) => {
    let nowMs = 0
    return steps.map(({ waitMs, lengthMs, amount }): Piece => {
      nowMs += waitMs
      return { startMs: nowMs, endMs: nowMs + lengthMs, amount }
    })
  })

describe('amounts over time', () => {
  test('equal a naive sum when bins are whole milliseconds', () => {
    fc.assert(
      fc.property(pieces, fc.constantFrom(1, 7, 50), (script, binMs) => {
        const histogram = new TimeHistogram()
        for (const { startMs, endMs, amount } of script) histogram.add(startMs, endMs, amount)
        const end = Math.max(...script.map(({ endMs }) => endMs)) + 1
        fc.pre(end <= 16_384) // the finest resolution reaches so far back
        const bins = Math.ceil(end / binMs)
        const read = histogram.read(0, bins * binMs, bins)
        const expected = naive(script, 0, bins * binMs, bins)
        const errors = Array.from(read, (value, bin) => Math.abs(value - expected[bin]!))
        expect(Math.max(...errors)).toBeLessThan(0.01)
      }),
    )
  })

  test('keep their total over any span, in any number of bins', () => {
    fc.assert(
      fc.property(
        pieces,
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 1, max: 50_000_000 }),
        (script, bins, originMs) => {
          const histogram = new TimeHistogram()
          for (const { startMs, endMs, amount } of script) {
            histogram.add(originMs + startMs, originMs + endMs, amount)
          }
          const toMs = originMs + Math.max(...script.map(({ endMs }) => endMs)) + 1
          // wide enough that every stored bin which has an amount lies within the span as a whole
          const read = histogram.read(originMs - 20_000, toMs + 20_000, bins)
          expect(total(read)).toBeCloseTo(total(script.map(({ amount }) => amount)), 1)
        },
      ),
    )
  })

  test('of the last minutes of a day are still shown finely', () => {
    const histogram = new TimeHistogram()
    const day = 86_400_000
    for (let atMs = 0; atMs < day; atMs += 60_000) histogram.add(atMs, atMs, 1)
    histogram.add(day - 1000, day - 1000, 500)
    const read = histogram.read(day - 600_000, day, 1000)
    expect(read[998]).toBe(500)
    expect(total(read)).toBe(510)
    const all = histogram.read(0, day, 24)
    for (const hour of all.slice(0, 23)) expect(Math.abs(hour - 60)).toBeLessThan(1.5)
    expect(total(all)).toBeCloseTo(1440 + 500, 1)
  })

  test('at times that are none are left out, and harm nothing', () => {
    const histogram = new TimeHistogram()
    histogram.add(5, 5, 3)
    for (const ms of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300]) {
      histogram.add(ms, ms, 100)
      histogram.add(5, ms, 100)
    }
    expect([...histogram.read(0, 10, 2)]).toEqual([0, 3])
  })

  test('are nothing for an empty span, and after clearing', () => {
    const histogram = new TimeHistogram()
    histogram.add(5, 5, 3)
    expect([...histogram.read(5, 5, 4)]).toEqual([0, 0, 0, 0])
    histogram.clear()
    expect([...histogram.read(0, 10, 2)]).toEqual([0, 0])
  })

  test('that come late, out of order, are counted where they belong', () => {
    const histogram = new TimeHistogram()
    histogram.add(1000, 1000, 1)
    histogram.add(200, 300, 100)
    const read = histogram.read(0, 2000, 20)
    expect(read[2]).toBe(100)
    expect(read[10]).toBe(1)
  })
})
