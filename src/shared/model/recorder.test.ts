import { describe, expect, test } from 'vitest'
import {
  DEFAULT_RECORDER_SETTINGS,
  MAX_PATTERN_LENGTH,
  parseRecorderSettings,
  RECORDER_BOUNDS,
} from './recorder'

describe('settings of recordings', () => {
  test.each(Object.entries(RECORDER_BOUNDS))(
    '%s holds within its bounds, and is as usual beyond',
    (name, [least, most]) => {
      const read = (value: unknown): unknown =>
        parseRecorderSettings(JSON.stringify({ [name]: value }))[name as keyof typeof RECORDER_BOUNDS]
      expect([read(least), read(most)]).toEqual([least, most])
      const usual = DEFAULT_RECORDER_SETTINGS[name as keyof typeof RECORDER_BOUNDS]
      for (const value of [least - 1, most + 1, 1.5, '5', null, Number.NaN]) expect(read(value)).toBe(usual)
    },
  )

  test('a pattern of names holds up to its length', () => {
    const pattern = 'x'.repeat(MAX_PATTERN_LENGTH)
    expect(parseRecorderSettings(JSON.stringify({ pattern })).pattern).toBe(pattern)
    for (const bad of [`${pattern}x`, ' ', 7])
      expect(parseRecorderSettings(JSON.stringify({ pattern: bad })).pattern).toBe(
        DEFAULT_RECORDER_SETTINGS.pattern,
      )
  })

  test.each([undefined, null, '', '{', '7', 'null', '[]'])('%j leaves all as usual', (text) => {
    expect(parseRecorderSettings(text)).toEqual(DEFAULT_RECORDER_SETTINGS)
  })
})
