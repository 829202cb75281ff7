/**
 * Scrolling over more rows than a browser can make tall. An element ends near 33.5 million px, so the spacer that gives the
 * scrollbar its length is capped, and the position of the scrollbar is mapped to an offset in the full content by ratio.
 * Wheel and keyboard never use the ratio: they step in content pixels, so every row stays reachable however many there are.
 */
export interface ScrollGeometry {
  readonly count: number
  readonly rowPx: number
  readonly viewportPx: number
}

export const SPACER_CAP_PX = 10_000_000

export const contentPx = (g: ScrollGeometry): number => g.count * g.rowPx
export const spacerPx = (g: ScrollGeometry): number => Math.min(contentPx(g), SPACER_CAP_PX)
/** Offset at which the last row ends at the lower edge. */
export const maxOffsetPx = (g: ScrollGeometry): number => Math.max(0, contentPx(g) - g.viewportPx)
export const maxNativePx = (g: ScrollGeometry): number => Math.max(0, spacerPx(g) - g.viewportPx)
export const isScaled = (g: ScrollGeometry): boolean => contentPx(g) > SPACER_CAP_PX

export const clampOffset = (offsetPx: number, g: ScrollGeometry): number =>
  Math.min(Math.max(0, offsetPx), maxOffsetPx(g))

/** Where the scrollbar stands for an offset. */
export function toNative(offsetPx: number, g: ScrollGeometry): number {
  if (!isScaled(g)) return clampOffset(offsetPx, g)
  return (clampOffset(offsetPx, g) / maxOffsetPx(g)) * maxNativePx(g)
}

/** The offset a dragged scrollbar means. Scaled positions snap to whole rows, because a pixel of the bar is many rows. */
export function fromNative(nativePx: number, g: ScrollGeometry): number {
  if (!isScaled(g)) return clampOffset(nativePx, g)
  const most = maxNativePx(g)
  if (nativePx >= most - 0.5) return maxOffsetPx(g)
  const offset = (Math.max(0, nativePx) / most) * maxOffsetPx(g)
  return clampOffset(Math.round(offset / g.rowPx) * g.rowPx, g)
}

export interface VisibleRows {
  readonly first: number
  /** Exclusive. */
  readonly end: number
  /** Where the first row begins above the upper edge: 0 or negative, in px. */
  readonly shiftPx: number
}

export function visibleRows(offsetPx: number, g: ScrollGeometry): VisibleRows {
  const offset = clampOffset(offsetPx, g)
  const first = Math.floor(offset / g.rowPx)
  const end = Math.min(g.count, Math.ceil((offset + g.viewportPx) / g.rowPx))
  return { first, end, shiftPx: first * g.rowPx - offset }
}

/** The offset nearest to the present one at which the row is wholly visible. */
export function offsetToShow(index: number, offsetPx: number, g: ScrollGeometry): number {
  const top = index * g.rowPx
  const bottom = top + g.rowPx - g.viewportPx
  return clampOffset(Math.min(Math.max(offsetPx, bottom), Math.max(top, bottom)), g)
}

/** Rows a page key moves: one less than fit, so that a row of context stays. */
export const pageRows = (g: ScrollGeometry): number => Math.max(1, Math.floor(g.viewportPx / g.rowPx) - 1)
