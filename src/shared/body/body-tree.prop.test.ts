import fc from 'fast-check'
import { Packr } from 'msgpackr'
import { describe, expect, test } from 'vitest'
import { utf8 } from '../bytes'
import { trailTo, valueAt } from './body-paths'
import { bodyTree } from './body-tree'
import type { BodyNode, BodyTree } from './body-types'

const packr = new Packr({ useRecords: false, mapsAsObjects: false, variableMapSize: true })

/** What a parser that loses nothing would give: objects as lists of pairs. */
function plain(node: BodyNode): unknown {
  if (node.children === undefined) return node.scalar
  if (node.kind === 'array') return node.children.map(plain)
  return new Map(node.children.map((child) => [child.key, plain(child)]))
}

/** The same as far as JSON.parse can hold it. */
const asDoubles = (value: unknown): unknown =>
  typeof value === 'bigint'
    ? Number(value)
    : Array.isArray(value)
      ? value.map(asDoubles)
      : value instanceof Map
        ? new Map([...value].map(([key, item]) => [key, asDoubles(item)]))
        : value

function expectSoundRanges(tree: BodyTree, bodyBytes: number): void {
  const visit = (node: BodyNode, from: number, to: number): void => {
    expect(node.from).toBeGreaterThanOrEqual(from)
    expect(node.to).toBeLessThanOrEqual(to)
    expect(node.valueFrom).toBeGreaterThanOrEqual(node.from)
    expect(node.to).toBeGreaterThanOrEqual(node.valueFrom)
    let end = node.valueFrom
    for (const child of node.children ?? []) {
      visit(child, end, node.to)
      end = child.to
    }
  }
  if (tree.root !== null) visit(tree.root, 0, bodyBytes)
}

const asMaps = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(asMaps)
    : typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && !(value instanceof Map)
      ? new Map(Object.entries(value).map(([key, item]) => [key, asMaps(item)]))
      : value

const anyText = fc.string({ unit: 'grapheme', maxLength: 40 })
const packable = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0)), // msgpackr packs it as 0
    fc.bigInt(-(2n ** 63n), 2n ** 64n - 1n).map((n) => (Number.isSafeInteger(Number(n)) ? Number(n) : n)),
    anyText,
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 20 }),
    fc
      .uniqueArray(fc.tuple(fc.oneof(anyText, fc.integer()), tie('value')), {
        selector: ([key]) => String(key),
        maxLength: 20,
      })
      .map((entries) => new Map(entries)),
  ),
})).value

describe('a decoded body', () => {
  test('is what JSON.parse reads, with the bytes of every part', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const body = utf8(JSON.stringify(value, null, indent))
        const tree = bodyTree(body)
        expect(tree.format).toBe('json')
        expect(asDoubles(plain(tree.root!))).toEqual(asMaps(JSON.parse(JSON.stringify(value))))
        expectSoundRanges(tree, body.length)
        expect(tree.root).toMatchObject({ from: 0, to: body.length })
      }),
      { numRuns: 300 },
    )
  })

  test('cuts every JSON value out of the body as a JSON text of its own', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value, null, 2)
        const body = utf8(text)
        const visit = (node: BodyNode): void => {
          const part = JSON.parse(new TextDecoder().decode(body.subarray(node.valueFrom, node.to))) as unknown
          expect(asMaps(part)).toEqual(asDoubles(plain(node)))
          node.children?.forEach(visit)
        }
        visit(bodyTree(body).root!)
      }),
      { numRuns: 100 },
    )
  })

  test('is what msgpackr packed, with 64-bit integers, bytes and keys of integers', () => {
    fc.assert(
      fc.property(fc.array(packable, { maxLength: 6 }), (value) => {
        const body = Uint8Array.from(packr.pack(value))
        const tree = bodyTree(body)
        expect(tree.format).toBe('msgpack')
        expect(plain(tree.root!)).toEqual(asMaps(value))
        expectSoundRanges(tree, body.length)
      }),
      { numRuns: 300 },
    )
  })

  test('leads from every byte of a value back to that value', () => {
    fc.assert(
      fc.property(fc.array(packable, { minLength: 1, maxLength: 6 }), fc.nat(), (value, seed) => {
        const body = Uint8Array.from(packr.pack(value))
        const tree = bodyTree(body)
        const at = seed % body.length
        const trail = trailTo(tree, at)
        expect(trail[0]).toBe(tree.root)
        const deepest = trail.at(-1)!
        expect(deepest.from <= at && at < deepest.to).toBe(true)
        expect(deepest.children?.some((child) => child.from <= at && at < child.to) ?? false).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  test('comes from any bytes without an error, whole or cut, with sound ranges', () => {
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map(utf8),
      fc.array(packable, { maxLength: 5 }).map((value) => Uint8Array.from(packr.pack(value))),
      fc
        .array(fc.constantFrom(0xdd, 0xdf, 0xff, 0x81, 0x91, 0xc7, 0xdb, 0xc1, 0x7b, 0x22, 0x5c), {
          maxLength: 60,
        })
        .map((bytes) => Uint8Array.from(bytes)),
    )
    const options = fc.record({
      expects: fc.constantFrom(null, 'json' as const, 'msgpack' as const),
      isPart: fc.boolean(),
      maxNodes: fc.constantFrom(0, 1, 5, 1000),
    })
    fc.assert(
      fc.property(hostile, fc.nat(200), options, (bytes, cut, settings) => {
        const body = bytes.subarray(0, Math.max(0, bytes.length - (cut % (bytes.length + 1))))
        expectSoundRanges(bodyTree(body, settings), body.length)
      }),
      { numRuns: 1000 },
    )
  })

  test('shows of the beginning of a MessagePack body the values that came', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 40 }), (numbers) => {
        const body = Uint8Array.from(packr.pack(numbers))
        const tree = bodyTree(body.subarray(0, body.length - 1), { isPart: true })
        expect(tree.problem).toContain('ends too early')
        expect(plain(tree.root!)).toEqual(numbers.slice(0, -1))
      }),
    )
  })

  test('keeps as many values as it may, and counts the others', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.integer({ min: 1, max: 30 }), (value, maxNodes) => {
        const body = utf8(JSON.stringify(value))
        let kept = 0
        let all = 0
        const visit = (node: BodyNode, count: () => void): void => {
          count()
          for (const child of node.children ?? []) visit(child, count)
        }
        const tree = bodyTree(body, { maxNodes })
        visit(tree.root!, () => kept++)
        visit(bodyTree(body).root!, () => all++)
        expect(kept).toBe(Math.min(all, maxNodes))
        expect(tree.problem?.startsWith(`${all - kept} more`) ?? false).toBe(all > maxNodes)
      }),
      { numRuns: 200 },
    )
  })
})

describe('a path', () => {
  test('finds what indexing the parsed value finds', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1 }), fc.array(fc.jsonValue(), { minLength: 1 })),
        (value) => {
          const tree = bodyTree(utf8(JSON.stringify(value)))
          for (const [key, items] of Object.entries(value)) {
            items.forEach((item, index) => {
              const found = valueAt(tree, [key, index])
              expect(asDoubles(plain(found!))).toEqual(asMaps(JSON.parse(JSON.stringify(item))))
              expect(valueAt(tree, [key, String(index)])).toBe(found)
            })
            expect(valueAt(tree, [key, items.length])).toBeUndefined()
          }
        },
      ),
      { numRuns: 100 },
    )
  })
})
