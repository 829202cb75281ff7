import { timeTicks } from '../time-ticks'
import { type PixelScale, xOf } from '../time-scale'
import type { PaletteText } from '../worker-protocol'
import { type Box, boxOf, curveOf, frameOf, STRIP_AXIS, type StripHit, type TieCurve } from './strip-layout'
import type { StripBlock, StripSide, StripTie } from './strip-types'

export interface StripPicture {
  readonly scale: PixelScale
  /** Device pixels. */
  readonly height: number
  readonly ratio: number
  readonly palette: PaletteText
  readonly above: readonly StripBlock[]
  readonly below: readonly StripBlock[]
  readonly ties: readonly StripTie[]
  readonly selectedTie: number | null
  readonly hover: StripHit | null
  readonly playheadMs: number | null
}

const SIDES = ['above', 'below'] as const

/** Draws everything anew: two lines, the curves between them, what is selected and where the playhead stands. */
export function drawStrip(ctx: CanvasRenderingContext2D, picture: StripPicture): void {
  const { scale, palette, height } = picture
  ctx.fillStyle = palette.surface
  ctx.fillRect(0, 0, scale.widthPx, height)
  drawAxis(ctx, picture)
  drawTies(ctx, picture)
  const hatch = hatchPattern(ctx, picture)
  for (const side of SIDES) {
    for (const block of picture[side]) drawBlock(ctx, picture, side, block, hatch)
  }
  drawSelection(ctx, picture)
  drawHover(ctx, picture)
  drawPlayhead(ctx, picture)
}

function drawAxis(ctx: CanvasRenderingContext2D, { scale, palette, ratio, height }: StripPicture): void {
  const line = hairline(ratio)
  ctx.font = `${12 * ratio}px ${palette.fontFamily}`
  ctx.textBaseline = 'middle'
  ctx.textAlign = 'left'
  for (const tick of timeTicks(scale, 0, 84 * ratio)) {
    const x = xOf(scale, tick.at)
    ctx.fillStyle = palette.border1
    const top = tick.label === '' ? STRIP_AXIS * ratio : 0
    ctx.fillRect(x, top, line, height - top)
    if (tick.label === '') continue
    ctx.fillStyle = palette.text3
    ctx.fillText(tick.label, x + 6 * ratio, 12.5 * ratio)
  }
  ctx.fillStyle = palette.border1
  ctx.fillRect(0, Math.round((STRIP_AXIS - 1) * ratio), scale.widthPx, line)
}

/** Above this many curves in sight each of them is fainter: a bundle still shows where it leads. */
const MANY_TIES = 120

function drawTies(ctx: CanvasRenderingContext2D, picture: StripPicture): void {
  const { scale, ratio, palette, ties, above, below } = picture
  const curves = ties.map((tie) => curveOf(scale, ratio, tie, above, below))
  const seen = curves.reduce((sum, curve) => sum + (curve === null ? 0 : 1), 0)
  ctx.lineWidth = hairline(ratio)
  for (const tone of ['equal', 'slower', 'changed'] as const) {
    ctx.strokeStyle = tone === 'equal' ? palette.text3 : palette.warn
    ctx.globalAlpha =
      tone === 'equal' ? Math.max(0.16, 0.6 * Math.min(1, MANY_TIES / Math.max(1, seen))) : 0.9
    ctx.setLineDash(tone === 'slower' ? [3 * ratio, 2 * ratio] : [])
    ctx.beginPath()
    for (let at = 0; at < ties.length; at++) {
      const curve = curves[at] ?? null
      if (curve !== null && ties[at]!.tone === tone && at !== picture.selectedTie) trace(ctx, curve, 0)
    }
    ctx.stroke()
  }
  ctx.setLineDash([])
  ctx.globalAlpha = 1
}

function trace(ctx: CanvasRenderingContext2D, curve: TieCurve, shift: number): void {
  ctx.moveTo(curve.fromX + shift, curve.topY)
  ctx.bezierCurveTo(
    curve.fromX + shift,
    curve.middleY,
    curve.toX + shift,
    curve.middleY,
    curve.toX + shift,
    curve.bottomY,
  )
}

function drawBlock(
  ctx: CanvasRenderingContext2D,
  picture: StripPicture,
  side: StripSide,
  block: StripBlock,
  hatch: CanvasPattern | null,
): void {
  const { scale, ratio, palette } = picture
  const box = boxOf(scale, ratio, side, block)
  if (box.x > scale.widthPx || box.x + box.width < 0) return
  if (block.look === 'missing') {
    const width = Math.max(box.width, Math.round(6 * ratio))
    ctx.fillStyle = palette.hatchDownBackground
    ctx.fillRect(box.x, box.y, width, box.height)
    ctx.fillStyle = hatch ?? palette.hatchDown
    ctx.fillRect(box.x, box.y, width, box.height)
    outline(ctx, { ...box, width }, palette.text3, ratio)
    if (block.dir === 'out') drawGlyph(ctx, picture, side, { ...box, width }, 'cross')
    return
  }
  ctx.globalAlpha = block.dir === 'out' ? palette.outgoingAlpha : 1
  ctx.fillStyle = palette.streams[block.hue - 1] ?? palette.text3
  // a seam of one pixel keeps neighbours of one hue apart
  const seam = box.width > 3 * ratio ? hairline(ratio) : 0
  ctx.fillRect(box.x, box.y, box.width - seam, box.height)
  ctx.globalAlpha = 1
  if (block.look === 'added' && block.dir === 'out') drawGlyph(ctx, picture, side, box, 'plus')
}

/** Beside the line, toward the curves: what is missing here, what only this line has. */
function drawGlyph(
  ctx: CanvasRenderingContext2D,
  { ratio, palette }: StripPicture,
  side: StripSide,
  box: Box,
  glyph: 'cross' | 'plus',
): void {
  const reach = 3 * ratio
  const x = box.x + Math.min(box.width, 8 * ratio) / 2
  const y = side === 'above' ? box.y + 36 * ratio : box.y - 10 * ratio
  ctx.strokeStyle = glyph === 'cross' ? palette.error : palette.ok
  ctx.lineWidth = 1.5 * ratio
  ctx.beginPath()
  if (glyph === 'cross') {
    ctx.moveTo(x - reach, y - reach)
    ctx.lineTo(x + reach, y + reach)
    ctx.moveTo(x + reach, y - reach)
    ctx.lineTo(x - reach, y + reach)
  } else {
    ctx.moveTo(x - 4 * ratio, y)
    ctx.lineTo(x + 4 * ratio, y)
    ctx.moveTo(x, y - 4 * ratio)
    ctx.lineTo(x, y + 4 * ratio)
  }
  ctx.stroke()
}

function drawSelection(ctx: CanvasRenderingContext2D, picture: StripPicture): void {
  const { scale, ratio, palette, above, below } = picture
  const tie = picture.selectedTie === null ? undefined : picture.ties[picture.selectedTie]
  if (tie === undefined) return
  const upper = above[tie.above]
  const lower = below[tie.below]
  const upperBox = upper === undefined ? null : frameOf(scale, ratio, 'above', upper)
  const lowerBox = lower === undefined ? null : frameOf(scale, ratio, 'below', lower)
  ctx.strokeStyle = palette.accent
  ctx.lineWidth = Math.max(1, 1.5 * ratio)
  if (upperBox !== null && lowerBox !== null) drawBand(ctx, palette.accentSoft, upperBox, lowerBox)
  for (const box of [upperBox, lowerBox]) {
    if (box !== null) ctx.strokeRect(box.x, box.y, box.width, box.height)
  }
}

/** The surface between both frames. */
function drawBand(ctx: CanvasRenderingContext2D, fill: string, upper: Box, lower: Box): void {
  const top = upper.y + upper.height
  const bottom = lower.y
  const middle = (top + bottom) / 2
  const [upperEnd, lowerEnd] = [upper.x + upper.width, lower.x + lower.width]
  ctx.fillStyle = fill
  ctx.beginPath()
  ctx.moveTo(upper.x, top)
  ctx.bezierCurveTo(upper.x, middle, lower.x, middle, lower.x, bottom)
  ctx.lineTo(lowerEnd, bottom)
  ctx.bezierCurveTo(lowerEnd, middle, upperEnd, middle, upperEnd, top)
  ctx.fill()
  ctx.beginPath()
  ctx.moveTo(upper.x, top)
  ctx.bezierCurveTo(upper.x, middle, lower.x, middle, lower.x, bottom)
  ctx.moveTo(upperEnd, top)
  ctx.bezierCurveTo(upperEnd, middle, lowerEnd, middle, lowerEnd, bottom)
  ctx.stroke()
}

function drawHover(ctx: CanvasRenderingContext2D, picture: StripPicture): void {
  const { hover, scale, ratio, palette } = picture
  if (hover === null) return
  const tie = picture.ties[hover.tie]
  const curve = tie === undefined ? null : curveOf(scale, ratio, tie, picture.above, picture.below)
  if (curve !== null) {
    ctx.strokeStyle = palette.text1
    ctx.lineWidth = hairline(ratio)
    ctx.beginPath()
    trace(ctx, curve, 0)
    ctx.stroke()
  }
  for (const side of SIDES) {
    const at = tie === undefined ? (hover.side === side ? hover.block : -1) : tie[side]
    const block = picture[side][at]
    if (block !== undefined) outline(ctx, boxOf(scale, ratio, side, block), palette.text1, ratio)
  }
}

function outline(ctx: CanvasRenderingContext2D, box: Box, colour: string, ratio: number): void {
  const line = hairline(ratio)
  ctx.strokeStyle = colour
  ctx.lineWidth = line
  ctx.strokeRect(box.x + line / 2, box.y + line / 2, box.width - line, box.height - line)
}

function drawPlayhead(ctx: CanvasRenderingContext2D, picture: StripPicture): void {
  const { playheadMs, scale, palette, ratio, height } = picture
  if (playheadMs === null) return
  const x = xOf(scale, playheadMs)
  if (x < -6 * ratio || x > scale.widthPx + 6 * ratio) return
  const line = hairline(ratio)
  const top = Math.round(16 * ratio)
  ctx.fillStyle = palette.surface
  ctx.fillRect(x - line, top, 3 * line, height - top)
  ctx.fillStyle = palette.text1
  ctx.fillRect(x, top, line, height - top)
  ctx.beginPath()
  ctx.moveTo(x - 5 * ratio, top)
  ctx.lineTo(x + 6 * ratio, top)
  ctx.lineTo(x + 0.5 * ratio, top + 7 * ratio)
  ctx.fill()
}

const hairline = (ratio: number): number => Math.max(1, Math.round(ratio))

function hatchPattern(ctx: CanvasRenderingContext2D, { ratio, palette }: StripPicture): CanvasPattern | null {
  const size = Math.max(4, Math.round(4 * ratio))
  const tile = new OffscreenCanvas(size, size)
  const pen = tile.getContext('2d')
  if (pen === null) return null
  pen.strokeStyle = palette.hatchBlocked
  pen.lineWidth = ratio
  pen.beginPath()
  for (let shift = -size; shift <= size; shift += size) {
    pen.moveTo(shift - 1, -1)
    pen.lineTo(shift + size + 1, size + 1)
  }
  pen.stroke()
  return ctx.createPattern(tile, 'repeat')
}
