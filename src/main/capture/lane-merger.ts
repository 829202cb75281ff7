import { LANE_CONTROL, LANE_IN, LANE_MERGED, LANE_REPEAT } from '../../shared/model/views'
import type { ChunkColumns } from './chunk-store'
import type { LaneColumns } from './lane-columns'

export interface MergeBudget {
  readonly rows: number
  /** Different messages that the rows may name. */
  readonly messages: number
}

/** What chunks have in common that become one row: their message, or coarser when there are too many messages. */
type Grouping = 'message' | 'hue' | 'direction' | 'all'
const COARSER: Record<Grouping, Grouping> = {
  message: 'hue',
  hue: 'direction',
  direction: 'all',
  all: 'all',
}

/**
 * Draws many chunks as few for a screen that is behind: chunks of one message within one time bin become one row whose
 * bytes and counts are their sums. Works on a stream of rows in constant memory: when the columns are full, the bins
 * get twice as wide; when that does not help because the messages are too many, chunks of equal hue share a row under
 * the id of one of their messages. Nothing is lost from the sums.
 */
export class LaneMerger {
  readonly #out: LaneColumns
  readonly #budget: MergeBudget
  readonly #hueOf: (messageId: number) => number
  readonly #latest = new Map<number, number>()
  #grouping: Grouping = 'message'
  #binMs = 1
  #spanMs = 0

  /** @param out - Holds the result; its capacity is the working memory and at least twice `budget.rows`. */
  constructor(out: LaneColumns, budget: MergeBudget, hueOf: (messageId: number) => number) {
    this.#out = out
    this.#budget = budget
    this.#hueOf = hueOf
  }

  /** True when rows stand for chunks of several messages. */
  get isAcrossMessages(): boolean {
    return this.#grouping !== 'message'
  }

  /** Starts anew. @param spanMs - About the time that the rows to come take, to begin with fitting bins. */
  begin(spanMs: number): void {
    this.#out.length = 0
    this.#latest.clear()
    this.#grouping = 'message'
    this.#spanMs = Math.max(spanMs, 0.001)
    this.#binMs = this.#spanMs / this.#budget.rows
  }

  add(columns: ChunkColumns, begin: number, end: number): void {
    for (let row = begin; row < end; row++) {
      this.#put(columns, row, 1)
      if (this.#out.length === this.#out.capacity || this.#hasTooManyMessages()) this.#coarsen()
    }
  }

  /** Makes the result fit the budget. */
  end(): void {
    while (this.#out.length > this.#maxRows()) this.#coarsen()
  }

  #put(from: ChunkColumns, row: number, count: number): void {
    const key = this.#key(from, row)
    const known = this.#latest.get(key)
    if (known !== undefined && this.#bin(this.#out.startMs[known]!) === this.#bin(from.startMs[row]!)) {
      combine(this.#out, known, from, row, count)
    } else {
      this.#latest.set(key, this.#out.appendRow(from, row, count))
    }
  }

  #bin(startMs: number): number {
    return Math.floor(startMs / this.#binMs) || 0 // whatever the times are, wide bins end in one
  }

  #key(from: ChunkColumns, row: number): number {
    const id = from.messageIds[row]!
    const isIn = from.flags[row]! & LANE_IN
    const line = from.linkIds[row]! * 2 + isIn
    switch (this.#grouping) {
      case 'message':
        return id > 0 ? id : -line
      case 'hue':
        return line * 16 + this.#hueOf(id)
      case 'direction':
        return line
      case 'all':
        return isIn
    }
  }

  #maxRows(): number {
    const { rows, messages } = this.#budget
    return this.#grouping === 'message' ? rows : Math.min(rows, messages)
  }

  #hasTooManyMessages(): boolean {
    return this.#grouping === 'message' && this.#latest.size > this.#budget.messages
  }

  /** Halves the resolution, until half of the working memory is free. */
  #coarsen(): void {
    do {
      if (this.#hasTooManyMessages() || this.#binMs > 2 * this.#spanMs) {
        this.#group(COARSER[this.#grouping])
      }
      this.#binMs *= 2
      this.#mergeAgain()
    } while (this.#out.length > this.#out.capacity / 2)
  }

  #group(grouping: Grouping): void {
    if (grouping === this.#grouping) return // only the bins can still grow, until everything is one row
    this.#grouping = grouping
    this.#binMs = Math.min(this.#binMs, this.#spanMs / this.#maxRows())
  }

  #mergeAgain(): void {
    const { length } = this.#out
    this.#out.length = 0
    this.#latest.clear()
    for (let row = 0; row < length; row++) this.#put(this.#out, row, this.#out.counts[row]!)
  }
}

function combine(out: LaneColumns, at: number, from: ChunkColumns, row: number, count: number): void {
  const inBoth = out.flags[at]! & from.flags[row]! & (LANE_CONTROL | LANE_REPEAT)
  const inEither = (out.flags[at]! | from.flags[row]!) & ~(LANE_CONTROL | LANE_REPEAT)
  out.flags[at] = inEither | inBoth | LANE_MERGED
  out.startMs[at] = Math.min(out.startMs[at]!, from.startMs[row]!)
  out.endMs[at] = Math.max(out.endMs[at]!, from.endMs[row]!)
  out.bodyOffsets[at] = Math.min(out.bodyOffsets[at]!, from.bodyOffsets[row]!)
  out.payloadBytes[at] = out.payloadBytes[at]! + from.payloadBytes[row]!
  out.wireBytes[at] = out.wireBytes[at]! + from.wireBytes[row]!
  out.counts[at] = out.counts[at]! + count
}
