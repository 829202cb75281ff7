import type { Clock } from '../../shared/model/clock'
import { Scheduler, type SchedulerOptions } from '../netcore/scheduler'
import { WakeDriver } from './wake-driver'

export interface SchedulerDriverOptions extends Omit<SchedulerOptions, 'time' | 'onWork'> {
  readonly clock: Clock
  /** Milliseconds since 1970. Default: the clock of the machine. */
  readonly wallMs?: () => number
}

/**
 * A scheduler that runs by itself: clocks for it to look at, and an alarm that wakes it.
 *
 * ```ts
 * const driver = new SchedulerDriver({ clock: new SystemClock(), onRun: (run) => log(run) })
 * driver.scheduler.schedule({ name: 'poll', when: { everyMs: 100 }, run: () => poll() })
 * driver.scheduler.schedule({ name: 'nightly', when: { cron: cronRule('30 2 * * *') }, run: () => tidyUp() })
 * driver.close() // or its alarm keeps the process alive
 * ```
 */
export class SchedulerDriver {
  readonly scheduler: Scheduler
  readonly #driver: WakeDriver

  constructor({ clock, wallMs = Date.now, ...options }: SchedulerDriverOptions) {
    this.scheduler = new Scheduler({
      ...options,
      time: { nowMs: () => clock.nowMs(), wallMs },
      onWork: () => this.#driver.look(),
    })
    this.#driver = new WakeDriver(clock, this.scheduler)
  }

  /** Stops the scheduler (busy runs are told by their signal) and lets go of the clock. */
  close(): void {
    this.#driver.close()
    this.scheduler.stop()
  }
}
