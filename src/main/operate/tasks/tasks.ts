import { asConsoleError, ConsoleError } from '../../../shared/errors'
import { MAX_TASKS_AT_WORK, type TaskRunEntry, type TaskStatus } from '../../../shared/model/tasks'
import { foldedName } from '../../../shared/workspace/entry-name'
import { formatTask, parseTask } from '../../../shared/workspace/task-file'
import type { TaskFile, WorkspaceFile } from '../../../shared/workspace/workspace-types'
import { TriggerEngine } from '../../capture/triggers/trigger-engine'
import { TriggerFilters } from '../../capture/triggers/trigger-filters'
import { cronRule } from '../../link/cron-rule'
import type { TaskRun } from '../../netcore/scheduler'
import {
  addedTask,
  brokenStatus,
  differsInSwitch,
  engineTrigger,
  isSame,
  type KnownTask,
  pathOf,
  tooMany,
  whyNotAtWork,
} from './known-task'
import { LinkSchedulers } from './link-schedulers'
import { TaskAtWork } from './task-at-work'
import { TaskRunner } from './task-runner'
import type { TaskWorld } from './task-world'

/**
 * The tasks of the workspace at work: read from their files, followed when those change, run by schedulers that follow
 * their links, remembered, and told to screens and to the trace.
 */
export class Tasks {
  readonly #world: TaskWorld
  readonly #schedulers: LinkSchedulers
  readonly #filters: TriggerFilters
  readonly #engine: TriggerEngine
  readonly #known = new Map<string, KnownTask>()
  readonly #listeners = new Set<() => void>()
  readonly #runner: TaskRunner
  readonly #ends: (() => void)[] = []
  #names: readonly string[] = []
  #isPaused = false
  #version = 0
  #clears = 0

  constructor(world: TaskWorld) {
    this.#world = world
    this.#filters = new TriggerFilters(world.subjects)
    this.#runner = new TaskRunner(world, this.#filters, {
      changed: (name) => this.#touch(name),
      stopped: () => this.#arm(),
    })
    this.#engine = new TriggerEngine(world.clock, this.#filters, {
      fired: ({ triggerId }, { messageId, atMs }) => this.#matched(triggerId, messageId, atMs),
      counted: () => {},
    })
    this.#schedulers = new LinkSchedulers(
      world,
      (run, link) => this.#noted(run, link),
      () => this.#touchAll(),
    )
    this.#ends.push(
      world.hearMoments({
        reached: (messageId, moment, atMs) => this.#engine.reached(messageId, moment, atMs),
        cleared: () => this.#cleared(),
      }),
      world.workspace.watch('tasks', () => this.#load()),
    )
    this.#load()
  }

  /** Grows whenever something that screens show is another. */
  get version(): number {
    return this.#version
  }

  /** Grows whenever messages got other numbers: runs name them. */
  get clears(): number {
    return this.#clears
  }

  get isPaused(): boolean {
    return this.#isPaused
  }

  /** All tasks by name. */
  get names(): readonly string[] {
    return this.#names
  }

  /** Grows whenever the status of this task is another; 0 when there is no such task. */
  versionOf(name: string): number {
    return this.#known.get(name)?.version ?? 0
  }

  /** @throws ConsoleError `TASK_UNKNOWN`. */
  status(name: string): TaskStatus {
    const known = this.#expect(name)
    if (known.work !== null) return known.work.status(this.#world.clock.nowMs(), known.revision)
    return brokenStatus(known)
  }

  /** Runs of a task after this one, oldest first, as far as they are kept; none when there is no such task. */
  runsAfter(name: string, runId: number): readonly TaskRunEntry[] {
    return this.#known.get(name)?.history.after(runId) ?? []
  }

  /** Calls `listener` when something changed. Returns how to end it. */
  onChange(listener: () => void): () => void {
    const own = (): void => listener()
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  /** A link may have come or gone. */
  lookAtLinks(): void {
    this.#schedulers.look()
  }

  /** Runs a task besides its due times. @throws ConsoleError `TASK_UNKNOWN`, `TASK_INVALID`, `TASK_BUSY`. */
  runNow(name: string): void {
    this.#atWork(name).runNow()
    this.#touch(name)
  }

  /** Leaves out the next due time; false when nothing is due. @throws ConsoleError `TASK_UNKNOWN`, `TASK_INVALID`. */
  skipNext(name: string): boolean {
    const work = this.#atWork(name)
    return this.#runner.skipping(() => work.skipNext())
  }

  /**
   * Switches a task on or off, in its file: it is so after a restart too. What had stopped by itself goes on.
   *
   * @throws ConsoleError `TASK_UNKNOWN`, `TASK_INVALID`, and the codes of `Workspace.save`.
   */
  async enable(name: string, isEnabled: boolean): Promise<void> {
    const work = this.#atWork(name)
    if (isEnabled) work.begin()
    const file = this.#world.workspace.find('tasks', name)
    if (file !== undefined && work.task.isEnabled !== isEnabled) {
      const text = formatTask({ ...work.task, isEnabled }, file.text)
      await this.#world.workspace.save('tasks', name, text, file.revision)
      this.#load()
    }
    this.#touch(name)
  }

  /** Keeps all tasks back, until they are let go or the program ends. Runs that are busy go on. */
  pauseAll(isPaused: boolean): void {
    this.#isPaused = isPaused
    for (const { work } of this.#known.values()) work?.pauseAll(isPaused)
    this.#arm()
    this.#touchAll()
  }

  /**
   * Makes a copy, switched off. Returns its name.
   *
   * @throws ConsoleError `TASK_UNKNOWN`, and the codes of `Workspace.save`.
   */
  async clone(name: string): Promise<string> {
    const { task } = this.#expect(name)
    const file = this.#world.workspace.find('tasks', name)
    if (file === undefined) throw unknownTask(name)
    const copy = this.#freeName(name)
    const text = task === null ? file.text : formatTask({ ...task, isEnabled: false }, file.text)
    await this.#world.workspace.save('tasks', copy, text, null)
    this.#load()
    return copy
  }

  close(): void {
    for (const end of this.#ends.splice(0)) end()
    this.#engine.close()
    this.#schedulers.close()
    this.#listeners.clear()
  }

  #freeName(name: string): string {
    const taken = new Set(this.#names.map(foldedName))
    let copy = `${name} copy`
    for (let count = 2; taken.has(foldedName(copy)); count++) copy = `${name} copy ${count}`
    return copy
  }

  /** Follows the files: what is the same goes on, what changed begins anew, what is gone ends. */
  #load(): void {
    const entries = this.#world.workspace.entries('tasks')
    const there = new Set(entries.map(({ name }) => name))
    for (const [name, known] of this.#known) {
      if (there.has(name)) continue
      known.work?.cancel()
      this.#known.delete(name)
    }
    for (const [at, { name, revision }] of entries.entries()) {
      if (this.#known.get(name)?.revision === revision) continue
      const file = this.#world.workspace.find('tasks', name)
      if (file !== undefined) this.#follow(file, at >= MAX_TASKS_AT_WORK)
    }
    this.#names = entries.map(({ name }) => name).filter((name) => this.#known.has(name))
    this.#schedulers.tidy()
    this.#arm()
    this.#tell()
  }

  #follow(file: WorkspaceFile, isTooMany: boolean): void {
    const { name, revision, text } = file
    const known = this.#known.get(name) ?? addedTask(name)
    this.#known.set(name, known)
    const before = known.task
    known.revision = revision
    const { value = null, problem = null } = parseTask(text, pathOf(name))
    known.problem = problem ?? (isTooMany ? tooMany(name) : null)
    known.task = value
    if (known.work !== null && value !== null && before !== null && differsInSwitch(before, value)) {
      known.work.switchTo(value)
    } else this.#replace(known, before)
    known.version += 1
  }

  #replace(known: KnownTask, before: TaskFile | null): void {
    known.work?.cancel()
    known.work = null
    known.stopWhen = null
    const { task, name, history } = known
    if (task === null || known.problem !== null) return
    if (before !== null && (!isSame(before.trigger, task.trigger) || before.link !== task.link)) {
      history.forgetPunctuality()
    }
    try {
      const cron = task.trigger.when === 'cron' ? cronRule(task.trigger.expression) : null
      if (task.stopWhen !== '') known.stopWhen = this.#filters.compile(task.stopWhen)
      known.work = new TaskAtWork({
        world: this.#world,
        name,
        task,
        cron,
        home: this.#schedulers.of(task.link),
        history,
        isPaused: this.#isPaused,
        run: (context) => this.#runner.run(known, context),
      })
    } catch (error) {
      known.problem = whyNotAtWork(
        name,
        this.#world.workspace.find('tasks', name)?.text ?? '',
        asConsoleError(error),
      )
    }
  }

  /** Holds messages against the filters of the tasks that wait for some. */
  #arm(): void {
    const armed = [...this.#known.values()].flatMap(({ name, work }) => {
      const trigger = work?.task.trigger
      if (work === null || trigger?.when !== 'filter' || !work.isAwake) return []
      return [{ trigger: engineTrigger(name, trigger), filter: this.#filters.compile(trigger.filter) }]
    })
    this.#engine.arm(armed)
  }

  #matched(name: string, messageId: number, atMs: number): void {
    if (this.#runner.isOwn(messageId, name)) return
    this.#known.get(name)?.work?.fire(atMs)
    this.#touch(name)
  }

  #noted(run: TaskRun, link: string): void {
    for (const known of this.#known.values()) {
      const { work } = known
      if (work === null || work.task.link !== link || work.taskId !== run.taskId) continue
      work.noteRun()
      if (run.startedMs === null) this.#runner.noteNoRun(known, work, run)
      else this.#touch(known.name)
      return
    }
  }

  #cleared(): void {
    this.#engine.cleared()
    this.#clears += 1
    this.#runner.forgetMessages()
    for (const { history } of this.#known.values()) history.forgetMessages()
    this.#touchAll()
  }

  #expect(name: string): KnownTask {
    const known = this.#known.get(name)
    if (known === undefined) throw unknownTask(name)
    return known
  }

  #atWork(name: string): TaskAtWork {
    const { work, problem } = this.#expect(name)
    if (work !== null) return work
    throw new ConsoleError('TASK_INVALID', `"${name}" is not at work: ${problem?.message ?? ''}`, { name })
  }

  #touch(name: string): void {
    const known = this.#known.get(name)
    if (known !== undefined) known.version += 1
    this.#tell()
  }

  #touchAll(): void {
    for (const known of this.#known.values()) known.version += 1
    this.#tell()
  }

  #tell(): void {
    this.#version += 1
    for (const listener of [...this.#listeners]) listener()
  }
}

const unknownTask = (name: string): ConsoleError =>
  new ConsoleError('TASK_UNKNOWN', `there is no task "${name}"`, { name })
