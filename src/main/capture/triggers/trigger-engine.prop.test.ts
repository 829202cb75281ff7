import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  MIN_COOLDOWN_MS,
  NO_TRIGGER_ACTIONS,
  type Trigger,
  TRIGGER_MOMENTS,
  type TriggerMoment,
} from '../../../shared/model/triggers'
import type { MessageRow } from '../../../shared/model/views'
import { TraceScript } from '../../../testing/trace-script'
import { VirtualClock } from '../../../testing/virtual-clock'
import { Capture } from '../capture'
import { TriggerEngine } from './trigger-engine'
import { TriggerFilters } from './trigger-filters'

/** A filter twice: in its language, and over rows as anybody would write it. */
interface Rule {
  readonly filter: string
  readonly holds: (row: MessageRow) => boolean
  /** The answer may be another later on: held against the message at once or not at all. */
  readonly changes?: boolean
}

const RULES: readonly Rule[] = [
  { filter: 'msg.route == "b"', holds: ({ route }) => route === 'b' },
  { filter: 'msg.route in {"a", "c"} and msg.size > 5', holds: (r) => r.route !== 'b' && r.bodyBytes > 5 },
  { filter: 'text contains "hot"', holds: ({ preview }) => preview.includes('hot') },
  {
    filter: 'msg.dir == "out" or bytes contains 68:6f',
    holds: (r) => r.dir === 'out' || r.preview.includes('ho'),
  },
  { filter: 'msg.status == "received"', holds: ({ status }) => status === 'received', changes: true },
  { filter: 'msg.status == "answered" and rep', holds: (r) => r.status === 'answered', changes: true },
  { filter: 'msg.rtt >= 5ms', holds: ({ roundTripMs }) => (roundTripMs ?? 0) >= 5, changes: true },
  { filter: '~m', holds: () => false, changes: true },
]
const BODIES = ['', 'hot', 'hold on', 'cold and long enough']

const given = fc.record({
  rule: fc.constantFrom(...RULES),
  moment: fc.constantFrom(...TRIGGER_MOMENTS),
  fires: fc.constantFrom<Trigger['fires']>('always', 'once'),
  cooldownMs: fc.integer({ min: MIN_COOLDOWN_MS, max: 400 }),
})
const step = fc.record({
  what: fc.constantFrom('open', 'open', 'request', 'close', 'close', 'close', 'answer', 'look', 'clear'),
  pick: fc.nat(1000),
  route: fc.constantFrom('a', 'b', 'c'),
  body: fc.constantFrom(...BODIES),
  gapMs: fc.integer({ min: 0, max: 90 }),
})

interface Opened {
  readonly key: number
  readonly dir: 'in' | 'out'
  readonly isRequest: boolean
}

test('exactly the messages fire that match when they reach their moment, but for cooldowns', () => {
  let fired = 0
  const property = fc.property(
    fc.array(given, { minLength: 1, maxLength: 5 }),
    fc.array(step, { minLength: 20, maxLength: 60 }),
    fc.boolean(),
    (rules, steps, isPrompt) => {
      const clock = new VirtualClock()
      const capture = new Capture({
        messages: 256,
        messageSegmentRows: 128,
        chunks: 256,
        chunkSegmentRows: 128,
      })
      const script = new TraceScript(capture.observe)
      const source = capture.subjectSource({
        nowMs: () => clock.nowMs(),
        dayStartMs: 0,
        linkOf: () => undefined,
      })
      const got: string[] = []
      const filters = new TriggerFilters(source)
      const engine = new TriggerEngine(clock, filters, {
        fired: ({ triggerId }, { messageId }) => got.push(`${triggerId}:${messageId}`),
        counted: () => {},
      })
      capture.hearMoments(engine)
      const chosen = rules.map((each, at) => {
        // whoever looks later finds what may have changed in between
        const steady = each.moment === 'opened' ? RULES[0]! : each.rule.changes ? RULES[at % 4]! : each.rule
        const rule = isPrompt ? each.rule : steady
        const trigger: Trigger = {
          ...each,
          triggerId: `t${at}`,
          name: '',
          filter: rule.filter,
          actions: NO_TRIGGER_ACTIONS,
          isEnabled: true,
        }
        return { trigger, rule, lastMs: Number.NEGATIVE_INFINITY, matched: 0, fired: 0 }
      })
      engine.arm(chosen.map(({ trigger }) => ({ trigger, filter: filters.compile(trigger.filter) })))

      const expected: string[] = []
      const reached = (key: number, moment: TriggerMoment): void => {
        const id = capture.messageIdOf(1, key)
        const row = capture.rows(0, 1000).find((each) => each.id === id)!
        for (const each of chosen) {
          if (each.trigger.moment !== moment || !each.rule.holds(row)) continue
          each.matched += 1
          if (each.trigger.fires === 'once' && each.fired > 0) continue
          if (script.nowMs - each.lastMs < each.trigger.cooldownMs) continue
          each.lastMs = script.nowMs
          each.fired += 1
          expected.push(`${each.trigger.triggerId}:${id}`)
        }
      }
      let open: Opened[] = []
      let waiting: Opened[] = []
      let nextKey = 1
      const opened = (message: Opened, route: string, answersKey = 0): void => {
        open.push(message)
        const kind = answersKey > 0 ? 'response' : message.isRequest ? 'request' : 'event'
        script.opened({
          messageKey: message.key,
          dir: message.dir,
          route,
          kind,
          answersKey,
          correlationId: `${message.key}`,
        })
        reached(message.key, 'opened')
      }
      const closed = (message: Opened, body: string): void => {
        open = open.filter((other) => other !== message)
        script.closed({ messageKey: message.key, dir: message.dir }, body)
        reached(message.key, 'closed')
        if (!message.isRequest) reached(message.key, 'settled')
        else waiting.push(message)
      }
      for (const { what, pick, route, body, gapMs } of steps) {
        script.nowMs += gapMs
        const target = open[pick % Math.max(1, open.length)]
        const request = waiting[pick % Math.max(1, waiting.length)]
        if (what === 'open') opened({ key: nextKey++, dir: 'in', isRequest: false }, route)
        else if (what === 'request') opened({ key: nextKey++, dir: 'out', isRequest: true }, route)
        else if (what === 'close' && target !== undefined) closed(target, body)
        else if (what === 'answer' && request !== undefined) {
          waiting = waiting.filter((other) => other !== request)
          const answer: Opened = { key: nextKey++, dir: 'in', isRequest: false }
          opened(answer, route, request.key)
          if (isPrompt) clock.advanceBy(0)
          closed(answer, body)
          if (isPrompt) clock.advanceBy(0)
          script.settled({ requestKey: request.key, answerKey: answer.key, roundTripMs: pick % 10 })
          reached(request.key, 'settled')
        } else if (what === 'clear') {
          clock.advanceBy(0)
          capture.clear(clock.nowMs())
        }
        if (isPrompt || what === 'look') clock.advanceBy(0)
      }
      clock.advanceBy(0)
      fired += got.length
      expect([...got].sort()).toEqual(expected.sort())
      expect(engine.skipped).toBe(0)
      for (const { trigger, matched, fired: times } of chosen) {
        expect(engine.countsOf(trigger.triggerId)).toMatchObject({ matched, fired: times })
      }
    },
  )
  fc.assert(property, { seed: 41, numRuns: 100 })
  fc.assert(property, { numRuns: 100 })
  expect(fired).toBeGreaterThan(200)
})
