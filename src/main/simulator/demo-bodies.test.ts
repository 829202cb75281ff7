import { describe, expect, test } from 'vitest'
import { sliceBody } from '../netcore/pipe/message-body'
import { bigBody } from './demo-bodies'

const MIB = 1024 * 1024
const isPattern = (bytes: Uint8Array, offset: number, seed: number): boolean =>
  bytes.every((byte, at) => byte === ((offset + at) * 31 + seed) % 256)

describe('the body of big', () => {
  test.each([0, 1, 255, 256, 257, 65_536, 65_793, 100_000, MIB])(
    'follows (i × 31 + seed) mod 256: %i bytes',
    (bytes) => {
      const body = bigBody(bytes, 77) as Uint8Array
      expect([body.length, isPattern(body, 0, 77)]).toEqual([bytes, true])
    },
  )

  test('is the same bytes where it is made as it is sent, whatever is asked for', () => {
    const body = bigBody(2 ** 31, 5)
    expect(body.byteLength).toBe(2 ** 31)
    expect(body).not.toBeInstanceOf(Uint8Array)
    for (const [offset, length] of [
      [0, 4096],
      [4097, 2048],
      [65_535, 65_536],
      [2 ** 31 - 200_001, 200_001],
    ] as const) {
      const bytes = sliceBody(body, offset, offset + length)
      expect([bytes.length, isPattern(bytes, offset, 5)]).toEqual([length, true])
    }
  })
})
