import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BlockSummaries } from './block-summary'
import { ChunkRing, NO_ROW, RING_BLOCK_ROWS } from './chunk-ring'

const ringOf = (starts: readonly number[], length: number, capacity: number): ChunkRing => {
  const ring = new ChunkRing(capacity)
  pushAll(ring, starts, length)
  return ring
}

function pushAll(ring: ChunkRing, starts: readonly number[], length: number): void {
  for (const [at, startMs] of starts.entries()) {
    ring.push({
      messageId: at + 1,
      startMs,
      endMs: startMs + length,
      bodyOffset: 0,
      payloadBytes: 1,
      wireBytes: 2,
      count: 1,
      linkId: 1,
      flags: at % 2,
      rowKey: at % 5 === 0 ? NO_ROW : at % 3,
      style: at % 7,
    })
  }
}

const found = (ring: ChunkRing, fromMs: number, toMs: number): number[] => {
  const ids: number[] = []
  ring.forEachRange(fromMs, toMs, (from, to) => {
    for (let at = from; at < to; at++) {
      if (ring.startMs[at]! <= toMs && ring.endMs[at]! >= fromMs) ids.push(ring.messageIds[at]!)
    }
  })
  return ids
}

describe('ChunkRing', () => {
  test('keeps the newest rows and forgets the oldest, a block at a time', () => {
    const capacity = 4 * RING_BLOCK_ROWS
    const rows = capacity + RING_BLOCK_ROWS + 10
    const ring = ringOf(
      Array.from({ length: rows }, (_, at) => at),
      1,
      capacity,
    )
    expect(ring.nextSeq).toBe(rows)
    expect(ring.firstSeq).toBe(2 * RING_BLOCK_ROWS)
    expect(ring.size).toBeLessThanOrEqual(capacity)
    expect(ring.messageIds[ring.firstSeq % capacity]).toBe(2 * RING_BLOCK_ROWS + 1)
    expect(found(ring, 0, 2 * RING_BLOCK_ROWS - 2)).toEqual([])
    expect(ring.bounds()).toEqual({ fromMs: 2 * RING_BLOCK_ROWS, toMs: rows })
  })

  test('finds every row that touches a time range, although rows are not quite in order of time', () => {
    const starts = fc.array(fc.integer({ min: -300, max: 300 }), { minLength: 1, maxLength: 3000 })
    fc.assert(
      fc.property(
        starts,
        fc.integer({ min: 0, max: 3000 }),
        fc.integer({ min: 0, max: 400 }),
        (jitters, fromMs, spanMs) => {
          const times = jitters.map((jitter, at) => at + jitter)
          const ring = ringOf(times, 3, 8 * RING_BLOCK_ROWS)
          const wanted = times.flatMap((startMs, at) =>
            startMs <= fromMs + spanMs && startMs + 3 >= fromMs ? [at + 1] : [],
          )
          expect(found(ring, fromMs, fromMs + spanMs)).toEqual(wanted)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('has no bounds while it is empty, and is empty after clearing', () => {
    const ring = ringOf([1, 2, 3], 1, 2 * RING_BLOCK_ROWS)
    expect(ring.size).toBe(3)
    ring.clear()
    expect(ring.size).toBe(0)
    expect(ring.bounds()).toBeNull()
    expect(found(ring, 0, 100)).toEqual([])
  })
})

describe('BlockSummaries', () => {
  test('hold the same time and the same number of chunks as the rows of the block', () => {
    const ring = ringOf(
      Array.from({ length: 3 * RING_BLOCK_ROWS }, (_, at) => at * 2),
      1.5,
      4 * RING_BLOCK_ROWS,
    )
    const summary = new BlockSummaries(ring).of(RING_BLOCK_ROWS)
    const chunks = summary.parts.reduce((sum, part) => sum + part.chunks, 0)
    const busyMs = summary.parts.reduce((sum, part) => sum + part.busyMs, 0)
    expect(chunks).toBe(RING_BLOCK_ROWS)
    expect(busyMs).toBeCloseTo(RING_BLOCK_ROWS * 1.5)
    expect(summary.fromMs).toBe(RING_BLOCK_ROWS * 2)
    const ofOneKind = summary.parts.filter((part) => part.rowKey === 1 && part.style === 3)
    const counted = Array.from({ length: RING_BLOCK_ROWS }, (_, at) => RING_BLOCK_ROWS + at).filter(
      (at) => at % 5 !== 0 && at % 3 === 1 && at % 7 === 3,
    )
    expect(ofOneKind.reduce((sum, part) => sum + part.chunks, 0)).toBe(counted.length)
  })

  test('are made again when other rows took the place of the block', () => {
    const capacity = 2 * RING_BLOCK_ROWS
    const ring = ringOf(
      Array.from({ length: capacity }, (_, at) => at),
      1,
      capacity,
    )
    const summaries = new BlockSummaries(ring)
    expect(summaries.of(0).fromMs).toBe(0)
    pushAll(
      ring,
      Array.from({ length: RING_BLOCK_ROWS }, (_, at) => 10_000 + at),
      1,
    )
    expect(summaries.of(capacity).fromMs).toBe(10_000)
  })
})
