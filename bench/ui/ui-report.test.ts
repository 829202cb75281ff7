import { expect, test } from 'vitest'
import { row, SCREEN_HEADING, withScreenSection } from './ui-report'

const figure = {
  what: 'frame p99',
  budget: '≤ 20 ms',
  values: [17.25, 16.5, 19],
  unit: 'ms',
  kept: [true, true, true],
}

test('a row shows the median with the spread, and whether the budget was kept', () => {
  expect(row(figure)).toBe('| frame p99 | ≤ 20 ms | 17.3 (16.5–19) ms | yes |')
  expect(row({ ...figure, values: [12_345.6], kept: [false] })).toBe(
    '| frame p99 | ≤ 20 ms | 12,346 ms | **no** |',
  )
  expect(row({ what: 'frame p99', budget: '–', values: [], unit: 'ms' })).toBe('| frame p99 | – | – ms | – |')
})

test('a budget is kept when most rounds kept it; of two values the worse is the median', () => {
  expect(row({ ...figure, kept: [true, false, true] })).toContain('| yes, in 2 of 3 rounds |')
  expect(row({ ...figure, kept: [true, false, false] })).toContain('| **no** |')
  expect(row({ ...figure, values: [1, 2], kept: [true, false] })).toBe(
    '| frame p99 | ≤ 20 ms | 2 (1–2) ms | **no** |',
  )
})

test('what must never happen may happen in no round', () => {
  const lost = { ...figure, what: 'lost', budget: '0', values: [0, 0, 3] }
  expect(row({ ...lost, kept: [true, true, false] })).toContain('| **no** |')
})

test('the section takes the place of the one before', () => {
  const run = { dateIso: '2026-01-02', machine: '2 × processor', rounds: 3, minutes: 4 }
  const once = withScreenSection('# Results\n', [figure], run)
  const twice = withScreenSection(once, [{ ...figure, values: [1], kept: [true] }], run)
  expect(twice.split(SCREEN_HEADING)).toHaveLength(2)
  expect(twice).toContain('| frame p99 | ≤ 20 ms | 1 ms | yes |')
})
