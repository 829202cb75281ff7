/** `marker`: this place matters, a text is optional. `note`: a text that somebody wrote. */
export type NoteKind = 'marker' | 'note'

/** What a person put on a message, or on a moment of the session. */
export interface Note {
  readonly noteId: number
  readonly kind: NoteKind
  /** Session time that it stands at. */
  readonly atMs: number
  /** Null: on a moment, which the list shows as a row of its own. */
  readonly messageId: number | null
  readonly text: string
}

/** Notes and markers of a session; beyond, `NOTES_TOO_MANY`. */
export const MAX_NOTES = 10_000
export const MAX_NOTE_LENGTH = 4096
