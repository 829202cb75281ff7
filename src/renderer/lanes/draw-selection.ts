import { LANE_IN } from '../../shared/model/views'
import { formatDuration } from '../ui/format'
import { drawArrowHead } from './glyphs'
import { barHeight, barTopOf, insideLanes, type Picture } from './picture'
import { xOf } from './time-scale'
import { revealLine } from '../ui/visible-text'
import type { NamedBlockers } from './worker-protocol'

const MAX_BLOCKERS = 4

/** The selected message: its outline, the way to its partner, who held it up and for how long; and the marked chunk. */
export function drawSelection(picture: Picture): void {
  insideLanes(picture, () => {
    drawMarked(picture)
    if (picture.selectedSlot < 0) return
    drawBlockers(picture)
    outline(picture, picture.selectedSlot)
    if (picture.partnerSlot < 0) return
    outline(picture, picture.partnerSlot)
    drawExchange(picture)
  })
}

interface Extent {
  readonly fromX: number
  readonly toX: number
  readonly top: number
}

/** Where the chunks of a message lie; null when it has none or its row is hidden. */
function extentOf(picture: Picture, slot: number): Extent | null {
  const { messages: table, axis } = picture.model
  const top = barTopOf(picture, table.rowKeys[slot]!)
  if (top === null || table.firstStartMs[slot] === Infinity) return null
  const { surface, plan } = picture
  const fromX = xOf(plan.scale, axis.firstOf(slot))
  const toX = Math.max(fromX + surface.px(2), xOf(plan.scale, axis.lastOf(slot)))
  return { fromX, toX, top }
}

function outline(picture: Picture, slot: number): void {
  const extent = extentOf(picture, slot)
  if (extent === null) return
  const { surface, palette } = picture
  const { ctx, ratio } = surface
  // far outside nothing is seen, and very long paths lose their precision
  const fromX = Math.max(-surface.px(20), extent.fromX)
  const toX = Math.min(surface.width + surface.px(20), extent.toX)
  if (toX < fromX) return
  ctx.strokeStyle = palette.accent
  ctx.lineWidth = 1.5 * ratio
  ctx.beginPath()
  ctx.roundRect(
    fromX - 1.75 * ratio,
    extent.top - 1.75 * ratio,
    toX - fromX + 2.5 * ratio,
    barHeight(surface) + 3.5 * ratio,
    3.5 * ratio,
  )
  ctx.stroke()
}

/** A curve from the end of the request to the beginning of its answer. */
function drawExchange(picture: Picture): void {
  const { surface, palette, model } = picture
  const table = model.messages
  const isRequestFirst = table.beginOf(picture.selectedSlot) <= table.beginOf(picture.partnerSlot)
  const [asking, answering] = isRequestFirst
    ? [picture.selectedSlot, picture.partnerSlot]
    : [picture.partnerSlot, picture.selectedSlot]
  const from = extentOf(picture, asking)
  const to = extentOf(picture, answering)
  if (from === null || to === null) return
  const { ctx, ratio } = surface
  const half = barHeight(surface) / 2
  const [x0, y0] = [from.toX + 0.75 * ratio, from.top + half]
  const [x1, y1] = [to.fromX - 6 * ratio, to.top + half]
  const bend = Math.max(12 * ratio, Math.min(60 * ratio, Math.abs(x1 - x0) / 2))
  ctx.beginPath()
  ctx.moveTo(x0, y0)
  ctx.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1, y1)
  ctx.lineCap = 'round'
  ctx.strokeStyle = palette.surface
  ctx.lineWidth = 4 * ratio
  ctx.stroke()
  ctx.strokeStyle = palette.accent
  ctx.lineWidth = 1.5 * ratio
  ctx.stroke()
  drawArrowHead(surface, to.fromX - 2 * ratio, y1, 'right', palette.accent)
}

/** Dashed arrows from the chunks that held the line while the selected message waited for its turn. */
function drawBlockers(picture: Picture): void {
  const { surface, plan, model, selectedSlot } = picture
  const { messages: table, ring, axis } = model
  const fromMs = table.openedMs[selectedSlot]!
  const toMs = table.firstStartMs[selectedSlot]!
  if (table.isIncoming[selectedSlot] === 1 || toMs === Infinity) return
  const own = barTopOf(picture, table.rowKeys[selectedSlot]!)
  if (own === null) return
  // the core knows who it was: it sees every frame, also those that came to the screen as one
  const told = picture.blockers?.messageId === table.ids[selectedSlot] ? picture.blockers : null
  let blockedMs = 0
  const arrows: { x: number; top: number }[] = []
  ring.forEachRange(fromMs, toMs, (first, end) => {
    for (let at = first; at < end; at++) {
      if ((ring.flags[at]! & LANE_IN) !== 0 || ring.linkIds[at] !== table.linkIds[selectedSlot]) continue
      const heldMs = Math.min(toMs, ring.endMs[at]!) - Math.max(fromMs, ring.startMs[at]!)
      if (heldMs <= 0) continue
      blockedMs += heldMs
      const top = barTopOf(picture, ring.rowKeys[at]!)
      const middleMs = (Math.max(fromMs, ring.startMs[at]!) + Math.min(toMs, ring.endMs[at]!)) / 2
      const middle = axis.isOrdinal ? axis.fromOf(at) + 0.5 : middleMs
      const x = xOf(plan.scale, middle)
      const previous = arrows[arrows.length - 1]
      if (top === null || top === own || arrows.length >= MAX_BLOCKERS) continue
      if (told !== null && !told.blockers.some(({ messageId }) => messageId === ring.messageIds[at])) continue
      if (previous !== undefined && x - previous.x < surface.px(10)) continue
      arrows.push({ x, top })
    }
  })
  const waitFrom = axis.openedOf(selectedSlot)
  const waitPx = (axis.firstOf(selectedSlot) - waitFrom) * plan.scale.pxPerUnit
  if (blockedMs <= 0 || waitPx < surface.px(6)) return
  for (const arrow of arrows) drawBlocker(picture, arrow.x, arrow.top, own)
  drawCaption(picture, captionOf(told, blockedMs), xOf(plan.scale, waitFrom), waitPx, own)
}

function captionOf(told: NamedBlockers | null, blockedMs: number): string {
  const first = told?.blockers[0]
  if (told === null || first === undefined) return `${formatDuration(blockedMs)} blocked`
  const others = told.blockers.length > 1 ? ` +${told.blockers.length - 1}` : ''
  return `${formatDuration(told.blockedMs)} blocked by ${revealLine(first.route) || `#${first.messageId}`}${others}`
}

/** Beside the wait, or on it when there is no room beside it. */
function drawCaption(picture: Picture, caption: string, waitX: number, waitPx: number, top: number): void {
  const { surface, palette } = picture
  const pad = surface.px(4)
  const width = surface.measure(caption) + 2 * pad
  const height = surface.px(16)
  const beside = waitX - surface.px(4) - width
  const visibleFrom = Math.max(0, waitX)
  const visiblePx = Math.min(surface.width, waitX + waitPx) - visibleFrom
  let x = beside
  if (beside < 0) {
    if (visiblePx < width + 2 * surface.px(8)) return
    x = visibleFrom + (visiblePx - width) / 2
  }
  const middle = top + Math.floor(barHeight(surface) / 2)
  surface.fill(palette.surface, Math.round(x), middle - height / 2, width, height)
  surface.text(caption, palette.text2, Math.round(x) + pad, middle)
}

function drawBlocker(picture: Picture, x: number, fromTop: number, toTop: number): void {
  const { surface, palette } = picture
  const { ctx, line } = surface
  const isDown = fromTop < toTop
  const from = isDown ? fromTop + barHeight(surface) + surface.px(1) : fromTop - surface.px(1)
  const to = isDown ? toTop - surface.px(1) : toTop + barHeight(surface) + surface.px(1)
  ctx.strokeStyle = palette.text2
  ctx.lineWidth = line
  ctx.setLineDash([2 * line, 2 * line])
  ctx.beginPath()
  ctx.moveTo(x + line / 2, from)
  ctx.lineTo(x + line / 2, to)
  ctx.stroke()
  ctx.setLineDash([])
  drawArrowHead(surface, x + line / 2, to, isDown ? 'down' : 'up', palette.text2)
}

function drawMarked(picture: Picture): void {
  const { surface, palette, plan, model, markedPosition } = picture
  if (markedPosition < 0) return
  const top = barTopOf(picture, model.ring.rowKeys[markedPosition]!)
  if (top === null) return
  const fromX = Math.max(-surface.px(20), xOf(plan.scale, model.axis.fromOf(markedPosition)))
  const endX = xOf(plan.scale, model.axis.toOf(markedPosition))
  const toX = Math.min(surface.width + surface.px(20), Math.max(fromX + surface.px(2), endX))
  const { ctx, line } = surface
  ctx.strokeStyle = palette.text1
  ctx.lineWidth = line
  ctx.beginPath()
  ctx.roundRect(
    fromX - 1.5 * line,
    top - 1.5 * line,
    toX - fromX + 2 * line,
    barHeight(surface) + 3 * line,
    surface.px(3),
  )
  ctx.stroke()
}
