import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEFAULT_RESET, formatResetRecipe, MAX_PULSE_STEPS, parseResetRecipe } from './reset-recipe'

test.each([
  [
    'dtr-:100,dtr+',
    [
      { dtr: false, ms: 100 },
      { dtr: true, ms: 0 },
    ],
  ],
  ['dtr-:rts+:100', [{ dtr: false, rts: true, ms: 100 }]],
  ['50', [{ ms: 50 }]],
  ['DTR :RTS-', [{ dtr: true, rts: false, ms: 0 }]],
])('%s is understood', (text, steps) => {
  expect(parseResetRecipe(text)).toEqual(steps)
})

test.each([
  ['', 'neither'],
  ['dtr', '"dtr"'],
  ['dtr-:dtr+', 'dtr twice'],
  ['100:dtr-', 'last'],
  ['0', 'neither sets a line nor waits'],
  ['dtr-:-1', '"-1"'],
  ['dtr-,', 'neither'],
  [Array.from({ length: MAX_PULSE_STEPS + 1 }, () => 'dtr-').join(','), '17 steps'],
])('%j is refused with what is wrong', (text, named) => {
  expect(() => parseResetRecipe(text)).toThrow(
    expect.objectContaining({ code: 'URL_BAD_OPTION', message: expect.stringContaining(named) as string }),
  )
})

test('the default can be written as a recipe', () => {
  expect(formatResetRecipe(DEFAULT_RESET)).toBe('dtr-:100,dtr+')
})

test('a recipe that was written is read back as itself', () => {
  const line = fc.option(fc.boolean(), { nil: undefined })
  const step = fc
    .record({ dtr: line, rts: line, ms: fc.integer({ min: 1, max: 10_000 }) })
    .map(({ dtr, rts, ms }) => ({ ...(dtr !== undefined && { dtr }), ...(rts !== undefined && { rts }), ms }))
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 16 }), (steps) => {
      expect(parseResetRecipe(formatResetRecipe(steps))).toEqual(steps)
    }),
    { numRuns: 300 },
  )
})
