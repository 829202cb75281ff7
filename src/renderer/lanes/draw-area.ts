import { AXIS_HEIGHT } from './pane-geometry'
import type { Picture } from './picture'
import { xOf } from './time-scale'

/** The selected span: a wash over everything below the axis, its edges, and a bar on the axis that joins them. */
export function drawArea(picture: Picture): void {
  const { surface, palette, plan, area } = picture
  if (area === null) return
  const { line, ctx } = surface
  const fromX = Math.max(-2 * line, xOf(plan.scale, area.from))
  const toX = Math.min(surface.width + 2 * line, xOf(plan.scale, area.to))
  if (toX < 0 || fromX > surface.width) return
  const top = surface.px(AXIS_HEIGHT)
  const width = Math.max(line, toX - fromX)
  ctx.globalAlpha = 0.14
  surface.fill(palette.accent, fromX, top, width, surface.height - top)
  ctx.globalAlpha = 1
  surface.fill(palette.accent, fromX, top, line, surface.height - top)
  surface.fill(palette.accent, fromX + width - line, top, line, surface.height - top)
  surface.fill(palette.accent, fromX, top - 3 * line, width, 2 * line)
}
