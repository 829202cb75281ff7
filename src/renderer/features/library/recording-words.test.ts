import { expect, test } from 'vitest'
import { formatLength, formatMoment, formatPlace } from './recording-words'

test('lengths have hours only where there are some', () => {
  expect(formatLength(0)).toBe('00:00')
  expect(formatLength(59_499)).toBe('00:59')
  expect(formatLength(192_418)).toBe('03:12')
  expect(formatLength(3_723_000)).toBe('1:02:03')
})

test('places are exact to a millisecond and never rounded up to what was not reached', () => {
  expect(formatPlace(192_418.9)).toBe('03:12.418')
  expect(formatPlace(999.99)).toBe('00:00.999')
})

test('moments are those of the zone of who looks', () => {
  expect(formatMoment(new Date(2026, 10, 22, 9, 5, 7).getTime())).toBe('2026-11-22 09:05:07')
})
