import type { CacheEvent, FaultEvent, TaskRunEvent } from '../../shared/model/trace'
import type { LaneCacheEnd, LaneFault, LaneTaskRun } from '../../shared/model/views'

/** What lanes keep of events that belong to no message. */

export const loggedFault = ({ linkId, dir, atMs, code }: FaultEvent): LaneFault => ({
  linkId,
  dir,
  atMs,
  code,
})

export const loggedTaskRun = (event: TaskRunEvent): LaneTaskRun => {
  const { linkId, atMs, runId, task, outcome, startedMs, lateMs } = event
  return { linkId, atMs: startedMs ?? atMs, untilMs: atMs, runId, task, outcome, lateMs }
}

/** Undefined for what somebody asked for: that is no end by itself. */
export const loggedCacheEnd = ({ linkId, atMs, change, key }: CacheEvent): LaneCacheEnd | undefined =>
  change === 'expired' || change === 'evicted' ? { linkId, atMs, change, key } : undefined
