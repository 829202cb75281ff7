import { type AxisView, MIN_SPAN_MS, zoomAt } from '../time-scale'
import type { TimeWindow } from './strip-types'

/** The part of the axis that is visible, kept inside of what there is. */
export function clampView(view: AxisView, bounds: TimeWindow): AxisView {
  const most = Math.max(MIN_SPAN_MS, bounds.toMs - bounds.fromMs)
  const span = Math.min(most, Math.max(MIN_SPAN_MS, view.span))
  return { from: Math.min(bounds.toMs - span, Math.max(bounds.fromMs, view.from)), span }
}

export const viewOf = (window: TimeWindow): AxisView => ({
  from: window.fromMs,
  span: Math.max(MIN_SPAN_MS, window.toMs - window.fromMs),
})

/** How much one notch of the wheel, one press of a key changes. */
const ZOOM_STEP = 1.25
const PAN_SHARE = 0.15

/**
 * Where a turn of the wheel leads: it zooms where the pointer is; turned sideways or with Shift it moves.
 *
 * @param share - Of the width, where the pointer is, 0 to 1.
 */
export function wheelView(
  view: AxisView,
  bounds: TimeWindow,
  turn: { readonly deltaX: number; readonly deltaY: number; readonly isShift: boolean },
  share: number,
): AxisView {
  const sideways = turn.isShift ? turn.deltaY : turn.deltaX
  if (turn.isShift || Math.abs(turn.deltaX) > Math.abs(turn.deltaY)) {
    return clampView({ ...view, from: view.from + (sideways / 600) * view.span }, bounds)
  }
  const notches = Math.max(-4, Math.min(4, turn.deltaY / 100))
  return clampView(zoomAt(view, share, ZOOM_STEP ** notches), bounds)
}

/** Where a key leads; null when it means nothing here. W S A D as in the lanes, the arrows do the same. */
export function keyView(view: AxisView, bounds: TimeWindow, key: string): AxisView | null {
  switch (key) {
    case 'ArrowLeft':
    case 'a':
      return clampView({ ...view, from: view.from - PAN_SHARE * view.span }, bounds)
    case 'ArrowRight':
    case 'd':
      return clampView({ ...view, from: view.from + PAN_SHARE * view.span }, bounds)
    case 'ArrowUp':
    case '+':
    case 'w':
      return clampView(zoomAt(view, 0.5, 1 / ZOOM_STEP), bounds)
    case 'ArrowDown':
    case '-':
    case 's':
      return clampView(zoomAt(view, 0.5, ZOOM_STEP), bounds)
    case 'Home':
      return clampView({ ...view, from: bounds.fromMs }, bounds)
    case 'End':
      return clampView({ ...view, from: bounds.toMs }, bounds)
    case '0':
      return clampView(viewOf(bounds), bounds)
    default:
      return null
  }
}
