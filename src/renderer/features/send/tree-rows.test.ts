import { expect, test } from 'vitest'
import type { WorkspaceEntry } from '../../../shared/workspace/workspace-types'
import { movedInto, treeRows } from './tree-rows'

const entry = (name: string): WorkspaceEntry => ({
  kind: 'messages',
  name,
  revision: name,
  problem: null,
  summary: '',
})
const entries = ['z', 'bring-up/read 10', 'bring-up/read 2', 'bring-up/deep/one', 'a'].map(entry)
const shown = (folded: readonly string[] = []) =>
  treeRows(entries, new Set(folded)).map(
    ({ kind, label, level }) => `${'  '.repeat(level - 1)}${label}${kind === 'folder' ? '/' : ''}`,
  )

test('collections stand before messages, numbers in their order', () => {
  expect(shown()).toEqual(['bring-up/', '  deep/', '    one', '  read 2', '  read 10', 'a', 'z'])
})

test('a folded collection hides what lies in it, and still says how much that is', () => {
  expect(shown(['bring-up'])).toEqual(['bring-up/', 'a', 'z'])
  expect(treeRows(entries, new Set(['bring-up']))[0]).toMatchObject({ count: 3, isOpen: false })
})

test('a message keeps its own name in another collection', () => {
  expect(movedInto('x/y', 'bring-up/deep/one')).toBe('x/y/one')
  expect(movedInto('', 'bring-up/one')).toBe('one')
})
