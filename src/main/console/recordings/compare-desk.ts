import { setImmediate } from 'node:timers/promises'
import type { CommandName } from '../../../shared/contract/contract'
import { asConsoleError, ConsoleError, toWireError } from '../../../shared/errors'
import { compileFilter } from '../../../shared/filter'
import type { Clock } from '../../../shared/model/clock'
import { type CompareState, type CompareWindow, MAX_COMPARISONS } from '../../../shared/model/compare'
import { compareFiles } from '../../recording/compare/compare-recordings'
import { compareMarkdown } from '../../recording/compare/compare-report'
import { compareStrip, RowFinder } from '../../recording/compare/compare-strip'
import type { Comparison } from '../../recording/compare/comparison'
import { IgnoreRules } from '../../recording/compare/ignore-rules'
import { inTurns } from '../../recording/compare/turns'
import type { RecordingFolder } from '../../recording/library/recording-folder'
import type { Feed } from '../console-types'
import { PacedFeed } from '../feeds/paced-feed'
import type { Handlers } from '../handlers/handlers'

/** How often screens hear how far a comparison is. */
export const COMPARE_INTERVAL_MS = 100

type CompareCommand = Extract<CommandName, `compare.${string}`>

export interface CompareDeskOptions {
  readonly clock: Clock
  readonly folder: RecordingFolder
}

/** The comparisons that are open: each holds two recordings, so the oldest goes when there are too many. */
export class CompareDesk {
  readonly handlers: Pick<Handlers, CompareCommand>
  readonly #clock: Clock
  readonly #folder: RecordingFolder
  readonly #open = new Map<number, OpenComparison>()
  #last = 0

  constructor({ clock, folder }: CompareDeskOptions) {
    this.#clock = clock
    this.#folder = folder
    this.handlers = {
      'compare.open': ({ a, b, ignore, shiftMs }) => ({ comparison: this.#begin(a, b, ignore, shiftMs) }),
      'compare.close': ({ comparison }) => {
        this.#end(comparison)
        return {}
      },
      'compare.summary': ({ comparison }) => ({ summary: this.#expect(comparison).ready.summary }),
      'compare.rows': async ({ comparison, filter, from, count }) => ({
        window: await this.#expect(comparison).rows(filter, from, count),
      }),
      'compare.position': async ({ comparison, filter, row }) => ({
        position: await this.#expect(comparison).positionOf(filter, row),
      }),
      'compare.detail': ({ comparison, row }) => ({ detail: this.#expect(comparison).ready.detail(row) }),
      'compare.strip': ({ comparison, ...window }) => ({ strip: this.#expect(comparison).strip(window) }),
      'compare.markdown': async ({ comparison, filter }) => ({
        text: await this.#expect(comparison).markdown(filter),
      }),
    }
  }

  /** @throws ConsoleError `COMPARE_UNKNOWN`. */
  feed(comparison: number): Feed<CompareState> {
    const open = this.#expect(comparison)
    let told: CompareState | undefined
    const stop = open.onChange(() => feed.touch())
    const feed = new PacedFeed<CompareState>(this.#clock, {
      intervalMs: COMPARE_INTERVAL_MS,
      produce: () => {
        if (told === open.state) return undefined
        told = open.state
        return told
      },
      hasMore: () => false,
      close: stop,
    })
    return feed
  }

  close(): void {
    for (const comparison of [...this.#open.keys()]) this.#end(comparison)
  }

  #begin(a: string, b: string, ignored: readonly string[], shiftMs: number): number {
    const ignore = IgnoreRules.parse(ignored)
    const files = [a, b].map((name) => ({ name, path: this.#folder.pathOf(name) }))
    const [oldest] = this.#open.keys()
    if (this.#open.size >= MAX_COMPARISONS && oldest !== undefined) this.#end(oldest)
    this.#last += 1
    const open = new OpenComparison(this.#last, a, b)
    this.#open.set(this.#last, open)
    void open.run((signal, onProgress) =>
      compareFiles(files[0]!, files[1]!, { ignore, shiftMs, signal, onProgress }),
    )
    return this.#last
  }

  #end(comparison: number): void {
    this.#open.get(comparison)?.cancel()
    this.#open.delete(comparison)
  }

  #expect(comparison: number): OpenComparison {
    const open = this.#open.get(comparison)
    if (open === undefined) {
      throw new ConsoleError('COMPARE_UNKNOWN', `there is no comparison ${comparison}`, { comparison })
    }
    return open
  }
}

type Run = (
  signal: AbortSignal,
  onProgress: (phase: 'reading' | 'aligning', share: number) => void,
) => Promise<Comparison>

class OpenComparison {
  state: CompareState
  readonly #abort = new AbortController()
  readonly #listeners = new Set<() => void>()
  #comparison: Comparison | undefined
  #finder: RowFinder | undefined
  /** Rows of the filter that was used last: windows of one list follow one another. */
  #selected: { readonly filter: string; readonly rows: Promise<Uint32Array> } | undefined

  constructor(comparison: number, a: string, b: string) {
    this.state = { comparison, a, b, phase: 'reading', share: 0, error: null, summary: null }
  }

  /** @throws ConsoleError `COMPARE_NOT_READY`. */
  get ready(): Comparison {
    if (this.#comparison !== undefined) return this.#comparison
    throw new ConsoleError('COMPARE_NOT_READY', 'the recordings are still being read')
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async run(compare: Run): Promise<void> {
    try {
      const { signal } = this.#abort
      const comparison = await compare(signal, (phase, share) => this.#set({ phase, share }))
      signal.throwIfAborted()
      this.#comparison = comparison
      this.#finder = new RowFinder(comparison)
      this.#set({ phase: 'ready', share: 1, summary: comparison.summary })
    } catch (error) {
      if (this.#abort.signal.aborted) return
      const { code, message, remedy } = toWireError(asConsoleError(error))
      this.#set({ phase: 'failed', error: { code, message, remedy } })
    }
  }

  cancel(): void {
    this.#abort.abort()
    this.#comparison = undefined
    this.#finder = undefined
    this.#selected = undefined
    this.#set({ phase: 'cancelled', summary: null })
  }

  async rows(filter: string, from: number, count: number): Promise<CompareWindow> {
    const comparison = this.ready
    const rows = await this.#select(filter)
    const wanted = Array.from(rows.subarray(from, from + count))
    return { total: rows.length, from, rows: wanted.map((row) => comparison.row(row)) }
  }

  async positionOf(filter: string, row: number): Promise<number | null> {
    const rows = await this.#select(filter)
    let low = 0
    let high = rows.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (rows[middle]! < row) low = middle + 1
      else high = middle
    }
    return rows[low] === row ? low : null
  }

  strip(window: Parameters<typeof compareStrip>[2]) {
    const comparison = this.ready
    return compareStrip(comparison, this.#finder ?? new RowFinder(comparison), window)
  }

  async markdown(filter: string): Promise<string> {
    const comparison = this.ready
    return inTurns(compareMarkdown(comparison, await this.#select(filter)), { signal: this.#abort.signal })
  }

  async #select(filter: string): Promise<Uint32Array> {
    const comparison = this.ready
    if (this.#selected?.filter !== filter) {
      const compiled = filter === '' ? null : compileFilter(filter, 'compare')
      if (compiled?.ok === false) {
        const [problem] = compiled.problems
        throw new ConsoleError('FILTER_INVALID', problem?.message ?? 'the filter is not understood', {
          filter,
          problems: compiled.problems,
        })
      }
      const rows = setImmediate().then(() =>
        inTurns(comparison.select(compiled === null ? null : compiled.filter), {
          signal: this.#abort.signal,
        }),
      )
      this.#selected = { filter, rows }
    }
    return this.#selected.rows
  }

  #set(change: Partial<CompareState>): void {
    this.state = { ...this.state, ...change }
    for (const listener of this.#listeners) listener()
  }
}
