import type { LanesModel } from './lanes-model'
import type { AxisRange } from './view-state'
import type { PackedBatch } from './worker-protocol'

/**
 * Whether a batch that the model has taken shows something in this part of the axis. What belongs to no message shows
 * wherever it is: in lanes, counts and plates.
 */
export function isInSight(batch: PackedBatch, { axis, ring }: LanesModel, { from, to }: AxisRange): boolean {
  if (
    batch.gaps.length > 0 ||
    batch.faults.length > 0 ||
    batch.lines.length > 0 ||
    batch.taskRuns.length > 0 ||
    batch.cacheEnds.length > 0
  )
    return true
  if (axis.isOrdinal) return to >= ring.nextSeq - batch.startMs.length
  for (const message of batch.messages) {
    if (message.openedMs <= to && (message.closedMs ?? Infinity) >= from) return true
  }
  for (let i = 0; i < batch.startMs.length; i++) {
    if (batch.startMs[i]! <= to && batch.endMs[i]! >= from) return true
  }
  return false
}
