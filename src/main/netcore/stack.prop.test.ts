import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatBytes, toHex } from '../../shared/bytes'
import { hasCode } from '../../shared/errors'
import type { Priority, StackEvent } from '../../shared/model/trace'
import { eventsOf, type ObservedStack, observedStack, seededRandom } from '../../testing/stack-wire'
import { settlePromises } from '../../testing/virtual-clock'
import { encodeCancel, encodeData, encodeMissionHead } from './dialects/lso/encoder'
import type { OutgoingFrame, StackLimits } from './stack-types'

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
  type Side = 0 | 1
  const side = fc.constantFrom<Side>(0, 1)
  const size = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 300 }), fc.integer({ min: 300, max: 2500 }))
  const operation = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('send' as const), side, size, n: fc.nat(7) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('request' as const), side, size, n: fc.nat(7) }) },
    {
      weight: 10,
      arbitrary: fc.record({ do: fc.constant('carry' as const), side, size: fc.nat(9), n: fc.nat(9) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('cancel' as const), side, size: fc.nat(3), n: fc.nat(20) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('finish' as const), side, size: fc.nat(3), n: fc.nat(5) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('pass' as const), side, size: fc.nat(3), n: fc.nat(400) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('reuse' as const), side, size: fc.nat(3), n: fc.nat(9) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('unplug' as const), side, size: fc.nat(3), n: fc.nat(3) }),
    },
  )
  type Operation = typeof operation extends fc.Arbitrary<infer O> ? O : never

  const LIMITS: Partial<StackLimits> = { queuedBytes: 9000, requestTimeoutMs: 1000, reassemblyIdleMs: 5000 }
  const CHUNK_BYTES = 256

  /** What must be true of a side, kept apart from the stack. */
  class User {
    readonly observed: ObservedStack
    readonly sent = new Map<string, { key: number; body: Uint8Array; isRequest: boolean }>()
    /** Ids of our messages whose last frame reached the peer. */
    readonly arrived: string[] = []
    readonly settled = new Map<number, string>()
    readonly gates: (() => void)[] = []
    readonly inFlight: OutgoingFrame[] = []
    /** Received bodies by id, in order of completion. */
    readonly got: [string, string][] = []
    serial = 0

    constructor(seed: number) {
      this.observed = observedStack({
        random: seededRandom(seed),
        limits: LIMITS,
        policy: { chunkBytes: CHUNK_BYTES, agingMs: 50 },
      })
      const { stack } = this.observed
      stack.route('sync', ({ body }) => ({ body }))
      stack.route('async', async ({ body }) => {
        await new Promise<void>((resolve) => this.gates.push(resolve))
        return { body }
      })
      stack.onUnrouted(() => undefined)
    }

    body(bytes: number): Uint8Array {
      this.serial += 1
      return Uint8Array.from({ length: bytes }, (_, at) => (this.serial * 31 + at) & 255)
    }
  }

  class World {
    readonly users = [new User(1), new User(2)] as const
    nowMs = 0

    constructor() {
      for (const { observed } of this.users) observed.stack.connected(0)
    }

    async do(operation: Operation): Promise<void> {
      const user = this.users[operation.side]
      const peer = this.users[operation.side === 0 ? 1 : 0]
      const { stack } = user.observed
      switch (operation.do) {
        case 'send':
        case 'request': {
          const body = user.body(operation.size)
          this.attempt(() => {
            const priority = operation.n as Priority
            if (operation.do === 'send') {
              const { messageKey, ref: id } = stack.send(
                { route: 'x', kind: 'event', body, priority },
                this.nowMs,
              )
              user.sent.set(id, { key: messageKey, body, isRequest: false })
              return
            }
            const route = operation.n % 2 === 0 ? 'sync' : 'async'
            const pending = stack.request({ route, body, priority }, this.nowMs)
            user.sent.set(pending.ref, { key: pending.messageKey, body, isRequest: true })
            const settle = (how: string) => {
              expect(user.settled.has(pending.messageKey)).toBe(false)
              user.settled.set(pending.messageKey, how)
            }
            // An empty body is said as {} in an exchange.
            const expected = body.length === 0 ? '7b7d' : toHex(body)
            pending.answer.then(
              (answer) => settle(toHex(answer.body) === expected ? 'answered' : 'wrong'),
              (error: unknown) => settle(hasCode(error, 'REQUEST_TIMEOUT') ? 'timeout' : 'failed'),
            )
          })
          return
        }
        case 'carry':
          this.carry(user, peer, operation.size, operation.n)
          break
        case 'cancel': {
          const message = [...user.sent.values()].at(-1 - operation.n)
          if (message !== undefined) stack.cancel(message.key, this.nowMs)
          break
        }
        case 'finish':
          for (const open of user.gates.splice(0, operation.n)) open()
          await settlePromises()
          break
        case 'pass':
          this.nowMs += operation.n
          break
        case 'reuse': {
          const id = [...user.sent.keys()].at(-1 - operation.n)
          if (id === undefined) return
          const reuse = () =>
            stack.send({ route: 'x', kind: 'event', body: user.body(5), ref: id }, this.nowMs)
          expect(reuse).toThrow(expect.objectContaining({ code: 'DUPLICATE_REF' }))
          break
        }
        case 'unplug':
          for (const each of this.users) {
            each.inFlight.length = 0
            each.observed.stack.disconnected(this.nowMs, 'LINK_LOST')
          }
          for (const each of this.users) each.observed.stack.connected(this.nowMs)
      }
      for (const each of this.users) each.observed.stack.wake(this.nowMs)
    }

    /** Takes frames out of the stack, and lets frames arrive that were taken earlier. */
    carry(user: User, peer: User, pulls: number, arrivals: number): boolean {
      for (let count = 0; count < pulls; count++) {
        const frame = user.observed.stack.pull(this.nowMs)
        if (frame !== undefined) user.inFlight.push(frame)
      }
      const arriving = user.inFlight.splice(0, arrivals)
      for (const frame of arriving) {
        if (frame.isLast && user.sent.has(frame.ref)) user.arrived.push(frame.ref)
      }
      if (arriving.length > 0) {
        peer.observed.stack.receive(concatBytes(arriving.flatMap((frame) => [...frame.parts])), this.nowMs)
      }
      return arriving.length > 0
    }

    /** The limits of the stack are allowed to say no, and then nothing must have happened. */
    attempt(act: () => void): void {
      try {
        act()
      } catch (error) {
        if (!hasCode(error, 'QUEUE_FULL')) throw error
      }
    }

    async drain(): Promise<void> {
      for (let isBusy = true; isBusy; ) {
        const [a, b] = this.users
        for (const each of this.users) for (const open of each.gates.splice(0)) open()
        await settlePromises()
        for (const each of this.users) each.observed.stack.wake(this.nowMs)
        isBusy = [this.carry(a, b, 50, 50), this.carry(b, a, 50, 50)].includes(true)
      }
      await settlePromises()
    }
  }

  function check(world: World): void {
    world.users.forEach((user, index) => {
      const peer = world.users[index === 0 ? 1 : 0]
      const { events, stack } = user.observed
      // Each message of ours is opened once and closed once.
      for (const dir of ['in', 'out'] as const) {
        const opened = eventsOf(events, 'message-opened').filter((event) => event.dir === dir)
        const closed = eventsOf(events, 'message-closed').filter((event) => event.dir === dir)
        expect(closed.map((event) => event.messageKey).sort(byNumber)).toEqual(
          opened.map((event) => event.messageKey).sort(byNumber),
        )
      }
      // What arrived whole was received whole, once, in the order of arrival, with the same bytes.
      const peerOpened = new Map(
        eventsOf(peer.observed.events, 'message-opened').map((event) => [event.messageKey, event]),
      )
      const received = eventsOf(peer.observed.events, 'message-closed')
        .filter((event) => event.dir === 'in' && event.outcome === 'complete')
        .map((event) => [peerOpened.get(event.messageKey)!.ref, toHex(event.body)] as const)
        .filter(([id]) => user.sent.has(id))
      expect(received.map(([id]) => id)).toEqual(user.arrived)
      for (const [id, body] of received) {
        const { body: sent, isRequest } = user.sent.get(id)!
        expect(body).toBe(isRequest && sent.length === 0 ? '7b7d' : toHex(sent))
      }
      // Inside a message nothing is lost, doubled or turned round.
      const nextOffset = new Map<number, number>()
      for (const frame of eventsOf(peer.observed.events, 'frame')) {
        if (frame.payloadBytes === 0) continue
        expect(frame.messageKey).not.toBe(0)
        expect(frame.bodyOffset).toBe(nextOffset.get(frame.messageKey) ?? 0)
        nextOffset.set(frame.messageKey, frame.bodyOffset + frame.payloadBytes)
      }
      // Every wait ended exactly once, in the trace and for the caller, and never with a wrong answer.
      const requests = [...user.sent.values()]
        .filter((message) => message.isRequest)
        .map((message) => message.key)
      const settled = eventsOf(events, 'request-settled').map((event) => event.requestKey)
      expect(settled.sort(byNumber)).toEqual(requests.sort(byNumber))
      expect([...user.settled.keys()].sort(byNumber)).toEqual(requests)
      expect([...user.settled.values()]).not.toContain('wrong')
      // The books are even.
      expect(stack.queuedBytes).toBe(0)
      const depths = eventsOf(events, 'queue')
      const largestFrameBytes = 200
      for (const { queuedBytes } of depths) {
        expect(queuedBytes).toBeGreaterThanOrEqual(0)
        expect(queuedBytes).toBeLessThanOrEqual(LIMITS.queuedBytes! + largestFrameBytes * 20)
      }
      if (depths.length > 0) expect(depths.at(-1)).toMatchObject({ queuedBytes: 0, queuedMessages: 0 })
      // Nothing but refusals of our own limits ever counts as a fault between two healthy stacks.
      const faults = new Set(eventsOf(events, 'fault').map((event) => event.code))
      for (const code of ['ANSWER_UNMATCHED', 'QUEUE_FULL', 'LINK_LOST'] as const) faults.delete(code)
      expect([...faults]).toEqual([])
    })
  }

  const byNumber = (a: number, b: number): number => a - b

  test('no byte is lost, no order turned, no wait ends twice, no limit is exceeded', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 80 }), async (operations) => {
        const world = new World()
        for (const each of operations) await world.do(each)
        await world.drain()
        check(world)
      }),
      { numRuns: 300 },
    )
  })
})
