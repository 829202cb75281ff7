/** Defaults of the library; a silence lasts three intervals. */
export const DEFAULT_HEARTBEAT_MS = 30_000
const INTERVALS_OF_SILENCE = 3

/**
 * Asks at each tick whether the peer is there, and gives it up when no PONG came for three intervals (or as long as said):
 * found out at the first tick after that. Requests, messages and PINGs of the peer are no signs, because a broken
 * Python peer goes on pinging; a payload that is still coming in is one, because its PONG can not overtake it.
 */
export class Heartbeat {
  readonly #intervalMs: number
  readonly #silenceMs: number
  #nextMs = Infinity
  #signMs = 0

  constructor(intervalMs: number, silenceMs = intervalMs * INTERVALS_OF_SILENCE) {
    this.#intervalMs = intervalMs
    this.#silenceMs = silenceMs
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
    if (nowMs - this.#signMs > this.#silenceMs) return 'lost'
    this.#nextMs = nowMs + this.#intervalMs
    return 'ping'
  }
}
