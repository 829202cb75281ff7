import { drawDiamond } from './glyphs'
import { AUX_ROW_HEIGHT } from './pane-geometry'
import type { Picture } from './picture'
import { unitAt, xOf } from './time-scale'

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

interface EventGroup {
  readonly x: number
  readonly labels: string[]
  colour: string
}

/** Events closer than this share one mark, device-independent pixels. */
const GROUP_PX = 4
const MAX_GROUP_LABELS = 2

function groupsOf(picture: Picture): EventGroup[] {
  const { surface, plan, palette, model } = picture
  const groups: EventGroup[] = []
  const events = eventsOf(picture)
    .map((event) => ({ ...event, x: xOf(plan.scale, model.axis.ofTime(event.atMs)) }))
    .filter(({ x }) => x > -surface.px(200) && x < surface.width + surface.px(4))
    .sort((a, b) => a.x - b.x)
  for (const { x, label, colour } of events) {
    const group = groups[groups.length - 1]
    if (group === undefined || x - group.x > surface.px(GROUP_PX)) {
      groups.push({ x, labels: [label], colour })
      continue
    }
    if (!group.labels.includes(label)) group.labels.push(label)
    if (colour === palette.error) group.colour = colour
  }
  return groups
}

function drawEvents(picture: Picture, top: number): void {
  const { surface, palette } = picture
  const middle = surface.px(top + AUX_ROW_HEIGHT / 2)
  const gap = surface.px(8)
  const groups = groupsOf(picture)
  for (const [at, group] of groups.entries()) {
    drawDiamond(surface, group.x, middle, group.colour)
    const { labels } = group
    const more = labels.length > MAX_GROUP_LABELS ? ` +${labels.length - MAX_GROUP_LABELS}` : ''
    const label = labels.slice(0, MAX_GROUP_LABELS).join(', ') + more
    const endX = group.x + gap + surface.measure(label)
    if ((groups[at + 1]?.x ?? Infinity) < endX + gap) continue
    surface.text(label, palette.text3, group.x + gap, middle)
  }
}

function drawQueue(picture: Picture, top: number): void {
  const { surface, plan, palette, model } = picture
  const { queue, axis } = model
  const fromMs = axis.timeOf(unitAt(plan.scale, 0))
  const first = firstVisible(queue, fromMs)
  let most = 0
  for (let at = first; at < queue.length; at++) most = Math.max(most, queue[at]!.queuedBytes)
  if (most === 0) return
  const bottom = surface.px(top + AUX_ROW_HEIGHT - 3)
  const height = surface.px(AUX_ROW_HEIGHT - 7)
  surface.ctx.globalAlpha = 0.34
  for (let at = first; at < queue.length; at++) {
    const sample = queue[at]!
    const fromX = Math.max(0, xOf(plan.scale, axis.ofTime(sample.atMs)))
    const toX = Math.min(surface.width, xOf(plan.scale, axis.ofTime(queue[at + 1]?.atMs ?? picture.nowMs)))
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
