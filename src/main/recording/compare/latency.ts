import {
  type CompareHistogram,
  type ComparePercentiles,
  type LatencyShift,
  SHIFT_SHARE,
} from '../../../shared/model/compare'

/**
 * Whether a difference of two times is worth a word: more than `shiftMs`, and more than a quarter of the shorter one. A
 * line that is loaded moves every answer a little; and what took 200 ms may well take 210.
 */
export function significantShift(aMs: number, bMs: number, shiftMs: number): LatencyShift {
  const byMs = bMs - aMs
  const least = Math.max(shiftMs, SHIFT_SHARE * Math.min(aMs, bMs))
  if (Number.isNaN(byMs) || Math.abs(byMs) <= least) return null
  return byMs > 0 ? 'slower' : 'faster'
}

/** @param times - Milliseconds without NaN, in rising order. */
export function percentiles(times: Float64Array): ComparePercentiles {
  const at = (share: number): number | null =>
    times.length === 0 ? null : times[Math.max(0, Math.ceil(share * times.length) - 1)]!
  return { count: times.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}

const HISTOGRAM_BINS = 60

/** Both in the same bins, which end a little beyond nearly all of them. */
export function histogram(a: Float64Array, b: Float64Array): CompareHistogram {
  const most = Math.max(percentiles(a).p99 ?? 0, percentiles(b).p99 ?? 0)
  const toMs = roundUp(most * 1.1)
  const count = (times: Float64Array): number[] => {
    const bins = new Array<number>(HISTOGRAM_BINS).fill(0)
    for (const ms of times) {
      const bin = Math.min(HISTOGRAM_BINS - 1, Math.floor((ms / toMs) * HISTOGRAM_BINS))
      bins[bin] = bins[bin]! + 1
    }
    return bins
  }
  return { toMs, a: count(a), b: count(b) }
}

/** 1, 2, 3, 4, 6 or 8 times a power of ten: a quarter of it is a round number as well. */
function roundUp(ms: number): number {
  if (ms <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(ms))
  return ([1, 2, 3, 4, 6, 8, 10].find((step) => step * power >= ms) ?? 10) * power
}
