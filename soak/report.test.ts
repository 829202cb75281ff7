import { expect, test } from 'vitest'
import { SOAK_HEADING, withSoakSection } from './report'

const report = { name: 'a', promise: 'holds', seconds: 2, counts: { messages: 12_345, share: 0.123456 } }
const run = { seed: 7, dateIso: '2026-01-02' }

test('writes a row per run with its counts, and what failed', () => {
  const once = withSoakSection('# Results\n', [report], run)
  expect(once).toContain('| a | holds | yes | messages 12,345, share 0.1235 | 2 |')
  const twice = withSoakSection(once, [{ ...report, failure: 'one\ntwo' }], run)
  expect(twice.split(SOAK_HEADING)).toHaveLength(2)
  expect(twice).toContain('**no**: one |')
})
