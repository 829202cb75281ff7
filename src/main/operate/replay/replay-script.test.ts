import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { utf8 } from '../../../shared/bytes'
import type { MessageKind, TraceEvent } from '../../../shared/model/trace'
import { headersText, ScriptReader } from './replay-script'
import { TheirMessages } from './their-messages'

interface Said {
  readonly key: number
  readonly dir: 'in' | 'out'
  readonly kind: MessageKind
  readonly route?: string
  readonly answers?: number
  readonly body?: string
}

const opened = (atMs: number, { key, dir, kind, route = 'r', answers = 0 }: Said): TraceEvent => ({
  type: 'message-opened',
  linkId: 1,
  atMs,
  dir,
  messageKey: key,
  ref: `ref${key}`,
  route,
  kind,
  priority: 3,
  headers: {},
  correlationId: '',
  declaredBytes: null,
  answersKey: answers,
})

const closed = (
  atMs: number,
  { key, dir, body = 'x' }: Said,
  outcome: 'complete' | 'cancelled' = 'complete',
): TraceEvent => ({
  type: 'message-closed',
  linkId: 1,
  atMs,
  dir,
  messageKey: key,
  outcome,
  code: null,
  bodyBytes: body.length,
  body: utf8(body),
})

const whole = (atMs: number, said: Said): TraceEvent[] => [opened(atMs, said), closed(atMs, said)]

function scriptOf(side: 'host' | 'device', events: readonly TraceEvent[]) {
  const reader = new ScriptReader(side)
  for (const event of events) reader.take(event)
  return reader.script()
}

describe('what a run sends', () => {
  const exchange = [
    ...whole(10, { key: 1, dir: 'out', kind: 'request', route: 'a' }),
    ...whole(11, { key: 2, dir: 'out', kind: 'request', route: 'b' }),
    ...whole(15, { key: 3, dir: 'in', kind: 'response', route: 'b', answers: 2, body: 'B' }),
    ...whole(16, { key: 4, dir: 'in', kind: 'request', route: 'device' }),
    ...whole(17, { key: 5, dir: 'out', kind: 'response', route: 'device', answers: 4 }),
    ...whole(20, { key: 6, dir: 'out', kind: 'request', route: 'c' }),
    ...whole(21, { key: 7, dir: 'in', kind: 'response', route: 'a', answers: 1, body: 'A' }),
    ...whole(30, { key: 8, dir: 'out', kind: 'event', route: 'd' }),
  ]

  test('a step waits for the answers that came between the step before and itself', () => {
    const { steps, own, theirs } = scriptOf('host', exchange)
    const facts = steps.map(({ message, afterAnswers, answers, answerRank }) => [
      message.route,
      message.atMs,
      afterAnswers,
      answers.length,
      answerRank,
    ])
    expect(facts).toEqual([
      ['a', 0, [], 1, 1],
      ['b', 1, [], 1, 0],
      ['c', 10, [1], 0, -1],
      ['d', 20, [0], 0, -1],
    ])
    expect(own.map(({ role, message }) => `${role} ${message.route} ${message.place}`)).toEqual([
      'step a 0',
      'step b 1',
      'answer device 2',
      'step c 3',
      'step d 4',
    ])
    expect(theirs.map(({ route, answers }) => [route, answers.length])).toEqual([['device', 1]])
  })

  test('as the device answers belong to the requests that they answered, and the request of the device to nobody', () => {
    const { own, theirs, steps } = scriptOf('device', exchange)
    expect(own.map(({ role, message }) => `${role} ${message.route}`)).toEqual([
      'answer b',
      'step device',
      'answer a',
    ])
    expect(theirs.map(({ route, answers }) => [route, answers.length])).toEqual([
      ['a', 1],
      ['b', 1],
      ['c', 0],
      ['d', 0],
    ])
    expect(steps[0]!.afterTheirs).toEqual([0, 1])
  })

  test('what is not whole, or answers what came before the recording, is left out and counted', () => {
    const half: Said = { key: 2, dir: 'out', kind: 'request' }
    const { own, skipped } = scriptOf('host', [
      ...whole(1, { key: 1, dir: 'out', kind: 'request' }),
      opened(2, half),
      closed(3, half, 'cancelled'),
      opened(4, { key: 3, dir: 'out', kind: 'event' }), // it was still on its way at the end
      closed(5, { key: 9, dir: 'out', kind: 'event' }), // it began before the recording
      ...whole(6, { key: 4, dir: 'out', kind: 'response', answers: 77 }),
    ])
    expect(own.length).toBe(1)
    expect(skipped).toBe(4)
  })

  test('a recording in which this side said nothing makes no run', () => {
    const events = whole(1, { key: 1, dir: 'in', kind: 'event' })
    expect(() => scriptOf('host', events)).toThrow(expect.objectContaining({ code: 'REPLAY_EMPTY' }))
    expect(scriptOf('device', events).own.length).toBe(1)
  })

  test('as much as the limits allow is taken, and not a message or a byte more', () => {
    const events = [1, 2, 3].flatMap((key) => whole(key, { key, dir: 'out', kind: 'event', body: '12345' }))
    const take = (limits: { messages: number; bytes: number }) => {
      const reader = new ScriptReader('host', null, limits)
      for (const event of events) reader.take(event)
      return reader.script().own.length
    }
    expect(take({ messages: 3, bytes: 15 })).toBe(3)
    for (const limits of [
      { messages: 2, bytes: 15 },
      { messages: 3, bytes: 14 },
    ]) {
      expect(() => take(limits)).toThrow(expect.objectContaining({ code: 'REPLAY_TOO_LARGE' }))
    }
  })
})

test('headers are the same in whatever order they stand', () => {
  expect(headersText({ b: 1n, a: { y: 1, x: [2] } })).toBe(headersText({ a: { y: 1, x: [2] }, b: 1n }))
  expect(headersText({ a: 1 })).not.toBe(headersText({ a: '1' }))
})

test('messages of a peer are recognised once each, whatever order they come in', () => {
  const recorded = ['a', 'b', 'a', 'c', 'a'].map((route, index) => ({
    index,
    route,
    kind: 'request' as const,
    headers: {},
    bodyBytes: 1,
    digest: `${index}`,
    atMs: index,
    answers: [],
  }))
  fc.assert(
    fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), (order) => {
      const theirs = new TheirMessages(recorded)
      for (const index of order) {
        const found = theirs.recognise(recorded[index]!)
        expect(found).toMatchObject({ theirs: { index }, difference: '' })
      }
      expect(theirs.left).toBe(0)
      expect(theirs.missing()).toEqual([])
      expect(theirs.recognise(recorded[0]!)).toBeUndefined()
    }),
  )
  const theirs = new TheirMessages(recorded)
  expect(theirs.recognise({ ...recorded[4]!, digest: 'other' })).toMatchObject({
    theirs: { index: 0 },
    isEarly: false,
    difference: 'another body of the same length',
  })
})
