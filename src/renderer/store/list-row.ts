import type { ListRow } from '../../shared/model/list-view'

/** The message that a row stands for, or is a piece of; 0 for what happened between messages. */
export function messageIdOf(row: ListRow | undefined): number {
  if (row === undefined || row.row === 'event') return 0
  return row.row === 'message' ? row.id : row.messageId
}

/** Session time at which a row stands, ms. */
export function timeOf(row: ListRow): number {
  if (row.row === 'event') return row.atMs
  return row.row === 'message' ? row.openedMs : row.startMs
}
