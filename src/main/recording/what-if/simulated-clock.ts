import type { Clock } from '../../../shared/model/clock'
import { DeadlineHeap, type HeapItem } from '../../netcore/deadline-heap'

interface Alarm extends HeapItem {
  readonly atMs: number
  readonly order: number
  readonly fire: () => void
}

/** Promises that an alarm settled, and those that wait for them in turn, run within so many turns. */
const SETTLING_TURNS = 20

/** Time that passes as fast as the machine can: from alarm to alarm. Ties fire in the order in which they were set. */
export class SimulatedClock implements Clock {
  readonly #alarms = new DeadlineHeap<Alarm>(
    (a, b) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order),
  )
  #nowMs = 0
  #order = 0

  nowMs(): number {
    return this.#nowMs
  }

  schedule(atMs: number, fire: () => void): () => void {
    const alarm = { atMs: Math.max(atMs, this.#nowMs), order: this.#order++, fire, heapIndex: -1 }
    this.#alarms.add(alarm)
    return () => this.#alarms.remove(alarm)
  }

  /** Fires the next alarm at its time, and lets what it settled run. False when there is none before `untilMs`. */
  async step(untilMs: number): Promise<boolean> {
    const next = this.#alarms.first
    if (next === undefined || next.atMs > untilMs) return false
    this.#alarms.remove(next)
    this.#nowMs = next.atMs
    next.fire()
    await this.settle()
    return true
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < SETTLING_TURNS; turn++) await Promise.resolve()
  }
}
