import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SERIES_METRICS, type SeriesBins, type SeriesMetric } from '../../../shared/model/series'
import { pointsCsv, seriesCsv } from './csv'
import { keptPlots, MAX_PLOT_SERIES, MAX_PLOTS, printPlots, seriesTitle } from './kept-plots'
import { around, fromZero } from './plot-scale'
import { nearestPoint, NO_POINTS, type PointData, withPoints } from './point-data'
import { binAt, NO_SERIES, seriesData, withNews } from './series-data'
import { askedSpanMs, chosen, panned, rangeOf, type TimeRange, zoomed } from './time-window'

/** Bins whose values tell which bin they are, and when they were told. */
function bins(first: number, count: number, version = 0): SeriesBins {
  const columns = {} as Record<SeriesMetric, Float64Array>
  for (const metric of SERIES_METRICS) {
    columns[metric] = Float64Array.from({ length: count }, (_, at) => (first + at) * 1000 + version)
  }
  return { binMs: 100, first, count, nowMs: (first + count) * 100, columns }
}

describe('figures on screen', () => {
  test('are, after any items, the latest that was told of each of the newest bins', () => {
    const items = fc.array(fc.record({ forward: fc.nat(8), back: fc.nat(6) }), {
      minLength: 1,
      maxLength: 30,
    })
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 25 }), (script, most) => {
        let end = 20
        let shown = seriesData(bins(20 - Math.min(20, most), Math.min(20, most)))
        const told = new Map<number, number>()
        for (let bin = shown.first; bin < end; bin++) told.set(bin, bin * 1000)
        for (const [version, { forward, back }] of script.entries()) {
          const first = Math.max(shown.first, end - back)
          end += forward
          const news = bins(first, end - first, version + 1)
          for (let bin = first; bin < end; bin++) told.set(bin, bin * 1000 + version + 1)
          shown = withNews(shown, news, most)
        }
        expect([shown.first + shown.count, shown.endMs]).toEqual([end, end * 100])
        expect(shown.count).toBe(Math.min(most, end - Math.min(...told.keys())))
        for (let at = 0; at < shown.count; at++) {
          expect(shown.columns.bytesIn[at]).toBe(told.get(shown.first + at))
          expect(binAt(shown, shown.atMs[at]!)).toBe(at)
        }
      }),
    )
  })

  test('begin anew where bins of another length come, or of a time that does not follow', () => {
    const shown = seriesData(bins(0, 5))
    expect(withNews(shown, { ...bins(3, 2), binMs: 200 }, 10)).toMatchObject({
      binMs: 200,
      first: 3,
      count: 2,
    })
    expect(withNews(shown, bins(50, 2), 10)).toMatchObject({ first: 50, count: 2 })
    expect(withNews(NO_SERIES, bins(7, 1), 10)).toMatchObject({ first: 7, count: 1 })
    expect(binAt(NO_SERIES, 5)).toBe(-1)
  })
})

describe('the time that is shown', () => {
  const endMs = 100_000
  const spanOf = ({ fromMs, toMs }: TimeRange): number => toMs - fromMs

  test('follows the newest, or shows all of it', () => {
    expect(rangeOf({ kind: 'follow', span: 30_000 }, endMs)).toEqual({ fromMs: 70_000, toMs: endMs })
    expect(rangeOf({ kind: 'follow', span: 'all' }, endMs)).toEqual({ fromMs: 0, toMs: endMs })
    expect([askedSpanMs('all', 31_000), askedSpanMs('all', 9e9), askedSpanMs(30_000, 9e9)]).toEqual([
      120_000, 21_600_000, 30_000,
    ])
  })

  test('stays within the session and above a second, wherever it is zoomed and moved', () => {
    const step = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      by: fc.double({ min: 0.01, max: 20, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let range: TimeRange = { fromMs: 70_000, toMs: endMs }
        for (const { at, by } of steps) {
          const focusMs = range.fromMs + at * spanOf(range)
          const next = by > 10 ? panned(range, by - 15, endMs) : zoomed(range, by, focusMs, endMs)
          range = rangeOf(next, endMs)
          expect(range.fromMs).toBeGreaterThanOrEqual(0)
          expect(range.toMs).toBeLessThanOrEqual(endMs + 1e-6)
          expect(spanOf(range)).toBeGreaterThanOrEqual(999.999)
        }
      }),
    )
  })

  test('keeps the moment under the pointer where it is while it zooms', () => {
    const next = rangeOf(zoomed({ fromMs: 40_000, toMs: 60_000 }, 0.5, 45_000, endMs), endMs)
    expect(next).toMatchObject({ fromMs: 42_500, toMs: 52_500 })
    expect(chosen(50_000, 50_100, endMs)).toEqual({ kind: 'fixed', fromMs: 49_550, toMs: 50_550 })
  })
})

const points = (from: number, ids: readonly number[], openFromMs: number | null = null) => ({
  atMs: Float64Array.from(ids, (id) => id * 10),
  values: Float64Array.from(ids, (id) => id + from),
  messageIds: Uint32Array.from(ids),
  of: ids.length,
  withoutNumber: 0,
  isPartial: false,
  openFromMs,
})

describe('numbers out of messages', () => {
  const first = withPoints(NO_POINTS, points(0, [1, 2, 3, 4], 30), { fromMs: 0, toMs: 1000, keepMs: 0 })

  test('are asked for again from the oldest message that is still under way', () => {
    expect(first).toMatchObject({ settledMs: 30, isLoading: false, of: 4 })
    const next = withPoints(first, points(100, [3, 4, 5]), { fromMs: 30, toMs: 2000, keepMs: 15 })
    expect(next.messageIds).toEqual([2, 3, 4, 5])
    expect(next.values).toEqual([2, 103, 104, 105])
    expect(next.settledMs).toBe(1500)
  })

  test('are found by the nearest moment', () => {
    expect([-5, 14, 16, 999].map((ms) => nearestPoint(first, ms))).toEqual([0, 0, 1, 3])
    expect(nearestPoint(NO_POINTS, 5)).toBe(-1)
  })

  test('are copied as CSV that no spreadsheet takes for a formula', () => {
    const one: PointData = { ...first, atMs: [1.5], values: [0.1 + 0.2], messageIds: [7] }
    expect(pointsCsv([{ title: '=body."x"', points: one }], 0)).toBe(
      'time,session_ms,series,value,message\n1970-01-01T00:00:00.001Z,1.5,"\'=body.""x""",0.3,7\n',
    )
    const [head, row] = seriesCsv(seriesData(bins(3, 1)), 0).split('\n')
    expect(head!.split(',').length).toBe(row!.split(',').length)
    expect(row).toContain('1970-01-01T00:00:00.350Z,350,3000')
  })
})

describe('plots', () => {
  const series = { filter: 'msg.route == "imu"', field: 'body.t', shape: 'line' } as const

  test('are kept, within their bounds; what is damaged is left out', () => {
    const plots = [{ id: 1, series: [series, { ...series, filter: '', shape: 'points' as const }] }]
    expect(keptPlots(printPlots(plots))).toEqual(plots)
    const many = Array.from({ length: 20 }, () => new Array<typeof series>(20).fill(series))
    const kept = keptPlots(JSON.stringify(many))
    expect([kept.length, kept[0]!.series.length]).toEqual([MAX_PLOTS, MAX_PLOT_SERIES])
    for (const text of ['', '{', '{}', '[1,[2],[{}],[{"filter":1,"field":"a","shape":"line"}]]', 'null']) {
      expect(keptPlots(text)).toEqual([])
    }
  })

  test('are called by their field and their messages', () => {
    expect(seriesTitle(series)).toBe('body.t · imu')
    expect(seriesTitle({ ...series, filter: 'size > 3' })).toBe('body.t · size > 3')
    expect(seriesTitle({ ...series, filter: ' ' })).toBe('body.t')
  })

  test('have axes around what they show, also when that is one value or none', () => {
    expect(around(null, null)).toEqual([0, 1])
    expect(around(5, 5)).toEqual([4, 6])
    expect(around(0, 100)).toEqual([-8, 108])
    expect([fromZero(null, 4), fromZero(100, 4)]).toEqual([
      [0, 4],
      [0, 108],
    ])
  })
})
