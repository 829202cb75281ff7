import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ChunkRing, RING_BLOCK_ROWS } from './chunk-ring'
import { hitChunk } from './hit-test'
import { LanesModel } from './lanes-model'
import { MessageTable } from './message-table'
import { ordinalTicks } from './ordinal-ticks'
import { type TestChunk, testBatch, testMessage } from './test-batch'
import { pixelScale } from './time-scale'

function ordinal(chunks: readonly TestChunk[], ringRows = 4 * RING_BLOCK_ROWS): LanesModel {
  const model = new LanesModel(new ChunkRing(ringRows), new MessageTable(1024))
  model.ingest(
    testBatch(chunks, [testMessage(1), testMessage(2, { openedMs: 0, closedMs: null, status: 'sending' })]),
  )
  model.axis.kind = 'ordinal'
  return model
}

/** Chunks one after the other, with pauses between them. */
const inOrder = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 })), {
    minLength: 1,
    maxLength: 2500,
  })
  .map((script) => {
    let atMs = 0
    return script.map(([pauseMs, lengthMs]): TestChunk => {
      const startMs = atMs + pauseMs
      atMs = startMs + lengthMs
      return { messageId: 1, startMs, endMs: atMs }
    })
  })
const share = fc.double({ min: 0, max: 1, noNaN: true })

describe('the ordinal axis', () => {
  test('leads from a place to its instant and back to the same place', () => {
    fc.assert(
      fc.property(inOrder, share, (chunks, part) => {
        const { axis } = ordinal(chunks)
        const kept = axis.bounds()!
        const at = kept.from + part * (kept.to - kept.from) * 0.999
        expect(axis.ofTime(axis.timeOf(at))).toBeCloseTo(at, 6)
      }),
      { numRuns: 60 },
    )
  })

  test('never goes back when time goes on, in whatever order chunks were told', () => {
    const disorder = fc.array(fc.tuple(fc.nat(500), fc.nat(60)), { minLength: 1, maxLength: 1500 })
    fc.assert(
      fc.property(disorder, (script) => {
        const chunks = script.map(([startMs, length]) => ({ messageId: 1, startMs, endMs: startMs + length }))
        const { axis } = ordinal(chunks)
        let last = -Infinity
        for (let ms = -5; ms < 600; ms += 3.5) {
          const at = axis.ofTime(ms)
          expect(at).toBeGreaterThanOrEqual(last)
          last = at
        }
        expect(last).toBeLessThanOrEqual(axis.bounds()!.to)
      }),
      { numRuns: 40 },
    )
  })

  test('gives a pause no width and every chunk the same', () => {
    const { axis } = ordinal([
      { messageId: 1, startMs: 0, endMs: 1 },
      { messageId: 1, startMs: 5000, endMs: 5900 },
    ])
    expect(axis.ofTime(1)).toBe(1)
    expect(axis.ofTime(4000)).toBe(1)
    expect(axis.ofTime(5450)).toBe(1.5)
    expect(axis.ofTime(Infinity)).toBe(2)
  })

  test('keeps its numbers when the oldest chunks go', () => {
    const many = Array.from({ length: 3 * RING_BLOCK_ROWS }, (_, at) => ({
      messageId: 1,
      startMs: at * 10,
      endMs: at * 10 + 5,
    }))
    const { axis } = ordinal(many, 2 * RING_BLOCK_ROWS)
    expect(axis.bounds()).toEqual({ from: RING_BLOCK_ROWS, to: 3 * RING_BLOCK_ROWS })
    expect(axis.ofTime(10 * 1000 + 2.5)).toBe(1000.5)
    expect(axis.timeOf(1000.5)).toBe(10_002.5)
  })

  test('hits the chunk below the pointer, and finds messages that wait there', () => {
    const { ring, axis, messages } = ordinal([
      { messageId: 1, startMs: 0, endMs: 1 },
      { messageId: 2, startMs: 900, endMs: 901 },
      { messageId: 1, startMs: 5000, endMs: 5900 },
    ])
    const line = { kind: 'strip', isIncoming: false } as const
    expect(hitChunk(ring, axis, line, 1.5, 0.1)?.position).toBe(1)
    expect(hitChunk(ring, axis, line, 2.5, 0.1)?.position).toBe(2)
    const found: number[] = []
    axis.forEachMessage(2.2, 2.8, (slot) => found.push(messages.ids[slot]!))
    expect(found).toContain(2) // still being sent
  })

  test('is labelled with chunk numbers and times, never closer than asked', () => {
    const { axis } = ordinal(
      Array.from({ length: 100 }, (_, at) => ({ messageId: 1, startMs: at * 1000, endMs: at * 1000 + 5 })),
    )
    for (const span of [5, 17, 60, 300]) {
      const scale = pixelScale({ from: 0, span }, 900)
      const named = ordinalTicks(scale, axis, 0, 150).filter(({ label }) => label !== '')
      expect(named[0]!.label).toBe('#1  00:00:00.000')
      for (let n = 1; n < named.length; n++) {
        expect((named[n]!.at - named[n - 1]!.at) * scale.pxPerUnit).toBeGreaterThanOrEqual(150)
      }
    }
  })
})
