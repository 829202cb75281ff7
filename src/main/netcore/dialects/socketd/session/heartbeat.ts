/** As in the library; a silence lasts three intervals. */
export const DEFAULT_HEARTBEAT_MS = 20_000
const INTERVALS_OF_SILENCE = 3
/** Of an interval, by chance: many clients that began together do not ask together for ever. */
const RANDOM_SHARE = 0.1

/**
 * Asks at each tick whether the peer is there, because the library closes what said nothing for 60 s, and gives the peer up
 * when nothing came for three intervals, or as long as it was told. Any frame is a sign of life, and so are bytes of one that is still coming in.
 */
export class Heartbeat {
  readonly #intervalMs: number
  readonly #silenceMs: number
  #nextMs = Infinity
  #signMs = 0

  /** @param share - Between 0 and 1, drawn once for this side. */
  constructor(intervalMs: number, share: number, silenceMs = intervalMs * INTERVALS_OF_SILENCE) {
    this.#intervalMs = intervalMs * (1 - RANDOM_SHARE * share)
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
    if (nowMs - this.#signMs >= this.#silenceMs) return 'lost'
    this.#nextMs = Math.min(nowMs + this.#intervalMs, Math.max(nowMs + 1, this.#signMs + this.#silenceMs))
    return 'ping'
  }
}
