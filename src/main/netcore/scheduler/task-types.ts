import type { ConsoleError, ErrorCode } from '../../../shared/errors'
import type { Priority } from '../../../shared/model/trace'

/** netcore-lso.md §12. */
export const MAX_TASKS = 10_000
/** Runs of one task that wait or run at once, at most. */
export const MAX_RUNS_PER_TASK = 1000
export const MAX_TASK_NAME_LENGTH = 256
/** About 100 years: no wait is meant to be longer, and sums stay exact to well under a millisecond. */
export const MAX_WAIT_MS = 100 * 366 * 86_400_000

/**
 * When a cron expression comes due. A port: calendars, time zones and their changes are not the business of the pure
 * scheduler.
 */
export interface CronRule {
  /** For people: the expression, and the zone unless it is the local one. */
  readonly text: string
  /** The next due time strictly after `wallMs` (milliseconds since 1970), or null when there is none any more. */
  nextAfterMs(wallMs: number): number | null
}

/** Both clocks of the machine. The scheduler looks at them, it never waits. */
export interface SchedulerTime {
  /** Monotonic: delays and intervals follow it, whatever happens to the wall clock. */
  nowMs(): number
  /** Milliseconds since 1970: cron rules follow it, with its jumps. */
  wallMs(): number
}

/**
 * - `afterMs`: once, so much later. 0 is as soon as possible.
 * - `everyMs`: again and again on a fixed grid, first after `afterMs` (default 0, as in Python). Late runs do not shift the
 *   grid, so the series does not drift.
 * - `cron`: whenever the rule says so.
 * - `onDemand`: whenever `fire` says so; it stays until it is cancelled.
 */
export type TaskTiming =
  | { readonly afterMs: number }
  | { readonly everyMs: number; readonly afterMs?: number }
  | { readonly cron: CronRule }
  | { readonly onDemand: true }

/** What happens when a task comes due while it runs already. Refused runs are recorded as `skipped`. */
export type OverrunPolicy =
  | 'skip'
  /** Up to `waiting` runs wait for the one before to end. */
  | { readonly kind: 'queue'; readonly waiting: number }
  /** Up to `runs` at once. */
  | { readonly kind: 'parallel'; readonly runs: number }

/**
 * What happens when a task comes due while the link is down: `run` it all the same, `hold` it until the link is up (at
 * most one run, for the latest due time), `drop` it, or record a failure with `LINK_NOT_CONNECTED`. A task that runs once is
 * over when it was dropped or failed.
 */
export type DisconnectedPolicy = 'run' | 'hold' | 'drop' | 'fail'

export interface TaskContext {
  readonly taskId: number
  readonly dueMs: number
  /** Asked for by `runNow`. */
  readonly isManual: boolean
  /** Aborts when the run takes longer than `timeoutMs`, when its task is cancelled, and when the scheduler stops. */
  readonly signal: AbortSignal
}

export interface TaskOptions {
  /** Up to 256 characters. */
  readonly name: string
  readonly when: TaskTiming
  /** May call the scheduler. What it throws or rejects with ends this run, never the series. */
  readonly run: (context: TaskContext) => void | Promise<void>
  /** Among tasks due at the same time, 0 begins first. Default: 3. */
  readonly priority?: Priority
  /** Default: `skip`. */
  readonly overrun?: OverrunPolicy
  /** Default: `run`. */
  readonly whileDisconnected?: DisconnectedPolicy
  /** A run that takes longer is given up: recorded as `timeout`, its place is free. Default: no limit. */
  readonly timeoutMs?: number
}

export type RunOutcome =
  | 'ok'
  | 'failed'
  /** Did not begin: the run before was still busy, or its time passed while the machine slept or was busy. */
  | 'skipped'
  /** Did not begin: the link was down, and the task says `drop`. */
  | 'dropped'
  | 'timeout'

/** What became of one due time (or, for `skipped`, of several). Times are of the monotonic clock. */
export interface TaskRun {
  readonly taskId: number
  readonly name: string
  readonly outcome: RunOutcome
  /** Asked for by `runNow` instead of coming due. */
  readonly isManual: boolean
  readonly dueMs: number
  /** For cron rules: the due time of the wall clock. */
  readonly dueWallMs: number | null
  /** Null when it did not begin. */
  readonly startedMs: number | null
  readonly endedMs: number
  /** From due to begun, or to the decision not to begin. */
  readonly latenessMs: number
  /**
   * Due times that this record stands for. 1, except for `skipped`: several intervals that passed in one sleep are one
   * record. Of a cron rule at most 64 are counted.
   */
  readonly dueCount: number
  readonly error: ConsoleError | null
}

export type TaskState =
  | 'waiting'
  | 'running'
  /** Due, and waiting for the link. */
  | 'held'
  | 'paused'
  /** Cancelled or done with its due times; a run is still busy. */
  | 'ending'

/** One task as screens show it: plain data. */
export interface TaskView {
  readonly taskId: number
  readonly name: string
  readonly kind: 'once' | 'interval' | 'cron' | 'demand'
  readonly everyMs: number | null
  readonly cron: string | null
  readonly priority: Priority
  readonly state: TaskState
  /** Null while paused, and when nothing is due any more. For cron by the wall clock as it stood at the last wake. */
  readonly nextDueMs: number | null
  readonly nextDueWallMs: number | null
  readonly activeRuns: number
  readonly waitingRuns: number
  /** Since when the oldest active run runs: one that never settles shows here. */
  readonly runningSinceMs: number | null
  /** Runs that timed out and have not settled yet. */
  readonly abandonedRuns: number
  /** Due times by outcome. */
  readonly counts: Readonly<Record<RunOutcome, number>>
  readonly lateness: LatenessView | null
  readonly last: {
    readonly outcome: RunOutcome
    readonly endedMs: number
    readonly durationMs: number | null
    readonly error: { readonly code: ErrorCode; readonly message: string } | null
  } | null
}

/** How punctual the runs of a task began, those of `runNow` not counted. */
export interface LatenessView {
  readonly lastMs: number
  readonly meanMs: number
  readonly maxMs: number
  /** Mean change of the lateness from one run to the next. */
  readonly jitterMs: number
  /** Lateness of the last run less that of the first: how far the series has strayed from its grid since it began. */
  readonly driftMs: number
}

export interface SchedulerOptions {
  readonly time: SchedulerTime
  /** Default: true. */
  readonly isConnected?: boolean
  /** Told of everything that became of a due time, after it is settled. May call the scheduler. */
  readonly onRun?: (run: TaskRun) => void
  /** `onRun` threw; must not throw itself. */
  readonly onObserverError?: (error: unknown) => void
  /** `wakeAtMs` came nearer outside `wake`: set the alarm again. */
  readonly onWork?: () => void
  /** Default: 10,000. */
  readonly maxTasks?: number
}
