import { ConsoleError } from '../../shared/errors'
import type { Explanation } from '../../shared/model/explanation'
import type { LineRate } from '../../shared/model/line-rate'
import type { Note } from '../../shared/model/notes'
import type { FaultEvent, TraceEvent } from '../../shared/model/trace'
import {
  type MessageChunks,
  type MessageDetail,
  type MessageRow,
  type MessagesChanged,
  type Overview,
  type StatusSnapshot,
} from '../../shared/model/views'
import { CaptureListeners, type MomentListener } from './capture-listeners'
import { type CaptureLimits, DEFAULT_CAPTURE_LIMITS } from './capture-limits'
import { ChunkStore } from './chunk-store'
import { Explainer } from './explain/explainer'
import type { TurnTaking } from './explain/explanation-words'
import { LaneLogs } from './lane-logs'
import { LaneReader, type LaneSource } from './lane-reader'
import { type LanesAround, lanesAround } from './lanes-around'
import { LinkLedgers } from './link-ledgers'
import type { LinkFigures } from './link-statistics'
import { isFinal } from './message-status'
import { MessageIntake } from './message-intake'
import { MessageStore } from './message-store'
import { messageChunks } from './message-chunks'
import { messageDetail, messageRow } from './message-views'
import { STATUSES } from './message-words'
import { OverviewBins } from './overview'
import { previousMessage } from './previous-message'
import { SeriesStore } from './series/series-store'
import type { SubjectSource } from './subject/message-cursor'
import type { RowFilter } from './views/row-filter'
import { ListJournal } from './views/list-journal'
import type { ViewSource } from './views/view'

export type SubjectWorld = Pick<SubjectSource, 'linkOf' | 'nowMs' | 'dayStartMs'>

/**
 * Everything seen on all links, bounded (design.md §9) and queryable. Fed with the trace events of every link; what
 * readers get are windows and batches, never the store. A frame costs no allocation.
 */
export class Capture {
  /** Figures over time. Read it; it is fed here. */
  readonly series = new SeriesStore()
  readonly #limits: CaptureLimits
  readonly #chunks: ChunkStore
  readonly #messages: MessageStore
  readonly #explainer: Explainer
  readonly #logs: LaneLogs
  readonly #journal: ListJournal
  readonly #intake: MessageIntake
  readonly #overview = new OverviewBins()
  readonly #ledgers = new LinkLedgers()
  readonly #listeners = new CaptureListeners()
  readonly #laneSource: LaneSource
  #clears = 0
  #clearedAtMs = 0

  constructor(limits: Partial<CaptureLimits> = {}) {
    this.#limits = { ...DEFAULT_CAPTURE_LIMITS, ...limits }
    this.#chunks = new ChunkStore(this.#limits.chunks, this.#limits.chunkSegmentRows)
    this.#messages = new MessageStore(this.#limits, (id) => this.#noteChanged(id))
    this.#intake = new MessageIntake({
      chunks: this.#chunks,
      messages: this.#messages,
      ledgers: this.#ledgers,
      listeners: this.#listeners,
    })
    this.#explainer = new Explainer(this.#chunks, this.#messages, this.#limits.gaps)
    this.#journal = new ListJournal(this.#messages)
    this.#logs = new LaneLogs(this.#limits)
    this.#laneSource = this.#madeLaneSource()
  }

  /** Takes one trace event. Borrowed bytes are copied or, when immutable, kept by reference. */
  readonly observe = (event: TraceEvent): void => {
    this.series.observe(event)
    switch (event.type) {
      case 'bytes':
        this.#ledgers.of(event.linkId).statistics.addBytes(event)
        break
      case 'frame':
        this.#intake.frame(event)
        this.#overview.addFrame(event)
        break
      case 'message-opened':
        this.#intake.opened(event)
        break
      case 'message-closed':
        this.#intake.closed(event)
        break
      case 'request-settled':
        this.#intake.settled(event)
        break
      case 'fault':
        this.#addFault(event)
        break
      case 'link-state':
        this.#logs.note(event)
        this.#explainer.note(event)
        this.#journal.noteLinkState(event)
        break
      case 'lines':
      case 'task-run':
        this.#logs.note(event)
        break
      case 'cache':
        this.#logs.note(event)
        if (event.change === 'set' && this.#messages.has(event.messageId)) {
          this.#messages.noteCacheKey(event.messageId, event.key)
        }
        break
      case 'queue':
        this.#ledgers.noteQueue(event)
        break
      case 'session':
        this.#ledgers.of(event.linkId).statistics.noteSession(event)
        this.#explainer.note(event)
        break
      case 'clock-sample':
        this.#ledgers.of(event.linkId).statistics.noteClock(event)
        break
    }
    this.#listeners.changed()
  }

  /** A message was sent by a task. Harmless for a message that is not kept. */
  noteTask(messageId: number, task: string): void {
    if (!this.#messages.has(messageId)) return
    this.#messages.noteTask(messageId, task)
    this.#listeners.changed()
  }

  /** Calls `listener` after every event and after `clear`: it must be cheap. Returns how to end it. */
  onChange(listener: () => void): () => void {
    return this.#listeners.onChange(listener)
  }

  /** Something that screens show with the capture changed without a trace event, such as the lock. */
  touch(): void {
    this.#listeners.changed()
  }

  /** Number of the message with this key on its link, 0 when it is not (or no longer) known. */
  messageIdOf(linkId: number, messageKey: number): number {
    return this.#intake.idOf(linkId, messageKey)
  }

  /** Where a message lives. @throws ConsoleError `MESSAGE_UNKNOWN`. */
  locate(messageId: number): { linkId: number; messageKey: number } {
    this.#expect(messageId)
    const columns = this.#messages.columnsOf(messageId)
    const at = this.#messages.indexOf(messageId)
    return { linkId: columns.linkIds[at]!, messageKey: columns.keys[at]! }
  }

  /** `count` rows from list position `from` (0 = oldest kept), fewer at the end of the list. */
  rows(from: number, count: number): MessageRow[] {
    const rows: MessageRow[] = []
    const first = this.#messages.firstId + from
    const end = Math.min(first + count, this.#messages.nextId)
    for (let id = first; id < end; id++) rows.push(messageRow(this.#messages, id))
    return rows
  }

  get messageCount(): number {
    return this.#messages.kept
  }

  /** @throws ConsoleError `MESSAGE_UNKNOWN`. The body in it is borrowed. */
  detail(messageId: number): MessageDetail {
    this.#expect(messageId)
    return messageDetail(this.#messages, messageId)
  }

  /** The body as far as it is kept, borrowed. @throws ConsoleError `MESSAGE_UNKNOWN`, also when only the body is gone. */
  body(messageId: number): Uint8Array {
    this.#expect(messageId)
    const body = this.#messages.bodyOf(messageId)
    if (body === undefined) {
      throw new ConsoleError('MESSAGE_UNKNOWN', `the body of message #${messageId} is not in memory`, {
        messageId,
      })
    }
    return body
  }

  /** Where the body was cut on the wire. @throws ConsoleError `MESSAGE_UNKNOWN`. */
  chunksOf(messageId: number): MessageChunks {
    this.#expect(messageId)
    return messageChunks(this.#chunks, this.#messages, messageId)
  }

  /** The message before this one with the same link, route, direction and kind. @throws ConsoleError `MESSAGE_UNKNOWN`. */
  previousOf(messageId: number): number | null {
    this.#expect(messageId)
    return previousMessage(this.#messages, messageId)
  }

  /** Bytes on the wire from the oldest kept chunk or message until `nowMs`. */
  overview(bins: number, nowMs: number): Overview {
    return this.#overview.read(Math.min(this.#oldestMs(nowMs), nowMs), nowMs, bins)
  }

  /** @param lineRate - Null where the speed of the line is not known. */
  figures(linkId: number, nowMs: number, lineRate: LineRate | null): LinkFigures {
    return this.#ledgers.figures(linkId, nowMs, lineRate)
  }

  /** Counts over all links. Bodies that went early are not messages that went: those keep their rows. */
  totals(): Omit<StatusSnapshot, 'nowMs' | 'links' | 'isListenOnly'> {
    return {
      messages: this.#messages.kept,
      chunks: this.#chunks.kept,
      evictedMessages: this.#messages.evicted,
      evictedChunks: this.#chunks.evicted,
      ...this.#ledgers.losses(),
    }
  }

  /** Bytes of bodies and heads in memory, and how many bodies went to make room. */
  get memory(): { readonly heldBytes: number; readonly droppedBodies: number } {
    return { heldBytes: this.#messages.heldBytes, droppedBodies: this.#messages.droppedBodies }
  }

  /**
   * Where the time of a message went, up to `nowMs` when it is under way.
   *
   * @param lineRate - Null where the speed of its line is not known.
   * @param turns - How its dialect lets messages share a line.
   * @throws ConsoleError `MESSAGE_UNKNOWN`.
   */
  explain(
    messageId: number,
    nowMs: number,
    lineRate: LineRate | null,
    turns: TurnTaking = 'chunks',
  ): Explanation {
    return this.#explainer.explain(messageId, nowMs, lineRate, turns)
  }

  /**
   * A cursor for lanes.
   *
   * @param fromMs - Session time to begin at.
   * @param marks - Filters each message is held against; see `LaneMessage.matches`.
   */
  readLanes(fromMs: number, marks: readonly (RowFilter | null)[] = []): LaneReader {
    return new LaneReader(this.#laneSource, fromMs, marks)
  }

  /** Cursors for lanes around a moment, see `lanesAround`. */
  readLanesAround(
    atMs: () => number,
    reach: { readonly behind: number; readonly ahead: number },
    marks: readonly (RowFilter | null)[] = [],
  ): LanesAround {
    return lanesAround(this.#laneSource, atMs, reach, marks)
  }

  /** What list views are made of. Only the folder of the views reads it. */
  get viewSource(): ViewSource {
    const clears = (): number => this.#clears
    return {
      messages: this.#messages,
      chunks: this.#chunks,
      journal: this.#journal,
      get clears() {
        return clears()
      },
    }
  }

  /** Where filters and columns find the fields of messages. @param world - What the capture does not know itself. */
  subjectSource(world: SubjectWorld): SubjectSource {
    return {
      ...world,
      messages: this.#messages,
      chunks: this.#chunks,
      notesOf: (messageId) => this.#journal.notesOf(messageId),
    }
  }

  /** All notes and markers in order of time. */
  notes(): Note[] {
    return this.#journal.notes()
  }

  /** Grows whenever a note or a marker changes. */
  get noteVersion(): number {
    return this.#journal.noteVersion
  }

  /** What somebody wrote on a kept message. */
  notesOf(messageId: number): readonly Note[] {
    return this.#journal.notesOf(messageId)
  }

  /**
   * Adds a note or a marker, or changes the one with this number; returns its number.
   *
   * @throws ConsoleError `NOTES_TOO_MANY`, `NOTE_UNKNOWN`, `MESSAGE_UNKNOWN`.
   */
  setNote(note: Omit<Note, 'noteId'>, noteId?: number): number {
    const set = this.#journal.setNote(note, noteId)
    this.#listeners.changed()
    return set
  }

  /** @throws ConsoleError `NOTE_UNKNOWN`. */
  removeNote(noteId: number): void {
    this.#journal.removeNote(noteId)
    this.#listeners.changed()
  }

  /** Tells a listener of messages that are opened, closed, and settled: nothing more is awaited. Returns how to end it. */
  hearMoments(listener: MomentListener): () => void {
    return this.#listeners.hearMoments(listener)
  }

  /** A row in every list: a trigger went off. @param messageId - Stands after this message; else after the newest. */
  noteTrigger(linkId: number, atMs: number, name: string, messageId?: number): void {
    this.#journal.noteTrigger(linkId, atMs, name, messageId)
    this.#listeners.changed()
  }

  /** Watches the bounds and changes of the message list, until `end` is called. */
  watchMessages(): { take(): MessagesChanged | undefined; end(): void } {
    return this.#listeners.watchMessages(this.#messages)
  }

  /**
   * Forgets everything that is over. Messages still on their way stay, under new numbers. Totals of links (bytes,
   * faults, repeats, lost) go on; the counters of evicted rows begin again.
   */
  clear(nowMs: number): void {
    this.#chunks.clear()
    this.#logs.clear()
    this.#overview.clear()
    this.series.clear(nowMs)
    const newIdOf = this.#messages.clear((id) => !this.#isOver(id))
    this.#intake.clear(newIdOf)
    this.#journal.clear(newIdOf)
    this.#listeners.cleared()
    this.#ledgers.forgetRows()
    this.#clears += 1
    this.#clearedAtMs = nowMs
    this.#listeners.changed()
  }

  /** Forgets the figures and keys of a link that will not come back. Its messages stay, its losses stay counted. */
  forgetLink(linkId: number): void {
    this.#ledgers.forgetLink(linkId)
    this.series.forgetLink(linkId)
    this.#intake.forgetLink(linkId)
    this.#logs.forgetLink(linkId)
    this.#explainer.forgetLink(linkId)
    this.#journal.forgetLink(linkId)
    this.#listeners.changed()
  }

  #addFault(event: FaultEvent): void {
    this.#ledgers.of(event.linkId).statistics.addFault(event)
    this.#logs.note(event)
    this.#journal.noteFault(event)
    this.#overview.addFault(event)
    this.#intake.fault(event)
  }

  #noteChanged(id: number): void {
    this.#journal.touches.add(id)
    this.#listeners.messageChanged(id)
  }

  #oldestMs(nowMs: number): number {
    const { firstRow } = this.#chunks
    const { firstId } = this.#messages
    const chunkMs = this.#chunks.startMsOf(firstRow) ?? nowMs
    const messageMs = this.#messages.has(firstId)
      ? this.#messages.columnsOf(firstId).openedMs[this.#messages.indexOf(firstId)]!
      : nowMs
    return Math.max(Math.min(chunkMs, messageMs), this.#clearedAtMs)
  }

  #expect(messageId: number): void {
    if (this.#messages.has(messageId)) return
    throw new ConsoleError('MESSAGE_UNKNOWN', `message #${messageId} is not in memory`, { messageId })
  }

  #isOver(id: number): boolean {
    return isFinal(STATUSES.word(this.#messages.columnsOf(id).statuses[this.#messages.indexOf(id)]!))
  }

  #madeLaneSource(): LaneSource {
    const clears = (): number => this.#clears
    const ledgers = this.#ledgers
    return {
      chunks: this.#chunks,
      messages: this.#messages,
      logs: this.#logs,
      maxMessages: this.#limits.messages,
      get clears() {
        return clears()
      },
      get queuedBytes() {
        return ledgers.queuedBytes
      },
      queues: () => ledgers.queues(),
    }
  }
}
