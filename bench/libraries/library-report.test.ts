import { expect, test } from 'vitest'
import { sectionOf, withSection } from '../report/section'
import { LIBRARIES_HEADING, librarySection } from './library-report'
import { measureLibraries } from './library-run'
import type { LibraryRow } from './rows'

const row = (name: string, fields: Partial<LibraryRow> = {}): LibraryRow => ({
  name,
  about: `about ${name}`,
  check: () => Promise.resolve(),
  transfer: () => Promise.resolve(150),
  rate: () => Promise.resolve({ sequentialPerSecond: 1000, concurrentPerSecond: 5000 }),
  latency: (_, bulkBytes) => Promise.resolve({ p50Ms: bulkBytes === null ? 1 : 2, p99Ms: 3 }),
  ...fields,
})

const run = { dateIso: '2026-11-22', machine: 'a machine', minutes: 1 }

test('the section has medians per row, and names what was skipped and what failed', async () => {
  let turn = 0
  const rows = [
    row('ours', { transfer: () => Promise.resolve((turn += 100)) }),
    row('theirs', { rate: () => Promise.reject(new Error('it ended')) }),
    row('absent', { missing: 'no Java on the PATH' }),
  ]
  const findings = await measureLibraries(rows, { rounds: 3, rateMs: 1, requests: 1 }, () => undefined)
  const text = librarySection(findings, run).join('\n')
  expect(text).toContain('| `ours` | 200 (100–300) | 1,000 | 5,000 | 1.00 | 3.00 | 2.00 | 3.00 |')
  expect(text).toContain('| `theirs` | 150 | – | – | 1.00 | 3.00 | 2.00 | 3.00 |')
  expect(text).toContain('| `absent` | skipped: no Java on the PATH | – | – | – | – | – | – |')
  expect(text.match(/\*\*Failed:\*\* rate of theirs in round \d: it ended/g)).toHaveLength(3)
})

test('a second run replaces the section and leaves the others', () => {
  const others = '# Results\n\n## One\n\nfigures\n\n## Two\n\nmore\n'
  const once = withSection(others, LIBRARIES_HEADING, ['first'])
  const twice = withSection(once, LIBRARIES_HEADING, ['second'])
  expect(sectionOf(twice, LIBRARIES_HEADING)).toBe(`${LIBRARIES_HEADING}\n\nsecond\n`)
  expect(twice).toContain('## One\n\nfigures')
  expect(twice).toContain('## Two\n\nmore')
})
