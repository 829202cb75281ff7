import { ConsoleError } from '../../../shared/errors'
import { MAX_RUNS_PER_TASK, MAX_TASK_NAME_LENGTH, MAX_WAIT_MS, type TaskOptions } from './task-types'

/** How many runs of a task may be at once, and how many may wait for them. */
export interface RunLimits {
  readonly active: number
  readonly waiting: number
}

/** @throws ConsoleError `TASK_TIMING_INVALID` or `TASK_OPTION_INVALID`. */
export function checkTask(options: TaskOptions): RunLimits {
  const { name, when, priority = 3, timeoutMs } = options
  if (name.length === 0 || name.length > MAX_TASK_NAME_LENGTH) {
    throw wrongOption('name', `${name.length} characters`, `1 to ${MAX_TASK_NAME_LENGTH} characters`)
  }
  if (!isCount(priority, 0, 7)) throw wrongOption('priority', priority, 'a whole number from 0 to 7')
  if ('everyMs' in when) checkTime('everyMs', when.everyMs, 1)
  if ('afterMs' in when) checkTime('afterMs', when.afterMs, 0)
  if (timeoutMs !== undefined) checkTime('timeoutMs', timeoutMs, 1)
  return runLimits(options)
}

function runLimits({ overrun = 'skip' }: TaskOptions): RunLimits {
  if (overrun === 'skip') return { active: 1, waiting: 0 }
  const count = overrun.kind === 'queue' ? overrun.waiting : overrun.runs
  if (!isCount(count, 1, MAX_RUNS_PER_TASK)) {
    throw wrongOption(`overrun ${overrun.kind}`, count, `a whole number from 1 to ${MAX_RUNS_PER_TASK}`)
  }
  return overrun.kind === 'queue' ? { active: 1, waiting: count } : { active: count, waiting: 0 }
}

function checkTime(name: string, timeMs: number, leastMs: number): void {
  if (timeMs >= leastMs && timeMs <= MAX_WAIT_MS) return
  const text = `${name} is ${timeMs}, but must be from ${leastMs} to ${MAX_WAIT_MS} ms`
  throw new ConsoleError('TASK_TIMING_INVALID', text, { name, timeMs })
}

const isCount = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most

const wrongOption = (name: string, value: number | string, wanted: string): ConsoleError =>
  new ConsoleError('TASK_OPTION_INVALID', `${name} of a task is ${value}, but must be ${wanted}`, {
    name,
    value,
  })
