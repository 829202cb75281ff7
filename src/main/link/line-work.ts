import type { Clock } from '../../shared/model/clock'
import type { PulseStep } from '../../shared/model/views'
import type { LineControl } from '../transport/transport'

/** What is done to the lines of a port, one thing after the other: each begins when those before it are done. */
export class LineWork {
  readonly #clock: Clock
  readonly #needControl: () => LineControl
  #before: Promise<unknown> = Promise.resolve()

  /** @param needControl - The lines, asked for when their turn has come; throws when nothing may be done to them then. */
  constructor(clock: Clock, needControl: () => LineControl) {
    this.#clock = clock
    this.#needControl = needControl
  }

  /** Sets lines; what is left out stays. */
  set(lines: Parameters<LineControl['set']>[0]): Promise<void> {
    return this.#inTurn((control) => control.set(lines))
  }

  /** Moves lines in timed steps. */
  pulse(steps: readonly PulseStep[]): Promise<void> {
    return this.#inTurn(async (control) => {
      for (const { dtr, rts, ms } of steps) {
        if (dtr !== undefined || rts !== undefined) await control.set({ dtr, rts })
        if (ms > 0) await this.#pause(ms)
      }
    })
  }

  /** Holds the line in BREAK for `ms`. */
  sendBreak(ms: number): Promise<void> {
    return this.#inTurn((control) => control.sendBreak(ms))
  }

  async #inTurn(work: (control: LineControl) => Promise<void>): Promise<void> {
    const before = this.#before
    let done = (): void => {}
    this.#before = new Promise<void>((resolve) => {
      done = resolve
    })
    try {
      await before
      await work(this.#needControl())
    } finally {
      done()
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.schedule(this.#clock.nowMs() + ms, resolve))
  }
}
