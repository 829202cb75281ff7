import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { laneIdOf, MAX_MESSAGE_PINS } from './lane-layout'
import { LanesModel } from './lanes-model'
import { testBatch, testMessage } from './test-batch'
import type { LanePin } from './worker-protocol'

const MESSAGES = 12

const message = (id: number) =>
  testMessage(id, { openedMs: id * 10, closedMs: id * 10 + 25, route: id % 3 ? 'a' : 'b' })

function modelOf(): LanesModel {
  const model = new LanesModel()
  const ids = Array.from({ length: MESSAGES }, (_, at) => at + 1)
  const chunks = ids.flatMap((id) => [
    { messageId: id, startMs: id * 10, endMs: id * 10 + 5 },
    { messageId: id, startMs: id * 10 + 20, endMs: id * 10 + 25 },
  ])
  model.ingest(testBatch(chunks, ids.map(message)))
  return model
}

const pin = (messageId: number): LanePin => ({ what: 'message', messageId, label: '' })
const laneOf = (model: LanesModel, id: number) =>
  model.layout.byId(laneIdOf(model.messages.rowKeys[model.messages.find(id)]!))!

describe('pins', () => {
  test('whatever is pinned and unpinned, chunks lie in the row of their message, pinned ones alone and on top', () => {
    const pinned = fc.uniqueArray(fc.integer({ min: 1, max: MESSAGES }), { maxLength: 5 })
    fc.assert(
      fc.property(fc.array(pinned, { minLength: 1, maxLength: 6 }), (states) => {
        const model = modelOf()
        for (const ids of states) model.pin(ids.map(pin))
        const last = states[states.length - 1]!
        const { ring, messages, layout } = model
        for (let at = 0; at < ring.size; at++) {
          expect(ring.rowKeys[at]).toBe(messages.rowKeys[messages.find(ring.messageIds[at]!)])
        }
        expect(layout.lanes.slice(0, last.length).map(({ messageId }) => messageId)).toEqual(last)
        expect(layout.lanes.filter(({ isPinned }) => isPinned)).toHaveLength(last.length)
        for (let id = 1; id <= MESSAGES; id++) {
          expect(laneOf(model, id).messageId).toBe(last.includes(id) ? id : 0)
        }
        const tops = layout.lanes.map(({ top, height }) => [top, top + height] as const)
        tops.slice(1).forEach(([top], at) => expect(top).toBeGreaterThanOrEqual(tops[at]![1]))
      }),
      { numRuns: 60 },
    )
  })

  test('a pin outlives that everything is told anew', () => {
    const model = modelOf()
    model.pin([pin(4)])
    model.ingest(
      testBatch([{ messageId: 4, startMs: 40, endMs: 45 }], [message(4), message(5)], { isReset: true }),
    )
    expect(laneOf(model, 4)).toMatchObject({ messageId: 4, isPinned: true })
    expect(model.layout.lanes[0]).toBe(laneOf(model, 4))
  })

  test('a pinned lane stands above all others with every message of its route', () => {
    const model = modelOf()
    const { key } = laneOf(model, 3)
    model.pin([{ what: 'lane', key, label: 'b', linkId: 1 }])
    expect(model.layout.lanes.map(({ label }) => label)).toEqual(['b', 'a'])
    model.pin([])
    expect(model.layout.lanes.map(({ label }) => label)).toEqual(['a', 'b'])
  })

  test('more messages than have room keep their lanes', () => {
    const model = new LanesModel()
    const ids = Array.from({ length: MAX_MESSAGE_PINS + 2 }, (_, at) => at + 1)
    model.ingest(testBatch([], ids.map(message)))
    model.pin(ids.map(pin))
    expect(model.layout.lanes.filter(({ messageId }) => messageId > 0)).toHaveLength(MAX_MESSAGE_PINS)
  })
})
