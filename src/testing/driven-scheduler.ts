import { SchedulerDriver, type SchedulerDriverOptions } from '../main/link/scheduler-driver'
import type { Scheduler, TaskRun } from '../main/netcore/scheduler'
import { VirtualClock } from './virtual-clock'

export interface DrivenScheduler {
  readonly clock: VirtualClock
  /** The wall clock; `wall.offsetMs` sets it. */
  readonly wall: { offsetMs: number }
  readonly scheduler: Scheduler
  readonly driver: SchedulerDriver
  /** Every record, in order. */
  readonly records: TaskRun[]
  /** The records in short, `name outcome @endedMs`. */
  readonly told: () => string[]
}

/** A scheduler on a virtual clock, driven as in the program, with everything it tells kept. */
export function drivenScheduler(
  options: Partial<SchedulerDriverOptions> & { readonly wallAtZeroMs?: number } = {},
): DrivenScheduler {
  const { wallAtZeroMs = 0, ...rest } = options
  const clock = new VirtualClock()
  const wall = { offsetMs: wallAtZeroMs }
  const records: TaskRun[] = []
  const driver = new SchedulerDriver({
    clock,
    wallMs: () => Math.floor(clock.nowMs() + wall.offsetMs),
    onRun: (run) => records.push(run),
    ...rest,
  })
  const told = (): string[] => records.map((run) => `${run.name} ${run.outcome} @${run.endedMs}`)
  return { clock, wall, scheduler: driver.scheduler, driver, records, told }
}

/** Runs whose ends the test decides. */
export function manualRuns() {
  const open: {
    readonly signal: AbortSignal
    readonly end: () => void
    readonly fail: (error: Error) => void
  }[] = []
  const run = ({ signal }: { readonly signal: AbortSignal }): Promise<void> =>
    new Promise((resolve, reject) => open.push({ signal, end: resolve, fail: reject }))
  return { open, run }
}
