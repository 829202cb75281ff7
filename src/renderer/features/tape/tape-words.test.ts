import { describe, expect, test } from 'vitest'
import { labelStepMs, labelWords, speedWords, tapeClock } from './tape-words'

describe('words of a recording', () => {
  test.each([
    [0, '00:00:00.000'],
    [192_418, '00:03:12.418'],
    [3_599_999.6, '01:00:00.000'],
    [-5, '00:00:00.000'],
  ])('%d ms from its beginning is %s', (ms, words) => expect(tapeClock(ms)).toBe(words))

  test.each([
    [0.1, '0.10×'],
    [1, '1.00×'],
    [16.04, '16.0×'],
    [1840.2, '1840×'],
  ])('a speed of %d is %s', (speed, words) => expect(speedWords(speed)).toBe(words))

  test('labels of the scale never come closer than asked, and are as exact as their distance', () => {
    expect(labelStepMs(750_000, 1300, 100)).toBe(60_000)
    expect(labelStepMs(4000, 1300, 100)).toBe(500)
    expect([labelWords(180_000, 60_000), labelWords(500, 500), labelWords(3_780_000, 60_000)]).toEqual([
      '03:00',
      '00:00.500',
      '1:03:00',
    ])
  })
})
