import { describe, expect, test } from 'vitest'
import { anchorOfOffset, offsetOfAnchor, selectionAfter } from './list-position'

const bounds = { firstId: 101, total: 50, evicted: 100 }
const visible = [111, 120] as const

describe('position in the list', () => {
  test('what is read stays in place when old rows are dropped and new ones come', () => {
    const anchor = anchorOfOffset(10 * 22 + 5, bounds, 22)
    const later = { firstId: 106, total: 70, evicted: 105 }
    expect(offsetOfAnchor(anchor, later, 22)).toBe(5 * 22 + 5)
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
  ] as const)('%s from #%d leads to #%d', (move, from, to) => {
    expect(selectionAfter(move, from, bounds, visible, 9)).toBe(to)
  })

  test('without a selection the first step takes a row on screen', () => {
    expect(selectionAfter('next', null, bounds, visible, 9)).toBe(111)
    expect(selectionAfter('previous', null, bounds, visible, 9)).toBe(120)
    expect(selectionAfter('previous', 3, bounds, visible, 9)).toBe(120)
  })

  test('an empty list has nothing to select', () => {
    expect(selectionAfter('next', null, { firstId: 1, total: 0, evicted: 0 }, [1, 0], 9)).toBeNull()
  })
})
