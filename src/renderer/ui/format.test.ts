import { describe, expect, test } from 'vitest'
import {
  formatAgo,
  formatBytes,
  formatClock,
  formatDelta,
  formatDuration,
  formatElapsed,
  formatMsNumber,
  formatPercent,
  formatRate,
  groupDigits,
  plural,
  sentences,
} from './format'

const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

describe('numbers on screen', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [1000, '1 000'],
    [402_113, '402 113'],
    [1_234_567, '1 234 567'],
  ])('groups %d as "%s"', (value, shown) => {
    expect(plain(groupDigits(value))).toBe(shown)
  })

  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [3449, '3.4 kB'],
    [99_940, '99.9 kB'],
    [99_960, '100 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [118_784_000, '119 MB'],
    [2_147_483_648, '2.1 GB'],
  ])('shows %d bytes as "%s"', (bytes, shown) => {
    expect(plain(formatBytes(bytes))).toBe(shown)
  })

  test('shows rates and shares with their units', () => {
    expect(plain(formatRate(11_340))).toBe('11.3 kB/s')
    expect(plain(formatPercent(0.984))).toBe('98 %')
    expect(plain(plural(1, 'message'))).toBe('1 message')
    expect(plain(plural(1200, 'message'))).toBe('1 200 messages')
  })

  test.each([
    [0, '0.0'],
    [0.04, '0.04'],
    [0.1, '0.1'],
    [36.24, '36.2'],
    [9999.9, '9999.9'],
    [12_345.6, '12 346'],
  ])('shows %d ms in a column as "%s"', (ms, shown) => {
    expect(plain(formatMsNumber(ms))).toBe(shown)
  })

  test.each([
    [0.04, '0.04 ms'],
    [108.6, '108.6 ms'],
    [999.94, '999.9 ms'],
    [999.96, '1.00 s'],
    [1234, '1.23 s'],
    [65_000, '65.0 s'],
    [150_000, '2.5 min'],
    [9_000_000, '2.5 h'],
  ])('shows a duration of %d ms as "%s"', (ms, shown) => {
    expect(plain(formatDuration(ms))).toBe(shown)
  })

  test('keeps differences between rows within their column', () => {
    for (const ms of [0.01, 5, 999, 99_999, 100_000, 5_000_000, 80_000_000]) {
      expect(formatDelta(ms).length).toBeLessThanOrEqual(8)
    }
  })

  test.each([
    [-3, '0 ms'],
    [62.9, '62 ms'],
    [1290, '1.2 s'],
    [75_400, '75 s'],
    [250_000, '4 min'],
  ])('shows a wait of %d ms as "%s"', (ms, shown) => {
    expect(plain(formatElapsed(ms))).toBe(shown)
  })

  test('shows a session time as time of day with milliseconds', () => {
    const startedAtMs = new Date(2026, 10, 21, 10, 42, 7, 100).getTime()
    expect(formatClock(startedAtMs, 412.4)).toBe('10:42:07.512')
    expect(formatClock(startedAtMs, 60_000 + 905)).toBe('10:43:08.005')
  })

  test.each([
    [20_000, 'now'],
    [240_000, '4 min ago'],
    [10_800_000, '3 h ago'],
    [86_400_000, '1 day ago'],
    [12 * 86_400_000, '12 days ago'],
  ])('tells %d ms ago as "%s"', (ms, shown) => {
    expect(plain(formatAgo(1_000_000, 1_000_000 + ms))).toBe(shown)
  })

  test('joins what happened and what to do as sentences', () => {
    expect(sentences('it broke', '', 'Mend it.')).toBe('It broke. Mend it.')
    expect(sentences('/dev/ttyS0 is busy', 'cfg.put is unknown')).toBe(
      '/dev/ttyS0 is busy. cfg.put is unknown.',
    )
  })
})
