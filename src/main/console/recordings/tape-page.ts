import type { CommandRequest } from '../../../shared/contract/contract'
import { ConsoleError } from '../../../shared/errors'
import type { RecordingMark } from '../../../shared/workspace/recording-file'
import type { Clock } from '../../../shared/model/clock'
import type { LineRate } from '../../../shared/model/line-rate'
import type { LinkAddress } from '../../../shared/model/link-url'
import type { TraceEvent } from '../../../shared/model/trace'
import { Capture } from '../../capture/capture'
import type { CaptureLimits } from '../../capture/capture-limits'
import type { PageLimits } from '../../recording/replay/page-tally'
import type { NoteEntry } from '../../recording/replay/tape-notes'
import { type NoteOrigin, type TapeMarks, wordsOfMark } from './tape-marks'
import { CaptureLens } from '../lens/capture-lens'
import type { SessionDay } from '../session-day'

export interface TapePageOptions {
  readonly number: number
  readonly limits: PageLimits
  readonly clock: Clock
  /** End of what is read. */
  readonly nowMs: () => number
  readonly day: SessionDay
  readonly addressOf: (linkId: number) => LinkAddress | undefined
  readonly marks: TapeMarks
  readonly lineRateOf: (linkId: number) => LineRate | undefined
}

/** What may have begun before a page and be under way still, on one link. */
export const MAX_STANDING = 16_384

/** A part of a recording with everything that is looked at: rows, lanes, details. A short recording is one page. */
export class TapePage {
  readonly number: number
  readonly capture: Capture
  readonly lens: CaptureLens
  readonly #marks: TapeMarks
  readonly #noteIds = new Map<number, number>()
  /** Where the notes of the capture come from, by their numbers. */
  readonly #origins = new Map<number, NoteOrigin>()
  /** Marks that are shown, in words. */
  readonly #placed = new Set<string>()
  #refused = 0

  constructor(options: TapePageOptions) {
    this.number = options.number
    this.#marks = options.marks
    this.capture = new Capture(captureLimits(options.limits))
    this.lens = new CaptureLens({ ...options, capture: this.capture, onMerged: () => undefined })
  }

  /** Events that the capture could make nothing of. */
  get refused(): number {
    return this.#refused
  }

  observe(event: TraceEvent): void {
    try {
      this.capture.observe(event)
    } catch {
      this.#refused += 1 // a file may come from anybody
    }
  }

  take(entry: NoteEntry): void {
    try {
      if ('removed' in entry) {
        const known = this.#noteIds.get(entry.removed)
        if (known !== undefined) this.capture.removeNote(known)
        this.#noteIds.delete(entry.removed)
        return
      }
      if (this.#marks.isHidden(entry.noteId)) return
      const { kind, atMs, text, on } = entry
      const note = { kind, atMs, text, messageId: this.#messageOf(on) }
      const noteId = this.capture.setNote(note, this.#noteIds.get(entry.noteId))
      this.#noteIds.set(entry.noteId, noteId)
      this.#origins.set(noteId, { recorded: entry.noteId })
    } catch {
      this.#refused += 1 // beyond the limit of notes
    }
  }

  /**
   * Shows what the file beside the recording says of this page, as far as it is not shown yet. The page must be complete: a
   * note on a moment stands before the first message after it.
   *
   * @param isWithin - Whether a moment is part of the page.
   */
  placeMarks(isWithin: (atMs: number) => boolean): void {
    for (const mark of this.#marks.all) {
      const words = wordsOfMark(mark)
      if (this.#placed.has(words)) continue
      const messageId = this.#messageOf(mark.on)
      // a message of another page, or of none any more, has its note at its moment
      if (messageId === null && !isWithin(mark.atMs)) continue
      this.#placed.add(words)
      const { kind, atMs, text } = mark
      try {
        this.#origins.set(this.capture.setNote({ kind, atMs, text, messageId }), { mark })
      } catch {
        this.#refused += 1 // beyond the limit of notes
      }
    }
  }

  /** Puts a note on the recording. @throws ConsoleError `MESSAGE_UNKNOWN`, `NOTE_UNKNOWN` and the codes of `TapeMarks.put`. */
  async setNote({ noteId, kind, atMs, messageId, text }: CommandRequest<'note.set'>): Promise<number> {
    const on = messageId === null ? null : this.capture.locate(messageId)
    const mark: RecordingMark = { kind, atMs, text, on }
    const former = noteId === undefined ? undefined : this.#originOf(noteId)
    await this.#marks.put(mark, former)
    this.#gone(former)
    const shown = this.capture.setNote({ kind, atMs, messageId, text }, noteId)
    this.#origins.set(shown, { mark })
    this.#placed.add(wordsOfMark(mark))
    return shown
  }

  /** Takes a note off the recording. @throws ConsoleError `NOTE_UNKNOWN` and the codes of `TapeMarks.remove`. */
  async removeNote(noteId: number): Promise<void> {
    const origin = this.#originOf(noteId)
    await this.#marks.remove(origin)
    this.#gone(origin)
    this.capture.removeNote(noteId)
    this.#origins.delete(noteId)
  }

  close(): void {
    this.lens.close()
  }

  #gone(origin: NoteOrigin | undefined): void {
    if (origin !== undefined && 'mark' in origin) this.#placed.delete(wordsOfMark(origin.mark))
  }

  #originOf(noteId: number): NoteOrigin {
    const origin = this.#origins.get(noteId)
    if (origin === undefined) throw new ConsoleError('NOTE_UNKNOWN', `there is no note ${noteId}`, { noteId })
    return origin
  }

  #messageOf(on: RecordingMark['on']): number | null {
    const messageId = on === null ? 0 : this.capture.messageIdOf(on.linkId, on.messageKey)
    return messageId > 0 ? messageId : null
  }
}

/** Room for a page and for what was under way when it began: nothing is ever dropped. */
const captureLimits = ({ messages, chunks, bodyBytes }: PageLimits): Partial<CaptureLimits> => ({
  messages: messages + MAX_STANDING,
  chunks: chunks + 1,
  bodyBytes: bodyBytes * 2,
})
