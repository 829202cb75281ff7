/**
 * A frame that is sent until it was answered: at once, then after 250 ms doubling to 5 s. The next wait begins when the
 * frame is handed over, so a blocked line never gathers repeats: what waits is one wish, not a queue.
 */
export class Repeater {
  readonly #firstMs: number
  readonly #lastMs: number
  #waitMs: number
  #isDue = false
  #isRepeating = false
  #nextAtMs: number | null = null

  constructor(firstMs: number, lastMs: number) {
    this.#firstMs = firstMs
    this.#lastMs = lastMs
    this.#waitMs = firstMs
  }

  /** The frame wants to go. */
  get isDue(): boolean {
    return this.#isDue
  }

  get wakeAtMs(): number | null {
    return this.#isDue ? null : this.#nextAtMs
  }

  /** Now, and again and again until `stop`. */
  start(): void {
    this.#waitMs = this.#firstMs
    this.#isRepeating = true
    this.#isDue = true
    this.#nextAtMs = null
  }

  /** As `start`, but not before `atMs`. */
  startAt(atMs: number): void {
    this.start()
    this.#isDue = false
    this.#nextAtMs = atMs
  }

  /** Once more at once, without a change to the repeats. */
  nudge(): void {
    this.#isDue = true
  }

  stop(): void {
    this.#isRepeating = false
    this.#nextAtMs = null
    this.#isDue = false
  }

  handedOver(nowMs: number): void {
    this.#isDue = false
    if (!this.#isRepeating) return
    this.#nextAtMs = nowMs + this.#waitMs
    this.#waitMs = Math.min(this.#lastMs, this.#waitMs * 2)
  }

  wake(nowMs: number): void {
    if (this.#nextAtMs === null || nowMs < this.#nextAtMs) return
    this.#nextAtMs = null
    this.#isDue = true
  }
}
