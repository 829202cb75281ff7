import type { TraceEvent } from '../../../shared/model/trace'

/** What one page of a recording may hold. A capture with a little more room keeps all of it, and drops nothing. */
export interface PageLimits {
  readonly messages: number
  readonly chunks: number
  /** Bodies, and the texts of heads, in bytes. */
  readonly bodyBytes: number
}

export const PAGE_LIMITS: PageLimits = {
  messages: 1_000_000,
  chunks: 2_000_000,
  bodyBytes: 384 * 1024 * 1024,
}

/** An entry of a head is this long without its texts, about. */
const BARE_HEAD_BYTES = 240

/** Counts what a page holds. Where it is full depends on the recording alone: the same borders whoever asks. */
export class PageTally {
  readonly #limits: PageLimits
  #messages = 0
  #chunks = 0
  #bodyBytes = 0

  constructor(limits: PageLimits = PAGE_LIMITS) {
    this.#limits = limits
  }

  /**
   * @param dataBytes - Length of the entry that told it.
   * @returns True when nothing more belongs to this page. A new one was begun then.
   */
  add(event: TraceEvent, dataBytes: number): boolean {
    if (event.type === 'message-opened') {
      this.#messages += 1
      this.#bodyBytes += 2 * Math.max(0, dataBytes - BARE_HEAD_BYTES)
    } else if (event.type === 'frame') this.#chunks += 1
    else if (event.type === 'message-closed') this.#bodyBytes += event.body.length
    const { messages, chunks, bodyBytes } = this.#limits
    const isFull = this.#messages >= messages || this.#chunks >= chunks || this.#bodyBytes >= bodyBytes
    if (isFull) [this.#messages, this.#chunks, this.#bodyBytes] = [0, 0, 0]
    return isFull
  }
}
