import type { AttemptLimit } from './session-types'

const FIRST_WAIT_MS = 1_000
const LAST_WAIT_MS = 60_000

/**
 * Wrong passwords cost the device's patience: after a failure nobody may try for 1 s, doubling to 60 s. A right one clears
 * it. One object serves all sessions of a device, so reconnecting or coming in parallel gains nothing. The price: whoever
 * reaches the line can keep the owner waiting too, but at most a minute at a time.
 */
export class DoublingAttemptLimit implements AttemptLimit {
  #failures = 0
  #openAtMs = -Infinity

  waitMs(nowMs: number): number {
    return Math.max(0, this.#openAtMs - nowMs)
  }

  charge(nowMs: number): void {
    this.#failures++
    this.#openAtMs = nowMs + Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(this.#failures - 1, 16))
  }

  clear(): void {
    this.#failures = 0
    this.#openAtMs = -Infinity
  }
}
