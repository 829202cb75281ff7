import {
  DEFAULT_SPAN_MS,
  endAt,
  endOf,
  FOLLOW_DELAY_MS,
  fitRange,
  panBy,
  reveal,
  type TimeView,
  zoomAt,
} from './time-scale'

/** How far the view may be moved beyond what is kept, as a share of its span. */
const OVERSHOOT = 0.5

export interface KeptRange {
  readonly fromMs: number
  readonly toMs: number
}

/**
 * What part of time is shown, and whether it moves by itself. Every move by hand lets go of following, except zooming,
 * which then keeps the right edge.
 */
export class ViewState {
  #view: TimeView = { fromMs: -FOLLOW_DELAY_MS - DEFAULT_SPAN_MS, spanMs: DEFAULT_SPAN_MS }
  #isFollowing = true
  #isPaused = false

  get view(): TimeView {
    return this.#view
  }

  get isFollowing(): boolean {
    return this.#isFollowing
  }

  /** The picture moves with time. */
  get isMoving(): boolean {
    return this.#isFollowing && !this.#isPaused
  }

  follow(isFollowing: boolean): void {
    this.#isFollowing = isFollowing
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused
  }

  /**
   * Moves the right edge along while following, by whole pixels.
   *
   * @returns True when the picture has to be painted again.
   */
  advance(nowMs: number, widthPx: number): boolean {
    if (!this.isMoving) return false
    const msPerPx = this.#view.spanMs / Math.max(1, widthPx)
    const fromMs = nowMs - FOLLOW_DELAY_MS - this.#view.spanMs
    const quantised = Math.floor(fromMs / msPerPx) * msPerPx
    if (Math.abs(quantised - this.#view.fromMs) < msPerPx / 2) return false
    this.#view = { ...this.#view, fromMs: quantised }
    return true
  }

  zoom(share: number, factor: number, nowMs: number): void {
    if (this.isMoving) this.#view = endAt(zoomAt(this.#view, 1, factor), nowMs - FOLLOW_DELAY_MS)
    else this.#view = zoomAt(this.#view, share, factor)
  }

  pan(byMs: number, kept: KeptRange | null, nowMs: number): void {
    if (byMs === 0) return
    this.#isFollowing = false
    const margin = this.#view.spanMs * OVERSHOOT
    const moved = panBy(this.#view, byMs)
    const least = Math.min(this.#view.fromMs, (kept?.fromMs ?? nowMs) - margin)
    const most = Math.max(this.#view.fromMs, nowMs - this.#view.spanMs + margin)
    this.#view = { ...moved, fromMs: Math.min(most, Math.max(least, moved.fromMs)) }
  }

  /** Shows a range exactly; one that reaches now follows again. */
  show(fromMs: number, toMs: number, nowMs: number): void {
    const spanMs = zoomAt({ fromMs, spanMs: toMs - fromMs }, 0, 1).spanMs
    this.#view = { fromMs, spanMs }
    this.#isFollowing = fromMs + spanMs >= nowMs - FOLLOW_DELAY_MS
  }

  fit(fromMs: number, toMs: number): void {
    this.#view = fitRange(fromMs, toMs)
    this.#isFollowing = false
  }

  oldest(kept: KeptRange | null): void {
    if (kept === null) return
    this.#view = { ...this.#view, fromMs: kept.fromMs - this.#view.spanMs * 0.05 }
    this.#isFollowing = false
  }

  /** Brings a range into view; lets go of following only when it has to move. */
  reveal(fromMs: number, toMs: number): void {
    const moved = reveal(this.#view, fromMs, toMs)
    if (moved === this.#view) return
    // partly visible and moving: it will be read before it leaves
    if (this.isMoving && fromMs >= this.#view.fromMs && fromMs <= endOf(this.#view)) return
    this.#view = moved
    this.#isFollowing = false
  }
}
