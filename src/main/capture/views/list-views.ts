import { ConsoleError } from '../../../shared/errors'
import type { Clock } from '../../../shared/model/clock'
import type { ListChanged, ListRow, ListView } from '../../../shared/model/list-view'
import type { ViewLanguage } from './view-language'
import { ChunkView } from './chunk-view'
import { AGAIN_MS, type CellOf, type ListedView, View, type ViewSource } from './view'
import type { ViewWatch } from './view-watch'

/** Views that live at the same time, all screens together. */
export const MAX_VIEWS = 8
/** Working time in one go: the wire is served in between. */
export const SLICE_MS = 4
/** A view that nobody watches is kept for this long after it was last asked. */
export const IDLE_VIEW_MS = 10_000

interface Entry {
  readonly key: string
  readonly view: ListedView
  readonly listeners: Set<() => void>
  usedMs: number
}

/** One screen's hold on a view. */
export interface ViewSubscription {
  /** What changed since the last call, or undefined when nothing did. */
  take(): ListChanged | undefined
  close(): void
}

/** The list views of all screens: equal ones are shared, idle ones dropped, and their work is done in turns. */
export class ListViews {
  readonly #source: ViewSource
  readonly #clock: Clock
  readonly #language: ViewLanguage
  readonly #entries = new Map<string, Entry>()
  /** Views that could not do all their work in their last turn. */
  readonly #busy = new Set<Entry>()
  #stopTurn: (() => void) | undefined
  #stopIdle: (() => void) | undefined

  constructor(source: ViewSource, clock: Clock, language: ViewLanguage) {
    this.#source = source
    this.#clock = clock
    this.#language = language
  }

  get count(): number {
    return this.#entries.size
  }

  /**
   * @param onNews - Called when the view went on with its work. That the capture changed is told by the capture.
   * @throws ConsoleError `FILTER_INVALID`, `VIEWS_TOO_MANY`.
   */
  subscribe(asked: ListView, onNews: () => void): ViewSubscription {
    const entry = this.#entry(asked)
    // A function of its own: a listener that subscribes twice counts twice.
    const listener = (): void => onNews()
    entry.listeners.add(listener)
    const watch: ViewWatch = entry.view.watch()
    let stopAgain = (): void => {}
    const again = (): void => {
      stopAgain = this.#clock.schedule(this.#clock.nowMs() + AGAIN_MS, again)
      onNews()
    }
    if (entry.view.dependsOnNow) stopAgain = this.#clock.schedule(this.#clock.nowMs() + AGAIN_MS, again)
    return {
      take: () => {
        this.#work(entry, listener)
        return watch.take(entry.view.state())
      },
      close: () => {
        stopAgain()
        entry.view.unwatch(watch)
        entry.listeners.delete(listener)
        if (entry.listeners.size === 0) this.#busy.delete(entry)
        entry.usedMs = this.#clock.nowMs()
        this.#dropWhenIdle()
      },
    }
  }

  /** @throws ConsoleError `FILTER_INVALID`, `VIEWS_TOO_MANY`. */
  rows(
    asked: ListView,
    from: number,
    count: number,
    fields: readonly string[],
  ): { generation: number; from: number; rows: ListRow[] } {
    const cells = this.cells(fields)
    const view = this.#current(asked)
    return { generation: view.generation, ...view.rows(from, count, cells) }
  }

  /** @throws ConsoleError `FILTER_INVALID`, `VIEWS_TOO_MANY`. */
  position(
    asked: ListView,
    messageId: number,
  ): { generation: number; position: number | null; nearest: number | null } {
    const view = this.#current(asked)
    return {
      generation: view.generation,
      position: view.positionOf(messageId),
      nearest: view.positionNear(messageId),
    }
  }

  /** @throws ConsoleError `FILTER_INVALID`, `VIEWS_TOO_MANY`. */
  at(asked: ListView, atMs: number): { generation: number; position: number | null } {
    const view = this.#current(asked)
    return { generation: view.generation, position: view.positionAtTime(atMs) }
  }

  /**
   * The next message of the view, after or before a position, that a filter admits. Done in turns as well.
   *
   * @throws ConsoleError `FILTER_INVALID`, `VIEWS_TOO_MANY`.
   */
  async find(
    asked: ListView,
    text: string,
    fromPosition: number,
    direction: 1 | -1,
  ): Promise<{ generation: number; position: number | null; messageId: number | null }> {
    const filter = this.#language.filter(text)
    const { messages } = this.#source
    let view = this.#current(asked)
    const { generation } = view
    let untilMs = this.#clock.nowMs() + SLICE_MS
    let id = view.messageFrom(fromPosition + direction, direction)
    while (id !== 0 && view.generation === generation) {
      const isKept = messages.has(id)
      if (isKept && (filter === null || filter.admits(messages.columnsOf(id), messages.indexOf(id), id))) {
        return { generation, position: view.positionOf(id), messageId: id }
      }
      if (this.#clock.nowMs() >= untilMs) {
        await this.pause()
        view = this.#current(asked)
        untilMs = this.#clock.nowMs() + SLICE_MS
      }
      id = view.messageBeside(id, direction)
    }
    return { generation: view.generation, position: null, messageId: null }
  }

  /** Readers of further columns. @throws ConsoleError `FILTER_INVALID` for what is no field. */
  cells(fields: readonly string[]): CellOf[] {
    return fields.map((field) => this.#language.cell(field))
  }

  /** The view as it is now, for a reader that goes on in turns. @throws as `rows`. */
  current(asked: ListView): ListedView {
    return this.#current(asked)
  }

  /** Lets others have their turn: what is on the wire comes first. */
  pause(): Promise<void> {
    return new Promise((go) => this.#clock.schedule(this.#clock.nowMs(), go))
  }

  close(): void {
    this.#stopTurn?.()
    this.#stopIdle?.()
    this.#entries.clear()
    this.#busy.clear()
  }

  #current(asked: ListView): ListedView {
    const entry = this.#entry(asked)
    this.#work(entry)
    this.#dropWhenIdle()
    return entry.view
  }

  #entry(asked: ListView): Entry {
    const key = JSON.stringify([asked.filter, asked.order, asked.marks])
    const known = this.#entries.get(key)
    if (known !== undefined) {
      known.usedMs = this.#clock.nowMs()
      return known
    }
    const filter = this.#language.filter(asked.filter)
    const marks = asked.marks.map((mark) => this.#language.filter(mark) ?? EVERY_MESSAGE)
    this.#makeRoom()
    const nowMs = (): number => this.#clock.nowMs()
    const chunkFilter = this.#language.chunkFilter(asked.filter)
    const view: ListedView =
      chunkFilter === null
        ? new View(this.#source, nowMs, asked.order, filter, marks)
        : new ChunkView(this.#source, nowMs, chunkFilter, marks)
    const entry: Entry = { key, view, listeners: new Set(), usedMs: this.#clock.nowMs() }
    this.#entries.set(key, entry)
    return entry
  }

  #makeRoom(): void {
    if (this.#entries.size < MAX_VIEWS) return
    let oldest: Entry | undefined
    for (const entry of this.#entries.values()) {
      if (entry.listeners.size === 0 && (oldest === undefined || entry.usedMs < oldest.usedMs)) oldest = entry
    }
    if (oldest === undefined) {
      throw new ConsoleError('VIEWS_TOO_MANY', `${MAX_VIEWS} lists are open already`, { views: MAX_VIEWS })
    }
    this.#drop(oldest)
  }

  #drop(entry: Entry): void {
    this.#entries.delete(entry.key)
    this.#busy.delete(entry)
  }

  /**
   * One turn of a view; the next ones are taken by the clock. Whoever brings it on, those who watch are told: what is done
   * for one of them, or for somebody who asks for rows, nobody else would tell the others.
   *
   * @param asker - Sees the outcome for himself.
   */
  #work(entry: Entry, asker?: () => void): void {
    const { hasWork } = entry.view
    entry.view.sync(this.#clock.nowMs() + SLICE_MS)
    this.#busy.delete(entry)
    if (entry.view.hasWork && this.#entries.get(entry.key) === entry) this.#busy.add(entry)
    if (this.#busy.size > 0 && this.#stopTurn === undefined) {
      this.#stopTurn = this.#clock.schedule(this.#clock.nowMs(), this.#turn)
    }
    if (!hasWork) return
    for (const listener of entry.listeners) if (listener !== asker) listener()
  }

  readonly #turn = (): void => {
    this.#stopTurn = undefined
    const [entry] = this.#busy
    if (entry !== undefined) this.#work(entry)
  }

  #dropWhenIdle(): void {
    if (this.#stopIdle !== undefined) return
    const nowMs = this.#clock.nowMs()
    let nextMs = Number.POSITIVE_INFINITY
    for (const entry of this.#entries.values()) {
      if (entry.listeners.size > 0) continue
      const idleMs = entry.usedMs + IDLE_VIEW_MS
      if (idleMs <= nowMs) this.#drop(entry)
      else nextMs = Math.min(nextMs, idleMs)
    }
    if (nextMs === Number.POSITIVE_INFINITY) return
    this.#stopIdle = this.#clock.schedule(nextMs, () => {
      this.#stopIdle = undefined
      this.#dropWhenIdle()
    })
  }
}

const EVERY_MESSAGE = {
  isSlow: false,
  looksAtPartner: false,
  dependsOnNow: false,
  readBytes: 0,
  admits: () => true,
}
