import type { Clock } from '../../../shared/model/clock'

/** The wall clock may stray so far from that of the session between two looks: more is a jump. */
const JUMP_MS = 1500

/**
 * Notices that the wall clock went another way than the clock of the session: the computer slept, or its time was set. Times
 * in a recording are those of the session, so it has to be told where the two part.
 */
export class ClockJumps {
  readonly #clock: Clock
  readonly #wallMs: () => number
  #offsetMs: number

  constructor(clock: Clock, wallMs: () => number) {
    this.#clock = clock
    this.#wallMs = wallMs
    this.#offsetMs = wallMs() - clock.nowMs()
  }

  /** What was before is of no interest. */
  lookAfresh(): void {
    this.#offsetMs = this.#wallMs() - this.#clock.nowMs()
  }

  /** The jump since the last look, if there was one. */
  look(): { readonly jumpMs: number; readonly wall: string } | undefined {
    const wallMs = this.#wallMs()
    const jumpMs = Math.round(wallMs - this.#clock.nowMs() - this.#offsetMs)
    this.lookAfresh()
    return Math.abs(jumpMs) < JUMP_MS ? undefined : { jumpMs, wall: new Date(wallMs).toISOString() }
  }
}
