import type { Note } from '../../../shared/model/notes'
import type { ChosenNote } from '../worker-protocol'

/** Markers and notes in the order of time, the one that the keys stand on, and the one they came from. */
export class NoteCursor {
  #notes: readonly Note[] = []
  #chosenId: number | null = null
  #previousId: number | null = null

  get notes(): readonly Note[] {
    return this.#notes
  }

  get chosen(): Note | null {
    return this.#byId(this.#chosenId)
  }

  /** What distances are measured from: the note that was chosen before. */
  get previous(): Note | null {
    return this.#byId(this.#previousId)
  }

  set(notes: readonly Note[]): void {
    this.#notes = [...notes].sort((a, b) => a.atMs - b.atMs || a.noteId - b.noteId)
    if (this.chosen === null) this.#chosenId = null
    if (this.previous === null) this.#previousId = null
  }

  choose(noteId: number | null): void {
    if (noteId === null) this.#previousId = null
    else if (noteId !== this.#chosenId) this.#previousId = this.#chosenId
    this.#chosenId = noteId
  }

  /**
   * To the next note of that direction, without a chosen one from an instant.
   *
   * @returns Null when there is none further.
   */
  step(direction: 1 | -1, fromMs: number): Note | null {
    const { chosen } = this
    const here = chosen === null ? -1 : this.#notes.indexOf(chosen)
    const isAhead = (note: Note, index: number): boolean => {
      if (chosen !== null) return direction === 1 ? index > here : index < here
      return direction === 1 ? note.atMs >= fromMs : note.atMs <= fromMs
    }
    const fits = this.#notes.filter(isAhead)
    // without a chosen one any is better than none
    const ahead = fits.length === 0 && chosen === null ? this.#notes : fits
    const next = direction === 1 ? ahead[0] : ahead[ahead.length - 1]
    if (next === undefined) return null
    this.choose(next.noteId)
    return next
  }

  /** Null without a chosen one. */
  describe(): ChosenNote | null {
    const { chosen, previous } = this
    if (chosen === null) return null
    return {
      noteId: chosen.noteId,
      place: this.#notes.indexOf(chosen) + 1,
      total: this.#notes.length,
      distanceMs: previous === null ? null : chosen.atMs - previous.atMs,
    }
  }

  /** The note nearest to an instant, within reach; the later one of two. */
  nearest(atMs: number, reachMs: number): Note | null {
    let best: Note | null = null
    for (const note of this.#notes) {
      const distance = Math.abs(note.atMs - atMs)
      if (distance <= reachMs && (best === null || distance <= Math.abs(best.atMs - atMs))) best = note
    }
    return best
  }

  #byId(noteId: number | null): Note | null {
    return noteId === null ? null : (this.#notes.find((note) => note.noteId === noteId) ?? null)
  }
}
