import type {
  CacheEvent,
  FaultEvent,
  LinesEvent,
  LinkStateEvent,
  TaskRunEvent,
} from '../../shared/model/trace'
import type { LaneCacheEnd, LaneFault, LaneTaskRun } from '../../shared/model/views'
import type { CaptureLimits } from './capture-limits'
import { GapLog } from './gap-log'
import { LatestLog } from './latest-log'
import { LinesLog } from './lines-log'
import { loggedCacheEnd, loggedFault, loggedTaskRun } from './logged-events'

type Logged = FaultEvent | LinkStateEvent | LinesEvent | TaskRunEvent | CacheEvent

/** What lanes show beside messages: faults, times without a link, lines of ports, runs of tasks, ends in the cache. */
export class LaneLogs {
  readonly faults: LatestLog<LaneFault>
  readonly gaps: GapLog
  readonly lines: LinesLog
  readonly taskRuns: LatestLog<LaneTaskRun>
  readonly cacheEnds: LatestLog<LaneCacheEnd>

  constructor(limits: Pick<CaptureLimits, 'faults' | 'gaps' | 'lines' | 'taskRuns' | 'cacheEnds'>) {
    this.faults = new LatestLog(limits.faults)
    this.gaps = new GapLog(limits.gaps)
    this.lines = new LinesLog(limits.lines)
    this.taskRuns = new LatestLog(limits.taskRuns)
    this.cacheEnds = new LatestLog(limits.cacheEnds)
  }

  note(event: Logged): void {
    switch (event.type) {
      case 'fault':
        this.faults.add(loggedFault(event))
        return
      case 'link-state':
        this.gaps.note(event)
        return
      case 'lines':
        this.lines.add(event)
        return
      case 'task-run':
        this.taskRuns.add(loggedTaskRun(event))
        return
      case 'cache': {
        const end = loggedCacheEnd(event)
        if (end !== undefined) this.cacheEnds.add(end)
      }
    }
  }

  clear(): void {
    this.faults.clear()
    this.gaps.clear()
    this.lines.clear()
    this.taskRuns.clear()
    this.cacheEnds.clear()
  }

  forgetLink(linkId: number): void {
    this.gaps.forgetLink(linkId)
  }
}
