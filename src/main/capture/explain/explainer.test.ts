import { describe, expect, test } from 'vitest'
import type { Explanation, ExplanationPartName } from '../../../shared/model/explanation'
import { explanationMarkdown } from '../../../shared/model/explanation-markdown'
import { TraceScript } from '../../../testing/trace-script'
import { Capture } from '../capture'

/** 10 bytes take a millisecond. */
const RATE = { baud: 100_000, bitsPerByte: 10 }

const partsOf = ({ parts }: Explanation): Partial<Record<ExplanationPartName, number>> =>
  Object.fromEntries(parts.map(({ name, ms }) => [name, Math.round(ms * 1e6) / 1e6]))

function recorded(limits: ConstructorParameters<typeof Capture>[0] = {}) {
  const capture = new Capture(limits)
  const script = new TraceScript(capture.observe)
  const frame = (messageKey: number, startMs: number, endMs: number, more: object = {}): void => {
    script.frame({
      messageKey,
      startMs,
      endMs,
      wireBytes: (endMs - startMs) * 10,
      payloadBytes: (endMs - startMs) * 10,
      ...more,
    })
  }
  const explain = (key: number, nowMs = script.nowMs): Explanation =>
    capture.explain(capture.messageIdOf(1, key), nowMs, RATE)
  return { capture, script, frame, explain }
}

describe('a message that waited', () => {
  const waiting = () => {
    const given = recorded()
    const { script, frame } = given
    script.opened({ messageKey: 1, route: 'fw', priority: 7 })
    frame(1, 0, 26)
    script.nowMs = 4
    script.opened({ messageKey: 2, route: 'cfg', priority: 0 })
    script.nowMs = 25
    script.closed({ messageKey: 2 })
    frame(2, 26, 30, { isLast: true, payloadBytes: 30 })
    script.nowMs = 31
    return given
  }

  test('names the chunk it waited for, its bytes, its time and the speed of the line', () => {
    const explanation = waiting().explain(2)
    expect(partsOf(explanation)).toEqual({ blocked: 22, wire: 3, overhead: 1 })
    expect(explanation.sentence.replaceAll('\u00a0', ' ')).toBe(
      'Waited for the rest of one 260-byte chunk of fw (#1, priority 7) = 22.0 ms at 100 000 baud.',
    )
    expect(explanation.suggestion.replaceAll('\u00a0', ' ')).toBe(
      'At 921 600 baud the wait would have been 2.4 ms.',
    )
    expect(explanation.main).toBe('blocked')
    expect(explanation.lanes.map(({ role, spansMs }) => [role, ...spansMs])).toEqual([
      ['own', 26, 30],
      ['blocker', 4, 26],
    ])
  })

  test('learns where the protocol does not interleave, instead of what a priority would have done', () => {
    const { capture, script } = waiting()
    const explained = (key: number): Explanation =>
      capture.explain(capture.messageIdOf(1, key), script.nowMs, null, 'none')
    expect(explained(2).suggestion).toContain('This protocol does not interleave')
    expect(explained(2).suggestion).toContain('until the frame before it has passed')
    script.opened({ messageKey: 3, route: 'msg:news', dir: 'in' })
    script.frame({
      messageKey: 3,
      dir: 'in',
      startMs: 40,
      endMs: 90,
      wireBytes: 100_000,
      payloadBytes: 99_968,
    })
    script.nowMs = 90
    script.closed({ messageKey: 3, dir: 'in' })
    expect(explained(3).suggestion).toContain('one frame, and nothing else of this direction came meanwhile')
  })

  test('learns what the fragments of a Socket.D peer cost, where they are larger than ours', () => {
    const { capture, script } = waiting()
    const explained = (key: number): string =>
      capture.explain(capture.messageIdOf(1, key), script.nowMs, null, 'fragments').suggestion
    expect(explained(2)).toBe('') // what it waited for is no longer than a fragment of ours
    const incoming = (messageKey: number, startMs: number, wireBytes: number): void => {
      script.opened({ messageKey, route: 'big', dir: 'in' })
      const frame = { messageKey, dir: 'in' as const, startMs, endMs: startMs + 50 }
      script.frame({ ...frame, wireBytes, payloadBytes: wireBytes - 40 })
      script.nowMs = startMs + 50
      script.closed({ messageKey, dir: 'in' })
    }
    incoming(3, 40, 64 * 1024 + 40)
    incoming(4, 100, 2_000_000)
    expect(explained(3)).toBe('')
    expect(explained(4)).toMatch(/2.000.000.B held the line/)
    expect(explained(4)).toContain('cut above 16 MiB only')
  })

  test('is explained so far while it is under way', () => {
    const { explain } = waiting()
    const early = explain(2, 10)
    expect([early.isOver, early.totalMs, partsOf(early)]).toEqual([false, 6, { blocked: 6 }])
    expect(early.sentence).toContain('Is waiting for')
  })

  test('reads in Markdown as a table whose rows add up, with the text of the peer made harmless', () => {
    const { script, frame, explain } = waiting()
    script.opened({ messageKey: 3, route: '[x](y)|`\n' })
    frame(3, 40, 41, { isLast: true })
    script.closed({ messageKey: 3 })
    script.nowMs = 50
    const text = explanationMarkdown(explain(2))
    expect(text).toContain('### Why \\#2 cfg took 26.0 ms')
    expect(text).toContain('| Blocked by others | 22.0 ms | 85 % |')
    expect(text).toContain('| – by \\#1 fw, priority 7, 220 B | 22.0 ms | 85 % |')
    expect(text).toContain('| **Total** | **26.0 ms** | |')
    expect(explanationMarkdown(explain(3)).split('\n')[0]).toBe(
      '### Why \\#3 \\[x\\]\\(y\\)\\|\\`  took 10.0 ms',
    )
  })
})

test('of equals in the way it says which priority would have cut in', () => {
  const { script, frame, explain } = recorded()
  script.opened({ messageKey: 1, route: 'log', priority: 3 })
  for (let at = 0; at < 100; at += 10) frame(1, at, at + 10)
  script.opened({ messageKey: 2, route: 'cfg', priority: 3 })
  script.closed({ messageKey: 2 })
  frame(2, 100, 102, { isLast: true })
  script.nowMs = 110
  expect(explain(2).suggestion.replaceAll('\u00a0', ' ')).toBe(
    'Priority 2 would have cut in after one chunk: the wait would have been at most 20.0 ms.',
  )
})

test('a subscription that was answered and goes on is not said to have no answer', () => {
  const { script, frame, explain } = recorded()
  script.opened({ messageKey: 1, kind: 'request', correlationId: 'x' })
  script.closed({ messageKey: 1 })
  frame(1, 0, 10, { isLast: true })
  script.nowMs = 50
  expect(explain(1).sentence).toContain('nothing of an answer has come')
  script.opened({ messageKey: 2, kind: 'response', dir: 'in', answersKey: 1 })
  frame(2, 50, 54, { dir: 'in', isLast: true })
  script.nowMs = 55
  script.closed({ messageKey: 2, dir: 'in' })
  const { isOver, main, sentence } = explain(1)
  expect([isOver, main]).toEqual([false, 'peer'])
  expect(sentence).toContain('was answered, and more answers may come')
})

test('a request divides into its way, the peer, the answer and those before it, and decoding', () => {
  const { script, frame, explain } = recorded()
  script.opened({ messageKey: 1, kind: 'request', correlationId: 'x' })
  script.closed({ messageKey: 1 })
  frame(1, 0, 10, { isLast: true })
  script.nowMs = 25
  script.opened({ messageKey: 2, kind: 'response', dir: 'in', answersKey: 1 })
  frame(2, 20, 24, { dir: 'in' })
  frame(3, 24, 30, { dir: 'in' })
  frame(2, 30, 34, { dir: 'in', isLast: true })
  script.nowMs = 35
  script.closed({ messageKey: 2, dir: 'in' })
  script.settled({ requestKey: 1, answerKey: 2, roundTripMs: 35 })
  expect(partsOf(explain(1))).toEqual({
    wire: 10,
    peer: 10,
    'answer-wire': 8,
    'answer-blocked': 6,
    decode: 1,
  })
  expect(partsOf(explain(2))).toEqual({ wire: 8, blocked: 6, decode: 1 })
})

test('a request that nothing came back for says so, and time without a connection is not blamed on anybody', () => {
  const { script, frame, explain } = recorded()
  script.state('connected')
  script.opened({ messageKey: 1, kind: 'request', correlationId: 'x' })
  script.closed({ messageKey: 1 })
  frame(1, 0, 10, { isLast: true })
  script.nowMs = 20
  script.state('waiting')
  script.nowMs = 50
  script.state('connected')
  script.nowMs = 100
  script.settled({ requestKey: 1, code: 'REQUEST_TIMEOUT' })
  const explanation = explain(1)
  expect(partsOf(explanation)).toEqual({ wire: 10, 'link-down': 30, unknown: 60 })
  expect(explanation.missing).toContain('Nothing ever came back')
})

test('where the chunks went to make room, that time is unknown and it says so', () => {
  const { script, frame, explain } = recorded({ chunks: 4, chunkSegmentRows: 4 })
  script.opened({ messageKey: 1 })
  for (let at = 0; at < 80; at += 10) frame(1, at, at + 10, { isLast: at === 70 })
  script.closed({ messageKey: 1 })
  script.nowMs = 80
  const explanation = explain(1)
  expect(partsOf(explanation)).toEqual({ unknown: 40, wire: 40 })
  expect(explanation.missing.replaceAll('\u00a0', ' ')).toContain(
    'The chunks of the first 40.0 ms went to make room',
  )
})

test('on sockets no time on the line is made up', () => {
  const { script, frame, explain } = recorded()
  script.opened({ messageKey: 1 })
  script.nowMs = 5
  script.closed({ messageKey: 1 })
  frame(1, 5, 5, { isLast: true, wireBytes: 40 })
  const explanation = explain(1)
  expect([explanation.isLineTimed, explanation.baud, partsOf(explanation)]).toEqual([
    false,
    null,
    { queued: 5 },
  ])
})

test('a message that is not kept cannot be explained', () => {
  const { capture } = recorded()
  expect(() => capture.explain(7, 0, null)).toThrow(expect.objectContaining({ code: 'MESSAGE_UNKNOWN' }))
})
