import { type ChunkRing, RING_BLOCK_ROWS } from './chunk-ring'
import { isLiveStatus, type MessageTable } from './message-table'
import type { AxisRange } from './view-state'
import type { AxisKind } from './worker-protocol'

/** With more chunks than this in sight, messages are taken by the times of their blocks instead of one by one. */
const MAX_EXACT_ROWS = 20_000

/**
 * What x means. On the time axis a unit is a millisecond of the session. On the ordinal axis a unit is one chunk: the
 * chunk with sequence number n fills [n, n + 1), in capture order, and times in which nothing was on the line have no
 * width. Every other instant lies inside or right behind the last chunk that had begun by then.
 */
export class LaneAxis {
  readonly #ring: ChunkRing
  readonly #messages: MessageTable
  kind: AxisKind = 'time'
  /** Per block from the oldest on: the earliest start in it and all later ones; what makes searching possible. */
  readonly #leastStart: Float64Array
  #preparedFor = -1

  constructor(ring: ChunkRing, messages: MessageTable) {
    this.#ring = ring
    this.#messages = messages
    this.#leastStart = new Float64Array(ring.capacity / RING_BLOCK_ROWS + 1)
  }

  get isOrdinal(): boolean {
    return this.kind === 'ordinal'
  }

  /** Where the instant lies on the axis. Never decreases with time. */
  ofTime(atMs: number): number {
    return this.isOrdinal ? this.#ordinalOf(atMs) : atMs
  }

  /** The instant at a place of the axis; on the ordinal one the place is first brought inside what is kept. */
  timeOf(at: number): number {
    if (!this.isOrdinal) return at
    const { firstSeq, nextSeq, capacity, startMs, endMs } = this.#ring
    if (nextSeq === firstSeq) return 0
    const inside = Math.min(nextSeq, Math.max(firstSeq, at))
    const seq = Math.min(nextSeq - 1, Math.floor(inside))
    const row = seq % capacity
    return startMs[row]! + (inside - seq) * (endMs[row]! - startMs[row]!)
  }

  /** Left edge of the chunk at a position of the ring. */
  fromOf(position: number): number {
    return this.isOrdinal ? this.#ring.seqOf(position) : this.#ring.startMs[position]!
  }

  toOf(position: number): number {
    return this.isOrdinal ? this.#ring.seqOf(position) + 1 : this.#ring.endMs[position]!
  }

  /** Left edge of the first chunk of a message; Infinity before there is one. */
  firstOf(slot: number): number {
    const { firstStartMs, firstSeqs } = this.#messages
    if (!this.isOrdinal) return firstStartMs[slot]!
    return firstSeqs[slot] === -1 ? Infinity : firstSeqs[slot]!
  }

  /** Right edge of the last chunk of a message; -Infinity before there is one. */
  lastOf(slot: number): number {
    const { lastEndMs, lastSeqs } = this.#messages
    if (!this.isOrdinal) return lastEndMs[slot]!
    return lastSeqs[slot] === -1 ? -Infinity : lastSeqs[slot]! + 1
  }

  /** Where the message was queued (out) or announced. */
  openedOf(slot: number): number {
    return this.ofTime(this.#messages.openedMs[slot]!)
  }

  beginOf(slot: number): number {
    return Math.min(this.openedOf(slot), this.firstOf(slot))
  }

  /** The last sign of the message: its end or its last chunk. */
  lastMarkOf(slot: number): number {
    return this.isOrdinal
      ? Math.max(this.lastOf(slot), this.ofTime(this.#messages.lastMarkMs(slot)))
      : this.#messages.lastMarkMs(slot)
  }

  /** Everything kept, or null when nothing is. */
  bounds(): AxisRange | null {
    if (this.isOrdinal) {
      const { firstSeq, nextSeq } = this.#ring
      return nextSeq === firstSeq ? null : { from: firstSeq, to: nextSeq }
    }
    const kept = this.#ring.bounds()
    return kept === null ? null : { from: kept.fromMs, to: kept.toMs }
  }

  /** Calls `visit` with ranges of ring positions that together hold every chunk touching the range, in capture order. */
  forEachRange(from: number, to: number, visit: (from: number, to: number) => void): void {
    if (!this.isOrdinal) {
      this.#ring.forEachRange(from, to, visit)
      return
    }
    this.forEachBlock(from, to, (seq, rows) => {
      const at = seq % this.#ring.capacity
      visit(at, at + rows)
    })
  }

  /** Calls `visit` for every block that may touch the range: its first row, rows, and its extent on the axis. */
  forEachBlock(
    from: number,
    to: number,
    visit: (firstSeq: number, rows: number, blockFrom: number, blockTo: number) => void,
  ): void {
    if (!this.isOrdinal) {
      this.#ring.forEachBlock(from, to, visit)
      return
    }
    const { firstSeq, nextSeq } = this.#ring
    const first = Math.max(firstSeq, Math.floor(from / RING_BLOCK_ROWS) * RING_BLOCK_ROWS)
    for (let seq = first; seq < nextSeq && seq <= to; seq += RING_BLOCK_ROWS) {
      const rows = Math.min(RING_BLOCK_ROWS, nextSeq - seq)
      visit(seq, rows, seq, seq + rows)
    }
  }

  /** Calls `visit` for every message that touches the range. */
  forEachMessage(from: number, to: number, visit: (slot: number) => void): void {
    if (!this.isOrdinal) {
      this.#messages.forEachTouching(from, to, visit)
      return
    }
    const times = this.#timesBetween(from, to)
    if (times === null) return
    const isExact = to - from <= MAX_EXACT_ROWS
    this.#messages.forEachTouching(times.fromMs, times.toMs, (slot) => {
      const isLive = isLiveStatus(this.#messages.statusOf(slot))
      if (isExact && (this.beginOf(slot) > to || (!isLive && this.lastMarkOf(slot) < from))) return
      visit(slot)
    })
  }

  #timesBetween(from: number, to: number): { fromMs: number; toMs: number } | null {
    const { firstSeq, nextSeq, capacity, startMs, endMs } = this.#ring
    if (nextSeq === firstSeq) return null
    let fromMs = Infinity
    // behind the newest chunk lies everything that still waits
    let toMs = to >= nextSeq ? Infinity : -Infinity
    if (to - from <= MAX_EXACT_ROWS) {
      const end = Math.min(nextSeq, Math.ceil(to))
      for (let seq = Math.max(firstSeq, Math.floor(from)); seq < end; seq++) {
        const at = seq % capacity
        if (startMs[at]! < fromMs) fromMs = startMs[at]!
        if (endMs[at]! > toMs) toMs = endMs[at]!
      }
    } else {
      this.forEachBlock(from, to, (seq, rows) => {
        const bounds = this.#ring.blockBounds(seq)
        fromMs = Math.min(fromMs, bounds.fromMs)
        if (rows > 0) toMs = Math.max(toMs, bounds.toMs)
      })
    }
    return { fromMs: fromMs === Infinity ? this.timeOf(from) : fromMs, toMs }
  }

  #ordinalOf(atMs: number): number {
    const { firstSeq, nextSeq, capacity, startMs, endMs } = this.#ring
    const blocks = this.#prepare()
    let low = 0
    let high = blocks
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#leastStart[middle]! <= atMs) low = middle + 1
      else high = middle
    }
    if (low === 0) return firstSeq
    const blockSeq = firstSeq + (low - 1) * RING_BLOCK_ROWS
    for (let seq = Math.min(nextSeq, blockSeq + RING_BLOCK_ROWS) - 1; seq >= blockSeq; seq--) {
      const row = seq % capacity
      if (startMs[row]! > atMs) continue
      if (endMs[row]! <= atMs) return seq + 1
      return seq + (atMs - startMs[row]!) / (endMs[row]! - startMs[row]!)
    }
    return firstSeq
  }

  /** @returns The number of blocks. */
  #prepare(): number {
    const { firstSeq, nextSeq, version } = this.#ring
    const blocks = Math.ceil((nextSeq - firstSeq) / RING_BLOCK_ROWS)
    if (this.#preparedFor === version) return blocks
    this.#preparedFor = version
    let least = Infinity
    for (let block = blocks - 1; block >= 0; block--) {
      least = Math.min(least, this.#ring.blockBounds(firstSeq + block * RING_BLOCK_ROWS).fromMs)
      this.#leastStart[block] = least
    }
    return blocks
  }
}
