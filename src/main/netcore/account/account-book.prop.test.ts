import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Priority, TraceEvent } from '../../../shared/model/trace'
import { framesOf, linksOnLine } from '../../../testing/joined-links'
import { AccountBook } from './account-book'
import type { MessageAccount } from './message-account'

function expectClosedSum(account: MessageAccount): void {
  const parts = Object.values(account.parts)
  for (const ms of parts) expect(ms).toBeGreaterThanOrEqual(0)
  const sum = parts.reduce((total, ms) => total + ms, 0)
  expect(Math.abs(sum - (account.untilMs - account.openedMs))).toBeLessThan(1e-6)
  const blockedMs = account.blockedBy.reduce((total, { ms }) => total + ms, 0)
  expect(Math.abs(blockedMs - account.parts.blockedMs - account.parts.answerBlockedMs)).toBeLessThan(1e-6)
}

describe('whatever the trace says', () => {
  const KEYS = 6
  const key = fc.integer({ min: 0, max: KEYS })
  const dir = fc.constantFrom('in', 'out')
  const what = fc.oneof(
    fc.record({
      type: fc.constant('message-opened'),
      dir,
      messageKey: key,
      kind: fc.constantFrom('request', 'response', 'event'),
      answersKey: key,
    }),
    fc.record({
      type: fc.constant('frame'),
      dir,
      messageKey: key,
      isLast: fc.boolean(),
      isRepeat: fc.boolean(),
      waitMs: fc.integer({ min: -5, max: 8 }),
      lastsMs: fc.nat(9),
    }),
    fc.record({
      type: fc.constant('message-closed'),
      dir,
      messageKey: key,
      outcome: fc.constantFrom('complete', 'complete', 'cancelled', 'failed'),
    }),
    fc.record({ type: fc.constant('request-settled'), requestKey: key, answerKey: key }),
    fc.record({ type: fc.constant('link-state'), phase: fc.constantFrom('connected', 'waiting') }),
    fc.record({ type: fc.constant('queue') }),
  )

  test('the parts of every account, finished or not, add up to its time, and each is closed once per opening', () => {
    const steps = fc.array(fc.tuple(fc.nat(12), what), { maxLength: 80 })
    fc.assert(
      fc.property(steps, (story) => {
        let openings = 0
        let closings = 0
        const lastOpenedMs = new Map<number, number>()
        const book = new AccountBook({
          onClosed: (account) => {
            closings += 1
            expect(account.isClosed).toBe(true)
            expectClosedSum(account)
          },
        })
        let nowMs = 0
        for (const [passMs, step] of story) {
          nowMs += passMs
          const event: Record<string, unknown> = { linkId: 1, atMs: nowMs, ...step }
          if ('waitMs' in step) {
            // Out: on the line from now on. In: it was, up to now.
            const endMs = step.dir === 'out' ? nowMs + step.waitMs + step.lastsMs : nowMs
            Object.assign(event, { startMs: endMs - step.lastsMs, endMs })
          }
          if (step.type === 'message-opened') {
            openings += 1
            lastOpenedMs.set((step as { messageKey: number }).messageKey, nowMs)
          }
          book.observe(event as unknown as TraceEvent)
          for (let each = 0; each <= KEYS; each++) {
            const account = book.accountOf(each)
            if (account === undefined) continue
            expectClosedSum(account)
            expect(account.isClosed).toBe(false)
            expect(account.untilMs).toBeGreaterThanOrEqual(nowMs)
            expect(account.openedMs).toBeLessThanOrEqual(lastOpenedMs.get(each)!)
          }
        }
        book.observe({ type: 'link-state', linkId: 1, atMs: nowMs, phase: 'closed' } as unknown as TraceEvent)
        expect(book.openAccounts).toBe(0)
        expect(closings).toBeLessThanOrEqual(openings)
      }),
      { numRuns: 500 },
    )
  })
})

describe('two stacks on a simulated line', () => {
  const operation = fc.record({
    side: fc.constantFrom('near', 'far'),
    isRequest: fc.boolean(),
    bytes: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 200, max: 3000 })),
    priority: fc.integer({ min: 0, max: 7 }) as fc.Arbitrary<Priority>,
    passMs: fc.nat(120),
  })

  test('every message has one account; it ends when the message does, and its parts are what the trace shows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 12 }), async (operations) => {
        const { clock, near, far } = linksOnLine()
        const sides = { near, far }
        for (const { link } of [near, far]) {
          link.stack.route('echo', ({ body }) => ({ body }))
          link.stack.onUnrouted(() => undefined)
          link.open()
        }
        await clock.advanceToAsync(1)
        for (const { side, isRequest, bytes, priority, passMs } of operations) {
          const { link } = sides[side]
          const body = new Uint8Array(bytes)
          if (isRequest) link.request({ route: 'echo', body, priority })
          else link.send({ route: 'event', kind: 'event', body, priority })
          await clock.advanceToAsync(clock.nowMs() + passMs)
        }
        await clock.advanceToAsync(clock.nowMs() + 20_000)
        for (const { trace } of [near, far]) checkTrace(trace)
      }),
      { numRuns: 40 },
    )
  })

  function checkTrace(trace: readonly TraceEvent[]): void {
    const closed = new Map<number, MessageAccount>()
    const book = new AccountBook({
      onClosed: (account) => {
        expect(closed.has(account.messageKey)).toBe(false)
        closed.set(account.messageKey, account)
      },
    })
    for (const event of trace) book.observe(event)
    const lengthMs = (key: number, dir: 'in' | 'out'): number =>
      framesOf(trace, dir)
        .filter((frame) => frame.messageKey === key)
        .reduce((sum, frame) => sum + frame.endMs - frame.startMs, 0)

    for (const event of trace) {
      if (event.type === 'message-opened') {
        const { messageKey, dir } = event
        const account = closed.get(messageKey)!
        expectClosedSum(account)
        expect(account.parts.wireMs).toBeCloseTo(lengthMs(messageKey, dir), 6)
        expect([account.parts.unknownMs, account.parts.offlineMs, account.parts.repeatedMs]).toEqual([
          0, 0, 0,
        ])
        if (dir === 'out') expect(account.openedMs).toBe(event.atMs)
        for (const { messageKey: blocker } of account.blockedBy) expect(blocker).not.toBe(messageKey)
      } else if (event.type === 'request-settled') {
        const account = closed.get(event.requestKey)!
        expect(event.code).toBeNull()
        expect(account.untilMs).toBe(event.atMs)
        expect(account.untilMs - account.openedMs).toBeCloseTo(event.roundTripMs, 6)
        expect(account.parts.answerWireMs).toBeCloseTo(lengthMs(event.answerKey, 'in'), 6)
      } else if (event.type === 'message-closed' && event.dir === 'in') {
        expect(closed.get(event.messageKey)!.untilMs).toBe(event.atMs)
      }
    }
  }

  test('an urgent request behind a transfer names who was in its way, and for how long', async () => {
    const { clock, near, far } = linksOnLine()
    far.link.stack.route('echo', ({ body }) => ({ body }))
    far.link.stack.onUnrouted(() => undefined)
    far.link.open()
    near.link.open()
    await clock.advanceToAsync(1)
    const bulk = near.link.send({ route: 'bulk', kind: 'event', body: new Uint8Array(20_000), priority: 6 })
    await clock.advanceToAsync(500)
    const urgent = near.link.request({ route: 'echo', body: new Uint8Array(20), priority: 0 })
    await clock.advanceToAsync(3000)
    const accounts: MessageAccount[] = []
    const book = new AccountBook({ onClosed: (account) => accounts.push(account) })
    for (const event of near.trace) book.observe(event)
    const account = accounts.find(({ messageKey }) => messageKey === urgent.messageKey)!
    expect(account.blockedBy).toHaveLength(1)
    expect(account.blockedBy[0]!.messageKey).toBe(bulk.messageKey)
    // What was with the driver, and the frame that had just been handed over.
    expect(account.parts.blockedMs).toBeGreaterThan(1)
    expect(account.parts.blockedMs).toBeLessThan(40)
    expect(account.parts.queuedMs).toBeLessThan(1)
    expect(account.parts.peerMs).toBeLessThan(5)
    expect(account.parts.decodeMs).toBeLessThan(3)
  })
})
