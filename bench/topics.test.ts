import { expect, test } from 'vitest'
import { benchOptions, TOPICS } from './topics'

test('a full run has five rounds of everything, a quick one a single round', () => {
  expect(benchOptions({})).toEqual({ rounds: 5, isQuick: false, topics: TOPICS })
  expect(benchOptions({ quick: true }).rounds).toBe(1)
  expect(benchOptions({ quick: true, rounds: '2' }).rounds).toBe(2)
})

test('a misspelt topic or number is refused and named', () => {
  expect(benchOptions({ only: 'line,wire' }).topics).toEqual(['line', 'wire'])
  expect(() => benchOptions({ only: 'lines' })).toThrow('lines')
  expect(() => benchOptions({ rounds: 'many' })).toThrow('many')
  expect(() => benchOptions({ rounds: '0' })).toThrow('0')
})
