import { expect, test } from 'vitest'
import { sessionStorm } from '../../../../../testing/session-storm'

test.each([
  ['a fixed seed', 1],
  ['a new seed', 1_000 + Math.floor(Math.random() * 1e6)],
])(
  'two sessions find each other again after any storm, and nobody goes on alone (%s: %i)',
  async (_, seed) => {
    const counts = await sessionStorm({ seed, runs: 60 })
    expect(counts.failures).toEqual([])
    expect(counts.reunited).toBe(counts.runs)
    // The storm has to have been one.
    expect(counts.cuts).toBeGreaterThan(50)
    expect(counts.reboots).toBeGreaterThan(20)
    expect(counts.farewells).toBeGreaterThan(2)
    expect(counts.resumes).toBeGreaterThan(20)
  },
)

test.each([2057955824, 2057961565, 2057965387])(
  'a line that closes after a goodbye, when both are up again, belongs to the storm (seed %i)',
  async (seed) => {
    const counts = await sessionStorm({ seed, runs: 1 })
    expect(counts.failures).toEqual([])
    expect(counts).toMatchObject({ farewells: 1, reunited: 1 })
  },
)
