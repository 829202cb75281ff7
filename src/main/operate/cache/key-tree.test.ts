import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isFolder, KeyTree } from './key-tree'

const shown = (tree: KeyTree, open: readonly string[], from = 0, count = 100): string[] => {
  const rows: string[] = []
  tree.visitRows(new Set(open), from, count, (node, depth) => {
    const words = isFolder(node) ? `${node.name}/ ${node.keys} keys ${node.bytes} B` : node.name
    rows.push(`${'  '.repeat(depth)}${words}`)
  })
  return rows
}

function filled(): KeyTree {
  const tree = new KeyTree()
  for (const [key, bytes] of Object.entries({ 'dev/rig-3/mtu': 31, 'dev/rig-3/addr': 44, 'dev/rig-4': 9 }))
    tree.set(key, bytes)
  tree.set('dev', 1)
  tree.set('rpc/48225', 96)
  return tree
}

test('keys lie in the folders of their parts, which know how much lies in them', () => {
  const tree = filled()
  expect(shown(tree, [])).toEqual(['dev', 'dev/ 3 keys 84 B', 'rpc/ 1 keys 96 B'])
  expect(shown(tree, ['dev/', 'dev/rig-3/'])).toEqual([
    'dev',
    'dev/ 3 keys 84 B',
    '  rig-3/ 2 keys 75 B',
    '    addr',
    '    mtu',
    '  rig-4',
    'rpc/ 1 keys 96 B',
  ])
  expect(tree.keysBelow('dev/rig-3/')).toEqual(['dev/rig-3/addr', 'dev/rig-3/mtu'])
})

test('a folder goes with its last key, and a key that is set again only changes its size', () => {
  const tree = filled()
  tree.set('rpc/48225', 100)
  expect(shown(tree, []).at(-1)).toBe('rpc/ 1 keys 100 B')
  tree.delete('rpc/48225')
  tree.delete('rpc/48225')
  tree.delete('rpc')
  expect(shown(tree, [])).toEqual(['dev', 'dev/ 3 keys 84 B'])
  tree.clear()
  expect([tree.size, shown(tree, [])]).toEqual([0, []])
})

test('windows, counts and places agree with a plain list, whatever the keys', () => {
  const part = fc.constantFrom('a', 'b', '', 'a-', '__proto__')
  const key = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'))
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), key), { maxLength: 60 }), fc.array(key), (steps, opened) => {
      const tree = new KeyTree()
      const kept = new Set<string>()
      for (const [isSet, each] of steps) {
        if (isSet) {
          tree.set(each, 1)
          kept.add(each)
        } else {
          tree.delete(each)
          kept.delete(each)
        }
      }
      const keys = [...tree.keys()]
      expect(new Set(keys)).toEqual(kept)
      expect(tree.size).toBe(kept.size)
      keys.forEach((each, at) => {
        expect(tree.placeOf(each)).toBe(at)
        expect([...tree.keys(at)][0]).toBe(each)
      })
      const open = new Set(opened.map((each) => `${each}/`))
      const rows: string[] = []
      tree.visitRows(open, 0, 1000, (node) => rows.push(isFolder(node) ? node.path : `=${node.key}`))
      expect(tree.rowCount(open)).toBe(rows.length)
      rows.forEach((row, at) => {
        const one: string[] = []
        tree.visitRows(open, at, 1, (node) => one.push(isFolder(node) ? node.path : `=${node.key}`))
        expect(one).toEqual([row])
        if (row.startsWith('=')) expect(tree.rowOf(row.slice(1), open)).toBe(at)
      })
      for (const each of keys) if (!rows.includes(`=${each}`)) expect(tree.rowOf(each, open)).toBeNull()
    }),
    { numRuns: 300 },
  )
})

test('of 100,000 keys in one folder a window near the end costs next to nothing', () => {
  const tree = new KeyTree()
  for (let at = 0; at < 100_000; at++) tree.set(`bulk/${String(at).padStart(6, '0')}`, 10)
  expect(tree.rowCount(new Set(['bulk/']))).toBe(100_001)
  expect(shown(tree, ['bulk/'], 99_999, 5)).toEqual(['  099998', '  099999'])
  expect(tree.placeOf('bulk/099999')).toBe(99_999)
})

test('parts below the deepest level are one name', () => {
  const tree = new KeyTree()
  const deep = Array.from({ length: 40 }, (_, at) => `p${at}`).join('/')
  tree.set(deep, 1)
  expect([...tree.keys()]).toEqual([deep])
  const folders: string[] = []
  let open: string[] = []
  for (;;) {
    let deepest = ''
    tree.visitRows(new Set(open), 0, 100, (node) => {
      if (isFolder(node)) deepest = node.path
      else folders.push(node.name)
    })
    if (open.includes(deepest)) break
    open = [...open, deepest]
  }
  expect(open).toHaveLength(31)
  expect(folders.at(-1)).toBe('p31/p32/p33/p34/p35/p36/p37/p38/p39')
})
