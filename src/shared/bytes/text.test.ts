import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lenientUtf8, tryUtf8, utf8 } from './text'

test('any well-formed text is read back from its bytes, a byte order mark included', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(tryUtf8(utf8(text))).toBe(text)
      expect(lenientUtf8(utf8(text))).toBe(text)
    }),
  )
  expect(tryUtf8(utf8('\ufeffx'))).toBe('\ufeffx')
})

test.each([
  ['a lone continuation byte', [0x80]],
  ['a cut sequence', [0xe2, 0x82]],
  ['an overlong form', [0xc0, 0x80]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
])('%s is no text, and is shown with replacement characters', (_, bytes) => {
  expect(tryUtf8(Uint8Array.from(bytes))).toBeUndefined()
  expect(lenientUtf8(Uint8Array.from(bytes))).toContain('\ufffd')
})
