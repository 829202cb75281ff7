import { AXIS_HEIGHT } from './pane-geometry'
import type { Picture } from './picture'
import { xOf } from './time-scale'

/** Half of the head's width and its height, CSS pixels. */
const HEAD_WIDTH = 5
const HEAD_HEIGHT = 7

/** Where the recording stands: a line through everything, with a head on the axis. */
export function drawPlayhead(picture: Picture, atMs: number): void {
  const { surface, palette, plan, model } = picture
  const { ctx, line } = surface
  const x = xOf(plan.scale, model.axis.ofTime(atMs))
  const half = surface.px(HEAD_WIDTH)
  if (x < -half || x > surface.width + half) return
  const top = surface.px(AXIS_HEIGHT - HEAD_HEIGHT - 1)
  // a rim in the colour of the surface, so that the line is seen upon chunks of any colour
  surface.fill(palette.surface, x - line, top, 3 * line, surface.height - top)
  surface.fill(palette.text1, x, top, line, surface.height - top)
  ctx.fillStyle = palette.text1
  ctx.beginPath()
  ctx.moveTo(x - half + line / 2, top)
  ctx.lineTo(x + half + line / 2, top)
  ctx.lineTo(x + line / 2, top + surface.px(HEAD_HEIGHT))
  ctx.fill()
}
