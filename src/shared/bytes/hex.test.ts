import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from './hex'

describe('hex', () => {
  test('is written as lower-case pairs', () => {
    expect(toHex(Uint8Array.of(0, 1, 15, 16, 255))).toBe('00010f10ff')
  })

  test.each([
    ['', []],
    ['00ff', [0, 255]],
    ['DE ad\tbe\nEF', [0xde, 0xad, 0xbe, 0xef]],
    ['de:ad-be,ef', [0xde, 0xad, 0xbe, 0xef]],
    ['0xde 0XAD', [0xde, 0xad]],
    ['0x01, 0x02', [1, 2]],
    ['0x00', [0]],
  ])('%j is read as people write it', (text, bytes) => {
    expect([...fromHex(text)]).toEqual(bytes)
  })

  test.each([
    ['a', 0],
    ['abc', 2],
    ['ab cg', 3],
    ['a b', 0],
    ['0x', 0],
    ['0x1', 0],
    ['00 0x0x11', 3],
    ['00 ü1', 3],
  ])('%j is refused at position %i', (text, at) => {
    expect(() => fromHex(text)).toThrow(
      expect.objectContaining({ code: 'HEX_INVALID', details: expect.objectContaining({ at }) }),
    )
  })

  test('every array is read back from what was written', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes)
      }),
    )
  })
})
