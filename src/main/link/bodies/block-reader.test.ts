import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BlockReader, READ_AHEAD_BYTES } from './block-reader'

const whole = Uint8Array.from({ length: 3 * READ_AHEAD_BYTES + 77 }, (_, at) => (at * 7 + (at >> 8)) & 255)

function reader() {
  const fetched: number[] = []
  const blocks = new BlockReader(whole.length, (offset, length) => {
    fetched.push(length)
    return whole.slice(offset, offset + length)
  })
  return { blocks, fetched }
}

describe('a block reader', () => {
  test('gives the bytes that were asked for, in whatever order', () => {
    const range = fc.record({
      offset: fc.integer({ min: 0, max: whole.length - 1 }),
      length: fc.integer({ min: 0, max: 300_000 }),
      isNext: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(range, { maxLength: 30 }), (ranges) => {
        const { blocks } = reader()
        let next = 0
        for (const { offset, length, isNext } of ranges) {
          const from = isNext ? next : offset
          const count = Math.min(length, whole.length - from)
          const same = Buffer.compare(blocks.read(from, count), whole.subarray(from, from + count))
          expect(same).toBe(0)
          next = from + count
        }
      }),
      { numRuns: 100 },
    )
  })

  test('fetches once for many chunks in order', () => {
    const { blocks, fetched } = reader()
    for (let at = 0; at < whole.length; at += 4096) blocks.read(at, Math.min(4096, whole.length - at))
    expect(fetched).toEqual([READ_AHEAD_BYTES, READ_AHEAD_BYTES, READ_AHEAD_BYTES, 77])
  })

  test('fetches nothing in vain for readers that take turns', () => {
    const { blocks, fetched } = reader()
    for (let at = 0; at < 40_960; at += 4096) {
      blocks.read(at, 4096)
      blocks.read(400_000 + at, 4096)
    }
    expect(fetched.slice(1).every((length) => length === 4096)).toBe(true)
  })

  test('keeps what it gave out although more is read', () => {
    const { blocks } = reader()
    const first = blocks.read(0, 100)
    for (let at = 100; at < whole.length; at += 50_000) blocks.read(at, Math.min(50_000, whole.length - at))
    expect(Buffer.compare(first, whole.subarray(0, 100))).toBe(0)
  })
})
