import { MAX_NOTE_LENGTH, MAX_NOTES, type NoteKind } from '../../../shared/model/notes'
import { parseLossless } from '../format/lossless-json'

/** A note or a marker as a recording tells it. */
export interface RecordedNote {
  readonly noteId: number
  readonly kind: NoteKind
  readonly atMs: number
  readonly text: string
  /** The message it is on, in the words of the trace. */
  readonly on: { readonly linkId: number; readonly messageKey: number } | null
}

export type NoteEntry = RecordedNote | { readonly removed: number }

const decoder = new TextDecoder()
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

/** @returns Undefined for what makes no sense. */
export function readNote(data: Uint8Array): NoteEntry | undefined {
  let fields: Record<string, unknown>
  try {
    fields = parseLossless(decoder.decode(data)) as Record<string, unknown>
  } catch {
    return undefined
  }
  const { type, noteId, kind, atMs, text } = fields
  if (!isNumber(noteId)) return undefined
  if (type === 'note-removed') return { removed: noteId }
  if (type !== 'note' || !isNumber(atMs) || typeof text !== 'string' || text.length > MAX_NOTE_LENGTH)
    return undefined
  if (kind !== 'marker' && kind !== 'note') return undefined
  const on = fields['on'] as { linkId?: unknown; messageKey?: unknown } | null | undefined
  const place =
    typeof on === 'object' && on !== null && isNumber(on.linkId) && isNumber(on.messageKey)
      ? { linkId: on.linkId, messageKey: on.messageKey }
      : null
  return { noteId, kind, atMs, text, on: place }
}

/** The notes of a recording as they read at its end. */
export class TapeNotes {
  readonly #notes = new Map<number, RecordedNote>()
  #leftOut = 0

  take(entry: NoteEntry): void {
    if ('removed' in entry) this.#notes.delete(entry.removed)
    else if (this.#notes.size < MAX_NOTES || this.#notes.has(entry.noteId))
      this.#notes.set(entry.noteId, entry)
    else this.#leftOut += 1
  }

  get all(): IterableIterator<RecordedNote> {
    return this.#notes.values()
  }

  /** Notes there was no room for. */
  get leftOut(): number {
    return this.#leftOut
  }
}
