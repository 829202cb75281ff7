import { expect, test } from 'vitest'
import { roving } from './roving'

test.each([
  ['ArrowRight', 1, 2],
  ['ArrowDown', 2, 0],
  ['ArrowLeft', 0, 2],
  ['ArrowUp', 2, 1],
  ['Home', 2, 0],
  ['End', 0, 2],
  ['Enter', 0, undefined],
])('%s on choice %d of three leads to %s', (key, from, to) => {
  expect(roving(key, from, 3)).toBe(to)
})

test('leads nowhere among no choices', () => {
  expect(roving('ArrowRight', 0, 0)).toBeUndefined()
})
