/** The visible range as a brush on the overview strip. Pixels are CSS pixels of the strip. */
export interface BrushRange {
  readonly fromMs: number
  readonly toMs: number
}

export interface StripScale {
  readonly fromMs: number
  readonly toMs: number
  readonly width: number
}

export type BrushGrip = 'from' | 'to' | 'whole'

/** Narrower and the handles could not be told apart. */
const MIN_BRUSH_PX = 8
const HANDLE_PX = 5

const msPerPx = (scale: StripScale): number =>
  Math.max(1e-6, scale.toMs - scale.fromMs) / Math.max(1, scale.width)

/** Where the brush is drawn: inside the strip, and wide enough to be seen and gripped. */
export function brushPixels(
  scale: StripScale,
  range: BrushRange,
): { readonly from: number; readonly to: number } {
  const perPx = msPerPx(scale)
  const clip = (x: number): number => Math.min(scale.width, Math.max(0, x))
  let from = clip((range.fromMs - scale.fromMs) / perPx)
  let to = clip((range.toMs - scale.fromMs) / perPx)
  const missing = MIN_BRUSH_PX - (to - from)
  if (missing > 0) {
    from = Math.max(0, Math.min(scale.width - MIN_BRUSH_PX, from - missing / 2))
    to = Math.min(scale.width, from + MIN_BRUSH_PX)
  }
  return { from: Math.round(from), to: Math.round(to) }
}

/** What a press at `x` takes hold of; null: beside the brush. */
export function gripAt(scale: StripScale, range: BrushRange, x: number): BrushGrip | null {
  const { from, to } = brushPixels(scale, range)
  const hasHandles = to - from > 3 * HANDLE_PX
  if (hasHandles && Math.abs(x - from) <= HANDLE_PX) return 'from'
  if (hasHandles && Math.abs(x - to) <= HANDLE_PX) return 'to'
  return x >= from - HANDLE_PX && x <= to + HANDLE_PX ? 'whole' : null
}

/** The range after dragging by `dx`, from what it was when the drag began. */
export function dragBrush(scale: StripScale, start: BrushRange, grip: BrushGrip, dx: number): BrushRange {
  const byMs = dx * msPerPx(scale)
  const leastMs = msPerPx(scale)
  if (grip === 'from')
    return { fromMs: Math.min(start.fromMs + byMs, start.toMs - leastMs), toMs: start.toMs }
  if (grip === 'to')
    return { fromMs: start.fromMs, toMs: Math.max(start.toMs + byMs, start.fromMs + leastMs) }
  return { fromMs: start.fromMs + byMs, toMs: start.toMs + byMs }
}

/** The range of the same length with its middle at `x`. */
export function centreBrush(scale: StripScale, range: BrushRange, x: number): BrushRange {
  const middleMs = scale.fromMs + x * msPerPx(scale)
  const halfMs = (range.toMs - range.fromMs) / 2
  return { fromMs: middleMs - halfMs, toMs: middleMs + halfMs }
}

const MOVE_SHARE = 0.2
const ZOOM_STEP = 1.35

/**
 * The range after a key press: arrows move it, with Shift only its right edge; plus and minus change its length around
 * the middle; Home and End go to the ends of what is kept.
 *
 * @returns Null when the key means nothing here.
 */
export function keyBrush(
  kept: BrushRange,
  range: BrushRange,
  key: string,
  isShift: boolean,
): BrushRange | null {
  const spanMs = range.toMs - range.fromMs
  const zoom = (factor: number): BrushRange => {
    const middleMs = (range.fromMs + range.toMs) / 2
    return { fromMs: middleMs - (spanMs * factor) / 2, toMs: middleMs + (spanMs * factor) / 2 }
  }
  const move = (byMs: number): BrushRange =>
    isShift
      ? { fromMs: range.fromMs, toMs: range.toMs + byMs }
      : { fromMs: range.fromMs + byMs, toMs: range.toMs + byMs }
  switch (key) {
    case 'ArrowLeft':
      return move(-spanMs * MOVE_SHARE)
    case 'ArrowRight':
      return move(spanMs * MOVE_SHARE)
    case '+':
    case '=':
      return zoom(1 / ZOOM_STEP)
    case '-':
      return zoom(ZOOM_STEP)
    case 'Home':
      return { fromMs: kept.fromMs, toMs: kept.fromMs + spanMs }
    case 'End':
      return { fromMs: kept.toMs - spanMs, toMs: kept.toMs }
    default:
      return null
  }
}
