import { expect, test } from 'vitest'
import { runCacheScript } from '../../../testing/cache-script'

const GATE_OPERATIONS = 25_000
const randomSeed = Math.floor(Math.random() * 2 ** 32)

test.each([
  ['fixed', 20_261_121],
  ['random', randomSeed],
])('agrees with a simple model through random operations and clock jumps, %s seed %i', (_, seed) => {
  const counts = runCacheScript({ seed, operations: GATE_OPERATIONS })
  expect(counts.firstDifferences).toEqual([])
  expect(counts.differences).toBe(0)
  // Enough of everything happened for the agreement to mean something.
  const { hits, misses, sets, deletes, expired, evicted, clears, jumpsBack } = counts
  for (const count of [hits, misses, sets, expired, evicted]) expect(count).toBeGreaterThan(500)
  for (const count of [deletes, jumpsBack]) expect(count).toBeGreaterThan(100)
  expect(clears).toBeGreaterThan(5)
})
