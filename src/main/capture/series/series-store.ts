import { FINE_SERIES_MS, type SeriesBins } from '../../../shared/model/series'
import type { TraceEvent } from '../../../shared/model/trace'
import { LinkSeries } from './link-series'
import { PagePool } from './page-pool'
import { gridOf, gridWith, raiseBusy, readSeries, type SeriesGrid } from './read-series'

/** Of all series together: some six hours of six busy links. */
const MAX_SERIES_BYTES = 64 * 1024 * 1024
/** Nobody shows so far back what a long frame changes. */
const MAX_LAG_MS = 10 * 60_000

/** Is the speed of this link's line known? */
export type HasLine = (linkId: number) => boolean

export interface SeriesFollower {
  /** Bins that are new or changed since the last time; undefined when there are none. */
  take(nowMs: number): SeriesBins | undefined
  /** Something was counted that no bin shows yet, or the fall to nothing after it. */
  hasMore(): boolean
}

/** Figures of every link over time, and of all together, in bounded memory. An event costs O(1). */
export class SeriesStore {
  readonly #pool: PagePool
  readonly #all: LinkSeries
  readonly #nothing: LinkSeries
  readonly #links = new Map<number, LinkSeries>()

  constructor(maxBytes = MAX_SERIES_BYTES) {
    this.#pool = new PagePool(maxBytes)
    this.#all = new LinkSeries(this.#pool, 0)
    this.#nothing = new LinkSeries(this.#pool, Number.POSITIVE_INFINITY)
  }

  get heldBytes(): number {
    return this.#pool.heldBytes
  }

  readonly observe = (event: TraceEvent): void => {
    const series = this.#of(event)
    if (event.type === 'queue') {
      const { queuedBytes, queuedMessages } = this.#all
      const bytes = queuedBytes + event.queuedBytes - series.queuedBytes
      const messages = queuedMessages + event.queuedMessages - series.queuedMessages
      this.#all.noteQueue(event.atMs, bytes, messages)
      series.noteQueue(event.atMs, event.queuedBytes, event.queuedMessages)
      return
    }
    series.observe(event)
    this.#all.observe(event)
  }

  /**
   * At most `bins` bins over a span, as fine as they are kept.
   *
   * @param linkId - Null for all links: then the utilisation is that of the busiest line.
   */
  read(
    linkId: number | null,
    span: { readonly fromMs: number; readonly toMs: number; readonly bins: number },
    nowMs: number,
    hasLine: HasLine,
  ): SeriesBins {
    const series = this.#find(linkId)
    return this.#read(linkId, gridOf(series, span.fromMs, span.toMs, span.bins, nowMs), nowMs, hasLine)
  }

  /** A reader for somebody who follows: first the last `spanMs`, then what was added or changed since. */
  follow(linkId: number | null, spanMs: number, bins: number, hasLine: HasLine): SeriesFollower {
    const ring = spanMs < FINE_SERIES_MS ? 'fine' : 'coarse'
    let sent: { readonly series: LinkSeries; readonly version: number; readonly grid: SeriesGrid } | undefined
    /** A bin in which something was counted, or the quiet one after it, is not over yet. */
    const isUnsettled = (): boolean =>
      sent !== undefined && (sent.grid.end - 1) * sent.grid.binMs <= sent.series.latestMs
    return {
      take: (nowMs) => {
        const series = this.#find(linkId)
        const isSame = sent?.series === series
        if (isSame && sent?.version === series.version && !isUnsettled()) return undefined
        const grid = gridWith(ring, series[ring].bucketMs, spanMs, nowMs, bins)
        const lagBins = Math.max(1, Math.ceil(Math.min(series.maxLagMs, MAX_LAG_MS) / grid.binMs))
        const changed = isSame && sent !== undefined ? sent.grid.end - lagBins : grid.first
        sent = { series, version: series.version, grid }
        const first = Math.min(grid.end, Math.max(grid.first, changed))
        return this.#read(linkId, { ...grid, first }, nowMs, hasLine)
      },
      hasMore: isUnsettled,
    }
  }

  clear(nowMs: number): void {
    this.#all.clear(nowMs)
    for (const series of this.#links.values()) series.clear(nowMs)
  }

  /** Forgets a link that will not come back. What it did stays in the figures of all. */
  forgetLink(linkId: number): void {
    const series = this.#links.get(linkId)
    if (series === undefined) return
    const nowMs = this.#all.latestMs
    const bytes = this.#all.queuedBytes - series.queuedBytes
    this.#all.noteQueue(nowMs, bytes, this.#all.queuedMessages - series.queuedMessages)
    series.clear(nowMs)
    this.#links.delete(linkId)
  }

  #read(linkId: number | null, grid: SeriesGrid, nowMs: number, hasLine: HasLine): SeriesBins {
    const read = readSeries(this.#find(linkId), grid, nowMs, linkId !== null && hasLine(linkId))
    if (linkId !== null) return read
    for (const [id, series] of this.#links) {
      if (hasLine(id)) raiseBusy(read.columns, readSeries(series, grid, nowMs, true).columns)
    }
    return read
  }

  #of(event: TraceEvent): LinkSeries {
    const { linkId, atMs } = event
    let series = this.#links.get(linkId)
    if (series === undefined) {
      series = new LinkSeries(this.#pool, event.type === 'frame' ? Math.min(atMs, event.startMs) : atMs)
      this.#links.set(linkId, series)
    }
    return series
  }

  #find(linkId: number | null): LinkSeries {
    return linkId === null ? this.#all : (this.#links.get(linkId) ?? this.#nothing)
  }
}
