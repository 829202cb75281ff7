import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TimePercentiles } from './time-percentiles'

test('percentiles are never below the truth, and at most 1 % or 10 µs above it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 200 }),
      (times) => {
        const percentiles = new TimePercentiles()
        for (const ms of times) percentiles.add(ms)
        const sorted = times.toSorted((a, b) => a - b)
        const { p50Ms, p99Ms, maxMs } = percentiles.view!
        for (const [part, shown] of [
          [0.5, p50Ms],
          [0.99, p99Ms],
        ] as const) {
          const exact = sorted[Math.ceil(sorted.length * part) - 1]!
          expect(shown).toBeGreaterThanOrEqual(exact - 1e-9)
          expect(shown).toBeLessThanOrEqual(Math.max(exact * 1.01, exact + 0.01) + 1e-9)
        }
        expect(maxMs).toBe(sorted.at(-1))
      },
    ),
  )
  expect(new TimePercentiles().view).toBeNull()
})
