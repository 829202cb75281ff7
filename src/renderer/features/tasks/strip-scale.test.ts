import { describe, expect, test } from 'vitest'
import { plannedWithin, stripX } from './strip-scale'

const task = { nextMs: 1000, everyMs: 5000, plannedMs: [], state: 'waiting' } as const

describe('the strip of firings', () => {
  test('now is in its middle, half a minute lies on either side', () => {
    expect([stripX(0, 30_000, 600), stripX(30_000, 30_000, 600), stripX(60_000, 30_000, 600)]).toEqual([
      0, 300, 600,
    ])
  })

  test('a grid goes on to the end of the strip, also when the core has not told of the newest', () => {
    expect(plannedWithin(task, 0, 300)).toEqual([1000, 6000, 11_000, 16_000, 21_000, 26_000])
    expect(plannedWithin(task, 7000, 300)[0]).toBe(11_000)
  })

  test('a fast grid is thinned to what can be told apart', () => {
    const planned = plannedWithin({ ...task, everyMs: 10 }, 0, 300)
    expect(planned.length).toBeLessThanOrEqual(75)
    expect(planned[1]! - planned[0]!).toBe(400)
  })

  test('what the core planned is shown, what is held or unknown is not', () => {
    const once = { ...task, everyMs: null, plannedMs: [-5, 1000, 31_000] }
    expect(plannedWithin(once, 0, 300)).toEqual([1000])
    expect(plannedWithin({ ...task, state: 'held' }, 0, 300)).toEqual([])
    expect(plannedWithin({ ...task, nextMs: null }, 0, 300)).toEqual([])
  })
})
