import { LANE_FAULT, LANE_IN } from '../../shared/model/views'
import { type ChunkRing, NO_ROW, RING_BLOCK_ROWS } from './chunk-ring'
import { type Marks, NO_MARKS } from './marks'
import { COLOUR_COUNT } from './chunk-style'
import { ColumnGrid, Occupancy, ShareColumns } from './columns'
import { ROW_KEY_COUNT } from './lane-layout'
import type { LanesModel } from './lanes-model'
import { PauseFinder } from './pauses'
import { ShapeList } from './shapes'
import { type PixelScale, unitAt } from './time-scale'
import type { AxisRange } from './view-state'

/** Above this many visible messages marks of single messages would only be noise. */
const MAX_MARKED_MESSAGES = 1200
/** Above this many visible chunks, blocks of about a pixel are drawn from their sums. */
const MAX_SINGLE_CHUNKS = 40_000

/** Narrower chunks are summed in columns, CSS pixels. */
const MIN_SHAPE_PX = 3

interface FillOptions {
  /** Rows on screen; chunks of others go to the line strip only. */
  readonly rowKeys: readonly number[]
  /** Colour of each style, from `colourTable`. */
  readonly colours: Uint8Array
  readonly marks: Marks
  /** Device pixels per CSS pixel: limits are meant in CSS pixels. */
  readonly pixelRatio: number
}

/**
 * What one frame shows, before anything is painted: one pass over the visible chunks sorts them into shapes (wide
 * enough to be told apart) and columns (the rest).
 */
export class FramePlan {
  readonly laneShapes = new ShapeList()
  readonly laneColumns = new ColumnGrid()
  /** Row 0 is outgoing, row 1 incoming. */
  readonly stripShapes = new ShapeList()
  readonly stripOut = new ShareColumns(2 * COLOUR_COUNT)
  readonly stripIn = new ShareColumns(2 * COLOUR_COUNT)
  readonly occupancy = new Occupancy()
  /** Visible messages, by row and then by time; empty when they are too many to be marked one by one. */
  readonly slots: number[] = []
  readonly pauses = new PauseFinder()
  /** Row keys shown in this frame; the place in the list is the row number in shapes and columns. */
  readonly rowKeys: number[] = []
  /** Faulty chunks: row number (-1 for the strip only), left edge and width. */
  readonly faults = new ShapeList()
  scale: PixelScale = { pxPerUnit: 1, originPx: 0, widthPx: 0 }
  readonly #rowNumbers = new Int16Array(ROW_KEY_COUNT)
  readonly #usedRows = new Uint8Array(ROW_KEY_COUNT)
  /** Per link and direction: when the chunk seen last left the line. */
  readonly #lineEndMs = new Map<number, number>()
  #messages = 0
  #chunks = 0

  /** Nothing is in the picture but its grid. */
  get isEmpty(): boolean {
    return this.#messages === 0 && this.#chunks === 0
  }

  readonly isRowUsed = (rowKey: number): boolean => this.#usedRows[rowKey] === 1

  /** Finds the visible messages. Afterwards the layout can be fitted to them, then `fill` follows. */
  findMessages(model: LanesModel, scale: PixelScale, marks = NO_MARKS): void {
    this.scale = scale
    this.slots.length = 0
    this.#messages = 0
    this.#usedRows.fill(0)
    const { messages, axis } = model
    axis.forEachMessage(unitAt(scale, -1), unitAt(scale, scale.widthPx + 1), (slot) => {
      if (messages.rowKeys[slot] === NO_ROW || marks.lookOf(messages.matches[slot]!).isHidden) return
      this.#usedRows[messages.rowKeys[slot]!] = 1
      if (this.#messages++ < MAX_MARKED_MESSAGES) this.slots.push(slot)
    })
    if (this.#messages > MAX_MARKED_MESSAGES) this.slots.length = 0
    this.slots.sort(
      (a, b) => messages.rowKeys[a]! - messages.rowKeys[b]! || messages.beginOf(a) - messages.beginOf(b),
    )
  }

  /** Sorts the visible chunks. */
  fill(model: LanesModel, options: FillOptions): void {
    const { axis } = model
    const { widthPx } = this.scale
    this.#reset(options.rowKeys, widthPx)
    const from = unitAt(this.scale, -1)
    const to = unitAt(this.scale, widthPx + 1)
    let rows = 0
    axis.forEachBlock(from, to, (_seq, blockRows) => {
      rows += blockRows
    })
    const { marks } = options
    const isDense = rows > MAX_SINGLE_CHUNKS
    const withMessages = !isDense && this.#messages <= MAX_MARKED_MESSAGES
    if (isDense) this.slots.length = 0
    this.pauses.begin(model.messages, axis, this.scale)
    axis.forEachBlock(from, to, (seq, blockRows, blockFrom, blockTo) => {
      // sums do not know which messages match
      const isPixelWide = (blockTo - blockFrom) * this.scale.pxPerUnit <= 1
      if (isDense && marks.isEmpty && isPixelWide && blockRows === RING_BLOCK_ROWS)
        this.#addBlock(model, seq, options)
      else this.#addChunks(model, seq, blockRows, { from, to }, options, withMessages)
    })
    if (withMessages) this.pauses.end(this.slots, from, to)
  }

  #reset(rowKeys: readonly number[], width: number): void {
    this.#chunks = 0
    this.rowKeys.length = 0
    this.#rowNumbers.fill(-1)
    for (const rowKey of rowKeys) {
      this.#rowNumbers[rowKey] = this.rowKeys.length
      this.rowKeys.push(rowKey)
    }
    this.laneShapes.clear()
    this.stripShapes.clear()
    this.faults.clear()
    this.laneColumns.reset(rowKeys.length, width)
    this.stripOut.reset(width)
    this.stripIn.reset(width)
    this.occupancy.reset(width)
    this.#lineEndMs.clear()
  }

  #addBlock(model: LanesModel, firstSeq: number, { colours }: FillOptions): void {
    const { pxPerUnit, originPx } = this.scale
    const summary = model.summaries.of(firstSeq)
    const { isOrdinal } = model.axis
    const middle = isOrdinal ? firstSeq + RING_BLOCK_ROWS / 2 : (summary.fromMs + summary.toMs) / 2
    const x = Math.floor(middle * pxPerUnit) - originPx
    for (const part of summary.parts) {
      const colour = colours[part.style]!
      const cover = (isOrdinal ? part.rows : part.busyMs) * pxPerUnit
      const row = part.rowKey === NO_ROW ? -1 : this.#rowNumbers[part.rowKey]!
      if (part.isIncoming) this.stripIn.addSum(x, cover, colour)
      else this.stripOut.addSum(x, cover, colour)
      if (row >= 0) this.laneColumns.addSum(row, x, cover, colour, part.chunks)
      if (part.hasFault) this.faults.push(row, x, 1, colour, part.isIncoming | LANE_FAULT, 0, 0)
    }
    this.#chunks++
  }

  #addChunks(
    model: LanesModel,
    firstSeq: number,
    rows: number,
    visible: AxisRange,
    { colours, marks, pixelRatio }: FillOptions,
    withMessages: boolean,
  ): void {
    const { ring, axis, messages } = model
    const { isOrdinal } = axis
    const { pxPerUnit, originPx } = this.scale
    const minShapePx = MIN_SHAPE_PX * pixelRatio
    const gapPx = Math.max(1, Math.round(pixelRatio))
    const first = firstSeq % ring.capacity
    for (let row = 0; row < rows; row++) {
      const at = first + row
      const from = isOrdinal ? firstSeq + row : ring.startMs[at]!
      const to = isOrdinal ? from + 1 : ring.endMs[at]!
      if (from > visible.to || to < visible.from) continue
      this.#chunks++
      const flags = ring.flags[at]!
      const isIncoming = flags & LANE_IN
      const isFault = (flags & LANE_FAULT) !== 0
      let colour = colours[ring.styles[at]!]!
      let laneColour = colour
      if (!marks.isEmpty) {
        const slot = messages.find(ring.messageIds[at]!)
        const matches = slot < 0 ? 0 : messages.matches[slot]!
        laneColour = marks.colourOf(matches, colour, false)
        colour = marks.colourOf(matches, colour, true)
      }
      const rowKey = ring.rowKeys[at]!
      const lane = rowKey === NO_ROW || laneColour < 0 ? -1 : this.#rowNumbers[rowKey]!
      const wide = (to - from) * pxPerUnit
      const fromX = from * pxPerUnit - originPx
      if (wide >= minShapePx) {
        const x = Math.round(from * pxPerUnit) - originPx
        // short ones keep one width wherever they lie; long ones end exactly where the next begins
        const width = wide < 2 * minShapePx ? Math.round(wide) : Math.round(to * pxPerUnit) - originPx - x
        this.stripShapes.push(isIncoming, x, width, colour, flags, at, gapPx)
        if (lane >= 0) this.laneShapes.push(lane, x, width, laneColour, flags, at, gapPx)
        if (isFault) this.faults.push(lane, x, width, colour, flags, at, 0)
      } else {
        if (isIncoming) this.stripIn.add(fromX, fromX + wide, colour)
        else this.stripOut.add(fromX, fromX + wide, colour)
        if (lane >= 0) this.laneColumns.add(lane, fromX, fromX + wide, laneColour, ring.counts[at]!)
        if (isFault) this.faults.push(lane, Math.floor(fromX), 1, colour, flags, at, 0)
      }
      if (!withMessages) continue
      this.occupancy.add(ring.linkIds[at]!, isIncoming, fromX, fromX + wide)
      if (isOrdinal) this.#holdOtherDirection(ring, at, isIncoming, fromX, fromX + wide)
      if (laneColour >= 0) this.pauses.chunk(ring.messageIds[at]!, from, to)
    }
  }

  /**
   * On the ordinal axis only one direction can have a place, so a chunk may stand between two of the other direction
   * while that one was on the line all the time: this must not look as if the line had been free.
   */
  #holdOtherDirection(ring: ChunkRing, at: number, isIncoming: number, fromX: number, toX: number): void {
    const linkId = ring.linkIds[at]!
    this.#lineEndMs.set(linkId * 2 + isIncoming, ring.endMs[at]!)
    const other = 1 - isIncoming
    const endMs = this.#lineEndMs.get(linkId * 2 + other) ?? -Infinity
    if (endMs > ring.startMs[at]!) this.occupancy.add(linkId, other, fromX, toX)
  }
}
