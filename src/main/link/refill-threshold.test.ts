import { expect, test } from 'vitest'
import { MAX_REFILL_MS, MIN_REFILL_MS, RefillThreshold } from './refill-threshold'

test('rises at once to the latest wake-up seen, and not above 25 ms', () => {
  const threshold = new RefillThreshold(100)
  threshold.woke(14, 0)
  expect(threshold.belowMs).toBe(16)
  threshold.woke(3, 10)
  expect(threshold.belowMs).toBeCloseTo(16, 1)
  threshold.woke(500, 20)
  expect(threshold.belowMs).toBe(MAX_REFILL_MS)
})

test('sinks slowly, down to 5 ms: two seconds after a late wake-up it is still ready for another', () => {
  const threshold = new RefillThreshold(100)
  threshold.woke(20, 0)
  for (let nowMs = 20; nowMs <= 2000; nowMs += 20) threshold.woke(0.5, nowMs)
  expect(threshold.belowMs).toBeGreaterThan(20)
  for (let nowMs = 2000; nowMs <= 200_000; nowMs += 20) threshold.woke(0.5, nowMs)
  expect(threshold.belowMs).toBeCloseTo(MIN_REFILL_MS, 2)
})

test('stays within what the write-ahead leaves', () => {
  const threshold = new RefillThreshold(6)
  expect(threshold.belowMs).toBe(6)
  threshold.woke(20, 0)
  expect(threshold.belowMs).toBe(6)
})

test('stays at what somebody wants, however late wake-ups come', () => {
  const threshold = new RefillThreshold(6, 40)
  threshold.woke(60, 0)
  threshold.woke(0, 200_000)
  expect(threshold.belowMs).toBe(40)
})
