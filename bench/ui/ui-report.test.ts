import { expect, test } from 'vitest'
import { row, SCREEN_HEADING, withScreenSection } from './ui-report'

const figure = { what: 'frame p99', budget: '≤ 20 ms', values: [17.25, 16.5, 19], unit: 'ms', isKept: true }

test('a row shows the median with the spread, and whether the budget was kept', () => {
  expect(row(figure)).toBe('| frame p99 | ≤ 20 ms | 17.3 (16.5–19) ms | yes |')
  expect(row({ ...figure, values: [12_345.6], isKept: false })).toBe(
    '| frame p99 | ≤ 20 ms | 12,346 ms | **no** |',
  )
  expect(row({ ...figure, values: [], isKept: null })).toBe('| frame p99 | ≤ 20 ms | – ms | – |')
})

test('the section takes the place of the one before', () => {
  const run = { dateIso: '2026-01-02', machine: '2 × processor', rounds: 3, minutes: 4 }
  const once = withScreenSection('# Results\n', [figure], run)
  const twice = withScreenSection(once, [{ ...figure, values: [1] }], run)
  expect(twice.split(SCREEN_HEADING)).toHaveLength(2)
  expect(twice).toContain('| frame p99 | ≤ 20 ms | 1 ms | yes |')
})
