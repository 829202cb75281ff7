import { LANE_IN } from '../../shared/model/views'
import { type ChunkRing, NO_ROW } from './chunk-ring'
import type { LaneAxis } from './lane-axis'

/** Which chunks may be hit: those of one row, or those of one direction in the line strip. */
export type HitTarget =
  | { readonly kind: 'row'; readonly rowKey: number }
  | { readonly kind: 'strip'; readonly isIncoming: boolean }

export interface ChunkHit {
  /** Position in the ring of the chunk nearest to the pointer. */
  readonly position: number
  /** Chunks within reach, merged ones counted fully. */
  readonly count: number
}

/**
 * The chunk under the pointer, which is at `at` on the axis.
 *
 * @param reach - How far beside the pointer a chunk may lie: a few pixels, so that thin chunks can be hit at all.
 */
export function hitChunk(
  ring: ChunkRing,
  axis: LaneAxis,
  target: HitTarget,
  at: number,
  reach: number,
): ChunkHit | null {
  let best = -1
  let bestDistance = Infinity
  let count = 0
  axis.forEachRange(at - reach, at + reach, (first, end) => {
    for (let position = first; position < end; position++) {
      const from = axis.fromOf(position)
      const to = axis.toOf(position)
      if (from > at + reach || to < at - reach || !isTarget(ring, target, position)) continue
      count += ring.counts[position]!
      const distance = Math.max(0, from - at, at - to)
      if (distance > bestDistance) continue // a later chunk is drawn above an earlier one
      best = position
      bestDistance = distance
    }
  })
  if (best < 0) return null
  // inside a chunk that can be seen as such, neighbours within reach are not meant
  const isInside = bestDistance === 0 && axis.toOf(best) - axis.fromOf(best) > reach
  return { position: best, count: isInside ? ring.counts[best]! : count }
}

const isTarget = (ring: ChunkRing, target: HitTarget, at: number): boolean =>
  target.kind === 'row'
    ? ring.rowKeys[at] === target.rowKey
    : ((ring.flags[at]! & LANE_IN) !== 0) === target.isIncoming

/**
 * The next chunk (in capture order) of the same lane.
 *
 * @param isSameLane - Decides by row key.
 * @returns A position in the ring, or -1 at the end of what is kept.
 */
export function neighbourChunk(
  ring: ChunkRing,
  fromPosition: number,
  direction: 1 | -1,
  isSameLane: (rowKey: number) => boolean,
): number {
  let seq = ring.seqOf(fromPosition) + direction
  for (; seq >= ring.firstSeq && seq < ring.nextSeq; seq += direction) {
    const at = seq % ring.capacity
    if (ring.rowKeys[at] !== NO_ROW && isSameLane(ring.rowKeys[at]!)) return at
  }
  return -1
}
