import fc from 'fast-check'
import { expect } from 'vitest'
import { hasCode } from '../shared/errors'
import { concatBytes, toHex } from '../shared/bytes'
import type { Priority } from '../shared/model/trace'
import type { OutgoingFrame, StackLimits } from '../main/netcore/stack-types'
import { eventsOf, type ObservedStack, observedStack, seededRandom } from './stack-wire'
import { settlePromises } from './virtual-clock'

/**
 * Two stacks joined by a wire, and whatever their users may do in any order: send, ask, cancel, answer late, use an id
 * again, pull the plug. A model apart from the stacks says what must be true at the end.
 */
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
export type Operation = typeof operation extends fc.Arbitrary<infer O> ? O : never

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
        const reuse = () => stack.send({ route: 'x', kind: 'event', body: user.body(5), ref: id }, this.nowMs)
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
    await this.carryAll()
    // An answer that found the queue full was told as a fault, and its asker waits until its time is over.
    this.nowMs += LIMITS.requestTimeoutMs! + 1
    for (const { observed } of this.users) observed.stack.wake(this.nowMs)
    await this.carryAll()
  }

  async carryAll(): Promise<void> {
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

/** M3 of the reliability catalogue: any script of operations leaves model and stacks in agreement. */
export const twoUsersAgree = (maxSteps: number) =>
  fc.asyncProperty(fc.array(operation, { maxLength: maxSteps }), async (operations) => {
    const world = new World()
    for (const each of operations) await world.do(each)
    await world.drain()
    check(world)
  })
