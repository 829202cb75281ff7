import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatBytes, utf8 } from '../../../shared/bytes'
import { BodyParts } from './body-parts'

const joined = (payloads: readonly Uint8Array[]): Uint8Array => {
  const parts = new BodyParts()
  for (const payload of payloads) parts.append(payload)
  expect(parts.byteLength).toBe(payloads.reduce((sum, { length }) => sum + length, 0))
  return parts.join()
}

describe('BodyParts', () => {
  test('gives the bytes in order, whatever the sizes of the payloads', () => {
    const size = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 900, max: 5000 }))
    fc.assert(
      fc.property(fc.array(size, { maxLength: 60 }), (sizes) => {
        let next = 0
        const payloads = sizes.map((length) => new Uint8Array(length).map(() => next++))
        // element by element, the comparison of the test runner takes seconds
        expect(Buffer.compare(joined(payloads), concatBytes(payloads))).toBe(0)
      }),
      { numRuns: 200 },
    )
  })

  test('a body that came in one payload is not copied', () => {
    const payload = utf8('small')
    expect(joined([new Uint8Array(0), payload, new Uint8Array(0)])).toBe(payload)
  })

  test('joining twice, or going on after it, loses nothing', () => {
    const parts = new BodyParts()
    parts.append(utf8('ab'))
    parts.append(utf8('cd'))
    expect(parts.join()).toEqual(utf8('abcd'))
    parts.append(utf8('e'))
    expect(parts.join()).toEqual(utf8('abcde'))
    expect(parts.join()).toBe(parts.join())
  })

  test('small payloads do not keep what they were cut from, beyond the first', () => {
    const read = new Uint8Array(65_536).fill(1)
    const parts = new BodyParts()
    for (let at = 0; at < 10_000; at++) parts.append(read.subarray(at, at + 1))
    read.fill(2, 1)
    expect(parts.join()).toEqual(new Uint8Array(10_000).fill(1))
  })
})
