import type { Clock } from '../../../shared/model/clock'
import {
  LATE_MS,
  STRIP_MS,
  type TaskMark,
  type TaskRunEntry,
  type TaskRunsChanged,
  type TasksChanged,
} from '../../../shared/model/tasks'
import type { Tasks } from '../../operate/tasks/tasks'
import type { Feed } from '../console-types'
import { PacedFeed } from './paced-feed'

const TASKS_INTERVAL_MS = 200
const RUNS_INTERVAL_MS = 200

const lookOf = ({ outcome, lateMs }: TaskRunEntry): TaskMark['look'] => {
  if (outcome === 'failed' || outcome === 'timeout') return 'failed'
  if (lateMs === null) return 'missed'
  return lateMs > LATE_MS ? 'late' : 'ok'
}

/** All tasks, then those that changed, with their firings since. Silent while nothing happens. */
export function tasksFeed(tasks: Tasks, clock: Clock): Feed<TasksChanged> {
  let told = -1
  let known = new Map<string, { readonly version: number; readonly runId: number }>()
  const stop = tasks.onChange(() => feed.touch())
  const feed = new PacedFeed<TasksChanged>(clock, {
    intervalMs: TASKS_INTERVAL_MS,
    produce: (nowMs) => {
      if (told === tasks.version) return undefined
      told = tasks.version
      const { names, isPaused } = tasks
      const before = known
      known = new Map()
      const changed: TasksChanged['changed'][number][] = []
      const marks: TaskMark[] = []
      for (const task of names) {
        const version = tasks.versionOf(task)
        const seen = before.get(task) ?? { version: 0, runId: 0 }
        if (version === seen.version) {
          known.set(task, seen)
          continue
        }
        changed.push(tasks.status(task))
        const runs = tasks.runsAfter(task, seen.runId)
        known.set(task, { version, runId: runs.at(-1)?.runId ?? seen.runId })
        for (const run of runs) {
          const atMs = run.startedMs ?? run.dueMs
          if (atMs >= nowMs - STRIP_MS) marks.push({ task, runId: run.runId, atMs, look: lookOf(run) })
        }
      }
      return { nowMs, isPaused, names, changed, marks }
    },
    hasMore: () => false,
    close: () => stop(),
  })
  return feed
}

/** The runs of one task that are kept, then what is new. */
export function taskRunsFeed(tasks: Tasks, clock: Clock, task: string): Feed<TaskRunsChanged> {
  let runId = 0
  let clears = tasks.clears
  let isFirst = true
  const stop = tasks.onChange(() => feed.touch())
  const feed = new PacedFeed<TaskRunsChanged>(clock, {
    intervalMs: RUNS_INTERVAL_MS,
    produce: () => {
      const isReset = isFirst || clears !== tasks.clears
      const runs = tasks.runsAfter(task, isReset ? 0 : runId)
      if (!isReset && runs.length === 0) return undefined
      isFirst = false
      clears = tasks.clears
      runId = runs.at(-1)?.runId ?? runId
      return { isReset, runs }
    },
    hasMore: () => false,
    close: () => stop(),
  })
  return feed
}
