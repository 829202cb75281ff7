import type { ListRow } from '../../../../shared/model/list-view'
import { useApp } from '../../../store/app-store'
import { useSession } from '../../../store/session-context'
import { newNote, noteOfRow, notesOfRow } from './row-notes'

export interface RowNotes {
  readonly isMarked: (row: ListRow) => boolean
  /** Empty when there is none. */
  readonly noteText: (row: ListRow) => string
  readonly toggleMark: (row: ListRow) => void
  /** An empty text takes the note away. */
  readonly saveNote: (row: ListRow, text: string) => void
  readonly removeAll: (row: ListRow) => void
}

/** Markers and notes of rows, and what changes them. */
export function useRowNotes(): RowNotes {
  const session = useSession()
  const notes = useApp((s) => s.notes)
  return {
    isMarked: (row) => noteOfRow(row, 'marker', notes) !== undefined,
    noteText: (row) => noteOfRow(row, 'note', notes)?.text ?? '',
    toggleMark: (row) => {
      const marker = noteOfRow(row, 'marker', notes)
      if (marker === undefined) session.setNote(newNote(row, 'marker', '', undefined))
      else session.removeNotes([marker.noteId])
    },
    saveNote: (row, text) => {
      const before = noteOfRow(row, 'note', notes)
      if (text !== '') session.setNote(newNote(row, 'note', text, before))
      else if (before !== undefined) session.removeNotes([before.noteId])
    },
    removeAll: (row) => session.removeNotes(notesOfRow(row, notes).map(({ noteId }) => noteId)),
  }
}
