import { NO_ROW } from './chunk-ring'
import { type ChunkHit, type HitTarget, hitChunk, neighbourChunk } from './hit-test'
import { laneIdOf } from './lane-layout'
import type { LanesModel } from './lanes-model'
import { isLiveStatus } from './message-table'
import { AXIS_HEIGHT, LANES_TOP, paneGeometry, STRIP_HEIGHT } from './pane-geometry'
import { endOf, type PixelScale, timeAt } from './time-scale'
import type { ViewState } from './view-state'

/** How near the pointer must come to a chunk, CSS pixels. */
const REACH_PX = 3

/** CSS pixels from the top left corner of the canvas. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** How the picture lies on the screen now. */
export interface Placement {
  readonly scale: PixelScale
  readonly pixelRatio: number
  readonly height: number
  readonly scrollTop: number
}

/** Finds chunks and messages by place, by selection and step by step, and moves the view to them. */
export class Navigator {
  readonly #model: LanesModel
  readonly #view: ViewState
  /** Sequence number of the chunk the keys stand on, -1 when they stand on none. */
  #cursorSeq = -1
  #selectedId = 0

  constructor(model: LanesModel, view: ViewState) {
    this.#model = model
    this.#view = view
  }

  get selectedSlot(): number {
    return this.#model.messages.find(this.#selectedId)
  }

  get partnerSlot(): number {
    const slot = this.selectedSlot
    return slot < 0 ? -1 : this.#model.messages.find(this.#model.messages.partnerIds[slot]!)
  }

  /** Position in the ring of the chunk the keys stand on, -1 for none. */
  get cursor(): number {
    const { ring } = this.#model
    const isKept = this.#cursorSeq >= ring.firstSeq && this.#cursorSeq < ring.nextSeq
    return isKept ? this.#cursorSeq % ring.capacity : -1
  }

  dropCursor(): void {
    this.#cursorSeq = -1
  }

  hit(at: Point, placement: Placement): ChunkHit | null {
    const target = this.#targetAt(at, placement)
    if (target === null) return null
    const { scale, pixelRatio } = placement
    const reachMs = (REACH_PX * pixelRatio) / scale.pxPerMs
    return hitChunk(this.#model.ring, target, timeAt(scale, at.x * pixelRatio), reachMs)
  }

  /** @returns The row key of its lane when the message is kept, to be scrolled to. */
  select(messageId: number): number | null {
    this.#selectedId = messageId
    const { messages } = this.#model
    const slot = messages.find(messageId)
    if (slot < 0) return null
    this.#view.reveal(messages.beginOf(slot), messages.lastMarkMs(slot))
    return messages.rowKeys[slot]!
  }

  fitSelection(nowMs: number): void {
    if (this.selectedSlot >= 0) this.#fitMessage(this.selectedSlot, nowMs)
  }

  /** Fits the message at a place; beside every message: all that is kept. */
  fitAt(at: Point, placement: Placement, nowMs: number): void {
    const hit = this.hit(at, placement)
    const slot = hit === null ? -1 : this.#model.messages.find(this.#model.ring.messageIds[hit.position]!)
    if (slot >= 0) {
      this.#fitMessage(slot, nowMs)
      return
    }
    const kept = this.#model.ring.bounds()
    if (kept !== null) this.#view.fit(kept.fromMs, kept.toMs)
  }

  /**
   * To the next or previous chunk of the lane that the cursor is in; the first step goes to the selected message, else
   * to the newest visible chunk.
   *
   * @returns Position in the ring, -1 when there is nowhere to go.
   */
  step(direction: 1 | -1): number {
    const { ring } = this.#model
    const from = this.cursor
    const lane = from < 0 ? -1 : laneIdOf(ring.rowKeys[from]!)
    const to =
      from < 0
        ? this.#firstStep()
        : neighbourChunk(ring, from, direction, (rowKey) => laneIdOf(rowKey) === lane)
    if (to < 0) return -1
    const first = ring.firstSeq % ring.capacity
    this.#cursorSeq = ring.firstSeq + ((to - first + ring.capacity) % ring.capacity)
    this.#view.follow(false)
    this.#view.reveal(ring.startMs[to]!, ring.endMs[to]!)
    return to
  }

  #firstStep(): number {
    const { ring, messages } = this.#model
    const slot = this.selectedSlot
    if (slot >= 0 && messages.firstSeqs[slot]! >= ring.firstSeq)
      return messages.firstSeqs[slot]! % ring.capacity
    const { fromMs } = this.#view.view
    const toMs = endOf(this.#view.view)
    let newest = -1
    ring.forEachRange(fromMs, toMs, (from, to) => {
      for (let at = from; at < to; at++) {
        const isVisible = ring.startMs[at]! <= toMs && ring.endMs[at]! >= fromMs
        if (isVisible && ring.rowKeys[at] !== NO_ROW) newest = at
      }
    })
    return newest
  }

  #fitMessage(slot: number, nowMs: number): void {
    const { messages } = this.#model
    const partner = messages.find(messages.partnerIds[slot]!)
    const isLive = isLiveStatus(messages.statusOf(slot))
    const fromMs = Math.min(messages.beginOf(slot), partner < 0 ? Infinity : messages.beginOf(partner))
    const partnerEndMs = partner < 0 ? -Infinity : messages.lastMarkMs(partner)
    this.#view.fit(fromMs, isLive ? nowMs : Math.max(messages.lastMarkMs(slot), partnerEndMs))
  }

  #targetAt({ y }: Point, { height, scrollTop }: Placement): HitTarget | null {
    if (y >= AXIS_HEIGHT && y < LANES_TOP) {
      return { kind: 'strip', isIncoming: y >= AXIS_HEIGHT + STRIP_HEIGHT / 2 }
    }
    const { lanesTop, lanesBottom } = paneGeometry(height)
    if (y < lanesTop || y >= lanesBottom) return null
    const rowKey = this.#model.layout.rowKeyAt(y - lanesTop + scrollTop)
    return rowKey < 0 ? null : { kind: 'row', rowKey }
  }
}
