import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Explanation } from '../../../shared/model/explanation'
import type { FrameEvent, Priority, TraceEvent } from '../../../shared/model/trace'
import { linksOnLine } from '../../../testing/joined-links'
import { Capture } from '../capture'

const RATE = { baud: 115_200, bitsPerByte: 10 }
/** A microsecond. */
const CLOSE_MS = 0.001

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function expectClosed(explanation: Explanation): void {
  const { parts, totalMs, fromMs, untilMs } = explanation
  expect(totalMs).toBe(untilMs - fromMs)
  for (const { ms } of parts) expect(ms).toBeGreaterThan(0)
  expect(Math.abs(sum(parts.map(({ ms }) => ms)) - totalMs)).toBeLessThan(CLOSE_MS)
  for (const { name, ms, blockers, others } of parts) {
    if (name !== 'blocked' && name !== 'answer-blocked') {
      expect(blockers).toEqual([])
      continue
    }
    expect(Math.abs(sum(blockers.map((each) => each.ms)) + (others?.ms ?? 0) - ms)).toBeLessThan(CLOSE_MS)
    expect(blockers.length <= 3 && (others === null || blockers.length === 3)).toBe(true)
  }
}

type Span = readonly [fromMs: number, toMs: number]
const overlapMs = (a: Span, b: Span): number => Math.max(0, Math.min(a[1], b[1]) - Math.max(a[0], b[0]))

/** Works out from the trace alone who was on the line while a message waited: by overlap of intervals, no cursor. */
class Naive {
  readonly #trace: readonly TraceEvent[]
  readonly down: readonly Span[]

  constructor(trace: readonly TraceEvent[]) {
    this.#trace = trace
    const down: Span[] = []
    let sinceMs: number | undefined
    for (const event of trace) {
      if (event.type !== 'link-state') continue
      if (event.phase === 'connected') {
        if (sinceMs !== undefined) down.push([sinceMs, event.atMs])
        sinceMs = undefined
      } else sinceMs ??= event.atMs
    }
    if (sinceMs !== undefined) down.push([sinceMs, Number.POSITIVE_INFINITY])
    this.down = down
  }

  frames(dir: 'in' | 'out'): (FrameEvent & { readonly span: Span })[] {
    return this.#trace.flatMap((event) => {
      if (event.type !== 'frame' || event.dir !== dir) return []
      const cut = this.down.find(([from]) => from > event.startMs && from < event.endMs)
      return [{ ...event, span: [event.startMs, cut?.[0] ?? event.endMs] as const }]
    })
  }

  /** Milliseconds by message key during which others held the line between two times, without those the link was down. */
  blockers(dir: 'in' | 'out', ownKey: number, waited: Span): Map<number, number> {
    const byKey = new Map<number, number>()
    for (const { messageKey, span } of this.frames(dir)) {
      if (messageKey === ownKey) continue
      const held: Span = [Math.max(span[0], waited[0]), Math.min(span[1], waited[1])]
      const ms = overlapMs(span, waited) - sum(this.down.map((gap) => overlapMs(gap, held)))
      if (ms > 1e-9) byKey.set(messageKey, (byKey.get(messageKey) ?? 0) + ms)
    }
    return byKey
  }
}

const operation = fc.record({
  side: fc.constantFrom('near', 'far'),
  isRequest: fc.boolean(),
  bytes: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 200, max: 4000 })),
  priority: fc.integer({ min: 0, max: 7 }) as fc.Arbitrary<Priority>,
  passMs: fc.nat(90),
  then: fc.constantFrom('go on', 'go on', 'go on', 'cancel', 'unplug'),
})

type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never
const SIDES = ['near', 'far'] as const

describe.each(['lso', 'native'] as const)('two stacks on a simulated line, %s', (dialect) => {
  test('parts add up at any time, and blockers are those the trace shows on the line', async () => {
    let blocked = 0
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 2, maxLength: 10 }), async (operations) => {
        blocked += await check(dialect, operations)
      }),
      { numRuns: 10 },
    )
    expect(blocked).toBeGreaterThan(5)
  })
})

/** Runs the operations, explains every message after each, and compares at the end. Returns how many had waited for others. */
async function check(dialect: string, operations: readonly Operation[]): Promise<number> {
  const { clock, line, near, far } = linksOnLine({ query: `&dialect=${dialect}` })
  const ends = {
    near: { ...near, capture: new Capture(), seen: 0 },
    far: { ...far, capture: new Capture(), seen: 0 },
  }
  const explainAll = (): Explanation[] =>
    SIDES.flatMap((side) => {
      const end = ends[side]
      for (; end.seen < end.trace.length; end.seen++) end.capture.observe(end.trace[end.seen]!)
      return end.capture
        .rows(0, end.capture.messageCount)
        .map(({ id }) => end.capture.explain(id, clock.nowMs(), RATE))
    })
  for (const { link } of [near, far]) {
    link.stack.route('echo', ({ body }) => ({ body }))
    link.stack.onUnrouted(() => undefined)
    link.open()
  }
  await clock.advanceToAsync(dialect === 'native' ? 100 : 1)
  for (const { side, isRequest, bytes, priority, passMs, then } of operations) {
    const { link } = ends[side]
    if (link.phase !== 'connected') {
      await clock.advanceToAsync(clock.nowMs() + 10 * passMs)
      continue
    }
    const body = new Uint8Array(bytes)
    const { messageKey } = isRequest
      ? quietly(link.request({ route: 'echo', body, priority, timeoutMs: 5000 }))
      : link.send({ route: 'event', kind: 'event', body, priority })
    await clock.advanceToAsync(clock.nowMs() + passMs)
    if (then === 'cancel') link.cancel(messageKey)
    if (then === 'unplug' && line.isPlugged) line.unplug()
    await clock.advanceToAsync(clock.nowMs() + passMs / 2)
    line.replug()
    explainAll().forEach(expectClosed)
  }
  await clock.advanceToAsync(clock.nowMs() + 8_000)
  explainAll().forEach(expectClosed)
  let blocked = 0
  for (const { trace, capture } of Object.values(ends)) {
    const naive = new Naive(trace)
    for (const { id } of capture.rows(0, capture.messageCount)) {
      const explanation = capture.explain(id, clock.nowMs(), RATE)
      blocked += compare(explanation, naive, capture)
    }
  }
  for (const { link } of [near, far]) void link.close()
  return blocked
}

function quietly<R extends { readonly messageKey: number; readonly answer: Promise<unknown> }>(
  request: R,
): R {
  request.answer.catch(() => undefined)
  return request
}

function compare(explanation: Explanation, naive: Naive, capture: Capture): number {
  const { messageId, dir, fromMs, untilMs, status, parts } = explanation
  const { messageKey } = capture.locate(messageId)
  const own = naive.frames(dir).filter((frame) => frame.messageKey === messageKey)
  const endMs =
    dir === 'out'
      ? (own.find(({ isLast }) => isLast)?.span[1] ?? untilMs)
      : status === 'received'
        ? Math.max(...own.map(({ span }) => span[1]))
        : untilMs
  const expected = naive.blockers(dir, messageKey, [fromMs, Math.min(endMs, untilMs)])
  const part = parts.find(({ name }) => name === 'blocked')
  expect(Math.abs((part?.ms ?? 0) - sum([...expected.values()]))).toBeLessThan(CLOSE_MS)
  for (const blocker of part?.blockers ?? []) {
    if (blocker.messageId === 0) continue
    const { messageKey: key } = capture.locate(blocker.messageId)
    expect(Math.abs(blocker.ms - (expected.get(key) ?? 0))).toBeLessThan(CLOSE_MS)
    expect(blocker.bytes).toBeLessThanOrEqual(blocker.frames * blocker.frameBytes)
  }
  return part === undefined ? 0 : 1
}
