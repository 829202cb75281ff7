import { describe, expect, test } from 'vitest'
import { LANE_CONTROL, LANE_IN, LANE_REPEAT } from '../../shared/model/views'
import { chunkCard } from './chunk-card'
import { ChunkRing, NO_ROW, RING_BLOCK_ROWS } from './chunk-ring'
import { laneIdOf, MAX_LANES, rowOf } from './lane-layout'
import { LanesModel } from './lanes-model'
import { MessageTable } from './message-table'
import { testBatch, testMessage } from './test-batch'

const rowKeyOfMessage = (model: LanesModel, id: number): number =>
  model.messages.rowKeys[model.messages.find(id)]!

describe('lanes', () => {
  test('are one per link, direction and route, outgoing above incoming, replies apart', () => {
    const model = new LanesModel()
    model.ingest(
      testBatch(
        [],
        [
          testMessage(1, { route: 'a', dir: 'in' }),
          testMessage(2, { route: 'b' }),
          testMessage(3, { route: 'a' }),
          testMessage(4, { route: 'b', openedMs: 20, closedMs: 30 }),
          testMessage(5, { route: 'a', dir: 'in', kind: 'response', openedMs: 20, closedMs: 30 }),
          testMessage(6, { route: 'a', linkId: 2 }),
        ],
      ),
    )
    const heads = model.layout.lanes.map((lane) => `${lane.linkId} ${lane.dir} ${lane.label} ${lane.kind}`)
    expect(heads).toEqual([
      '1 out b request',
      '1 out a request',
      '1 in a request',
      '1 in a response',
      '2 out a request',
    ])
  })

  test('a message keeps its row while it lives, whatever comes and goes around it', () => {
    const model = new LanesModel()
    model.ingest(testBatch([], [testMessage(1, { status: 'sending', closedMs: null })]))
    model.ingest(testBatch([], [testMessage(2, { status: 'sending', closedMs: null, openedMs: 5 })]))
    const kept = rowKeyOfMessage(model, 2)
    expect(rowOf(kept)).toBe(1)
    model.ingest(testBatch([], [testMessage(1, { closedMs: 6 })]))
    for (let id = 3; id < 40; id++) {
      model.ingest(
        testBatch(
          [{ messageId: 2, startMs: id * 10, endMs: id * 10 + 4 }],
          [
            testMessage(id, { openedMs: id * 10, closedMs: id * 10 + 5 }),
            testMessage(2, { status: 'sending', closedMs: null, openedMs: 5, partnerId: id }),
          ],
        ),
      )
      expect(rowKeyOfMessage(model, 2)).toBe(kept)
      expect(rowOf(rowKeyOfMessage(model, id))).toBe(0)
    }
  })

  test('a chunk that leaves after its message was closed still keeps the next one out of the row', () => {
    const model = new LanesModel()
    model.ingest(
      testBatch(
        [
          { messageId: 1, startMs: 0, endMs: 40 },
          { messageId: 2, startMs: 40, endMs: 80 },
        ],
        [testMessage(1, { openedMs: 0, closedMs: 1 }), testMessage(2, { openedMs: 2, closedMs: 3 })],
      ),
    )
    expect(rowKeyOfMessage(model, 1)).not.toBe(rowKeyOfMessage(model, 2))
  })

  test('an answer without a route is named after its request', () => {
    const model = new LanesModel()
    model.ingest(
      testBatch(
        [],
        [
          testMessage(1, { route: 'status.get' }),
          testMessage(2, { route: '', dir: 'in', kind: 'response', partnerId: 1 }),
        ],
      ),
    )
    expect(model.layout.lanes.map((lane) => lane.label)).toEqual(['status.get', 'status.get'])
  })

  test('routes without end share one lane in the end', () => {
    const model = new LanesModel()
    for (let id = 1; id <= MAX_LANES + 100; id++) {
      model.ingest(testBatch([], [testMessage(id, { route: `route-${id}` })]))
    }
    expect(model.layout.lanes).toHaveLength(MAX_LANES + 1)
    expect(model.layout.lanes.at(-1)?.label).toBe('(other routes)')
    expect(laneIdOf(rowKeyOfMessage(model, MAX_LANES + 1))).toBe(
      laneIdOf(rowKeyOfMessage(model, MAX_LANES + 100)),
    )
  })

  test('frames that belong to no message are on the line but in no lane', () => {
    const model = new LanesModel()
    model.ingest(testBatch([{ messageId: 0, startMs: 0, endMs: 1, flags: LANE_CONTROL | LANE_IN }]))
    expect(model.ring.rowKeys[0]).toBe(NO_ROW)
    expect(model.layout.lanes).toHaveLength(0)
  })

  test('a frame without body is in the lane of its message, but counts as no chunk of it', () => {
    const model = new LanesModel()
    model.ingest(
      testBatch(
        [
          { messageId: 1, startMs: 0, endMs: 1, flags: LANE_CONTROL, payloadBytes: 0 },
          { messageId: 1, startMs: 1, endMs: 2 },
        ],
        [testMessage(1, { openedMs: 0, closedMs: 2 })],
      ),
    )
    expect(model.ring.rowKeys[0]).toBe(rowKeyOfMessage(model, 1))
    expect(model.messages.firstStartMs[model.messages.find(1)]).toBe(0)
    expect(chunkCard(model, 0, 1, { x: 0, y: 0, isStepped: false })).toMatchObject({
      isControl: true,
      ordinal: null,
    })
    expect(chunkCard(model, 1, 1, { x: 0, y: 0, isStepped: false })).toMatchObject({
      isControl: false,
      ordinal: 1,
      total: 1,
    })
  })

  test('a repeated chunk is in the lane of its message, but counts as no chunk of it', () => {
    const model = new LanesModel()
    model.ingest(
      testBatch(
        [
          { messageId: 1, startMs: 0, endMs: 1 },
          { messageId: 1, startMs: 1, endMs: 2, flags: LANE_REPEAT },
          { messageId: 1, startMs: 2, endMs: 3, bodyOffset: 100 },
        ],
        [testMessage(1, { openedMs: 0, closedMs: 3, bodyBytes: 200 })],
      ),
    )
    expect(model.ring.rowKeys[1]).toBe(rowKeyOfMessage(model, 1))
    expect(chunkCard(model, 1, 1, { x: 0, y: 0, isStepped: false })).toMatchObject({
      isRepeat: true,
      ordinal: null,
    })
    expect(chunkCard(model, 2, 1, { x: 0, y: 0, isStepped: false })).toMatchObject({
      isRepeat: false,
      ordinal: 2,
      total: 2,
    })
  })

  test('a reset forgets everything that was', () => {
    const model = new LanesModel()
    model.ingest(
      testBatch([{ messageId: 1, startMs: 0, endMs: 1 }], [testMessage(1)], {
        gaps: [{ linkId: 1, fromMs: 0, toMs: null }],
        queuedBytes: 9,
      }),
    )
    model.ingest(testBatch([], [], { isReset: true }))
    expect(model.ring.size).toBe(0)
    expect(model.messages.find(1)).toBe(-1)
    expect(model.layout.lanes).toHaveLength(0)
    expect(model.gaps).toHaveLength(0)
    expect(model.queuedBytes).toBe(0)
  })

  test('a gap that ends replaces the same gap while it lasted', () => {
    const model = new LanesModel()
    model.ingest(testBatch([], [], { gaps: [{ linkId: 1, fromMs: 5, toMs: null }] }))
    model.ingest(testBatch([], [], { gaps: [{ linkId: 1, fromMs: 5, toMs: 9 }] }))
    expect(model.gaps).toEqual([{ linkId: 1, fromMs: 5, toMs: 9 }])
  })

  test('a row nobody needs any more goes after a while, not at once', () => {
    const model = new LanesModel()
    model.ingest(testBatch([], [testMessage(1), testMessage(2)]))
    const { layout } = model
    const needs = (rows: number) => (rowKey: number) => rowOf(rowKey) < rows
    expect(layout.fitRows(needs(2), 0)).toBe(true)
    const tall = layout.contentHeight
    expect(layout.fitRows(needs(1), 1000)).toBe(false)
    expect(layout.contentHeight).toBe(tall)
    expect(layout.fitRows(needs(1), 5000)).toBe(true)
    expect(layout.contentHeight).toBeLessThan(tall)
  })

  test('the place of a bar leads back to its row', () => {
    const model = new LanesModel()
    const list = Array.from({ length: 9 }, (_, at) => testMessage(at + 1, { route: `r${at % 3}` }))
    model.ingest(testBatch([], list))
    model.layout.fitRows(() => true, 0)
    for (const { id } of list) {
      const rowKey = rowKeyOfMessage(model, id)
      expect(model.layout.rowKeyAt(model.layout.barTop(rowKey) + 6)).toBe(rowKey)
    }
  })
})

describe('memory', () => {
  test('messages beyond the table give way to newer ones, and late news of them changes nothing', () => {
    const model = new LanesModel(new ChunkRing(2 * RING_BLOCK_ROWS), new MessageTable(1024))
    for (let id = 1; id <= 5000; id++) {
      model.ingest(
        testBatch(
          [{ messageId: id, startMs: id, endMs: id + 1 }],
          [testMessage(id, { openedMs: id, closedMs: id + 1 })],
        ),
      )
    }
    expect(model.messages.find(5000)).toBeGreaterThanOrEqual(0)
    expect(model.messages.find(1)).toBe(-1)
    model.ingest(testBatch([], [testMessage(1, { status: 'answered' })]))
    expect(model.messages.find(1)).toBe(-1)
    expect(model.ring.size).toBeLessThanOrEqual(2 * RING_BLOCK_ROWS)
  })

  test('visible messages are found by time, live ones however old', () => {
    const model = new LanesModel()
    model.ingest(
      testBatch(
        [],
        [
          testMessage(1, { status: 'waiting', openedMs: 0, closedMs: 1 }),
          testMessage(2, { openedMs: 0, closedMs: 1 }),
          testMessage(3, { openedMs: 900, closedMs: 901 }),
          testMessage(4, { openedMs: 5000, closedMs: 5001 }),
        ],
      ),
    )
    const ids: number[] = []
    model.messages.forEachTouching(800, 1000, (slot) => ids.push(model.messages.ids[slot]!))
    expect(ids).toEqual([1, 3])
  })
})

describe('chunk card', () => {
  test('counts chunks of the message and measures the pause before this one', () => {
    const model = new LanesModel()
    model.ingest(
      testBatch(
        [
          { messageId: 1, startMs: 5, endMs: 10 },
          { messageId: 2, startMs: 10, endMs: 20 },
          { messageId: 1, startMs: 26, endMs: 30, bodyOffset: 100, payloadBytes: 40, wireBytes: 52 },
        ],
        [testMessage(1, { openedMs: 2, closedMs: 30 }), testMessage(2, { openedMs: 10, closedMs: 20 })],
      ),
    )
    expect(chunkCard(model, 2, 1, { x: 1, y: 2, isStepped: false })).toMatchObject({
      messageId: 1,
      ordinal: 2,
      total: 2,
      bodyOffset: 100,
      payloadBytes: 40,
      overheadBytes: 12,
      wireMs: 4,
      gapMs: 16,
      queuedMs: 3,
    })
  })

  test('says nothing about numbers it cannot know', () => {
    const model = new LanesModel()
    model.ingest(testBatch([{ messageId: 7, startMs: 0, endMs: 1 }]))
    expect(chunkCard(model, 0, 1, { x: 0, y: 0, isStepped: false })).toMatchObject({
      ordinal: null,
      total: null,
      gapMs: null,
    })
  })

  test('does not number chunks of a message whose beginning never came', () => {
    const model = new LanesModel()
    model.ingest(testBatch([{ messageId: 1, startMs: 0, endMs: 1, bodyOffset: 4096 }], [testMessage(1)]))
    expect(chunkCard(model, 0, 1, { x: 0, y: 0, isStepped: false })).toMatchObject({
      ordinal: null,
      total: null,
    })
  })
})
