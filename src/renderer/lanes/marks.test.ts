import { expect, test } from 'vitest'
import { DIM_OFFSET, Marks, NO_MARKS } from './marks'

test('without rules everything keeps its colour', () => {
  expect(NO_MARKS.colourOf(0, 3, false)).toBe(3)
})

test('what a hiding filter does not match leaves its lane but stays faint on the line', () => {
  const marks = new Marks([{ effect: 'hide', hue: 0 }])
  expect(marks.colourOf(0, 3, false)).toBe(-1)
  expect(marks.colourOf(0, 3, true)).toBe(3 + DIM_OFFSET)
  expect(marks.colourOf(1, 3, false)).toBe(3)
})

test('a dimming filter makes faint what it does not match, a colouring one changes what it matches', () => {
  const marks = new Marks([
    { effect: 'dim', hue: 0 },
    { effect: 'colour', hue: 7 },
    { effect: 'colour', hue: 5 },
  ])
  expect(marks.colourOf(0b001, 3, false)).toBe(3)
  expect(marks.colourOf(0b110, 3, false)).toBe(7 + DIM_OFFSET)
  expect(marks.colourOf(0b101, 3, false)).toBe(5)
})
