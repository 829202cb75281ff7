import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TraceScript } from '../../../testing/trace-script'
import type { Direction, TraceEvent } from '../../../shared/model/trace'
import { MAX_SERIES_BINS, type SeriesColumns, SERIES_METRICS } from '../../../shared/model/series'
import { SeriesStore } from './series-store'

type Step = {
  readonly waitMs: number
  readonly linkId: 1 | 2
  readonly dir: Direction
  readonly amount: number
} & { readonly does: 'bytes' | 'frame' | 'closed' | 'answered' | 'unanswered' | 'fault' | 'queue' }

const steps = fc.array(
  fc.record<Step>({
    waitMs: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 20_000 })),
    linkId: fc.constantFrom(1, 2),
    dir: fc.constantFrom('in', 'out'),
    amount: fc.integer({ min: 0, max: 5000 }),
    does: fc.constantFrom('bytes', 'frame', 'closed', 'answered', 'unanswered', 'fault', 'queue'),
  }),
  { minLength: 1, maxLength: 80 },
)

/** Plays a script; returns all events and when it ended. */
function play(
  script: readonly Step[],
  observe: (event: TraceEvent) => void,
): { events: TraceEvent[]; nowMs: number } {
  const events: TraceEvent[] = []
  const both = (event: TraceEvent): void => {
    events.push(event)
    observe(event)
  }
  const links = { 1: new TraceScript(both, 1), 2: new TraceScript(both, 2) }
  let nowMs = 0
  for (const [at, { waitMs, linkId, dir, amount, does }] of script.entries()) {
    nowMs += waitMs
    const link = links[linkId]
    link.nowMs = nowMs
    const messageKey = at + 1
    if (does === 'bytes') link.bytes(dir, amount)
    else if (does === 'frame') link.frame({ dir, startMs: Math.max(0, nowMs - amount / 10), endMs: nowMs })
    else if (does === 'closed')
      link.closed({ messageKey, dir, outcome: amount % 5 === 0 ? 'failed' : 'complete' })
    else if (does === 'answered')
      link.settled({ requestKey: messageKey, answerKey: 1, roundTripMs: amount / 7 })
    else if (does === 'unanswered') link.settled({ requestKey: messageKey, code: 'REQUEST_TIMEOUT' })
    else if (does === 'fault') link.fault()
    else link.queue(amount, { queuedMessages: amount % 9 })
  }
  return { events, nowMs }
}

/** The same columns for one bin, from the events alone. */
function naive(events: readonly TraceEvent[], from: number, to: number) {
  const seconds = (to - from) / 1000
  const within = (ms: number): boolean => ms >= from && ms < to
  const sum = (value: (event: TraceEvent) => number): number =>
    events.reduce((all, event) => all + value(event), 0)
  const per = (dir: Direction, type: TraceEvent['type'], amount: (event: TraceEvent) => number): number =>
    sum((event) =>
      event.type === type && 'dir' in event && event.dir === dir && within(event.atMs) ? amount(event) : 0,
    ) / seconds
  const busy = (dir: Direction): number =>
    Math.min(
      1,
      sum((event) =>
        event.type === 'frame' && event.dir === dir
          ? Math.max(0, Math.min(to, event.endMs) - Math.max(from, event.startMs))
          : 0,
      ) /
        (to - from),
    )
  const trips = events
    .flatMap((event) =>
      event.type === 'request-settled' && event.answerKey !== 0 && within(event.atMs)
        ? [event.roundTripMs]
        : [],
    )
    .sort((a, b) => a - b)
  const trip = (share: number): number => trips[Math.ceil(trips.length * share) - 1] ?? Number.NaN
  const bytesOf = (event: TraceEvent): number => (event.type === 'bytes' ? event.byteCount : 0)
  const complete = (event: TraceEvent): number =>
    event.type === 'message-closed' && event.outcome === 'complete' ? 1 : 0
  return {
    bytesIn: per('in', 'bytes', bytesOf),
    bytesOut: per('out', 'bytes', bytesOf),
    framesIn: per('in', 'frame', () => 1),
    framesOut: per('out', 'frame', () => 1),
    messagesIn: per('in', 'message-closed', complete),
    messagesOut: per('out', 'message-closed', complete),
    busyIn: busy('in'),
    busyOut: busy('out'),
    rttP50: trip(0.5),
    rttP95: trip(0.95),
    rttP99: trip(0.99),
    rttMax: trip(1),
    answers: trips.length,
    unanswered: sum((e) => (e.type === 'request-settled' && e.answerKey === 0 && within(e.atMs) ? 1 : 0)),
    faults: sum((e) => (e.type === 'fault' && within(e.atMs) ? 1 : 0)),
    ...queue(events, from, to),
  }
}

/** When a link is first heard of. */
function bornOf([first]: readonly TraceEvent[]): number {
  if (first === undefined) return Number.POSITIVE_INFINITY
  return first.type === 'frame' ? first.startMs : first.atMs
}

function queue(events: readonly TraceEvent[], from: number, to: number) {
  const levels = new Map<number, readonly [number, number]>()
  let [bytesMost, messagesMost, byteMs, messageMs, sinceMs] = [0, 0, 0, 0, 0]
  const total = (which: 0 | 1): number => [...levels.values()].reduce((all, level) => all + level[which], 0)
  const until = (ms: number): void => {
    const span = Math.min(to, ms) - Math.max(from, sinceMs)
    if (span > 0) {
      byteMs += total(0) * span
      messageMs += total(1) * span
      bytesMost = Math.max(bytesMost, total(0))
      messagesMost = Math.max(messagesMost, total(1))
    }
    sinceMs = ms
  }
  for (const event of events) {
    if (event.type !== 'queue') continue
    until(event.atMs)
    levels.set(event.linkId, [event.queuedBytes, event.queuedMessages])
    if (event.atMs < from || event.atMs >= to) continue
    bytesMost = Math.max(bytesMost, total(0))
    messagesMost = Math.max(messagesMost, total(1))
  }
  until(Number.POSITIVE_INFINITY)
  return {
    queuedBytesMax: bytesMost,
    queuedBytesMean: byteMs / (to - from),
    queuedMessagesMax: messagesMost,
    queuedMessagesMean: messageMs / (to - from),
  }
}

function expectBin(
  columns: SeriesColumns,
  at: number,
  expected: ReturnType<typeof naive>,
  label: string,
): void {
  for (const metric of SERIES_METRICS) {
    const value = columns[metric][at]!
    const wanted = expected[metric]
    const isEstimate = metric === 'rttP50' || metric === 'rttP95' || metric === 'rttP99'
    const slack = isEstimate ? 0.05 * wanted + 0.02 : 1e-6 * Math.max(1, Math.abs(wanted))
    const isRight = Number.isNaN(wanted) ? Number.isNaN(value) : Math.abs(value - wanted) <= slack
    if (!isRight) expect.fail(`${metric} of ${label}: ${value} instead of ${wanted}`)
  }
}

describe('figures over time', () => {
  test('equal a recount of the events, for one link and for all, however fine they are asked for', () => {
    fc.assert(
      fc.property(
        steps,
        fc.constantFrom(1, 2, null),
        fc.integer({ min: 1, max: 40 }),
        (script, linkId, bins) => {
          const store = new SeriesStore()
          const played = play(script, store.observe)
          const own =
            linkId === null ? played.events : played.events.filter((event) => event.linkId === linkId)
          const nowMs = played.nowMs + 2000
          const read = store.read(linkId, { fromMs: 0, toMs: nowMs, bins }, nowMs, () => true)
          expect(read.count).toBeLessThanOrEqual(bins)
          const bornMs = linkId === null ? 0 : bornOf(own)
          for (let at = 0; at < read.count; at++) {
            const from = (read.first + at) * read.binMs
            const to = from + read.binMs
            if (to <= bornMs) {
              for (const metric of SERIES_METRICS) expect(read.columns[metric][at]).toBeNaN()
              continue
            }
            const expected = naive(own, from, to)
            if (linkId === null) {
              const busiest = (dir: 'busyIn' | 'busyOut'): number =>
                Math.max(
                  0,
                  ...[1, 2].map(
                    (id) =>
                      naive(
                        own.filter((e) => e.linkId === id),
                        from,
                        to,
                      )[dir],
                  ),
                )
              expected.busyIn = busiest('busyIn')
              expected.busyOut = busiest('busyOut')
              if (![1, 2].some((id) => bornOf(own.filter((e) => e.linkId === id)) < to))
                expected.busyIn = expected.busyOut = Number.NaN
            }
            expectBin(read.columns, at, expected, `bin ${from} to ${to}`)
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  test('taken bit by bit are those that are read at once', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 5, max: 60 }), (script, bins) => {
        const store = new SeriesStore()
        const spanMs = 600_000
        const follower = store.follow(null, spanMs, bins, () => true)
        const shown = new Map<number, number[]>()
        const take = (nowMs: number): void => {
          const news = follower.take(nowMs)
          if (news === undefined) return
          for (let at = 0; at < news.count; at++) {
            shown.set(
              news.first + at,
              SERIES_METRICS.map((metric) => news.columns[metric][at]!),
            )
          }
        }
        const { nowMs } = play(script, (event) => {
          store.observe(event)
          take(event.atMs)
        })
        let endMs = nowMs
        while (follower.hasMore()) take((endMs += 250))
        const fresh = store.follow(null, spanMs, bins, () => true).take(endMs)!
        for (let at = 0; at < fresh.count; at++) {
          const column = SERIES_METRICS.map((metric) => fresh.columns[metric][at]!)
          expect(shown.get(fresh.first + at)).toEqual(column)
        }
        expect(follower.take(endMs + 1)).toBeUndefined()
      }),
      { numRuns: 25 },
    )
  })
})

describe('memory of figures over time', () => {
  test('stays within its limit through days of traffic; what went is unknown, never nothing', () => {
    const limit = 2_000_000
    const store = new SeriesStore(limit)
    const script = new TraceScript(store.observe)
    for (let minute = 0; minute < 2 * 24 * 60; minute++) {
      script.nowMs = minute * 60_000
      script.bytes('in', 600)
      script.settled({ requestKey: minute + 1, answerKey: 1, roundTripMs: 5 })
      expect(store.heldBytes).toBeLessThanOrEqual(limit)
    }
    const { nowMs } = script
    const read = store.read(1, { fromMs: 0, toMs: nowMs, bins: MAX_SERIES_BINS }, nowMs, () => true)
    const known = Array.from(read.columns.bytesIn, (rate) => !Number.isNaN(rate))
    expect(known[0]).toBe(false)
    expect(known.at(-1)).toBe(true)
    expect(known.indexOf(true)).toBe(known.lastIndexOf(false) + 1)
  })

  test('forgets with a clear, and keeps how deep the queue is', () => {
    const store = new SeriesStore()
    const script = new TraceScript(store.observe)
    script.nowMs = 1000
    script.queue(500)
    script.bytes('out', 100)
    store.clear(5000)
    const { columns } = store.read(1, { fromMs: 0, toMs: 10_000, bins: 10 }, 10_000, () => false)
    expect([...columns.bytesOut]).toEqual([...new Array(5).fill(Number.NaN), 0, 0, 0, 0, 0])
    expect([...columns.queuedBytesMean].slice(5)).toEqual([500, 500, 500, 500, 500])
    expect(columns.busyOut.every(Number.isNaN)).toBe(true)
  })

  test('is given back by a link that is forgotten, whose queue no longer counts into that of all', () => {
    const store = new SeriesStore()
    const first = new TraceScript(store.observe, 1)
    const second = new TraceScript(store.observe, 2)
    first.nowMs = second.nowMs = 100
    first.queue(300)
    second.queue(50)
    const heldBytes = store.heldBytes
    store.forgetLink(1)
    expect(store.heldBytes).toBeLessThan(heldBytes)
    const { columns } = store.read(null, { fromMs: 0, toMs: 400, bins: 4 }, 400, () => false)
    expect([...columns.queuedBytesMax]).toEqual([0, 350, 50, 50])
  })
})
