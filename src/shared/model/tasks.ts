import type { FileProblem, TaskFile } from '../workspace/workspace-types'

/** Tasks of a workspace that are at work; further files are shown with the code `TASKS_TOO_MANY`. */
export const MAX_TASKS_AT_WORK = 256
/** Runs of one task that are kept for the log and for the figures; the oldest go first. */
export const MAX_KEPT_RUNS = 600
/** Messages of one run that it can still be asked for. */
export const MAX_RUN_MESSAGES = 64
/** Runs that wait for the one before (`overrun: queue`), and runs at once (`overrun: parallel`). */
export const MAX_WAITING_RUNS = 16
export const MAX_PARALLEL_RUNS = 8
/** A run that began later than this is called late. */
export const LATE_MS = 20
/** How far back, and how far ahead, the strip of firings shows. */
export const STRIP_MS = 30_000
/** Planned firings that one task tells of; more of them are drawn from its interval. */
export const MAX_PLANNED = 64

/**
 * What became of one due time.
 *
 * - `held`: its link was down, and the task waits for it; a later due time took its place.
 * - `dropped`: its link was down, and the task does without it.
 * - `skipped`: the run before was still busy, the time passed while the machine slept, or somebody skipped it.
 */
export const RUN_OUTCOMES = ['ok', 'failed', 'timeout', 'held', 'dropped', 'skipped'] as const
export type TaskRunOutcome = (typeof RUN_OUTCOMES)[number]

/** One run of a task, or the decision not to run. Times are of the session clock. */
export interface TaskRunEntry {
  /** Counts the runs of all tasks of the session, from 1. */
  readonly runId: number
  readonly outcome: TaskRunOutcome
  /** In a few words: `answered in 3.1 ms`, `still busy`. */
  readonly detail: string
  readonly isManual: boolean
  readonly dueMs: number
  /** Null when it did not begin. */
  readonly startedMs: number | null
  readonly endedMs: number
  /** From due to the first byte of its first message on the line, or to its beginning where none left; null when it did not begin. */
  readonly lateMs: number | null
  readonly roundTripMs: number | null
  /** Due times that this entry stands for: several that passed in one sleep are one entry. */
  readonly dueCount: number
  /** Route of the message whose frames it waited for longest; empty when it is not late, or nobody knows. */
  readonly behind: string
  /** Messages of this run in the capture. */
  readonly messageIds: readonly number[]
}

/** How a task stands. */
export type TaskStateName =
  | 'waiting'
  | 'running'
  /** Due, and waiting for its link. */
  | 'held'
  /** All tasks are paused. */
  | 'paused'
  /** `enabled: false`. */
  | 'off'
  /** It runs once, and has. */
  | 'done'
  /** What it says in `stop when` held. */
  | 'stopped'
  /** Its file does not make sense, or it cannot be at work. */
  | 'broken'

/** How punctually the last runs began: at most `MAX_KEPT_RUNS`, those asked for by hand not counted. */
export interface TaskPunctuality {
  readonly runs: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** Runs over `LATE_MS`. */
  readonly lateRuns: number
  /** Route that most late runs waited behind, and how many of them; empty and 0 where nobody knows. */
  readonly behind: string
  readonly behindRuns: number
  /** How far the beginnings have strayed from their grid since the first run. */
  readonly driftMs: number
  readonly sinceMs: number
}

export interface TaskStatus {
  readonly name: string
  readonly revision: string
  /** Null when its file cannot be understood. */
  readonly task: TaskFile | null
  readonly problem: FileProblem | null
  readonly state: TaskStateName
  /** Why it stands so, in a few words: `link down`; empty where there is nothing to say. */
  readonly reason: string
  /** Session time of the next due time; null when there is none, or when nobody knows. */
  readonly nextMs: number | null
  /** For tasks on a grid. */
  readonly everyMs: number | null
  /** Due times within `STRIP_MS` from now for rules that are no grid, at most `MAX_PLANNED`. */
  readonly plannedMs: readonly number[]
  readonly ok: number
  /** Failed and timed out. */
  readonly failed: number
  readonly skipped: number
  readonly held: number
  readonly dropped: number
  readonly punctuality: TaskPunctuality | null
  readonly last: TaskRunEntry | null
  /** Session time since which its link is not there; null while it is, or does not matter. */
  readonly downSinceMs: number | null
}

/** A firing as the strip draws it. */
export interface TaskMark {
  readonly task: string
  readonly runId: number
  readonly atMs: number
  readonly look: 'ok' | 'late' | 'failed' | 'missed'
}

/** What the screen of tasks is told: everything at first, then what changed. */
export interface TasksChanged {
  readonly nowMs: number
  readonly isPaused: boolean
  /** All tasks, in their order. */
  readonly names: readonly string[]
  /** Those that changed. */
  readonly changed: readonly TaskStatus[]
  /** Firings since the item before; at first those of the last `STRIP_MS`. */
  readonly marks: readonly TaskMark[]
}

/** The log of one task: those kept at first, then what is new. */
export interface TaskRunsChanged {
  /** Forget what came before. */
  readonly isReset: boolean
  /** Oldest first. */
  readonly runs: readonly TaskRunEntry[]
}
