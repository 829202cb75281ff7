import type { ListChunk } from '../../../shared/model/list-view'
import { DEFAULT_PRIORITY } from '../../../shared/model/trace'
import { LANE_FAULT, LANE_IN, LANE_LAST, LANE_REPEAT } from '../../../shared/model/views'
import type { ChunkStore } from '../chunk-store'
import type { MessageStore } from '../message-store'
import { laneMessage } from '../message-views'
import { chunkGapMs } from '../subject/chunk-subject'

/** What a list row says beyond the chunk itself. */
interface ChunkPlace {
  readonly matches: number
  /** When the chunk shown before began. */
  readonly previousMs: number | null
  readonly cells: readonly string[]
}

/** A kept chunk as a row of a list view. */
export function listChunk(
  chunks: ChunkStore,
  messages: MessageStore,
  row: number,
  { matches, previousMs, cells }: ChunkPlace,
): ListChunk {
  const columns = chunks.columnsOf(row)
  const at = chunks.indexOf(row)
  const flags = columns.flags[at]!
  const startMs = columns.startMs[at]!
  const messageId = columns.messageIds[at]!
  const message = messages.has(messageId) ? laneMessage(messages, messageId) : null
  return {
    row: 'chunk',
    chunkRow: row,
    messageId: message === null ? 0 : messageId,
    linkId: columns.linkIds[at]!,
    dir: (flags & LANE_IN) !== 0 ? 'in' : 'out',
    route: message?.route ?? '',
    kind: message?.kind ?? 'bytes',
    priority: message?.priority ?? DEFAULT_PRIORITY,
    hue: message?.hue ?? 1,
    startMs,
    endMs: columns.endMs[at]!,
    seq: columns.seqs[at]!,
    bodyOffset: columns.bodyOffsets[at]!,
    bytes: columns.payloadBytes[at]!,
    wireBytes: columns.wireBytes[at]!,
    gapMs: chunkGapMs(chunks, row),
    isLast: (flags & LANE_LAST) !== 0,
    isDamaged: (flags & LANE_FAULT) !== 0,
    isRepeat: (flags & LANE_REPEAT) !== 0,
    matches,
    deltaMs: previousMs === null ? null : startMs - previousMs,
    cells,
  }
}
