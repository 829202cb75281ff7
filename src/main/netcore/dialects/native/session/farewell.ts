import type { ByeFrame } from '../wire/frames'
import { clippedUtf8, HANDSHAKE_BYTES } from './frame-content'

const TIMES = 3
/** Type and code. */
const HEAD_BYTES = 6

/** A goodbye: said up to three times, because nothing acknowledges it but the other side's own BYE. */
export class Farewell {
  readonly #betweenMs: number
  #frame: ByeFrame | null = null
  #left = 0
  #isDue = false
  #nextAtMs: number | null = null

  constructor(betweenMs: number) {
    this.#betweenMs = betweenMs
  }

  /** Nothing is (or was) to be said any more. */
  get isOver(): boolean {
    return this.#frame === null
  }

  get wakeAtMs(): number | null {
    return this.#nextAtMs
  }

  /** @param times - 1 for an answer or a refusal. */
  say(code: number, text: string, times = TIMES): void {
    this.#frame = { kind: 'bye', code, text: clippedUtf8(text, HANDSHAKE_BYTES - HEAD_BYTES) }
    this.#left = times
    this.#isDue = true
    this.#nextAtMs = null
  }

  nextFrame(nowMs: number): ByeFrame | undefined {
    if (!this.#isDue || this.#frame === null) return undefined
    const frame = this.#frame
    this.#isDue = false
    this.#left--
    // The last one is waited for as well: its answer tells that the other side knows.
    this.#nextAtMs = nowMs + this.#betweenMs
    return frame
  }

  /** The other side said goodbye too, or nobody is there any more. */
  end(): void {
    this.#frame = null
    this.#isDue = false
    this.#nextAtMs = null
  }

  wake(nowMs: number): void {
    if (this.#nextAtMs === null || nowMs < this.#nextAtMs) return
    this.#nextAtMs = null
    if (this.#left > 0) this.#isDue = true
    else this.end()
  }
}
