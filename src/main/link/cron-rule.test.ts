import { describe, expect, test } from 'vitest'
import { hasCode } from '../../shared/errors'
import { type CronRuleOptions, cronRule } from './cron-rule'

const utc = (text: string): number => Date.parse(`${text}Z`)

/** The next due times after `from`, as texts in UTC. */
function dueTimes(expression: string, from: string, count: number, options: CronRuleOptions): string[] {
  const rule = cronRule(expression, options)
  const times: string[] = []
  for (
    let atMs = rule.nextAfterMs(utc(from));
    atMs !== null && times.length < count;
    atMs = rule.nextAfterMs(atMs)
  ) {
    times.push(new Date(atMs).toISOString().slice(0, 16))
  }
  return times
}

const BERLIN = { timeZone: 'Europe/Berlin' } // 02:00 → 03:00 on 2026-03-29, 03:00 → 02:00 on 2026-10-25

describe('expressions', () => {
  test.each([
    ['*/5 * * * *', '2026-01-01T00:02', ['2026-01-01T00:05', '2026-01-01T00:10']],
    ['@daily', '2026-01-01T00:00', ['2026-01-02T00:00', '2026-01-03T00:00']],
    ['0 9 * * MON-FRI', '2026-01-02T10:00', ['2026-01-05T09:00', '2026-01-06T09:00']],
    ['0 0 29 2 *', '2026-01-01T00:00', ['2028-02-29T00:00', '2032-02-29T00:00']],
    ['0 0 0 1 1 * 2027', '2026-01-01T00:00', ['2027-01-01T00:00']],
  ])('%s after %s', (expression, from, expected) => {
    expect(dueTimes(expression, from, 2, { timeZone: 'UTC' })).toEqual(expected)
  })

  test('the next due time is strictly later, to the millisecond', () => {
    const rule = cronRule('* * * * * *', { timeZone: 'UTC' })
    const atMs = utc('2026-01-01T00:00:07')
    expect([0, 1, 999, 1000].map((ms) => rule.nextAfterMs(atMs + ms)! - atMs)).toEqual([
      1000, 1000, 1000, 2000,
    ])
  })

  test('the text names the zone', () => {
    expect(cronRule('@daily', BERLIN).text).toBe('@daily (Europe/Berlin)')
    expect(cronRule('@daily').text).toBe('@daily')
  })

  test.each([
    ['', {}],
    ['* * *', {}],
    ['61 * * * *', {}],
    ['*/0 * * * *', {}],
    ['hello', {}],
    ['@reboot', {}],
    ['2026-10-10T10:00:00', {}],
    ['0 0 30 2 *', {}],
    ['* * * * *', { timeZone: 'Europe/Nowhere' }],
    [`${'0,'.repeat(200)}0 * * * *`, {}],
  ])('%s with %j is refused with CRON_INVALID', (expression, options) => {
    let error: unknown
    try {
      cronRule(expression, options)
    } catch (caught) {
      error = caught
    }
    expect(hasCode(error, 'CRON_INVALID')).toBe(true)
  })

  test('there is no due time after the last date, nor for no date at all', () => {
    const rule = cronRule('* * * * *', { timeZone: 'UTC' })
    expect([rule.nextAfterMs(8.64e15), rule.nextAfterMs(Infinity), rule.nextAfterMs(Number.NaN)]).toEqual([
      null,
      null,
      null,
    ])
  })
})

describe('when the clocks change', () => {
  test('a fixed time of day that is left out runs at the first moment after the gap', () => {
    expect(dueTimes('30 2 * * *', '2026-03-28T00:00', 3, BERLIN)).toEqual([
      '2026-03-28T01:30',
      '2026-03-29T01:00', // 03:00 in summer time: there is no 02:30 on this day
      '2026-03-30T00:30',
    ])
  })

  test('a fixed time of day that comes twice runs once', () => {
    expect(dueTimes('30 2 * * *', '2026-10-24T00:00', 3, BERLIN)).toEqual([
      '2026-10-24T00:30',
      '2026-10-25T00:30', // the first 02:30
      '2026-10-26T01:30',
    ])
  })

  test('an interval keeps its pace through both changes', () => {
    expect(dueTimes('*/30 * * * *', '2026-03-29T00:15', 4, BERLIN)).toEqual([
      '2026-03-29T00:30',
      '2026-03-29T01:00',
      '2026-03-29T01:30',
      '2026-03-29T02:00',
    ])
    expect(dueTimes('*/30 * * * *', '2026-10-24T23:45', 6, BERLIN)).toEqual([
      '2026-10-25T00:00',
      '2026-10-25T00:30',
      '2026-10-25T01:00',
      '2026-10-25T01:30',
      '2026-10-25T02:00',
      '2026-10-25T02:30',
    ])
  })

  test('a rule in another zone does not mind', () => {
    expect(dueTimes('30 2 * * *', '2026-03-28T00:00', 3, { timeZone: 'UTC' })).toEqual([
      '2026-03-28T02:30',
      '2026-03-29T02:30',
      '2026-03-30T02:30',
    ])
  })
})
