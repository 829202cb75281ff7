import { SchedulerDriver } from '../../link/scheduler-driver'
import type { Scheduler, TaskRun } from '../../netcore/scheduler'
import type { TaskWorld } from './task-world'

/** The scheduler of the tasks of one link: its tasks wait for that link and for no other. */
export interface LinkScheduler {
  readonly scheduler: Scheduler
  /** Why nothing can be sent there; empty when it can. */
  readonly whyNot: string
  /** Since when it can be used, or cannot, on the session clock; when the tasks began if it never changed. */
  readonly sinceMs: number
}

interface Entry {
  readonly driver: SchedulerDriver
  readonly scheduler: Scheduler
  whyNot: string
  sinceMs: number
}

/** One scheduler for each link that tasks name, all on the same clock; each follows the state of its link. */
export class LinkSchedulers {
  readonly #world: TaskWorld
  readonly #onRun: (run: TaskRun, link: string) => void
  readonly #onChange: () => void
  readonly #entries = new Map<string, Entry>()

  /** @param onChange - A link came or went. */
  constructor(world: TaskWorld, onRun: (run: TaskRun, link: string) => void, onChange: () => void) {
    this.#world = world
    this.#onRun = onRun
    this.#onChange = onChange
  }

  /** @param link - As the task names it. */
  of(link: string): LinkScheduler {
    const known = this.#entries.get(link)
    if (known !== undefined) return known
    const whyNot = this.#world.whyNot(link)
    const driver = new SchedulerDriver({
      clock: this.#world.clock,
      wallMs: this.#world.wallMs,
      isConnected: whyNot === '',
      onRun: (run) => this.#onRun(run, link),
    })
    const entry = { driver, scheduler: driver.scheduler, whyNot, sinceMs: this.#world.clock.nowMs() }
    this.#entries.set(link, entry)
    return entry
  }

  /** A link may have come or gone. */
  look(): void {
    let hasChanged = false
    for (const [link, entry] of this.#entries) {
      const whyNot = this.#world.whyNot(link)
      if (whyNot === entry.whyNot) continue
      hasChanged = true
      if ((whyNot === '') !== (entry.whyNot === '')) entry.sinceMs = this.#world.clock.nowMs()
      entry.whyNot = whyNot
      entry.scheduler.setConnected(whyNot === '')
    }
    if (hasChanged) this.#onChange()
  }

  /** Forgets schedulers without tasks. */
  tidy(): void {
    for (const [link, { driver, scheduler }] of this.#entries) {
      if (scheduler.taskCount > 0) continue
      driver.close()
      this.#entries.delete(link)
    }
  }

  close(): void {
    for (const { driver } of this.#entries.values()) driver.close()
    this.#entries.clear()
  }
}
