import { LANE_IN, LANE_MERGED } from '../../../shared/model/views'
import { type ChunkRing, isChunk } from '../chunk-ring'
import { priorityOfStyle } from '../chunk-style'
import type { AreaTotals, DirectionTotals } from './area-types'

const PRIORITIES = 8

/** Intervals of one direction; their union is the time the line was busy. */
class BusyTime {
  #starts: number[] = []
  #ends: number[] = []
  #isSorted = true

  add(startMs: number, endMs: number): void {
    const last = this.#starts[this.#starts.length - 1]
    if (last !== undefined && startMs < last) this.#isSorted = false
    this.#starts.push(startMs)
    this.#ends.push(endMs)
  }

  unionMs(): number {
    const order = this.#isSorted ? null : this.#starts.map((_, at) => at)
    order?.sort((a, b) => this.#starts[a]! - this.#starts[b]!)
    let sum = 0
    let reached = -Infinity
    for (let n = 0; n < this.#starts.length; n++) {
      const at = order === null ? n : order[n]!
      const from = Math.max(reached, this.#starts[at]!)
      if (this.#ends[at]! <= from) continue
      sum += this.#ends[at]! - from
      reached = this.#ends[at]!
    }
    return sum
  }
}

class DirectionSum {
  readonly busy = new BusyTime()
  readonly ids = new Set<number>()
  chunks = 0
  payloadBytes = 0
  wireBytes = 0

  totals(): DirectionTotals {
    const { chunks, payloadBytes, wireBytes } = this
    return { messages: this.ids.size, chunks, payloadBytes, wireBytes, busyMs: this.busy.unionMs() }
  }
}

/**
 * Sums up what is kept of the time from `fromMs` to `toMs` (exclusive).
 *
 * @param keptFromMs - Before this instant chunks may be missing; -Infinity when none are.
 */
export function areaTotals(ring: ChunkRing, fromMs: number, toMs: number, keptFromMs: number): AreaTotals {
  const sums = [new DirectionSum(), new DirectionSum()] as const
  const priorityBytes = new Float64Array(PRIORITIES)
  const priorityIds = Array.from({ length: PRIORITIES }, () => new Set<number>())
  let mergedChunks = 0
  ring.forEachRange(fromMs, toMs, (first, end) => {
    for (let at = first; at < end; at++) {
      const startMs = ring.startMs[at]!
      const endMs = ring.endMs[at]!
      const flags = ring.flags[at]!
      const sum = sums[(flags & LANE_IN) !== 0 ? 1 : 0]
      if (startMs < toMs && endMs > fromMs) sum.busy.add(Math.max(fromMs, startMs), Math.min(toMs, endMs))
      if (startMs < fromMs || startMs >= toMs) continue
      sum.wireBytes += ring.wireBytes[at]!
      sum.payloadBytes += ring.payloadBytes[at]!
      if (isChunk(flags)) sum.chunks += ring.counts[at]!
      if ((flags & LANE_MERGED) !== 0) mergedChunks += ring.counts[at]!
      const id = ring.messageIds[at]!
      if (id === 0) continue
      sum.ids.add(id)
      const priority = priorityOfStyle(ring.styles[at]!)
      priorityBytes[priority]! += ring.payloadBytes[at]!
      priorityIds[priority]!.add(id)
    }
  })
  return {
    fromMs,
    toMs,
    out: sums[0].totals(),
    in: sums[1].totals(),
    messages: sums[0].ids.size + sums[1].ids.size,
    priorities: priorityIds.flatMap((ids, priority) =>
      ids.size === 0 ? [] : [{ priority, messages: ids.size, payloadBytes: priorityBytes[priority]! }],
    ),
    mergedChunks,
    isCut: fromMs < keptFromMs,
  }
}
