import { asConsoleError, ConsoleError } from '../../../shared/errors'
import { DeadlineHeap } from '../deadline-heap'
import { isThenable } from '../thenable'
import { ActiveRun } from './active-run'
import { DueTimes } from './due-times'
import { type Due, Task } from './task'
import { checkTask } from './task-check'
import {
  MAX_TASKS,
  type RunOutcome,
  type SchedulerOptions,
  type TaskOptions,
  type TaskRun,
  type TaskView,
} from './task-types'

/** A run or a due time as it ended. */
interface Ending {
  readonly outcome: RunOutcome
  readonly startedMs?: number
  readonly dueCount?: number
  readonly error?: unknown
}

/**
 * Tasks that run later, again and again, or when a cron rule says so. It has no timer: its owner calls `wake` at `wakeAtMs`,
 * and sets the alarm again after each `wake` and whenever `onWork` asks. Late calls are handled, early ones are harmless.
 *
 * - Runs begin inside `wake` only: ordered by due time, then priority, then the order in which the tasks were scheduled.
 *   What a run schedules, or asks to run now, begins with the next `wake`.
 * - Everything may be called from inside a run, or from `onRun`: `schedule`, `cancel`, `pause`, `stop`, …
 * - After a sleep or a stall a task runs once for all its due times that passed; the others are recorded as `skipped`.
 *   Nothing is caught up after `pause` or `stop`, except tasks that run once.
 * - Delays and intervals follow the monotonic clock, cron rules the wall clock (`CronSeries` tells what happens when it is
 *   set). A step of the wall clock is noticed within 10 s.
 * - A run that throws, rejects, never ends or takes too long is one entry in the records; the series goes on.
 *
 * Differences to Python (netcore-lso.md §10, Q26): there an interval of 0 means once and a negative delay means at once
 * (here both are refused with `TASK_TIMING_INVALID`), a task that raises is not repeated, equal due times fail, and
 * scheduling or stopping inside a task deadlocks or fails.
 */
export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #tasks = new Map<number, Task>()
  readonly #dueTimes: DueTimes
  readonly #deadlines = new DeadlineHeap<ActiveRun>((a, b) => a.deadlineMs < b.deadlineMs)
  /** Tasks to look at in the next `wake` although no time has come: something that was in the way is gone. */
  readonly #ready = new Set<Task>()
  #readySinceMs: number | null = null
  #lastId = 0
  #isConnected: boolean
  #isStopped = false
  #isWaking = false
  #announcedMs: number | null = null

  constructor(options: SchedulerOptions) {
    this.#options = options
    this.#isConnected = options.isConnected ?? true
    this.#dueTimes = new DueTimes(options.time)
  }

  /**
   * @returns the id of the task, for the other calls.
   * @throws ConsoleError `TASKS_TOO_MANY`, `TASK_TIMING_INVALID`, `TASK_OPTION_INVALID`; what a cron rule throws.
   */
  schedule(options: TaskOptions): number {
    const limits = checkTask(options)
    const maxTasks = this.#options.maxTasks ?? MAX_TASKS
    if (this.#tasks.size >= maxTasks) {
      throw new ConsoleError('TASKS_TOO_MANY', `there are ${maxTasks} tasks already`, { limit: maxTasks })
    }
    const task = new Task(this.#lastId + 1, options, limits, this.#options.time)
    if (task.series.nextMs === null && task.kind !== 'demand') {
      throw new ConsoleError('TASK_TIMING_INVALID', `task "${options.name}" would never come due`, {})
    }
    this.#lastId = task.id
    this.#tasks.set(task.id, task)
    this.#look()
    this.#dueTimes.add(task)
    this.#announce()
    return task.id
  }

  /**
   * No run begins any more; runs that are busy are told by their signal (`TASK_CANCELLED`) and recorded as they end. What
   * waited is recorded as skipped.
   *
   * @returns false when there is no such task (any more).
   */
  cancel(taskId: number): boolean {
    const task = this.#tasks.get(taskId)
    if (task === undefined || task.isCancelled) return false
    task.isCancelled = true
    task.askedMs = null
    task.firedMs = null
    this.#dueTimes.remove(task)
    this.#ready.delete(task)
    this.#abortRuns(task, 'the task was cancelled')
    this.#skipWaiting(task)
    this.#forgetIfOver(task)
    return true
  }

  /** No due time comes until `resume`. Busy runs go on; what waits, waits. False when there is no such task. */
  pause(taskId: number): boolean {
    const task = this.#living(taskId)
    if (task === undefined) return false
    task.isPaused = true
    this.#dueTimes.remove(task)
    return true
  }

  /** Due times that passed meanwhile are not made up for, except that of a task that runs once. */
  resume(taskId: number): boolean {
    const task = this.#living(taskId)
    if (task === undefined) return false
    if (task.isPaused) {
      task.isPaused = false
      this.#takeUp(task)
      this.#announce()
    }
    return true
  }

  /**
   * Runs the task with the next `wake`, besides its due times (a task that runs once has then run), also while it is
   * paused. The policies for overrun and for a link that is down hold as for a due time.
   *
   * @returns false when there is no such task, when the scheduler is stopped, or when it was asked already.
   */
  runNow(taskId: number): boolean {
    const task = this.#living(taskId)
    if (task === undefined || this.#isStopped || task.askedMs !== null) return false
    if (task.kind === 'once' && task.series.nextMs !== null) {
      this.#dueTimes.remove(task)
      task.series.take(task.series.nextMs)
    }
    task.askedMs = this.#options.time.nowMs()
    this.#makeReady(task)
    this.#announce()
    return true
  }

  /**
   * A task `onDemand` is due, since `dueMs`. The policies hold as for any due time.
   *
   * @returns false when there is no such task, when it is paused, when the scheduler is stopped, or when the due time before
   *   was not looked at yet: then this one is lost.
   */
  fire(taskId: number, dueMs = this.#options.time.nowMs()): boolean {
    const task = this.#living(taskId)
    if (task?.kind !== 'demand' || task.isPaused || this.#isStopped || task.firedMs !== null) return false
    task.firedMs = dueMs
    this.#makeReady(task)
    this.#announce()
    return true
  }

  /**
   * Leaves out the next due time, which is recorded as skipped at once; a task that runs once is then over.
   *
   * @returns false when there is no such task, and when nothing is due.
   */
  skipNext(taskId: number): boolean {
    const task = this.#living(taskId)
    const nextMs = task?.series.nextMs
    if (task === undefined || nextMs === undefined || nextMs === null || task.isPaused) return false
    this.#look()
    this.#dueTimes.remove(task)
    this.#guardRule(task, () => {
      const { latestMs } = task.series.take(nextMs)
      this.#dueTimes.add(task)
      this.#refuse(this.#dueTimes.dueAt(task, latestMs), { outcome: 'skipped' })
    })
    this.#announce()
    return true
  }

  setConnected(isConnected: boolean): void {
    if (isConnected === this.#isConnected) return
    this.#isConnected = isConnected
    if (!isConnected) return
    for (const task of this.#tasks.values()) if (task.waiting.length > 0) this.#makeReady(task)
    this.#announce()
  }

  /**
   * No run begins until `start`; busy ones are told by their signal (`TASK_CANCELLED`). Tasks are kept, so that `start` goes
   * on with them.
   */
  stop(): void {
    if (this.#isStopped) return
    this.#isStopped = true
    for (const task of this.#tasks.values()) this.#abortRuns(task, 'the scheduler was stopped')
  }

  /** Goes on after `stop`, with due times from now on. Harmless otherwise. */
  start(): void {
    if (!this.#isStopped) return
    this.#isStopped = false
    for (const task of [...this.#tasks.values()]) {
      this.#dueTimes.remove(task)
      if (!task.isCancelled && !task.isPaused) this.#takeUp(task)
      if (task.askedMs !== null || task.firedMs !== null) this.#makeReady(task)
    }
    this.#announce()
  }

  /**
   * When `wake` has something to do, possibly in the past; null when never. It may be further away than the 2^31 − 1 ms at
   * which timers overflow: the owner's alarm waits again then, as `SystemClock` does.
   */
  get wakeAtMs(): number | null {
    let atMs = this.#deadlines.first?.deadlineMs ?? Infinity
    if (!this.#isStopped) {
      atMs = Math.min(atMs, this.#readySinceMs ?? Infinity, this.#dueTimes.nextLookMs)
    }
    return atMs === Infinity ? null : atMs
  }

  /** Ends what took too long, and begins what is due. Harmless at any time, also from inside a run. */
  wake(): void {
    if (this.#isWaking) return
    this.#isWaking = true
    try {
      this.#look()
      this.#endOverdue()
      if (!this.#isStopped) for (const due of this.#collectDue()) this.#admit(due)
    } finally {
      this.#isWaking = false
      this.#announcedMs = this.wakeAtMs // the owner looks at it after this call anyway
    }
  }

  get taskCount(): number {
    return this.#tasks.size
  }

  /** Undefined when there is no such task (any more). */
  view(taskId: number): TaskView | undefined {
    return this.#tasks.get(taskId)?.view(this.#dueTimes.offsetMs)
  }

  /** A window of the tasks in the order in which they were scheduled. */
  views(from: number, count: number): TaskView[] {
    const tasks = [...this.#tasks.values()].slice(from, from + count)
    return tasks.map((task) => task.view(this.#dueTimes.offsetMs))
  }

  /** Reads both clocks. When the wall clock went back, every cron rule decides anew what is next. */
  #look(): void {
    if (!this.#dueTimes.look()) return
    for (const task of [...this.#tasks.values()]) {
      if (!task.followsWall || task.isCancelled) continue
      this.#dueTimes.remove(task)
      this.#guardRule(task, () => task.series.wentBack(this.#dueTimes.clockOf(task)))
      this.#dueTimes.add(task)
      this.#forgetIfOver(task)
    }
  }

  #endOverdue(): void {
    for (let run = this.#deadlines.first; run !== undefined; run = this.#deadlines.first) {
      if (run.deadlineMs > this.#dueTimes.nowMs) return
      const { task } = run.due
      const text = `"${task.options.name}" took longer than ${task.options.timeoutMs ?? 0} ms`
      const error = new ConsoleError('TASK_TIMEOUT', text, { timeoutMs: task.options.timeoutMs })
      task.abandoned += 1
      this.#ended(run, { outcome: 'timeout', error })
      run.abort(error) // last: a listener finds the scheduler consistent
    }
  }

  /** Everything that is to be decided now, in order. */
  #collectDue(): Due[] {
    const dues: Due[] = []
    const take = (due: Due): void => {
      due.task.inHand += 1
      dues.push(due)
    }
    const ready = [...this.#ready]
    this.#ready.clear()
    this.#readySinceMs = null
    for (const task of ready) {
      task.waiting.splice(0).forEach(take)
      if (task.askedMs !== null) take({ task, dueMs: task.askedMs, dueWallMs: null, isManual: true })
      task.askedMs = null
      if (task.firedMs !== null) take({ task, dueMs: task.firedMs, dueWallMs: null, isManual: false })
      task.firedMs = null
    }
    for (let task = this.#dueTimes.takeDue(); task !== undefined; task = this.#dueTimes.takeDue()) {
      this.#takeLatest(task, take)
    }
    return dues.sort(
      (a, b) => a.dueMs - b.dueMs || a.task.priority - b.task.priority || a.task.id - b.task.id,
    )
  }

  /** Takes the due time for which the task runs; those before it that passed as well are recorded as skipped. */
  #takeLatest(task: Task, take: (due: Due) => void): void {
    this.#guardRule(task, () => {
      const { latestMs, firstMs, skipped } = task.series.take(this.#dueTimes.clockOf(task))
      this.#dueTimes.add(task)
      take(this.#dueTimes.dueAt(task, latestMs))
      if (skipped > 0)
        this.#record(this.#dueTimes.dueAt(task, firstMs), { outcome: 'skipped', dueCount: skipped })
    })
  }

  /** Decides what becomes of a due time: a run, a wait, or a record of neither. */
  #admit(due: Due): void {
    const { task } = due
    task.inHand -= 1
    if (task.isCancelled) this.#refuse(due, { outcome: 'skipped' })
    else if (this.#isStopped || (task.isPaused && !due.isManual)) task.waiting.push(due)
    else if (!this.#isConnected && task.options.whileDisconnected === 'hold') this.#hold(due)
    else if (!this.#isConnected && task.options.whileDisconnected === 'drop')
      this.#refuse(due, { outcome: 'dropped' })
    else if (!this.#isConnected && task.options.whileDisconnected === 'fail') {
      const error = new ConsoleError(
        'LINK_NOT_CONNECTED',
        `the link was down when "${task.options.name}" was due`,
      )
      this.#refuse(due, { outcome: 'failed', error })
    } else if (task.active.size < task.limits.active) this.#begin(due)
    else if (task.waiting.length < task.limits.waiting) task.waiting.push(due)
    else this.#refuse(due, { outcome: 'skipped' })
  }

  /** One due time at most waits for the link: the latest. */
  #hold(due: Due): void {
    this.#skipWaiting(due.task)
    due.task.waiting.push(due)
  }

  #begin(due: Due): void {
    const { task } = due
    const startedMs = this.#options.time.nowMs() // not when `wake` began: runs before this one took their time
    const deadlineMs = startedMs + (task.options.timeoutMs ?? Infinity)
    const run = new ActiveRun(due, startedMs, deadlineMs)
    task.active.add(run)
    if (deadlineMs < Infinity) this.#deadlines.add(run)
    if (!due.isManual) task.lateness.add(startedMs - due.dueMs)
    const failed = (error: unknown): void => this.#settled(run, { outcome: 'failed', error })
    try {
      const result: unknown = task.options.run(run)
      if (isThenable(result))
        Promise.resolve(result).then(() => this.#settled(run, { outcome: 'ok' }), failed)
      else this.#settled(run, { outcome: 'ok' })
    } catch (error) {
      failed(error)
    }
  }

  #settled(run: ActiveRun, ending: Ending): void {
    const { task } = run.due
    if (task.active.has(run)) this.#ended(run, ending)
    else task.abandoned -= 1 // it timed out before, and was recorded then
    this.#announce()
  }

  #ended(run: ActiveRun, ending: Ending): void {
    const { task } = run.due
    task.active.delete(run)
    this.#deadlines.remove(run)
    if (task.waiting.length > 0) this.#makeReady(task)
    this.#record(run.due, { ...ending, startedMs: run.startedMs })
    this.#forgetIfOver(task)
  }

  #refuse(due: Due, ending: Ending): void {
    this.#record(due, ending)
    this.#forgetIfOver(due.task)
  }

  #skipWaiting(task: Task): void {
    for (const due of task.waiting.splice(0)) this.#record(due, { outcome: 'skipped' })
  }

  #record({ task, dueMs, dueWallMs, isManual }: Due, ending: Ending): void {
    const endedMs = this.#options.time.nowMs()
    const startedMs = ending.startedMs ?? null
    const run: TaskRun = {
      taskId: task.id,
      name: task.options.name,
      outcome: ending.outcome,
      isManual,
      dueMs,
      dueWallMs,
      startedMs,
      endedMs,
      latenessMs: Math.max(0, (startedMs ?? endedMs) - dueMs), // what is skipped in advance is not early
      dueCount: ending.dueCount ?? 1,
      error: ending.error === undefined ? null : asConsoleError(ending.error),
    }
    task.record(run)
    try {
      this.#options.onRun?.(run)
    } catch (error) {
      this.#options.onObserverError?.(error)
    }
  }

  /** A rule that throws ends its own task, with a record, and nothing else. */
  #guardRule(task: Task, action: () => void): void {
    try {
      action()
    } catch (error) {
      task.isCancelled = true
      this.#skipWaiting(task)
      const due = { task, dueMs: this.#dueTimes.nowMs, dueWallMs: null, isManual: false }
      this.#refuse(due, { outcome: 'failed', error })
    }
  }

  #living(taskId: number): Task | undefined {
    const task = this.#tasks.get(taskId)
    return task?.isCancelled === true ? undefined : task
  }

  #abortRuns(task: Task, why: string): void {
    for (const run of [...task.active])
      run.abort(new ConsoleError('TASK_CANCELLED', why, { taskId: task.id }))
  }

  #forgetIfOver(task: Task): void {
    if (task.isOver) this.#tasks.delete(task.id)
  }

  #takeUp(task: Task): void {
    this.#look()
    this.#guardRule(task, () => task.series.resume(this.#dueTimes.clockOf(task)))
    this.#dueTimes.add(task)
    if (task.waiting.length > 0) this.#makeReady(task)
    this.#forgetIfOver(task)
  }

  #makeReady(task: Task): void {
    this.#ready.add(task)
    this.#readySinceMs ??= this.#options.time.nowMs()
  }

  #announce(): void {
    if (this.#isWaking) return
    const wakeAtMs = this.wakeAtMs
    const isSooner = wakeAtMs !== null && (this.#announcedMs === null || wakeAtMs < this.#announcedMs)
    this.#announcedMs = wakeAtMs
    if (isSooner) this.#options.onWork?.()
  }
}
