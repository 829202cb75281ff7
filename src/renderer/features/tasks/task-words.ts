import type { TaskStatus } from '../../../shared/model/tasks'
import { triggerWords } from '../../../shared/workspace/task-file'
import { taskTexts as t } from './texts'

/** `0.3 s`, `11.4 s`, `2 min 5 s`, `3 h 12 min`: until something, coarse enough to be read while it runs. */
export function countdown(ms: number): string {
  const left = Math.max(0, ms)
  if (left < 60_000) return `${(Math.ceil(left / 100) / 10).toFixed(1)} s`
  const minutes = Math.floor(left / 60_000)
  if (minutes < 60) return `${minutes} min ${Math.floor((left % 60_000) / 1000)} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} days`
}

/** What stands in the column of the next run. */
export function nextWords({ state, nextMs, everyMs, task }: TaskStatus, nowMs: number): string {
  if (state !== 'waiting' && state !== 'running') return t.states[state]
  if (task?.trigger.when === 'filter') return t.onEvent
  if (nextMs === null) return t.absent
  // The core tells five times a second: between, a grid goes on by itself.
  const passed = everyMs === null || nextMs >= nowMs ? 0 : Math.ceil((nowMs - nextMs) / everyMs)
  return countdown(nextMs + passed * (everyMs ?? 0) - nowMs)
}

/** What stands in the column of the trigger. */
export const triggerOf = ({ task, problem }: TaskStatus): string =>
  task === null ? (problem?.message ?? '') : triggerWords(task.trigger)

/** Look of the dot before a task. */
export function dotOf({ state, last }: TaskStatus): string {
  if (state === 'broken') return 'err'
  if (state === 'held' || state === 'stopped' || state === 'paused') return 'warn'
  if (state === 'off' || state === 'done') return 'ring'
  return last?.outcome === 'failed' || last?.outcome === 'timeout' ? 'err' : 'ok'
}
