import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as passMs } from 'node:timers/promises'
import { buildConsole } from '../src/main/build-console'
import type { TaskStatus } from '../src/shared/model/tasks'
import type { SoakCounts, SoakOptions } from './job'

const HALF_AN_HOUR_MS = 1_800_000
/** Load class B: 3 Mbaud, full of answers. */
const LINE = 'sim:demo?baud=3000000'
const POLLS = 20
const POLL_MS = 500
const LOAD_MS = 200
/** With heads, polls and what the device sends by itself nearly the 300 kB/s that the line carries; beyond, runs would wait for ever. */
const LOAD_BYTES = 48_000
/** Small, so that the capture is full soon and only what grows for ever still grows. */
const CAPTURE_LIMITS = { messages: 16_384, chunks: 65_536, bodyBytes: 8 * 1024 * 1024 }
/** The catalogue allows one interval; nobody would notice a tenth of it. */
const MOST_DRIFT_MS = POLL_MS / 10
const MOST_GROWTH_MB = 12
const SAMPLES = 60

/**
 * Half an hour, times `scale`, of the whole core on the real clock: 20 tasks poll twice a second while another keeps a
 * line of 3 Mbaud full. Each due time has its run, none drifts, and memory stays flat once the capture is full.
 */
export async function soakTasks({ scale }: SoakOptions): Promise<SoakCounts> {
  const forMs = Math.max(10_000, HALF_AN_HOUR_MS * scale)
  const workspaceDir = mkdtempSync(join(tmpdir(), 'netcore-soak-'))
  const built = buildConsole({
    host: 'web',
    workspaceDir,
    captureLimits: CAPTURE_LIMITS,
    onProblem: (problem) => {
      throw problem
    },
  })
  try {
    const { console: core } = built
    await core.call('link.open', { url: LINE })
    while ((await core.call('tasks.list', {})).tasks.length === 0) {
      writeTasks(workspaceDir)
      await passMs(500)
    }
    const heapMb: number[] = []
    const endMs = performance.now() + forMs
    while (performance.now() < endMs) {
      await passMs(forMs / SAMPLES)
      heapMb.push(process.memoryUsage().heapUsed / 1e6)
    }
    await core.call('tasks.pause', { isPaused: true })
    const { tasks } = await core.call('tasks.list', {})
    return judged(tasks, heapMb, core.capture.totals().messages)
  } finally {
    await built.close()
    rmSync(workspaceDir, { recursive: true, force: true })
  }
}

function writeTasks(workspaceDir: string): void {
  const dir = join(workspaceDir, 'tasks')
  mkdirSync(dir, { recursive: true })
  const poll = `every: ${POLL_MS}ms\nsend: {route: echo, body: {json: {n: 1}}}\noverrun: queue\n`
  for (let at = 0; at < POLLS; at++) writeFileSync(join(dir, `poll-${at}.yaml`), poll)
  const load = `every: ${LOAD_MS}ms\nsend: {route: big, priority: 6, body: {json: {bytes: ${LOAD_BYTES}}}}\noverrun: queue\n`
  writeFileSync(join(dir, 'load.yaml'), load)
}

function judged(tasks: readonly TaskStatus[], heapMb: readonly number[], messages: number): SoakCounts {
  const polls = tasks.filter(({ name }) => name.startsWith('poll-'))
  const sum = (of: (task: TaskStatus) => number): number => tasks.reduce((total, task) => total + of(task), 0)
  const most = (of: (task: TaskStatus) => number): number => Math.max(...polls.map(of))
  const failed = sum((task) => task.failed)
  // The load only fills the line: where it fills it wholly, its own runs wait for each other.
  const missed = polls.reduce((total, { skipped, held, dropped }) => total + skipped + held + dropped, 0)
  const driftMs = most(({ punctuality }) => Math.abs(punctuality?.driftMs ?? Infinity))
  const lateP99Ms = most(({ punctuality }) => punctuality?.p99Ms ?? Infinity)
  // What collection leaves is the lowest of a stretch; the first half fills the capture.
  const low = (from: number, to: number): number =>
    Math.min(...heapMb.slice(Math.floor(heapMb.length * from), Math.ceil(heapMb.length * to)))
  const growthMb = low(0.75, 1) - low(0.5, 0.75)
  if (tasks.length !== POLLS + 1) throw new Error(`${tasks.length} tasks are there`)
  if (failed + missed > 0) {
    throw new Error(`${failed} runs failed, ${missed} due times had no run`)
  }
  if (driftMs > MOST_DRIFT_MS) throw new Error(`a task drifted by ${driftMs} ms`)
  if (growthMb > MOST_GROWTH_MB)
    throw new Error(`the heap grew by ${growthMb.toFixed(1)} MB in the last half`)
  return {
    runs: sum(({ ok }) => ok),
    missed,
    driftMs: Number(driftMs.toFixed(2)),
    lateP99Ms: Number(lateP99Ms.toFixed(1)),
    heapMb: Number(low(0.75, 1).toFixed(1)),
    growthMb: Number(growthMb.toFixed(1)),
    keptMessages: messages,
  }
}
