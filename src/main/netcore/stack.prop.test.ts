import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatBytes, toHex } from '../../shared/bytes'
import type { StackEvent } from '../../shared/model/trace'
import { eventsOf, type ObservedStack, observedStack } from '../../testing/stack-wire'
import { twoUsersAgree } from '../../testing/two-users'
import { encodeCancel, encodeData, encodeMissionHead } from './dialects/lso/encoder'
import type { StackLimits } from './stack-types'

const REFS = ['a', 'b', 'c', 'd'] as const
const ref = fc.constantFrom(...REFS)

describe('a stream of packets, sensible or not', () => {
  const packet = fc.oneof(
    fc.record({ kind: fc.constant('head' as const), ref, bytes: fc.integer({ min: 0, max: 40 }) }),
    fc.record({ kind: fc.constant('data' as const), ref, bytes: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ kind: fc.constant('cancel' as const), ref, bytes: fc.constant(0) }),
    fc.record({ kind: fc.constant('noise' as const), ref, bytes: fc.integer({ min: 1, max: 9 }) }),
  )
  type Packet = typeof packet extends fc.Arbitrary<infer P> ? P : never
  const limits: Partial<StackLimits> = {
    messageBytes: 35,
    reassemblyMessages: 2,
    reassemblyBytes: 40,
    earlyBytes: 30,
    earlyBytesPerMessage: 20,
    rememberedRefs: 2,
  }

  const bytesOf = (each: Packet, index: number): Uint8Array => {
    if (each.kind === 'head') {
      const info =
        index % 3 === 0 ? { route: 'r', message_id: `m${index}` } : { is_response: index % 2 === 0 }
      return concatBytes(encodeMissionHead(each.ref, each.bytes, info).parts)
    }
    if (each.kind === 'cancel') return concatBytes(encodeCancel(each.ref).parts)
    const body = new Uint8Array(each.bytes).fill(index)
    return each.kind === 'noise' ? body : concatBytes(encodeData(each.ref, body).parts)
  }

  function run(pieces: readonly Uint8Array[]): ObservedStack & { bodies: string[] } {
    const observed = observedStack({ limits, codec: { onDamage: 'resync' } })
    const bodies: string[] = []
    observed.stack.onUnrouted((request) => {
      bodies.push(`${request.ref}:${toHex(request.body)}`)
      return { body: request.body }
    })
    observed.stack.connected(0)
    for (const piece of pieces) observed.stack.receive(piece, 5)
    observed.stack.wake(5000)
    observed.stack.disconnected(6000, 'LINK_LOST')
    return { ...observed, bodies }
  }

  /** Without what depends on when the stack was called rather than on the bytes: the moment an answer is queued. */
  const incoming = (events: readonly StackEvent[]): StackEvent[] =>
    events
      .filter((event) => 'dir' in event && event.dir === 'in')
      .map((event) => ('messageKey' in event ? { ...event, messageKey: 0 } : event))

  test('however the wire is cut, the same things happen', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 25 }), cuts, (packets, cut) => {
        const wire = concatBytes([new Uint8Array(0), ...packets.map(bytesOf)])
        const pieces: Uint8Array[] = []
        for (let at = 0, turn = 0; at < wire.length; turn++) {
          const end = at + cut[turn % cut.length]!
          pieces.push(wire.subarray(at, end))
          at = end
        }
        const whole = run([wire])
        const cutUp = run(pieces)
        expect(cutUp.bodies).toEqual(whole.bodies)
        expect(incoming(cutUp.events)).toEqual(incoming(whole.events))
      }),
      { numRuns: 400 },
    )
  })

  test('no limit is ever exceeded, every message ends once, every byte is in a body, a fault, or a cancelled message', () => {
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 40 }), (packets) => {
        const { events } = run([concatBytes([new Uint8Array(0), ...packets.map(bytesOf)])])
        const open = new Set<number>()
        const opened = new Set<number>()
        for (const event of events) {
          if (event.type === 'message-opened' && event.dir === 'in') {
            expect(opened.has(event.messageKey)).toBe(false)
            opened.add(event.messageKey)
            open.add(event.messageKey)
            // A message that is refused is open for as long as it takes to say so.
            expect(open.size).toBeLessThanOrEqual(limits.reassemblyMessages! + 1)
          } else if (event.type === 'message-closed' && event.dir === 'in') {
            expect(open.delete(event.messageKey)).toBe(true)
            expect(event.body.length).toBe(event.bodyBytes)
            expect(event.bodyBytes).toBeLessThanOrEqual(limits.messageBytes!)
            if (event.outcome === 'complete') expect(event.code).toBeNull()
            else expect(event.code).not.toBeNull()
          }
        }
        expect(open.size).toBe(0)
        const frames = eventsOf(events, 'frame').filter((event) => event.dir === 'in')
        const received = frames.reduce((sum, frame) => sum + frame.payloadBytes, 0)
        const inBodies = eventsOf(events, 'message-closed')
          .filter((event) => event.dir === 'in')
          .reduce((sum, event) => sum + event.bodyBytes, 0)
        const lost = eventsOf(events, 'fault')
          .filter((event) => event.ref !== '') // those of the stream count bytes outside packets
          .reduce((sum, event) => sum + event.lostBytes, 0)
        const hasCancel = packets.some((each) => each.kind === 'cancel')
        if (hasCancel) expect(inBodies + lost).toBeLessThanOrEqual(received)
        else expect(inBodies + lost).toBe(received)
      }),
      { numRuns: 800 },
    )
  })
})

describe('two stacks and whatever their users do', () => {
  test('no byte is lost, no order turned, no wait ends twice, no limit is exceeded', async () => {
    await fc.assert(twoUsersAgree(80), { numRuns: 300 })
  })
})
