import type { CommandName } from '../../../shared/contract/contract'
import { asConsoleError, ConsoleError } from '../../../shared/errors'
import type { Clock } from '../../../shared/model/clock'
import {
  type WhatIfOrder,
  type WhatIfRow,
  type WhatIfSettings,
  type WhatIfState,
  waitOf,
} from '../../../shared/model/what-if'
import { whatIfMarkdown } from '../../../shared/model/what-if-markdown'
import type { RecordingFolder } from '../../recording/library/recording-folder'
import { RecordingFiles } from '../../recording/read/recording-files'
import { RecordingTrace } from '../../recording/read/recording-trace'
import { loadDecompress } from '../../recording/read/unpack-block'
import { recordedEvents } from '../../recording/what-if/recorded-events'
import { type WhatIfResult, WhatIfStudy } from '../../recording/what-if/what-if-study'
import type { Feed } from '../console-types'
import { PacedFeed } from '../feeds/paced-feed'
import type { Handlers } from '../handlers/handlers'

/** Runs whose result is kept: one for each window, and one to go back to. The oldest goes first. */
export const MAX_WHATIF_RUNS = 6
/** Recordings that are kept as they were read, so that turning a knob does not read them again. */
const MAX_STUDIES = 2
const INTERVAL_MS = 100

export interface WhatIfDeskOptions {
  readonly folder: RecordingFolder
  readonly clock: Clock
}

type WhatIfCommand = Extract<CommandName, `whatif.${string}`>

interface Run {
  readonly recording: string
  readonly stop: AbortController
  state: WhatIfState
  result: WhatIfResult | undefined
  readonly listeners: Set<() => void>
}

/** What-if runs of recordings, for screens: begun, watched, stopped, and looked at in windows. */
export class WhatIfDesk {
  readonly handlers: Pick<Handlers, WhatIfCommand>
  readonly #folder: RecordingFolder
  readonly #clock: Clock
  readonly #runs = new Map<number, Run>()
  /** By file and span; a promise, so that two runs read it once. */
  readonly #studies = new Map<string, Promise<WhatIfStudy>>()
  #last = 0
  #lastOrder: { rows: readonly WhatIfRow[]; name: string; ordered: readonly WhatIfRow[] } = NO_ORDER

  constructor({ folder, clock }: WhatIfDeskOptions) {
    this.#folder = folder
    this.#clock = clock
    this.handlers = {
      'whatif.run': ({ recording, settings }) => ({
        run: this.#begin(recording, settings as WhatIfSettings),
      }),
      'whatif.stop': ({ run }) => {
        this.#runs.get(run)?.stop.abort(stopped())
        return {}
      },
      'whatif.rows': ({ run, order, isDescending, from, count }) => {
        const rows = this.#ordered(this.#result(run).rows, order, isDescending)
        return { total: rows.length, rows: rows.slice(from, from + count) }
      },
      'whatif.place': ({ run, row, order, isDescending }) => {
        const rows = this.#ordered(this.#result(run).rows, order, isDescending)
        return { place: rows.findIndex(({ index }) => index === row) }
      },
      'whatif.nearest': ({ run, atMs, route }) => ({ row: nearest(this.#result(run).rows, atMs, route) }),
      'whatif.strip': ({ run, fromMs, toMs, columnMs }) =>
        this.#result(run).picture.window(fromMs, toMs, columnMs),
      'whatif.markdown': ({ run }) => ({
        text: whatIfMarkdown(this.#run(run).recording, this.#result(run).summary),
      }),
    }
  }

  /** How a run goes, and what came of it. */
  feed(run: number): Feed<WhatIfState> {
    const found = this.#run(run)
    let told: WhatIfState | undefined
    const touch = (): void => feed.touch()
    found.listeners.add(touch)
    const feed = new PacedFeed<WhatIfState>(this.#clock, {
      intervalMs: INTERVAL_MS,
      produce: () => {
        if (told === found.state) return undefined
        told = found.state
        return told
      },
      hasMore: () => false,
      close: () => found.listeners.delete(touch),
    })
    return feed
  }

  close(): void {
    for (const { stop } of this.#runs.values()) stop.abort(stopped())
    this.#runs.clear()
    this.#studies.clear()
  }

  #begin(recording: string, settings: WhatIfSettings): number {
    const path = this.#folder.pathOf(recording)
    this.#last += 1
    const run: Run = {
      recording,
      stop: new AbortController(),
      state: { state: 'running', stage: 'reading', done: 0, total: 0 },
      result: undefined,
      listeners: new Set(),
    }
    this.#runs.set(this.#last, run)
    for (const [number, old] of this.#runs) {
      if (this.#runs.size <= MAX_WHATIF_RUNS) break
      old.stop.abort(stopped())
      this.#runs.delete(number)
    }
    void this.#work(run, path, settings)
    return this.#last
  }

  async #work(run: Run, path: string, settings: WhatIfSettings): Promise<void> {
    const { signal } = run.stop
    const tell = (state: WhatIfState): void => {
      run.state = state
      for (const listener of run.listeners) listener()
    }
    try {
      const study = await this.#study(path, settings, (done, total) => {
        if (run.state.state === 'running') tell({ state: 'running', stage: 'reading', done, total })
      })
      signal.throwIfAborted()
      run.result = await study.predict(settings, {
        signal,
        onProgress: (stage, done, total) => tell({ state: 'running', stage, done, total }),
      })
      tell({ state: 'done', summary: run.result.summary })
    } catch (error) {
      const { code, message, remedy } = asConsoleError(error)
      tell({ state: 'failed', code, message, remedy })
    }
  }

  /** Read once for all runs of the same span, and not ended with the run that asked first: others wait for it. */
  async #study(
    path: string,
    settings: WhatIfSettings,
    onProgress: (done: number, total: number) => void,
  ): Promise<WhatIfStudy> {
    const { linkId, fromMs, toMs } = settings
    const source = await RecordingFiles.open(path)
    const key = JSON.stringify([path, source.size, linkId, fromMs, toMs])
    const known = this.#studies.get(key)
    if (known !== undefined) {
      await source.close()
      return known
    }
    const reading = (async () => {
      try {
        const trace = new RecordingTrace(source, await loadDecompress())
        const events = recordedEvents(trace, undefined, (read) => onProgress(read, source.size))
        return await WhatIfStudy.read(events, settings)
      } finally {
        await source.close()
      }
    })()
    this.#studies.set(key, reading)
    const [oldest] = this.#studies.keys()
    if (this.#studies.size > MAX_STUDIES && oldest !== undefined) this.#studies.delete(oldest)
    reading.catch(() => this.#studies.delete(key)) // the file may be another one next time
    return reading
  }

  /** The order of the last question is kept: a list asks for many windows of one order. */
  #ordered(rows: readonly WhatIfRow[], order: WhatIfOrder, isDescending: boolean): readonly WhatIfRow[] {
    const name = `${order} ${isDescending}`
    const { rows: known, name: knownName, ordered } = this.#lastOrder
    if (known === rows && knownName === name) return ordered
    const keyOf = KEYS[order]
    const sign = isDescending ? -1 : 1
    const sorted = [...rows].sort((a, b) => sign * compared(keyOf(a), keyOf(b)) || a.index - b.index)
    this.#lastOrder = { rows, name, ordered: sorted }
    return sorted
  }

  #run(run: number): Run {
    const found = this.#runs.get(run)
    if (found !== undefined) return found
    throw new ConsoleError('WHATIF_UNKNOWN', `the what-if run ${run} is not kept any more`, { run })
  }

  /** @throws ConsoleError `WHATIF_UNKNOWN`, also while it runs. */
  #result(run: number): WhatIfResult {
    const { result } = this.#run(run)
    if (result !== undefined) return result
    throw new ConsoleError('WHATIF_UNKNOWN', `the what-if run ${run} has no result`, { run })
  }
}

const NO_ORDER = { rows: [], name: '', ordered: [] }
const stopped = (): ConsoleError => new ConsoleError('WHATIF_STOPPED', 'the run was stopped')

const waitAfter = ({ after }: WhatIfRow): number =>
  after === null ? Number.POSITIVE_INFINITY : waitOf(after)
const totalAfter = ({ after }: WhatIfRow): number => after?.totalMs ?? Number.POSITIVE_INFINITY
const KEYS: Readonly<Record<WhatIfOrder, (row: WhatIfRow) => number>> = {
  time: ({ index }) => index,
  'wait-before': ({ before }) => waitOf(before),
  'wait-after': waitAfter,
  change: (row) => waitAfter(row) - waitOf(row.before),
  'total-change': (row) => totalAfter(row) - row.before.totalMs,
}

/** Two that are endless are equal: their difference is no number. */
const compared = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1)

/** The row of this route that was sent closest to a time, -1 when there is none. */
function nearest(rows: readonly WhatIfRow[], atMs: number, route: string): number {
  let [best, bestMs] = [-1, Number.POSITIVE_INFINITY]
  for (const { index, route: its, before } of rows) {
    const ms = Math.abs(before.queuedMs - atMs)
    if (its !== route || ms >= bestMs) continue
    best = index
    bestMs = ms
  }
  return best
}
