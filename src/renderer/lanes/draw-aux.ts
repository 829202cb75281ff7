import { drawDiamond } from './glyphs'
import { AUX_ROW_HEIGHT } from './pane-geometry'
import type { Picture } from './picture'
import { timeAt, xOf } from './time-scale'

/** The two rows at the bottom: what happened to the link, and how much waits to be sent. */
export function drawAux(picture: Picture): void {
  if (picture.geometry.auxTop === null) return
  drawEvents(picture, picture.geometry.auxTop)
  drawQueue(picture, picture.geometry.auxTop + AUX_ROW_HEIGHT)
}

interface LineEvent {
  readonly atMs: number
  readonly label: string
  readonly colour: string
}

function eventsOf(picture: Picture): LineEvent[] {
  const { model, palette } = picture
  const events: LineEvent[] = []
  for (const gap of model.gaps) {
    if (gap.fromMs > 0) events.push({ atMs: gap.fromMs, label: 'link down', colour: palette.error })
    if (gap.toMs !== null) events.push({ atMs: gap.toMs, label: 'link up', colour: palette.ok })
  }
  for (const fault of model.faults) {
    events.push({ atMs: fault.atMs, label: fault.code, colour: palette.error })
  }
  return events
}

function drawEvents(picture: Picture, top: number): void {
  const { surface, plan, palette } = picture
  const middle = surface.px(top + AUX_ROW_HEIGHT / 2)
  const visible = eventsOf(picture)
    .map((event) => ({ ...event, x: xOf(plan.scale, event.atMs) }))
    .filter(({ x }) => x > -surface.px(160) && x < surface.width + surface.px(4))
    .sort((a, b) => a.x - b.x)
  let freeX = -Infinity
  let markedX = -Infinity
  for (const [at, event] of visible.entries()) {
    if (event.x - markedX < surface.px(3)) continue
    markedX = event.x
    drawDiamond(surface, event.x, middle, event.colour)
    const labelX = event.x + surface.px(8)
    const width = surface.measure(event.label)
    const nextX = visible[at + 1]?.x ?? Infinity
    if (event.x < freeX || nextX < labelX + width + surface.px(8)) continue
    surface.text(event.label, palette.text3, labelX, middle)
    freeX = labelX + width + surface.px(8)
  }
}

function drawQueue(picture: Picture, top: number): void {
  const { surface, plan, palette, model } = picture
  const { queue } = model
  const fromMs = timeAt(plan.scale, 0)
  const first = firstVisible(queue, fromMs)
  let most = 0
  for (let at = first; at < queue.length; at++) most = Math.max(most, queue[at]!.queuedBytes)
  if (most === 0) return
  const bottom = surface.px(top + AUX_ROW_HEIGHT - 3)
  const height = surface.px(AUX_ROW_HEIGHT - 7)
  surface.ctx.globalAlpha = 0.34
  for (let at = first; at < queue.length; at++) {
    const sample = queue[at]!
    const fromX = Math.max(0, xOf(plan.scale, sample.atMs))
    const toX = Math.min(surface.width, xOf(plan.scale, queue[at + 1]?.atMs ?? picture.nowMs))
    if (fromX > surface.width) break
    if (toX <= fromX || sample.queuedBytes === 0) continue
    const bar = Math.max(surface.px(2), Math.round((height * sample.queuedBytes) / most))
    surface.fill(palette.text3, fromX, bottom - bar, toX - fromX, bar)
  }
  surface.ctx.globalAlpha = 1
}

/** The last sample before the picture begins: it still holds at its left edge. */
function firstVisible(queue: readonly { readonly atMs: number }[], fromMs: number): number {
  let low = 0
  let high = queue.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (queue[middle]!.atMs <= fromMs) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}
