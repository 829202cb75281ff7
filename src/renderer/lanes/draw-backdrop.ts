import { formatDuration } from '../ui/format'
import { laneIdOf } from './lane-layout'
import { AUX_ROW_HEIGHT, AXIS_HEIGHT, LANES_TOP } from './pane-geometry'
import { insideLanes, type Picture } from './picture'
import { xOf } from './time-scale'
import { timeTicks } from './time-ticks'
import type { LinkGap } from './worker-protocol'

/** What lies behind the chunks: surface, time lines and labels, the wash of the selected lanes, link gaps. */
export function drawBackdrop(picture: Picture): void {
  const { surface, palette } = picture
  surface.fill(palette.surface, 0, 0, surface.width, surface.height)
  drawTimeLines(picture)
  drawSelectedLanes(picture)
  drawGaps(picture)
  drawDividers(picture)
}

function drawTimeLines(picture: Picture): void {
  const { surface, palette, plan } = picture
  const { ctx } = surface
  const axis = surface.px(AXIS_HEIGHT)
  for (const tick of timeTicks(plan.scale, picture.ofDayAtZeroMs, surface.px(84))) {
    const x = xOf(plan.scale, tick.atMs)
    const top = tick.label === '' ? axis : 0
    ctx.globalAlpha = tick.label === '' ? 0.5 : 1
    surface.fill(palette.border1, x, top, surface.line, surface.height - top)
    ctx.globalAlpha = 1
    if (tick.label !== '') surface.text(tick.label, palette.text3, x + surface.px(6), surface.px(12))
  }
}

function drawSelectedLanes(picture: Picture): void {
  const { surface, palette, model } = picture
  insideLanes(picture, () => {
    surface.ctx.globalAlpha = 0.55
    const drawn = new Set<number>()
    for (const slot of [picture.selectedSlot, picture.partnerSlot]) {
      if (slot < 0) continue
      const lane = model.layout.byId(laneIdOf(model.messages.rowKeys[slot]!))
      if (lane === undefined || drawn.has(lane.id)) continue
      drawn.add(lane.id)
      const top = surface.px(LANES_TOP + lane.top - picture.scrollTop)
      surface.fill(palette.accentSoft, 0, top, surface.width, surface.px(lane.height))
    }
    surface.ctx.globalAlpha = 1
  })
}

function drawDividers(picture: Picture): void {
  const { surface, palette, geometry, model } = picture
  const across = (cssY: number, colour: string): void =>
    surface.fill(colour, 0, surface.px(cssY), surface.width, surface.line)
  across(AXIS_HEIGHT - 1, palette.border1)
  across(LANES_TOP - 1, palette.border1)
  insideLanes(picture, () => {
    for (const lane of model.layout.lanes) {
      const head = lane.isFirstOfLink ? 20 : 0
      if (lane.hasDivider) across(LANES_TOP + lane.top - head - 1 - picture.scrollTop, palette.border2)
    }
  })
  if (geometry.auxTop === null) return
  across(geometry.auxTop - 1, palette.border2)
  across(geometry.auxTop + AUX_ROW_HEIGHT - 1, palette.border1)
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
  const fromX = Math.max(-surface.line, xOf(plan.scale, gap.fromMs))
  const toX = Math.min(surface.width, xOf(plan.scale, gap.toMs ?? picture.nowMs))
  if (toX <= fromX || toX < 0) return null
  const lanes = model.layout.lanes
  const own = lanes.filter((lane) => lane.linkId === gap.linkId)
  if (own.length === lanes.length) {
    return { fromX, toX, top: surface.px(AXIS_HEIGHT), bottom: surface.height }
  }
  if (own.length === 0) return null
  const last = own[own.length - 1]!
  const toSurface = (y: number): number =>
    surface.px(Math.min(geometry.lanesBottom, Math.max(LANES_TOP, LANES_TOP + y - picture.scrollTop)))
  return { fromX, toX, top: toSurface(own[0]!.top), bottom: toSurface(last.top + last.height) }
}

function drawGaps(picture: Picture): void {
  const { surface, palette, plan, model } = picture
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

/** Says in words what a wide hatched band is. Drawn last, on a plate of its own. */
export function drawGapPlates(picture: Picture): void {
  const { surface, palette, model, geometry } = picture
  const { ctx } = surface
  const pad = surface.px(10)
  for (const gap of model.gaps) {
    const band = bandOf(picture, gap)
    if (band === null) continue
    const length = (gap.toMs ?? picture.nowMs) - gap.fromMs
    const isBeforeFirst = gap.fromMs <= 0
    const text = isBeforeFirst ? 'Not connected yet' : `Link down ${formatDuration(length)}`
    const width = surface.measure(text) + 2 * pad
    if (band.toX - band.fromX < width + 2 * surface.px(8)) continue
    const height = surface.px(26)
    const x = Math.max(band.fromX, 0) + surface.px(12)
    const middle = surface.px((geometry.lanesTop + geometry.lanesBottom) / 2)
    const y = Math.min(band.bottom - height, Math.max(band.top, middle - height / 2))
    const line = surface.line
    surface.fill(palette.surface, x, y, width, height)
    ctx.strokeStyle = palette.border2
    ctx.lineWidth = line
    ctx.beginPath()
    ctx.roundRect(x + line / 2, y + line / 2, width - line, height - line, surface.px(4))
    ctx.stroke()
    surface.text(text, palette.text1, x + pad, y + height / 2)
  }
}
