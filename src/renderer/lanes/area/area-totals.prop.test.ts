import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LANE_CONTROL, LANE_IN, LANE_MERGED } from '../../../shared/model/views'
import { LanesModel } from '../lanes-model'
import { ChunkRing } from '../chunk-ring'
import { MessageTable } from '../message-table'
import { type TestChunk, testBatch, testMessage } from '../test-batch'
import { areaTotals } from './area-totals'

const chunks = fc.array(
  fc.record({
    messageId: fc.nat(6),
    start: fc.nat(300),
    length: fc.nat(20),
    payloadBytes: fc.nat(100),
    overhead: fc.nat(20),
    flags: fc.constantFrom(0, LANE_CONTROL, LANE_MERGED),
    count: fc.integer({ min: 1, max: 4 }),
  }),
  { maxLength: 60 },
)
const isIn = (messageId: number): boolean => messageId % 2 === 1

function build(rows: readonly TestChunk[]): LanesModel {
  const model = new LanesModel(new ChunkRing(1024), new MessageTable(1024))
  const messages = [1, 2, 3, 4, 5, 6].map((id) =>
    testMessage(id, { dir: isIn(id) ? 'in' : 'out', priority: (id % 4) as 0 | 1 | 2 | 3 }),
  )
  model.ingest(testBatch(rows, messages))
  return model
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

describe('area totals', () => {
  test('are what counting chunk by chunk and millisecond by millisecond gives', () => {
    fc.assert(
      fc.property(chunks, fc.nat(320), fc.integer({ min: 1, max: 200 }), (script, fromMs, spanMs) => {
        const rows: TestChunk[] = script.map((row) => ({
          messageId: row.messageId,
          startMs: row.start,
          endMs: row.start + row.length,
          payloadBytes: row.payloadBytes,
          wireBytes: row.payloadBytes + row.overhead,
          flags: row.flags | (isIn(row.messageId) ? LANE_IN : 0),
          count: row.count,
        }))
        const toMs = fromMs + spanMs
        const totals = areaTotals(build(rows).ring, fromMs, toMs, -Infinity)
        const inside = rows.filter(({ startMs }) => startMs >= fromMs && startMs < toMs)
        for (const dir of ['in', 'out'] as const) {
          const own = inside.filter(({ messageId }) => isIn(messageId!) === (dir === 'in'))
          expect(totals[dir].payloadBytes).toBe(sum(own.map((row) => row.payloadBytes!)))
          expect(totals[dir].wireBytes).toBe(sum(own.map((row) => row.wireBytes!)))
          const counted = own.filter((row) => (row.flags! & LANE_CONTROL) === 0)
          expect(totals[dir].chunks).toBe(sum(counted.map((row) => row.count!)))
          expect(totals[dir].messages).toBe(
            new Set(own.map((row) => row.messageId).filter((id) => id !== 0)).size,
          )
          let busyMs = 0
          for (let ms = fromMs; ms < toMs; ms++) {
            const isBusy = rows.some(
              (row) => isIn(row.messageId!) === (dir === 'in') && row.startMs <= ms && row.endMs >= ms + 1,
            )
            if (isBusy) busyMs++
          }
          expect(totals[dir].busyMs).toBe(busyMs)
        }
        const known = inside.filter((row) => row.messageId !== 0)
        expect(totals.messages).toBe(new Set(known.map((row) => row.messageId)).size)
        expect(sum(totals.priorities.map((part) => part.payloadBytes))).toBe(
          sum(known.map((row) => row.payloadBytes!)),
        )
        expect(totals.mergedChunks).toBe(
          sum(inside.filter((row) => (row.flags! & LANE_MERGED) !== 0).map((row) => row.count!)),
        )
      }),
    )
  })

  test('of two neighbouring areas add up to those of both together', () => {
    const rows = Array.from({ length: 40 }, (_, at) => ({ messageId: 2, startMs: at * 3, endMs: at * 3 + 4 }))
    const { ring } = build(rows)
    const [left, right, both] = [
      areaTotals(ring, 10, 50, -Infinity),
      areaTotals(ring, 50, 90, -Infinity),
      areaTotals(ring, 10, 90, -Infinity),
    ]
    expect(left.out.wireBytes + right.out.wireBytes).toBe(both.out.wireBytes)
    expect(left.out.busyMs + right.out.busyMs).toBe(both.out.busyMs)
  })

  test('say when older chunks are gone', () => {
    const { ring } = build([{ messageId: 2, startMs: 50, endMs: 60 }])
    expect(areaTotals(ring, 0, 100, 40).isCut).toBe(true)
    expect(areaTotals(ring, 40, 100, 40).isCut).toBe(false)
  })
})
