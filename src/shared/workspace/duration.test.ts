import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatDuration, parseDuration } from './duration'

test.each([
  ['200ms', 200],
  ['1.5s', 1500],
  ['2min', 120_000],
  ['2m', 120_000],
  ['1h 30m', 5_400_000],
  [' 10 s ', 10_000],
  ['0ms', 0],
  ['1d', 86_400_000],
])('%s is %i ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test.each(['', '10', '-1s', '1 year', 's', '1e3s', '1s x', `${'9'.repeat(30)}h`])(
  '"%s" is no duration',
  (text) => {
    expect(parseDuration(text)).toBeUndefined()
  },
)

test('every duration is read as it was written', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000_000), (ms) => {
      expect(parseDuration(formatDuration(ms))).toBe(ms)
    }),
  )
  expect([0, 999, 2000, 90_000, 300_000, 7_200_000].map(formatDuration)).toEqual([
    '0ms',
    '999ms',
    '2s',
    '90s',
    '5min',
    '2h',
  ])
})
