/** Heights inside the canvas, CSS pixels. Gutter (page) and canvas (worker) use the same numbers. */
export const AXIS_HEIGHT = 24
export const STRIP_HEIGHT = 40
/** Top of the outgoing and of the incoming row of the line strip, from the top of the canvas. */
export const STRIP_OUT_TOP = AXIS_HEIGHT + 7
export const STRIP_IN_TOP = AXIS_HEIGHT + 21
export const BAR_HEIGHT = 12
export const LANES_TOP = AXIS_HEIGHT + STRIP_HEIGHT
/** What the lanes of the messages keep for themselves: four of them. */
const LANES_NEED = 4 * 22

export interface PaneGeometry {
  readonly lanesTop: number
  readonly lanesBottom: number
  /** Top of the lanes below those of the messages; null when there are none. */
  readonly auxTop: number | null
}

/** What is left for the lanes below those of the messages. */
export const auxRoom = (height: number): number => Math.max(0, height - LANES_TOP - LANES_NEED)

/** @param auxHeight - Of the lanes below those of the messages, together. */
export function paneGeometry(height: number, auxHeight: number): PaneGeometry {
  if (auxHeight === 0) return { lanesTop: LANES_TOP, lanesBottom: height, auxTop: null }
  const auxTop = Math.max(LANES_TOP, height - auxHeight)
  return { lanesTop: LANES_TOP, lanesBottom: auxTop - 1, auxTop }
}
