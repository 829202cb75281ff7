import type { BrushRange } from './overview-brush'
import type { LinkGap } from './worker-protocol'

const MAX_GAPS = 512

/** What the worker and the subscription told, for parts of the pane that draw by themselves instead of through React. */
export class LaneFeed {
  #range: BrushRange | null = null
  #gaps: LinkGap[] = []
  #isShown = true
  readonly #rangeListeners = new Set<(range: BrushRange) => void>()
  readonly #newsListeners = new Set<() => void>()

  /** Visible range of the lanes, session time. */
  get range(): BrushRange | null {
    return this.#range
  }

  get gaps(): readonly LinkGap[] {
    return this.#gaps
  }

  rangeChanged(range: BrushRange): void {
    this.#range = range
    for (const listener of this.#rangeListeners) listener(range)
  }

  captured(gaps: readonly LinkGap[], isReset: boolean): void {
    if (isReset) this.#gaps = []
    for (const gap of gaps) {
      const known = this.#gaps.findIndex(
        (other) => other.linkId === gap.linkId && other.fromMs === gap.fromMs,
      )
      if (known >= 0) this.#gaps[known] = gap
      else this.#gaps.push(gap)
    }
    if (this.#gaps.length > MAX_GAPS) this.#gaps = this.#gaps.slice(-MAX_GAPS)
    this.#tellNews()
  }

  /** What is not shown is told of no news; when it is shown again, once. */
  shown(isShown: boolean): void {
    if (this.#isShown === isShown) return
    this.#isShown = isShown
    this.#tellNews()
  }

  #tellNews(): void {
    if (this.#isShown) for (const listener of this.#newsListeners) listener()
  }

  onRange(listener: (range: BrushRange) => void): () => void {
    this.#rangeListeners.add(listener)
    return () => this.#rangeListeners.delete(listener)
  }

  onNews(listener: () => void): () => void {
    this.#newsListeners.add(listener)
    return () => this.#newsListeners.delete(listener)
  }
}
