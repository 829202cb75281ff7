import { expect, test } from 'vitest'
import { SOAK_HEADING, soakSectionOf, withoutSoakSection, withSoakSection } from './report'

const report = { name: 'a', promise: 'holds', seconds: 2, counts: { messages: 12_345, share: 0.123456 } }
const run = { seed: 7, dateIso: '2026-01-02' }

test('adds its section and replaces it, and leaves the rest as it is', () => {
  const once = withSoakSection('# Results\n\n## Bulk\n\ntext\n', [report], run)
  expect(once).toContain('| a | holds | yes | messages 12,345, share 0.1235 | 2 |')
  expect(withoutSoakSection(once).trim()).toBe('# Results\n\n## Bulk\n\ntext')
  const twice = withSoakSection(`${once}\n## Later\n`, [{ ...report, failure: 'one\ntwo' }], run)
  expect(twice.split(SOAK_HEADING)).toHaveLength(2)
  expect(twice).toContain('**no**: one |')
  expect(twice).toContain('## Later')
  expect(soakSectionOf(twice)).toContain('seed 7')
  expect(soakSectionOf('# Results')).toBe('')
})
