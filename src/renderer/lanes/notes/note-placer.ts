import type { Note, NoteKind } from '../../../shared/model/notes'
import { type AuxWorld, factsAt } from '../aux/aux-moments'
import { auxTexts } from '../aux/aux-texts'
import type { AuxCard, AuxRow } from '../aux/aux-types'
import type { EngineHost } from '../engine-host'
import type { LanesModel } from '../lanes-model'
import type { Navigator, Placement, Point } from '../navigator'
import { AXIS_HEIGHT } from '../pane-geometry'
import { unitAt, xOf } from '../time-scale'
import { clockOf } from '../time-ticks'
import type { NoteCursor } from './note-cursor'

/** How far right of its line the flag of a note can be pressed, CSS pixels. */
const FLAG_PX = 10
const REACH_PX = 3

const ON_AXIS: AuxRow = { key: 'axis', kind: 'notes', linkId: 0, line: null, top: 0, height: AXIS_HEIGHT }

/** Which place a new marker is for, and which marker a place belongs to. */
export class NotePlacer {
  readonly #post: EngineHost['post']
  readonly #model: LanesModel
  readonly #notes: NoteCursor
  readonly #navigator: Navigator
  #told = ''

  constructor(post: EngineHost['post'], model: LanesModel, notes: NoteCursor, navigator: Navigator) {
    this.#post = post
    this.#model = model
    this.#notes = notes
    this.#navigator = navigator
  }

  /** Tells the page which note is chosen, when that changed. */
  tell(): void {
    const chosen = this.#notes.describe()
    const told =
      chosen === null ? '' : `${chosen.noteId} ${chosen.place} ${chosen.total} ${chosen.distanceMs}`
    if (told === this.#told) return
    this.#told = told
    this.#post({ type: 'note-chosen', chosen })
  }

  choose(noteId: number | null): void {
    this.#notes.choose(noteId)
    this.tell()
  }

  /** Chooses the note whose flag is pressed. @returns False when there is none. */
  pick(at: Point, placement: Placement): boolean {
    const note = at.y < AXIS_HEIGHT ? this.#flagAt(at, placement) : null
    if (note === null) return false
    this.choose(note.noteId)
    return true
  }

  cardAt(at: Point, placement: Placement, world: AuxWorld): AuxCard | null {
    const note = this.#flagAt(at, placement)
    const facts = note === null ? null : factsAt(world, ON_AXIS, note.atMs, 0)
    return facts === null ? null : { ...facts, lane: auxTexts.names.notes, x: at.x, y: -1, isStepped: false }
  }

  /**
   * Answers where a marker belongs: below the pointer, else on the chunk the keys stand on, else on the selected message,
   * else in the middle of the picture.
   */
  answer(kind: NoteKind, pointer: Point | null, placement: Placement, ofDayAtZeroMs: number): void {
    const { axis, ring, messages } = this.#model
    const { scale, pixelRatio } = placement
    const { chosen } = this.#notes
    const reply = (atMs: number, messageId: number | null, noteId: number | null = null): void => {
      const x = xOf(scale, axis.ofTime(atMs)) / pixelRatio
      const clock = clockOf(Math.max(0, atMs), ofDayAtZeroMs)
      this.#post({ type: 'place', place: { kind, atMs: Math.max(0, atMs), clock, messageId, x, noteId } })
    }
    if (pointer !== null) {
      const hit = this.#navigator.hit(pointer, placement)
      const id = hit === null ? 0 : ring.messageIds[hit.position]!
      reply(axis.timeOf(unitAt(scale, pointer.x * pixelRatio)), id === 0 ? null : id)
      return
    }
    const { cursor, selectedSlot } = this.#navigator
    if (chosen !== null && kind === 'note') reply(chosen.atMs, chosen.messageId, chosen.noteId)
    else if (cursor >= 0) reply(ring.startMs[cursor]!, ring.messageIds[cursor]! || null)
    else if (selectedSlot >= 0) reply(messages.openedMs[selectedSlot]!, messages.ids[selectedSlot]!)
    else reply(axis.timeOf(unitAt(scale, scale.widthPx / 2)), null)
  }

  #flagAt({ x }: Point, { scale, pixelRatio }: Placement): Note | null {
    const { axis } = this.#model
    let best: Note | null = null
    for (const note of this.#notes.notes) {
      const noteX = xOf(scale, axis.ofTime(note.atMs)) / pixelRatio
      if (x >= noteX - REACH_PX && x <= noteX + FLAG_PX) best = note
    }
    return best
  }
}
