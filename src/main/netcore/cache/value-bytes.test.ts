import fc from 'fast-check'
import { expect, test } from 'vitest'
import { utf8 } from '../../../shared/bytes'
import { hasCode } from '../../../shared/errors'
import { utf8Length, valueBytes } from './value-bytes'

test('counts the bytes of a text exactly as encoding it would, lone surrogates included', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.array(fc.nat(0xffff)), (text, units) => {
      const torn = text + String.fromCharCode(...units)
      expect(utf8Length(torn)).toBe(utf8(torn).length)
    }),
    { numRuns: 2000 },
  )
})

test.each<[name: string, value: unknown, bytes: number]>([
  ['nothing', undefined, 0],
  ['null', null, 4],
  ['a number', 12.5, 4],
  ['a text', 'né', 3],
  ['bytes', new Uint8Array(7), 7],
  ['part of a buffer', new Uint8Array(64).subarray(10, 15), 5],
  ['a buffer', new ArrayBuffer(9), 9],
  ['a view', new DataView(new ArrayBuffer(9), 1), 8],
  ['JSON', { a: [1, 'é'] }, 14],
  ['JSON around bytes', { a: new Uint8Array(1000) }, 1007],
  ['JSON around a Node buffer', { a: Buffer.alloc(1000) }, 1007],
])('%s', (_, value, bytes) => {
  expect(valueBytes(value)).toBe(bytes)
})

test('refuses what has no size that JSON can tell', () => {
  const circular: Record<string, unknown> = {}
  circular['self'] = circular
  let nested: unknown = 1
  for (let depth = 0; depth < 200_000; depth++) nested = [nested]
  for (const value of [
    circular,
    10n,
    { deep: 10n },
    () => 1,
    Symbol('x'),
    new Map([[1, 2]]),
    [new Set([1])],
    nested,
  ]) {
    let error: unknown
    try {
      valueBytes(value)
    } catch (caught) {
      error = caught
    }
    expect(hasCode(error, 'CACHE_SIZE_UNKNOWN')).toBe(true)
  }
})
