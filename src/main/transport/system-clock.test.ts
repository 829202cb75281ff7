import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { SystemClock } from './system-clock'

describe('the system clock', () => {
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance', 'Date'],
    })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('starts at 0 and does not move with the wall clock', () => {
    vi.advanceTimersByTime(5000)
    const clock = new SystemClock()
    expect(clock.nowMs()).toBe(0)
    vi.setSystemTime(new Date('2040-01-01'))
    vi.advanceTimersByTime(250)
    expect(clock.nowMs()).toBe(250)
  })

  test('fires once, not before its time', () => {
    const clock = new SystemClock()
    const fired: number[] = []
    clock.schedule(100.5, () => fired.push(clock.nowMs()))
    vi.advanceTimersByTime(100)
    expect(fired).toEqual([])
    vi.advanceTimersByTime(10_000)
    expect(fired).toHaveLength(1)
    expect(fired[0]).toBeGreaterThanOrEqual(100.5)
  })

  test('fires what is due already in the next turn, not inside schedule', () => {
    const clock = new SystemClock()
    vi.advanceTimersByTime(50)
    const fire = vi.fn()
    clock.schedule(20, fire)
    expect(fire).not.toHaveBeenCalled()
    vi.advanceTimersByTime(0)
    expect(fire).toHaveBeenCalledTimes(1)
  })

  test('keeps alarms beyond the 2^31 ms at which timers of Node overflow', () => {
    const clock = new SystemClock()
    const fire = vi.fn()
    const atMs = 2 ** 32 + 1000
    clock.schedule(atMs, fire)
    vi.advanceTimersByTime(atMs - 1)
    expect(fire).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(fire).toHaveBeenCalledTimes(1)
  })

  test('does not fire what was cancelled, whenever that was', () => {
    const clock = new SystemClock()
    const fire = vi.fn()
    const cancels = [10, 0, 2 ** 31 + 10].map((atMs) => clock.schedule(atMs, fire))
    for (const cancel of cancels) cancel()
    const late = clock.schedule(2 ** 31 + 10, fire)
    vi.advanceTimersByTime(2 ** 31)
    late()
    vi.advanceTimersByTime(1000)
    expect(fire).not.toHaveBeenCalled()
    const done = clock.schedule(0, fire)
    vi.advanceTimersByTime(1)
    done()
    expect(fire).toHaveBeenCalledTimes(1)
  })
})

test('with real timers no alarm comes early', async () => {
  const clock = new SystemClock()
  const early: number[] = []
  await Promise.all(
    Array.from({ length: 40 }, (_, at) => {
      const atMs = clock.nowMs() + at / 7
      return new Promise<void>((resolve) => {
        clock.schedule(atMs, () => {
          if (clock.nowMs() < atMs) early.push(atMs)
          resolve()
        })
      })
    }),
  )
  expect(early).toEqual([])
})
