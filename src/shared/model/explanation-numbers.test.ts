import fc from 'fast-check'
import { expect, test } from 'vitest'
import { explainedMs, explainedShares } from './explanation-numbers'

test('the parts that are shown add up to the total that is shown, whatever they are', () => {
  const parts = fc.array(fc.double({ min: 0, max: 5000, noNaN: true }), { minLength: 1, maxLength: 9 })
  fc.assert(
    fc.property(parts, (partsMs) => {
      const { total, parts: shown } = explainedShares(
        partsMs.reduce((sum, ms) => sum + ms, 0),
        partsMs,
      )
      const steps = (text: string): number => Number(text.replace(/[^\d]/g, ''))
      expect(shown.reduce((sum, text) => sum + steps(text), 0)).toBe(steps(total))
    }),
  )
})

test.each([
  [0.4249, '0.42 ms'],
  [36.21, '36.2 ms'],
  [1234.56, '1 234.6 ms'],
  [12_304, '12.30 s'],
])('%d ms is written %s', (ms, text) => {
  expect(explainedMs(ms).replaceAll('\u00a0', ' ')).toBe(text)
})
