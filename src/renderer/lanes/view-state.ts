import {
  type AxisView,
  DEFAULT_SPAN_MS,
  endAt,
  endOf,
  FOLLOW_DELAY_MS,
  fitRange,
  panBy,
  reveal,
  type SpanLimits,
  TIME_LIMITS,
  zoomAt,
} from './time-scale'

/** How far the view may be moved beyond what is kept, as a share of its span. */
const OVERSHOOT = 0.5

/** A range in units of the axis. */
export interface AxisRange {
  readonly from: number
  readonly to: number
}

/**
 * What part of the axis is shown, and whether it moves by itself. Every move by hand lets go of following, except
 * zooming, which then keeps the right edge. `edge` is where the right edge belongs while following.
 */
export class ViewState {
  #view: AxisView = { from: -FOLLOW_DELAY_MS - DEFAULT_SPAN_MS, span: DEFAULT_SPAN_MS }
  #limits: SpanLimits = TIME_LIMITS
  #isFollowing = true
  #isPaused = false

  get view(): AxisView {
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

  /** Changes the units: from now on `from` and `to`, and everything else, are places of another axis. */
  measureIn(limits: SpanLimits, { from, to }: AxisRange): void {
    this.#limits = limits
    this.#view = { from, span: Math.min(limits.max, Math.max(limits.min, to - from)) }
  }

  /**
   * Moves the right edge along while following, by whole pixels.
   *
   * @returns True when the picture has to be painted again.
   */
  advance(edge: number, widthPx: number): boolean {
    if (!this.isMoving) return false
    const unitsPerPx = this.#view.span / Math.max(1, widthPx)
    const from = edge - this.#view.span
    const quantised = Math.floor(from / unitsPerPx) * unitsPerPx
    if (Math.abs(quantised - this.#view.from) < unitsPerPx / 2) return false
    this.#view = { ...this.#view, from: quantised }
    return true
  }

  zoom(share: number, factor: number, edge: number): void {
    if (this.isMoving) this.#view = endAt(zoomAt(this.#view, 1, factor, this.#limits), edge)
    else this.#view = zoomAt(this.#view, share, factor, this.#limits)
  }

  pan(by: number, kept: AxisRange | null, edge: number): void {
    if (by === 0) return
    this.#isFollowing = false
    const margin = this.#view.span * OVERSHOOT
    const moved = panBy(this.#view, by)
    const least = Math.min(this.#view.from, (kept?.from ?? edge) - margin)
    const most = Math.max(this.#view.from, edge - this.#view.span + margin)
    this.#view = { ...moved, from: Math.min(most, Math.max(least, moved.from)) }
  }

  /** Shows a range exactly; one that reaches the edge follows again. */
  show(from: number, to: number, edge: number): void {
    const { span } = zoomAt({ from, span: to - from }, 0, 1, this.#limits)
    this.#view = { from, span }
    this.#isFollowing = from + span >= edge
  }

  fit(from: number, to: number): void {
    this.#view = fitRange(from, to, this.#limits)
    this.#isFollowing = false
  }

  /** Brings the middle of a range to the middle, without a change of the span. */
  centre(from: number, to: number): void {
    this.#view = { ...this.#view, from: (from + to) / 2 - this.#view.span / 2 }
    this.#isFollowing = false
  }

  oldest(kept: AxisRange | null): void {
    if (kept === null) return
    this.#view = { ...this.#view, from: kept.from - this.#view.span * 0.05 }
    this.#isFollowing = false
  }

  /** Brings a range into view; lets go of following only when it has to move. */
  reveal(from: number, to: number): void {
    const moved = reveal(this.#view, from, to)
    if (moved === this.#view) return
    // partly visible and moving: it will be read before it leaves
    if (this.isMoving && from >= this.#view.from && from <= endOf(this.#view)) return
    this.#view = moved
    this.#isFollowing = false
  }
}
