import type { Clock } from '../shared/model/clock'

interface Alarm {
  readonly atMs: number
  readonly order: number
  readonly fire: () => void
}

/** A clock that moves only when told to. Alarms fire in order of time, ties in order of scheduling. */
export class VirtualClock implements Clock {
  #nowMs = 0
  #order = 0
  #alarms: Alarm[] = []

  nowMs(): number {
    return this.#nowMs
  }

  schedule(atMs: number, fire: () => void): () => void {
    const alarm = { atMs: Math.max(atMs, this.#nowMs), order: this.#order++, fire }
    this.#alarms.push(alarm)
    return () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm)
    }
  }

  /** Runs every alarm up to and including `atMs`, each at its own time. */
  advanceTo(atMs: number): void {
    for (let next = this.#next(); next !== undefined && next.atMs <= atMs; next = this.#next()) {
      this.#alarms = this.#alarms.filter((other) => other !== next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.fire()
    }
    this.#nowMs = Math.max(this.#nowMs, atMs)
  }

  /** The machine sleeps: time passes, and no alarm fires before the next advance. */
  sleepTo(atMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, atMs)
  }

  advanceBy(ms: number): void {
    this.advanceTo(this.#nowMs + ms)
  }

  /** Like `advanceTo`, and lets promises that an alarm settled run before the next alarm. */
  async advanceToAsync(atMs: number): Promise<void> {
    await settlePromises()
    for (let next = this.#next(); next !== undefined && next.atMs <= atMs; next = this.#next()) {
      this.advanceTo(next.atMs)
      await settlePromises()
    }
    this.advanceTo(atMs)
    await settlePromises()
  }

  #next(): Alarm | undefined {
    let next: Alarm | undefined
    for (const alarm of this.#alarms) {
      if (
        next === undefined ||
        alarm.atMs < next.atMs ||
        (alarm.atMs === next.atMs && alarm.order < next.order)
      ) {
        next = alarm
      }
    }
    return next
  }
}

/** Lets every promise callback that is due run. */
export async function settlePromises(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}
