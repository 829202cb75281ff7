import type { FrameEvent } from '../../shared/model/trace'
import { LANE_CONTROL, LANE_FIRST, LANE_IN, LANE_LAST, LANE_REPEAT } from '../../shared/model/views'
import { SegmentRing } from './segment-ring'

/** What others than the lanes want to know of a frame as well. */
export interface StoredChunks extends ChunkColumns {
  /** Number of the chunk within its message, from 0; `NO_SEQ` for a frame that carries none of its body. */
  readonly seqs: Uint32Array
}

export const NO_SEQ = 0xffff_ffff

/** One row per frame, 45 bytes with its number. Times are session milliseconds, offsets and lengths bytes. */
export interface ChunkColumns {
  readonly messageIds: Uint32Array
  readonly startMs: Float64Array
  readonly endMs: Float64Array
  readonly bodyOffsets: Float64Array
  readonly payloadBytes: Uint32Array
  readonly wireBytes: Uint32Array
  readonly linkIds: Uint32Array
  readonly flags: Uint8Array
}

const chunkColumns = (rows: number): StoredChunks => ({
  messageIds: new Uint32Array(rows),
  startMs: new Float64Array(rows),
  endMs: new Float64Array(rows),
  bodyOffsets: new Float64Array(rows),
  payloadBytes: new Uint32Array(rows),
  wireBytes: new Uint32Array(rows),
  linkIds: new Uint32Array(rows),
  flags: new Uint8Array(rows),
  seqs: new Uint32Array(rows),
})

/** Every frame that passed, in the order it was seen, as columns. Holds `maxRows` at most; the oldest go first. */
export class ChunkStore {
  readonly #ring: SegmentRing<StoredChunks>
  readonly #maxRows: number
  #evicted = 0
  /** The longest frame, and by how much a row began before one that was captured earlier: of all rows there ever were. */
  #longestMs = 0
  #latestStartMs = Number.NEGATIVE_INFINITY
  #mostBackMs = 0
  #goneUntilMs = Number.NEGATIVE_INFINITY
  #firstWaitingRow = Number.POSITIVE_INFINITY

  constructor(maxRows: number, segmentRows: number) {
    this.#maxRows = maxRows
    this.#ring = new SegmentRing(Math.min(segmentRows, maxRows), chunkColumns)
  }

  get firstRow(): number {
    return this.#ring.firstRow
  }

  get endRow(): number {
    return this.#ring.endRow
  }

  /** Rows before this one have their message for good: how far a reader may go that tells every row once. */
  get settledEnd(): number {
    return Math.min(this.#ring.endRow, this.#firstWaitingRow)
  }

  get kept(): number {
    return this.#ring.kept
  }

  /** Frames that were on the line before this time may be gone; afterwards, all are here. */
  get goneUntilMs(): number {
    return this.#goneUntilMs
  }

  /** Rows that went to make room, since the last `clear`. */
  get evicted(): number {
    return this.#evicted
  }

  /**
   * Adds one frame. Allocates nothing but, once per segment, the next segment. Returns its row number.
   *
   * @param isRepeat - Nothing of it is new.
   */
  append(frame: FrameEvent, messageId: number, isRepeat: boolean): number {
    const row = this.#ring.append()
    const columns = this.#ring.segmentOf(row)
    const at = this.#ring.indexOf(row)
    columns.messageIds[at] = messageId
    columns.startMs[at] = frame.startMs
    columns.endMs[at] = frame.endMs
    columns.bodyOffsets[at] = frame.bodyOffset
    columns.payloadBytes[at] = frame.payloadBytes
    columns.wireBytes[at] = frame.wireBytes
    columns.linkIds[at] = frame.linkId
    columns.seqs[at] = frame.chunkIndex < 0 ? NO_SEQ : frame.chunkIndex
    columns.flags[at] =
      (frame.dir === 'in' ? LANE_IN : 0) |
      (frame.payloadBytes === 0 ? LANE_CONTROL : 0) |
      (frame.chunkIndex === 0 ? LANE_FIRST : 0) |
      (frame.isLast ? LANE_LAST : 0) |
      (isRepeat ? LANE_REPEAT : 0)
    this.#noteOrder(frame.startMs, frame.endMs)
    if (this.#ring.kept > this.#maxRows) {
      this.#goneUntilMs = Math.max(this.#goneUntilMs, this.#oldestEndMs())
      this.#ring.forgetBefore(this.#ring.firstRow + 1)
      this.#evicted += 1
    }
    return row
  }

  /** From this row on there are frames whose message is to be known later; infinite when there are none. */
  waitFrom(row: number): void {
    this.#firstWaitingRow = row
  }

  /** Gives a row the message it belongs to; harmless when the row is gone. */
  assign(row: number, messageId: number): void {
    if (this.#ring.has(row)) this.#ring.segmentOf(row).messageIds[this.#ring.indexOf(row)] = messageId
  }

  /** Sets flag bits of a row; harmless when the row is gone. */
  addFlags(row: number, bits: number): void {
    if (!this.#ring.has(row)) return
    const { flags } = this.#ring.segmentOf(row)
    const at = this.#ring.indexOf(row)
    flags[at] = flags[at]! | bits
  }

  /** Runs over the kept rows of `from` … `to` (exclusive), segment by segment. Columns are borrowed for the call. */
  visit(from: number, to: number, run: (columns: StoredChunks, begin: number, end: number) => void): void {
    this.#ring.visit(from, to, run)
  }

  has(row: number): boolean {
    return this.#ring.has(row)
  }

  /** Columns of the segment of a kept row, borrowed. */
  columnsOf(row: number): StoredChunks {
    return this.#ring.segmentOf(row)
  }

  /** Where a kept row stands in its columns. */
  indexOf(row: number): number {
    return this.#ring.indexOf(row)
  }

  /** Session time at which a kept row began; undefined when it is not kept. */
  startMsOf(row: number): number | undefined {
    return this.#ring.has(row) ? this.#ring.segmentOf(row).startMs[this.#ring.indexOf(row)] : undefined
  }

  /**
   * The first row that began at `ms` or later. Rows are in order of capture, which differs from order of time by what
   * is written ahead: good enough to find where to begin, in O(log rows).
   */
  rowAt(ms: number): number {
    let low = this.firstRow
    let high = this.endRow
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (this.startMsOf(middle)! < ms) low = middle + 1
      else high = middle
    }
    return low
  }

  /**
   * Rows `[from, to)` that hold every kept frame which was on the line between two times, and others. Unlike `rowAt` it
   * misses none: it knows how far the order of capture ever was from the order of time. O(log rows).
   */
  rowsOnLine(fromMs: number, toMs: number): readonly [from: number, to: number] {
    return [
      this.rowAt(fromMs - this.#longestMs - this.#mostBackMs),
      this.rowAt(toMs + this.#mostBackMs + 1e-6),
    ]
  }

  #noteOrder(startMs: number, endMs: number): void {
    if (endMs - startMs > this.#longestMs) this.#longestMs = endMs - startMs
    if (startMs > this.#latestStartMs) this.#latestStartMs = startMs
    else if (this.#latestStartMs - startMs > this.#mostBackMs)
      this.#mostBackMs = this.#latestStartMs - startMs
  }

  #oldestEndMs(): number {
    const { firstRow } = this.#ring
    return this.#ring.segmentOf(firstRow).endMs[this.#ring.indexOf(firstRow)]!
  }

  /** Forgets every row. Row numbers go on. */
  clear(): void {
    if (this.#ring.kept > 0) {
      this.#goneUntilMs = Math.max(this.#goneUntilMs, this.#latestStartMs + this.#longestMs)
    }
    this.#ring.forgetBefore(this.#ring.endRow)
    this.#evicted = 0
  }
}
