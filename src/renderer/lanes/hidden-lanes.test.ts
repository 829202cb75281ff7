import { expect, test } from 'vitest'
import { hiddenLanes } from './hidden-lanes'

const lanes = Array.from({ length: 10 }, (_, at) => ({ top: at * 22, height: 22 }))

test('counts the lanes out of sight on both sides; one that is half seen is in sight', () => {
  expect(hiddenLanes(lanes, 0, 220)).toEqual({ above: 0, below: 0 })
  expect(hiddenLanes(lanes, 0, 66)).toEqual({ above: 0, below: 7 })
  expect(hiddenLanes(lanes, 50, 66)).toEqual({ above: 2, below: 5 })
  expect(hiddenLanes([], 0, 66)).toEqual({ above: 0, below: 0 })
})
