import type { Clock } from '../../../shared/model/clock'
import { DeadlineHeap } from '../deadline-heap'

export interface DeadlinesOptions {
  readonly nowMs: () => number
  /** When `wake` wants to be called next; null: not at all. Told whenever it changes. */
  readonly onWakeAt: (atMs: number | null) => void
}

interface Alarm {
  readonly atMs: number
  readonly order: number
  readonly fire: () => void
  heapIndex: number
}

/** A clock whose alarms are data: whoever has a real one asks `wakeAtMs` and calls `wake`. */
export class Deadlines implements Clock {
  readonly #options: DeadlinesOptions
  readonly #alarms = new DeadlineHeap<Alarm>(
    (a, b) => a.atMs - b.atMs < 0 || (a.atMs === b.atMs && a.order < b.order),
  )
  #order = 0
  #toldMs: number | null = null

  constructor(options: DeadlinesOptions) {
    this.#options = options
  }

  get wakeAtMs(): number | null {
    return this.#alarms.first?.atMs ?? null
  }

  nowMs(): number {
    return this.#options.nowMs()
  }

  schedule(atMs: number, fire: () => void): () => void {
    const alarm = { atMs, order: this.#order++, fire, heapIndex: -1 }
    this.#alarms.add(alarm)
    this.#tell()
    return () => {
      this.#alarms.remove(alarm)
      this.#tell()
    }
  }

  /** Fires what is due, in order. */
  wake(nowMs: number): void {
    for (
      let first = this.#alarms.first;
      first !== undefined && first.atMs <= nowMs;
      first = this.#alarms.first
    ) {
      this.#alarms.remove(first)
      first.fire()
    }
    this.#tell()
  }

  #tell(): void {
    const { wakeAtMs } = this
    if (wakeAtMs === this.#toldMs) return
    this.#toldMs = wakeAtMs
    this.#options.onWakeAt(wakeAtMs)
  }
}
