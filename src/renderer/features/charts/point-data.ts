import type { FieldPoints } from '../../../shared/model/series'
import type { WireError } from '../../../shared/errors'

/** Numbers of one series of a plot. */
export interface PointData {
  readonly atMs: readonly number[]
  readonly values: readonly number[]
  readonly messageIds: readonly number[]
  readonly of: number
  readonly withoutNumber: number
  readonly isPartial: boolean
  /** What may still change: it is asked for again from here on. */
  readonly settledMs: number
  readonly problem: WireError | null
  readonly isLoading: boolean
}

export const NO_POINTS: PointData = {
  atMs: [],
  values: [],
  messageIds: [],
  of: 0,
  withoutNumber: 0,
  isPartial: false,
  settledMs: 0,
  problem: null,
  isLoading: true,
}

/** A message that has been under way for longer is looked at again only with everything. */
const MOST_OPEN_MS = 60_000
/** What has just been told may still be on its way through the core. */
const SLACK_MS = 500

/** What is shown after `points` of `fromMs` to `toMs` came: they replace what was there of that time; what lies before `keepMs` goes. */
export function withPoints(
  shown: PointData,
  points: FieldPoints,
  { fromMs, toMs, keepMs }: { readonly fromMs: number; readonly toMs: number; readonly keepMs: number },
): PointData {
  const isAll = fromMs <= keepMs
  const begin = isAll ? shown.atMs.length : firstAtOrAfter(shown.atMs, keepMs)
  const end = isAll ? begin : firstAtOrAfter(shown.atMs, fromMs)
  const join = (before: readonly number[], news: ArrayLike<number>): number[] => [
    ...before.slice(begin, end),
    ...Array.from(news),
  ]
  const atMs = join(shown.atMs, points.atMs)
  return {
    atMs,
    values: join(shown.values, points.values),
    messageIds: join(shown.messageIds, points.messageIds),
    of: isAll ? points.of : Math.max(atMs.length, shown.of),
    withoutNumber: isAll ? points.withoutNumber : shown.withoutNumber + points.withoutNumber,
    isPartial: points.isPartial || (!isAll && shown.isPartial),
    settledMs: Math.max(toMs - MOST_OPEN_MS, Math.min(points.openFromMs ?? toMs, toMs - SLACK_MS)),
    problem: null,
    isLoading: false,
  }
}

function firstAtOrAfter(sorted: readonly number[], ms: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < ms) low = middle + 1
    else high = middle
  }
  return low
}

/** The point nearest in time, -1 when there is none. */
export function nearestPoint({ atMs }: PointData, ms: number): number {
  const after = firstAtOrAfter(atMs, ms)
  if (after === 0) return atMs.length === 0 ? -1 : 0
  if (after === atMs.length) return after - 1
  return ms - atMs[after - 1]! <= atMs[after]! - ms ? after - 1 : after
}
