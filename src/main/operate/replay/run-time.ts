import type { Clock } from '../../../shared/model/clock'

/** The time that a run lives in: the real one, or one of its own. */
export interface RunTime extends Clock {
  /** By how much the real time is ahead of this one. */
  readonly lagMs: number
  /** Like `schedule`, to a fraction of a millisecond. Holds the thread in short pieces for the last moment before it. */
  scheduleExactly(atMs: number, fire: () => void): () => void
  /** Does something that comes from outside: what a person wants. */
  enter(act: () => void): void
}

/** Timers of the system come up to a millisecond late: this much before, the thread rests in short pieces instead. */
export const CLOSE_MS = 2
/** What comes from outside meanwhile waits for no longer than one piece. */
const REST_MS = 0.25
/** A rest lasts a little longer than it should: this last bit is counted in turns of the event loop. */
const AWAKE_MS = 0.12
const NOBODY = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))

/**
 * Fires at a time of a real clock as exactly as the event loop allows. Between two rests the loop turns once, so that
 * sockets and other alarms are served. Turns alone would do without rests, but each leaves garbage behind, and to collect
 * that takes a millisecond just when something is due.
 */
export function scheduleExactly(clock: Clock, atMs: number, fire: () => void): () => void {
  let immediate: NodeJS.Immediate | undefined
  const look = (): void => {
    const leftMs = atMs - clock.nowMs()
    if (leftMs <= 0) {
      fire()
      return
    }
    if (leftMs > AWAKE_MS) rest(Math.min(leftMs - AWAKE_MS, REST_MS))
    immediate = setImmediate(look)
  }
  const cancel = clock.schedule(atMs - CLOSE_MS, look)
  return () => {
    cancel()
    clearImmediate(immediate)
  }
}

/** Holds the thread for so long; returns at once where a thread must not be held. */
function rest(forMs: number): void {
  try {
    Atomics.wait(NOBODY, 0, 0, forMs)
  } catch {
    // the turns of the event loop are counted all the way then
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
