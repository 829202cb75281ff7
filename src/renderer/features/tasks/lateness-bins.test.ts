import { expect, test } from 'vitest'
import { latenessBins } from './lateness-bins'

const run = (lateMs: number | null, isManual = false) => ({ lateMs, isManual })

test('every run that began by itself is in one bin, wide enough for the latest', () => {
  const { counts, binMs } = latenessBins([run(0), run(0.9), run(36.2), run(47.9), run(null), run(900, true)])
  expect([binMs, counts.reduce((sum, count) => sum + count, 0)]).toEqual([1, 4])
  expect([counts[0], counts[36], counts[47]]).toEqual([2, 1, 1])
  expect(latenessBins([run(48)]).binMs).toBe(2)
  expect(latenessBins([]).counts.every((count) => count === 0)).toBe(true)
})
