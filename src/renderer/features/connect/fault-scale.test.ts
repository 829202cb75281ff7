import { expect, test } from 'vitest'
import { FAULT_STEPS, faultStep, faultText, faultWords } from './fault-scale'

test('every step of the slider reads as the probability it writes', () => {
  for (let step = 0; step <= FAULT_STEPS; step++) expect(faultStep(faultText(step))).toBe(step)
})

test('ten steps make a decade, from one in a million to one in ten', () => {
  expect([0, 1, 2, 5, 11, 21, 31, 41, 51].map(faultText)).toEqual([
    '0',
    '1e-6',
    '1.3e-6',
    '2.5e-6',
    '1e-5',
    '1e-4',
    '0.001',
    '0.01',
    '0.1',
  ])
})

test.each([
  ['0', 0],
  ['', 0],
  ['nonsense', 0],
  ['1e-9', 1],
  ['1.05e-5', 11],
  ['1', FAULT_STEPS],
] as const)('a typed %j shows at step %i', (text, step) => {
  expect(faultStep(text)).toBe(step)
})

test('words say how often', () => {
  expect(['0', '', '1e-5', '3e-4', '0.9', '2', 'x'].map(faultWords)).toEqual([
    'never',
    'never',
    'one byte in 100\u00a0000',
    'one byte in 3\u00a0300',
    'nearly every byte',
    '',
    '',
  ])
})
