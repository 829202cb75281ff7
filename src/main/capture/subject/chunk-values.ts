import type { SubjectValue, SubjectValues } from '../../../shared/filter/filter-types'
import { LANE_FAULT, LANE_LAST, LANE_REPEAT } from '../../../shared/model/views'
import type { MessageCursor } from './message-cursor'

/** Rows of the chunk store that are looked at: a long transfer lies between many chunks of others. */
const MAX_ROWS_VISITED = 2_000_000

/**
 * `chunk.*` of a message: a value per chunk that is kept, in order of capture; and `msg.retries`. Chunks that were sent
 * again count for `chunk.crc_ok` and `msg.retries` only. Cost: O(rows while the message was on the line).
 */
export function chunkValues({ source, id, columns, at }: MessageCursor, name: string): SubjectValues {
  const values: SubjectValue[] = []
  let retries = 0
  let seq = 0
  let endedMs = Number.NaN
  const firstMs = columns.firstFrameMs[at]!
  const lastMs = columns.lastChunkMs[at]!
  if (Number.isNaN(firstMs)) return name === 'msg.retries' ? 0 : undefined
  const [from, to] = source.chunks.rowsOnLine(firstMs, Number.isNaN(lastMs) ? firstMs : lastMs)
  source.chunks.visit(from, Math.min(to, from + MAX_ROWS_VISITED), (rows, begin, end) => {
    for (let row = begin; row < end; row++) {
      if (rows.messageIds[row] !== id) continue
      const flags = rows.flags[row]!
      const isRepeat = (flags & LANE_REPEAT) !== 0
      if (isRepeat) retries += 1
      if (name === 'chunk.crc_ok') values.push((flags & LANE_FAULT) === 0)
      if (isRepeat || rows.payloadBytes[row] === 0) continue
      if (name === 'chunk.seq') values.push(seq)
      else if (name === 'chunk.size') values.push(rows.payloadBytes[row]!)
      else if (name === 'chunk.last') values.push((flags & LANE_LAST) !== 0)
      else if (name === 'chunk.gap' && seq > 0) values.push(Math.max(0, rows.startMs[row]! - endedMs))
      seq += 1
      endedMs = rows.endMs[row]!
    }
  })
  return name === 'msg.retries' ? retries : values
}
