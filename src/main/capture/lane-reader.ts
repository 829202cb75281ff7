import { MAX_BATCH_BYTES } from '../../shared/contract/envelope'
import type { LaneBatch, LaneMessage, LaneQueue } from '../../shared/model/views'
import type { ChunkStore } from './chunk-store'
import type { LaneLogs } from './lane-logs'
import { KnownMessages } from './known-messages'
import { LaneColumns } from './lane-columns'
import { LaneMerger } from './lane-merger'
import { isFinal } from './message-status'
import type { MessageStore } from './message-store'
import { laneMessage } from './message-views'
import { STATUSES } from './message-words'
import type { RowFilter } from './views/row-filter'

/** What lanes are drawn from. */
export interface LaneSource {
  readonly chunks: ChunkStore
  readonly messages: MessageStore
  readonly logs: LaneLogs
  readonly maxMessages: number
  /** Grows with every `clear`. */
  readonly clears: number
  readonly queuedBytes: number
  readonly queues: () => LaneQueue[]
}

/** Bytes of one row of columns: u32 × 5, f64 × 3, u8. */
const LANE_ROW_BYTES = 45
/** About what a LaneMessage takes when encoded; some 150 bytes with a short route. */
const LANE_MESSAGE_BYTES = 200
export const MAX_LANE_MESSAGES = 512
export const MAX_LANE_ROWS = Math.floor(
  (MAX_BATCH_BYTES - MAX_LANE_MESSAGES * LANE_MESSAGE_BYTES) / LANE_ROW_BYTES,
)
const MAX_LANE_FAULTS = 512
const MAX_LANE_LINES = 512
const MAX_LANE_TASK_RUNS = 512
const MAX_LANE_CACHE_ENDS = 512
/** Rows looked at for one batch, so that catching up after a long pause never holds the core for long. */
const MAX_SCANNED_ROWS = 65_536

/**
 * The newest rows of the backlog that come chunk by chunk, however many messages they name: in several batches, so that a
 * screen which asks anew, with other filters, does not lose sight of single messages.
 */
const MAX_FINE_BACKLOG_ROWS = 8192

/** Rows around a moment, for a capture that is looked at from its midst: all of them as they are, none together. */
export interface LaneWindow {
  readonly fromRow: number
  /** Grows with the moment that is looked at. */
  readonly endRow: () => number
}

/**
 * One screen's way through the capture: a few cursors, never a queue. Each `take` gives what came since the last one,
 * in a batch of bounded size; a reader that is far behind gets merged chunks, with equal sums.
 */
export class LaneReader {
  readonly #source: LaneSource
  readonly #marks: readonly (RowFilter | null)[]
  readonly #window: LaneWindow | null
  readonly #columns = new LaneColumns(MAX_LANE_ROWS * 2)
  readonly #merger: LaneMerger
  readonly #known: KnownMessages
  #chunkCursor: number
  /** Rows before this one were there when the screen asked. */
  #backlogEnd: number
  #changeCursor = 0
  /** While not null: messages from this id to `end` are looked through, for changes from number `since` on. */
  #search: { id: number; readonly end: number; readonly since: number } | null = null
  #faultCursor: number
  #gapCursor = 0
  #lineCursor = 0
  #taskRunCursor = 0
  #cacheEndCursor = 0
  #clears: number
  #queuedBytes = 0
  #isReset = true

  /**
   * @param fromMs - Session time from which on chunks and faults are given; open messages come in any case.
   * @param marks - Filters told of each message by its bits; null matches every one.
   * @param window - Only chunks of these rows are given.
   */
  constructor(
    source: LaneSource,
    fromMs: number,
    marks: readonly (RowFilter | null)[] = [],
    window: LaneWindow | null = null,
  ) {
    this.#source = source
    this.#marks = marks
    this.#window = window
    this.#known = new KnownMessages(source.maxMessages)
    this.#merger = new LaneMerger(
      this.#columns,
      { rows: MAX_LANE_ROWS, messages: MAX_LANE_MESSAGES },
      (id) =>
        source.messages.has(id) ? source.messages.columnsOf(id).hues[source.messages.indexOf(id)]! : 0,
    )
    this.#chunkCursor = window?.fromRow ?? source.chunks.rowAt(fromMs)
    this.#backlogEnd = window === null ? source.chunks.settledEnd : Number.POSITIVE_INFINITY
    this.#faultCursor = source.logs.faults.numberAt(fromMs)
    this.#clears = source.clears
    this.#searchAll()
  }

  /** True when `take` would give something. */
  get hasNews(): boolean {
    const { messages, logs, clears, queuedBytes } = this.#source
    const { faults, gaps, lines, taskRuns, cacheEnds } = logs
    return (
      this.#isReset ||
      clears !== this.#clears ||
      this.#endRow > this.#chunkCursor ||
      this.#search !== null ||
      messages.changes.end > this.#changeCursor ||
      faults.end > this.#faultCursor ||
      gaps.changes > this.#gapCursor ||
      lines.end > this.#lineCursor ||
      taskRuns.end > this.#taskRunCursor ||
      cacheEnds.end > this.#cacheEndCursor ||
      queuedBytes !== this.#queuedBytes
    )
  }

  get #endRow(): number {
    const { settledEnd } = this.#source.chunks
    return this.#window === null ? settledEnd : Math.min(settledEnd, this.#window.endRow())
  }

  /** What came since the last call, or undefined when nothing did. */
  take(nowMs: number): LaneBatch | undefined {
    if (this.#clears !== this.#source.clears) this.#reset()
    if (!this.hasNews) return undefined
    const isReset = this.#isReset
    this.#isReset = false
    this.#known.reach(this.#source.messages.nextId)
    const named = this.#takeChunks()
    const messages = this.#takeMessages(named)
    const gaps = this.#source.logs.gaps.since(this.#gapCursor)
    this.#gapCursor = this.#source.logs.gaps.changes
    this.#queuedBytes = this.#source.queuedBytes
    return {
      nowMs,
      ...this.#columns.finish(),
      messages,
      faults: this.#takeFaults(),
      gaps,
      lines: this.#takeLines(),
      taskRuns: this.#takeTaskRuns(),
      cacheEnds: this.#takeCacheEnds(),
      queuedBytes: this.#queuedBytes,
      queues: this.#source.queues(),
      isReset,
    }
  }

  #reset(): void {
    const { chunks, logs, clears } = this.#source
    this.#clears = clears
    this.#chunkCursor = chunks.firstRow
    this.#backlogEnd = chunks.firstRow
    this.#faultCursor = logs.faults.first
    this.#gapCursor = 0
    this.#lineCursor = 0
    this.#taskRunCursor = 0
    this.#cacheEndCursor = 0
    this.#isReset = true
    this.#searchAll()
  }

  #searchAll(): void {
    const { messages } = this.#source
    this.#search = { id: messages.firstId, end: messages.nextId, since: 0 }
    this.#changeCursor = messages.changes.end
  }

  /** Fills the columns. Returns the messages they name which the screen does not know yet. */
  #takeChunks(): Set<number> {
    const { chunks } = this.#source
    const from = Math.max(this.#chunkCursor, chunks.firstRow)
    if (this.#window !== null) return this.#takeFine(from)
    const fineFrom = this.#backlogEnd - MAX_FINE_BACKLOG_ROWS
    if (from >= fineFrom && from < this.#backlogEnd) return this.#takeFine(from)
    const end = from < fineFrom ? fineFrom : chunks.settledEnd
    const to = Math.max(from, Math.min(end, from + MAX_SCANNED_ROWS))
    this.#chunkCursor = to
    this.#columns.length = 0
    if (to - from <= MAX_LANE_ROWS) {
      chunks.visit(from, to, (columns, begin, end) => this.#columns.appendRun(columns, begin, end))
      const named = this.#unknownNamed()
      if (named.size <= MAX_LANE_MESSAGES) return named
    }
    this.#merger.begin(chunks.startMsOf(to - 1)! - chunks.startMsOf(from)!)
    chunks.visit(from, to, (columns, begin, end) => this.#merger.add(columns, begin, end))
    this.#merger.end()
    return this.#unknownNamed()
  }

  /** Rows of the backlog as they are, as many as fit into one batch with the messages they name. */
  #takeFine(from: number): Set<number> {
    const { chunks, messages } = this.#source
    const named = new Set<number>()
    const to = Math.max(from, Math.min(this.#backlogEnd, this.#endRow, from + MAX_LANE_ROWS))
    let isFull = false
    this.#columns.length = 0
    chunks.visit(from, to, (columns, begin, end) => {
      for (let row = begin; row < end && !isFull; row++) {
        const id = columns.messageIds[row]!
        if (id > 0 && !named.has(id) && !this.#known.has(id) && messages.has(id)) {
          isFull = named.size === MAX_LANE_MESSAGES
          if (isFull) return
          named.add(id)
        }
        this.#columns.appendRow(columns, row, 1)
      }
    })
    this.#chunkCursor = from + this.#columns.length
    return named
  }

  #unknownNamed(): Set<number> {
    const { messages } = this.#source
    const { messageIds, length } = this.#columns
    const named = new Set<number>()
    for (let row = 0; row < length; row++) {
      const id = messageIds[row]!
      if (id > 0 && !this.#known.has(id) && messages.has(id)) named.add(id)
    }
    return named
  }

  #takeMessages(named: Set<number>): LaneMessage[] {
    const { changes } = this.#source.messages
    const taken: LaneMessage[] = []
    for (const id of named) this.#tell(id, taken)
    if (this.#changeCursor < changes.first) {
      this.#search = { ...this.#allIds(), since: this.#search?.since ?? this.#changeCursor }
      this.#changeCursor = changes.end
    }
    const isBehind = this.#search !== null || changes.end - this.#changeCursor > 2 * MAX_LANE_MESSAGES
    this.#searchOn(taken, named)
    while (this.#changeCursor < changes.end && taken.length < MAX_LANE_MESSAGES) {
      const id = changes.messageAt(this.#changeCursor)
      if (this.#isCurrent(id, this.#changeCursor) && this.#concerns(id, isBehind) && !named.has(id)) {
        this.#tell(id, taken)
      }
      this.#changeCursor += 1
    }
    return taken
  }

  #allIds(): { id: number; end: number } {
    return { id: this.#source.messages.firstId, end: this.#source.messages.nextId }
  }

  #searchOn(taken: LaneMessage[], named: Set<number>): void {
    if (this.#search === null) return
    const { messages } = this.#source
    const { end, since } = this.#search
    let id = Math.max(this.#search.id, messages.firstId)
    for (; id < end && taken.length < MAX_LANE_MESSAGES; id++) {
      const change = messages.columnsOf(id).changes[messages.indexOf(id)]!
      if (change >= since && this.#concerns(id, true) && !named.has(id)) this.#tell(id, taken)
    }
    this.#search = id < end ? { id, end, since } : null
  }

  /** True when the message did not change again since. */
  #isCurrent(id: number, change: number): boolean {
    const { messages } = this.#source
    return messages.has(id) && messages.columnsOf(id).changes[messages.indexOf(id)] === change
  }

  /** A screen that is behind is not told of messages that came and went meanwhile, unless chunks name them. */
  #concerns(id: number, isBehind: boolean): boolean {
    return !isBehind || this.#known.has(id) || !this.#isEnded(id)
  }

  #isEnded(id: number): boolean {
    const { messages } = this.#source
    return isFinal(STATUSES.word(messages.columnsOf(id).statuses[messages.indexOf(id)]!))
  }

  #tell(id: number, taken: LaneMessage[]): void {
    this.#known.note(id)
    const message = laneMessage(this.#source.messages, id)
    taken.push(this.#marks.length === 0 ? message : { ...message, matches: this.#matchesOf(id) })
  }

  #matchesOf(id: number): number {
    const { messages } = this.#source
    const columns = messages.columnsOf(id)
    const at = messages.indexOf(id)
    let matches = 0
    this.#marks.forEach((mark, bit) => {
      if (mark === null || mark.admits(columns, at, id)) matches |= 1 << bit
    })
    return matches
  }

  #takeLines(): LaneBatch['lines'] {
    const { lines } = this.#source.logs
    const from = Math.max(this.#lineCursor, lines.first)
    const taken = lines.since(from, MAX_LANE_LINES)
    this.#lineCursor = from + taken.length
    return taken
  }

  #takeTaskRuns(): LaneBatch['taskRuns'] {
    const { taskRuns } = this.#source.logs
    const from = Math.max(this.#taskRunCursor, taskRuns.first)
    const taken = taskRuns.since(from, MAX_LANE_TASK_RUNS)
    this.#taskRunCursor = from + taken.length
    return taken
  }

  #takeCacheEnds(): LaneBatch['cacheEnds'] {
    const { cacheEnds } = this.#source.logs
    const from = Math.max(this.#cacheEndCursor, cacheEnds.first)
    const taken = cacheEnds.since(from, MAX_LANE_CACHE_ENDS)
    this.#cacheEndCursor = from + taken.length
    return taken
  }

  #takeFaults(): LaneBatch['faults'] {
    const { faults } = this.#source.logs
    const from = Math.max(this.#faultCursor, faults.first)
    const taken = faults.since(from, MAX_LANE_FAULTS)
    this.#faultCursor = from + taken.length
    return taken
  }
}
