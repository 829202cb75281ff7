import type { Clock } from '../../../shared/model/clock'
import { CLOSE_MS, type RunTime, scheduleExactly } from './run-time'

interface Due {
  readonly atMs: number
  readonly isExact: boolean
  readonly fire: () => void
}

export interface SimulatedTimeOptions {
  /** The real time. */
  readonly clock: Clock
  /** False: as fast as the computer can, for whom nobody watches. Default: no faster than real time. */
  readonly isPaced?: boolean
}

/**
 * A time of its own for a run with a simulated device: it begins with 0, and moves from alarm to alarm. What happens in it
 * depends on nothing but what happened before in it, so the same run is the same again, bytes, order and times. It goes no
 * faster than real time, and when the computer is too slow it falls behind and catches up, and nothing in it changes.
 */
export class SimulatedTime implements RunTime {
  readonly #clock: Clock
  readonly #isPaced: boolean
  readonly #startMs: number
  /** By time, then by the order in which they were set. */
  readonly #dues: Due[] = []
  #nowMs = 0
  #cancelWait: (() => void) | null = null
  #isTurning = false
  #isStopped = false

  constructor({ clock, isPaced = true }: SimulatedTimeOptions) {
    this.#clock = clock
    this.#isPaced = isPaced
    this.#startMs = clock.nowMs()
  }

  nowMs(): number {
    return this.#nowMs
  }

  /** By how much the real time is ahead: what happens now ought to have happened so long ago. */
  get lagMs(): number {
    return this.#isPaced ? Math.max(0, this.#clock.nowMs() - this.toRealMs(this.#nowMs)) : 0
  }

  toRealMs(atMs: number): number {
    return this.#startMs + atMs
  }

  schedule(atMs: number, fire: () => void): () => void {
    return this.#add({ atMs: Math.max(atMs, this.#nowMs), isExact: false, fire })
  }

  scheduleExactly(atMs: number, fire: () => void): () => void {
    return this.#add({ atMs: Math.max(atMs, this.#nowMs), isExact: true, fire })
  }

  /** Does something at the present real time: what a person wants comes from outside. */
  enter(act: () => void): void {
    const nowMs = this.#isPaced ? this.#clock.nowMs() - this.#startMs : this.#nowMs
    this.schedule(nowMs, act)
  }

  /** Time stands still for good. */
  stop(): void {
    this.#isStopped = true
    this.#cancelWait?.()
    this.#cancelWait = null
    this.#dues.length = 0
  }

  #add(due: Due): () => void {
    let low = 0
    let high = this.#dues.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#dues[middle]!.atMs <= due.atMs) low = middle + 1
      else high = middle
    }
    this.#dues.splice(low, 0, due)
    if (low === 0 || (due.isExact && this.#isClose(due))) this.#arm()
    return () => {
      const at = this.#dues.indexOf(due)
      if (at !== -1) this.#dues.splice(at, 1)
    }
  }

  /** Whether it follows the next alarm at once. */
  #isClose(due: Due): boolean {
    const [next] = this.#dues
    return next !== undefined && due.atMs - next.atMs < CLOSE_MS
  }

  #arm(): void {
    if (this.#isTurning || this.#isStopped) return
    this.#cancelWait?.()
    this.#cancelWait = null
    const [next] = this.#dues
    if (next === undefined) return
    const atMs = this.#isPaced ? this.toRealMs(next.atMs) : this.#clock.nowMs()
    const turn = (): void => {
      this.#cancelWait = null
      this.#turn()
    }
    // an alarm just before an exact one must not be late either: the exact one waits for its turn
    const isExact = this.#dues.some((due) => due.isExact && this.#isClose(due))
    this.#cancelWait =
      isExact && this.#isPaced ? scheduleExactly(this.#clock, atMs, turn) : this.#clock.schedule(atMs, turn)
  }

  /** One alarm, and then all that its promises lead to, before the next. */
  #turn(): void {
    if (this.#isStopped) return
    this.#isTurning = true
    const due = this.#dues.shift()
    if (due !== undefined) {
      this.#nowMs = Math.max(this.#nowMs, due.atMs)
      due.fire()
    }
    setImmediate(() => {
      this.#isTurning = false
      const [next] = this.#dues
      const isDue = next !== undefined && (!this.#isPaced || this.toRealMs(next.atMs) <= this.#clock.nowMs())
      if (isDue) this.#turn()
      else this.#arm()
    })
  }
}
