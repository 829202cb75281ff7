import { describe, expect, test } from 'vitest'
import { crc32c } from '../../shared/bytes/crc32c'
import { fastChecksum, NATIVE_FROM_BYTES, type NativeCrc } from './fast-checksum'

const bytes = Uint8Array.from({ length: 5_000 }, (_, index) => (index * 37) >> 3)

/** The package's part, played by our own tables, so that calls can be counted where it is not installed. */
function countingNative(result = (crc: number): number => crc): NativeCrc & { sizes: number[] } {
  const sizes: number[] = []
  return {
    sizes,
    crc32c: (piece, initial) => {
      sizes.push(piece.length)
      return result(crc32c(initial, piece, 0, piece.length))
    },
  }
}

describe('the checksum of this machine', () => {
  test('is that of the built-in tables for every size and part', () => {
    const fast = fastChecksum()
    for (const size of [0, 1, 20, NATIVE_FROM_BYTES - 1, NATIVE_FROM_BYTES, 4_096]) {
      expect(fast(0, bytes, 0, size)).toBe(crc32c(0, bytes, 0, size))
      expect(fast(0xdeadbeef, bytes, 7, 7 + size)).toBe(crc32c(0xdeadbeef, bytes, 7, 7 + size))
    }
  })

  test('is continued over several parts, on both sides of the crossover', () => {
    const fast = fastChecksum()
    expect(fast(fast(0, bytes, 0, 10), bytes, 10, bytes.length)).toBe(crc32c(0, bytes, 0, bytes.length))
    expect(fast(fast(0, bytes, 0, 4_990), bytes, 4_990, bytes.length)).toBe(crc32c(0, bytes, 0, bytes.length))
  })

  test('asks native code only for long inputs', () => {
    const native = countingNative()
    const fast = fastChecksum(() => native)
    native.sizes.length = 0
    fast(0, bytes, 0, NATIVE_FROM_BYTES - 1)
    expect(native.sizes).toEqual([])
    fast(0, bytes, 3, 3 + NATIVE_FROM_BYTES)
    fast(0, bytes, 0, bytes.length)
    expect(native.sizes).toEqual([NATIVE_FROM_BYTES, bytes.length])
  })

  test('is the built-in one where the package is missing, or gives something else', () => {
    const missing = fastChecksum(() => {
      throw new Error("Cannot find module '@node-rs/crc32'")
    })
    expect(missing).toBe(crc32c)
    expect(fastChecksum(() => countingNative((crc) => crc ^ 1))).toBe(crc32c)
  })
})
