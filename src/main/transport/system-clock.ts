import type { Clock } from '../../shared/model/clock'

/** Node stores timer delays in 31 bits; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * The real clock: monotonic, origin at creation, unmoved by changes of the wall clock.
 *
 * An alarm keeps the process alive until it fired or was cancelled: whoever sets one waits for it, and a command line
 * run must not end while a timeout is still going to tell its outcome. Owners cancel their alarms when they close.
 */
export class SystemClock implements Clock {
  readonly #originMs = performance.now()

  nowMs(): number {
    return performance.now() - this.#originMs
  }

  schedule(atMs: number, fire: () => void): () => void {
    let timer: NodeJS.Timeout | undefined
    let immediate: NodeJS.Immediate | undefined
    // Node's timers may fire a fraction of a millisecond early and end at 2^31 ms: what is left is waited for again.
    const arm = (): void => {
      const leftMs = atMs - this.nowMs()
      if (leftMs <= 0) immediate = setImmediate(fire)
      else timer = setTimeout(() => (this.nowMs() < atMs ? arm() : fire()), Math.min(leftMs, MAX_TIMER_MS))
    }
    arm()
    return () => {
      clearTimeout(timer)
      clearImmediate(immediate)
    }
  }
}
