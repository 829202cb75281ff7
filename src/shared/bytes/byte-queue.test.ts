import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteQueue } from './byte-queue'
import { concatBytes } from './concat'

const bytesOf = (...values: number[]): Uint8Array => Uint8Array.from(values)

describe('a byte queue', () => {
  test('gives a view where the bytes lie in one arrival and a copy only across a seam', () => {
    const queue = new ByteQueue()
    const first = bytesOf(1, 2, 3)
    queue.append(first)
    queue.append(bytesOf(4, 5))
    expect(queue.take(2).buffer).toBe(first.buffer)
    const across = queue.take(2)
    expect(across).toEqual(bytesOf(3, 4))
    expect(across.buffer).not.toBe(first.buffer)
    expect(queue.take(1)).toEqual(bytesOf(5))
    expect(queue.byteLength).toBe(0)
  })

  test('refuses to take more than there is and keeps what it has', () => {
    const queue = new ByteQueue()
    queue.append(bytesOf(1, 2))
    expect(() => queue.take(3)).toThrow(RangeError)
    expect(queue.take(2)).toEqual(bytesOf(1, 2))
  })

  test('gives nothing from nothing', () => {
    const queue = new ByteQueue()
    queue.append(new Uint8Array(0))
    expect([queue.byteLength, queue.take(0).length, queue.peek(5).length]).toEqual([0, 0, 0])
  })

  test('forgets everything when cleared and works on', () => {
    const queue = new ByteQueue()
    queue.append(bytesOf(1, 2, 3))
    queue.take(1)
    queue.clear()
    expect(queue.byteLength).toBe(0)
    queue.append(bytesOf(9))
    expect(queue.take(1)).toEqual(bytesOf(9))
  })

  test('holds no arrival that was taken whole, over many arrivals', () => {
    const queue = new ByteQueue()
    for (let at = 0; at < 10_000; at++) queue.append(bytesOf(at & 255))
    for (let at = 0; at < 9000; at++) expect(queue.take(1)[0]).toBe(at & 255)
    queue.append(bytesOf(77))
    expect(queue.byteLength).toBe(1001)
    queue.skip(1000)
    expect(queue.take(1)).toEqual(bytesOf(77))
  })
})

test('any operations give the same as one flat array', () => {
  const operation = fc.oneof(
    { weight: 3, arbitrary: fc.record({ append: fc.uint8Array({ maxLength: 40 }) }) },
    { weight: 3, arbitrary: fc.record({ take: fc.nat(60) }) },
    { weight: 2, arbitrary: fc.record({ peek: fc.nat(60), offset: fc.nat(60) }) },
    { weight: 1, arbitrary: fc.record({ skip: fc.nat(60) }) },
    { weight: 1, arbitrary: fc.constant({ clear: true }) },
  )
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      const queue = new ByteQueue()
      let model: number[] = []
      for (const next of operations) {
        if ('append' in next) {
          queue.append(next.append.slice())
          model.push(...next.append)
        } else if ('take' in next) {
          if (next.take > model.length) expect(() => queue.take(next.take)).toThrow(RangeError)
          else expect([...queue.take(next.take)]).toEqual(model.splice(0, next.take))
        } else if ('peek' in next) {
          expect([...queue.peek(next.peek, next.offset)]).toEqual(
            model.slice(next.offset, next.offset + next.peek),
          )
        } else if ('skip' in next) {
          queue.skip(next.skip)
          model.splice(0, next.skip)
        } else {
          queue.clear()
          model = []
        }
        expect(queue.byteLength).toBe(model.length)
      }
    }),
    { numRuns: 500 },
  )
})

test('joining parts gives all bytes in order', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 10 }), (parts) => {
      expect([...concatBytes(parts)]).toEqual(parts.flatMap((part) => [...part]))
    }),
  )
})
