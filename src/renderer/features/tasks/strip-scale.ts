import { STRIP_MS, type TaskStatus } from '../../../shared/model/tasks'

/** CSS pixels from the left of a strip that is `width` wide. */
export const stripX = (atMs: number, nowMs: number, width: number): number =>
  ((atMs - nowMs + STRIP_MS) / (2 * STRIP_MS)) * width

/** Planned firings closer than this are drawn as one. */
const LEAST_GAP_PX = 2

/** When a task will fire within the strip, on its grid or as the core said; thinned where they would run together. */
export function plannedWithin(
  { nextMs, everyMs, plannedMs, state }: Pick<TaskStatus, 'nextMs' | 'everyMs' | 'plannedMs' | 'state'>,
  nowMs: number,
  width: number,
): number[] {
  if (nextMs === null || state === 'held') return []
  const untilMs = nowMs + STRIP_MS
  if (everyMs === null) return plannedMs.filter((atMs) => atMs > nowMs && atMs <= untilMs)
  const leastMs = (LEAST_GAP_PX * 2 * STRIP_MS) / Math.max(1, width)
  const stepMs = Math.max(1, Math.ceil(leastMs / everyMs)) * everyMs
  // The core told of the next one a moment ago: the grid goes on from there.
  const passed = Math.max(0, Math.ceil((nowMs - nextMs) / everyMs))
  const planned: number[] = []
  for (let atMs = nextMs + passed * everyMs; atMs <= untilMs; atMs += stepMs) planned.push(atMs)
  return planned
}
