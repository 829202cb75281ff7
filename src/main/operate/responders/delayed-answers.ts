import type { Clock } from '../../../shared/model/clock'

/** Answers that wait for their delay, on the clock of the session, bounded. */
export class DelayedAnswers {
  readonly #clock: Clock
  readonly #limit: number
  readonly #ends = new Set<() => void>()

  constructor(clock: Clock, limit: number) {
    this.#clock = clock
    this.#limit = limit
  }

  get waiting(): number {
    return this.#ends.size
  }

  get hasRoom(): boolean {
    return this.#ends.size < this.#limit
  }

  /** Resolves to true after `delayMs`; to false at once when nobody wants the answer any more, or all are given up. */
  wait(delayMs: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isDue: boolean): void => {
        this.#ends.delete(giveUp)
        cancel()
        signal.removeEventListener('abort', giveUp)
        resolve(isDue)
      }
      const giveUp = (): void => end(false)
      const cancel = this.#clock.schedule(this.#clock.nowMs() + delayMs, () => end(true))
      this.#ends.add(giveUp)
      if (signal.aborted) giveUp()
      else signal.addEventListener('abort', giveUp)
    })
  }

  giveUpAll(): void {
    for (const giveUp of [...this.#ends]) giveUp()
  }
}
