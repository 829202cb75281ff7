import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHex, toHex } from '../../../../../shared/bytes'
import { loadPrimitives } from '../vectors/load-vectors'
import { isVarint, readVarint, VARINT_INCOMPLETE, VARINT_INVALID, varintBytes, writeVarint } from './varint'

const write = (value: number): Uint8Array => {
  const out = new Uint8Array(8)
  return out.slice(0, writeVarint(out, 0, value))
}
const read = (hex: string): number => readVarint(fromHex(hex), 0, hex.length / 2)

test.each(loadPrimitives().varint)('$value is $bytes in both directions', ({ value, bytes }) => {
  expect(toHex(write(value))).toBe(bytes)
  expect(read(bytes)).toBe(value)
  expect(varintBytes(value)).toBe(bytes.length / 2)
})

test('reads what it wrote and leaves what follows alone', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 35 - 1 }), fc.uint8Array({ maxLength: 3 }), (value, after) => {
      const bytes = new Uint8Array([...write(value), ...after])
      expect(readVarint(bytes, 0, bytes.length)).toBe(value)
      expect(varintBytes(value)).toBe(bytes.length - after.length)
    }),
  )
})

test.each(['', '80', 'ff', '8080', 'ffffffff'])('waits for the rest of %j', (hex) => {
  expect(read(hex)).toBe(VARINT_INCOMPLETE)
})

test.each(['8000', 'ff00', '808000', 'ffffffff00', '8080808080', 'ffffffffff01', 'ffffffffffffffffff01'])(
  'refuses %s: overlong, or more than five bytes',
  (hex) => expect(read(hex)).toBe(VARINT_INVALID),
)

test('knows which numbers it can write', () => {
  expect([0, 127, 2 ** 35 - 1].every(isVarint)).toBe(true)
  expect([-1, 2 ** 35, 0.5, Number.NaN, Number.POSITIVE_INFINITY].some(isVarint)).toBe(false)
})
