import type { FieldRef, FilterSubject, SubjectValues } from '../../../shared/filter/filter-types'
import { LANE_FAULT, LANE_FIRST, LANE_LAST } from '../../../shared/model/views'
import type { ChunkStore } from '../chunk-store'
import type { SubjectSource } from './message-cursor'
import { messageSubject } from './message-subject'

/** Rows that are looked at for the chunk before: of a message that pauses for long it is not known. */
const MAX_ROWS_BACK = 65_536

/** A chunk as the filter sees it: `chunk.*` is about this one, everything else about its message. */
export interface ChunkSubject extends FilterSubject {
  /** Makes this the chunk that `field` speaks of. False, and without any field, when it is not kept. */
  moveTo(row: number): boolean
}

/** Makes a subject over the kept chunks of a capture; see `messageSubject`. */
export function chunkSubject(source: SubjectSource): ChunkSubject {
  const { chunks } = source
  const message = messageSubject(source)
  let row = -1
  let messageAt = 0
  return {
    moveTo(wanted) {
      row = chunks.has(wanted) ? wanted : -1
      if (row < 0) return false
      const messageId = chunks.columnsOf(row).messageIds[chunks.indexOf(row)]!
      if (messageId !== messageAt) {
        messageAt = messageId
        message.moveTo(messageId)
      }
      return true
    },
    field(ref: FieldRef): SubjectValues {
      if (row < 0) return undefined
      return ref.name.startsWith('chunk.') ? chunkField(chunks, row, ref.name) : message.field(ref)
    },
  }
}

function chunkField(chunks: ChunkStore, row: number, name: string): SubjectValues {
  const columns = chunks.columnsOf(row)
  const at = chunks.indexOf(row)
  switch (name) {
    case 'chunk.seq':
      return columns.seqs[at]
    case 'chunk.size':
      return columns.payloadBytes[at]
    case 'chunk.last':
      return (columns.flags[at]! & LANE_LAST) !== 0
    case 'chunk.crc_ok':
      return (columns.flags[at]! & LANE_FAULT) === 0
    case 'chunk.gap':
      return chunkGapMs(chunks, row) ?? undefined
    default:
      return undefined
  }
}

/** Pause since the chunk of the same message before it, ms; null for the first, and where that is not at hand. */
export function chunkGapMs(chunks: ChunkStore, row: number): number | null {
  const columns = chunks.columnsOf(row)
  const at = chunks.indexOf(row)
  const messageId = columns.messageIds[at]!
  if ((columns.flags[at]! & LANE_FIRST) !== 0 || messageId === 0) return null
  const last = Math.max(chunks.firstRow, row - MAX_ROWS_BACK)
  for (let before = row - 1; before >= last; before--) {
    const other = chunks.columnsOf(before)
    const otherAt = chunks.indexOf(before)
    if (other.messageIds[otherAt] !== messageId || other.payloadBytes[otherAt] === 0) continue
    return Math.max(0, columns.startMs[at]! - other.endMs[otherAt]!)
  }
  return null
}
