import type { Clock } from '../../shared/model/clock'

/** One alarm on a clock: setting it replaces the one before. */
export class Alarm {
  readonly #clock: Clock
  #atMs: number | null = null
  #cancel: () => void = () => {}

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Fires once, not before `atMs`. An alarm already set for the same time stays, with its own action. */
  set(atMs: number, fire: () => void): void {
    if (this.#atMs === atMs) return
    this.cancel()
    this.#atMs = atMs
    this.#cancel = this.#clock.schedule(atMs, () => {
      this.#atMs = null
      fire()
    })
  }

  cancel(): void {
    if (this.#atMs === null) return
    this.#atMs = null
    this.#cancel()
  }
}
