import { expect, test } from 'vitest'
import { lanePath } from './lane-path'

test('spans are rectangles in their place, and the shortest are still seen within the picture', () => {
  expect(lanePath([10, 20, 30, 30], 10, 20, 8)).toBe('M0 0h498.5v8h-498.5zM997.5 0h2.5v8h-2.5z')
})

test('nothing is drawn of a message that took no time', () => {
  expect(lanePath([], 5, 0, 8)).toBe('')
})
