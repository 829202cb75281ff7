import type { Clock } from '../../shared/model/clock'

/**
 * One alarm on a clock: setting it replaces the one before. Putting it off costs nothing, because a timer that is running
 * is left to find out by itself that it came too early; deadlines that every message moves are put off all the time.
 */
export class Alarm {
  readonly #clock: Clock
  #atMs: number | null = null
  #fire: () => void = () => {}
  /** When the running timer comes; null while none runs. */
  #timerMs: number | null = null
  #stopTimer: () => void = () => {}

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Fires once, not before `atMs`. */
  set(atMs: number, fire: () => void): void {
    this.#atMs = atMs
    this.#fire = fire
    if (this.#timerMs !== null && this.#timerMs <= atMs) return
    this.#stopTimer()
    this.#startTimer(atMs)
  }

  cancel(): void {
    if (this.#timerMs === null) return
    this.#atMs = null
    this.#timerMs = null
    this.#stopTimer()
  }

  #startTimer(atMs: number): void {
    this.#timerMs = atMs
    this.#stopTimer = this.#clock.schedule(atMs, this.#came)
  }

  readonly #came = (): void => {
    const cameMs = this.#timerMs
    const atMs = this.#atMs
    this.#timerMs = null
    if (atMs === null || cameMs === null) return
    if (atMs > cameMs) this.#startTimer(atMs)
    else {
      this.#atMs = null
      this.#fire()
    }
  }
}
