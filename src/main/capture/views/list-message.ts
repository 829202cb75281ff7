import type { ListMessage } from '../../../shared/model/list-view'
import type { MessageStore } from '../message-store'
import { messageRow, queuedMsOf } from '../message-views'

/** What a list row says beyond the message itself. */
interface RowPlace {
  readonly depth: 0 | 1
  readonly matches: number
  /** When the message shown before was opened. */
  readonly previousMs: number | null
  readonly isMarked: boolean
  readonly note: string
  readonly cells: readonly string[]
}

/** A kept message as a row of a list view. */
export function listMessage(
  store: MessageStore,
  id: number,
  { depth, matches, previousMs, isMarked, note, cells }: RowPlace,
): ListMessage {
  const row = messageRow(store, id)
  const isAnswered = row.kind === 'response' && store.has(row.partnerId)
  return {
    row: 'message',
    ...row,
    depth,
    matches,
    deltaMs: previousMs === null ? null : row.openedMs - previousMs,
    deltaRequestMs: isAnswered
      ? row.openedMs - store.columnsOf(row.partnerId).openedMs[store.indexOf(row.partnerId)]!
      : null,
    queuedMs: queuedMsOf(store, id),
    isMarked,
    note,
    cells,
  }
}
