import { LANE_REPEAT, type MessageChunks } from '../../shared/model/views'
import type { ChunkStore } from './chunk-store'
import type { MessageStore } from './message-store'

/** Chunks that are told of one message; a body of 15 MiB in chunks of 256 bytes has 61 440. */
const MAX_TOLD_CHUNKS = 65_536
/** Rows of the chunk store that are looked at: a long transfer lies between many chunks of others. */
const MAX_ROWS_VISITED = 2_000_000
/** Rows are in order of capture, which differs from the order of time by what is written ahead. */
const SLACK_MS = 1000

/**
 * Where a kept message was cut on the wire: its chunks with payload in order of capture, without those that were sent
 * again. The oldest chunks may be gone already. Cost: O(rows between its first and last chunk).
 */
export function messageChunks(chunks: ChunkStore, messages: MessageStore, id: number): MessageChunks {
  const columns = messages.columnsOf(id)
  const at = messages.indexOf(id)
  const lastMs = columns.lastChunkMs[at]!
  const firstMs = columns.firstChunkMs[at]!
  // chunks may be ahead of the head
  const beganMs = Math.min(columns.openedMs[at]!, Number.isNaN(firstMs) ? Number.POSITIVE_INFINITY : firstMs)
  const from = chunks.rowAt(beganMs - SLACK_MS)
  const to = Number.isNaN(lastMs) ? from : chunks.rowAt(lastMs + SLACK_MS)
  const rows: { offset: number; bytes: number; startMs: number; endMs: number }[] = []
  let isTruncated = to - from > MAX_ROWS_VISITED
  chunks.visit(from, Math.min(to, from + MAX_ROWS_VISITED), (part, begin, end) => {
    for (let row = begin; row < end; row++) {
      if (part.messageIds[row] !== id || part.payloadBytes[row] === 0) continue
      if ((part.flags[row]! & LANE_REPEAT) !== 0) continue
      if (rows.length >= MAX_TOLD_CHUNKS) {
        isTruncated = true
        return
      }
      rows.push({
        offset: part.bodyOffsets[row]!,
        bytes: part.payloadBytes[row]!,
        startMs: part.startMs[row]!,
        endMs: part.endMs[row]!,
      })
    }
  })
  return {
    bodyOffsets: Float64Array.from(rows, ({ offset }) => offset),
    payloadBytes: Uint32Array.from(rows, ({ bytes }) => bytes),
    startMs: Float64Array.from(rows, ({ startMs }) => startMs),
    endMs: Float64Array.from(rows, ({ endMs }) => endMs),
    isTruncated,
  }
}
