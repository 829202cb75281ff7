/** A bucket that fills continuously and holds what a second brings. */
class Bucket {
  readonly #perSecond: number
  #level: number
  #atMs = 0

  constructor(perSecond: number) {
    this.#perSecond = perSecond
    this.#level = perSecond
  }

  /** Milliseconds until `amount` is there; what is more than a second's worth has to wait until the bucket is full. */
  waitMs(amount: number, nowMs: number): number {
    this.#level = Math.min(this.#perSecond, this.#level + ((nowMs - this.#atMs) * this.#perSecond) / 1000)
    this.#atMs = nowMs
    const missing = Math.min(amount, this.#perSecond) - this.#level
    return missing <= 0 ? 0 : (missing * 1000) / this.#perSecond
  }

  /** May go below nothing: a frame larger than a second's worth delays those behind it. */
  take(amount: number): void {
    this.#level -= amount
  }
}

export interface RateLimits {
  readonly messagesPerSecond?: number
  readonly bytesPerSecond?: number
}

/** What one peer may send: messages and calls, and their bytes with headers, each with a bucket of its own. */
export class RateLimit {
  readonly #messages: Bucket | undefined
  readonly #bytes: Bucket | undefined

  constructor({ messagesPerSecond, bytesPerSecond }: RateLimits) {
    this.#messages = messagesPerSecond === undefined ? undefined : new Bucket(messagesPerSecond)
    this.#bytes = bytesPerSecond === undefined ? undefined : new Bucket(bytesPerSecond)
  }

  /** 0: it may pass, and is counted. Else how long to wait; then it does not count. */
  admit(wireBytes: number, nowMs: number): number {
    const waitMs = Math.max(this.#messages?.waitMs(1, nowMs) ?? 0, this.#bytes?.waitMs(wireBytes, nowMs) ?? 0)
    if (waitMs > 0) return waitMs
    this.#messages?.take(1)
    this.#bytes?.take(wireBytes)
    return 0
  }
}
