import { expect, test } from 'vitest'
import { bodyStorm } from '../../../testing/body-storm'

const seeds = [1, 0x5eed, Math.floor(Math.random() * 2 ** 31)]

test.each(seeds)('bodies in any order on a disk that fails now and then: seed %i', (seed) => {
  const counts = bodyStorm({ seed, operations: 1500 })
  expect(Math.min(counts.whole, counts.stored, counts.abandoned, counts.notStored)).toBeGreaterThan(0)
})
