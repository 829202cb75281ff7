import type { ChunkColumns } from './chunk-store'

/** The columns of a LaneBatch while it is put together. Reused from batch to batch; `finish` copies. */
export class LaneColumns implements ChunkColumns {
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
  length = 0

  constructor(capacity: number) {
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
  }

  /** Appends the rows `begin` … `end` (exclusive) of a segment as they are. There must be room. */
  appendRun(from: ChunkColumns, begin: number, end: number): void {
    const at = this.length
    this.messageIds.set(from.messageIds.subarray(begin, end), at)
    this.startMs.set(from.startMs.subarray(begin, end), at)
    this.endMs.set(from.endMs.subarray(begin, end), at)
    this.bodyOffsets.set(from.bodyOffsets.subarray(begin, end), at)
    this.payloadBytes.set(from.payloadBytes.subarray(begin, end), at)
    this.wireBytes.set(from.wireBytes.subarray(begin, end), at)
    this.linkIds.set(from.linkIds.subarray(begin, end), at)
    this.flags.set(from.flags.subarray(begin, end), at)
    this.length = at + end - begin
    this.counts.fill(1, at, this.length)
  }

  /** Appends one row, which may be a row of these columns further on. */
  appendRow(from: ChunkColumns, row: number, count: number): number {
    const at = this.length++
    this.messageIds[at] = from.messageIds[row]!
    this.startMs[at] = from.startMs[row]!
    this.endMs[at] = from.endMs[row]!
    this.bodyOffsets[at] = from.bodyOffsets[row]!
    this.payloadBytes[at] = from.payloadBytes[row]!
    this.wireBytes[at] = from.wireBytes[row]!
    this.linkIds[at] = from.linkIds[row]!
    this.flags[at] = from.flags[row]!
    this.counts[at] = count
    return at
  }

  /** Copies of the columns, cut to length, to hand out. */
  finish() {
    const { length } = this
    return {
      messageIds: this.messageIds.slice(0, length),
      startMs: this.startMs.slice(0, length),
      endMs: this.endMs.slice(0, length),
      bodyOffsets: this.bodyOffsets.slice(0, length),
      payloadBytes: this.payloadBytes.slice(0, length),
      wireBytes: this.wireBytes.slice(0, length),
      counts: this.counts.slice(0, length),
      linkIds: this.linkIds.slice(0, length),
      flags: this.flags.slice(0, length),
    }
  }
}
