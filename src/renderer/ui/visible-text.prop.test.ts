import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeVisibly } from '../../shared/bytes'
import { revealControls, revealLine, wrapRows } from './visible-text'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

describe('device bytes as text', () => {
  test('valid UTF-8 comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeVisibly(new TextEncoder().encode(text))).toEqual({ text, invalidBytes: 0 })
      }),
    )
  })

  test('any bytes give a text, and what the engine replaces is shown as bytes', () => {
    const lenient = new TextDecoder('utf-8', { ignoreBOM: true })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (raw) => {
        const { text, invalidBytes } = decodeVisibly(raw)
        expect(text).not.toContain('\ufffd')
        expect(invalidBytes > 0).toBe(lenient.decode(raw).includes('\ufffd'))
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    [bytes(0x61, 0xff, 0x62), 'a\\xffb', 1],
    [bytes(0xe2, 0x82), '\\xe2\\x82', 2],
    [bytes(0xc0, 0x80), '\\xc0\\x80', 2],
    [bytes(0xed, 0xa0, 0x80), '\\xed\\xa0\\x80', 3],
    [bytes(0xc3, 0xa9, 0x80), 'é\\x80', 1],
  ])('shows %j as %j', (raw, text, invalidBytes) => {
    expect(decodeVisibly(raw)).toEqual({ text, invalidBytes })
  })

  test('in what has one line only, line feeds and tabs are spelled out too', () => {
    expect(revealLine('a\r\nb\tc\u202e')).toBe('a\\x0d\\x0ab\\x09c\\u202e')
  })

  test('control characters are spelled out, line feeds and tabs stay', () => {
    expect(revealControls('a\u0000b\u001b[31m\r\nc\td\re\u007f')).toBe('a\\x00b\\x1b[31m\nc\td\\x0de\\x7f')
  })

  test('characters that reorder or hide text are spelled out', () => {
    expect(revealControls('\u202eabc\u200b\ufeff\u0085')).toBe('\\u202eabc\\u200b\\ufeff\\u0085')
  })

  test('wrapping loses no character and keeps every row within its width', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.integer({ min: 1, max: 40 }),
        (text, columns) => {
          const plain = text.replaceAll('\t', ' ').replaceAll('\n', ' ')
          const rows = wrapRows(plain, columns)
          expect(rows.join('')).toBe(plain)
          for (const row of rows) {
            expect(row.length).toBeLessThanOrEqual(columns + 1)
            expect(/[\ud800-\udbff]$/.test(row)).toBe(false)
          }
        },
      ),
    )
  })

  test('keeps empty lines', () => {
    expect(wrapRows('a\n\nb', 10)).toEqual(['a', '', 'b'])
  })
})
