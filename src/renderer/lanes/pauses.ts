import type { MessageTable } from './message-table'
import type { PixelScale } from './time-scale'

/** Narrower pauses cannot be seen, device pixels. */
const MIN_PAUSE_PX = 3

/** A visible pause between two chunks of one message. Device pixels; both ends may lie outside the picture. */
export interface Pause {
  readonly slot: number
  readonly fromX: number
  readonly toX: number
}

/** Finds, while the visible chunks pass by in capture order, where messages paused. */
export class PauseFinder {
  readonly list: Pause[] = []
  #messages: MessageTable | null = null
  #scale: PixelScale = { pxPerMs: 1, originPx: 0, widthPx: 0 }
  /** Per message slot: the pass in which it was last seen, and where its last chunk ended. */
  #stamps = new Uint32Array(0)
  #ends = new Float64Array(0)
  #stamp = 0

  begin(messages: MessageTable, scale: PixelScale): void {
    this.#messages = messages
    this.#scale = scale
    this.list.length = 0
    this.#stamp++
    if (this.#stamps.length === messages.slots) return
    this.#stamps = new Uint32Array(messages.slots)
    this.#ends = new Float64Array(messages.slots)
  }

  chunk(messageId: number, startMs: number, endMs: number): void {
    const slot = this.#messages?.find(messageId) ?? -1
    if (slot < 0 || this.#messages === null) return
    if (this.#stamps[slot] === this.#stamp) this.#add(slot, this.#ends[slot]!, startMs)
    // the chunk before lies left of the picture
    else if (this.#messages.firstStartMs[slot]! < startMs) this.#add(slot, -Infinity, startMs)
    this.#stamps[slot] = this.#stamp
    this.#ends[slot] = endMs
  }

  /** Adds what chunks outside the picture say: the next one lies to the right, or they lie on both sides of it only. */
  end(slots: readonly number[], fromMs: number, toMs: number): void {
    const messages = this.#messages
    if (messages === null) return
    for (const slot of slots) {
      if (messages.lastEndMs[slot]! <= toMs) continue
      if (this.#stamps[slot] === this.#stamp) this.#add(slot, this.#ends[slot]!, Infinity)
      else if (messages.firstStartMs[slot]! < fromMs) this.#add(slot, -Infinity, Infinity)
    }
  }

  #add(slot: number, fromMs: number, toMs: number): void {
    const { pxPerMs, originPx, widthPx } = this.#scale
    const fromX = Math.max(-1, Math.round(fromMs * pxPerMs) - originPx)
    const toX = Math.min(widthPx + 1, Math.round(toMs * pxPerMs) - originPx)
    if (toX - fromX >= MIN_PAUSE_PX) this.list.push({ slot, fromX, toX })
  }
}
