import { groupDigits } from '../ui/format'
import type { LaneAxis } from './lane-axis'
import { type PixelScale, unitAt } from './time-scale'
import { type AxisTick, clockOf } from './time-ticks'

/** Least distance between two lines without a label, as a share of that between labels. */
const LINE_PARTS = 5

/**
 * Lines and labels of the ordinal axis: the number of the chunk, counted from 1 since the view was opened, and when it
 * began.
 *
 * @param minLabelPx - Least distance between two labels, device pixels.
 */
export function ordinalTicks(
  scale: PixelScale,
  axis: LaneAxis,
  ofDayAtZeroMs: number,
  minLabelPx: number,
): AxisTick[] {
  const kept = axis.bounds()
  if (kept === null) return []
  const step = niceStep(minLabelPx / scale.pxPerUnit)
  const line = Math.max(1, step / LINE_PARTS)
  const from = Math.max(kept.from, unitAt(scale, 0) - step)
  const to = Math.min(kept.to, unitAt(scale, scale.widthPx))
  const ticks: AxisTick[] = []
  for (let at = Math.ceil(from / line) * line; at < to; at += line) {
    const isLabelled = at % step === 0
    const label = isLabelled ? `#${groupDigits(at + 1)}  ${clockOf(axis.timeOf(at), ofDayAtZeroMs)}` : ''
    ticks.push({ at, label })
  }
  return ticks
}

/** The least of 1, 2, 5, 10, 20 … that is not below `least`. */
function niceStep(least: number): number {
  for (let ten = 1; ; ten *= 10) {
    for (const part of [1, 2, 5]) if (part * ten >= least) return part * ten
  }
}
