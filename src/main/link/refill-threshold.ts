/** Timers of a calm machine are not later than this. */
export const MIN_REFILL_MS = 5
/** Before anything is known of the machine. */
const FIRST_REFILL_MS = 10
/** Later than this a wake-up is a mishap, not a habit: to be ready for it would cost every urgent message as much. */
export const MAX_REFILL_MS = 25
/** On top of the latest wake-up seen. */
const MARGIN_MS = 2
/** How fast the threshold forgets: to a third of what it was above the least in this time. */
const FORGET_MS = 20_000

/**
 * How much line time must still be handed over when the next frame is asked for (J of performance.md §3): as much as
 * wake-ups come late, or the line stands idle until they come; not more, or every urgent message waits for it.
 *
 * It rises at once to the latest wake-up seen, up to 25 ms, and sinks slowly, down to 5 ms.
 */
export class RefillThreshold {
  readonly #limitMs: number
  readonly #isKept: boolean
  #belowMs: number
  #sinceMs: number | undefined

  /**
   * @param limitMs - Never above this: the write-ahead leaves no more beside a frame.
   * @param keptMs - Stays at this, however late wake-ups come.
   */
  constructor(limitMs: number, keptMs?: number) {
    this.#isKept = keptMs !== undefined
    this.#limitMs = keptMs ?? Math.min(MAX_REFILL_MS, limitMs)
    this.#belowMs = keptMs ?? Math.min(FIRST_REFILL_MS, this.#limitMs)
  }

  get belowMs(): number {
    return this.#belowMs
  }

  /** A wake-up came `lateMs` (0 or more) after its time. */
  woke(lateMs: number, nowMs: number): void {
    if (this.#isKept) return
    const passedMs = Math.max(0, nowMs - (this.#sinceMs ?? nowMs))
    this.#sinceMs = nowMs
    const least = Math.min(MIN_REFILL_MS, this.#limitMs)
    const forgotten = least + (this.#belowMs - least) * Math.exp(-passedMs / FORGET_MS)
    this.#belowMs = Math.min(this.#limitMs, Math.max(forgotten, lateMs + MARGIN_MS))
  }
}
