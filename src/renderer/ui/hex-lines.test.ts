import { expect, test } from 'vitest'
import { hexColumnWidth, hexLine, offsetDigits } from './hex-lines'

test('shows offset, pairs and printable characters', () => {
  expect(hexLine(Uint8Array.of(0x86, 0xa3, 0x6b, 0x65, 0x79, 0, 0x7f, 0x20), 0x28, 4)).toEqual({
    offset: '0028',
    hex: '86 a3 6b 65 79 00 7f 20',
    ascii: '..key.. ',
  })
})

test('a full row fills its column exactly, with a gap in the middle of sixteen', () => {
  for (const perRow of [8, 16]) {
    expect(hexLine(new Uint8Array(perRow), 0, 4).hex).toHaveLength(hexColumnWidth(perRow))
  }
  expect(hexLine(new Uint8Array(16), 0, 4).hex).toBe('00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00')
})

test.each([
  [0, 4],
  [65_536, 4],
  [65_537, 6],
  [16_777_216, 6],
  [16_777_217, 8],
])('a body of %d bytes has offsets of %d digits', (total, digits) => {
  expect(offsetDigits(total)).toBe(digits)
})
