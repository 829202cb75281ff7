import { expect, test } from 'vitest'
import { BlockBuffers } from './block-buffers'

test('blocks that are out never share memory, and what is given back is used again', () => {
  const buffers = new BlockBuffers()
  const [first, second] = [buffers.take(70_000), buffers.take(60_000)]
  expect(first).toHaveLength(70_000)
  expect(first.buffer).not.toBe(second.buffer)
  buffers.giveBack(first)
  const third = buffers.take(50_000)
  expect(third.buffer).toBe(first.buffer)
  expect(third).toHaveLength(50_000)
})

test('a block that fits into no page has memory of its own, which is not taken for a page when it comes back', () => {
  const buffers = new BlockBuffers()
  const large = buffers.take(200_000)
  expect(large).toHaveLength(200_000)
  buffers.giveBack(large)
  expect(buffers.take(10).buffer).not.toBe(large.buffer)
})

test('of what is given back after a rush only 64 pages are kept', () => {
  const buffers = new BlockBuffers()
  const rush = Array.from({ length: 100 }, () => buffers.take(1000))
  for (const block of rush) buffers.giveBack(block)
  const known = new Set(rush.map(({ buffer }) => buffer))
  const again = rush.map(() => buffers.take(1000))
  expect(again.filter(({ buffer }) => known.has(buffer))).toHaveLength(64)
})
