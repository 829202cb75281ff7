import { describe, expect, test } from 'vitest'
import { anchorOfOffset, offsetOfAnchor, positionAfter } from './list-position'

const span = { first: 101, end: 151 }
const visible = [111, 120] as const

describe('position in the list', () => {
  test('what is read stays in place when old rows are dropped and new ones come', () => {
    const anchor = anchorOfOffset(10 * 22 + 5, span, 22)
    expect(offsetOfAnchor(anchor, { first: 106, end: 176 }, 22)).toBeCloseTo(5 * 22 + 5)
  })

  test('the same row stays at the upper edge when rows get higher', () => {
    const anchor = anchorOfOffset(10 * 22, span, 22)
    expect(offsetOfAnchor(anchor, span, 28)).toBeCloseTo(10 * 28)
  })

  test.each([
    ['previous', 115, 114],
    ['next', 115, 116],
    ['page-up', 115, 106],
    ['page-down', 115, 124],
    ['oldest', 115, 101],
    ['newest', 115, 150],
    ['previous', 101, 101],
    ['next', 150, 150],
    ['page-down', 148, 150],
  ] as const)('%s from %d leads to %d', (move, from, to) => {
    expect(positionAfter(move, from, span, visible, 9)).toBe(to)
  })

  test('without a selection the first step takes a row on screen', () => {
    expect(positionAfter('next', null, span, visible, 9)).toBe(111)
    expect(positionAfter('previous', null, span, visible, 9)).toBe(120)
    expect(positionAfter('previous', 3, span, visible, 9)).toBe(120)
  })

  test('an empty list has nothing to select', () => {
    expect(positionAfter('next', null, { first: 5, end: 5 }, [1, 0], 9)).toBeNull()
  })
})
