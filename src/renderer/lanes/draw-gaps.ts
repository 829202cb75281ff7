import { formatDuration } from '../ui/format'
import { AXIS_HEIGHT, LANES_TOP } from './pane-geometry'
import type { Picture } from './picture'
import { xOf } from './time-scale'
import type { LinkGap } from './worker-protocol'

/** Left of this pixel nothing is kept; below 0 when everything is. */
function keptEdge({ surface, plan, model, keptFromMs }: Picture): number {
  // the session began at 0: before that there was nothing to keep
  if (keptFromMs <= 0) return -1
  return Math.min(surface.width, xOf(plan.scale, model.axis.ofTime(keptFromMs)))
}

interface Band {
  readonly fromX: number
  readonly toX: number
  readonly top: number
  readonly bottom: number
}

/** Where a gap is drawn: over everything while there is one link, else over the lanes of its link. */
function bandOf(picture: Picture, gap: LinkGap): Band | null {
  const { surface, plan, model, geometry } = picture
  const { axis } = model
  const fromX = Math.max(-surface.line, xOf(plan.scale, axis.ofTime(gap.fromMs)))
  const endX = xOf(plan.scale, axis.ofTime(gap.toMs ?? picture.nowMs))
  // without chunks in it a gap has no length on the ordinal axis, but it must not vanish
  const toX = Math.min(surface.width, axis.isOrdinal ? Math.max(endX, fromX + surface.px(4)) : endX)
  if (toX <= fromX || toX < 0) return null
  const lanes = model.layout.lanes
  if (lanes.every((lane) => lane.linkId === gap.linkId)) {
    return { fromX, toX, top: surface.px(AXIS_HEIGHT), bottom: surface.height }
  }
  const own = lanes.filter((lane) => lane.linkId === gap.linkId && !lane.isPinned)
  if (own.length === 0) return null
  const last = own[own.length - 1]!
  const toSurface = (y: number): number =>
    surface.px(Math.min(geometry.lanesBottom, Math.max(LANES_TOP, LANES_TOP + y - picture.scrollTop)))
  return { fromX, toX, top: toSurface(own[0]!.top), bottom: toSurface(last.top + last.height) }
}

/** Times without a link, and times of which nothing is kept here: an empty lane must not look like a quiet one. */
export function drawGaps(picture: Picture): void {
  const { surface, palette, plan, model } = picture
  const keptX = keptEdge(picture)
  if (keptX > 0) {
    const top = surface.px(AXIS_HEIGHT)
    surface.fill(palette.hatchDownBackground, 0, top, keptX, surface.height - top)
    surface.fill(palette.border2, keptX, top, surface.line, surface.height - top)
  }
  for (const gap of model.gaps) {
    const band = bandOf(picture, gap)
    if (band === null || band.bottom <= band.top) continue
    const width = band.toX - band.fromX
    const height = band.bottom - band.top
    surface.fill(palette.hatchDownBackground, band.fromX, band.top, width, height)
    surface.hatch('down', plan.scale.originPx, band.fromX, band.top, width, height)
    if (gap.fromMs > 0) surface.fill(palette.text3, band.fromX, band.top, surface.line, height)
    if (gap.toMs !== null) surface.fill(palette.text3, band.toX, band.top, surface.line, height)
  }
}

/** Says in words what a wide band is. Drawn last, on plates of their own. */
export function drawGapPlates(picture: Picture): void {
  const { surface, model, geometry } = picture
  const lanesMiddle = surface.px((geometry.lanesTop + geometry.lanesBottom) / 2)
  const keptX = keptEdge(picture)
  if (keptX > 0) drawPlate(picture, 'Older chunks are not kept here', 0, keptX, lanesMiddle)
  for (const gap of model.gaps) {
    const band = bandOf(picture, gap)
    if (band === null || band.bottom <= band.top) continue
    const lengthMs = (gap.toMs ?? picture.nowMs) - gap.fromMs
    const half = surface.px(14)
    const middle = Math.min(band.bottom - half, Math.max(band.top + half, lanesMiddle))
    const fromX = Math.max(0, band.fromX, keptX)
    drawPlate(picture, `Link down ${formatDuration(lengthMs)}`, fromX, band.toX, middle)
  }
}

function drawPlate(picture: Picture, text: string, fromX: number, toX: number, middle: number): void {
  const { surface, palette } = picture
  const { ctx, line } = surface
  const pad = surface.px(10)
  const margin = surface.px(12)
  const width = surface.measure(text) + 2 * pad
  if (toX - fromX < width + margin + surface.px(6)) return
  const height = surface.px(26)
  const x = fromX + margin
  const y = Math.round(middle - height / 2)
  ctx.beginPath()
  ctx.roundRect(x + line / 2, y + line / 2, width - line, height - line, surface.px(6))
  ctx.fillStyle = palette.surface
  ctx.fill()
  ctx.strokeStyle = palette.border2
  ctx.lineWidth = line
  ctx.stroke()
  surface.text(text, palette.text1, x + pad, y + height / 2)
}
