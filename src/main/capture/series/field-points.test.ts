import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileFilter } from '../../../shared/filter'
import { TraceScript } from '../../../testing/trace-script'
import { VirtualClock } from '../../../testing/virtual-clock'
import { Capture } from '../capture'
import { viewLanguage } from '../views/view-language'
import { decimate } from './decimate'
import { fieldPoints } from './field-points'
import { numericFields } from './numeric-fields'

function telemetry(count: number) {
  const capture = new Capture()
  const script = new TraceScript(capture.observe)
  for (let key = 1; key <= count; key++) {
    script.nowMs = key * 10
    const route = key % 2 === 0 ? 'telemetry' : 'log'
    script.message(
      { messageKey: key, dir: 'in', route },
      `{"temp": {"value": ${key / 4}}, "ok": true, "name": "a"}`,
    )
  }
  const clock = new VirtualClock()
  clock.advanceTo(count * 10)
  const language = viewLanguage(
    capture.subjectSource({ linkOf: () => undefined, nowMs: () => clock.nowMs(), dayStartMs: 0 }),
  )
  const ask = (filter: string, field: string, given: Partial<Parameters<typeof fieldPoints>[1]> = {}) =>
    fieldPoints(
      capture.viewSource,
      {
        filter: language.filter(filter),
        numberOf: language.numberOf(field),
        linkId: null,
        fromMs: 0,
        toMs: clock.nowMs(),
        limit: 100_000,
        bins: 2000,
        ...given,
      },
      clock,
    )
  return { capture, script, language, ask }
}

describe('numbers out of messages', () => {
  test('come in order of time with their messages, of those that match', async () => {
    const points = await telemetry(6).ask('msg.route == "telemetry"', 'body.temp.value')
    expect(points).toEqual({
      atMs: Float64Array.of(20, 40, 60),
      values: Float64Array.of(0.5, 1, 1.5),
      messageIds: Uint32Array.of(2, 4, 6),
      of: 3,
      withoutNumber: 0,
      isPartial: false,
      openFromMs: null,
    })
  })

  test('keep to the span, to the newest of a limit, and to their link', async () => {
    const { ask } = telemetry(20)
    const span = await ask('', 'body.temp.value', { fromMs: 50, toMs: 80 })
    expect([...span.messageIds]).toEqual([5, 6, 7, 8])
    const newest = await ask('', 'body.temp.value', { limit: 3 })
    expect([[...newest.messageIds], newest.isPartial]).toEqual([[18, 19, 20], true])
    expect((await ask('', 'body.temp.value', { linkId: 2 })).of).toBe(0)
  })

  test('tell apart what is a number, what is true, and what is neither', async () => {
    const { ask, script } = telemetry(4)
    expect((await ask('', 'body.name')).withoutNumber).toBe(4)
    expect([...(await ask('', 'body.ok')).values]).toEqual([1, 1, 1, 1])
    script.nowMs = 35
    script.opened({ messageKey: 9, dir: 'in', route: 'telemetry' })
    expect((await ask('body.ok == true', 'body.temp.value')).openFromMs).toBe(35)
    expect(() => ask('', 'no == field')).toThrow('there is no field')
  })

  test('are offered by route with their latest value', () => {
    const { capture } = telemetry(6)
    expect(numericFields(capture.viewSource, null)).toEqual([
      { route: 'log', field: 'body.temp.value', example: 1.25 },
      { route: 'telemetry', field: 'body.temp.value', example: 1.5 },
    ])
  })

  test('are all fields that the filter language can read back', () => {
    const { capture, script } = telemetry(0)
    script.message({ messageKey: 1 }, '{"a b": {"ä": [1, {"x-y": 2}]}, "1": 3, "__proto__": {"n": 4}}')
    const fields = numericFields(capture.viewSource, null).map(({ field }) => field)
    expect(fields.length).toBe(4)
    for (const field of fields) expect(compileFilter(`${field} > 0`).ok).toBe(true)
  })
})

test('thinned points keep the order and every part its least and its most', () => {
  const column = fc.array(fc.record({ waitMs: fc.nat(50), value: fc.integer({ min: -99, max: 99 }) }), {
    maxLength: 300,
  })
  fc.assert(
    fc.property(column, fc.integer({ min: 1, max: 20 }), (steps, bins) => {
      let nowMs = 0
      const times = steps.map(({ waitMs }) => (nowMs += waitMs))
      const points = {
        atMs: Float64Array.from(times),
        values: Float64Array.from(steps, ({ value }) => value),
        messageIds: Uint32Array.from(steps, (_, at) => at + 1),
      }
      const kept = decimate(points, bins)
      expect(kept.atMs.length).toBeLessThanOrEqual(Math.max(2 * bins, 0))
      expect([...kept.messageIds]).toEqual([...kept.messageIds].sort((a, b) => a - b))
      for (const [at, id] of kept.messageIds.entries()) {
        expect([kept.atMs[at], kept.values[at]]).toEqual([points.atMs[id - 1], points.values[id - 1]])
      }
      expect(Math.max(...kept.values)).toBe(Math.max(...points.values))
      expect(Math.min(...kept.values)).toBe(Math.min(...points.values))
    }),
  )
})
