import { LANE_IN, LANE_LAST, LANE_REPEAT } from '../../../shared/model/views'
import type { Direction } from '../../../shared/model/trace'
import type { ChunkStore } from '../chunk-store'
import type { LineFrame } from './time-tally'

export interface SeenFrame extends LineFrame {
  readonly isLast: boolean
  readonly isRepeat: boolean
}

/**
 * Runs over the frames of one link and direction that were on the line between two times, in order of capture, which is
 * the order on the line of a direction. Cost: O(rows of that time).
 */
export function visitLine(
  chunks: ChunkStore,
  where: { readonly linkId: number; readonly dir: Direction; readonly fromMs: number; readonly toMs: number },
  take: (frame: SeenFrame) => void,
): void {
  const { linkId, fromMs, toMs } = where
  const wanted = where.dir === 'in' ? LANE_IN : 0
  const [fromRow, toRow] = chunks.rowsOnLine(fromMs, toMs)
  chunks.visit(fromRow, toRow, (columns, begin, end) => {
    for (let row = begin; row < end; row++) {
      const flags = columns.flags[row]!
      if (columns.linkIds[row] !== linkId || (flags & LANE_IN) !== wanted) continue
      const startMs = columns.startMs[row]!
      const endMs = columns.endMs[row]!
      if (startMs > toMs || endMs < fromMs) continue
      take({
        messageId: columns.messageIds[row]!,
        startMs,
        endMs,
        wireBytes: columns.wireBytes[row]!,
        payloadBytes: columns.payloadBytes[row]!,
        isLast: (flags & LANE_LAST) !== 0,
        isRepeat: (flags & LANE_REPEAT) !== 0,
      })
    }
  })
}
