import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TraceEvent } from '../../../shared/model/trace'
import { TraceScript } from '../../../testing/trace-script'
import { EventPack } from './event-pack'
import { FlightRecorder } from './flight-recorder'

const whole = fc.nat(2 ** 31)
const ms = fc.double({ min: 0, max: 1e9, noNaN: true })
const base = { linkId: whole, atMs: ms, dir: fc.constantFrom('in' as const, 'out' as const) }
const bytes = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 2049, maxLength: 2600 }))
const text = fc.string({ unit: 'binary', maxLength: 8 })

const event: fc.Arbitrary<TraceEvent> = fc.oneof(
  fc
    .record({ ...base, streamOffset: whole, bytes: fc.uint8Array({ maxLength: 3000 }) })
    .map((given) => ({ type: 'bytes' as const, byteCount: given.bytes.length, ...given })),
  fc
    .record({
      ...base,
      type: fc.constant('frame' as const),
      frameKind: fc.constantFrom('data', 'mission'),
      streamOffset: fc.double({ min: 0, max: 2 ** 53 - 1, noNaN: true }).map(Math.floor),
      wireBytes: whole,
      payloadBytes: whole,
      ref: text,
      messageKey: whole,
      chunkIndex: fc.integer({ min: -1, max: 9 }),
      bodyOffset: whole,
      isLast: fc.boolean(),
      isRepeat: fc.constantFrom(true, false, undefined),
      startMs: ms,
      endMs: ms,
    })
    .map(({ isRepeat, ...frame }) => ({ ...frame, ...(isRepeat !== undefined && { isRepeat }) })),
  fc
    .record({
      ...base,
      type: fc.constant('message-opened' as const),
      messageKey: whole,
      ref: text,
      route: text,
      kind: fc.constantFrom('request' as const, 'response' as const, 'event' as const, 'bytes' as const),
      priority: fc.constantFrom(0 as const, 7 as const),
      headers: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.constant(null))),
      correlationId: text,
      declaredBytes: fc.option(whole),
      answersKey: whole,
      isSubscription: fc.boolean(),
    })
    .map(({ isSubscription, ...opened }) => ({ ...opened, ...(isSubscription && { isSubscription }) })),
  fc.record({
    ...base,
    type: fc.constant('message-closed' as const),
    messageKey: whole,
    outcome: fc.constantFrom(
      'complete' as const,
      'cancelled' as const,
      'failed' as const,
      'interrupted' as const,
    ),
    code: fc.constantFrom(null, 'MESSAGE_STALLED' as const),
    bodyBytes: whole,
    body: bytes,
  }),
  fc.record({ ...base, type: fc.constant('queue' as const), queuedBytes: whole, queuedMessages: whole }),
)

describe('packed events', () => {
  test('are read as they were added, before and after there is room for no more', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const pack = new EventPack()
        for (const one of events) pack.add(one)
        expect(pack.events()).toEqual(events)
        const { heldBytes } = pack
        pack.seal()
        expect(pack.events()).toEqual(events)
        expect(pack.heldBytes).toBe(heldBytes)
      }),
      { numRuns: 60 },
    )
  })

  test('do not hold on to the buffers that their bytes came in', () => {
    const pack = new EventPack()
    const script = new TraceScript((one) => pack.add(one))
    const read = new Uint8Array(65_536)
    script.closed({ messageKey: 1 }, read.subarray(10, 30))
    script.closed({ messageKey: 2 }, read.subarray(100, 4000))
    const own = new Uint8Array(5000)
    script.closed({ messageKey: 3 }, own)
    const bodies = pack.events().flatMap((one) => (one.type === 'message-closed' ? one.body : []))
    read.fill(7)
    expect(bodies.map((body) => [body.length, body.every((byte) => byte === 0)])).toEqual([
      [20, true],
      [3900, true],
      [5000, true],
    ])
    expect(bodies[2]).toBe(own)
  })

  test('take less than 600 bytes for a small message: its bytes, its two frames, its beginning and its end', () => {
    const flight = new FlightRecorder()
    const script = new TraceScript(flight.observe)
    const count = 1000
    for (let key = 1; key <= count; key++) {
      script.bytes('in', 80)
      script.opened({ messageKey: key, dir: 'in' })
      script.frame({ messageKey: key, dir: 'in', payloadBytes: 0 })
      script.frame({ messageKey: key, dir: 'in', payloadBytes: 22 })
      script.closed({ messageKey: key, dir: 'in' }, '{"n":1234567,"ok":1}..')
    }
    expect(flight.keptBytes / count).toBeLessThan(600)
    expect(flight.keptBytes / count).toBeGreaterThan(80 + 22 + 2 * 13 * 8)
  })
})
