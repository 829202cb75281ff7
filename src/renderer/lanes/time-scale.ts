/** The visible part of time. Pure functions: every change gives a new view. */
export interface TimeView {
  readonly fromMs: number
  readonly spanMs: number
}

export const MIN_SPAN_MS = 0.1
export const MAX_SPAN_MS = 86_400_000
export const DEFAULT_SPAN_MS = 2000
/** While following, the right edge stays this far behind now, so that chunks told late do not pop up in the picture. */
export const FOLLOW_DELAY_MS = 100

export const endOf = (view: TimeView): number => view.fromMs + view.spanMs

const clampSpan = (spanMs: number): number => Math.min(MAX_SPAN_MS, Math.max(MIN_SPAN_MS, spanMs))

/**
 * Zooms so that the instant at `share` of the width (0 left, 1 right) stays where it is.
 *
 * @param factor - Above 1 shows more time.
 */
export function zoomAt(view: TimeView, share: number, factor: number): TimeView {
  const spanMs = clampSpan(view.spanMs * factor)
  return { fromMs: view.fromMs + (view.spanMs - spanMs) * share, spanMs }
}

export const panBy = (view: TimeView, byMs: number): TimeView => ({ ...view, fromMs: view.fromMs + byMs })

/** Moves the right edge to `toMs`. */
export const endAt = (view: TimeView, toMs: number): TimeView => ({ ...view, fromMs: toMs - view.spanMs })

/** Shows the range with a margin of a twentieth of it on both sides. */
export function fitRange(fromMs: number, toMs: number): TimeView {
  const spanMs = clampSpan((toMs - fromMs) * 1.1)
  return { fromMs: (fromMs + toMs) / 2 - spanMs / 2, spanMs }
}

/** The smallest move that brings `[fromMs, toMs]` into view, its beginning first when it is longer than the view. */
export function reveal(view: TimeView, fromMs: number, toMs: number): TimeView {
  const margin = view.spanMs * 0.08
  if (fromMs >= view.fromMs + margin / 2 && toMs <= endOf(view) - margin / 2) return view
  if (toMs - fromMs > view.spanMs - 2 * margin || fromMs < view.fromMs + margin) {
    return { ...view, fromMs: fromMs - margin }
  }
  return endAt(view, toMs + margin)
}

/**
 * From time to device pixels. Every instant is rounded before the origin is taken off, therefore shapes keep their
 * width and their distance while the picture scrolls, and a scroll by whole pixels changes nothing but the origin.
 */
export interface PixelScale {
  readonly pxPerMs: number
  readonly originPx: number
  readonly widthPx: number
}

export function pixelScale(view: TimeView, widthPx: number): PixelScale {
  const pxPerMs = Math.max(1, widthPx) / view.spanMs
  return { pxPerMs, originPx: Math.round(view.fromMs * pxPerMs), widthPx }
}

export const xOf = (scale: PixelScale, atMs: number): number =>
  Math.round(atMs * scale.pxPerMs) - scale.originPx

/** The instant at the left edge of pixel `x`. */
export const timeAt = (scale: PixelScale, x: number): number => (x + scale.originPx) / scale.pxPerMs
