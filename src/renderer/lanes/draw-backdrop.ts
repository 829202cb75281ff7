import { drawGaps } from './draw-gaps'
import { laneIdOf } from './lane-layout'
import { AXIS_HEIGHT, LANES_TOP } from './pane-geometry'
import { insideLanes, type Picture } from './picture'
import { ordinalTicks } from './ordinal-ticks'
import { xOf } from './time-scale'
import { timeTicks } from './time-ticks'

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
  const { surface, palette, plan, model } = picture
  const { ctx } = surface
  const axis = surface.px(AXIS_HEIGHT)
  const ticks = model.axis.isOrdinal
    ? ordinalTicks(plan.scale, model.axis, picture.ofDayAtZeroMs, surface.px(150))
    : timeTicks(plan.scale, picture.ofDayAtZeroMs, surface.px(84))
  for (const tick of ticks) {
    const x = xOf(plan.scale, tick.at)
    const top = tick.label === '' ? axis : 0
    ctx.globalAlpha = tick.label === '' ? 0.5 : 1
    surface.fill(palette.border1, x, top, surface.line, surface.height - top)
    ctx.globalAlpha = 1
    const textX = x + surface.px(6)
    // a label that would be cut off by an edge says something else than it should
    if (tick.label === '' || textX < 0 || textX + surface.measure(tick.label) > surface.width) continue
    if (isCovered(picture, textX, surface.measure(tick.label))) continue
    surface.text(tick.label, palette.text3, textX, surface.px(12))
  }
}

/** A flag lies on the label: what is left of it could be misread. */
const isCovered = ({ flags }: Picture, x: number, width: number): boolean =>
  flags.some((flag) => flag.x < x + width && flag.x + flag.width > x)

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
}
