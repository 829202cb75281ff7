import { LATE_MS, type TaskRunEntry, type TaskRunOutcome } from '../../../shared/model/tasks'
import { queuedMsOf } from '../../capture/message-views'
import type { TriggerFilter, TriggerFilters } from '../../capture/triggers/trigger-filters'
import type { TaskContext, TaskRun } from '../../netcore/scheduler'
import type { KnownTask } from './known-task'
import { type ActionOutcome, performAction } from './task-action'
import type { TaskAtWork } from './task-at-work'
import type { TaskWorld } from './task-world'

/** Messages of tasks that are remembered, so that none of them starts the task that sent it. */
const MAX_OWN_MESSAGES = 4096

/** What a due time came to, without its number. */
type Ending = Omit<TaskRunEntry, 'runId'>

const NO_RUN = { startedMs: null, lateMs: null, roundTripMs: null, behind: '', messageIds: [] } as const

export interface RunListener {
  /** Screens show something else of this task. */
  changed(name: string): void
  /** What a task says in `stop when` held. */
  stopped(): void
}

/** Carries out what is due, and records what came of it: in the history of its task and in the trace. */
export class TaskRunner {
  readonly #world: TaskWorld
  readonly #filters: TriggerFilters
  readonly #listener: RunListener
  readonly #ownMessages = new Map<number, string>()
  #lastRunId = 0
  #isSkipping = false

  constructor(world: TaskWorld, filters: TriggerFilters, listener: RunListener) {
    this.#world = world
    this.#filters = filters
    this.#listener = listener
  }

  /** The message was sent by this very task. */
  isOwn(messageId: number, name: string): boolean {
    return this.#ownMessages.get(messageId) === name
  }

  /** Messages got other numbers, or went. */
  forgetMessages(): void {
    this.#ownMessages.clear()
  }

  /** What the scheduler leaves out meanwhile, somebody asked it to. */
  skipping<T>(work: () => T): T {
    this.#isSkipping = true
    try {
      return work()
    } finally {
      this.#isSkipping = false
    }
  }

  /** What a task does when it is due. Never rejects: the outcome is recorded. */
  async run(known: KnownTask, context: TaskContext): Promise<void> {
    const { work, name } = known
    if (work === null) return
    const { task } = work
    const { clock, random } = this.#world
    const { dueMs, isManual, signal } = context
    const beginMs = clock.nowMs() - dueMs
    this.#listener.changed(name)
    if (task.trigger.when === 'every' && task.trigger.jitterMs > 0 && !isManual) {
      await this.#pass(random() * task.trigger.jitterMs)
    }
    if (signal.aborted) return
    const startedMs = clock.nowMs()
    const outcome = await performAction(this.#world, name, task, signal, (id) => this.#sent(name, id))
    const isStopped = outcome.answerId !== null && this.#holds(known.stopWhen, outcome.answerId)
    const wasHeld = task.action.action !== 'cache' && dueMs < work.home.sinceMs && beginMs > LATE_MS
    const ending: Ending = {
      outcome: outcome.isOk ? 'ok' : 'failed',
      detail: isStopped ? `${outcome.detail}; stops: ${task.stopWhen}` : outcome.detail,
      isManual,
      dueMs,
      startedMs,
      endedMs: clock.nowMs(),
      roundTripMs: outcome.roundTripMs,
      dueCount: 1,
      messageIds: outcome.messageIds,
      ...this.#lateness(outcome, beginMs, wasHeld),
    }
    this.#record(known, work, ending, isManual || wasHeld ? null : beginMs)
    if (!isStopped) return
    work.stop(task.stopWhen)
    this.#listener.stopped()
  }

  /** What the scheduler decided without a run. */
  noteNoRun(known: KnownTask, work: TaskAtWork, run: TaskRun): void {
    const [outcome, detail] = this.#whyNoRun(work, run)
    const { isManual, dueMs, endedMs, dueCount } = run
    this.#record(known, work, { ...NO_RUN, outcome, detail, isManual, dueMs, endedMs, dueCount }, null)
  }

  #pass(ms: number): Promise<void> {
    const { clock } = this.#world
    return new Promise((resolve) => clock.schedule(clock.nowMs() + ms, resolve))
  }

  #sent(name: string, messageId: number): void {
    this.#world.noteTask(messageId, name)
    this.#ownMessages.set(messageId, name)
    if (this.#ownMessages.size <= MAX_OWN_MESSAGES) return
    const [oldest = 0] = this.#ownMessages.keys()
    this.#ownMessages.delete(oldest)
  }

  #holds(filter: TriggerFilter | null, messageId: number): boolean {
    return filter !== null && this.#filters.moveTo(messageId) && filter()
  }

  /** From due to the first byte on the line, without the jitter, which is meant. */
  #lateness(
    { messageIds }: ActionOutcome,
    beginMs: number,
    wasHeld: boolean,
  ): Pick<TaskRunEntry, 'lateMs' | 'behind'> {
    const { messages } = this.#world.subjects
    const [first = 0] = messageIds
    const queuedMs = messages.has(first) ? (queuedMsOf(messages, first) ?? 0) : 0
    const lateMs = beginMs + queuedMs
    const isBlocked = !wasHeld && lateMs > LATE_MS && queuedMs > lateMs / 2
    return { lateMs, behind: isBlocked ? this.#world.blockerOf(first) : '' }
  }

  #whyNoRun(work: TaskAtWork, run: TaskRun): readonly [TaskRunOutcome, string] {
    const { whyNot } = work.home
    const { outcome, error, dueCount } = run
    if (outcome === 'dropped') return ['dropped', whyNot]
    if (outcome === 'failed') {
      return ['failed', error?.code === 'LINK_NOT_CONNECTED' ? whyNot : (error?.message ?? '')]
    }
    if (this.#isSkipping) return ['skipped', 'skipped by hand']
    if (dueCount > 1) return ['skipped', `${dueCount} due times passed at once: one run catches up`]
    if (whyNot !== '' && work.task.disconnected === 'hold') return ['held', whyNot]
    const isBusy = (work.view?.activeRuns ?? 0) > 0
    return ['skipped', isBusy ? 'still busy' : 'its time passed: one run catches up']
  }

  #record(known: KnownTask, work: TaskAtWork, ending: Ending, beginMs: number | null): void {
    this.#lastRunId += 1
    const entry: TaskRunEntry = { runId: this.#lastRunId, ...ending }
    known.history.add(entry, beginMs)
    const { outcome, detail, dueMs, startedMs, lateMs, runId } = entry
    this.#world.tell({
      type: 'task-run',
      linkId: work.task.action.action === 'cache' ? 0 : this.#world.linkIdOf(work.task.link),
      atMs: entry.endedMs,
      runId,
      task: known.name,
      outcome,
      detail,
      dueMs,
      startedMs,
      lateMs,
    })
    this.#listener.changed(known.name)
  }
}
