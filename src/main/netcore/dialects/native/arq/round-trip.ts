/** First probe without any measurement, where the speed of the line is unknown. */
const UNKNOWN_LINE_MS = 250
const FIRST_EXTRA_MS = 50
const LEAST_VARIATION_MS = 5
const LEAST_EXTRA_MS = 10
const LARGEST_BACKOFF = 8
const LONGEST_MS = 3_000
const UNHEARD_MS = 3_000

/**
 * How long an ACK takes (smoothed as RFC 6298 does), and hence when to ask for one. A sample runs from the line end of the
 * frame to its ACK; since repeats have numbers of their own no sample is ambiguous.
 */
export class RoundTrip {
  #smoothedMs = Number.NaN
  #variationMs = 0
  #backoff = 1
  /** Since when probes go unanswered; NaN: they do not. */
  #unheardSinceMs = Number.NaN

  get isKnown(): boolean {
    return !Number.isNaN(this.#smoothedMs)
  }

  /** Longer than nearly every ACK takes; NaN before the first sample. */
  get upperMs(): number {
    return this.#smoothedMs + Math.max(4 * this.#variationMs, LEAST_VARIATION_MS)
  }

  /** Probes go unanswered for so long that damage alone does not explain it. */
  isUnheard(nowMs: number): boolean {
    return this.#backoff === LARGEST_BACKOFF && nowMs - this.#unheardSinceMs >= UNHEARD_MS
  }

  sample(ms: number): void {
    const sampleMs = Math.max(0, ms)
    if (Number.isNaN(this.#smoothedMs)) {
      this.#smoothedMs = sampleMs
      this.#variationMs = sampleMs / 2
      return
    }
    this.#variationMs += (Math.abs(sampleMs - this.#smoothedMs) - this.#variationMs) / 4
    this.#smoothedMs += (sampleMs - this.#smoothedMs) / 8
  }

  progressed(): void {
    this.#backoff = 1
    this.#unheardSinceMs = Number.NaN
  }

  /** A probe was handed over. The next one comes later, if nothing answers. */
  probed(nowMs: number): void {
    if (Number.isNaN(this.#unheardSinceMs)) this.#unheardSinceMs = nowMs
    this.#backoff = Math.min(LARGEST_BACKOFF, this.#backoff * 2)
  }

  /**
   * From the line end of the last numbered frame to the probe.
   *
   * @param frameMs - What a chunk with its frame takes on the line; 0 when unknown.
   * @param ackDelayMs - The longest the peer holds an ACK back.
   */
  probeAfterMs(frameMs: number, ackDelayMs: number): number {
    let afterMs: number
    if (this.isKnown) afterMs = Math.max(this.upperMs + ackDelayMs, frameMs + LEAST_EXTRA_MS)
    else afterMs = frameMs === 0 ? UNKNOWN_LINE_MS : 4 * frameMs + FIRST_EXTRA_MS
    return Math.min(LONGEST_MS, afterMs * this.#backoff)
  }
}
