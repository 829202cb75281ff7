import { expect, test } from 'vitest'
import { BodyStore } from './body-store'

const filled = (byteCount: number, value: number): Uint8Array => new Uint8Array(byteCount).fill(value)

test('gives back every body as it was kept', () => {
  const store = new BodyStore(8)
  const bodies = [1, 20, 2048, 2049, 100_000, 3].map((byteCount, index) => filled(byteCount, index + 1))
  const entries = bodies.map((body) => store.keep(body))
  expect(entries.map((entry) => store.read(entry))).toEqual(bodies)
  expect(store.heldBytes).toBe(1 + 20 + 2048 + 2049 + 100_000 + 3)
})

test('keeps a large body by reference', () => {
  const store = new BodyStore(8)
  const body = filled(10_000, 5)
  expect(store.read(store.keep(body))?.buffer).toBe(body.buffer)
})

test('copies a view, so that it does not pin the large buffer it looks into', () => {
  const store = new BodyStore(8)
  const received = filled(1_000_000, 7)
  const large = store.read(store.keep(received.subarray(10, 5010)))
  const small = store.read(store.keep(received.subarray(10, 60)))
  expect(large?.buffer).not.toBe(received.buffer)
  expect(large?.buffer.byteLength).toBe(5000)
  expect(small).toEqual(filled(50, 7))
  expect(small?.buffer).not.toBe(received.buffer)
})

test('puts small bodies together into shared slabs', () => {
  const store = new BodyStore(1024)
  const buffers = new Set<unknown>()
  for (let body = 0; body < 1000; body++) buffers.add(store.read(store.keep(filled(100, body)))?.buffer)
  expect(buffers.size).toBe(1)
})

test('releases the body kept longest first, and says when there is none left', () => {
  const store = new BodyStore(2)
  const [a, b, c] = [filled(10, 1), filled(20, 2), filled(30, 3)].map((body) => store.keep(body))
  expect(store.releaseOldest()).toBe(true)
  expect(store.read(a!)).toBeUndefined()
  store.release(b!)
  store.release(b!)
  expect(store.heldBytes).toBe(30)
  expect(store.releaseOldest()).toBe(true)
  expect(store.read(c!)).toBeUndefined()
  expect(store.heldBytes).toBe(0)
  expect(store.releaseOldest()).toBe(false)
})

test('keeps no entry for bodies released out of order once the older ones are gone', () => {
  const store = new BodyStore(4)
  const entries = Array.from({ length: 40 }, (_, index) => store.keep(filled(8, index)))
  for (const entry of entries.slice(1)) store.release(entry)
  expect(store.entries).toBe(40)
  store.release(entries[0]!)
  expect(store.entries).toBe(0)
})
