/** Room for "A p95 1234.5" in the type of the picture, and between two of them. */
const LABEL_WIDTH = 84
const GAP = 8

/** Where the label of the mark at the left ends, and where that of the mark at the right begins. */
export interface MarkLabels {
  readonly leftEnd: number
  readonly rightStart: number
}

/**
 * Places the labels of two marks side by side, away from each other where there is room: they never cover each other, nor leave
 * a picture of this width.
 */
export function markLabels(leftX: number, rightX: number, width: number): MarkLabels {
  const leftEnd = Math.min(Math.max(leftX, LABEL_WIDTH), width - LABEL_WIDTH - GAP)
  const rightStart = Math.min(Math.max(rightX, leftEnd + GAP), width - LABEL_WIDTH)
  return { leftEnd, rightStart }
}
