import { MAX_NOTES } from '../../../shared/model/notes'
import type { Direction, FaultEvent } from '../../../shared/model/trace'
import type { RecordedNote } from './recorded-note'

/** Faults that wait for the packet they happened in. */
const MAX_WAITING_FAULTS = 64
const MAX_COMMENT_LENGTH = 8192

/** What stands as a comment on a packet: notes at their moment, problems at their place in the stream. */
export class PacketComments {
  readonly #byId = new Map<number, RecordedNote>()
  /** Newest first; null until the first packet asks. */
  #notes: RecordedNote[] | null = null
  readonly #faults = new Map<string, FaultEvent[]>()

  /** All notes, before the first packet. */
  addNote(note: RecordedNote): void {
    if (this.#byId.size < MAX_NOTES || this.#byId.has(note.noteId)) this.#byId.set(note.noteId, note)
  }

  addFault(fault: FaultEvent): void {
    const key = `${fault.linkId} ${fault.dir}`
    const waiting = this.#faults.get(key) ?? []
    if (waiting.length < MAX_WAITING_FAULTS) waiting.push(fault)
    this.#faults.set(key, waiting)
  }

  /**
   * The comment of a packet, which is given once; empty for none.
   *
   * @param endOffset - Where it ends in its stream.
   * @param atMs - Its time in the session.
   */
  take(linkId: number, dir: Direction, endOffset: number, atMs: number): string {
    const texts = [...this.#takeFaults(`${linkId} ${dir}`, endOffset), ...this.#takeNotes(atMs)]
    return texts.join('\n').slice(0, MAX_COMMENT_LENGTH)
  }

  #takeFaults(key: string, endOffset: number): string[] {
    const waiting = this.#faults.get(key)
    if (waiting === undefined) return []
    const here = waiting.filter(({ streamOffset }) => streamOffset <= endOffset)
    this.#faults.set(
      key,
      waiting.filter(({ streamOffset }) => streamOffset > endOffset),
    )
    return here.map(({ code, detail }) => (detail === '' ? code : `${code}: ${detail}`))
  }

  #takeNotes(atMs: number): string[] {
    this.#notes ??= [...this.#byId.values()].sort((a, b) => b.atMs - a.atMs)
    const notes = this.#notes
    const texts: string[] = []
    for (let note = notes.at(-1); note !== undefined && note.atMs <= atMs; note = notes.at(-1)) {
      texts.push(note.text)
      notes.pop()
    }
    return texts
  }
}
