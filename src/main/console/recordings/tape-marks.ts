import { ConsoleError } from '../../../shared/errors'
import { MAX_TAPE_MARKS, type TapeMark } from '../../../shared/model/tape'
import {
  MAX_RECORDING_MARKS,
  type RecordingMark,
  type RecordingRemarks,
} from '../../../shared/workspace/recording-file'
import type { RecordedNote } from '../../recording/replay/tape-notes'

/** Where what is said of a recording stands: the file beside it. */
export interface RemarksPlace {
  read(): RecordingRemarks
  /** Rejects with a ConsoleError. */
  change(change: (before: RecordingRemarks) => RecordingRemarks): Promise<void>
}

/** Where a note on the screen comes from: the recording itself, by its number there, or the file beside it. */
export type NoteOrigin = { readonly recorded: number } | { readonly mark: RecordingMark }

/**
 * Notes and markers that are put on a recording while it is looked at. The recording stays as it is: they stand in the file
 * beside it, and so does which of its own notes were taken away.
 */
export class TapeMarks {
  readonly #place: RemarksPlace
  #marks: readonly RecordingMark[]
  #hidden: ReadonlySet<number>

  constructor(place: RemarksPlace) {
    this.#place = place
    const { marks, hiddenNotes } = place.read()
    this.#marks = marks
    this.#hidden = new Set(hiddenNotes)
  }

  /** Of the file beside the recording. */
  get all(): readonly RecordingMark[] {
    return this.#marks
  }

  /** Whether a note of the recording was taken away. */
  isHidden(noteId: number): boolean {
    return this.#hidden.has(noteId)
  }

  /** Notes of the recording and of the file beside it, in order of time. @param before - Left out already. */
  inOrder(
    recorded: Iterable<RecordedNote>,
    before: number,
  ): { readonly marks: readonly TapeMark[]; readonly leftOut: number } {
    const shown = [...recorded].filter(({ noteId }) => !this.isHidden(noteId))
    const marks = [...shown, ...this.#marks]
      .map(({ atMs, text }): TapeMark => ({ atMs, text: text.slice(0, 200), code: null }))
      .sort((a, b) => a.atMs - b.atMs)
    const leftOut = before + Math.max(0, marks.length - MAX_TAPE_MARKS)
    return { marks: marks.slice(0, MAX_TAPE_MARKS), leftOut }
  }

  /**
   * Adds a note, or puts it in the place of another.
   *
   * @throws ConsoleError `NOTES_TOO_MANY`, and what keeps the file from being written.
   */
  async put(mark: RecordingMark, former?: NoteOrigin): Promise<void> {
    await this.#change((marks, hidden) => {
      const others = without(marks, former)
      if (others.length >= MAX_RECORDING_MARKS)
        throw new ConsoleError(
          'NOTES_TOO_MANY',
          `the file beside it holds ${MAX_RECORDING_MARKS} notes already`,
        )
      return { marks: [...others, mark], hidden: withHidden(hidden, former) }
    })
  }

  /** Takes a note away. @throws ConsoleError with what keeps the file from being written. */
  async remove(origin: NoteOrigin): Promise<void> {
    await this.#change((marks, hidden) => ({
      marks: without(marks, origin),
      hidden: withHidden(hidden, origin),
    }))
  }

  /** What is on disk is the truth: somebody may have changed it by hand. */
  async #change(
    change: (marks: readonly RecordingMark[], hidden: readonly number[]) => Changed,
  ): Promise<void> {
    let changed: Changed = { marks: [], hidden: [] }
    await this.#place.change((before) => {
      changed = change(before.marks, before.hiddenNotes)
      return { ...before, marks: changed.marks, hiddenNotes: changed.hidden }
    })
    this.#marks = changed.marks
    this.#hidden = new Set(changed.hidden)
  }
}

interface Changed {
  readonly marks: readonly RecordingMark[]
  readonly hidden: readonly number[]
}

const without = (
  marks: readonly RecordingMark[],
  origin: NoteOrigin | undefined,
): readonly RecordingMark[] => {
  if (origin === undefined || !('mark' in origin)) return marks
  const words = wordsOfMark(origin.mark)
  const at = marks.findIndex((mark) => wordsOfMark(mark) === words)
  return at < 0 ? marks : marks.toSpliced(at, 1)
}

const withHidden = (hidden: readonly number[], origin: NoteOrigin | undefined): readonly number[] =>
  origin !== undefined && 'recorded' in origin ? [...new Set([...hidden, origin.recorded])] : hidden

/** What makes a mark the same as another, also when it was read anew. */
export const wordsOfMark = ({ kind, atMs, text, on }: RecordingMark): string =>
  JSON.stringify([kind, atMs.toFixed(6), text, on?.linkId, on?.messageKey])
