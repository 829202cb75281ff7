import { parseLossless } from '../format/lossless-json'

/** What somebody wrote, as a recording has it. */
export interface RecordedNote {
  /** One that comes later with the same number takes its place. */
  readonly noteId: number
  readonly atMs: number
  readonly text: string
  /** Number of the message that it stands on, as the console counted it; null on a moment. */
  readonly messageId: number | null
}

const MAX_TEXT = 4096

/** The note in an entry of the channel `note`; null when it is none. Files may come from anybody. */
export function noteOf(data: Uint8Array): RecordedNote | null {
  try {
    const value = parseLossless(new TextDecoder().decode(data))
    if (typeof value !== 'object' || value === null) return null
    const { noteId, text, atMs, messageId, kind } = value as Readonly<Record<string, unknown>>
    if (typeof text !== 'string' || typeof atMs !== 'number' || !Number.isFinite(atMs)) return null
    const shown = text === '' && kind === 'marker' ? 'Marker' : text
    return {
      noteId: Number(noteId),
      atMs,
      text: shown.slice(0, MAX_TEXT),
      messageId: typeof messageId === 'number' ? messageId : null,
    }
  } catch {
    return null
  }
}
