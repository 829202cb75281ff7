import type { Clock } from '../../../shared/model/clock'

/** The time that a run lives in: the real one, or one of its own. */
export interface RunTime extends Clock {
  /** By how much the real time is ahead of this one. */
  readonly lagMs: number
  /** Like `schedule`, to a fraction of a millisecond. Costs a core for the last moment before it. */
  scheduleExactly(atMs: number, fire: () => void): () => void
  /** Does something that comes from outside: what a person wants. */
  enter(act: () => void): void
}

/** Timers of the system come up to a millisecond late: this much before, the turns of the event loop are counted instead. */
export const CLOSE_MS = 2

/** Fires at a time of a real clock as exactly as the event loop allows. */
export function scheduleExactly(clock: Clock, atMs: number, fire: () => void): () => void {
  let immediate: NodeJS.Immediate | undefined
  const look = (): void => {
    if (clock.nowMs() >= atMs) fire()
    else immediate = setImmediate(look)
  }
  const cancel = clock.schedule(atMs - CLOSE_MS, look)
  return () => {
    cancel()
    clearImmediate(immediate)
  }
}

export class RealTime implements RunTime {
  readonly lagMs = 0
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  nowMs(): number {
    return this.#clock.nowMs()
  }

  schedule(atMs: number, fire: () => void): () => void {
    return this.#clock.schedule(atMs, fire)
  }

  scheduleExactly(atMs: number, fire: () => void): () => void {
    return scheduleExactly(this.#clock, atMs, fire)
  }

  enter(act: () => void): void {
    act()
  }
}
