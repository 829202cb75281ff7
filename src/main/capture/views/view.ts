import type { ListChanged, ListEvent, ListRow, ListView } from '../../../shared/model/list-view'
import type { ChunkStore } from '../chunk-store'
import type { MessageStore } from '../message-store'
import { KINDS } from '../message-words'
import type { ListJournal } from './list-journal'
import { listMessage } from './list-message'
import { ListPlaces } from './list-places'
import type { RowFilter } from './row-filter'
import { ViewWatch } from './view-watch'

/** What views are made of. */
export interface ViewSource {
  readonly messages: MessageStore
  readonly chunks: ChunkStore
  readonly journal: ListJournal
  /** Grows with every clearing of the capture. */
  readonly clears: number
}

/** Text of a further column for a kept message, or for one of its chunks. */
export type CellOf = (messageId: number, chunkRow?: number) => string

/** A look at the clock costs about as much as a fast filter over this many messages, or as a body of so many bytes. */
const MESSAGES_PER_LOOK = 256
const BYTES_PER_LOOK = 4096
/** How often all messages are judged anew for a filter that looks at their age. */
export const AGAIN_MS = 1000
const RESPONSE = KINDS.number('response')

let generations = 0

/** No two lists ever have the same: positions of one mean nothing in another. */
export function nextGeneration(): number {
  generations += 1
  return generations
}

/** What a list of messages and one of chunks have in common. */
export type ListedView = Pick<
  View,
  | 'dependsOnNow'
  | 'end'
  | 'first'
  | 'generation'
  | 'hasWork'
  | 'messageBeside'
  | 'messageFrom'
  | 'positionAtTime'
  | 'positionNear'
  | 'positionOf'
  | 'rows'
  | 'rowsBetween'
  | 'state'
  | 'sync'
  | 'unwatch'
  | 'watch'
>

/**
 * One list: which messages and events it shows, in which order. It is brought up to date by `sync`, in portions of a given
 * time: first what changed, then what was there before the view, newest first. Nothing is done when nobody asks.
 */
export class View {
  /** Rows come and go while only time passes: to be asked every `AGAIN_MS`. */
  readonly dependsOnNow: boolean
  readonly #source: ViewSource
  readonly #nowMs: () => number
  readonly #isExchange: boolean
  readonly #filter: RowFilter | null
  readonly #marks: readonly RowFilter[]
  readonly #marked: number[]
  /** Filters of which one message may take long. */
  readonly #slow: readonly RowFilter[]
  readonly #looksAtPartner: boolean
  readonly #places = new ListPlaces((position) => this.#note(position))
  readonly #rows = this.#places.rows
  #watches: readonly ViewWatch[] = []
  #generation = 0
  #clears = 0
  /** Next change to be followed. */
  #cursor = 0
  /** Messages below were not looked at yet. */
  #scanNext = 0
  #scanOf = 0
  #scanMs = 0
  /** Messages below are still to be judged again because time has passed. */
  #againNext = 0
  #againAtMs = 0
  /** Bytes that slow filters had read when the clock was looked at last. */
  #readAtLook = 0

  /** @param filter - Null for all messages. */
  constructor(
    source: ViewSource,
    nowMs: () => number,
    order: ListView['order'],
    filter: RowFilter | null,
    marks: readonly RowFilter[],
  ) {
    this.#source = source
    this.#nowMs = nowMs
    this.#isExchange = order === 'exchange'
    this.#filter = filter
    this.#marks = marks
    this.#marked = marks.map(() => 0)
    const all = filter === null ? marks : [filter, ...marks]
    this.#slow = all.filter(({ isSlow }) => isSlow)
    this.#looksAtPartner = all.some(({ looksAtPartner }) => looksAtPartner)
    this.dependsOnNow = all.some(({ dependsOnNow }) => dependsOnNow)
    this.#restart()
  }

  get generation(): number {
    return this.#generation
  }

  /** First position that there is. */
  get first(): number {
    return this.#places.first
  }

  /** One beyond the last position. */
  get end(): number {
    return this.#places.end
  }

  /** True when `sync` would go on with something. */
  get hasWork(): boolean {
    const { journal, messages } = this.#source
    return this.#isScanning || this.#cursor < journal.touches.end || this.#againNext > messages.firstId
  }

  get #isScanning(): boolean {
    return this.#scanNext > this.#source.messages.firstId
  }

  /** Brings the view up to date, or as far as it comes until `untilMs`. */
  sync(untilMs: number): void {
    const { journal, clears } = this.#source
    const beganMs = this.#nowMs()
    if (clears !== this.#clears || this.#cursor < journal.touches.first) this.#restart()
    this.#forgetEvicted()
    this.#places.eventsChanged(journal.events(), ({ anchor }) => anchor < this.#source.messages.firstId)
    this.#followChanges(untilMs)
    if (this.#cursor === journal.touches.end && this.#isScanning) {
      this.#scanOn(untilMs)
      this.#scanMs += this.#nowMs() - beganMs
    }
    if (this.dependsOnNow && !this.#isScanning) this.#judgeAgain(beganMs, untilMs)
  }

  /** Tells from now on what changed. */
  watch(): ViewWatch {
    const watch = new ViewWatch()
    this.#watches = [...this.#watches, watch]
    return watch
  }

  unwatch(watch: ViewWatch): void {
    this.#watches = this.#watches.filter((other) => other !== watch)
  }

  state(): Omit<ListChanged, 'changedFrom'> {
    const { messages } = this.#source
    const left = Math.max(0, this.#scanNext - messages.firstId)
    return {
      generation: this.#generation,
      first: this.first,
      end: this.end,
      unit: 'message',
      shown: this.#rows.count,
      total: messages.kept,
      evicted: messages.evicted,
      scan: left === 0 ? null : { done: Math.max(0, this.#scanOf - left), of: this.#scanOf },
      scanMs: this.#scanMs,
      marked: [...this.#marked],
    }
  }

  /** Rows from a position on, fewer at the end. */
  rows(from: number, count: number, cells: readonly CellOf[]): { from: number; rows: ListRow[] } {
    const begin = Math.min(Math.max(from, this.first), this.end)
    const rows: ListRow[] = []
    this.#places.visit(begin, begin + count, (event, index) =>
      rows.push(event ?? this.#messageAt(index, cells)),
    )
    return { from: begin, rows }
  }

  /** Numbers of messages, and events, from a position to another (exclusive). */
  rowsBetween(from: number, to: number): (number | ListEvent)[] {
    const rows: (number | ListEvent)[] = []
    this.#places.visit(from, to, (event, index) => rows.push(event ?? this.#rows.idAt(index)))
    return rows
  }

  /** Position of a message; null when it is not shown. */
  positionOf(id: number): number | null {
    if (!this.#source.messages.has(id)) return null
    const index = this.#rows.indexOf(this.#anchorOf(id), id)
    return index < 0 ? null : this.#places.positionAt(index)
  }

  /** Position of the first message that stands at the place of this one or after it, else the last; null when none is shown. */
  positionNear(id: number): number | null {
    if (this.#rows.count === 0) return null
    const anchor = this.#source.messages.has(id) ? this.#anchorOf(id) : id
    return this.#places.positionAt(Math.min(this.#rows.indexFrom(anchor, id), this.#rows.count - 1))
  }

  /** Position of the message whose time is nearest; null when none is shown. */
  positionAtTime(atMs: number): number | null {
    if (this.#rows.count === 0) return null
    const after = this.#rows.indexFrom(this.#source.messages.firstOpenedAfter(atMs), 0)
    const before = after - 1
    if (after >= this.#rows.count) return this.#places.positionAt(before)
    if (before < 0) return this.#places.positionAt(after)
    const isBefore =
      atMs - this.#openedMsAt(before) <= this.#openedMsAt(after) - atMs && this.#openedMsAt(before) <= atMs
    return this.#places.positionAt(isBefore ? before : after)
  }

  /** Number of the message at a position or, where an event stands there, of the next one in this direction; 0 when none. */
  messageFrom(position: number, direction: 1 | -1): number {
    const index = this.#places.indexAt(position, direction)
    return index < 0 ? 0 : this.#rows.idAt(index)
  }

  /** Number of the shown message next to one that is (or was) shown; 0 when there is none. */
  messageBeside(id: number, direction: 1 | -1): number {
    const anchor = this.#source.messages.has(id) ? this.#anchorOf(id) : id
    const index = this.#rows.indexFrom(anchor, direction === 1 ? id + 1 : id)
    const row = direction === 1 ? index : index - 1
    return row >= 0 && row < this.#rows.count ? this.#rows.idAt(row) : 0
  }

  /** Looks at the clock after so many messages, and after so much work on few of them. */
  #isTurnOver(looks: number, untilMs: number): boolean {
    let readBytes = 0
    for (let at = 0; at < this.#slow.length; at++) readBytes += this.#slow[at]!.readBytes
    if (looks % MESSAGES_PER_LOOK !== 0 && readBytes - this.#readAtLook < BYTES_PER_LOOK) return false
    this.#readAtLook = readBytes
    return this.#nowMs() >= untilMs
  }

  #restart(): void {
    const { messages, journal, clears } = this.#source
    this.#generation = nextGeneration()
    this.#clears = clears
    this.#cursor = journal.touches.end
    this.#marked.fill(0)
    this.#scanNext = messages.nextId
    this.#scanOf = messages.kept
    this.#scanMs = 0
    this.#againNext = 0
    this.#places.restart(journal.events(), messages.kept)
  }

  #note(position: number): void {
    for (const watch of this.#watches) watch.note(position)
  }

  #forgetEvicted(): void {
    const { messages } = this.#source
    const { removed } = this.#rows.forgetBefore(messages.firstId, (marks) => this.#count(marks, -1))
    this.#places.leftInFront(removed)
  }

  #followChanges(untilMs: number): void {
    const { touches } = this.#source.journal
    const { end } = touches
    let last = 0
    let looks = 0
    while (this.#cursor < end) {
      const id = touches.messageAt(this.#cursor)
      this.#cursor += 1
      if (id === last) continue
      last = id
      this.#judge(id)
      looks += 1
      if (this.#isTurnOver(looks, untilMs)) return
    }
  }

  #judgeAgain(nowMs: number, untilMs: number): void {
    const { messages } = this.#source
    if (this.#againNext <= messages.firstId) {
      if (nowMs < this.#againAtMs) return
      this.#againNext = messages.nextId
      this.#againAtMs = nowMs + AGAIN_MS
    }
    while (this.#againNext > messages.firstId) {
      this.#againNext -= 1
      if (messages.has(this.#againNext)) this.#judgeOne(this.#againNext, true)
      if (this.#isTurnOver(this.#againNext, untilMs)) return
    }
  }

  /** A message came or changed: does it stand here, and where? */
  #judge(id: number): void {
    const { messages } = this.#source
    if (!messages.has(id)) return
    this.#judgeOne(id)
    if (!this.#looksAtPartner) return
    const partnerId = messages.columnsOf(id).partnerIds[messages.indexOf(id)]!
    if (messages.has(partnerId)) this.#judgeOne(partnerId)
  }

  /** @param isAgain - Nothing of the message itself changed. */
  #judgeOne(id: number, isAgain = false): void {
    if (id < this.#scanNext) return
    const { messages } = this.#source
    const columns = messages.columnsOf(id)
    const at = messages.indexOf(id)
    const isShown = this.#filter === null || this.#filter.admits(columns, at, id)
    const anchor = this.#anchorOf(id)
    let index = this.#rows.indexOf(anchor, id)
    // An answer gets its request once, at its beginning or when the request is settled by it.
    if (index < 0 && anchor !== id) index = this.#rows.indexOf(id, id)
    if (index >= 0 && (!isShown || this.#rows.anchorAt(index) !== anchor)) {
      this.#note(this.#places.positionAt(index))
      this.#count(this.#rows.marksAt(index), -1)
      this.#rows.remove(index)
      index = -1
    }
    if (!isShown) return
    const marks = this.#marksOf(id)
    if (index < 0) index = this.#rows.insert(anchor, id, marks)
    else {
      if (isAgain && marks === this.#rows.marksAt(index)) return
      this.#count(this.#rows.marksAt(index), -1)
      this.#rows.setMarks(index, marks)
    }
    this.#count(marks, 1)
    this.#note(this.#places.positionAt(index))
  }

  /** Looks at messages that were there before the view, newest first. */
  #scanOn(untilMs: number): void {
    const { messages } = this.#source
    const { firstId } = messages
    const before = this.#rows.count
    if (this.#filter === null && this.#marks.length === 0 && !this.#isExchange) {
      this.#rows.insertRun(firstId, this.#scanNext - firstId)
      this.#scanNext = firstId
    } else this.#scanUntil(untilMs)
    this.#places.cameInFront(this.#rows.count - before)
  }

  #scanUntil(untilMs: number): void {
    const { messages } = this.#source
    const { firstId } = messages
    let id = this.#scanNext
    let columns = messages.columnsOf(id - 1)
    let at = messages.indexOf(id - 1) + 1
    while (id > firstId) {
      id -= 1
      at -= 1
      if (at < 0) {
        columns = messages.columnsOf(id)
        at = messages.indexOf(id)
      }
      if (this.#filter === null || this.#filter.admits(columns, at, id)) {
        const marks = this.#marksOf(id)
        this.#count(marks, 1)
        this.#rows.insert(this.#isExchange ? this.#anchorOf(id) : id, id, marks)
      }
      if (this.#isTurnOver(id, untilMs)) break
    }
    this.#scanNext = id
  }

  #marksOf(id: number): number {
    if (this.#marks.length === 0) return 0
    const { messages } = this.#source
    const columns = messages.columnsOf(id)
    const at = messages.indexOf(id)
    let bits = 0
    for (let mark = 0; mark < this.#marks.length; mark++) {
      if (this.#marks[mark]!.admits(columns, at, id)) bits |= 1 << mark
    }
    return bits
  }

  #count(marks: number, by: 1 | -1): void {
    if (marks === 0) return
    for (let mark = 0; mark < this.#marked.length; mark++) {
      if ((marks & (1 << mark)) !== 0) this.#marked[mark] = this.#marked[mark]! + by
    }
  }

  /** The message at whose place this one stands. */
  #anchorOf(id: number): number {
    if (!this.#isExchange) return id
    const { messages } = this.#source
    const columns = messages.columnsOf(id)
    const at = messages.indexOf(id)
    const requestId = columns.partnerIds[at]!
    return columns.kinds[at] === RESPONSE && requestId !== 0 && requestId < id ? requestId : id
  }

  #openedMsAt(index: number): number {
    const { messages } = this.#source
    const id = this.#rows.idAt(index)
    return messages.columnsOf(id).openedMs[messages.indexOf(id)]!
  }

  #messageAt(index: number, cells: readonly CellOf[]): ListRow {
    const { messages, journal } = this.#source
    const id = this.#rows.idAt(index)
    const anchor = this.#rows.anchorAt(index)
    return listMessage(messages, id, {
      depth: anchor !== id && this.#rows.indexOf(anchor, anchor) >= 0 ? 1 : 0,
      matches: this.#rows.marksAt(index),
      previousMs: index > 0 ? this.#openedMsAt(index - 1) : null,
      isMarked: journal.isMarked(id),
      note: journal.noteTextOf(id),
      cells: cells.map((cellOf) => cellOf(id)),
    })
  }
}
