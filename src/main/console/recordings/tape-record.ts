import { asConsoleError, type ConsoleError } from '../../../shared/errors'
import type { Clock } from '../../../shared/model/clock'
import type { LineRate } from '../../../shared/model/line-rate'
import { type LinkAddress, parseLinkUrl } from '../../../shared/model/link-url'
import type { TapeFacts } from '../../../shared/model/tape'
import type { TraceEvent } from '../../../shared/model/trace'
import type { Overview } from '../../../shared/model/views'
import { OverviewBins } from '../../capture/overview'
import { TerminalBacklog } from '../../capture/terminal/terminal-backlog'
import { lineRateOf } from '../../link/line-settings'
import { SessionTime } from '../../recording/format/session-time'
import { BufferedSource } from '../../recording/read/buffered-source'
import type { ByteSource } from '../../recording/read/byte-source'
import type { Decompress } from '../../recording/read/plain-block'
import type { PlacedStrip } from '../../recording/library/strip-bins'
import { overviewAhead } from '../../recording/replay/overview-ahead'
import { type PageLimits, PageTally } from '../../recording/replay/page-tally'
import { readSummary, type RecordingSummary } from '../../recording/replay/recording-summary'
import { isSound } from '../../recording/replay/sound-event'
import { TapeIndex } from '../../recording/replay/tape-index'
import { readNote, TapeNotes } from '../../recording/replay/tape-notes'
import { readTape, type TapePlace, type TapeSink, type TurnClock } from '../../recording/replay/tape-reader'
import { MAX_TAPE_MS, TapeTime } from '../../recording/replay/tape-time'
import { StandingState } from '../../recording/write/standing-state'
import { sessionDay, type SessionDay } from '../session-day'
import type { TapeMarks } from './tape-marks'
import { MAX_STANDING, TapePage } from './tape-page'

export interface TapeRecordOptions {
  /** Borrowed. */
  readonly source: ByteSource
  readonly decompress: Decompress
  readonly clock: Clock
  readonly limits: PageLimits
  /** What was put on it after it was made. */
  readonly marks: TapeMarks
  /** Its traffic as the library knows it from reading it before: shown where it is not read yet, and nothing else hangs on it. */
  readonly known?: PlacedStrip | undefined
  /** Something more is known, or could not be. */
  readonly onRead: () => void
}

interface PageBegin {
  readonly place: TapePlace | null
  readonly fromMs: number
  readonly time: TapeTime
  /** How all stood there. */
  readonly standing: readonly TraceEvent[]
}

/** Pages of a recording that are begun at most: a petabyte, or nonsense. */
const MAX_PAGES = 10_000

/**
 * A recording as it is read: once from its beginning to its end, in short turns, for what must be known of all of it; the rows
 * of the first page on the way, those of other pages when somebody goes there.
 */
export class TapeRecord {
  readonly index = new TapeIndex()
  readonly terminal = new TerminalBacklog()
  readonly #options: TapeRecordOptions
  readonly #turns: TurnClock
  readonly #source: ByteSource
  readonly #time = new TapeTime()
  readonly #notes = new TapeNotes()
  readonly #overview = new OverviewBins()
  readonly #standing = new StandingState(MAX_STANDING)
  readonly #tally: PageTally
  readonly #pages: PageBegin[] = []
  readonly #addresses = new Map<number, LinkAddress | undefined>()
  readonly #stop = new AbortController()
  #summary: RecordingSummary | undefined
  #session: SessionTime | null = null
  #day: SessionDay | undefined
  #firstPage: TapePage | null = null
  #problem: ConsoleError | null = null
  #isRead = false
  #readBytes = 0
  #entries = 0
  #misread = 0
  #unsound = 0
  #damagedBytes = 0

  constructor(options: TapeRecordOptions) {
    const { clock, source, limits } = options
    this.#options = options
    this.#source = new BufferedSource(source)
    this.#tally = new PageTally(limits)
    this.#turns = {
      nowMs: () => clock.nowMs(),
      pause: () => new Promise((resolve) => void clock.schedule(clock.nowMs(), resolve)),
    }
  }

  /** Reads until it is known when the recording begins; goes on by itself. */
  async begin(): Promise<void> {
    this.#summary = await readSummary(this.#options.source)
    await new Promise<void>((resolve) => {
      const done = readTape(
        this.#source,
        this.#options.decompress,
        this.#turns,
        this.#wholeSink(resolve),
        this.#stop.signal,
      )
      void done.then(
        () => {
          this.#isRead = !this.#stop.signal.aborted
          this.#readBytes = this.#source.size
          this.#options.onRead()
        },
        (error: unknown) => {
          this.#problem = asConsoleError(error)
          this.#began(new Map(), new SessionTime(0))
          resolve()
          this.#options.onRead()
        },
      )
    })
  }

  get day(): SessionDay {
    this.#day ??= sessionDay(new Date(0).toISOString())
    return this.#day
  }

  get problem(): ConsoleError | null {
    return this.#problem
  }

  get isRead(): boolean {
    return this.#isRead
  }

  get readShare(): number {
    return this.#isRead ? 1 : Math.min(1, this.#readBytes / Math.max(1, this.#source.size))
  }

  get fromMs(): number {
    return this.#time.fromMs ?? 0
  }

  /** Up to here it is read. */
  get readMs(): number {
    return this.#time.lastMs
  }

  /** The end as far as it is known: what the index claims shows before it is read, and nothing else hangs on it. */
  get toMs(): number {
    const claimed = this.#summary === undefined || this.#isRead ? 0 : this.#claimedToMs(this.#summary)
    return Math.max(this.readMs, claimed)
  }

  get pages(): number {
    return this.#pages.length
  }

  /** Which page a moment belongs to. */
  pageAt(atMs: number): number {
    let page = 0
    for (let at = 1; at < this.#pages.length && this.#pages[at]!.fromMs <= atMs; at++) page = at
    return page
  }

  pageSpan(page: number): { readonly fromMs: number; readonly toMs: number } {
    const fromMs = page === 0 ? this.fromMs : (this.#pages[page]?.fromMs ?? this.fromMs)
    return { fromMs, toMs: this.#pages[page + 1]?.fromMs ?? this.toMs }
  }

  facts(): TapeFacts {
    const { marks, leftOut } = this.#options.marks.inOrder(this.#notes.all, this.#notes.leftOut)
    return {
      markers: marks,
      problems: this.index.problems,
      leftOut: leftOut + this.index.problemsLeftOut,
      entries: this.#entries,
      messages: this.index.messages,
      fileBytes: this.#source.size,
      misread: this.#misread + this.#unsound,
      misplaced: this.#time.misplaced,
      damagedBytes: this.#damagedBytes,
    }
  }

  overview(bins: number): Overview {
    const read = this.#overview.read(this.fromMs, this.toMs, bins)
    const { known } = this.#options
    return this.#isRead || known === undefined ? read : overviewAhead(read, known, this.readMs)
  }

  readonly addressOf = (linkId: number): LinkAddress | undefined => {
    const url = this.index.linkOf(linkId)?.url ?? ''
    if (url === '') return undefined
    if (!this.#addresses.has(linkId)) this.#addresses.set(linkId, parsed(url))
    return this.#addresses.get(linkId)
  }

  readonly lineRateOf = (linkId: number): LineRate | undefined => {
    const address = this.addressOf(linkId)
    return address && lineRateOf(address)
  }

  /** The first page, which fills while the recording is read. Owned by the caller. */
  get firstPage(): TapePage {
    this.#firstPage ??= this.#newPage(0)
    return this.#firstPage
  }

  /** Reads a page again; it fills in turns. @param signal - Ends it. */
  loadPage(page: number, signal: AbortSignal): { readonly page: TapePage; readonly loaded: Promise<void> } {
    const begin = this.#pages[page]!
    const made = this.#newPage(page)
    for (const event of begin.standing) made.observe(event)
    const time = begin.time.fork()
    const tally = new PageTally(this.#options.limits)
    const sink: TapeSink = {
      began: () => undefined,
      event: (event, dataBytes) => {
        if (!isSound(event)) return false
        made.observe(time.within(event, time.place(event.atMs)))
        return tally.add(event, dataBytes)
      },
      note: (data) => {
        const note = readNote(data)
        if (note !== undefined) made.take(note)
      },
      place: () => false,
      read: () => undefined,
    }
    // a window of its own: the other reading may still go on
    const source = new BufferedSource(this.#options.source)
    const { decompress } = this.#options
    const both = AbortSignal.any([signal, this.#stop.signal])
    const loaded = readTape(source, decompress, this.#turns, sink, both, begin.place, this.#session)
    return { page: made, loaded }
  }

  /** Ends all reading. */
  close(): void {
    this.#stop.abort()
    this.#firstPage = null
  }

  #wholeSink(began: () => void): TapeSink {
    return {
      began: (facts, session) => {
        this.#began(facts, session)
        began()
      },
      event: (event, dataBytes) => this.#take(event, dataBytes),
      note: (data) => {
        const note = readNote(data)
        if (note === undefined) this.#unsound += 1
        else {
          this.#notes.take(note)
          if (this.#pages.length === 1) this.#firstPage?.take(note)
        }
      },
      place: (place) => {
        if (this.#pages.length >= MAX_PAGES) return true
        const { lastMs } = this.#time
        this.#pages.push({
          place,
          fromMs: lastMs,
          time: this.#time.fork(),
          standing: this.#standing.events(),
        })
        return true
      },
      read: (offset, misread, entries, damagedBytes) => {
        this.#readBytes = offset
        this.#misread = misread
        this.#entries = entries
        this.#damagedBytes = damagedBytes
        this.#options.onRead()
      },
    }
  }

  #take(event: TraceEvent, dataBytes: number): boolean {
    if (!isSound(event)) {
      this.#unsound += 1
      return false
    }
    const atMs = this.#time.place(event.atMs)
    const shown = this.#time.within(event, atMs)
    this.index.observe(shown, atMs)
    if (shown.type === 'frame') this.#overview.addFrame(shown)
    else if (shown.type === 'fault') this.#overview.addFault(shown)
    this.#standing.observe(shown)
    if (this.#pages.length === 1) {
      this.#firstPage?.observe(shown)
      this.terminal.observe(shown)
    }
    return this.#tally.add(shown, dataBytes)
  }

  #began(facts: ReadonlyMap<string, string>, session: SessionTime): void {
    if (this.#session !== null) return
    this.#session = session
    const startedMs = Number(session.toNs(0) / 1_000_000n)
    const started = facts.get('started')
    const isSane = Math.abs(startedMs) < 8.64e15
    this.#day = sessionDay(
      isSane ? new Date(startedMs).toISOString() : (started ?? new Date(0).toISOString()),
    )
    this.#pages.push({ place: null, fromMs: 0, time: this.#time.fork(), standing: [] })
    this.#firstPage = this.#newPage(0)
  }

  #newPage(number: number): TapePage {
    const { clock, limits, marks } = this.#options
    const { addressOf, lineRateOf: rateOf } = this
    const nowMs = (): number => this.pageSpan(number).toMs
    return new TapePage({ number, limits, marks, clock, nowMs, day: this.day, addressOf, lineRateOf: rateOf })
  }

  #claimedToMs({ lastNs }: RecordingSummary): number {
    const toMs = this.#session?.toMs(lastNs) ?? 0
    return toMs > this.fromMs + MAX_TAPE_MS ? 0 : toMs
  }
}

/** An address in a file may be none. */
function parsed(url: string): LinkAddress | undefined {
  try {
    return parseLinkUrl(url)
  } catch {
    return undefined
  }
}
