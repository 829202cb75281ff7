import { describe, expect, test } from 'vitest'
import type { LayoutNode } from '../model/layout'
import { formatKeys, MAX_BOUND_COMMANDS, parseKeys } from './keys-file'
import { formatLayouts, MAX_LAYOUTS, parseLayouts } from './layouts-file'

describe('the file of keys', () => {
  const keys = { 'view.pause': ['P'], 'link.connect': ['Mod+O', 'F2'], 'app.help': [] }

  test('comes back as it was written, in words a person would write', () => {
    const text = formatKeys({ letters: false, keys })
    expect(text).toContain('view.pause: P\n')
    expect(text).toContain('letters: false')
    expect(parseKeys(text, 'settings/keys.yaml').value).toEqual({ letters: false, keys })
  })

  test('an empty file means the usual keys', () => {
    expect(parseKeys('', 'f').value).toEqual({ letters: true, keys: {} })
  })

  test('keeps the comments of its author', () => {
    const text = formatKeys(
      { letters: true, keys: { 'view.pause': ['X'] } },
      '# mine\nkeys:\n  view.pause: P # old\n',
    )
    expect(text).toContain('# mine')
    expect(text).toContain('view.pause: X')
  })

  test('a mistake names its line', () => {
    const { problem } = parseKeys('letters: true\nkeys:\n  view.pause: 7\n', 'settings/keys.yaml')
    expect(problem).toMatchObject({ file: 'settings/keys.yaml', line: 3 })
  })

  test('holds no more commands than there can be', () => {
    const many = (count: number) =>
      formatKeys({
        letters: true,
        keys: Object.fromEntries(Array.from({ length: count }, (_, at) => [`c${at}`, ['A']])),
      })
    expect(parseKeys(many(MAX_BOUND_COMMANDS), 'f').problem).toBeUndefined()
    expect(parseKeys(many(MAX_BOUND_COMMANDS + 1), 'f').problem?.message).toContain('500')
  })
})

describe('the file of layouts', () => {
  const bench: LayoutNode = {
    kind: 'split',
    direction: 'row',
    shares: [0.7, 0.3],
    parts: [
      {
        kind: 'split',
        direction: 'column',
        shares: [0.5, 0.5],
        parts: [
          { kind: 'group', panes: ['lanes'], active: 'lanes' },
          { kind: 'group', panes: ['list', 'composer'], active: 'composer' },
        ],
      },
      { kind: 'group', panes: ['inspector'], active: 'inspector' },
    ],
  }

  test('comes back as it was written', () => {
    const text = formatLayouts({ bench })
    expect(text).toContain('share: 70')
    expect(parseLayouts(text, 'f').value).toEqual({ bench })
  })

  test('shares that are left out divide the rest', () => {
    const text =
      'layouts:\n  a:\n    row:\n      - panes: [list]\n      - share: 25\n        panes: [lanes]\n'
    expect(parseLayouts(text, 'f').value?.['a']).toMatchObject({ shares: [0.75, 0.25] })
  })

  test.each([
    ['an unknown pane', 'layouts:\n  a:\n    panes: [liist]\n'],
    ['a pane that stands twice', 'layouts:\n  a:\n    row:\n      - panes: [list]\n      - panes: [list]\n'],
    ['a split with one part', 'layouts:\n  a:\n    row:\n      - panes: [list]\n'],
  ])('%s is a problem with its file', (_, text) => {
    expect(parseLayouts(text, 'settings/layouts.yaml').problem).toMatchObject({
      file: 'settings/layouts.yaml',
    })
  })

  test('holds no more layouts than a menu can', () => {
    const many = (count: number) =>
      formatLayouts(Object.fromEntries(Array.from({ length: count }, (_, at) => [`l${at}`, bench])))
    expect(parseLayouts(many(MAX_LAYOUTS), 'f').problem).toBeUndefined()
    expect(parseLayouts(many(MAX_LAYOUTS + 1), 'f').problem?.message).toContain('50')
  })
})
