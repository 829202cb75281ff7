import { STRIP_BINS } from '../../../shared/model/library'
import type { Overview } from '../../../shared/model/views'
import type { PlacedStrip } from '../library/strip-bins'

const FULL = 255

/**
 * The overview of a recording that is being read: up to `readMs` as it was read, beyond as the library saw it when it read the
 * file before. Bytes of a column of its strip are shared out evenly over its time; a fault stands at the beginning of its column.
 */
export function overviewAhead(
  read: Overview,
  { strip, fromMs, lengthMs }: PlacedStrip,
  readMs: number,
): Overview {
  const bins = read.bytesIn.length
  const binMs = (read.toMs - read.fromMs) / bins
  const columnMs = lengthMs / STRIP_BINS
  if (!(binMs > 0 && columnMs > 0)) return read
  const ahead = {
    ...read,
    bytesIn: read.bytesIn.slice(),
    bytesOut: read.bytesOut.slice(),
    faults: read.faults.slice(),
  }
  const unit = strip.mostBytes / FULL
  for (let column = 0; column < STRIP_BINS; column++) {
    const columnFromMs = fromMs + column * columnMs
    const [beginMs, endMs] = [Math.max(readMs, columnFromMs), columnFromMs + columnMs]
    const first = Math.max(0, Math.floor((beginMs - read.fromMs) / binMs))
    for (let bin = first; bin < bins && read.fromMs + bin * binMs < endMs; bin++) {
      const overlapMs =
        Math.min(endMs, read.fromMs + (bin + 1) * binMs) - Math.max(beginMs, read.fromMs + bin * binMs)
      const share = Math.max(0, overlapMs) / columnMs
      ahead.bytesIn[bin]! += strip.in[column]! * unit * share
      ahead.bytesOut[bin]! += strip.out[column]! * unit * share
    }
    if (strip.faults[column]! > 0 && columnFromMs > readMs && first < bins) ahead.faults[first]! += 1
  }
  return ahead
}
