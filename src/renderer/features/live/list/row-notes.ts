import { type ListRow, NOTE_EVENT_BASE } from '../../../../shared/model/list-view'
import type { Note, NoteKind } from '../../../../shared/model/notes'
import { messageIdOf, timeOf } from '../../../store/list-row'
import type { NewNote } from '../../../store/session'

/** The markers and notes that belong to a row: those on its message, or the one the row stands for. */
export function notesOfRow(row: ListRow, notes: readonly Note[]): Note[] {
  if (row.row === 'event') return notes.filter(({ noteId }) => noteId === row.eventId - NOTE_EVENT_BASE)
  const id = messageIdOf(row)
  return notes.filter(({ messageId }) => messageId === id)
}

export const noteOfRow = (row: ListRow, kind: NoteKind, notes: readonly Note[]): Note | undefined =>
  notesOfRow(row, notes).find((note) => note.kind === kind)

/** What puts a marker or a note on this row: on its message, or on the moment of what happened there. */
export function newNote(row: ListRow, kind: NoteKind, text: string, before: Note | undefined): NewNote {
  const place = { messageId: messageIdOf(row) || null, atMs: timeOf(row) }
  return { ...(before !== undefined && { noteId: before.noteId }), kind, text, ...place }
}
