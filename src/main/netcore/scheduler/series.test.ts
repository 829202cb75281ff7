import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CronSeries, IntervalSeries, OnceSeries } from './series'
import type { CronRule } from './task-types'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Due at `offsetMs + n × everyMs` of the wall clock; counts how often it was asked. */
function everyRule(everyMs: number, offsetMs = 0): CronRule & { asked: number } {
  return {
    text: `every ${everyMs} ms`,
    asked: 0,
    nextAfterMs(wallMs) {
      this.asked += 1
      return (Math.floor((wallMs - offsetMs) / everyMs) + 1) * everyMs + offsetMs
    },
  }
}

test('an interval gives each point of its grid once, whenever it is looked at', () => {
  const looks = fc.array(fc.double({ min: 0, max: 5000, noNaN: true }), { maxLength: 60 })
  const every = fc.oneof(
    fc.constantFrom(1, 10, 100 / 3, 0.1 + 1, 999.999),
    fc.double({ min: 1, max: 3000, noNaN: true }),
  )
  fc.assert(
    fc.property(every, fc.double({ min: 0, max: 1e9, noNaN: true }), looks, (everyMs, firstMs, steps) => {
      const series = new IntervalSeries(firstMs, everyMs)
      let nowMs = firstMs
      let given = 0
      for (const step of steps) {
        nowMs += step
        if (series.nextMs > nowMs) continue
        const { firstMs: oldest, latestMs, skipped } = series.take(nowMs)
        expect(oldest).toBe(firstMs + given * everyMs)
        expect(latestMs).toBe(firstMs + (given + skipped) * everyMs)
        expect(latestMs).toBeLessThanOrEqual(nowMs)
        expect(series.nextMs).toBeGreaterThan(nowMs)
        given += skipped + 1
      }
      expect(series.nextMs).toBe(firstMs + given * everyMs)
    }),
    { numRuns: 1000 },
  )
})

test('a task that runs once keeps its due time through a pause, and has one only', () => {
  const series = new OnceSeries(100)
  series.resume()
  expect(series.take()).toEqual({ latestMs: 100, firstMs: 100, skipped: 0 })
  expect(series.nextMs).toBeNull()
})

describe('a cron rule', () => {
  test('gives one due time for all that passed, and counts the others up to 64', () => {
    const rule = everyRule(MINUTE)
    const series = new CronSeries(rule, 0)
    expect(series.take(10 * MINUTE)).toEqual({ latestMs: 10 * MINUTE, firstMs: MINUTE, skipped: 9 })
    rule.asked = 0
    expect(series.take(10 * MINUTE + 365 * DAY)).toMatchObject({ firstMs: 11 * MINUTE, skipped: 64 })
    expect(rule.asked).toBeLessThan(70)
    expect(series.nextMs).toBe(365 * DAY + 11 * MINUTE)
  })

  test('does not repeat what ran when the clock is set back by less than its period', () => {
    const daily = new CronSeries(everyRule(DAY, 2.5 * HOUR), 0)
    daily.take(2.5 * HOUR)
    daily.wentBack(1.5 * HOUR)
    expect(daily.nextMs).toBe(DAY + 2.5 * HOUR)
    daily.wentBack(2.5 * HOUR - 1)
    expect(daily.nextMs).toBe(DAY + 2.5 * HOUR)
  })

  test('follows the clock when it is set back by more, so that it is never silent for long', () => {
    const series = new CronSeries(everyRule(5 * MINUTE), 0)
    series.take(2 * HOUR)
    series.wentBack(HOUR + 1)
    expect(series.nextMs).toBe(HOUR + 5 * MINUTE)
    series.wentBack(HOUR - 1) // and again, before anything ran
    expect(series.nextMs).toBe(HOUR)
  })

  test('that followed the clock back does not remember what ran in the time that is no more', () => {
    const series = new CronSeries(everyRule(5 * MINUTE), 0)
    series.take(2 * HOUR)
    series.wentBack(HOUR + 1)
    series.resume(HOUR + 2)
    expect(series.nextMs).toBe(HOUR + 5 * MINUTE)
  })

  test('comes sooner when the clock is set back before its first run', () => {
    const series = new CronSeries(everyRule(DAY), 10 * DAY)
    series.wentBack(3 * DAY)
    expect(series.nextMs).toBe(4 * DAY)
  })

  test('after a pause goes on with the next due time, and not with one that ran', () => {
    const series = new CronSeries(everyRule(HOUR), 0)
    series.take(HOUR)
    series.wentBack(HOUR - 1000)
    series.resume(HOUR - 500)
    expect(series.nextMs).toBe(2 * HOUR)
    series.resume(7.5 * HOUR)
    expect(series.nextMs).toBe(8 * HOUR)
  })

  test('that does not move forward is refused instead of running for ever', () => {
    const stuck: CronRule = { text: 'stuck', nextAfterMs: (wallMs) => wallMs }
    expect(() => new CronSeries(stuck, 5)).toThrow('does not move forward')
  })
})
