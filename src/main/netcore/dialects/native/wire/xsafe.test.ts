import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHex, toHex } from '../../../../../shared/bytes'
import { loadPrimitives } from '../vectors/load-vectors'
import { escapeXsafe, unescapeXsafeInto } from './xsafe'

const escape = (bytes: Uint8Array): Uint8Array => escapeXsafe(bytes, 0, bytes.length)
const unescape = (bytes: Uint8Array): Uint8Array | null => {
  const out = new Uint8Array(bytes.length)
  const count = unescapeXsafeInto(out, bytes, 0, bytes.length)
  return count < 0 ? null : out.slice(0, count)
}

const risky = fc.array(fc.constantFrom(0x11, 0x13, 0x7d, 0x31, 0x33, 0x5d, 1, 255), { maxLength: 60 })

test.each(loadPrimitives().xsafe)(
  '$plain.length hex digits have their recorded form',
  ({ plain, escaped }) => {
    expect(toHex(escape(fromHex(plain)))).toBe(escaped)
    expect(toHex(unescape(fromHex(escaped))!)).toBe(plain)
  },
)

test('sends no flow control character, adds no zero and can be undone', () => {
  fc.assert(
    fc.property(risky, (values) => {
      const plain = Uint8Array.from(values)
      const escaped = escape(plain)
      expect(escaped.some((byte) => byte === 0x11 || byte === 0x13 || byte === 0)).toBe(false)
      expect(unescape(escaped)).toEqual(plain)
    }),
  )
})

test('drops flow control that the line put in, also between escape and escaped', () => {
  fc.assert(
    fc.property(risky, fc.array(fc.tuple(fc.nat(), fc.constantFrom(0x11, 0x13))), (values, strays) => {
      const escaped = [...escape(Uint8Array.from(values))]
      for (const [seed, stray] of strays) escaped.splice(seed % (escaped.length + 1), 0, stray)
      expect(unescape(Uint8Array.from(escaped))).toEqual(Uint8Array.from(values))
    }),
  )
})

test.each(['7d', '017d', '7d11', '7d00', '7d7d', '7d41'])('refuses %s, which nobody escapes so', (hex) => {
  expect(unescape(fromHex(hex))).toBeNull()
})

test('leaves room behind the escaped bytes when asked', () => {
  expect(toHex(escapeXsafe(fromHex('001122'), 1, 3, 1))).toBe('7d312200')
})
