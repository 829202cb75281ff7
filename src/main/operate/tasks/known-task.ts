import type { ConsoleError } from '../../../shared/errors'
import { MAX_TASKS_AT_WORK, type TaskStatus } from '../../../shared/model/tasks'
import { MIN_COOLDOWN_MS, NO_TRIGGER_ACTIONS, type Trigger } from '../../../shared/model/triggers'
import type { FileProblem, TaskFile, TaskTrigger } from '../../../shared/workspace/workspace-types'
import type { TriggerFilter } from '../../capture/triggers/trigger-filters'
import type { TaskAtWork } from './task-at-work'
import { TaskHistory } from './task-history'

/** A file of the folder of tasks, and what became of it. */
export interface KnownTask {
  readonly name: string
  revision: string
  /** Null when it is at work. */
  problem: FileProblem | null
  /** As the file says, also when it cannot be at work; null when it makes no sense. */
  task: TaskFile | null
  work: TaskAtWork | null
  stopWhen: TriggerFilter | null
  readonly history: TaskHistory
  /** Grows with everything that screens show. */
  version: number
}

export const addedTask = (name: string): KnownTask => ({
  name,
  revision: '',
  problem: null,
  task: null,
  work: null,
  stopWhen: null,
  history: new TaskHistory(),
  version: 0,
})

export const pathOf = (name: string): string => `tasks/${name}.yaml`

export const tooMany = (name: string): FileProblem => ({
  file: pathOf(name),
  line: 0,
  column: 0,
  message: `only ${MAX_TASKS_AT_WORK} tasks are at work at once`,
  remedy: 'Remove tasks that are not needed any more.',
})

/** Why a file that makes sense cannot be at work, at the line that is to blame. */
export function whyNotAtWork(
  name: string,
  text: string,
  { code, message, details }: ConsoleError,
): FileProblem {
  const line =
    code === 'CRON_INVALID' ? text.split('\n').findIndex((each) => /^\s*["']?cron/.test(each)) + 1 : 0
  const { remedy } = details
  return {
    file: pathOf(name),
    line,
    column: line === 0 ? 0 : 1,
    message,
    remedy:
      typeof remedy === 'string' ? remedy : 'Correct the file; docs/tasks.md says what may stand in it.',
  }
}

/** A task that is not at work, as screens show it. */
export const brokenStatus = ({ name, revision, task, problem, history }: KnownTask): TaskStatus => ({
  name,
  revision,
  task,
  problem,
  state: 'broken',
  reason: problem?.message ?? '',
  nextMs: null,
  everyMs: null,
  plannedMs: [],
  ok: history.countOf('ok'),
  failed: history.countOf('failed') + history.countOf('timeout'),
  skipped: history.countOf('skipped'),
  held: history.countOf('held'),
  dropped: history.countOf('dropped'),
  punctuality: history.punctuality,
  last: history.last,
  downSinceMs: null,
})

/** Both were made by the same reader: their parts stand in the same order. */
export const isSame = (one: TaskTrigger | TaskFile, other: TaskTrigger | TaskFile): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

export const differsInSwitch = (one: TaskFile, other: TaskFile): boolean =>
  isSame({ ...one, isEnabled: true }, { ...other, isEnabled: true })

/** A task that waits for a filter, as the engine of the triggers takes it: when nothing more is awaited of a message. */
export const engineTrigger = (
  name: string,
  { filter, cooldownMs }: Extract<TaskTrigger, { when: 'filter' }>,
): Trigger => ({
  triggerId: name,
  name,
  filter,
  moment: 'settled',
  actions: NO_TRIGGER_ACTIONS,
  fires: 'always',
  cooldownMs: Math.max(MIN_COOLDOWN_MS, cooldownMs),
  isEnabled: true,
})
