import { type PixelScale, xOf } from '../time-scale'
import type { StripBlock, StripSide, StripTie } from './strip-types'

/** Heights inside the strip, CSS pixels from its top. */
export const STRIP_AXIS = 24
export const STRIP_HEIGHT = 156
const STRIP_BAR = 12
const ROW = 14
const ABOVE_TOP = 30
const BELOW_TOP = 112
/** Between the lines, where the curves run. */
export const TIES_TOP = ABOVE_TOP + ROW + STRIP_BAR + 2
export const TIES_BOTTOM = BELOW_TOP - 2

/** Every block keeps at least this width, so that nothing vanishes. */
const LEAST_PX = 2

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const sideTop = (side: StripSide): number => (side === 'above' ? ABOVE_TOP : BELOW_TOP)

/** Place of a block in device pixels; sent ones lie over received ones. */
export function boxOf(scale: PixelScale, ratio: number, side: StripSide, block: StripBlock): Box {
  const x = xOf(scale, block.startMs)
  const least = Math.max(1, Math.round(LEAST_PX * ratio))
  return {
    x,
    y: Math.round((sideTop(side) + (block.dir === 'out' ? 0 : ROW)) * ratio),
    width: Math.max(least, xOf(scale, block.endMs) - x),
    height: Math.round(STRIP_BAR * ratio),
  }
}

/** Frame around a block and all that it began, both rows of its line. */
export function frameOf(scale: PixelScale, ratio: number, side: StripSide, block: StripBlock): Box {
  const box = boxOf(scale, ratio, side, block)
  const endX = Math.max(box.x + box.width, xOf(scale, block.untilMs ?? block.endMs))
  const pad = Math.round(3 * ratio)
  const top = Math.round((sideTop(side) - 2) * ratio)
  return {
    x: box.x - pad,
    y: top,
    width: endX - box.x + 2 * pad,
    height: Math.round((ROW + STRIP_BAR + 4) * ratio),
  }
}

/** A curve from one line to the other: both ends and the height at which it turns. */
export interface TieCurve {
  readonly fromX: number
  readonly toX: number
  readonly topY: number
  readonly bottomY: number
  readonly middleY: number
}

/** Null when a side is missing, or when the whole curve lies outside of the picture. */
export function curveOf(
  scale: PixelScale,
  ratio: number,
  tie: StripTie,
  above: readonly StripBlock[],
  below: readonly StripBlock[],
): TieCurve | null {
  const upper = above[tie.above]
  const lower = below[tie.below]
  if (upper === undefined || lower === undefined) return null
  const fromX = xOf(scale, upper.startMs)
  const toX = xOf(scale, lower.startMs)
  if ((fromX < 0 && toX < 0) || (fromX > scale.widthPx && toX > scale.widthPx)) return null
  const topY = Math.round(TIES_TOP * ratio)
  const bottomY = Math.round(TIES_BOTTOM * ratio)
  return { fromX, toX, topY, bottomY, middleY: (topY + bottomY) / 2 }
}

/** Where a curve stands at height `y`: a cubic whose handles both lie at the middle height. */
export function curveX(curve: TieCurve, y: number): number {
  const share = Math.min(1, Math.max(0, (y - curve.topY) / Math.max(1, curve.bottomY - curve.topY)))
  // height over the parameter is 1.5t(1-t)² + 1.5t²(1-t) + t³, strictly rising: halving finds it
  let low = 0
  let high = 1
  for (let step = 0; step < 24; step++) {
    const t = (low + high) / 2
    const height = 1.5 * t * (1 - t) ** 2 + 1.5 * t * t * (1 - t) + t ** 3
    if (height < share) low = t
    else high = t
  }
  const t = (low + high) / 2
  const along = 3 * t * t * (1 - t) + t ** 3
  return curve.fromX + (curve.toX - curve.fromX) * along
}

export interface StripHit {
  readonly side: StripSide | null
  readonly block: number
  /** -1 when what is there belongs to no tie. */
  readonly tie: number
}

/** How near is near enough, CSS pixels. */
const REACH_PX = 4

/**
 * What lies at a place of the picture (device pixels): the nearest block within reach, else the nearest curve.
 */
export function hitStrip(
  scale: PixelScale,
  ratio: number,
  lines: {
    readonly above: readonly StripBlock[]
    readonly below: readonly StripBlock[]
    readonly ties: readonly StripTie[]
  },
  x: number,
  y: number,
): StripHit | null {
  const reach = REACH_PX * ratio
  let found: { side: StripSide; block: number; distance: number } | null = null
  for (const side of ['above', 'below'] as const) {
    const blocks = lines[side]
    for (let at = 0; at < blocks.length; at++) {
      const box = boxOf(scale, ratio, side, blocks[at]!)
      if (y < box.y - ratio || y >= box.y + box.height + ratio) continue
      const distance = Math.max(0, box.x - x, x - (box.x + box.width))
      if (distance <= reach && (found === null || distance < found.distance))
        found = { side, block: at, distance }
    }
  }
  if (found !== null) {
    const { side, block } = found
    return { side, block, tie: lines.ties.findIndex((tie) => tie[side] === block) }
  }
  let nearest = -1
  let nearestPx = reach
  for (let at = 0; at < lines.ties.length; at++) {
    const curve = curveOf(scale, ratio, lines.ties[at]!, lines.above, lines.below)
    if (curve === null || y < curve.topY || y > curve.bottomY) continue
    const distance = Math.abs(curveX(curve, y) - x)
    if (distance <= nearestPx) [nearest, nearestPx] = [at, distance]
  }
  return nearest < 0 ? null : { side: null, block: -1, tie: nearest }
}

/** Where a tie begins in time, whichever side it has. */
export function tieStart(
  tie: StripTie,
  above: readonly StripBlock[],
  below: readonly StripBlock[],
): number | null {
  const upper = above[tie.above]?.startMs
  const lower = below[tie.below]?.startMs
  if (upper === undefined) return lower ?? null
  return lower === undefined ? upper : Math.min(upper, lower)
}
