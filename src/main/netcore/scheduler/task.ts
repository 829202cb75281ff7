import type { ConsoleError } from '../../../shared/errors'
import { DEFAULT_PRIORITY, type Priority } from '../../../shared/model/trace'
import type { HeapItem } from '../deadline-heap'
import { Lateness } from './lateness'
import { CronSeries, DemandSeries, IntervalSeries, OnceSeries, type Series } from './series'
import type { RunLimits } from './task-check'
import type { RunOutcome, SchedulerTime, TaskOptions, TaskRun, TaskState, TaskView } from './task-types'

/** A due time on its way to a run. */
export interface Due {
  readonly task: Task
  readonly dueMs: number
  readonly dueWallMs: number | null
  readonly isManual: boolean
}

/** A run of the task that has not ended. */
export interface BusyRun {
  readonly startedMs: number
  abort(reason: ConsoleError): void
}

/** What the scheduler keeps of a task. The rules are the scheduler's; here are the facts and how they are shown. */
export class Task implements HeapItem {
  heapIndex = -1
  readonly options: TaskOptions
  readonly limits: RunLimits
  readonly priority: Priority
  readonly series: Series
  readonly lateness = new Lateness()
  /** Due times that wait for an earlier run to end, or for the link; in a pause also what had come due just before it. */
  waiting: Due[] = []
  readonly active = new Set<BusyRun>()
  /** Due times in the hands of the current `wake`. */
  inHand = 0
  /** When `runNow` was asked and not carried out yet. */
  askedMs: number | null = null
  /** Since when it is due by `fire` and was not looked at yet. */
  firedMs: number | null = null
  abandoned = 0
  isPaused = false
  isCancelled = false
  readonly #counts: Record<RunOutcome, number> = { ok: 0, failed: 0, skipped: 0, dropped: 0, timeout: 0 }
  #last: TaskRun | null = null

  /** @throws what a cron rule throws. */
  constructor(
    readonly id: number,
    options: TaskOptions,
    limits: RunLimits,
    time: SchedulerTime,
  ) {
    this.options = options
    this.limits = limits
    this.priority = options.priority ?? DEFAULT_PRIORITY
    this.series = seriesOf(options, time)
  }

  get kind(): TaskView['kind'] {
    const { when } = this.options
    if ('cron' in when) return 'cron'
    if ('onDemand' in when) return 'demand'
    return 'everyMs' in when ? 'interval' : 'once'
  }

  /** Its due times are of the wall clock. */
  get followsWall(): boolean {
    return this.kind === 'cron'
  }

  /** Nothing will happen with it any more. */
  get isOver(): boolean {
    const hasFuture = !this.isCancelled && (this.series.nextMs !== null || this.kind === 'demand')
    return !hasFuture && this.inHand + this.waiting.length + this.active.size === 0 && this.askedMs === null
  }

  record(run: TaskRun): void {
    this.#counts[run.outcome] += run.dueCount
    this.#last = run
  }

  /** `offsetMs` is the wall clock less the monotonic one. */
  view(offsetMs: number): TaskView {
    const { name, when } = this.options
    const nextMs = this.isPaused || this.isCancelled ? null : this.series.nextMs
    return {
      taskId: this.id,
      name,
      kind: this.kind,
      everyMs: 'everyMs' in when ? when.everyMs : null,
      cron: 'cron' in when ? when.cron.text : null,
      priority: this.priority,
      state: this.#state,
      nextDueMs: nextMs === null || !this.followsWall ? nextMs : nextMs - offsetMs,
      nextDueWallMs: this.followsWall ? nextMs : null,
      activeRuns: this.active.size,
      waitingRuns: this.waiting.length,
      runningSinceMs: this.#runningSinceMs,
      abandonedRuns: this.abandoned,
      counts: { ...this.#counts },
      lateness: this.lateness.view,
      last: this.#last && lastOf(this.#last),
    }
  }

  get #state(): TaskState {
    if (this.isCancelled) return 'ending'
    if (this.isPaused) return 'paused'
    if (this.active.size > 0)
      return this.series.nextMs === null && this.waiting.length === 0 && this.kind !== 'demand'
        ? 'ending'
        : 'running'
    return this.waiting.length > 0 ? 'held' : 'waiting'
  }

  get #runningSinceMs(): number | null {
    for (const run of this.active) return run.startedMs // a set keeps the order of insertion: the oldest
    return null
  }
}

function seriesOf({ when }: TaskOptions, time: SchedulerTime): Series {
  if ('cron' in when) return new CronSeries(when.cron, time.wallMs())
  if ('onDemand' in when) return new DemandSeries()
  const firstMs = time.nowMs() + (when.afterMs ?? 0)
  return 'everyMs' in when ? new IntervalSeries(firstMs, when.everyMs) : new OnceSeries(firstMs)
}

const lastOf = ({ outcome, startedMs, endedMs, error }: TaskRun): TaskView['last'] => ({
  outcome,
  endedMs,
  durationMs: startedMs === null ? null : endedMs - startedMs,
  error: error && { code: error.code, message: error.message },
})
