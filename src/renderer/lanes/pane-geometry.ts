/** Heights inside the canvas, CSS pixels. Gutter (page) and canvas (worker) use the same numbers. */
export const AXIS_HEIGHT = 24
export const STRIP_HEIGHT = 40
/** Top of the outgoing and of the incoming row of the line strip, from the top of the canvas. */
export const STRIP_OUT_TOP = AXIS_HEIGHT + 7
export const STRIP_IN_TOP = AXIS_HEIGHT + 21
export const BAR_HEIGHT = 12
export const LANES_TOP = AXIS_HEIGHT + STRIP_HEIGHT
export const AUX_ROW_HEIGHT = 22
/** Below this height of the canvas the rows of events and queue give their place to the lanes. */
const AUX_NEEDS_HEIGHT = LANES_TOP + 4 * 22 + 2 * AUX_ROW_HEIGHT

export interface PaneGeometry {
  readonly lanesTop: number
  readonly lanesBottom: number
  /** Top of the rows of events and queue; null when they are left out. */
  readonly auxTop: number | null
}

export function paneGeometry(height: number): PaneGeometry {
  if (height < AUX_NEEDS_HEIGHT) return { lanesTop: LANES_TOP, lanesBottom: height, auxTop: null }
  const auxTop = height - 2 * AUX_ROW_HEIGHT
  return { lanesTop: LANES_TOP, lanesBottom: auxTop - 1, auxTop }
}
