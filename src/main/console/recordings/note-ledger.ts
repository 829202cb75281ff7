import type { Note } from '../../../shared/model/notes'
import type { Capture } from '../../capture/capture'
import type { Recorder } from '../../recording/write/recorder'

/** Where the message of a note stands in the trace; null for a note on a moment, or when the message is kept no longer. */
export function placeOfNote(
  capture: Pick<Capture, 'locate'>,
  { messageId }: Note,
): { readonly linkId: number; readonly messageKey: number } | null {
  if (messageId === null) return null
  try {
    const { linkId, messageKey } = capture.locate(messageId)
    return { linkId, messageKey }
  } catch {
    return null
  }
}

/** Tells a recording of notes and markers, by whomever they were made: what is there when it begins it does not repeat. */
export class NoteLedger {
  readonly #capture: Pick<Capture, 'notes' | 'noteVersion' | 'locate'>
  #version: number
  #known: ReadonlyMap<number, Note>

  constructor(capture: Pick<Capture, 'notes' | 'noteVersion' | 'locate'>) {
    this.#capture = capture
    this.#version = capture.noteVersion
    this.#known = byId(capture.notes())
  }

  tell(recorder: Recorder, nowMs: number): void {
    if (this.#version === this.#capture.noteVersion) return
    this.#version = this.#capture.noteVersion
    const before = this.#known
    this.#known = byId(this.#capture.notes())
    for (const note of this.#known.values()) {
      const known = before.get(note.noteId)
      const isSame =
        known !== undefined &&
        known.text === note.text &&
        known.kind === note.kind &&
        known.atMs === note.atMs &&
        known.messageId === note.messageId
      if (!isSame) recorder.note(nowMs, note, placeOfNote(this.#capture, note))
    }
    for (const noteId of before.keys()) if (!this.#known.has(noteId)) recorder.noteRemoved(nowMs, noteId)
  }
}

const byId = (notes: readonly Note[]): ReadonlyMap<number, Note> =>
  new Map(notes.map((note) => [note.noteId, note]))
