import type { TaskRunEntry } from '../../../shared/model/tasks'

const BINS = 48
/** Width of a bin: the least that has room for the latest. */
const WIDTHS_MS = [0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 60_000, 3_600_000]

/** How many runs began how late. What is later than the last bin is in it. Runs by hand do not count. */
export function latenessBins(runs: readonly Pick<TaskRunEntry, 'lateMs' | 'isManual'>[]): {
  readonly counts: readonly number[]
  readonly binMs: number
} {
  const lates = runs.flatMap(({ lateMs, isManual }) => (lateMs === null || isManual ? [] : [lateMs]))
  const mostMs = lates.reduce((most, late) => Math.max(most, late), 0)
  const binMs = WIDTHS_MS.find((width) => width * BINS > mostMs) ?? WIDTHS_MS.at(-1)!
  const counts = new Array<number>(BINS).fill(0)
  for (const late of lates) {
    const at = Math.min(BINS - 1, Math.max(0, Math.floor(late / binMs)))
    counts[at] = counts[at]! + 1
  }
  return { counts, binMs }
}
