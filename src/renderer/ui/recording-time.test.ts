import { expect, test } from 'vitest'
import { formatLength, formatPlace, parsePlace } from './recording-time'

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

test('places are read back as they were written, and as durations', () => {
  for (const ms of [0, 999, 60_000, 192_418, 3_723_007, 359_999_999])
    expect(parsePlace(formatPlace(ms))).toBe(ms)
  expect(parsePlace(' 01:30.5 ')).toBe(90_500)
  expect(parsePlace('1m30s')).toBe(90_000)
  for (const text of ['', '90', '1:2:3:4', '-00:01', '00:01.2345', 'soon'])
    expect(parsePlace(text)).toBeUndefined()
})
