import { describe, expect, test } from 'vitest'
import { LanesEngine } from './lanes-engine'
import { testBatch, testMessage } from './test-batch'
import type { FromWorker } from './worker-protocol'

function engineWithFrames() {
  const posted: FromWorker[] = []
  let requested = 0
  const engine = new LanesEngine({
    nowMs: () => 1000,
    requestFrame: () => {
      requested++
      return () => undefined
    },
    later: () => () => undefined,
    post: (message) => posted.push(message),
  })
  return { engine, posted, requested: () => requested }
}

describe('LanesEngine', () => {
  test('a thousand batches ask for one frame', () => {
    const { engine, requested } = engineWithFrames()
    for (let at = 0; at < 1000; at++) {
      engine.handle({
        type: 'batch',
        batch: testBatch([{ messageId: 1, startMs: at, endMs: at + 1 }], [testMessage(1)], {
          nowMs: 1000 + at,
        }),
      })
    }
    expect(requested()).toBe(1)
  })

  test('a press on a chunk picks its message, a press beside it picks none', () => {
    const { engine, posted } = engineWithFrames()
    engine.handle({ type: 'size', width: 1, height: 300, pixelRatio: 1 })
    engine.handle({
      type: 'batch',
      batch: testBatch(
        [{ messageId: 5, startMs: 100, endMs: 200 }],
        [testMessage(5, { openedMs: 100, closedMs: 200 })],
      ),
    })
    // without a canvas the picture is one pixel wide: its left edge is the beginning of the range
    engine.handle({ type: 'range', fromMs: 150, toMs: 160 })
    engine.handle({ type: 'pick', x: 0, y: 70 })
    engine.handle({ type: 'pick', x: 0, y: 250 })
    expect(posted.filter((message) => message.type === 'picked')).toEqual([
      { type: 'picked', messageId: 5 },
      { type: 'picked', messageId: null },
    ])
  })

  test('stepping with the keys goes from chunk to chunk of one lane and picks their messages', () => {
    const { engine, posted } = engineWithFrames()
    engine.handle({
      type: 'batch',
      batch: testBatch(
        [
          { messageId: 1, startMs: 0, endMs: 5 },
          { messageId: 2, startMs: 5, endMs: 10 },
          { messageId: 3, startMs: 10, endMs: 15 },
        ],
        [
          testMessage(1, { openedMs: 0, closedMs: 5 }),
          testMessage(2, { route: 'other', openedMs: 5, closedMs: 10 }),
          testMessage(3, { openedMs: 10, closedMs: 15 }),
        ],
      ),
    })
    engine.handle({ type: 'select', messageId: 1 })
    for (const direction of [1, 1, 1, -1] as const) engine.handle({ type: 'step', direction })
    expect(posted.flatMap((message) => (message.type === 'picked' ? [message.messageId] : []))).toEqual([
      1, 3, 1,
    ])
  })
})
