import { LANE_CONTROL, LANE_FAULT, LANE_REPEAT } from '../../shared/model/views'

/** A row that counts as a chunk of its message: it carries body bytes, and they were not on the line before. */
export const isChunk = (flags: number): boolean => (flags & (LANE_CONTROL | LANE_REPEAT)) === 0

/** Rows kept by default: about 25 MB of columns. */
const DEFAULT_RING_ROWS = 512 * 1024
export const RING_BLOCK_ROWS = 512

/** Row key of frames that belong to no lane: they are shown in the line strip only. */
export const NO_ROW = 0xffff

export interface ChunkRow {
  readonly messageId: number
  readonly startMs: number
  readonly endMs: number
  readonly bodyOffset: number
  readonly payloadBytes: number
  readonly wireBytes: number
  readonly count: number
  readonly linkId: number
  readonly flags: number
  /** Lane and row inside the lane, see `rowKeyOf`; `NO_ROW` when in none. */
  readonly rowKey: number
  /** Hue, priority and kind, see `chunk-style.ts`. */
  readonly style: number
}

/**
 * The newest chunks in columns. Rows have a sequence number that never changes; the columns are addressed by
 * `seq % capacity`. Rows come in capture order, which is almost but not exactly time order (an outgoing chunk is told
 * before it has left, an incoming one afterwards), so searches go by blocks with their earliest start and latest end
 * instead of assuming sorted rows. Eviction is by whole blocks, oldest first.
 */
export class ChunkRing {
  readonly capacity: number
  readonly messageIds: Uint32Array
  readonly startMs: Float64Array
  readonly endMs: Float64Array
  readonly bodyOffsets: Float64Array
  readonly payloadBytes: Uint32Array
  readonly wireBytes: Uint32Array
  readonly counts: Uint32Array
  readonly linkIds: Uint32Array
  readonly flags: Uint8Array
  readonly rowKeys: Uint16Array
  readonly styles: Uint16Array
  readonly #blockStart: Float64Array
  readonly #blockEnd: Float64Array
  #firstSeq = 0
  #nextSeq = 0
  #faults = 0
  #version = 0

  /** @param capacity - Rows; a multiple of `RING_BLOCK_ROWS`, at least two blocks. */
  constructor(capacity = DEFAULT_RING_ROWS) {
    this.capacity = capacity
    this.messageIds = new Uint32Array(capacity)
    this.startMs = new Float64Array(capacity)
    this.endMs = new Float64Array(capacity)
    this.bodyOffsets = new Float64Array(capacity)
    this.payloadBytes = new Uint32Array(capacity)
    this.wireBytes = new Uint32Array(capacity)
    this.counts = new Uint32Array(capacity)
    this.linkIds = new Uint32Array(capacity)
    this.flags = new Uint8Array(capacity)
    this.rowKeys = new Uint16Array(capacity)
    this.styles = new Uint16Array(capacity)
    this.#blockStart = new Float64Array(capacity / RING_BLOCK_ROWS)
    this.#blockEnd = new Float64Array(capacity / RING_BLOCK_ROWS)
  }

  /** Sequence number of the oldest row kept. */
  get firstSeq(): number {
    return this.#firstSeq
  }

  /** Sequence number the next row will get. */
  get nextSeq(): number {
    return this.#nextSeq
  }

  /** Changes with every row added and with every `clear`. */
  get version(): number {
    return this.#version
  }

  get size(): number {
    return this.#nextSeq - this.#firstSeq
  }

  /** Rows with a fault that were ever added: tells whether looking for them is worth it. */
  get faults(): number {
    return this.#faults
  }

  push(row: ChunkRow): void {
    const at = this.#nextSeq % this.capacity
    const block = Math.floor(at / RING_BLOCK_ROWS)
    if (at % RING_BLOCK_ROWS === 0) {
      if (this.#nextSeq - this.#firstSeq >= this.capacity) this.#firstSeq += RING_BLOCK_ROWS
      this.#blockStart[block] = Infinity
      this.#blockEnd[block] = -Infinity
    }
    this.messageIds[at] = row.messageId
    this.startMs[at] = row.startMs
    this.endMs[at] = row.endMs
    this.bodyOffsets[at] = row.bodyOffset
    this.payloadBytes[at] = row.payloadBytes
    this.wireBytes[at] = row.wireBytes
    this.counts[at] = row.count
    this.linkIds[at] = row.linkId
    this.flags[at] = row.flags
    this.rowKeys[at] = row.rowKey
    this.styles[at] = row.style
    if (row.startMs < this.#blockStart[block]!) this.#blockStart[block] = row.startMs
    if (row.endMs > this.#blockEnd[block]!) this.#blockEnd[block] = row.endMs
    if ((row.flags & LANE_FAULT) !== 0) this.#faults++
    this.#nextSeq++
    this.#version++
  }

  /** Sequence number of the row at a position of the columns. */
  seqOf(position: number): number {
    const first = this.#firstSeq % this.capacity
    return this.#firstSeq + ((position - first + this.capacity) % this.capacity)
  }

  /** Earliest start and latest end in the block of this row. */
  blockBounds(seq: number): { readonly fromMs: number; readonly toMs: number } {
    const block = Math.floor((seq % this.capacity) / RING_BLOCK_ROWS)
    return { fromMs: this.#blockStart[block]!, toMs: this.#blockEnd[block]! }
  }

  clear(): void {
    this.#firstSeq = 0
    this.#nextSeq = 0
    this.#faults = 0
    this.#version++
  }

  /**
   * Calls `visit` with ranges of column positions (`from` inclusive, `to` exclusive) that together hold every row
   * touching the time range, in capture order. Ranges may hold other rows too: the visitor looks at the times itself.
   */
  forEachRange(fromMs: number, toMs: number, visit: (from: number, to: number) => void): void {
    let runFrom = -1
    let runTo = -1
    for (let seq = this.#firstSeq; seq < this.#nextSeq; ) {
      const at = seq % this.capacity
      const block = Math.floor(at / RING_BLOCK_ROWS)
      const rows = Math.min(RING_BLOCK_ROWS - (at % RING_BLOCK_ROWS), this.#nextSeq - seq)
      if (this.#blockStart[block]! <= toMs && this.#blockEnd[block]! >= fromMs) {
        if (runTo === at) runTo = at + rows
        else {
          if (runFrom >= 0) visit(runFrom, runTo)
          runFrom = at
          runTo = at + rows
        }
      }
      seq += rows
    }
    if (runFrom >= 0) visit(runFrom, runTo)
  }

  /**
   * Calls `visit` for every block that may touch the time range: sequence number of its first row, rows, and its extent.
   */
  forEachBlock(
    fromMs: number,
    toMs: number,
    visit: (firstSeq: number, rows: number, blockFromMs: number, blockToMs: number) => void,
  ): void {
    for (let seq = this.#firstSeq; seq < this.#nextSeq; seq += RING_BLOCK_ROWS) {
      const block = (seq % this.capacity) / RING_BLOCK_ROWS
      const blockFromMs = this.#blockStart[block]!
      const blockToMs = this.#blockEnd[block]!
      if (blockFromMs > toMs || blockToMs < fromMs) continue
      visit(seq, Math.min(RING_BLOCK_ROWS, this.#nextSeq - seq), blockFromMs, blockToMs)
    }
  }

  /** Earliest start and latest end of all rows kept, or null when there are none. */
  bounds(): { readonly fromMs: number; readonly toMs: number } | null {
    if (this.size === 0) return null
    let fromMs = Infinity
    let toMs = -Infinity
    for (let seq = this.#firstSeq; seq < this.#nextSeq; seq += RING_BLOCK_ROWS) {
      const block = Math.floor((seq % this.capacity) / RING_BLOCK_ROWS)
      fromMs = Math.min(fromMs, this.#blockStart[block]!)
      toMs = Math.max(toMs, this.#blockEnd[block]!)
    }
    return { fromMs, toMs }
  }
}
