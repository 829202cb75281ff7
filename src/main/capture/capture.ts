import { ConsoleError } from '../../shared/errors'
import type { Explanation } from '../../shared/model/explanation'
import type { LineRate } from '../../shared/model/line-rate'
import type { Note } from '../../shared/model/notes'
import { peerErrorOf } from '../../shared/model/peer-error'
import type { TriggerMoment } from '../../shared/model/triggers'
import type {
  FaultEvent,
  FrameEvent,
  MessageClosed,
  MessageOpened,
  RequestSettled,
  TraceEvent,
} from '../../shared/model/trace'
import {
  LANE_FAULT,
  type LaneQueue,
  type MessageChunks,
  type MessageDetail,
  type MessageRow,
  type MessagesChanged,
  type Overview,
  type StatusSnapshot,
  type LaneCacheEnd,
  type LaneFault,
  type LaneTaskRun,
} from '../../shared/model/views'
import { type CaptureLimits, DEFAULT_CAPTURE_LIMITS } from './capture-limits'
import { ChunkStore } from './chunk-store'
import { EarlyChunks } from './early-chunks'
import { Explainer } from './explain/explainer'
import type { TurnTaking } from './explain/explanation-words'
import { GapLog } from './gap-log'
import { LaneReader, type LaneSource } from './lane-reader'
import { LatestLog } from './latest-log'
import { LinesLog } from './lines-log'
import { LinkLedger } from './link-ledger'
import { type LinkFigures, LinkStatistics } from './link-statistics'
import { loggedCacheEnd, loggedFault, loggedTaskRun } from './logged-events'
import { MessageKeys } from './message-keys'
import { isFinal } from './message-status'
import { MessageStore } from './message-store'
import { messageChunks } from './message-chunks'
import { messageDetail, messageRow } from './message-views'
import { MessageWatch } from './message-watch'
import { KINDS, STATUSES } from './message-words'
import { OverviewBins } from './overview'
import { previousMessage } from './previous-message'
import { RouteHues } from './route-hues'
import { SeriesStore } from './series/series-store'
import type { SubjectSource } from './subject/message-cursor'
import type { RowFilter } from './views/row-filter'
import { ListJournal } from './views/list-journal'
import type { ViewSource } from './views/view'

const NO_FIGURES = new LinkStatistics()

/** Hears of messages at the moments of their lives. It must be cheap, and change nothing before it returns. */
export interface MomentListener {
  reached(messageId: number, moment: TriggerMoment, atMs: number): void
  /** Messages went or got other numbers: `clear`. */
  cleared(): void
}

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
  readonly #faults: LatestLog<LaneFault>
  readonly #gaps: GapLog
  readonly #explainer: Explainer
  readonly #lines: LinesLog
  readonly #taskRuns: LatestLog<LaneTaskRun>
  readonly #cacheEnds: LatestLog<LaneCacheEnd>
  readonly #journal: ListJournal
  readonly #keys = new MessageKeys()
  readonly #early = new EarlyChunks()
  readonly #hues = new RouteHues()
  readonly #overview = new OverviewBins()
  readonly #ledgers = new Map<number, LinkLedger>()
  /** Replaced when they change, so that telling them for every frame allocates nothing. */
  #watches: readonly MessageWatch[] = []
  #listeners: readonly (() => void)[] = []
  #moments: readonly MomentListener[] = []
  #queuedBytes = 0
  /** Of links that are forgotten. */
  #lostBytesBefore = 0
  #faultsBefore = 0
  #repeatedFramesBefore = 0
  #clears = 0
  #clearedAtMs = 0

  constructor(limits: Partial<CaptureLimits> = {}) {
    this.#limits = { ...DEFAULT_CAPTURE_LIMITS, ...limits }
    this.#chunks = new ChunkStore(this.#limits.chunks, this.#limits.chunkSegmentRows)
    this.#messages = new MessageStore(this.#limits, (id) => this.#noteChanged(id))
    this.#faults = new LatestLog(this.#limits.faults)
    this.#gaps = new GapLog(this.#limits.gaps)
    this.#explainer = new Explainer(this.#chunks, this.#messages, this.#limits.gaps)
    this.#journal = new ListJournal(this.#messages)
    this.#lines = new LinesLog(this.#limits.lines)
    this.#taskRuns = new LatestLog(this.#limits.taskRuns)
    this.#cacheEnds = new LatestLog(this.#limits.cacheEnds)
  }

  /** Takes one trace event. Borrowed bytes are copied or, when immutable, kept by reference. */
  readonly observe = (event: TraceEvent): void => {
    this.series.observe(event)
    switch (event.type) {
      case 'bytes':
        this.#ledger(event.linkId).statistics.addBytes(event)
        break
      case 'frame':
        this.#addFrame(event)
        break
      case 'message-opened':
        this.#openMessage(event)
        break
      case 'message-closed':
        this.#closeMessage(event)
        break
      case 'request-settled':
        this.#settleRequest(event)
        break
      case 'fault':
        this.#addFault(event)
        break
      case 'link-state':
        this.#gaps.note(event)
        this.#explainer.note(event)
        this.#journal.noteLinkState(event)
        break
      case 'lines':
        this.#lines.add(event)
        break
      case 'task-run':
        this.#taskRuns.add(loggedTaskRun(event))
        break
      case 'cache': {
        const end = loggedCacheEnd(event)
        if (end !== undefined) this.#cacheEnds.add(end)
        if (event.change === 'set' && this.#messages.has(event.messageId)) {
          this.#messages.noteCacheKey(event.messageId, event.key)
        }
        break
      }
      case 'queue': {
        const { statistics } = this.#ledger(event.linkId)
        this.#queuedBytes += event.queuedBytes - statistics.queuedBytes
        statistics.noteQueue(event)
        break
      }
      case 'session':
        this.#ledger(event.linkId).statistics.noteSession(event)
        this.#explainer.note(event)
        break
      case 'clock-sample':
        this.#ledger(event.linkId).statistics.noteClock(event)
        break
    }
    this.#tell()
  }

  /** A message was sent by a task. Harmless for a message that is not kept. */
  noteTask(messageId: number, task: string): void {
    if (!this.#messages.has(messageId)) return
    this.#messages.noteTask(messageId, task)
    this.#tell()
  }

  /** Calls `listener` after every event and after `clear`: it must be cheap. Returns how to end it. */
  onChange(listener: () => void): () => void {
    this.#listeners = [...this.#listeners, listener]
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener)
    }
  }

  /** Something that screens show with the capture changed without a trace event, such as the lock. */
  touch(): void {
    this.#tell()
  }

  /** Number of the message with this key on its link, 0 when it is not (or no longer) known. */
  messageIdOf(linkId: number, messageKey: number): number {
    return this.#keys.idOf(linkId, messageKey)
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
    const statistics = this.#ledgers.get(linkId)?.statistics ?? NO_FIGURES
    return statistics.figures(nowMs, lineRate)
  }

  /** Counts over all links. Bodies that went early are not messages that went: those keep their rows. */
  totals(): Omit<StatusSnapshot, 'nowMs' | 'links' | 'isListenOnly'> {
    let lostBytes = this.#lostBytesBefore
    let faults = this.#faultsBefore
    let repeatedFrames = this.#repeatedFramesBefore
    for (const { statistics } of this.#ledgers.values()) {
      lostBytes += statistics.lostBytes
      faults += statistics.faults
      repeatedFrames += statistics.repeatedFrames
    }
    return {
      messages: this.#messages.kept,
      chunks: this.#chunks.kept,
      evictedMessages: this.#messages.evicted,
      evictedChunks: this.#chunks.evicted,
      lostBytes,
      faults,
      repeatedFrames,
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
    return new LaneReader(this.#laneSource(), fromMs, marks)
  }

  /**
   * A cursor for lanes around a moment that moves on: chunks one by one, from `behind` rows before it to `ahead` rows after.
   *
   * @param atMs - Asked for with every batch.
   */
  readLanesAround(
    atMs: () => number,
    { behind, ahead }: { readonly behind: number; readonly ahead: number },
    marks: readonly (RowFilter | null)[] = [],
  ): { readonly reader: LaneReader; readonly covers: (momentMs: number) => boolean } {
    const rowAt = (momentMs: number): number => this.#chunks.rowAt(momentMs)
    const fromRow = Math.max(this.#chunks.firstRow, rowAt(atMs()) - behind)
    let endRow = fromRow
    const window = {
      fromRow,
      endRow: () => {
        endRow = Math.max(endRow, rowAt(atMs()) + ahead)
        return endRow
      },
    }
    return {
      reader: new LaneReader(this.#laneSource(), 0, marks, window),
      covers: (momentMs) => {
        const row = rowAt(momentMs)
        return (row > fromRow || fromRow === this.#chunks.firstRow) && row <= endRow
      },
    }
  }

  #laneSource(): LaneSource {
    const clears = (): number => this.#clears
    const queuedBytes = (): number => this.#queuedBytes
    return {
      chunks: this.#chunks,
      messages: this.#messages,
      faults: this.#faults,
      gaps: this.#gaps,
      lines: this.#lines,
      taskRuns: this.#taskRuns,
      cacheEnds: this.#cacheEnds,
      maxMessages: this.#limits.messages,
      get clears() {
        return clears()
      },
      get queuedBytes() {
        return queuedBytes()
      },
      queues: () => {
        const queues: LaneQueue[] = []
        for (const [linkId, { statistics }] of this.#ledgers) {
          queues.push({ linkId, queuedBytes: statistics.queuedBytes })
        }
        return queues
      },
    }
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
    this.#tell()
    return set
  }

  /** @throws ConsoleError `NOTE_UNKNOWN`. */
  removeNote(noteId: number): void {
    this.#journal.removeNote(noteId)
    this.#tell()
  }

  /** Tells a listener of messages that are opened, closed, and settled: nothing more is awaited. Returns how to end it. */
  hearMoments(listener: MomentListener): () => void {
    this.#moments = [...this.#moments, listener]
    return () => {
      this.#moments = this.#moments.filter((other) => other !== listener)
    }
  }

  /** A row in every list: a trigger went off. @param messageId - Stands after this message; else after the newest. */
  noteTrigger(linkId: number, atMs: number, name: string, messageId?: number): void {
    this.#journal.noteTrigger(linkId, atMs, name, messageId)
    this.#tell()
  }

  /** Watches the bounds and changes of the message list, until `end` is called. */
  watchMessages(): { take(): MessagesChanged | undefined; end(): void } {
    const watch = new MessageWatch(this.#messages)
    this.#watches = [...this.#watches, watch]
    return {
      take: () => watch.take(),
      end: () => {
        this.#watches = this.#watches.filter((other) => other !== watch)
      },
    }
  }

  /**
   * Forgets everything that is over. Messages still on their way stay, under new numbers. Totals of links (bytes,
   * faults, repeats, lost) go on; the counters of evicted rows begin again.
   */
  clear(nowMs: number): void {
    this.#chunks.clear()
    this.#early.clear()
    this.#chunks.waitFrom(this.#early.firstRow)
    this.#faults.clear()
    this.#gaps.clear()
    this.#lines.clear()
    this.#taskRuns.clear()
    this.#cacheEnds.clear()
    this.#overview.clear()
    this.series.clear(nowMs)
    const newIdOf = this.#messages.clear((id) => !this.#isOver(id))
    this.#keys.renumber(newIdOf)
    this.#journal.clear(newIdOf)
    for (const listener of this.#moments) listener.cleared()
    for (const ledger of this.#ledgers.values()) {
      for (const side of [ledger.of('in'), ledger.of('out')]) side.lastRow = -1
    }
    this.#clears += 1
    this.#clearedAtMs = nowMs
    this.#tell()
  }

  /** Forgets the figures and keys of a link that will not come back. Its messages stay, its losses stay counted. */
  forgetLink(linkId: number): void {
    const statistics = this.#ledgers.get(linkId)?.statistics ?? NO_FIGURES
    this.#queuedBytes -= statistics.queuedBytes
    this.#lostBytesBefore += statistics.lostBytes
    this.#faultsBefore += statistics.faults
    this.#repeatedFramesBefore += statistics.repeatedFrames
    this.#ledgers.delete(linkId)
    this.series.forgetLink(linkId)
    this.#keys.forgetLink(linkId)
    this.#early.forgetLink(linkId)
    this.#chunks.waitFrom(this.#early.firstRow)
    this.#gaps.forgetLink(linkId)
    this.#explainer.forgetLink(linkId)
    this.#journal.forgetLink(linkId)
    this.#tell()
  }

  #reached(id: number, moment: TriggerMoment, atMs: number): void {
    for (let at = 0; at < this.#moments.length; at++) this.#moments[at]!.reached(id, moment, atMs)
  }

  #tell(): void {
    for (let at = 0; at < this.#listeners.length; at++) this.#listeners[at]!()
  }

  #addFrame(frame: FrameEvent): void {
    const ledger = this.#ledger(frame.linkId)
    const id = this.#keys.idOf(frame.linkId, frame.messageKey)
    const { busyMs } = ledger.of(frame.dir)
    let isRepeat = frame.isRepeat === true
    if (this.#messages.has(id)) {
      const newBytes = this.#messages.addFrame(id, frame, busyMs)
      isRepeat &&= newBytes === 0
    }
    const row = this.#chunks.append(frame, id, isRepeat)
    ledger.addFrame(frame, row, id)
    this.#overview.addFrame(frame)
    if (id === 0 && frame.messageKey !== 0) this.#early.add(frame, row, busyMs)
    if (!this.#early.isEmpty) {
      this.#early.passTo(frame.atMs)
      this.#chunks.waitFrom(this.#early.firstRow)
    }
  }

  /** Chunks that were ahead of the head of a message belong to it like those that come after. */
  #claimEarly(linkId: number, messageKey: number, id: number): void {
    for (const { frame, row, busyBeforeMs } of this.#early.claim(linkId, messageKey)) {
      this.#messages.addFrame(id, frame, busyBeforeMs)
      this.#chunks.assign(row, id)
    }
    this.#chunks.waitFrom(this.#early.firstRow)
  }

  #openMessage(event: MessageOpened): void {
    const requestId = this.#keys.idOf(event.linkId, event.answersKey)
    const hasRequest = this.#messages.has(requestId)
    const route = event.route === '' && hasRequest ? this.#routeOf(requestId) : event.route
    const hue = hasRequest ? this.#hueOf(requestId) : this.#hues.hueOf(route)
    const id = this.#messages.open(event, route, hue, hasRequest ? requestId : 0)
    this.#keys.add(event.linkId, event.messageKey, id)
    if (!this.#early.isEmpty) this.#claimEarly(event.linkId, event.messageKey, id)
    if (this.#messages.has(requestId)) this.#messages.setPartner(requestId, id, false)
    this.#reached(id, 'opened', event.atMs)
  }

  #closeMessage(event: MessageClosed): void {
    const id = this.#keys.idOf(event.linkId, event.messageKey)
    const isRequest = this.#messages.has(id) && this.#kindOf(id) === 'request'
    this.#keys.close(event.linkId, event.messageKey, isRequest)
    if (!this.#messages.has(id)) return
    this.#messages.close(id, event)
    if (event.dir === 'in' && this.#kindOf(id) === 'response') this.#noteErrorAnswer(id, event)
    this.#reached(id, 'closed', event.atMs)
    const isAwaited = this.#messages.columnsOf(id).awaited[this.#messages.indexOf(id)] === 1
    if (!isAwaited) this.#reached(id, 'settled', event.atMs)
  }

  /** An answer that says the peer failed marks itself and its request: both are through, and neither is well. */
  #noteErrorAnswer(id: number, { body }: MessageClosed): void {
    const columns = this.#messages.columnsOf(id)
    const at = this.#messages.indexOf(id)
    const said = peerErrorOf({ headers: columns.headers[at]!, body })
    if (said === undefined) return
    const code = said.code === 'ROUTE_UNKNOWN' ? 'ROUTE_UNKNOWN' : 'HANDLER_FAILED'
    this.#messages.noteCode(id, code)
    const requestId = columns.partnerIds[at]!
    if (this.#messages.has(requestId)) this.#messages.noteCode(requestId, code)
  }

  #settleRequest({ linkId, atMs, requestKey, answerKey, code, roundTripMs }: RequestSettled): void {
    const requestId = this.#keys.idOf(linkId, requestKey)
    if (!this.#messages.has(requestId)) return
    this.#messages.settle(requestId, atMs, code, roundTripMs)
    const answerId = this.#keys.idOf(linkId, answerKey)
    if (this.#messages.has(answerId)) {
      this.#messages.setPartner(requestId, answerId, true)
      this.#messages.setPartner(answerId, requestId, true)
    }
    this.#reached(requestId, 'settled', atMs)
  }

  #addFault(event: FaultEvent): void {
    const ledger = this.#ledger(event.linkId)
    ledger.statistics.addFault(event)
    this.#faults.add(loggedFault(event))
    this.#journal.noteFault(event)
    this.#overview.addFault(event)
    if (event.ref !== '' && !this.#early.isEmpty) {
      this.#early.noteFault(event)
      this.#chunks.waitFrom(this.#early.firstRow)
    }
    const { lastRow, lastMessageId } = ledger.of(event.dir)
    const isOfLastFrame =
      event.ref !== '' && this.#messages.has(lastMessageId) && this.#refOf(lastMessageId) === event.ref
    if (isOfLastFrame) this.#chunks.addFlags(lastRow, LANE_FAULT)
  }

  #noteChanged(id: number): void {
    this.#journal.touches.add(id)
    for (let at = 0; at < this.#watches.length; at++) this.#watches[at]!.note(id)
  }

  #ledger(linkId: number): LinkLedger {
    let ledger = this.#ledgers.get(linkId)
    if (ledger === undefined) {
      ledger = new LinkLedger()
      this.#ledgers.set(linkId, ledger)
    }
    return ledger
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

  #kindOf(id: number) {
    return KINDS.word(this.#messages.columnsOf(id).kinds[this.#messages.indexOf(id)]!)
  }

  #routeOf(id: number): string {
    return this.#messages.columnsOf(id).routes[this.#messages.indexOf(id)]!
  }

  #hueOf(id: number): number {
    return this.#messages.columnsOf(id).hues[this.#messages.indexOf(id)]!
  }

  #refOf(id: number): string {
    return this.#messages.columnsOf(id).refs[this.#messages.indexOf(id)]!
  }
}
