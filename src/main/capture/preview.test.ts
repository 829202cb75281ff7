import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { utf8 } from '../../shared/bytes'
import { PREVIEW_CHARACTERS, previewOf } from './preview'

describe('a preview', () => {
  test('is the text itself when it is short and plain', () => {
    expect(previewOf(utf8('{"a":1,"name":"Grüße 🚀"}'))).toBe('{"a":1,"name":"Grüße 🚀"}')
  })

  test('of nothing is empty', () => expect(previewOf(new Uint8Array(0))).toBe(''))

  test('shows control characters as pictures, on one line', () => {
    expect(previewOf(utf8('line one\r\nline two\tend\u001b[31m'))).toBe('line one␍␊line two␉end␛[31m')
  })

  test('takes the power from characters that turn or hide text', () => {
    const text = previewOf(utf8('user\u202egnp.exe\u200b\u2028\u0085\ufeff and more text'))
    expect(text).toBe('user\ufffdgnp.exe\ufffd\ufffd\ufffd\ufffd and more text')
  })

  test('shows bytes that are not UTF-8 as hex', () => {
    expect(previewOf(Uint8Array.of(0xff, 0x00, 0x0a))).toBe('ff 00 0a')
  })

  test('shows binary that happens to be UTF-8 as hex', () => {
    expect(previewOf(Uint8Array.of(0, 1, 2, 3, 4, 5, 65))).toBe('00 01 02 03 04 05 41')
  })

  test('ends with an ellipsis when there is more', () => {
    const text = previewOf(utf8('x'.repeat(161)))
    expect(text).toBe(`${'x'.repeat(159)}…`)
    expect(previewOf(utf8('x'.repeat(160)))).toBe('x'.repeat(160))
  })

  test.each([
    ['é', 2],
    ['€', 3],
    ['🚀', 4],
  ])('is text although the cut goes through a %s', (char, bytesPerChar) => {
    for (let shift = 0; shift < bytesPerChar; shift++) {
      const text = previewOf(utf8('x'.repeat(shift) + char.repeat(1000)))
      expect(text).toMatch(new RegExp(`^x{${shift}}${char}+…$`, 'u'))
    }
  })

  test('of long binary is hex that says that there is more', () => {
    const text = previewOf(new Uint8Array(500).fill(0xfe))
    expect(text).toMatch(/^(fe )+fe…$/)
    expect(text.length).toBeGreaterThan(150)
  })

  test('of any bytes has at most 160 characters, one line, no control characters and no half pairs', () => {
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 1000 }),
      fc.string({ unit: 'binary', maxLength: 400 }).map(utf8),
      fc.string({ unit: 'grapheme', maxLength: 400 }).map(utf8),
    )
    fc.assert(
      fc.property(bodies, (body) => {
        const text = previewOf(body)
        expect(text.length).toBeLessThanOrEqual(PREVIEW_CHARACTERS)
        expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u)
        expect(text).not.toMatch(/\p{Cs}/u)
      }),
    )
  })
})
