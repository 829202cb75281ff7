import { describe, expect, test } from 'vitest'
import { LANE_CONTROL, LANE_REPEAT } from '../../../shared/model/views'
import { ChunkRing } from '../chunk-ring'
import { LanesModel } from '../lanes-model'
import { MessageTable } from '../message-table'
import { type TestChunk, testBatch, testMessage } from '../test-batch'
import { byteRangeShape, characterOf, MAX_SHAPE_POINTS } from './byte-range-shape'
import type { ByteRangeShape } from './byte-range-types'

function shapeOf(
  chunks: readonly TestChunk[],
  rest: Parameters<typeof testMessage>[1] = {},
): ByteRangeShape | null {
  const model = new LanesModel(new ChunkRing(16 * 1024), new MessageTable(1024))
  model.ingest(testBatch(chunks, [testMessage(1, { bodyBytes: 0, ...rest }), testMessage(2)]))
  return byteRangeShape(model.ring, model.messages, model.messages.find(1), 1)
}
const own = (startMs: number, bodyOffset: number, rest: Partial<TestChunk> = {}): TestChunk => ({
  messageId: 1,
  startMs,
  endMs: startMs + 10,
  bodyOffset,
  payloadBytes: 100,
  ...rest,
})

describe('byte ranges of a message', () => {
  test('back to back give a straight line: nothing held, nothing idle, no hole', () => {
    const shape = shapeOf([own(0, 0), own(10, 100), own(20, 200)], { bodyBytes: 300 })!
    expect([...shape.offsets]).toEqual([0, 100, 200])
    expect(shape.holes).toEqual([])
    expect(characterOf(shape)).toEqual({ heldMs: 0, idleMs: 0 })
  })

  test('tell waits behind others from waits in which the line was free', () => {
    const other = { messageId: 2, startMs: 10, endMs: 30 }
    const shape = shapeOf([own(0, 0), other, own(30, 100), own(65, 200)], { bodyBytes: 300 })!
    expect([...shape.heldMs]).toEqual([0, 20, 0])
    expect(characterOf(shape)).toEqual({ heldMs: 20, idleMs: 25 })
  })

  test('show lost bytes as holes and repeated ones as repeats', () => {
    const chunks = [own(0, 0), own(10, 200), own(20, 0, { flags: LANE_REPEAT })]
    const shape = shapeOf(chunks, { bodyBytes: 400 })!
    expect(shape.holes).toEqual([
      [100, 200],
      [300, 400],
    ])
    expect([...shape.isRepeat]).toEqual([0, 0, 1])
  })

  test('call nothing a hole that may still come', () => {
    const shape = shapeOf([own(0, 0), own(10, 100)], { bodyBytes: 1000, status: 'sending', closedMs: null })!
    expect(shape.holes).toEqual([])
    expect(shape.isLive).toBe(true)
  })

  test('of a message without body bytes are none', () => {
    expect(shapeOf([own(0, 0, { flags: LANE_CONTROL })])).toBeNull()
    expect(shapeOf([])).toBeNull()
  })

  test('stay few however many chunks there are, and carry the same bytes', () => {
    const count = 10_000
    const shape = shapeOf(
      Array.from({ length: count }, (_, at) => own(at * 10, at * 100)),
      { bodyBytes: count * 100 },
    )!
    expect(shape.startMs.length).toBeLessThanOrEqual(MAX_SHAPE_POINTS)
    expect(shape.bytes.reduce((sum, bytes) => sum + bytes, 0)).toBe(count * 100)
    expect(shape.holes).toEqual([])
  })
})
