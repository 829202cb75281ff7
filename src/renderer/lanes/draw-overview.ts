import type { Overview } from '../../shared/model/views'
import { type BrushRange, brushPixels, type StripScale } from './overview-brush'
import type { LinkGap, PaletteText } from './worker-protocol'

export const OVERVIEW_BAR_PX = 3

export interface OverviewPicture {
  readonly overview: Overview | null
  readonly range: BrushRange | null
  readonly gaps: readonly LinkGap[]
  readonly palette: PaletteText
  /** CSS pixels. */
  readonly width: number
  readonly height: number
}

/** How much went over the line during everything kept, where it failed, where it was down, and what the lanes show. */
export function drawOverview(ctx: CanvasRenderingContext2D, picture: OverviewPicture): void {
  const { overview, palette, width, height } = picture
  ctx.fillStyle = palette.surface
  ctx.fillRect(0, 0, width, height)
  const base = height - 5
  if (overview !== null) {
    const scale = { fromMs: overview.fromMs, toMs: overview.toMs, width }
    drawBars(ctx, overview, palette, width, base)
    drawGaps(ctx, picture, scale, base)
    drawFaults(ctx, overview, palette, width, base)
  }
  ctx.fillStyle = palette.border2
  ctx.fillRect(0, base, width, 1)
  if (overview !== null && picture.range !== null && overview.toMs > overview.fromMs) {
    drawBrush(ctx, palette, { fromMs: overview.fromMs, toMs: overview.toMs, width }, picture.range, base)
  }
}

function drawBars(
  ctx: CanvasRenderingContext2D,
  overview: Overview,
  palette: PaletteText,
  width: number,
  base: number,
): void {
  const bins = overview.bytesIn.length
  let most = 0
  for (let bin = 0; bin < bins; bin++) most = Math.max(most, overview.bytesIn[bin]! + overview.bytesOut[bin]!)
  if (most === 0) return
  ctx.fillStyle = palette.text3
  const step = width / bins
  for (let bin = 0; bin < bins; bin++) {
    const bytes = overview.bytesIn[bin]! + overview.bytesOut[bin]!
    if (bytes === 0) continue
    const share = bytes / most
    ctx.globalAlpha = share > 0.5 ? 0.62 : 0.46
    const barHeight = Math.max(1, Math.round(share * (base - 7)))
    ctx.fillRect(Math.round(bin * step), base - barHeight, Math.max(1, Math.round(step) - 1), barHeight)
  }
  ctx.globalAlpha = 1
}

function drawGaps(
  ctx: CanvasRenderingContext2D,
  { gaps, palette }: OverviewPicture,
  scale: StripScale,
  base: number,
): void {
  if (gaps.length === 0) return
  const pattern = hatchPattern(ctx, palette.hatchDown)
  const perMs = scale.width / Math.max(1e-6, scale.toMs - scale.fromMs)
  for (const gap of gaps) {
    const from = Math.max(0, Math.round((gap.fromMs - scale.fromMs) * perMs))
    const to = Math.min(scale.width, Math.round(((gap.toMs ?? scale.toMs) - scale.fromMs) * perMs))
    if (to <= from) continue
    ctx.fillStyle = palette.hatchDownBackground
    ctx.fillRect(from, 4, to - from, base - 4)
    if (pattern === null) continue
    ctx.fillStyle = pattern
    ctx.fillRect(from, 4, to - from, base - 4)
  }
}

function hatchPattern(ctx: CanvasRenderingContext2D, colour: string): CanvasPattern | null {
  const size = 6
  const tile = new OffscreenCanvas(size, size)
  const pen = tile.getContext('2d')
  if (pen === null) return null
  pen.strokeStyle = colour
  pen.beginPath()
  for (let shift = -size; shift <= size; shift += size) {
    pen.moveTo(shift - 1, -1)
    pen.lineTo(shift + size + 1, size + 1)
  }
  pen.stroke()
  return ctx.createPattern(tile, 'repeat')
}

function drawFaults(
  ctx: CanvasRenderingContext2D,
  overview: Overview,
  palette: PaletteText,
  width: number,
  base: number,
): void {
  ctx.fillStyle = palette.error
  const step = width / overview.faults.length
  for (let bin = 0; bin < overview.faults.length; bin++) {
    if (overview.faults[bin]! > 0) ctx.fillRect(Math.round(bin * step), 5, 2, base - 5)
  }
}

function drawBrush(
  ctx: CanvasRenderingContext2D,
  palette: PaletteText,
  scale: StripScale,
  range: BrushRange,
  base: number,
): void {
  const { from, to } = brushPixels(scale, range)
  const last = to - 1
  ctx.fillStyle = palette.accentSoft
  ctx.fillRect(from, 3, last - from, base - 3)
  ctx.strokeStyle = palette.accent
  ctx.lineWidth = 1
  ctx.strokeRect(from + 0.5, 3.5, last - from - 1, base - 4)
  ctx.fillStyle = palette.accent
  ctx.fillRect(Math.max(0, from - 1), base / 2 - 4, 3, 10)
  ctx.fillRect(Math.min(scale.width - 3, last - 2), base / 2 - 4, 3, 10)
}
