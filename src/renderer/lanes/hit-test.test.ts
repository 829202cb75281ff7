import { describe, expect, test } from 'vitest'
import { LANE_IN } from '../../shared/model/views'
import { hitChunk, neighbourChunk } from './hit-test'
import { laneIdOf } from './lane-layout'
import { LanesModel } from './lanes-model'
import { testBatch, testMessage } from './test-batch'

function model(): LanesModel {
  const made = new LanesModel()
  made.ingest(
    testBatch(
      [
        { messageId: 1, startMs: 0, endMs: 10 },
        { messageId: 2, startMs: 12, endMs: 20, flags: LANE_IN },
        { messageId: 1, startMs: 20, endMs: 30 },
        { messageId: 2, startMs: 30, endMs: 30.01, flags: LANE_IN },
        { messageId: 2, startMs: 30.02, endMs: 30.03, flags: LANE_IN },
        { messageId: 1, startMs: 40, endMs: 50 },
      ],
      [
        testMessage(1, { route: 'a', closedMs: 50 }),
        testMessage(2, { route: 'b', dir: 'in', openedMs: 12, closedMs: 31 }),
      ],
    ),
  )
  return made
}
const rowOfMessage = (made: LanesModel, id: number): number => made.messages.rowKeys[made.messages.find(id)]!

describe('hitChunk', () => {
  test('finds the chunk under the pointer, in its row only', () => {
    const made = model()
    const row = { kind: 'row', rowKey: rowOfMessage(made, 1) } as const
    expect(hitChunk(made.ring, made.axis, row, 25, 1)).toEqual({ position: 2, count: 1 })
    expect(hitChunk(made.ring, made.axis, row, 15, 1)).toBeNull()
    expect(hitChunk(made.ring, made.axis, { ...row, rowKey: rowOfMessage(made, 2) }, 25, 1)).toBeNull()
  })

  test('a thin chunk can be hit from a few pixels beside it', () => {
    const made = model()
    const row = { kind: 'row', rowKey: rowOfMessage(made, 2) } as const
    expect(hitChunk(made.ring, made.axis, row, 29, 2)?.position).toBe(3)
    expect(hitChunk(made.ring, made.axis, row, 27, 2)).toBeNull()
  })

  test('says how many chunks lie below the pointer when they cannot be told apart', () => {
    const made = model()
    const row = { kind: 'row', rowKey: rowOfMessage(made, 2) } as const
    expect(hitChunk(made.ring, made.axis, row, 30.01, 1)?.count).toBe(2)
  })

  test('the line strip hits every chunk of its direction', () => {
    const made = model()
    expect(hitChunk(made.ring, made.axis, { kind: 'strip', isIncoming: false }, 45, 1)?.position).toBe(5)
    expect(hitChunk(made.ring, made.axis, { kind: 'strip', isIncoming: true }, 45, 1)).toBeNull()
    expect(hitChunk(made.ring, made.axis, { kind: 'strip', isIncoming: true }, 15, 1)?.position).toBe(1)
  })
})

describe('neighbourChunk', () => {
  test('walks through one lane in both directions and stops at its ends', () => {
    const made = model()
    const lane = laneIdOf(rowOfMessage(made, 1))
    const isSame = (rowKey: number): boolean => laneIdOf(rowKey) === lane
    expect(neighbourChunk(made.ring, 0, 1, isSame)).toBe(2)
    expect(neighbourChunk(made.ring, 2, 1, isSame)).toBe(5)
    expect(neighbourChunk(made.ring, 5, 1, isSame)).toBe(-1)
    expect(neighbourChunk(made.ring, 5, -1, isSame)).toBe(2)
    expect(neighbourChunk(made.ring, 0, -1, isSame)).toBe(-1)
  })
})
