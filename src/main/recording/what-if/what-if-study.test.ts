import { beforeAll, describe, expect, test } from 'vitest'
import { hasCode } from '../../../shared/errors'
import type { TraceEvent } from '../../../shared/model/trace'
import { AS_RECORDED, type WhatIfRow, type WhatIfSettings, waitOf } from '../../../shared/model/what-if'
import { busyLine } from '../../../testing/busy-line'
import { type WhatIfResult, WhatIfStudy } from './what-if-study'

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item)
}
const predicted = async (
  trace: readonly TraceEvent[],
  settings: Partial<WhatIfSettings>,
): Promise<WhatIfResult> =>
  (await WhatIfStudy.read(each(trace), { ...AS_RECORDED, ...settings })).predict({
    ...AS_RECORDED,
    ...settings,
  })
const coded = (code: 'WHATIF_TOO_LARGE' | 'WHATIF_EMPTY' | 'WHATIF_NEEDS_RATE' | 'WHATIF_DIALECT') =>
  expect.toSatisfy((error: unknown) => hasCode(error, code)) as unknown
const ofRoute = (rows: readonly WhatIfRow[], route: string): WhatIfRow[] =>
  rows.filter((row) => row.route === route)
const longestWait = (rows: readonly WhatIfRow[], when: 'before' | 'after'): number =>
  Math.max(...rows.map((row) => waitOf(row[when]!)))

describe.each(['lso', 'native'] as const)('%s', (dialect) => {
  let trace: TraceEvent[]
  beforeAll(async () => {
    trace = await busyLine({ dialect, pollPriority: 5, seconds: 2 })
  })

  test('gives the recording back when nothing is changed', async () => {
    const { summary, rows } = await predicted(trace, {})
    expect(rows).toHaveLength(24)
    expect(summary.unfinished).toBe(0)
    expect(summary.leftOut).toBe(0)
    expect(summary.calibration!.messages).toBe(24)
    // of 10 to 545 ms: half of the messages within a millisecond, none further off than a small frame takes
    expect(summary.calibration!.total.p50).toBeLessThan(1)
    expect(summary.calibration!.total.max).toBeLessThan(6)
    expect(summary.calibration!.wait.max).toBeLessThan(6)
    for (const { before, after } of rows) expect(Math.abs(after!.totalMs - before.totalMs)).toBeLessThan(6)
    expect(summary.sentence).toContain('Nothing is changed')
  })

  test('gives the same digest for the same settings, and another for others', async () => {
    const study = await WhatIfStudy.read(each(trace), AS_RECORDED)
    const changed = { ...AS_RECORDED, chunkBytes: 128 }
    const first = await study.predict(changed)
    const again = await study.predict(changed)
    const anew = await predicted(trace, { chunkBytes: 128 })
    expect([again.summary.digest, anew.summary.digest]).toEqual([first.summary.digest, first.summary.digest])
    expect((await study.predict({ ...AS_RECORDED, chunkBytes: 160 })).summary.digest).not.toBe(
      first.summary.digest,
    )
  })

  test('lets an urgent route wait for a chunk only, and its transfer pay for it', async () => {
    const { rows } = await predicted(trace, { priorities: { 'status.get': 0 } })
    const polls = ofRoute(rows, 'status.get')
    expect(longestWait(polls, 'before')).toBeGreaterThan(43)
    expect(longestWait(polls, 'after')).toBeLessThan(36)
    expect(polls.every(({ priority, newPriority }) => priority === 5 && newPriority === 0)).toBe(true)
    expect(ofRoute(rows, 'fw.write').every(({ newPriority }) => newPriority === 5)).toBe(true)
  })

  test('takes a twelfth of the wire time on a line twelve times as slow, the other way round', async () => {
    const { rows, summary } = await predicted(trace, { baud: 9600, chunkBytes: summaryChunk(dialect) })
    const [slow] = ofRoute(rows, 'fw.write')
    expect(slow!.after!.wireMs / slow!.before.wireMs).toBeCloseTo(12, 0)
    expect(summary.used.baud).toBe(9600)
    expect(summary.spanAfterMs).toBeGreaterThan(summary.spanBeforeMs)
  })
})

/** What the recording had, so that only the speed differs. */
const summaryChunk = (dialect: 'lso' | 'native'): number => (dialect === 'lso' ? 272 : 267)

describe('on a recording of 115,200 baud', () => {
  let trace: TraceEvent[]
  beforeAll(async () => {
    trace = await busyLine({ pollPriority: 5, seconds: 3 })
  })

  test('cuts smaller chunks, so that urgent messages wait less and transfers take longer', async () => {
    const { rows, summary } = await predicted(trace, { chunkBytes: 96 })
    expect(summary.used.chunkBytes).toBe(96)
    const polls = ofRoute(rows, 'status.get')
    expect(longestWait(polls, 'after')).toBeLessThan(longestWait(polls, 'before') - 10)
    for (const { before, after } of ofRoute(rows, 'fw.write'))
      expect(after!.wireMs).toBeGreaterThan(before.wireMs * 1.2)
  })

  test('lets urgent messages wait for what is kept with the driver', async () => {
    const { rows } = await predicted(trace, { aheadMs: 120 })
    expect(longestWait(ofRoute(rows, 'status.get'), 'after')).toBeGreaterThan(100)
  })

  test('keeps the distance to an answer by reply, and the time of sending by time', async () => {
    const slow = { baud: 57_600 }
    const byReply = ofRoute((await predicted(trace, slow)).rows, 'cfg.get')
    const byTime = ofRoute((await predicted(trace, { ...slow, policy: 'time' })).rows, 'cfg.get')
    for (const { before, after } of byTime) expect(after!.queuedMs).toBeCloseTo(before.queuedMs, 6)
    for (const { before, after } of byReply) expect(after!.queuedMs).toBeGreaterThan(before.queuedMs + 300)
  })

  test('takes only what began in the span asked for', async () => {
    const { rows, summary } = await predicted(trace, { fromMs: 3000, toMs: 4000 })
    expect(summary.line.links).toEqual([{ linkId: 1, url: summary.line.url, messages: expect.any(Number) }])
    expect(summary.line.links[0]!.messages).toBeGreaterThanOrEqual(rows.length)
    expect(rows.length).toBeGreaterThan(8)
    expect(rows.every(({ before }) => before.queuedMs >= 3000 && before.queuedMs <= 4000)).toBe(true)
  })

  test('shows frames of both with the ties between them, in blocks that a screen can draw', async () => {
    const { picture, rows, summary } = await predicted(trace, { chunkBytes: 96 })
    const { before, after, ties } = picture.window(summary.line.fromMs, summary.line.toMs, 0)
    expect(before.length).toBe(picture.before.length - mergeable(picture.before))
    expect(ties.length).toBe(rows.length)
    for (const tie of ties)
      expect([before[tie.before]!.row, after[tie.after]!.row]).toEqual([tie.row, tie.row])
    const coarse = picture.window(summary.line.fromMs, summary.line.toMs, 200)
    expect(coarse.before.length).toBeLessThan(before.length)
  })

  test('stops for whoever does not want it any more', async () => {
    const study = await WhatIfStudy.read(each(trace), AS_RECORDED)
    const stop = new AbortController()
    const onProgress = (): void => stop.abort(new Error('enough'))
    await expect(
      study.predict({ ...AS_RECORDED, baud: 300 }, { signal: stop.signal, onProgress }),
    ).rejects.toThrow('enough')
  })

  test('takes as many messages as are allowed, and refuses one more', async () => {
    const messages = trace.filter(({ type }) => type === 'message-opened').length
    const limits = { messages, frames: 1e6, bodyBytes: 1e9 }
    await expect(WhatIfStudy.read(each(trace), AS_RECORDED, limits)).resolves.toBeDefined()
    const fewer = WhatIfStudy.read(each(trace), AS_RECORDED, { ...limits, messages: messages - 1 })
    await expect(fewer).rejects.toEqual(coded('WHATIF_TOO_LARGE'))
  })

  test('says what is missing', async () => {
    await expect(predicted(trace, { linkId: 9 })).rejects.toEqual(coded('WHATIF_EMPTY'))
    const withUrl = (url: string) =>
      trace.map((event) => (event.type === 'link-state' ? { ...event, url } : event))
    await expect(predicted(withUrl('tcp://127.0.0.1:4000'), {})).rejects.toEqual(coded('WHATIF_NEEDS_RATE'))
    await expect(predicted(withUrl('sim:demo?dialect=raw'), {})).rejects.toEqual(coded('WHATIF_DIALECT'))
    const asked = await predicted(withUrl('tcp://127.0.0.1:4000'), { baud: 115_200 })
    expect(asked.summary.calibration).toBeNull()
    expect(asked.summary.unfinished).toBe(0)
  })
})

/** Frames that touch the one before them of the same message in the same direction. */
function mergeable(frames: WhatIfResult['picture']['before']): number {
  let count = 0
  const last = new Map<string, (typeof frames)[number]>()
  for (const frame of frames) {
    const before = last.get(frame.dir)
    if (
      before !== undefined &&
      before.row === frame.row &&
      before.hue === frame.hue &&
      frame.startMs - before.endMs < 1e-6
    )
      count += 1
    last.set(frame.dir, frame)
  }
  return count
}
