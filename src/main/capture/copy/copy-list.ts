import type { CopyShape, ListEvent } from '../../../shared/model/list-view'
import { messageDetail } from '../message-views'
import type { CellOf, ViewSource } from '../views/view'
import type { CopiedMessage, CopySurroundings } from './copied-message'
import { type Copied, type CopyRow, copyRows } from './copy-rows'

export interface ListCopy {
  /** Messages by their numbers, and events between them. Messages that are gone by the time are left out. */
  readonly rows: readonly (number | ListEvent)[]
  readonly shape: CopyShape
  readonly fields: readonly string[]
  /** Text of each field. */
  readonly cells: readonly CellOf[]
}

/** Copies rows from the capture, not from any screen: whole bodies, as many rows as fit. */
export function copyList(
  source: ViewSource,
  { rows, shape, fields, cells }: ListCopy,
  surroundings: CopySurroundings,
  pause: () => Promise<void>,
): Promise<Copied> {
  return copyRows(copyRowsOf(source, rows, cells), shape, surroundings, fields, pause)
}

function* copyRowsOf(
  source: ViewSource,
  rows: ListCopy['rows'],
  cells: readonly CellOf[],
): Generator<CopyRow, void, undefined> {
  const { messages } = source
  for (const row of rows) {
    if (typeof row !== 'number') yield { event: row }
    else if (messages.has(row)) {
      yield { keptBytes: messages.bodyOf(row)?.length ?? 0, read: () => copiedMessage(source, row, cells) }
    }
  }
}

function copiedMessage(
  { messages, journal }: ViewSource,
  id: number,
  cells: readonly CellOf[],
): CopiedMessage {
  const detail = messageDetail(messages, id)
  const body = messages.bodyOf(id)
  return {
    ...detail,
    body: body?.length === detail.bodyBytes ? body : undefined,
    note: journal.noteTextOf(id),
    cells: cells.map((cellOf) => cellOf(id)),
  }
}
