import { expect, test } from 'vitest'
import type { FrameEvent } from '../../shared/model/trace'
import { TraceScript } from '../../testing/trace-script'
import { Capture } from './capture'
import { EarlyChunks } from './early-chunks'
import type { LaneReader } from './lane-reader'

function early() {
  const capture = new Capture()
  const script = new TraceScript(capture.observe)
  const chunk = (messageKey: number, chunkIndex: number): void =>
    script.frame({
      dir: 'in',
      ref: `ref${messageKey}`,
      messageKey,
      chunkIndex,
      bodyOffset: chunkIndex * 100,
    })
  return { capture, script, chunk }
}

const idsIn = (reader: LaneReader): number[] => [...(reader.take(0)?.messageIds ?? [])]

test('lanes wait before a chunk whose head is to come, and then have all of them with their message', () => {
  const { capture, script, chunk } = early()
  script.opened({ messageKey: 1, dir: 'in' })
  chunk(1, 0)
  const reader = capture.readLanes(0)
  chunk(2, 0)
  chunk(1, 1)
  chunk(2, 1)
  expect(idsIn(reader)).toEqual([1])
  script.opened({ messageKey: 2, dir: 'in' })
  expect(idsIn(reader)).toEqual([2, 1, 2])
  expect(capture.rows(0, 9).map(({ chunks, doneBytes }) => [chunks, doneBytes])).toEqual([
    [2, 200],
    [2, 200],
  ])
})

test('the time of a message whose chunks are ahead of its head begins with the first of them', () => {
  const { capture, script, chunk } = early()
  script.nowMs = 10
  chunk(1, 0)
  script.nowMs = 30
  script.opened({ messageKey: 1, dir: 'in' })
  const { timing } = capture.detail(1)
  expect([timing.openedMs, timing.firstChunkMs]).toEqual([30, 10])
  expect(capture.explain(1, 40, null).fromMs).toBe(10)
})

test.each([
  [
    'a fault says that it is dropped',
    0,
    ({ script }: ReturnType<typeof early>) => script.fault({ ref: 'ref1' }),
  ],
  ['it waits for more than 2 s', 2001, ({ chunk }: ReturnType<typeof early>) => chunk(9, 1)],
  ['its link is forgotten', 0, ({ capture }: ReturnType<typeof early>) => capture.forgetLink(1)],
])('a chunk stays without a message when %s', (_why, nowMs, end) => {
  const parts = early()
  const { capture, script, chunk } = parts
  const reader = capture.readLanes(0)
  chunk(1, 0)
  script.nowMs = nowMs
  expect(idsIn(reader)).toEqual([])
  end(parts)
  expect(idsIn(reader)[0]).toBe(0)
  script.opened({ messageKey: 1, dir: 'in' })
  expect(capture.rows(0, 1)).toMatchObject([{ chunks: 0 }])
})

test('a chunk waits for its head up to 2 s', () => {
  const { capture, script, chunk } = early()
  chunk(1, 0)
  script.nowMs = 2000
  chunk(1, 1)
  script.opened({ messageKey: 1, dir: 'in' })
  expect(capture.rows(0, 1)).toMatchObject([{ chunks: 2 }])
})

test('a chunk of a message that is forgotten waits for nothing: it does not begin one', () => {
  const { capture, chunk } = early()
  const reader = capture.readLanes(0)
  chunk(7, 3)
  expect(idsIn(reader)).toEqual([0])
})

test('clearing forgets what waits, and lanes go on', () => {
  const { capture, script, chunk } = early()
  const reader = capture.readLanes(0)
  chunk(1, 0)
  capture.clear(0)
  script.opened({ messageKey: 1, dir: 'in' })
  chunk(1, 1)
  expect(idsIn(reader)).toEqual([1])
})

test('16 384 chunks wait; one more gives up the message that waits longest', () => {
  const waiting = new EarlyChunks()
  const frame = (messageKey: number, chunkIndex: number): FrameEvent => ({
    type: 'frame',
    linkId: 1,
    atMs: 0,
    dir: 'in',
    frameKind: 'data',
    streamOffset: 0,
    wireBytes: 10,
    payloadBytes: 1,
    ref: `ref${messageKey}`,
    messageKey,
    chunkIndex,
    bodyOffset: chunkIndex,
    isLast: false,
    startMs: 0,
    endMs: 0,
  })
  waiting.add(frame(1, 0), 0, 0)
  for (let index = 0; index < 16_383; index++) waiting.add(frame(2, index), index + 1, 0)
  expect(waiting.firstRow).toBe(0)
  waiting.add(frame(2, 16_383), 16_384, 0)
  expect(waiting.firstRow).toBe(1)
  expect(waiting.claim(1, 1)).toHaveLength(0)
  expect(waiting.claim(1, 2)).toHaveLength(16_384)
  expect(waiting.firstRow).toBe(Number.POSITIVE_INFINITY)
})
