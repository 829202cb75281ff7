import { describe, expect, test } from 'vitest'
import { fieldsIn, isMuchSlower, percentWord, shiftShare, shiftWord, sinceStart } from './compare-words'

describe('words of a comparison', () => {
  test('tells time since the beginning to the millisecond', () => {
    expect(sinceStart(192_418.4)).toBe('00:03:12.418')
    expect(sinceStart(-3)).toBe('00:00:00.000')
    expect(sinceStart(36_000_000)).toBe('10:00:00.000')
  })

  test('gives shifts their sign', () => {
    expect([shiftWord(42.24), shiftWord(-0.26), percentWord(22, 58.7), percentWord(25.6, 25.4)]).toEqual([
      '+42.2',
      '−0.3',
      '+167 %',
      '−1 %',
    ])
    expect([percentWord(null, 3), percentWord(3, null), percentWord(0, 3)]).toEqual(['', '', ''])
  })

  test('colours what is more than the least shift and a quarter slower', () => {
    expect([isMuchSlower(20, 26, 5), isMuchSlower(20, 25, 5), isMuchSlower(100, 120, 5)]).toEqual([
      true,
      false,
      false,
    ])
  })

  test('keeps the longest shift within its bar', () => {
    expect([shiftShare(100, 100), shiftShare(-25, 100), shiftShare(400, 100)]).toEqual([1, 0.5, 1])
  })

  test('reads fields between commas', () => {
    expect(fieldsIn(' body.timestamp, ,reply.rev ')).toEqual(['body.timestamp', 'reply.rev'])
  })
})
