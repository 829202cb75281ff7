import { LANE_FAULT, LANE_IN } from '../../shared/model/views'
import { NO_ROW, RING_BLOCK_ROWS } from './chunk-ring'
import { COLOUR_COUNT } from './chunk-style'
import { ColumnGrid, Occupancy, ShareColumns } from './columns'
import { ROW_KEY_COUNT } from './lane-layout'
import type { LanesModel } from './lanes-model'
import { PauseFinder } from './pauses'
import { ShapeList } from './shapes'
import { type PixelScale, timeAt } from './time-scale'

/** Above this many visible messages marks of single messages would only be noise. */
export const MAX_MARKED_MESSAGES = 1200
/** Above this many visible chunks, blocks of about a pixel are drawn from their sums. */
export const MAX_SINGLE_CHUNKS = 40_000

/** Narrower chunks are summed in columns, CSS pixels. */
const MIN_SHAPE_PX = 3

interface FillOptions {
  /** Rows on screen; chunks of others go to the line strip only. */
  readonly rowKeys: readonly number[]
  /** Colour of each style, from `colourTable`. */
  readonly colours: Uint8Array
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
  readonly stripOut = new ShareColumns(COLOUR_COUNT)
  readonly stripIn = new ShareColumns(COLOUR_COUNT)
  readonly occupancy = new Occupancy()
  /** Visible messages, by row and then by time; empty when they are too many to be marked one by one. */
  readonly slots: number[] = []
  readonly pauses = new PauseFinder()
  /** Row keys shown in this frame; the place in the list is the row number in shapes and columns. */
  readonly rowKeys: number[] = []
  /** Faulty chunks: row number (-1 for the strip only), left edge and width. */
  readonly faults = new ShapeList()
  scale: PixelScale = { pxPerMs: 1, originPx: 0, widthPx: 0 }
  readonly #rowNumbers = new Int16Array(ROW_KEY_COUNT)
  readonly #usedRows = new Uint8Array(ROW_KEY_COUNT)
  #messages = 0
  #chunks = 0

  /** Nothing is in the picture but its grid. */
  get isEmpty(): boolean {
    return this.#messages === 0 && this.#chunks === 0
  }

  readonly isRowUsed = (rowKey: number): boolean => this.#usedRows[rowKey] === 1

  /** Finds the visible messages. Afterwards the layout can be fitted to them, then `fill` follows. */
  findMessages(model: LanesModel, scale: PixelScale): void {
    this.scale = scale
    this.slots.length = 0
    this.#messages = 0
    this.#usedRows.fill(0)
    const { messages } = model
    messages.forEachTouching(timeAt(scale, -1), timeAt(scale, scale.widthPx + 1), (slot) => {
      if (messages.rowKeys[slot] === NO_ROW) return
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
    const { ring } = model
    const { widthPx } = this.scale
    this.#reset(options.rowKeys, widthPx)
    const fromMs = timeAt(this.scale, -1)
    const toMs = timeAt(this.scale, widthPx + 1)
    let rows = 0
    ring.forEachBlock(fromMs, toMs, (_seq, blockRows) => {
      rows += blockRows
    })
    const isDense = rows > MAX_SINGLE_CHUNKS
    const withMessages = !isDense && this.#messages <= MAX_MARKED_MESSAGES
    if (isDense) this.slots.length = 0
    this.pauses.begin(model.messages, this.scale)
    ring.forEachBlock(fromMs, toMs, (seq, blockRows, blockFromMs, blockToMs) => {
      const isPixelWide = (blockToMs - blockFromMs) * this.scale.pxPerMs <= 1
      if (isDense && isPixelWide && blockRows === RING_BLOCK_ROWS) this.#addBlock(model, seq, options)
      else this.#addChunks(model, seq % ring.capacity, blockRows, fromMs, toMs, options, withMessages)
    })
    if (withMessages) this.pauses.end(this.slots, fromMs, toMs)
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
  }

  #addBlock(model: LanesModel, firstSeq: number, { colours }: FillOptions): void {
    const { pxPerMs, originPx } = this.scale
    const summary = model.summaries.of(firstSeq)
    const x = Math.floor(((summary.fromMs + summary.toMs) / 2) * pxPerMs) - originPx
    for (const part of summary.parts) {
      const colour = colours[part.style]!
      const cover = part.busyMs * pxPerMs
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
    first: number,
    rows: number,
    fromMs: number,
    toMs: number,
    { colours, pixelRatio }: FillOptions,
    withMessages: boolean,
  ): void {
    const { ring } = model
    const { pxPerMs, originPx } = this.scale
    const minShapePx = MIN_SHAPE_PX * pixelRatio
    const gapPx = Math.max(1, Math.round(pixelRatio))
    for (let at = first; at < first + rows; at++) {
      const startMs = ring.startMs[at]!
      const endMs = ring.endMs[at]!
      if (startMs > toMs || endMs < fromMs) continue
      this.#chunks++
      const flags = ring.flags[at]!
      const isIncoming = flags & LANE_IN
      const isFault = (flags & LANE_FAULT) !== 0
      const colour = colours[ring.styles[at]!]!
      const rowKey = ring.rowKeys[at]!
      const row = rowKey === NO_ROW ? -1 : this.#rowNumbers[rowKey]!
      const wide = (endMs - startMs) * pxPerMs
      const fromX = startMs * pxPerMs - originPx
      if (wide >= minShapePx) {
        const x = Math.round(startMs * pxPerMs) - originPx
        // short ones keep one width wherever they lie; long ones end exactly where the next begins
        const width = wide < 2 * minShapePx ? Math.round(wide) : Math.round(endMs * pxPerMs) - originPx - x
        this.stripShapes.push(isIncoming, x, width, colour, flags, at, gapPx)
        if (row >= 0) this.laneShapes.push(row, x, width, colour, flags, at, gapPx)
        if (isFault) this.faults.push(row, x, width, colour, flags, at, 0)
      } else {
        if (isIncoming) this.stripIn.add(fromX, fromX + wide, colour)
        else this.stripOut.add(fromX, fromX + wide, colour)
        if (row >= 0) this.laneColumns.add(row, fromX, fromX + wide, colour, ring.counts[at]!)
        if (isFault) this.faults.push(row, Math.floor(fromX), 1, colour, flags, at, 0)
      }
      if (!withMessages) continue
      this.occupancy.add(ring.linkIds[at]!, isIncoming, fromX, fromX + wide)
      this.pauses.chunk(ring.messageIds[at]!, startMs, endMs)
    }
  }
}
