import { expect, test } from 'vitest'
import { SOAK_HEADING, withSoakSection } from './report'

const report = { name: 'a', promise: 'holds', seconds: 2, counts: { messages: 12_345, share: 0.123456 } }
const run = { seed: 7, dateIso: '2026-01-02', jobs: ['a', 'b'] }

test('writes a row per run with its counts, when and from which seed, and what failed', () => {
  const once = withSoakSection('# Results\n', [report], run)
  expect(once).toContain('| a | holds | yes | messages 12,345, share 0.1235 | 2 | 2026-01-02 | 7 |')
  const twice = withSoakSection(once, [{ ...report, failure: 'one\ntwo' }], run)
  expect(twice.split(SOAK_HEADING)).toHaveLength(2)
  expect(twice).toContain('**no**: one |')
  expect(twice).not.toContain('| yes |')
})

test('keeps the rows of jobs that did not run, in the order of the jobs, and nothing of jobs that are no more', () => {
  const first = withSoakSection('# Results\n\n## Else\n\n| c | x |\n', [{ ...report, name: 'b' }], run)
  const both = withSoakSection(first, [report], { ...run, dateIso: '2026-01-03' })
  const rows = both.split('\n').filter((line) => /^\| [ab] /.test(line))
  expect(rows.map((row) => row.split(' | ').at(-2))).toEqual(['2026-01-03', '2026-01-02'])
  expect(both).toContain('## Else\n\n| c | x |')
  expect(withSoakSection(both, [], { ...run, jobs: ['b'] })).not.toContain('| a |')
})
