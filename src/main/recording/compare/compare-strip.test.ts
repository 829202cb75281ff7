import { beforeAll, describe, expect, test } from 'vitest'
import type { TraceEvent } from '../../../shared/model/trace'
import { VirtualClock } from '../../../testing/virtual-clock'
import { Links } from '../../link/links'
import { transportFor } from '../../simulator/transport-for'
import { seededRandom } from '../../transport/seeded-random'
import { SessionTime } from '../format/session-time'
import { compareStrip, RowFinder } from './compare-strip'
import { ComparedRecording } from './compared-recording'
import { Comparison } from './comparison'
import { IgnoreRules } from './ignore-rules'
import { inTurns } from './turns'

const ignore = IgnoreRules.parse([])

/** Three seconds of a simulated device which is asked something every 50 ms, `skipped` not. */
async function recorded(startMs: number, skipped: number): Promise<ComparedRecording> {
  const clock = new VirtualClock()
  const events: TraceEvent[] = []
  const links = new Links({ clock, random: seededRandom(1), transportFor: (at) => transportFor(at, clock) })
  links.observe((event) => {
    if (event.type !== 'bytes') events.push(event)
  })
  await clock.advanceToAsync(startMs)
  const { linkId } = links.openLink('sim:demo?seed=5&baud=115200')
  await clock.advanceToAsync(startMs + 400)
  for (let asked = 0; asked < 40; asked++) {
    if (asked !== skipped) {
      const body = new TextEncoder().encode(`{"a":${asked},"b":1}`)
      links
        .link(linkId)
        .request({ route: 'add', body })
        .answer.catch(() => undefined)
    }
    await clock.advanceToAsync(startMs + 450 + asked * 50)
  }
  await links.closeAll()
  const trace = {
    time: new SessionTime(0),
    damagedBytes: 0,
    async *entries() {
      await Promise.resolve()
      for (const event of events) yield { event }
    },
  }
  return ComparedRecording.read('x.mcap', trace, { ignore })
}

let comparison: Comparison
beforeAll(async () => {
  const [a, b] = [await recorded(0, -1), await recorded(700, 7)]
  comparison = await inTurns(Comparison.steps(a, b, { ignore, shiftMs: 5 }))
})

describe('the strip of a comparison', () => {
  test('joins the same exchanges of both lines, and leaves a place for what is missing', () => {
    const asked = Array.from({ length: comparison.alignment.rows }, (_, row) => comparison.row(row)).filter(
      ({ route }) => route === 'add',
    )
    expect(asked.filter(({ kind }) => kind === 'equal').length).toBe(39)
    expect(asked.filter(({ kind }) => kind === 'missing').length).toBe(1)
    const strip = compareStrip(comparison, new RowFinder(comparison), { fromMs: 0, toMs: 5000, anchor: null })
    expect(strip.above.length).toBeGreaterThan(40)
    const gaps = strip.below.filter(({ look, route }) => look === 'missing' && route === 'add')
    expect(gaps.map(({ row }) => comparison.kindOf(row))).toEqual(['missing'])
    const tied = new Set(strip.ties.map(({ row }) => row))
    expect(asked.every(({ row }) => tied.has(row))).toBe(true)
    for (const { row, above, below } of strip.ties)
      expect([strip.above[above]!.row, strip.below[below]!.row]).toEqual([row, row])
  })

  test('begins the anchor at the same place in both lines', () => {
    const both = (row: number): boolean => comparison.row(row).a !== null && comparison.row(row).b !== null
    const anchor = Array.from({ length: comparison.alignment.rows }, (_, row) => row).filter(both)[30]!
    const strip = compareStrip(comparison, new RowFinder(comparison), { fromMs: 0, toMs: 5000, anchor })
    const tie = strip.ties.find(({ row }) => row === anchor)!
    expect(strip.above[tie.above]!.startMs).toBeCloseTo(strip.below[tie.below]!.startMs, 6)
  })

  test('has nothing outside of its window', () => {
    const finder = new RowFinder(comparison)
    const whole = compareStrip(comparison, finder, { fromMs: 0, toMs: 5000, anchor: null })
    const part = compareStrip(comparison, finder, { fromMs: 1000, toMs: 1400, anchor: null })
    expect(part.above.length).toBeGreaterThan(0)
    expect(part.above.length).toBeLessThan(whole.above.length / 2)
    for (const { startMs, endMs } of part.above) expect(endMs >= 1000 && startMs <= 1400).toBe(true)
  })

  test('says where the time of both went, in parts that add up', () => {
    for (let row = 0; row < comparison.alignment.rows; row++) {
      const { a, b } = comparison.detail(row).times
      for (const time of [a, b]) {
        if (time === null) continue
        expect(time.parts.reduce((total, { ms }) => total + ms, 0)).toBeCloseTo(time.totalMs, 6)
      }
    }
  })
})
