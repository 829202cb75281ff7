import { NO_ROW } from './chunk-ring'
import { type ChunkHit, type HitTarget, hitChunk, neighbourChunk } from './hit-test'
import { laneIdOf } from './lane-layout'
import type { LanesModel } from './lanes-model'
import { isLiveStatus } from './message-table'
import { AXIS_HEIGHT, LANES_TOP, STRIP_HEIGHT } from './pane-geometry'
import { endOf, type PixelScale, unitAt } from './time-scale'
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
  readonly lanesBottom: number
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
    const reach = (REACH_PX * pixelRatio) / scale.pxPerUnit
    const { ring, axis } = this.#model
    return hitChunk(ring, axis, target, unitAt(scale, at.x * pixelRatio), reach)
  }

  /** @returns The row key of its lane when the message is kept, to be scrolled to. */
  select(messageId: number): number | null {
    this.#selectedId = messageId
    const { messages, ring, axis } = this.#model
    // the keys go on from the message that was selected elsewhere
    if (this.cursor >= 0 && ring.messageIds[this.cursor] !== messageId) this.dropCursor()
    const slot = messages.find(messageId)
    if (slot < 0) return null
    this.#view.reveal(axis.beginOf(slot), axis.lastMarkOf(slot))
    return messages.rowKeys[slot]!
  }

  fitSelection(nowMs: number): void {
    if (this.selectedSlot >= 0) this.#fitMessage(this.selectedSlot, nowMs)
  }

  /** Brings the selected message to the middle, as large as it is. Returns its row key, null without a selection. */
  centreSelection(): number | null {
    const slot = this.selectedSlot
    if (slot < 0) return null
    const { axis, messages } = this.#model
    this.#view.centre(axis.beginOf(slot), axis.lastMarkOf(slot))
    return messages.rowKeys[slot]!
  }

  /** The id of the message on the other end of the exchange, 0 when there is none. */
  get partnerId(): number {
    const slot = this.selectedSlot
    return slot < 0 ? 0 : this.#model.messages.partnerIds[slot]!
  }

  /** Fits the message at a place; beside every message: all that is kept. */
  fitAt(at: Point, placement: Placement, nowMs: number): void {
    const hit = this.hit(at, placement)
    const slot = hit === null ? -1 : this.#model.messages.find(this.#model.ring.messageIds[hit.position]!)
    if (slot >= 0) {
      this.#fitMessage(slot, nowMs)
      return
    }
    const kept = this.#model.axis.bounds()
    if (kept !== null) this.#view.fit(kept.from, kept.to)
  }

  /**
   * To the next or previous chunk of the lane that the cursor is in; the first step goes to the selected message, else
   * to the newest visible chunk.
   *
   * @returns Position in the ring, -1 when there is nowhere to go.
   */
  step(direction: 1 | -1): number {
    const { ring, axis } = this.#model
    const from = this.cursor
    const lane = from < 0 ? -1 : laneIdOf(ring.rowKeys[from]!)
    const to =
      from < 0
        ? this.#firstStep()
        : neighbourChunk(ring, from, direction, (rowKey) => laneIdOf(rowKey) === lane)
    if (to < 0) return -1
    this.#cursorSeq = ring.seqOf(to)
    this.#view.follow(false)
    this.#view.reveal(axis.fromOf(to), axis.toOf(to))
    return to
  }

  #firstStep(): number {
    const { ring, messages, axis } = this.#model
    const slot = this.selectedSlot
    if (slot >= 0 && messages.firstSeqs[slot]! >= ring.firstSeq)
      return messages.firstSeqs[slot]! % ring.capacity
    const { from } = this.#view.view
    const to = endOf(this.#view.view)
    let newest = -1
    axis.forEachRange(from, to, (first, end) => {
      for (let at = first; at < end; at++) {
        const isVisible = axis.fromOf(at) <= to && axis.toOf(at) >= from
        if (isVisible && ring.rowKeys[at] !== NO_ROW) newest = at
      }
    })
    return newest
  }

  #fitMessage(slot: number, nowMs: number): void {
    const { messages, axis } = this.#model
    const partner = messages.find(messages.partnerIds[slot]!)
    const isLive = isLiveStatus(messages.statusOf(slot))
    const from = Math.min(axis.beginOf(slot), partner < 0 ? Infinity : axis.beginOf(partner))
    const partnerEnd = partner < 0 ? -Infinity : axis.lastMarkOf(partner)
    this.#view.fit(from, isLive ? axis.ofTime(nowMs) : Math.max(axis.lastMarkOf(slot), partnerEnd))
  }

  #targetAt({ y }: Point, { lanesBottom, scrollTop }: Placement): HitTarget | null {
    if (y >= AXIS_HEIGHT && y < LANES_TOP) {
      return { kind: 'strip', isIncoming: y >= AXIS_HEIGHT + STRIP_HEIGHT / 2 }
    }
    if (y < LANES_TOP || y >= lanesBottom) return null
    const rowKey = this.#model.layout.rowKeyAt(y - LANES_TOP + scrollTop)
    return rowKey < 0 ? null : { kind: 'row', rowKey }
  }
}
