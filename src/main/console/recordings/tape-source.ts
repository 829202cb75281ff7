import type {
  CommandName,
  CommandRequest,
  SubscriptionName,
  SubscriptionRequest,
} from '../../../shared/contract/contract'
import type { CommandReply, SubscriptionItem } from '../../../shared/contract/replies'
import { ConsoleError, toWireError } from '../../../shared/errors'
import type { Clock } from '../../../shared/model/clock'
import type { TapeSpan, TapeState, TapeStep } from '../../../shared/model/tape'
import type { StatusSnapshot } from '../../../shared/model/views'
import { Playhead } from '../../recording/replay/playhead'
import type { Feed, SourcePort } from '../console-types'
import { STATUS_INTERVAL_MS } from '../feeds/feeds'
import { PacedFeed } from '../feeds/paced-feed'
import { terminalFeed } from '../feeds/terminal-feed'
import type { Handlers } from '../handlers/handlers'
import type { OpenSource } from '../sources'
import { tapeLanesFeed } from './tape-lanes-feed'
import type { TapePage } from './tape-page'
import type { TapeRecord } from './tape-record'
import { tapeStatus } from './tape-status'

const TAPE_INTERVAL_MS = 50
/** A display shows no more. */
const TICK_MS = 16
/** What is told of a recording while it is read. */
const FACTS_INTERVAL_MS = 500
const SHORTEST_LOOP_MS = 1

export interface TapeSourceOptions {
  readonly recording: string
  /** Owned from now on; it must have begun. */
  readonly record: TapeRecord
  readonly clock: Clock
  /** Answers what has nothing to do with the recording. */
  readonly live: SourcePort
  /** Gives the number of the source back, and closes it. */
  readonly closeSource: () => Promise<void>
  /** The file is needed no more. */
  readonly onClose: () => Promise<void>
}

type Own = Partial<{ readonly [C in CommandName]: Handlers[C] }>
type OwnFeeds = Partial<{
  readonly [S in SubscriptionName]: (request: SubscriptionRequest<S>) => Feed<SubscriptionItem<S>>
}>

/** They would change the recording, or touch a link of the live session that has the same number by chance. */
const REFUSED: ReadonlySet<CommandName> = new Set<CommandName>([
  'link.close',
  'link.reopen',
  'link.lines',
  'link.pulse',
  'link.break',
  'link.accept',
  'draft.send',
  'message.send',
  'message.cancel',
  'capture.clear',
  'responder.draft',
  'responder.test',
  'trigger.test',
  'terminal.clear',
  'terminal.log',
])

/**
 * A recording that is open: looked at through the same lens as the live session, with a playhead. What it shows at a moment
 * depends on the file and that moment alone, whichever way the playhead came there.
 */
export class TapeSource implements OpenSource {
  readonly recording: string
  readonly #options: TapeSourceOptions
  readonly #record: TapeRecord
  readonly #clock: Clock
  readonly #playhead: Playhead
  readonly #own: Own
  readonly #ownFeeds: OwnFeeds
  readonly #feeds = new Set<Pick<PacedFeed<unknown>, 'touch'>>()
  #page: TapePage
  #pageVersion = 0
  #stopPage = new AbortController()
  #isPageLoaded = true
  #factsVersion = 0
  #factsAtMs = Number.NEGATIVE_INFINITY
  #cancelTick: (() => void) | null = null
  #isClosed = false

  constructor(options: TapeSourceOptions) {
    const { record, clock, recording } = options
    this.recording = recording
    this.#options = options
    this.#record = record
    this.#clock = clock
    this.#playhead = new Playhead(record.fromMs)
    this.#page = record.firstPage
    this.#own = this.#handlers()
    this.#ownFeeds = this.#feedMakers()
  }

  /** How many subscriptions look at it. */
  get watchers(): number {
    return this.#feeds.size
  }

  async call<C extends CommandName>(name: C, request: CommandRequest<C>): Promise<CommandReply<C>> {
    const handler = (this.#own[name] ?? this.#lensHandler(name)) as Handlers[C] | undefined
    if (handler !== undefined) return handler(request)
    if (REFUSED.has(name)) {
      throw new ConsoleError(
        'SOURCE_IS_RECORDING',
        `${this.recording} is a recording: it can only be looked at`,
      )
    }
    if (name === 'app.info') return this.#appInfo() as Promise<CommandReply<C>>
    return this.#options.live.call(name, request)
  }

  subscribe<S extends SubscriptionName>(name: S, request: SubscriptionRequest<S>): Feed<SubscriptionItem<S>> {
    const make = (this.#ownFeeds[name] ?? this.#lensFeed(name)) as
      | ((request: SubscriptionRequest<S>) => Feed<SubscriptionItem<S>>)
      | undefined
    return make === undefined ? this.#options.live.subscribe(name, request) : make(request)
  }

  /** Something more is read. */
  readNews(): void {
    const nowMs = this.#clock.nowMs()
    if (this.#record.isRead || nowMs - this.#factsAtMs >= FACTS_INTERVAL_MS) {
      this.#factsAtMs = nowMs
      this.#factsVersion += 1
    }
    if (this.#page.number === 0 && (this.#record.isRead || this.#record.pages > 1)) this.#placeMarks()
    this.#settle()
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#cancelTick?.()
    this.#stopPage.abort()
    this.#record.close()
    this.#page.close()
    await this.#options.onClose()
  }

  get #positionMs(): number {
    return Math.max(this.#record.fromMs, this.#playhead.position(this.#clock.nowMs(), this.#record.readMs))
  }

  #lensHandler(name: CommandName): Handlers[CommandName] | undefined {
    if (REFUSED.has(name)) return undefined
    return (this.#page.lens.handlers as Own)[name]
  }

  #lensFeed(name: SubscriptionName): unknown {
    return (this.#page.lens.feeds as OwnFeeds)[name]
  }

  #handlers(): Own {
    const done = (): Record<string, never> => {
      this.#settle()
      return {}
    }
    return {
      'capture.overview': ({ bins }) => ({ overview: this.#record.overview(bins) }),
      'note.set': async (request) => {
        const noteId = await this.#page.setNote(request)
        this.#marksChanged()
        return { noteId }
      },
      'note.remove': async ({ noteId }) => {
        await this.#page.removeNote(noteId)
        this.#marksChanged()
        return {}
      },
      'tape.close': async () => {
        await this.#options.closeSource()
        return {}
      },
      'tape.play': ({ isPlaying }) => {
        this.#play(isPlaying)
        return done()
      },
      'tape.speed': ({ speed }) => {
        this.#playhead.setSpeed(this.#clock.nowMs(), this.#record.readMs, speed)
        return done()
      },
      'tape.seek': ({ atMs }) => {
        this.#playhead.seek(this.#clock.nowMs(), this.#within(atMs))
        return done()
      },
      'tape.step': ({ by, direction }) => {
        this.#step(by, direction)
        return done()
      },
      'tape.loop': ({ loop }) => {
        this.#setLoop(loop)
        return done()
      },
    }
  }

  #feedMakers(): OwnFeeds {
    return {
      tape: () => this.#tapeFeed(),
      status: () => this.#statusFeed(),
      lanes: ({ marks = [] }) => {
        const { capture, lens } = this.#page
        const filters = marks.map((mark) => lens.language.filter(mark))
        return this.#follow(tapeLanesFeed(capture, this.#clock, () => this.#positionMs, filters))
      },
      terminal: ({ linkId }) => terminalFeed(this.#record.terminal, this.#clock, linkId),
    }
  }

  #play(isPlaying: boolean): void {
    const nowMs = this.#clock.nowMs()
    const { readMs } = this.#record
    if (!isPlaying) {
      this.#playhead.pause(nowMs, readMs)
      return
    }
    // at the end there is nothing left to play but all of it
    const isAtEnd = this.#record.isRead && this.#positionMs >= readMs
    if (isAtEnd && !this.#playhead.isPlaying) this.#playhead.seek(nowMs, this.#record.fromMs)
    this.#playhead.play(nowMs)
  }

  #step(by: TapeStep, direction: 1 | -1): void {
    const nowMs = this.#clock.nowMs()
    const { readMs, fromMs } = this.#record
    const atMs = this.#positionMs
    this.#playhead.pause(nowMs, readMs)
    this.#playhead.seek(
      nowMs,
      this.#record.index.step(by, atMs, direction) ?? (direction > 0 ? readMs : fromMs),
    )
  }

  #setLoop(asked: TapeSpan | null): void {
    const nowMs = this.#clock.nowMs()
    const loop =
      asked === null
        ? null
        : {
            fromMs: this.#within(Math.min(asked.fromMs, asked.toMs)),
            toMs: this.#within(Math.max(asked.fromMs, asked.toMs)),
          }
    const isLong = loop !== null && loop.toMs - loop.fromMs >= SHORTEST_LOOP_MS
    this.#playhead.setLoop(nowMs, this.#record.readMs, isLong ? loop : null)
    if (isLong && this.#positionMs >= loop.toMs) this.#playhead.seek(nowMs, loop.fromMs)
  }

  #within(atMs: number): number {
    return Math.min(this.#record.toMs, Math.max(this.#record.fromMs, atMs))
  }

  /** Brings everything to where the playhead is now, and sees to the next tick. */
  #settle(): void {
    if (this.#isClosed) return
    this.#stopAtEnd()
    this.#turnToPage(this.#record.pageAt(this.#positionMs))
    for (const feed of this.#feeds) feed.touch()
    this.#cancelTick?.()
    this.#cancelTick = null
    if (!this.#playhead.isPlaying) return
    this.#cancelTick = this.#clock.schedule(this.#clock.nowMs() + TICK_MS, () => this.#tick())
  }

  #tick(): void {
    const nowMs = this.#clock.nowMs()
    if (this.#playhead.speed === null && this.#isPageLoaded) {
      const { loop } = this.#playhead
      const toMs = this.#record.index.turnFrom(this.#positionMs) ?? this.#record.readMs
      const isRound = loop !== null && this.#positionMs < loop.toMs && toMs >= loop.toMs
      this.#playhead.advance(nowMs, isRound ? loop.fromMs : toMs)
    }
    this.#settle()
  }

  #stopAtEnd(): void {
    if (!this.#playhead.isPlaying) return
    const nowMs = this.#clock.nowMs()
    const { readMs, isRead } = this.#record
    if (this.#positionMs < readMs) return
    // what comes is not read yet: the tape waits for it
    if (isRead) this.#playhead.pause(nowMs, readMs)
    else this.#playhead.hold(nowMs, readMs)
  }

  #turnToPage(number: number): void {
    if (number === this.#page.number) return
    this.#stopPage.abort()
    this.#stopPage = new AbortController()
    const { signal } = this.#stopPage
    const { page, loaded } = this.#record.loadPage(number, signal)
    this.#page.close()
    this.#page = page
    this.#pageVersion += 1
    this.#isPageLoaded = false
    const done = (): void => {
      if (signal.aborted) return
      this.#isPageLoaded = true
      this.#placeMarks()
      this.#settle()
    }
    void loaded.then(done, done)
  }

  /** A page that was left in between shows it too when somebody comes back. */
  #marksChanged(): void {
    if (this.#isPageLoaded) this.#placeMarks()
    this.#factsVersion += 1
    this.#settle()
  }

  #placeMarks(): void {
    const { number } = this.#page
    const isLast = number === this.#record.pages - 1
    const { fromMs, toMs } = this.#record.pageSpan(number)
    this.#page.placeMarks((atMs) => (number === 0 || atMs >= fromMs) && (isLast || atMs < toMs))
  }

  #tapeFeed(): Feed<TapeState> {
    let toldFacts = -1
    return this.#follow(
      new PacedFeed<TapeState>(this.#clock, {
        intervalMs: TAPE_INTERVAL_MS,
        produce: () => {
          const hasFacts = toldFacts !== this.#factsVersion
          toldFacts = this.#factsVersion
          return { ...this.#state(), ...(hasFacts && { facts: this.#record.facts() }) }
        },
        hasMore: () => false,
        close: () => undefined,
      }),
    )
  }

  #statusFeed(): Feed<StatusSnapshot> {
    return this.#follow(
      new PacedFeed<StatusSnapshot>(this.#clock, {
        intervalMs: STATUS_INTERVAL_MS / 2,
        produce: () => tapeStatus(this.#record.index, this.#positionMs, this.#record),
        hasMore: () => false,
        close: () => undefined,
      }),
    )
  }

  #state(): TapeState {
    const nowMs = this.#clock.nowMs()
    const record = this.#record
    const { number } = this.#page
    return {
      recording: this.recording,
      fromMs: record.fromMs,
      toMs: record.toMs,
      positionMs: this.#positionMs,
      readMs: record.readMs,
      wantedMs: record.isRead ? null : this.#playhead.wanted(record.readMs),
      isPlaying: this.#playhead.isPlaying,
      speed: this.#playhead.speed,
      measuredSpeed: this.#playhead.measure(nowMs, record.readMs),
      loop: this.#playhead.loop,
      loadedShare: record.readShare,
      isLoaded: record.isRead && this.#isPageLoaded,
      page: { number, ...record.pageSpan(number) },
      pages: record.pages,
      pageVersion: this.#pageVersion,
      problem: record.problem === null ? null : toWireError(record.problem),
    }
  }

  /** Told whenever the playhead moves, until it is closed. */
  #follow<T>(feed: PacedFeed<T>): Feed<T> {
    this.#feeds.add(feed)
    return {
      take: () => feed.take(),
      onNews: (listener) => feed.onNews(listener),
      close: () => {
        this.#feeds.delete(feed)
        feed.close()
      },
    }
  }

  async #appInfo(): Promise<CommandReply<'app.info'>> {
    const info = await this.#options.live.call('app.info', {})
    return { ...info, startedAtIso: new Date(this.#record.day.startedAtMs).toISOString() }
  }
}
