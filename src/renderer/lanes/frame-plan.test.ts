import { describe, expect, test } from 'vitest'
import { LANE_FAULT } from '../../shared/model/views'
import { ChunkRing, RING_BLOCK_ROWS } from './chunk-ring'
import { NO_MARKS } from './marks'
import { colourTable } from './chunk-style'
import { FramePlan } from './frame-plan'
import { LanesModel } from './lanes-model'
import { pixelScale } from './time-scale'
import { type TestChunk, testBatch, testMessage } from './test-batch'

const WIDTH = 1000

function planOf(model: LanesModel, fromMs: number, spanMs: number): FramePlan {
  const plan = new FramePlan()
  plan.findMessages(model, pixelScale({ from: fromMs, span: spanMs }, WIDTH))
  plan.fill(model, { rowKeys: [0, 1], colours: colourTable('stream'), marks: NO_MARKS, pixelRatio: 1 })
  return plan
}

const backToBack = (count: number, lengthMs: number): TestChunk[] =>
  Array.from({ length: count }, (_, at) => ({
    messageId: 1,
    startMs: at * lengthMs,
    endMs: (at + 1) * lengthMs,
  }))

describe('FramePlan', () => {
  test('draws wide chunks one by one, with a pixel between neighbours', () => {
    const model = new LanesModel()
    model.ingest(testBatch(backToBack(10, 10), [testMessage(1, { closedMs: 100 })]))
    const plan = planOf(model, 0, 1000)
    expect(plan.laneShapes.count).toBe(10)
    expect([...plan.laneShapes.x.slice(0, 3)]).toEqual([0, 10, 20])
    expect([...plan.laneShapes.width.slice(0, 3)]).toEqual([9, 9, 9])
  })

  test('a lone chunk keeps its full width', () => {
    const model = new LanesModel()
    model.ingest(testBatch([{ messageId: 1, startMs: 100, endMs: 104 }], [testMessage(1, { closedMs: 104 })]))
    expect(planOf(model, 0, 1000).laneShapes.width[0]).toBe(4)
  })

  test('sums thin chunks in columns instead', () => {
    const model = new LanesModel()
    model.ingest(testBatch(backToBack(1000, 0.1), [testMessage(1, { closedMs: 100 })]))
    const plan = planOf(model, 0, 1000)
    expect(plan.laneShapes.count).toBe(0)
    expect(plan.laneColumns.hits(0, 50)).toBeGreaterThanOrEqual(10)
    expect(plan.laneColumns.cover(0, 50)).toBeCloseTo(1)
  })

  test('a picture from sums covers the same time as one from single chunks', () => {
    const model = new LanesModel(new ChunkRing(128 * RING_BLOCK_ROWS))
    const count = 50_000
    model.ingest(testBatch(backToBack(count, 0.02), [testMessage(1, { closedMs: count * 0.02 })]))
    // 50 ms per pixel: a block of 512 chunks takes a fifth of one
    const plan = planOf(model, 0, 50_000)
    let coverMs = 0
    let chunks = 0
    for (let x = 0; x < WIDTH; x++) {
      coverMs += plan.laneColumns.cover(0, x) * 50
      chunks += plan.laneColumns.hits(0, x)
    }
    expect(coverMs).toBeCloseTo(count * 0.02, -1)
    expect(chunks).toBeGreaterThanOrEqual(count)
    expect(chunks).toBeLessThan(count * 1.01)
  })

  test('finds the pauses of a message, also those that reach beyond the picture', () => {
    const model = new LanesModel()
    const chunks = [
      { messageId: 1, startMs: 0, endMs: 10 },
      { messageId: 1, startMs: 500, endMs: 510 },
      { messageId: 1, startMs: 600, endMs: 610 },
      { messageId: 1, startMs: 2000, endMs: 2010 },
    ]
    model.ingest(testBatch(chunks, [testMessage(1, { closedMs: 2010 })]))
    expect(planOf(model, 400, 1000).pauses.list).toEqual([
      { slot: 1, fromX: -1, toX: 100 },
      { slot: 1, fromX: 110, toX: 200 },
      { slot: 1, fromX: 210, toX: 1001 },
    ])
    expect(planOf(model, 800, 1000).pauses.list).toEqual([{ slot: 1, fromX: -1, toX: 1001 }])
  })

  test('keeps faults visible when everything else is summed up', () => {
    const model = new LanesModel(new ChunkRing(128 * RING_BLOCK_ROWS))
    const chunks = backToBack(50_000, 0.02).map((chunk, at) => ({
      ...chunk,
      flags: at === 25_000 ? LANE_FAULT : 0,
    }))
    model.ingest(testBatch(chunks, [testMessage(1, { closedMs: 1000 })]))
    const plan = planOf(model, 0, 50_000)
    expect(plan.faults.count).toBe(1)
    expect(plan.faults.x[0]).toBeGreaterThanOrEqual(9)
    expect(plan.faults.x[0]).toBeLessThanOrEqual(11)
  })

  test('is empty when nothing touches the picture', () => {
    const model = new LanesModel()
    model.ingest(testBatch([{ messageId: 1, startMs: 0, endMs: 1 }], [testMessage(1, { closedMs: 1 })]))
    expect(planOf(model, 0, 10).isEmpty).toBe(false)
    expect(planOf(model, 1e6, 10).isEmpty).toBe(true)
  })
})
