import type { Clock } from '../../shared/model/clock'
import { Alarm } from './alarm'

/** A part without a timer of its own, such as the scheduler and the cache. */
export interface Sleeper {
  /** When to wake it, possibly in the past; null when there is nothing to wake it for. */
  readonly wakeAtMs: number | null
  wake(): void
}

/** Wakes a part when it wants to be woken, with one alarm on a clock. The alarm keeps the process alive until `close`. */
export class WakeDriver {
  readonly #sleeper: Sleeper
  readonly #alarm: Alarm
  #isClosed = false

  constructor(clock: Clock, sleeper: Sleeper) {
    this.#sleeper = sleeper
    this.#alarm = new Alarm(clock)
    this.look()
  }

  /** Sets the alarm anew: call it when the part says that its time changed. */
  look(): void {
    if (this.#isClosed) return
    const atMs = this.#sleeper.wakeAtMs
    if (atMs === null) this.#alarm.cancel()
    else this.#alarm.set(atMs, () => this.#fire())
  }

  close(): void {
    this.#isClosed = true
    this.#alarm.cancel()
  }

  #fire(): void {
    try {
      this.#sleeper.wake()
    } finally {
      this.look()
    }
  }
}
