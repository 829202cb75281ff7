import { ConsoleError } from '../../../shared/errors'
import { type ListEvent, type ListEventKind, NOTE_EVENT_BASE } from '../../../shared/model/list-view'
import { MAX_NOTES, type Note } from '../../../shared/model/notes'
import type { FaultEvent, LinkStateEvent } from '../../../shared/model/trace'
import { ChangeLog } from '../change-log'
import type { MessageStore } from '../message-store'

/** An event at its place: before the message `anchor` and its answers. */
export interface PlacedEvent {
  readonly anchor: number
  readonly event: ListEvent
}

/** Events that are kept: a storm of triggers does not push out what happened to links. Notes have a bound of their own. */
const MAX_EVENTS = { trigger: 2048, other: 4096 } as const
/** Losses of one link within this time are one row: garbage on a line makes thousands a second. */
const LOSS_PAUSE_MS = 250
const TOUCH_CAPACITY = 65_536
const EVICTED_EVENT_ID = 1

interface LastLoss {
  eventId: number
  anchor: number
  atMs: number
}

/**
 * What lists show besides the messages themselves: events between messages, and what people wrote. Also remembers which
 * messages changed in any way, for views that follow.
 */
export class ListJournal {
  /** Every message that was added or changed, or whose notes did. */
  readonly touches = new ChangeLog(TOUCH_CAPACITY)
  readonly #messages: MessageStore
  /** Sorted by anchor, time and number. Records are replaced, never changed. */
  #placed: PlacedEvent[] = []
  #shown: readonly PlacedEvent[] = []
  #shownFor = { version: -1, firstId: 0, evicted: 0 }
  #version = 0
  #nextEventId = EVICTED_EVENT_ID + 1
  #counts = { trigger: 0, other: 0 }
  readonly #connected = new Set<number>()
  /** Open interruptions by link: the event. */
  readonly #down = new Map<number, PlacedEvent>()
  readonly #lastLoss = new Map<number, LastLoss>()
  readonly #notes = new Map<number, Note>()
  readonly #noteEvents = new Map<number, PlacedEvent>()
  readonly #notesOfMessages = new Map<number, readonly Note[]>()
  #nextNoteId = 1
  #noteVersion = 0

  constructor(messages: MessageStore) {
    this.#messages = messages
  }

  /** Grows whenever a note changes. */
  get noteVersion(): number {
    return this.#noteVersion
  }

  /** All notes and markers in order of time. */
  notes(): Note[] {
    return [...this.#notes.values()].sort((one, other) => one.atMs - other.atMs || one.noteId - other.noteId)
  }

  notesOf(messageId: number): readonly Note[] {
    return this.#notesOfMessages.get(messageId) ?? []
  }

  isMarked(messageId: number): boolean {
    return this.notesOf(messageId).some(({ kind }) => kind === 'marker')
  }

  /** All that was written on a message, in one text. */
  noteTextOf(messageId: number): string {
    const texts = this.notesOf(messageId).map(({ text }) => text)
    return texts.filter((text) => text !== '').join(' · ')
  }

  /** Events from the oldest kept message on, in the order of their places. The array is replaced when it changes. */
  events(): readonly PlacedEvent[] {
    const { firstId, evicted } = this.#messages
    const is = this.#shownFor
    if (is.version === this.#version && is.firstId === firstId && is.evicted === evicted) return this.#shown
    this.#shownFor = { version: this.#version, firstId, evicted }
    this.#forgetBefore(firstId)
    const shown = this.#placed.filter(({ anchor }) => anchor >= firstId)
    if (evicted > 0) shown.unshift(this.#evictedEvent(firstId, evicted))
    this.#shown = shown
    return shown
  }

  noteLinkState({ linkId, phase, atMs, code, detail }: LinkStateEvent): void {
    const isUp = phase === 'connected' || phase === 'listening'
    const down = this.#down.get(linkId)
    if (isUp) {
      this.#connected.add(linkId)
      if (down === undefined) return
      this.#replace(down, { ...down.event, untilMs: atMs })
      this.#down.delete(linkId)
      this.#add({ kind: 'link-up', linkId, atMs, untilMs: null, code: null, count: 0, text: '' })
    } else if (down === undefined && this.#connected.has(linkId)) {
      const event = { kind: 'link-down' as const, linkId, atMs, untilMs: null, code, count: 0, text: detail }
      this.#down.set(linkId, this.#add(event))
    }
  }

  noteFault({ linkId, atMs, code, lostBytes, detail }: FaultEvent): void {
    if (lostBytes <= 0) return
    const last = this.#lastLoss.get(linkId)
    const goesOn =
      last !== undefined && (last.anchor === this.#messages.nextId || atMs - last.atMs < LOSS_PAUSE_MS)
    const placed = goesOn ? this.#placed.findLast(({ event }) => event.eventId === last.eventId) : undefined
    if (last !== undefined && placed !== undefined) {
      last.atMs = atMs
      const { event } = placed
      this.#replace(placed, { ...event, untilMs: atMs, count: event.count + lostBytes })
      return
    }
    const { event, anchor } = this.#add({
      kind: 'loss',
      linkId,
      atMs,
      untilMs: null,
      code,
      count: lostBytes,
      text: detail,
    })
    this.#lastLoss.set(linkId, { eventId: event.eventId, anchor, atMs })
  }

  /** A trigger went off. @param name - What its owner calls it. @param messageId - It went off on this message. */
  noteTrigger(linkId: number, atMs: number, name: string, messageId = this.#messages.nextId - 1): void {
    const event = { linkId, atMs, untilMs: null, code: null, count: 0, text: name }
    this.#add({ kind: 'trigger', ...event }, messageId + 1)
  }

  /**
   * Adds a note or a marker, or changes the one with this number.
   *
   * @throws ConsoleError `NOTES_TOO_MANY`, `NOTE_UNKNOWN` for a number that is not there, `MESSAGE_UNKNOWN`.
   */
  setNote(given: Omit<Note, 'noteId'>, noteId?: number): number {
    if (noteId === undefined && this.#notes.size >= MAX_NOTES) {
      throw new ConsoleError('NOTES_TOO_MANY', `there are ${MAX_NOTES} notes and markers already`, {})
    }
    const { messageId } = given
    const former = noteId === undefined ? undefined : this.#expectNote(noteId)
    if (messageId !== null && messageId !== former?.messageId && !this.#messages.has(messageId)) {
      throw new ConsoleError('MESSAGE_UNKNOWN', `message #${messageId} is not in memory`, { messageId })
    }
    if (former !== undefined) this.#forgetNote(former)
    const note: Note = { ...given, noteId: noteId ?? this.#nextNoteId++ }
    this.#placeNote(note, messageId === null ? this.#messages.firstOpenedAfter(note.atMs) : 0)
    this.#version += 1
    this.#noteVersion += 1
    return note.noteId
  }

  /** @throws ConsoleError `NOTE_UNKNOWN`. */
  removeNote(noteId: number): void {
    this.#forgetNote(this.#expectNote(noteId))
    this.#version += 1
    this.#noteVersion += 1
  }

  /** The link will not come back: what it left behind is its end. */
  forgetLink(linkId: number): void {
    const down = this.#down.get(linkId)
    if (down !== undefined) this.#replace(down, { ...down.event, untilMs: down.event.atMs })
    this.#down.delete(linkId)
    this.#connected.delete(linkId)
    this.#lastLoss.delete(linkId)
  }

  /** Forgets what is over, as the capture did. @param newIdOf - Numbers of messages that stay. */
  clear(newIdOf: (messageId: number) => number | undefined): void {
    const kept = [...this.#down.entries()]
    this.#placed = []
    this.#counts = { trigger: 0, other: 0 }
    this.#down.clear()
    this.#lastLoss.clear()
    for (const [linkId, { event }] of kept) {
      this.#down.set(linkId, this.#insert({ anchor: this.#messages.firstId, event }))
    }
    const notes = [...this.#notes.values()]
    this.#notes.clear()
    this.#noteEvents.clear()
    this.#notesOfMessages.clear()
    for (const note of notes) {
      const messageId = note.messageId === null ? undefined : newIdOf(note.messageId)
      if (messageId !== undefined) this.#placeNote({ ...note, messageId }, 0)
    }
    if (notes.length > 0) this.#noteVersion += 1
    this.#version += 1
  }

  #add(event: Omit<ListEvent, 'row' | 'eventId'>, anchor = this.#messages.nextId): PlacedEvent {
    const eventId = this.#nextEventId++
    return this.#insert({ anchor, event: { row: 'event', eventId, ...event } })
  }

  #insert(placed: PlacedEvent): PlacedEvent {
    let at = this.#placed.length
    while (at > 0 && isBefore(placed, this.#placed[at - 1]!)) at -= 1
    this.#placed.splice(at, 0, placed)
    const sort = sortOf(placed.event.kind)
    if (sort !== 'written') {
      this.#counts[sort] += 1
      if (this.#counts[sort] > MAX_EVENTS[sort]) this.#forgetOldest(sort)
    }
    this.#version += 1
    return placed
  }

  #forgetOldest(sort: 'trigger' | 'other'): void {
    const at = this.#placed.findIndex(({ event }) => sortOf(event.kind) === sort)
    this.#placed.splice(at, 1)
    this.#counts[sort] -= 1
  }

  /** Events older than every kept message went with theirs; what people wrote stays in the list of notes. */
  #forgetBefore(firstId: number): void {
    if ((this.#placed[0]?.anchor ?? firstId) >= firstId) return
    this.#placed = this.#placed.filter(
      ({ anchor, event }) => anchor >= firstId || sortOf(event.kind) === 'written',
    )
    this.#counts = { trigger: 0, other: 0 }
    for (const { event } of this.#placed) {
      const sort = sortOf(event.kind)
      if (sort !== 'written') this.#counts[sort] += 1
    }
  }

  #replace(placed: PlacedEvent, event: ListEvent): void {
    const at = this.#placed.findIndex((other) => other.event.eventId === event.eventId)
    if (at < 0) return
    this.#placed[at] = { anchor: placed.anchor, event }
    this.#version += 1
  }

  #evictedEvent(firstId: number, count: number): PlacedEvent {
    const { openedMs } = this.#messages.has(firstId) ? this.#messages.columnsOf(firstId) : { openedMs: [0] }
    const atMs = openedMs[this.#messages.has(firstId) ? this.#messages.indexOf(firstId) : 0]!
    return {
      anchor: 0,
      event: {
        row: 'event',
        kind: 'evicted',
        eventId: EVICTED_EVENT_ID,
        linkId: 0,
        atMs,
        untilMs: null,
        code: null,
        count,
        text: '',
      },
    }
  }

  #expectNote(noteId: number): Note {
    const note = this.#notes.get(noteId)
    if (note !== undefined) return note
    throw new ConsoleError('NOTE_UNKNOWN', `there is no note ${noteId}`, { noteId })
  }

  #placeNote(note: Note, anchor: number): void {
    this.#notes.set(note.noteId, note)
    if (note.messageId !== null) {
      this.#notesOfMessages.set(note.messageId, [...this.notesOf(note.messageId), note])
      this.#touch(note.messageId)
      return
    }
    const event: ListEvent = {
      row: 'event',
      kind: note.kind,
      eventId: NOTE_EVENT_BASE + note.noteId,
      linkId: 0,
      atMs: note.atMs,
      untilMs: null,
      code: null,
      count: 0,
      text: note.text,
    }
    this.#noteEvents.set(note.noteId, this.#insert({ anchor, event }))
  }

  #forgetNote({ noteId, messageId }: Note): void {
    this.#notes.delete(noteId)
    if (messageId === null) {
      const placed = this.#noteEvents.get(noteId)
      this.#placed = this.#placed.filter((other) => other !== placed)
      this.#noteEvents.delete(noteId)
      return
    }
    const others = this.notesOf(messageId).filter((other) => other.noteId !== noteId)
    if (others.length > 0) this.#notesOfMessages.set(messageId, others)
    else this.#notesOfMessages.delete(messageId)
    this.#touch(messageId)
  }

  #touch(messageId: number): void {
    if (this.#messages.has(messageId)) this.touches.add(messageId)
  }
}

function sortOf(kind: ListEventKind): 'written' | 'trigger' | 'other' {
  if (kind === 'marker' || kind === 'note') return 'written'
  return kind === 'trigger' ? 'trigger' : 'other'
}

function isBefore(one: PlacedEvent, other: PlacedEvent): boolean {
  if (one.anchor !== other.anchor) return one.anchor < other.anchor
  if (one.event.atMs !== other.event.atMs) return one.event.atMs < other.event.atMs
  return one.event.eventId < other.event.eventId
}
