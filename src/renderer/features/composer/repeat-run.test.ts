import { describe, expect, test } from 'vitest'
import { quantile } from './repeat-run'

describe('a share of the round trips', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => at + 1)

  test.each([
    [hundred, 0.5, 50],
    [hundred, 0.99, 99],
    [hundred, 1, 100],
    [[7], 0.5, 7],
    [[7], 0.99, 7],
    [[], 0.5, null],
  ])('of %j, %d is %j', (sorted, part, value) => {
    expect(quantile(sorted, part)).toBe(value)
  })
})
