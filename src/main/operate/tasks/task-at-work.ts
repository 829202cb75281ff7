import { ConsoleError } from '../../../shared/errors'
import {
  MAX_PARALLEL_RUNS,
  MAX_PLANNED,
  MAX_WAITING_RUNS,
  STRIP_MS,
  type TaskStateName,
  type TaskStatus,
} from '../../../shared/model/tasks'
import type { TaskFile } from '../../../shared/workspace/workspace-types'
import type { CronRule, TaskContext, TaskTiming, TaskView } from '../../netcore/scheduler'
import type { LinkScheduler } from './link-schedulers'
import type { TaskHistory } from './task-history'
import type { TaskWorld } from './task-world'

export interface TaskAtWorkOptions {
  readonly world: TaskWorld
  readonly name: string
  readonly task: TaskFile
  /** Of `cron`; null for other triggers. */
  readonly cron: CronRule | null
  readonly home: LinkScheduler
  readonly history: TaskHistory
  readonly isPaused: boolean
  readonly run: (context: TaskContext) => Promise<void>
}

/** A task that makes sense, in the scheduler of its link. */
export class TaskAtWork {
  readonly name: string
  readonly cron: CronRule | null
  readonly home: LinkScheduler
  readonly #options: TaskAtWorkOptions
  #task: TaskFile
  #taskId = 0
  #isDone = false
  #isAllPaused: boolean
  /** What held when `stop when` stopped it; empty while it goes on. */
  #stoppedBy = ''

  constructor(options: TaskAtWorkOptions) {
    this.#options = options
    this.#task = options.task
    this.#isAllPaused = options.isPaused
    this.name = options.name
    this.cron = options.cron
    this.home = options.home
    this.#schedule(this.#timing())
  }

  get task(): TaskFile {
    return this.#task
  }

  /** Number in its scheduler. */
  get taskId(): number {
    return this.#taskId
  }

  /** May run when it is due. */
  get isAwake(): boolean {
    return this.#task.isEnabled && !this.#isAllPaused && this.#stoppedBy === '' && !this.#isDone
  }

  /** Its file is another, in nothing but its switch. What runs once begins its time anew. */
  switchTo(task: TaskFile): void {
    const isOn = task.isEnabled && !this.#task.isEnabled
    this.#task = task
    if (isOn) this.begin()
    else this.#settle()
  }

  pauseAll(isPaused: boolean): void {
    this.#isAllPaused = isPaused
    this.#settle()
  }

  /** Goes on after it stopped or was done. */
  begin(): void {
    this.#stoppedBy = ''
    if (this.#task.trigger.when === 'after') {
      this.home.scheduler.cancel(this.#taskId)
      this.#isDone = false
      this.#schedule(this.#timing())
    }
    this.#settle()
  }

  stop(why: string): void {
    this.#stoppedBy = why
    this.#settle()
  }

  /** @throws ConsoleError `TASK_BUSY` when a run that was asked for has not begun. */
  runNow(): void {
    const { scheduler } = this.home
    if (scheduler.view(this.#taskId) === undefined) this.#schedule({ onDemand: true })
    if (this.#task.trigger.when === 'after') this.#isDone = true
    if (scheduler.runNow(this.#taskId)) return
    throw new ConsoleError('TASK_BUSY', `"${this.name}" was asked to run already`, { name: this.name })
  }

  skipNext(): boolean {
    return this.home.scheduler.skipNext(this.#taskId)
  }

  /** A message matched its filter. */
  fire(dueMs: number): void {
    this.home.scheduler.fire(this.#taskId, dueMs)
  }

  /** A due time of it was settled: one that runs once is then done. */
  noteRun(): void {
    const view = this.view
    if (this.#task.trigger.when === 'after' && (view === undefined || view.nextDueMs === null)) {
      this.#isDone ||= this.isAwake
    }
  }

  cancel(): void {
    this.home.scheduler.cancel(this.#taskId)
  }

  get view(): TaskView | undefined {
    return this.home.scheduler.view(this.#taskId)
  }

  status(nowMs: number, revision: string): TaskStatus {
    const { history } = this.#options
    const { view } = this
    const state = this.#state(view)
    const isDown = this.home.whyNot !== '' && this.#needsLink
    const nextMs = this.isAwake ? (view?.nextDueMs ?? null) : null
    const { trigger } = this.#task
    return {
      name: this.name,
      revision,
      task: this.#task,
      problem: null,
      state,
      reason: state === 'stopped' ? this.#stoppedBy : isDown ? this.home.whyNot : '',
      nextMs,
      everyMs: trigger.when === 'every' ? trigger.intervalMs : null,
      plannedMs: trigger.when === 'every' ? [] : this.#planned(nowMs, nextMs),
      ok: history.countOf('ok'),
      failed: history.countOf('failed') + history.countOf('timeout'),
      skipped: history.countOf('skipped'),
      held: history.countOf('held'),
      dropped: history.countOf('dropped'),
      punctuality: history.punctuality,
      last: history.last,
      downSinceMs: isDown ? this.home.sinceMs : null,
    }
  }

  get #needsLink(): boolean {
    return this.#task.action.action !== 'cache'
  }

  #state(view: TaskView | undefined): TaskStateName {
    if (view !== undefined && view.activeRuns > 0) return 'running'
    if (this.#stoppedBy !== '') return 'stopped'
    if (!this.#task.isEnabled) return 'off'
    if (this.#isDone) return 'done'
    if (this.#isAllPaused) return 'paused'
    const isHolding = this.#task.disconnected === 'hold' && this.#needsLink && this.home.whyNot !== ''
    return view?.state === 'held' || isHolding ? 'held' : 'waiting'
  }

  #planned(nowMs: number, nextMs: number | null): number[] {
    if (nextMs === null) return []
    const planned = [nextMs]
    const offsetMs = this.#options.world.wallMs() - nowMs
    for (let wallMs = nextMs + offsetMs; this.cron !== null && planned.length < MAX_PLANNED; ) {
      const followingMs = this.cron.nextAfterMs(wallMs)
      if (followingMs === null || followingMs - offsetMs > nowMs + 2 * STRIP_MS) break
      planned.push(followingMs - offsetMs)
      wallMs = followingMs
    }
    return planned
  }

  #timing(): TaskTiming {
    const { trigger } = this.#task
    switch (trigger.when) {
      case 'after':
        return { afterMs: trigger.delayMs }
      case 'every':
        return { everyMs: trigger.intervalMs, afterMs: trigger.intervalMs }
      case 'cron':
        return this.cron === null ? { onDemand: true } : { cron: this.cron }
      case 'filter':
        return { onDemand: true }
    }
  }

  #schedule(when: TaskTiming): void {
    const { overrun, disconnected } = this.#task
    this.#taskId = this.home.scheduler.schedule({
      name: this.name.slice(-256),
      when,
      run: this.#options.run,
      overrun: OVERRUNS[overrun],
      whileDisconnected: this.#needsLink ? disconnected : 'run',
    })
    this.#settle()
  }

  /** Lets the scheduler have it, or keeps it back. */
  #settle(): void {
    const { scheduler } = this.home
    if (this.isAwake) scheduler.resume(this.#taskId)
    else scheduler.pause(this.#taskId)
  }
}

const OVERRUNS = {
  skip: 'skip',
  queue: { kind: 'queue', waiting: MAX_WAITING_RUNS },
  parallel: { kind: 'parallel', runs: MAX_PARALLEL_RUNS },
} as const
