/**
 * The visible part of the axis, in its units: milliseconds of session time, or chunks on the ordinal axis. Pure
 * functions: every change gives a new view.
 */
export interface AxisView {
  readonly from: number
  readonly span: number
}

/** Shortest and longest span that can be shown. */
export interface SpanLimits {
  readonly min: number
  readonly max: number
}

export const MIN_SPAN_MS = 0.1
export const MAX_SPAN_MS = 86_400_000
export const TIME_LIMITS: SpanLimits = { min: MIN_SPAN_MS, max: MAX_SPAN_MS }
export const ORDINAL_LIMITS: SpanLimits = { min: 4, max: 4_000_000 }
export const DEFAULT_SPAN_MS = 2000
/** While following, the right edge stays this far behind now, so that chunks told late do not pop up in the picture. */
export const FOLLOW_DELAY_MS = 100

export const endOf = (view: AxisView): number => view.from + view.span

const clampSpan = (span: number, limits: SpanLimits): number =>
  Math.min(limits.max, Math.max(limits.min, span))

/**
 * Zooms so that what is at `share` of the width (0 left, 1 right) stays where it is.
 *
 * @param factor - Above 1 shows more.
 */
export function zoomAt(view: AxisView, share: number, factor: number, limits = TIME_LIMITS): AxisView {
  const span = clampSpan(view.span * factor, limits)
  return { from: view.from + (view.span - span) * share, span }
}

export const panBy = (view: AxisView, by: number): AxisView => ({ ...view, from: view.from + by })

/** Moves the right edge to `to`. */
export const endAt = (view: AxisView, to: number): AxisView => ({ ...view, from: to - view.span })

/** Shows the range with a margin of a twentieth of it on both sides. */
export function fitRange(from: number, to: number, limits = TIME_LIMITS): AxisView {
  const span = clampSpan((to - from) * 1.1, limits)
  return { from: (from + to) / 2 - span / 2, span }
}

/** The smallest move that brings `[from, to]` into view, its beginning first when it is longer than the view. */
export function reveal(view: AxisView, from: number, to: number): AxisView {
  const margin = view.span * 0.08
  if (from >= view.from + margin / 2 && to <= endOf(view) - margin / 2) return view
  if (to - from > view.span - 2 * margin || from < view.from + margin) return { ...view, from: from - margin }
  return endAt(view, to + margin)
}

/**
 * From units of the axis to device pixels. Every place is rounded before the origin is taken off, therefore shapes keep
 * their width and their distance while the picture scrolls, and a scroll by whole pixels changes nothing but the origin.
 */
export interface PixelScale {
  readonly pxPerUnit: number
  readonly originPx: number
  readonly widthPx: number
}

export function pixelScale(view: AxisView, widthPx: number): PixelScale {
  const pxPerUnit = Math.max(1, widthPx) / view.span
  return { pxPerUnit, originPx: Math.round(view.from * pxPerUnit), widthPx }
}

export const xOf = (scale: PixelScale, at: number): number =>
  Math.round(at * scale.pxPerUnit) - scale.originPx

/** What lies at the left edge of pixel `x`. */
export const unitAt = (scale: PixelScale, x: number): number => (x + scale.originPx) / scale.pxPerUnit
