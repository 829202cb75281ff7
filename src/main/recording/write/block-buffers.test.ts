import { expect, test } from 'vitest'
import { BlockBuffers } from './block-buffers'

const BLOCK_BYTES = 70_000

test('memory that was given back is used again', () => {
  const buffers = new BlockBuffers()
  const block = buffers.take(BLOCK_BYTES)
  buffers.giveBack(block)
  const next = buffers.take(BLOCK_BYTES - 1)
  expect(next.buffer).toBe(block.buffer)
  expect(next.length).toBe(BLOCK_BYTES - 1)
})

test('a flood has its memory again in the next one, and lets go of it when none came', () => {
  const buffers = new BlockBuffers()
  const flood = (count: number): void => {
    const blocks = Array.from({ length: count }, () => buffers.take(BLOCK_BYTES))
    for (const block of blocks) buffers.giveBack(block)
  }
  flood(300)
  buffers.tidy()
  expect(buffers.freePages).toBe(300)
  flood(250)
  buffers.tidy()
  expect(buffers.freePages).toBe(250)
  buffers.tidy()
  expect(buffers.freePages).toBe(64)
  buffers.tidy()
  expect(buffers.freePages).toBe(64)
})

test('a block of unusual size has memory of its own, which is not kept', () => {
  const buffers = new BlockBuffers()
  const block = buffers.take(1_000_000)
  expect(block.length).toBe(1_000_000)
  buffers.giveBack(block)
  expect(buffers.freePages).toBe(0)
})
