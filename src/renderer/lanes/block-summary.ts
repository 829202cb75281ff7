import { LANE_FAULT, LANE_IN } from '../../shared/model/views'
import { type ChunkRing, RING_BLOCK_ROWS } from './chunk-ring'

/** One block of the ring summed up, for pictures in which the whole block is about a pixel wide. */
export interface BlockSummary {
  readonly fromMs: number
  readonly toMs: number
  readonly parts: readonly BlockPart[]
}

/** What chunks of one row and one style in the block took together. */
export interface BlockPart {
  readonly rowKey: number
  readonly style: number
  readonly isIncoming: number
  readonly busyMs: number
  readonly chunks: number
  readonly rows: number
  readonly hasFault: boolean
}

interface Kept {
  readonly firstSeq: number
  readonly summary: BlockSummary
}

/**
 * Sums of the full blocks, made when they are first asked for and kept until the block is overwritten. This is what
 * keeps a picture of half a million chunks as cheap as one of some thousand.
 */
export class BlockSummaries {
  readonly #ring: ChunkRing
  readonly #kept: (Kept | undefined)[]

  constructor(ring: ChunkRing) {
    this.#ring = ring
    this.#kept = new Array<Kept | undefined>(ring.capacity / RING_BLOCK_ROWS).fill(undefined)
  }

  clear(): void {
    this.#kept.fill(undefined)
  }

  /** @param firstSeq - Sequence number of the first row of a full block. */
  of(firstSeq: number): BlockSummary {
    const block = (firstSeq % this.#ring.capacity) / RING_BLOCK_ROWS
    const kept = this.#kept[block]
    if (kept?.firstSeq === firstSeq) return kept.summary
    const summary = summarise(this.#ring, firstSeq % this.#ring.capacity)
    this.#kept[block] = { firstSeq, summary }
    return summary
  }
}

function summarise(ring: ChunkRing, first: number): BlockSummary {
  const parts = new Map<number, { -readonly [K in keyof BlockPart]: BlockPart[K] }>()
  let fromMs = Infinity
  let toMs = -Infinity
  for (let at = first; at < first + RING_BLOCK_ROWS; at++) {
    const rowKey = ring.rowKeys[at]!
    const style = ring.styles[at]!
    const flags = ring.flags[at]!
    const isIncoming = flags & LANE_IN
    const startMs = ring.startMs[at]!
    const endMs = ring.endMs[at]!
    const key = (rowKey * 512 + style) * 2 + isIncoming
    let part = parts.get(key)
    if (part === undefined) {
      part = { rowKey, style, isIncoming, busyMs: 0, chunks: 0, rows: 0, hasFault: false }
      parts.set(key, part)
    }
    part.busyMs += endMs - startMs
    part.chunks += ring.counts[at]!
    part.rows++
    if ((flags & LANE_FAULT) !== 0) part.hasFault = true
    if (startMs < fromMs) fromMs = startMs
    if (endMs > toMs) toMs = endMs
  }
  return { fromMs, toMs, parts: [...parts.values()] }
}
