/** A silence lasts so many intervals, where nothing else is said. */
const INTERVALS_OF_SILENCE = 3

export interface HeartbeatOptions {
  readonly intervalMs: number
  /** Silence after which the peer is given up. Default: three intervals. */
  readonly silenceMs?: number | undefined
  /** What an interval is shorter by, 0 to 1: many clients that began together do not ask together for ever. Default: 0. */
  readonly shorterBy?: number
  /**
   * When silence is found out. `tick`: at the first tick after it, as the Python library does. `deadline`: as soon as it is
   * long enough.
   */
  readonly foundAt: 'tick' | 'deadline'
}

/**
 * Asks at each tick whether the peer is there, and gives it up after a silence. What counts as a sign of life is said by
 * the dialect.
 */
export class Heartbeat {
  readonly #intervalMs: number
  readonly #silenceMs: number
  readonly #foundAt: HeartbeatOptions['foundAt']
  #nextMs = Infinity
  #signMs = 0

  constructor({ intervalMs, silenceMs, shorterBy = 0, foundAt }: HeartbeatOptions) {
    this.#intervalMs = intervalMs * (1 - shorterBy)
    this.#silenceMs = silenceMs ?? intervalMs * INTERVALS_OF_SILENCE
    this.#foundAt = foundAt
  }

  get wakeAtMs(): number {
    return this.#nextMs
  }

  begin(nowMs: number): void {
    this.#signMs = nowMs
    this.#nextMs = nowMs + this.#intervalMs
  }

  end(): void {
    this.#nextMs = Infinity
  }

  sign(nowMs: number): void {
    this.#signMs = nowMs
  }

  /** Null between two ticks. */
  tick(nowMs: number): 'ping' | 'lost' | null {
    if (nowMs < this.#nextMs) return null
    const silentMs = nowMs - this.#signMs
    if (this.#foundAt === 'tick') {
      // An answer that comes with the tick still counts.
      if (silentMs > this.#silenceMs) return 'lost'
      this.#nextMs = nowMs + this.#intervalMs
    } else {
      if (silentMs >= this.#silenceMs) return 'lost'
      const lostMs = Math.max(nowMs + 1, this.#signMs + this.#silenceMs)
      this.#nextMs = Math.min(nowMs + this.#intervalMs, lostMs)
    }
    return 'ping'
  }
}
