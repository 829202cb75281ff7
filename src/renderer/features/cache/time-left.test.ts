import { expect, test } from 'vitest'
import { shareLeft, textLeft } from './time-left'

test('the bar goes from full to nothing over the life that runs, and stays within', () => {
  const life = { fromMs: 1000, untilMs: 11_000 }
  expect([0, 1000, 6000, 11_000, 20_000].map((nowMs) => shareLeft(life, nowMs))).toEqual([1, 1, 0.5, 0, 0])
  expect(shareLeft({ fromMs: 5, untilMs: 5 }, 5)).toBe(0)
})

test('the words count down, and never below nothing', () => {
  const words = (untilMs: number): string => textLeft({ fromMs: 0, untilMs }, 1000).replaceAll(/\s/g, ' ')
  expect([1400, 5321, 61_000, 500].map(words)).toEqual(['400 ms', '4.3 s', '60 s', '0 ms'])
})
