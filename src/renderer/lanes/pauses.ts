import type { LaneAxis } from './lane-axis'
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
  #axis: LaneAxis | null = null
  #scale: PixelScale = { pxPerUnit: 1, originPx: 0, widthPx: 0 }
  /** Per message slot: the pass in which it was last seen, and where its last chunk ended. */
  #stamps = new Uint32Array(0)
  #ends = new Float64Array(0)
  #stamp = 0

  begin(messages: MessageTable, axis: LaneAxis, scale: PixelScale): void {
    this.#messages = messages
    this.#axis = axis
    this.#scale = scale
    this.list.length = 0
    this.#stamp++
    if (this.#stamps.length === messages.slots) return
    this.#stamps = new Uint32Array(messages.slots)
    this.#ends = new Float64Array(messages.slots)
  }

  /** `from` and `to`: the extent of the chunk on the axis. */
  chunk(messageId: number, from: number, to: number): void {
    const slot = this.#messages?.find(messageId) ?? -1
    if (slot < 0 || this.#axis === null) return
    if (this.#stamps[slot] === this.#stamp) this.#add(slot, this.#ends[slot]!, from)
    // the chunk before lies left of the picture
    else if (this.#axis.firstOf(slot) < from) this.#add(slot, -Infinity, from)
    this.#stamps[slot] = this.#stamp
    this.#ends[slot] = to
  }

  /** Adds what chunks outside the picture say: the next one lies to the right, or they lie on both sides of it only. */
  end(slots: readonly number[], from: number, to: number): void {
    const axis = this.#axis
    if (axis === null) return
    for (const slot of slots) {
      if (axis.lastOf(slot) <= to) continue
      if (this.#stamps[slot] === this.#stamp) this.#add(slot, this.#ends[slot]!, Infinity)
      else if (axis.firstOf(slot) < from) this.#add(slot, -Infinity, Infinity)
    }
  }

  #add(slot: number, from: number, to: number): void {
    const { pxPerUnit, originPx, widthPx } = this.#scale
    const fromX = Math.max(-1, Math.round(from * pxPerUnit) - originPx)
    const toX = Math.min(widthPx + 1, Math.round(to * pxPerUnit) - originPx)
    if (toX - fromX >= MIN_PAUSE_PX) this.list.push({ slot, fromX, toX })
  }
}
