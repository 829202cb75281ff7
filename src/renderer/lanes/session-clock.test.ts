import { expect, test } from 'vitest'
import { SessionClock } from './session-clock'

test('moves evenly although batches arrive unevenly', () => {
  const clock = new SessionClock()
  let previous: number | undefined
  for (let localMs = 0; localMs < 10_000; localMs += 16) {
    // each batch is 1 to 40 ms old when it arrives
    const ageMs = 1 + ((localMs * 7) % 40)
    clock.sample(localMs + 5000 - ageMs, localMs)
    const sessionMs = clock.read(localMs)
    if (previous !== undefined) expect(Math.abs(sessionMs - previous - 16)).toBeLessThan(0.5)
    previous = sessionMs
  }
})

test('comes to the truest sample: the one that was least late', () => {
  const clock = new SessionClock()
  clock.sample(1000 - 30, 0)
  for (let localMs = 16; localMs < 6000; localMs += 16) {
    clock.sample(1000 + localMs - (localMs % 160 === 0 ? 1 : 30), localMs)
    clock.read(localMs)
  }
  expect(clock.read(6000)).toBeCloseTo(6999, 0)
})

test('runs on while the line is quiet', () => {
  const clock = new SessionClock()
  clock.sample(500, 100)
  expect(clock.read(100)).toBe(500)
  expect(clock.read(60_100)).toBe(60_500)
})

test('jumps when the computer slept', () => {
  const clock = new SessionClock()
  clock.sample(1000, 0)
  clock.read(0)
  clock.sample(90_000, 16)
  expect(clock.read(16)).toBe(90_000)
})

test('never goes backwards while it corrects itself', () => {
  const clock = new SessionClock()
  let latest = -Infinity
  for (let localMs = 0; localMs < 30_000; localMs += 16) {
    // the session clock runs 100 ppm slower than the local one
    clock.sample(localMs * 0.9999, localMs)
    const sessionMs = clock.read(localMs)
    expect(sessionMs).toBeGreaterThanOrEqual(latest)
    latest = sessionMs
  }
})

test('is not running before the first batch and after a reset', () => {
  const clock = new SessionClock()
  expect(clock.isRunning).toBe(false)
  clock.sample(1, 1)
  expect(clock.isRunning).toBe(true)
  clock.reset()
  expect(clock.isRunning).toBe(false)
})
