import { expect, test } from 'vitest'
import { parseCaching, withoutRule, withRule } from './caching-file'

const RULE = { route: 'sys.info', link: '', serveMs: 5000, headers: [], isEnabled: true }

test('rules are read as a person writes them, with defaults for what is left out', () => {
  const { value } = parseCaching(
    'rules:\n  - route: sys.*\n    serve: 1.5s\n  - {route: a, link: rig-3, serve: 2min, headers: [user], enabled: false}\n',
    'settings/caching.yaml',
  )
  expect(value).toEqual([
    { ...RULE, route: 'sys.*', serveMs: 1500 },
    { route: 'a', link: 'rig-3', serveMs: 120_000, headers: ['user'], isEnabled: false },
  ])
  expect(parseCaching('', 'x').value).toEqual([])
})

test('a mistake names its line and what to write instead', () => {
  const { problem } = parseCaching('rules:\n  - route: a\n    serve: 5\n', 'settings/caching.yaml')
  expect(problem).toMatchObject({ file: 'settings/caching.yaml', line: 3 })
  const late = parseCaching('rules:\n  - route: a\n    serve: 25h\n', 'settings/caching.yaml').problem
  expect(`${late!.line} ${late!.message} ${late!.remedy}`).toMatch(/3 .*1ms to 24h/s)
  expect(parseCaching('rules:\n  - serve: 24h\n    route: a\n', 'f').value).toHaveLength(1)
})

test('a rule is added, replaced and removed without touching what else stands there', () => {
  const made = withRule('', RULE)
  expect(made).toContain('# Answers that are served from the cache')
  expect(parseCaching(made, 'f').value).toEqual([RULE])
  const text = '# ours\nrules:\n  # the slow one\n  - route: dump\n    serve: 1min # long\n'
  const two = withRule(text, { ...RULE, link: 'rig-3', headers: ['user'] })
  expect(two).toContain('# the slow one')
  expect(two).toContain('serve: 1min # long')
  const other = withRule(two, { ...RULE, link: 'rig-3', serveMs: 1500, isEnabled: false })
  expect(parseCaching(other, 'f').value).toEqual([
    { ...RULE, route: 'dump', serveMs: 60_000 },
    { ...RULE, link: 'rig-3', serveMs: 1500, isEnabled: false },
  ])
  const gone = withoutRule(other, { route: 'sys.info', link: 'rig-3' })
  expect(parseCaching(gone, 'f').value).toHaveLength(1)
  expect(parseCaching(withoutRule(gone, { route: 'dump', link: '' }), 'f').value).toEqual([])
})

test('200 rules are read, 201 are refused', () => {
  const rules = (count: number): string =>
    `rules:\n${Array.from({ length: count }, (_, at) => `  - {route: r${at}, serve: 1s}\n`).join('')}`
  expect(parseCaching(rules(200), 'f').value).toHaveLength(200)
  expect(parseCaching(rules(201), 'f').problem?.file).toBe('f')
})
