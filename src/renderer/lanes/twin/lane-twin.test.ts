import { describe, expect, test } from 'vitest'
import type { AuxWorld } from '../aux/aux-moments'
import { LanesModel } from '../lanes-model'
import { NO_MARKS } from '../marks'
import { NoteCursor } from '../notes/note-cursor'
import { testBatch, testMessage } from '../test-batch'
import { laneTwin, MAX_TWIN_MESSAGES } from './lane-twin'

function worldOf(count: number): AuxWorld {
  const model = new LanesModel()
  const ids = Array.from({ length: count }, (_, at) => at + 1)
  model.ingest(
    testBatch(
      ids.map((id) => ({ messageId: id, startMs: id * 10 + 4, endMs: id * 10 + 6 })),
      ids.map((id) =>
        testMessage(id, { openedMs: id * 10, closedMs: id * 10 + 6, route: id % 2 ? 'a' : 'b' }),
      ),
    ),
  )
  return { model, notes: new NoteCursor(), ofDayAtZeroMs: 0 }
}
const view = (fromMs: number, toMs: number) => ({ fromMs, toMs, nowMs: toMs, marks: NO_MARKS, auxRows: [] })

describe('laneTwin', () => {
  test('lists the messages in view under their lanes with what the picture shows of them', () => {
    const twin = laneTwin(worldOf(5), view(20, 45))
    expect(twin.messages).toBe(3)
    expect(twin.lanes.map(({ label, messages }) => [label, messages.map(({ id }) => id)])).toEqual([
      ['a', [3]],
      ['b', [2, 4]],
    ])
    expect(twin.lanes[0]!.messages[0]).toMatchObject({
      clock: '00:00:00.030',
      toMs: 36,
      chunks: 1,
      waitMs: 4,
      status: 'sent',
    })
  })

  test('gives the newest when there are too many, and says how many it left out', () => {
    const twin = laneTwin(worldOf(MAX_TWIN_MESSAGES + 7), view(0, 1e6))
    expect(twin.leftOut).toBe(7)
    expect(twin.messages).toBe(MAX_TWIN_MESSAGES + 7)
    expect(Math.min(...twin.lanes.flatMap(({ messages }) => messages.map(({ id }) => id)))).toBe(8)
  })

  test('a pinned lane is listed although nothing of it is in view', () => {
    const world = worldOf(4)
    world.model.pin([{ what: 'message', messageId: 1, label: 'a' }])
    const twin = laneTwin(world, view(35, 100))
    expect(twin.lanes[0]).toMatchObject({ isPinned: true, label: '#1 a', messages: [] })
  })
})
