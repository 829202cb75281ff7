import type { Clock } from '../../shared/model/clock'
import type { Connection } from '../transport/transport'
import type { Pacer } from './pacer'

/** The line is asked for the first time when it has been busy for so long … */
const FIRST_AFTER_MS = 100
/** … and then ever less often, up to this; sooner again when it was late. */
const LATE_EVERY_MS = 1000
const IN_TIME_EVERY_MS = 4000
const FALSE_EVERY_MS = 30_000
/** An answer that takes longer than what is handed over by so much will not come: flow control, or a driver at fault. */
const PATIENCE_MS = 1000

/**
 * Asks the driver now and then, on a line that is busy, whether everything handed over has left. Meanwhile nothing may be
 * handed over: drivers answer only when nothing is left at all. That costs as much line time as the answer takes to get
 * here, once in one to four seconds.
 *
 * A driver that does not answer is not waited for longer than a second; it is asked again when it has answered.
 */
export class DrainWatch {
  readonly #connection: Connection
  readonly #pacer: Pacer
  readonly #clock: Clock
  readonly #onFree: () => void
  #everyMs = FIRST_AFTER_MS
  #askedAtMs = Number.NEGATIVE_INFINITY
  #isAsking = false
  #holdsUntilMs: number | null = null

  /** @param onFree - The answer has come: frames may be handed over again. */
  constructor(connection: Connection, pacer: Pacer, clock: Clock, onFree: () => void) {
    this.#connection = connection
    this.#pacer = pacer
    this.#clock = clock
    this.#onFree = onFree
  }

  /** Until when nothing may be handed over, unless `onFree` is called before; null when it may. */
  holdsUntilMs(nowMs: number): number | null {
    if (this.#holdsUntilMs !== null && nowMs >= this.#holdsUntilMs) {
      this.#holdsUntilMs = null
      this.#pacer.counts.unansweredDrains += 1
      this.#pacer.distrustDrains()
    }
    return this.#holdsUntilMs
  }

  /** A frame was written. Asks when it is time to. */
  noteHandedOver(nowMs: number): void {
    if (this.#isAsking || nowMs - this.#askedAtMs < this.#everyMs) return
    if (this.#pacer.busyForMs(nowMs) < this.#everyMs) return
    const drained = this.#connection.drained?.()
    if (drained === undefined) return
    this.#isAsking = true
    this.#askedAtMs = nowMs
    this.#holdsUntilMs = nowMs + this.#pacer.backlogMs(nowMs) + PATIENCE_MS
    void drained.then(() => this.#answered())
  }

  #answered(): void {
    this.#isAsking = false
    if (this.#holdsUntilMs === null) return
    this.#holdsUntilMs = null
    switch (this.#pacer.noteDrained(this.#askedAtMs, this.#clock.nowMs())) {
      case 'late':
        this.#everyMs = Math.min(2 * this.#everyMs, LATE_EVERY_MS)
        break
      case 'in-time':
        this.#everyMs = Math.min(2 * this.#everyMs, IN_TIME_EVERY_MS)
        break
      case 'false':
        this.#everyMs = Math.min(4 * this.#everyMs, FALSE_EVERY_MS)
    }
    this.#onFree()
  }
}
