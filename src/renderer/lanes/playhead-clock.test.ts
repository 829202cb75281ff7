import { expect, test } from 'vitest'
import { PlayheadClock } from './playhead-clock'

test('runs on between two words of the core, evenly also when they come unevenly, and jumps when it was moved', () => {
  const clock = new PlayheadClock({ atMs: 1000, speed: 2, mostMs: 9000 }, 0)
  expect(clock.read(100)).toBe(1200)
  clock.tell({ atMs: 1190, speed: 2, mostMs: 9000 }, 100)
  expect(clock.read(100)).toBe(1197.5)
  clock.tell({ atMs: 5000, speed: 2, mostMs: 9000 }, 200)
  expect(clock.read(200)).toBe(5000)
  expect(clock.read(100_000)).toBe(9000)
  clock.tell({ atMs: 4000, speed: 0, mostMs: 9000 }, 300)
  expect([clock.isMoving, clock.read(900)]).toEqual([false, 4000])
})
