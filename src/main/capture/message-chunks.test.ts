import { expect, test } from 'vitest'
import { TraceScript } from '../../testing/trace-script'
import { Capture } from './capture'

test('a message tells where its body was cut, without repeats, control frames and chunks of others', () => {
  const capture = new Capture()
  const script = new TraceScript(capture.observe)
  script.opened({ messageKey: 1, declaredBytes: 250 })
  script.opened({ messageKey: 2, declaredBytes: 100 })
  script.frame({ messageKey: 1, payloadBytes: 0 })
  script.nowMs = 5
  script.frame({ messageKey: 1, payloadBytes: 100, bodyOffset: 0, endMs: 7 })
  script.frame({ messageKey: 2, payloadBytes: 100 })
  script.frame({ messageKey: 1, payloadBytes: 100, bodyOffset: 0, isRepeat: true })
  script.nowMs = 9
  script.frame({ messageKey: 1, payloadBytes: 150, bodyOffset: 100, chunkIndex: 1, endMs: 12, isLast: true })
  script.closed({ messageKey: 1 }, 'x'.repeat(250))
  expect(capture.chunksOf(1)).toEqual({
    bodyOffsets: Float64Array.of(0, 100),
    payloadBytes: Uint32Array.of(100, 150),
    startMs: Float64Array.of(5, 9),
    endMs: Float64Array.of(7, 12),
    isTruncated: false,
  })
  expect(() => capture.chunksOf(9)).toThrow('message #9 is not in memory')
})

test('a message that has not begun has no chunks', () => {
  const capture = new Capture()
  const script = new TraceScript(capture.observe)
  script.opened({ messageKey: 1 })
  expect(capture.chunksOf(1).bodyOffsets).toHaveLength(0)
})

test('the previous message has the same route, direction and kind, and a body', () => {
  const capture = new Capture()
  const script = new TraceScript(capture.observe)
  const said = (messageKey: number, given: { route?: string; kind?: 'event' | 'request' } = {}): void => {
    script.opened({ messageKey, route: 'temp', ...given })
    script.frame({ messageKey, payloadBytes: 2 })
    script.closed({ messageKey }, '{}')
  }
  said(1)
  said(2, { route: 'other' })
  said(3, { kind: 'request' })
  script.opened({ messageKey: 4, route: 'temp' }) // its body has not come
  said(5)
  said(6)
  expect(capture.previousOf(6)).toBe(5)
  expect(capture.previousOf(5)).toBe(1)
  expect(capture.previousOf(1)).toBeNull()
})
