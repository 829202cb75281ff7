/** Units of the picture from its left to its right edge. */
export const WIDTH = 1000
/** What took so little time is still drawn. */
const LEAST = 2.5
/** Between neighbours, so that they can be counted where there is room. */
const GAP = 1.5

const fixed = (value: number): string => String(Math.round(value * 100) / 100)

/**
 * Outline of the spans of one lane: a rectangle each, in a picture `WIDTH` wide.
 *
 * @param spansMs - From, to, from, to, … in order.
 */
export function lanePath(
  spansMs: readonly number[],
  fromMs: number,
  totalMs: number,
  height: number,
): string {
  const scale = totalMs > 0 ? WIDTH / totalMs : 0
  const pieces: string[] = []
  for (let at = 0; at + 1 < spansMs.length; at += 2) {
    const x = Math.min((spansMs[at]! - fromMs) * scale, WIDTH - LEAST)
    const wide = (spansMs[at + 1]! - spansMs[at]!) * scale
    const width = Math.max(LEAST, wide > 4 * GAP ? wide - GAP : wide)
    pieces.push(
      `M${fixed(x)} 0h${fixed(Math.min(width, WIDTH - x))}v${height}h${fixed(-Math.min(width, WIDTH - x))}z`,
    )
  }
  return pieces.join('')
}
