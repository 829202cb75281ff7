import { expect, test } from 'vitest'
import { formatMoment } from './recording-words'

test('moments are those of the zone of who looks', () => {
  expect(formatMoment(new Date(2026, 10, 22, 9, 5, 7).getTime())).toBe('2026-11-22 09:05:07')
})
