import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { utf8 } from '../bytes'
import { diffBytes, diffTrees } from './body-diff'
import { valueAt } from './body-paths'
import { bodyTree } from './body-tree'
import type { BodyTree } from './body-types'
import { dataValues } from './data-values'
import { findBytes } from './find-bytes'
import { shortText } from './short-text'
import { float32Text } from './value-text'

const treeOf = (value: unknown): BodyTree => bodyTree(utf8(JSON.stringify(value)))
const changesOf = (before: unknown, after: unknown): string[] =>
  diffTrees(treeOf(before), treeOf(after)).changes.map(({ kind, path, before: was, after: is }) =>
    [kind, path.join('.'), was && shortText(was, 40), is && shortText(is, 40)].filter(Boolean).join(' '),
  )

describe('a difference of two bodies', () => {
  test('names fields that came, went and changed', () => {
    expect(changesOf({ a: 1, b: { c: 2, d: 3 }, e: 4 }, { e: 4, b: { c: 5, f: [] }, a: 1 })).toEqual([
      'changed b.c 2 5',
      'added b.f []',
      'removed b.d 3',
    ])
  })

  test('does not tell items as changed that only moved', () => {
    expect(changesOf([1, 2, 3, 4], [1, 9, 2, 3, 4])).toEqual(['added 1 9'])
    expect(changesOf([1, 2, 3], [1, 3])).toEqual(['removed 1 2'])
    expect(changesOf([1, 2, 3], [1, 7, 3])).toEqual(['changed 1 2 7'])
  })

  test('compares values, not their spelling', () => {
    const diff = diffTrees(
      bodyTree(utf8('{"a":1.0,"b":[2]}')),
      bodyTree(Uint8Array.of(0x82, 0xa1, 0x62, 0x91, 2, 0xa1, 0x61, 1)),
    )
    expect(diff.changes).toEqual([])
    expect(changesOf({ a: 1 }, { a: '1' })).toEqual(['changed a 1 "1"'])
  })

  test('is empty for equal bodies and never for different ones, and each change stands at its path', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (a, b) => {
        expect(diffTrees(treeOf(a), treeOf(a)).changes).toEqual([])
        const [before, after] = [treeOf(a), treeOf(b)]
        const { changes } = diffTrees(before, after)
        expect(changes.length > 0).toBe(
          !sameJson(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b))),
        )
        for (const change of changes) {
          if (change.after !== null) expect(valueAt(after, change.path)).toBe(change.after)
          else expect(valueAt(before, change.path)).toBe(change.before)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('stops at the number of changes it may list', () => {
    const diff = diffTrees(treeOf(Array(50).fill(0)), treeOf(Array(50).fill(1)), 10)
    expect(diff).toMatchObject({ changes: { length: 10 }, isTruncated: true })
  })
})

/** With -0 and 0 equal, and names in any order. */
function sameJson(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [left, right] = [Object.entries(a), Object.entries(b)]
  const other = b as Record<string, unknown>
  return (
    left.length === right.length &&
    left.every(([key, item]) => Object.hasOwn(other, key) && sameJson(item, other[key]))
  )
}

test('a difference of bytes covers every byte that differs and nothing at the ends that does not', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (a, b) => {
      const changes = diffBytes(a, b)
      let rebuilt: number[] = []
      let at = 0
      for (const { beforeFrom, beforeTo, afterFrom, afterTo } of changes) {
        rebuilt = [...rebuilt, ...a.subarray(at, beforeFrom), ...b.subarray(afterFrom, afterTo)]
        at = beforeTo
      }
      expect([...rebuilt, ...a.subarray(at)]).toEqual([...b])
      if (changes.length === 0) expect(a).toEqual(b)
    }),
  )
})

test('numbers at a place of a body read as the view of the language reads them', () => {
  const body = Uint8Array.of(0xac, 0x02, 0xff, 0xff, 0, 0, 0xc8, 0x42, 1)
  const text = (at: number, isLittleEndian: boolean): Record<string, string | null> =>
    Object.fromEntries(dataValues(body, at, isLittleEndian).map(({ name, text }) => [name, text]))
  expect(text(0, true)).toMatchObject({
    u8: '172',
    i8: '-84',
    u16: '684',
    i16: '684',
    u32: '4294902444',
    i32: '-64852',
    u64: '4812096206140277420',
    varint: '300',
  })
  expect(text(0, false)).toMatchObject({ u16: '44034', i16: '-21502', u32: '2885877759' })
  expect(text(4, true)).toMatchObject({ f32: '100', time: '2005-07-03T15:10:56.000Z', u64: null, f64: null })
  expect(text(2, true).varint).toBe('16383')
  expect(text(9, true)).toMatchObject({ u8: null, varint: null })
})

test('a single-precision number reads with the digits it has', () => {
  expect(
    [0.1, 21.5, 1e-45, 3.4028235e38, 16_777_216].map((value) => float32Text(Math.fround(value))),
  ).toEqual(['0.1', '21.5', '1e-45', '3.4028235e+38', '16777216'])
})

test('bytes are found in both directions as a text search finds them', () => {
  const few = fc.uint8Array({ max: 2, maxLength: 30 })
  fc.assert(
    fc.property(
      few,
      fc.uint8Array({ max: 2, minLength: 1, maxLength: 3 }),
      fc.integer({ min: 0, max: 30 }),
      (bytes, needle, from) => {
        const text = String.fromCharCode(...bytes)
        const word = String.fromCharCode(...needle)
        expect(findBytes(bytes, needle, from)).toBe(text.indexOf(word, from))
        expect(findBytes(bytes, needle, from, true)).toBe(text.lastIndexOf(word, from))
      },
    ),
  )
})
