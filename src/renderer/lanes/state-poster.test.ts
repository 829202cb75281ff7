import { describe, expect, test } from 'vitest'
import { AuxRows } from './aux/aux-rows'
import { LanesModel } from './lanes-model'
import { StatePoster } from './state-poster'
import { testBatch, testMessage } from './test-batch'
import { pixelScale } from './time-scale'
import { ViewState } from './view-state'
import type { FromWorker } from './worker-protocol'

function poster() {
  const model = new LanesModel()
  const posted: FromWorker[] = []
  const types = (): string[] => posted.splice(0).map((message) => message.type)
  return { model, posted, types, poster: new StatePoster((message) => posted.push(message), model) }
}

describe('StatePoster', () => {
  test('tells nothing twice', () => {
    const { model, types, poster: told } = poster()
    const view = new ViewState()
    model.ingest(testBatch([{ messageId: 1, startMs: 0, endMs: 5 }], [testMessage(1)]))
    const tell = (): void => {
      told.view(view)
      told.layout([], { rows: new AuxRows(), notes: 0 }, 0)
      told.card({
        position: 0,
        count: 1,
        scale: pixelScale(view.view, 1000),
        pixelRatio: 1,
        scrollTop: 0,
        isInStrip: false,
        isStepped: false,
      })
    }
    tell()
    expect(types()).toEqual(['view', 'layout', 'card'])
    for (let i = 0; i < 10; i++) tell()
    expect(types()).toEqual([])
  })

  test('says when a move let go of following, but not what the page asked for itself', () => {
    const { posted, poster: told } = poster()
    const view = new ViewState()
    view.pan(-10, null, 10_000)
    told.view(view)
    expect(posted.filter(({ type }) => type === 'follow-changed')).toEqual([
      { type: 'follow-changed', isFollowing: false },
    ])
    posted.length = 0
    view.follow(true)
    told.followAsked(true)
    told.view(view)
    expect(posted.filter(({ type }) => type === 'follow-changed')).toEqual([])
  })

  test('tells the depth of the queue a few times a second, a new lane at once', () => {
    const { model, types, poster: told } = poster()
    const rows = new AuxRows()
    const layout = (ms: number): void => {
      rows.update({ kinds: new Set(['queue']), log: model.aux, notes: 0, roomPx: 100 })
      told.layout([], { rows, notes: 0 }, ms)
    }
    layout(0)
    types()
    let changes = 0
    for (let ms = 16; ms < 1000; ms += 16) {
      model.ingest(testBatch([], [], { nowMs: ms, queues: [{ linkId: 1, queuedBytes: ms }] }))
      layout(ms)
      changes += types().length
    }
    expect(changes).toBeGreaterThanOrEqual(3)
    expect(changes).toBeLessThanOrEqual(4)
    model.ingest(testBatch([], [testMessage(1)]))
    layout(1000)
    expect(types()).toEqual(['layout'])
  })
})
