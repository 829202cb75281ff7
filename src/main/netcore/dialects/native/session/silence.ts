import type { SessionCondition, SessionTiming } from './session-types'

/**
 * Watches whether the peer of a session still lives: asks (PING) when nothing came for `pingMs`, calls it silent after
 * `silentMs`, gives it up after `sessionMs`. Silence alone resets nothing: a device may be busy, or its USB asleep.
 */
export class Silence {
  readonly #timing: SessionTiming
  #heardAtMs = 0
  #askedAtMs = -Infinity
  #isAskDue = false
  #isSilent = false
  #isOneWay = false

  constructor(timing: SessionTiming) {
    this.#timing = timing
  }

  get condition(): SessionCondition {
    return this.#isSilent ? 'silent' : this.#isOneWay ? 'one-way' : 'live'
  }

  /** When the peer is given up. Also while the line is cut. */
  get expiresAtMs(): number {
    return this.#heardAtMs + this.#timing.sessionMs
  }

  /** Null when a PING waits to be handed over and the peer is known to be silent. */
  get wakeAtMs(): number | null {
    const askAtMs = this.#isAskDue ? Infinity : this.#askAtMs
    const silentAtMs = this.#isSilent ? Infinity : this.#heardAtMs + this.#timing.silentMs
    const nextMs = Math.min(askAtMs, silentAtMs)
    return nextMs === Infinity ? null : nextMs
  }

  /** A PING wants to go. */
  get isAskDue(): boolean {
    return this.#isAskDue
  }

  /** The session is up. */
  begin(nowMs: number): void {
    this.#heardAtMs = nowMs
    this.#askedAtMs = -Infinity
    this.#isAskDue = false
    this.#isSilent = false
    this.#isOneWay = false
  }

  heard(nowMs: number): void {
    this.#heardAtMs = nowMs
    this.#isAskDue = false
    this.#isSilent = false
  }

  noteOneWay(isOneWay: boolean): void {
    this.#isOneWay = isOneWay
  }

  asked(nowMs: number): void {
    this.#askedAtMs = nowMs
    this.#isAskDue = false
  }

  wake(nowMs: number): void {
    if (nowMs >= this.#askAtMs) this.#isAskDue = true
    if (nowMs >= this.#heardAtMs + this.#timing.silentMs) this.#isSilent = true
  }

  get #askAtMs(): number {
    return Math.max(this.#heardAtMs, this.#askedAtMs) + this.#timing.pingMs
  }
}
