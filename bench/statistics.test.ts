import { expect, test } from 'vitest'
import { isNoisy, jainIndex, median, quantile, spread } from './statistics'

test('a quantile is always a value that was measured', () => {
  const samples = [9, 1, 5, 3, 7]
  expect(quantile(samples, 0.5)).toBe(5)
  expect(quantile(samples, 0.99)).toBe(9)
  expect(quantile(samples, 0)).toBe(1)
  expect(median([4, 1, 3, 2])).toBe(2)
  expect(quantile([], 0.5)).toBeNaN()
})

test('a spread leaves its samples in their order', () => {
  const samples = [3, 1, 2]
  expect(spread(samples)).toEqual({ median: 2, min: 1, max: 3 })
  expect(samples).toEqual([3, 1, 2])
})

test('Jain is 1 for equal shares and 1/n when one has everything', () => {
  expect(jainIndex([5, 5, 5, 5])).toBe(1)
  expect(jainIndex([7, 0, 0, 0])).toBe(0.25)
  expect(jainIndex([1, 3])).toBeCloseTo(0.8)
})

test('a limit that moves by more than half is noise', () => {
  expect(isNoisy([1000, 1500])).toBe(false)
  expect(isNoisy([1000, 1501, 1200])).toBe(true)
})
