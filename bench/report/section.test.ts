import { expect, test } from 'vitest'
import { sectionOf, withoutSection, withSection } from './section'

const HEADING = '## Long runs (npm run soak)'

test('adds its section and replaces it, and leaves the rest as it is', () => {
  const once = withSection('# Results\n\n## Bulk\n\ntext\n', HEADING, ['seed 6'])
  expect(once).toBe(`# Results\n\n## Bulk\n\ntext\n\n${HEADING}\n\nseed 6\n`)
  expect(withoutSection(once, HEADING).trim()).toBe('# Results\n\n## Bulk\n\ntext')
  const twice = withSection(`${once}\n## Later\n`, HEADING, ['seed 7'])
  expect(twice.split(HEADING)).toHaveLength(2)
  expect(twice).toContain('## Later')
  expect(sectionOf(twice, HEADING)).toContain('seed 7')
  expect(sectionOf(twice, HEADING)).not.toContain('seed 6')
  expect(sectionOf('# Results', HEADING)).toBe('')
})
