import { LANE_IN } from '../../shared/model/views'
import { type ChunkRing, NO_ROW } from './chunk-ring'

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
 * The chunk under the pointer.
 *
 * @param reachMs - How far beside the pointer a chunk may lie: a few pixels, so that thin chunks can be hit at all.
 */
export function hitChunk(ring: ChunkRing, target: HitTarget, atMs: number, reachMs: number): ChunkHit | null {
  let best = -1
  let bestDistance = Infinity
  let count = 0
  ring.forEachRange(atMs - reachMs, atMs + reachMs, (from, to) => {
    for (let at = from; at < to; at++) {
      const startMs = ring.startMs[at]!
      const endMs = ring.endMs[at]!
      if (startMs > atMs + reachMs || endMs < atMs - reachMs || !isTarget(ring, target, at)) continue
      count += ring.counts[at]!
      const distance = Math.max(0, startMs - atMs, atMs - endMs)
      if (distance > bestDistance) continue // a later chunk is drawn above an earlier one
      best = at
      bestDistance = distance
    }
  })
  if (best < 0) return null
  // inside a chunk that can be seen as such, neighbours within reach are not meant
  const isInside = bestDistance === 0 && ring.endMs[best]! - ring.startMs[best]! > reachMs
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
  const first = ring.firstSeq % ring.capacity
  let seq = ring.firstSeq + ((fromPosition - first + ring.capacity) % ring.capacity) + direction
  for (; seq >= ring.firstSeq && seq < ring.nextSeq; seq += direction) {
    const at = seq % ring.capacity
    if (ring.rowKeys[at] !== NO_ROW && isSameLane(ring.rowKeys[at]!)) return at
  }
  return -1
}
