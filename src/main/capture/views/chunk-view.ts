import type { ListChanged, ListEvent, ListRow } from '../../../shared/model/list-view'
import { NO_SEQ } from '../chunk-store'
import { isFinal } from '../message-status'
import { STATUSES } from '../message-words'
import { listChunk } from './list-chunk'
import type { PlacedEvent } from './list-journal'
import { ListPlaces } from './list-places'
import type { RowFilter } from './row-filter'
import type { CellOf, ListedView, ViewSource } from './view'
import { nextGeneration } from './view'
import { ViewWatch } from './view-watch'

/** Does a kept chunk match? */
export interface ChunkFilter {
  /** What becomes of the message of a chunk can change the answer. */
  readonly looksAtMessage: boolean
  admits(row: number): boolean
}

/** A look at the clock costs about as much as the filter over this many chunks. */
const CHUNKS_PER_LOOK = 64
/** Chunks of messages that are under way, to be judged again when these go on. The oldest go first: they stay as they were judged. */
const MAX_UNSETTLED = 65_536

/**
 * A list of chunks, oldest first, for a filter that speaks of `chunk.*`. Like `View` it works in portions; it looks at
 * what was there from the oldest on, because chunks come in one order only.
 */
export class ChunkView implements ListedView {
  readonly dependsOnNow = false
  readonly #source: ViewSource
  readonly #nowMs: () => number
  readonly #filter: ChunkFilter
  readonly #marks: readonly RowFilter[]
  readonly #marked: number[]
  readonly #places = new ListPlaces((position) => this.#note(position))
  readonly #rows = this.#places.rows
  #watches: readonly ViewWatch[] = []
  #journalled: readonly PlacedEvent[] = []
  #events: readonly PlacedEvent[] = []
  /** By event: the row at whose time it stands, and the message it was noted at. */
  #eventPlaces = new Map<number, { readonly row: number; readonly messageId: number }>()
  /** By message under way: its chunks that were judged. */
  readonly #unsettled = new Map<number, number[]>()
  #unsettledRows = 0
  #generation = 0
  #clears = 0
  /** Next change to be followed. */
  #cursor = 0
  /** Chunks from here on were not looked at yet. */
  #next = 0
  /** Where the chunks that were there before the view ended. */
  #scanEnd = 0
  #scanFrom = 0
  #scanMs = 0

  constructor(source: ViewSource, nowMs: () => number, filter: ChunkFilter, marks: readonly RowFilter[]) {
    this.#source = source
    this.#nowMs = nowMs
    this.#filter = filter
    this.#marks = marks
    this.#marked = marks.map(() => 0)
    this.#restart()
  }

  get generation(): number {
    return this.#generation
  }

  get first(): number {
    return this.#places.first
  }

  get end(): number {
    return this.#places.end
  }

  get hasWork(): boolean {
    const { journal, chunks } = this.#source
    return (
      this.#next < chunks.settledEnd || (this.#filter.looksAtMessage && this.#cursor < journal.touches.end)
    )
  }

  sync(untilMs: number): void {
    const { journal, chunks, clears } = this.#source
    const beganMs = this.#nowMs()
    if (clears !== this.#clears || this.#cursor < journal.touches.first) this.#restart()
    const { removed } = this.#rows.forgetBefore(chunks.firstRow, (marks) => this.#count(marks, -1))
    this.#places.leftInFront(removed)
    this.#next = Math.max(this.#next, chunks.firstRow)
    this.#placeEvents()
    this.#followChanges(untilMs)
    const isScanning = this.#next < this.#scanEnd
    this.#lookOn(untilMs)
    if (isScanning) this.#scanMs += this.#nowMs() - beganMs
  }

  watch(): ViewWatch {
    const watch = new ViewWatch()
    this.#watches = [...this.#watches, watch]
    return watch
  }

  unwatch(watch: ViewWatch): void {
    this.#watches = this.#watches.filter((other) => other !== watch)
  }

  state(): Omit<ListChanged, 'changedFrom'> {
    const { chunks } = this.#source
    const of = this.#scanEnd - this.#scanFrom
    const isScanning = this.#next < this.#scanEnd
    return {
      generation: this.#generation,
      first: this.first,
      end: this.end,
      unit: 'chunk',
      shown: this.#rows.count,
      total: chunks.kept,
      evicted: chunks.evicted,
      scan: isScanning ? { done: this.#next - this.#scanFrom, of } : null,
      scanMs: this.#scanMs,
      marked: [...this.#marked],
    }
  }

  rows(from: number, count: number, cells: readonly CellOf[]): { from: number; rows: ListRow[] } {
    const begin = Math.min(Math.max(from, this.first), this.end)
    const rows: ListRow[] = []
    this.#places.visit(begin, begin + count, (event, index) =>
      rows.push(event ?? this.#chunkAt(index, cells)),
    )
    return { from: begin, rows }
  }

  /** The messages of the chunks, each where it comes first, and events. */
  rowsBetween(from: number, to: number): (number | ListEvent)[] {
    const rows: (number | ListEvent)[] = []
    const seen = new Set<number>()
    this.#places.visit(from, to, (event, index) => {
      if (event !== null) {
        rows.push(event)
        return
      }
      const messageId = this.#messageIdAt(index)
      if (messageId === 0 || seen.has(messageId)) return
      seen.add(messageId)
      rows.push(messageId)
    })
    return rows
  }

  /** Position of the first shown chunk of a message. */
  positionOf(messageId: number): number | null {
    const { messages } = this.#source
    if (!messages.has(messageId)) return null
    const index = this.#indexAtTime(this.#beganMs(messageId))
    // a chunk may stand before its time by what is written ahead: a few rows, not many
    for (let at = Math.max(0, index - 16); at < this.#rows.count; at++) {
      const id = this.#messageIdAt(at)
      if (id === messageId) return this.#places.positionAt(at)
      if (at > index + MAX_UNSETTLED) return null
    }
    return null
  }

  positionNear(messageId: number): number | null {
    const { messages } = this.#source
    if (this.#rows.count === 0) return null
    if (!messages.has(messageId)) return this.#places.positionAt(0)
    return this.#places.positionAt(
      Math.min(this.#indexAtTime(this.#beganMs(messageId)), this.#rows.count - 1),
    )
  }

  positionAtTime(atMs: number): number | null {
    if (this.#rows.count === 0) return null
    const after = this.#indexAtTime(atMs)
    if (after >= this.#rows.count) return this.#places.positionAt(after - 1)
    if (after === 0) return this.#places.positionAt(0)
    const isBefore = atMs - this.#startMsAt(after - 1) <= this.#startMsAt(after) - atMs
    return this.#places.positionAt(isBefore ? after - 1 : after)
  }

  messageFrom(position: number, direction: 1 | -1): number {
    const index = this.#places.indexAt(position, direction)
    return index < 0 ? 0 : this.#messageIdAt(index)
  }

  messageBeside(id: number, direction: 1 | -1): number {
    const position = this.positionOf(id)
    let index = position === null ? -1 : this.#places.indexAt(position, direction)
    while (index >= 0 && index < this.#rows.count && this.#messageIdAt(index) === id) index += direction
    return index >= 0 && index < this.#rows.count ? this.#messageIdAt(index) : 0
  }

  #restart(): void {
    const { journal, chunks, clears } = this.#source
    this.#generation = nextGeneration()
    this.#clears = clears
    this.#cursor = journal.touches.end
    this.#marked.fill(0)
    this.#next = chunks.firstRow
    this.#scanFrom = chunks.firstRow
    this.#scanEnd = chunks.settledEnd
    this.#scanMs = 0
    this.#unsettled.clear()
    this.#unsettledRows = 0
    this.#eventPlaces.clear()
    this.#journalled = journal.events()
    this.#events = this.#placed(this.#journalled)
    this.#places.restart(this.#events, 0)
  }

  #note(position: number): void {
    for (const watch of this.#watches) watch.note(position)
  }

  #placeEvents(): void {
    const { journal, messages } = this.#source
    const journalled = journal.events()
    if (journalled === this.#journalled) return
    const former = this.#eventPlaces
    this.#journalled = journalled
    this.#events = this.#placed(journalled)
    this.#places.eventsChanged(
      this.#events,
      ({ event }) => (former.get(event.eventId)?.messageId ?? 0) < messages.firstId,
    )
  }

  /** Events at the rows of their times. A place that was given once stays. */
  #placed(journalled: readonly PlacedEvent[]): readonly PlacedEvent[] {
    const { chunks } = this.#source
    const known = this.#eventPlaces
    const places = new Map<number, { readonly row: number; readonly messageId: number }>()
    let least = 0
    const placed = journalled.map(({ anchor, event }) => {
      const row =
        anchor === 0 ? 0 : Math.max(least, known.get(event.eventId)?.row ?? chunks.rowAt(event.atMs))
      least = row
      places.set(event.eventId, { row, messageId: anchor })
      const same = this.#events.find((other) => other.event === event && other.anchor === row)
      return same ?? { anchor: row, event }
    })
    this.#eventPlaces = places
    return placed
  }

  #followChanges(untilMs: number): void {
    const { touches } = this.#source.journal
    if (!this.#filter.looksAtMessage) {
      this.#cursor = touches.end
      return
    }
    while (this.#cursor < touches.end) {
      const id = touches.messageAt(this.#cursor)
      this.#cursor += 1
      const rows = this.#unsettled.get(id)
      if (rows === undefined) continue
      for (const row of rows) this.#judgeAgain(row)
      if (!this.#isUnderWay(id)) this.#settle(id)
      if (this.#nowMs() >= untilMs) return
    }
  }

  #lookOn(untilMs: number): void {
    const { chunks } = this.#source
    const end = chunks.settledEnd
    for (let looks = 1; this.#next < end; looks++) {
      const row = this.#next
      this.#next += 1
      const columns = chunks.columnsOf(row)
      const at = chunks.indexOf(row)
      if (columns.seqs[at] === NO_SEQ) continue
      const messageId = columns.messageIds[at]!
      if (this.#filter.admits(row)) {
        const marks = this.#marksOf(messageId)
        this.#count(marks, 1)
        this.#note(this.#places.positionAt(this.#rows.insert(row, row, marks)))
      }
      if (this.#filter.looksAtMessage && this.#isUnderWay(messageId)) this.#remember(messageId, row)
      if (looks % CHUNKS_PER_LOOK === 0 && this.#nowMs() >= untilMs) return
    }
  }

  #judgeAgain(row: number): void {
    const index = this.#rows.indexOf(row, row)
    const isShown = this.#source.chunks.has(row) && this.#filter.admits(row)
    if (isShown === index >= 0) return
    if (isShown) {
      const { chunks } = this.#source
      const marks = this.#marksOf(chunks.columnsOf(row).messageIds[chunks.indexOf(row)]!)
      this.#count(marks, 1)
      this.#note(this.#places.positionAt(this.#rows.insert(row, row, marks)))
      return
    }
    this.#note(this.#places.positionAt(index))
    this.#count(this.#rows.marksAt(index), -1)
    this.#rows.remove(index)
  }

  #remember(messageId: number, row: number): void {
    const rows = this.#unsettled.get(messageId)
    if (rows === undefined) this.#unsettled.set(messageId, [row])
    else rows.push(row)
    this.#unsettledRows += 1
    while (this.#unsettledRows > MAX_UNSETTLED) {
      const [oldest] = this.#unsettled.keys()
      if (oldest === undefined) return
      this.#settle(oldest)
    }
  }

  #settle(messageId: number): void {
    this.#unsettledRows -= this.#unsettled.get(messageId)?.length ?? 0
    this.#unsettled.delete(messageId)
  }

  #isUnderWay(messageId: number): boolean {
    const { messages } = this.#source
    if (!messages.has(messageId)) return false
    return !isFinal(STATUSES.word(messages.columnsOf(messageId).statuses[messages.indexOf(messageId)]!))
  }

  #marksOf(messageId: number): number {
    const { messages } = this.#source
    if (this.#marks.length === 0 || !messages.has(messageId)) return 0
    const columns = messages.columnsOf(messageId)
    const at = messages.indexOf(messageId)
    let bits = 0
    this.#marks.forEach((mark, bit) => {
      if (mark.admits(columns, at, messageId)) bits |= 1 << bit
    })
    return bits
  }

  #count(marks: number, by: 1 | -1): void {
    for (let mark = 0; mark < this.#marked.length; mark++) {
      if ((marks & (1 << mark)) !== 0) this.#marked[mark] = this.#marked[mark]! + by
    }
  }

  #messageIdAt(index: number): number {
    const { chunks, messages } = this.#source
    const row = this.#rows.idAt(index)
    if (!chunks.has(row)) return 0
    const id = chunks.columnsOf(row).messageIds[chunks.indexOf(row)]!
    return messages.has(id) ? id : 0
  }

  /** Chunks may be ahead of the head of their message. */
  #beganMs(messageId: number): number {
    const { messages } = this.#source
    const columns = messages.columnsOf(messageId)
    const at = messages.indexOf(messageId)
    const firstMs = columns.firstChunkMs[at]!
    const openedMs = columns.openedMs[at]!
    return firstMs < openedMs ? firstMs : openedMs
  }

  #startMsAt(index: number): number {
    return this.#source.chunks.startMsOf(this.#rows.idAt(index)) ?? 0
  }

  /** Index of the first row whose chunk was captured when one at this time was, or later. */
  #indexAtTime(atMs: number): number {
    return this.#rows.indexFrom(this.#source.chunks.rowAt(atMs), 0)
  }

  #chunkAt(index: number, cells: readonly CellOf[]): ListRow {
    const { chunks, messages } = this.#source
    const row = this.#rows.idAt(index)
    return listChunk(chunks, messages, row, {
      matches: this.#rows.marksAt(index),
      previousMs: index > 0 ? this.#startMsAt(index - 1) : null,
      cells: cells.map((cellOf) => cellOf(this.#messageIdAt(index), row)),
    })
  }
}
