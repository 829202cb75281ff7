import { expect, test } from 'vitest'
import { BytePool } from './byte-pool'

test('gives pieces that do not overlap, also across pages', () => {
  const pool = new BytePool(64)
  const pieces = Array.from({ length: 40 }, (_, index) => pool.take(1 + (index % 16)).fill(index))
  pieces.forEach((piece, index) => expect(piece).toEqual(new Uint8Array(1 + (index % 16)).fill(index)))
  expect(new Set(pieces.map((piece) => piece.buffer)).size).toBeLessThan(10)
})

test('gives the unused rest of the last piece to the next one', () => {
  const pool = new BytePool(64)
  const first = pool.trim(pool.take(16), 4)
  const second = pool.take(16)
  expect(first.length).toBe(4)
  expect(second.byteOffset).toBe(first.byteOffset + 4)
  expect(second.buffer).toBe(first.buffer)
})

test('allocates what is large alone, so that a page is not kept for it', () => {
  const pool = new BytePool(64)
  const small = pool.take(8)
  const large = pool.take(17)
  expect(large.buffer.byteLength).toBe(17)
  expect(pool.trim(large, 5).length).toBe(5)
  expect(pool.take(8).byteOffset).toBe(small.byteOffset + 8)
})
