import fc from 'fast-check'
import { expect, test } from 'vitest'
import primitives from '../../main/netcore/dialects/native/vectors/primitives.json'
import { fromHex, utf8 } from '.'
import { crc32c } from './crc32c'

const whole = (bytes: Uint8Array): number => crc32c(0, bytes, 0, bytes.length)

test('gives the check value of the polynomial', () => {
  expect(whole(utf8('123456789'))).toBe(0xe3069283)
})

test.each(primitives.crc32c)('gives what google-crc32c gives for $bytes.length hex digits', (vector) => {
  expect(whole(fromHex(vector.bytes))).toBe(vector.crc)
})

test('is the same however the bytes are parted, and wherever in memory they lie', () => {
  const cases = fc.tuple(fc.uint8Array({ maxLength: 1_000 }), fc.nat(), fc.nat({ max: 7 }))
  fc.assert(
    fc.property(cases, ([bytes, cutSeed, shift]) => {
      const cut = bytes.length === 0 ? 0 : cutSeed % bytes.length
      const moved = new Uint8Array(bytes.length + shift)
      moved.set(bytes, shift)
      // Bit by bit, as the definition has it.
      let expected = 0xffffffff
      for (const byte of bytes) {
        expected ^= byte
        for (let bit = 0; bit < 8; bit++)
          expected = (expected >>> 1) ^ ((expected & 1) === 1 ? 0x82f63b78 : 0)
      }
      expect(whole(bytes)).toBe(~expected >>> 0)
      expect(crc32c(crc32c(0, bytes, 0, cut), bytes, cut, bytes.length)).toBe(~expected >>> 0)
      expect(crc32c(0, moved.subarray(shift), 0, bytes.length)).toBe(~expected >>> 0)
    }),
    { numRuns: 300 },
  )
})
