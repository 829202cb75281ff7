import { ConsoleError } from '../../../shared/errors'
import type { CronRule } from './task-types'

/** Due times of a cron rule that are counted when many have passed: each costs a search in the calendar. */
const CRON_COUNT_LIMIT = 64

/** Due times that have passed: the latest, for which the task runs, and how many came before it. */
export interface Passed {
  readonly latestMs: number
  readonly firstMs: number
  readonly skipped: number
}

/**
 * The due times of a task on the clock it follows. `nextMs` is the next one, or null when there is none any more; `take`
 * moves it past `nowMs`.
 */
export interface Series {
  readonly nextMs: number | null
  /** The due times up to and including `nowMs`, of which there is at least one; the next one is after `nowMs`. */
  take(nowMs: number): Passed
  /** Forgets due times that passed in a pause, as far as the task can do without them. */
  resume(nowMs: number): void
  /** The clock was set back to `nowMs`. Only for clocks to which that happens. */
  wentBack(nowMs: number): void
}

/** One due time. A pause does not make it go away: a task that runs once would never run. */
export class OnceSeries implements Series {
  #nextMs: number | null

  constructor(dueMs: number) {
    this.#nextMs = dueMs
  }

  get nextMs(): number | null {
    return this.#nextMs
  }

  take(): Passed {
    const dueMs = this.#nextMs!
    this.#nextMs = null
    return { latestMs: dueMs, firstMs: dueMs, skipped: 0 }
  }

  resume(): void {}
  wentBack(): void {}
}

/** No due time of its own: it is told when. */
export class DemandSeries implements Series {
  readonly nextMs = null

  take(nowMs: number): Passed {
    return { latestMs: nowMs, firstMs: nowMs, skipped: 0 }
  }

  resume(): void {}
  wentBack(): void {}
}

/** A grid `firstMs + n × everyMs`. Each point is computed from the beginning, so that rounding does not add up. */
export class IntervalSeries implements Series {
  readonly #firstMs: number
  readonly #everyMs: number
  #index = 0

  constructor(firstMs: number, everyMs: number) {
    this.#firstMs = firstMs
    this.#everyMs = everyMs
  }

  get nextMs(): number {
    return this.#point(this.#index)
  }

  take(nowMs: number): Passed {
    const firstIndex = this.#index
    this.#moveBeyond(nowMs)
    const latestIndex = this.#index - 1
    return {
      latestMs: this.#point(latestIndex),
      firstMs: this.#point(firstIndex),
      skipped: latestIndex - firstIndex,
    }
  }

  resume(nowMs: number): void {
    this.#moveBeyond(nowMs)
  }

  wentBack(): void {}

  #moveBeyond(nowMs: number): void {
    if (this.#point(this.#index) > nowMs) return
    this.#index = Math.max(this.#index, Math.floor((nowMs - this.#firstMs) / this.#everyMs))
    while (this.#point(this.#index) <= nowMs) this.#index += 1 // the division may be off by a rounding
  }

  #point(index: number): number {
    return this.#firstMs + index * this.#everyMs
  }
}

/**
 * Due times of a cron rule on the wall clock, which is set forward and back.
 *
 * Forward, the due times in between have passed: `take` gives one. Back, the rule is followed anew from the new time, since
 * a clock that was wrong by a day must not silence the task for a day; but what ran already does not run again when the
 * clock went back by less than the time to the next due time (a daily task that ran at 02:30 does not run twice because
 * the clock was corrected by an hour, or by a second).
 */
export class CronSeries implements Series {
  readonly #rule: CronRule
  #nextMs: number | null
  /** The last due time that was taken. */
  #takenMs: number | null = null

  /** @throws what the rule throws. */
  constructor(rule: CronRule, wallMs: number) {
    this.#rule = rule
    this.#nextMs = this.#after(wallMs)
  }

  get nextMs(): number | null {
    return this.#nextMs
  }

  /** @throws what the rule throws; the series has then ended. */
  take(wallMs: number): Passed {
    const firstMs = this.#nextMs!
    let latestMs = firstMs
    let skipped = 0
    this.#nextMs = null
    let nextMs = this.#after(firstMs)
    while (nextMs !== null && nextMs <= wallMs) {
      latestMs = nextMs
      skipped += 1
      nextMs = this.#after(skipped < CRON_COUNT_LIMIT ? nextMs : wallMs)
    }
    this.#takenMs = latestMs
    this.#nextMs = nextMs
    return { latestMs, firstMs, skipped }
  }

  resume(wallMs: number): void {
    this.#nextMs = this.#after(Math.max(wallMs, this.#takenMs ?? -Infinity))
  }

  wentBack(wallMs: number): void {
    if (this.#nextMs === null) return
    const takenMs = this.#takenMs
    const isRepeat = takenMs !== null && wallMs <= takenMs && takenMs - wallMs < this.#nextMs - takenMs
    if (isRepeat) return
    this.#takenMs = null
    this.#nextMs = this.#after(wallMs)
  }

  #after(wallMs: number): number | null {
    const nextMs = this.#rule.nextAfterMs(wallMs)
    if (nextMs === null || nextMs > wallMs) return nextMs
    const details = { rule: this.#rule.text, wallMs, nextMs }
    throw new ConsoleError('TASK_TIMING_INVALID', `${this.#rule.text} does not move forward in time`, details)
  }
}
