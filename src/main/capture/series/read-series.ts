import {
  SERIES_METRICS,
  type SeriesBins,
  type SeriesColumns,
  type SeriesMetric,
} from '../../../shared/model/series'
import type { BucketRing } from './bucket-ring'
import type { LinkSeries } from './link-series'
import { CELL, CELLS, PAGE_BUCKETS } from './page-pool'
import { ROUND_TRIP_BINS, roundTripAt } from './round-trip-bins'

/** Which bins to read: as in `SeriesBins`. */
export interface SeriesGrid {
  readonly ring: 'fine' | 'coarse'
  readonly binMs: number
  readonly first: number
  readonly end: number
}

/** The finest grid of at most `bins` bins over a span, of those that are over at `nowMs`. */
export function gridOf(
  series: LinkSeries,
  fromMs: number,
  toMs: number,
  bins: number,
  nowMs: number,
): SeriesGrid {
  const ring = fromMs >= series.fine.oldestMs(nowMs) ? 'fine' : 'coarse'
  const binMs = binOf(series[ring].bucketMs, Math.min(toMs, nowMs) - fromMs, bins)
  const end = Math.min(Math.ceil(toMs / binMs), Math.floor(nowMs / binMs))
  return { ring, binMs, first: Math.min(end, Math.max(Math.floor(fromMs / binMs), end - bins)), end }
}

/** The grid of the last `spanMs`. Its bins are the same whenever it is asked for: they only move on. */
export function gridWith(
  ring: SeriesGrid['ring'],
  bucketMs: number,
  spanMs: number,
  nowMs: number,
  bins: number,
): SeriesGrid {
  const binMs = binOf(bucketMs, spanMs, bins)
  const end = Math.floor(nowMs / binMs)
  const first = Math.floor((nowMs - spanMs) / binMs)
  return { ring, binMs, first: Math.max(0, first, end - bins), end }
}

const binOf = (bucketMs: number, spanMs: number, bins: number): number =>
  bucketMs * Math.max(1, Math.ceil(spanMs / bucketMs / bins))

/** Reads the bins of a grid. Cost: O(buckets in it). */
export function readSeries(
  series: LinkSeries,
  grid: SeriesGrid,
  nowMs: number,
  hasLine: boolean,
): SeriesBins {
  series.settleQueue(nowMs)
  const { binMs, first, end } = grid
  const ring = series[grid.ring]
  const count = Math.max(0, end - first)
  const columns = emptyColumns(count)
  const oldestMs = Math.max(series.bornMs, ring.oldestMs(nowMs))
  const sums = new Float64Array(CELLS)
  const counts = new Uint32Array(ROUND_TRIP_BINS)
  for (let at = 0; at < count; at++) {
    if ((first + at + 1) * binMs <= oldestMs) continue
    sumBuckets(ring, first + at, binMs, sums, counts)
    fillBin(columns, at, sums, counts, binMs)
    if (!hasLine) columns.busyIn[at] = columns.busyOut[at] = Number.NaN
  }
  return { binMs, first, count, nowMs, columns }
}

/** Raises the utilisation of `target` to that of another link where this one is higher. */
export function raiseBusy(target: SeriesColumns, other: SeriesColumns): void {
  for (const metric of ['busyIn', 'busyOut'] as const) {
    const to = target[metric]
    const from = other[metric]
    for (let at = 0; at < to.length; at++) {
      if (from[at]! > to[at]! || Number.isNaN(to[at]!)) to[at] = from[at]!
    }
  }
}

function emptyColumns(count: number): SeriesColumns {
  const columns = {} as Record<SeriesMetric, Float64Array>
  for (const metric of SERIES_METRICS) columns[metric] = new Float64Array(count).fill(Number.NaN)
  return columns
}

const isMost = new Set<number>([CELL.queuedBytesMax, CELL.queuedMessagesMax, CELL.roundTripMaxMs])

function sumBuckets(
  ring: BucketRing,
  bin: number,
  binMs: number,
  sums: Float64Array,
  counts: Uint32Array,
): void {
  sums.fill(0)
  counts.fill(0)
  const perBin = Math.round(binMs / ring.bucketMs)
  for (let bucket = bin * perBin; bucket < (bin + 1) * perBin; bucket++) {
    const page = ring.pageOf(bucket)
    if (page === undefined) continue
    const row = bucket % PAGE_BUCKETS
    const cells = page.cells
    for (let cell = 0; cell < CELLS; cell++) {
      const value = cells[row * CELLS + cell]!
      sums[cell] = isMost.has(cell) ? Math.max(sums[cell]!, value) : sums[cell]! + value
    }
    if (page.roundTrips === null || cells[row * CELLS + CELL.answers] === 0) continue
    for (let trip = 0; trip < ROUND_TRIP_BINS; trip++) {
      counts[trip] = counts[trip]! + page.roundTrips[row * ROUND_TRIP_BINS + trip]!
    }
  }
}

function fillBin(
  columns: SeriesColumns,
  at: number,
  sums: Float64Array,
  counts: Uint32Array,
  binMs: number,
): void {
  const perSecond = 1000 / binMs
  columns.bytesIn[at] = sums[CELL.bytesIn]! * perSecond
  columns.bytesOut[at] = sums[CELL.bytesOut]! * perSecond
  columns.framesIn[at] = sums[CELL.framesIn]! * perSecond
  columns.framesOut[at] = sums[CELL.framesOut]! * perSecond
  columns.messagesIn[at] = sums[CELL.messagesIn]! * perSecond
  columns.messagesOut[at] = sums[CELL.messagesOut]! * perSecond
  columns.busyIn[at] = Math.min(1, sums[CELL.busyMsIn]! / binMs)
  columns.busyOut[at] = Math.min(1, sums[CELL.busyMsOut]! / binMs)
  columns.queuedBytesMax[at] = sums[CELL.queuedBytesMax]!
  columns.queuedBytesMean[at] = sums[CELL.queuedByteMs]! / binMs
  columns.queuedMessagesMax[at] = sums[CELL.queuedMessagesMax]!
  columns.queuedMessagesMean[at] = sums[CELL.queuedMessageMs]! / binMs
  columns.answers[at] = sums[CELL.answers]!
  columns.unanswered[at] = sums[CELL.unanswered]!
  columns.faults[at] = sums[CELL.faults]!
  let total = 0
  for (const trips of counts) total += trips
  if (total === 0) return
  const mostMs = sums[CELL.roundTripMaxMs]!
  columns.rttP50[at] = roundTripAt(counts, total, 0.5, mostMs)
  columns.rttP95[at] = roundTripAt(counts, total, 0.95, mostMs)
  columns.rttP99[at] = roundTripAt(counts, total, 0.99, mostMs)
  columns.rttMax[at] = mostMs
}
