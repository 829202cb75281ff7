import { isLiveStatus } from './message-table'
import { drawCross, drawTick } from './glyphs'
import { STRIP_IN_TOP, STRIP_OUT_TOP } from './pane-geometry'
import { LANE_IN } from '../../shared/model/views'
import { barHeight, barTopOf, fillOfStyle, insideLanes, type Picture } from './picture'
import { unitAt, xOf } from './time-scale'

/** A row with more messages than this carries no ticks: they would say the same forty times. */
const MAX_TICKS_PER_ROW = 14

/** Marks of messages: waiting before and between chunks, the end, faults. */
export function drawWaits(picture: Picture): void {
  insideLanes(picture, () => {
    for (const slot of picture.plan.slots) drawOwnWaits(picture, slot)
    for (const pause of picture.plan.pauses.list) {
      drawPause(picture, pause.slot, pause.fromX, pause.toX)
    }
  })
}

/** Before the first chunk, and from the last one to now while more is to come. */
function drawOwnWaits(picture: Picture, slot: number): void {
  const { model, plan } = picture
  const { messages: table, axis } = model
  if (table.isIncoming[slot] === 1) return
  const openX = xOf(plan.scale, axis.openedOf(slot))
  const first = axis.firstOf(slot)
  const nowX = xOf(plan.scale, axis.ofTime(picture.nowMs))
  const status = table.statusOf(slot)
  if (first === Infinity) {
    // never began: it waits until now, or until it was given up
    const untilX = isLiveStatus(status) ? nowX : xOf(plan.scale, axis.lastMarkOf(slot))
    drawWait(picture, slot, openX, untilX, true)
    return
  }
  drawWait(picture, slot, openX, xOf(plan.scale, first), true)
  if (status === 'sending') {
    drawWait(picture, slot, xOf(plan.scale, axis.lastOf(slot)), nowX, false)
  }
}

function drawPause(picture: Picture, slot: number, fromX: number, toX: number): void {
  const { surface, model } = picture
  const y = barTopOf(picture, model.messages.rowKeys[slot]!)
  if (y === null) return
  // a thread holds the chunks of one message together; where others had the line, the hatch covers it
  surface.ctx.globalAlpha = 0.5
  const from = Math.max(0, fromX)
  surface.fill(
    fillOfStyle(picture, model.messages.styles[slot]!),
    from,
    y + Math.floor(barHeight(surface) / 2),
    Math.min(surface.width, toX) - from,
    surface.line,
  )
  surface.ctx.globalAlpha = 1
  drawWait(picture, slot, fromX, toX, false)
}

/** Hatch where others held the line, dots where nobody did (`withDots`). */
function drawWait(picture: Picture, slot: number, fromX: number, toX: number, withDots: boolean): void {
  const { surface, plan, model, palette } = picture
  const table = model.messages
  const min = surface.px(3)
  if (toX - fromX < min || toX < 0 || fromX > surface.width) return
  const y = barTopOf(picture, table.rowKeys[slot]!)
  if (y === null) return
  const height = barHeight(surface)
  const { line, ctx } = surface
  plan.occupancy.waits(
    table.linkIds[slot]!,
    table.isIncoming[slot]!,
    fromX,
    toX,
    surface.px(4),
    (from, to, isBlocked) => {
      const width = to - from
      if ((!isBlocked && !withDots) || width < min) return
      if (isBlocked) surface.fill(palette.surface, from, y, width, height)
      surface.hatch(isBlocked ? 'blocked' : 'queued', plan.scale.originPx, from, y, width, height)
      if (!isBlocked) return
      ctx.globalAlpha = 0.55
      ctx.strokeStyle = palette.hatchBlocked
      ctx.lineWidth = line
      ctx.strokeRect(from + line / 2, y + line / 2, width - line, height - line)
      ctx.globalAlpha = 1
    },
  )
}

/** How each message ended, where there is room for it, and the line of a request that waits for its answer. */
export function drawEnds(picture: Picture): void {
  const { plan, model } = picture
  insideLanes(picture, () => {
    const { slots } = plan
    const { messages: table, axis } = model
    for (let first = 0; first < slots.length; ) {
      const rowKey = table.rowKeys[slots[first]!]!
      let end = first + 1
      while (end < slots.length && table.rowKeys[slots[end]!] === rowKey) end++
      const y = barTopOf(picture, rowKey)
      if (y !== null) {
        for (let at = first; at < end; at++) {
          const nextX = at + 1 < end ? xOf(plan.scale, axis.beginOf(slots[at + 1]!)) : Infinity
          drawEnd(picture, slots[at]!, y, nextX, end - first > MAX_TICKS_PER_ROW)
        }
      }
      first = end
    }
  })
}

function drawEnd(picture: Picture, slot: number, top: number, nextX: number, isBusyRow: boolean): void {
  const { surface, plan, model, palette } = picture
  const { messages: table, axis } = model
  const status = table.statusOf(slot)
  const middle = top + Math.floor(barHeight(surface) / 2)
  const isDone = status === 'sent' || status === 'answered' || status === 'received'
  // what went well is marked beside its last chunk, what went wrong when it was noticed
  const hasChunks = table.firstStartMs[slot] !== Infinity
  const end = isDone && hasChunks ? axis.lastOf(slot) : axis.lastMarkOf(slot)
  const x = xOf(plan.scale, end) + surface.px(4)
  if (x > surface.width || x < -surface.px(80)) return
  const room = nextX - x
  switch (status) {
    case 'queued':
    case 'sending':
    case 'receiving':
      return // not ended
    case 'waiting':
      drawAwaiting(
        picture,
        Math.max(0, x),
        Math.min(nextX, xOf(plan.scale, axis.ofTime(picture.nowMs))),
        middle,
      )
      return
    case 'failed':
    case 'timeout':
    case 'interrupted':
    case 'cancelled': {
      const colour = status === 'cancelled' ? palette.text3 : palette.error
      if (room < surface.px(8)) return
      drawCross(surface, x, middle, colour)
      const width = surface.measure(status)
      if (room < width + surface.px(20)) return
      const textX = x + surface.px(12)
      // on a plate: the end of a message is often the beginning of a hatched gap
      surface.fill(
        palette.surface,
        textX - surface.px(3),
        top - surface.px(2),
        width + surface.px(6),
        surface.px(16),
      )
      surface.text(status, colour, textX, middle)
      return
    }
    case 'sent':
    case 'answered':
    case 'received':
      // the arrow to its answer already tells that a selected request is through
      if (slot === picture.selectedSlot && picture.partnerSlot >= 0 && status === 'answered') return
      if (isBusyRow || room < surface.px(24)) return
      drawTick(surface, x, middle, status === 'received' ? palette.text2 : palette.text3)
  }
}

function drawAwaiting(picture: Picture, fromX: number, toX: number, middle: number): void {
  const { surface, palette } = picture
  if (toX <= fromX) return
  const { ctx, line } = surface
  ctx.strokeStyle = palette.text3
  ctx.lineWidth = line
  ctx.setLineDash([2 * line, 3 * line])
  ctx.beginPath()
  ctx.moveTo(fromX, middle + line / 2)
  ctx.lineTo(toX, middle + line / 2)
  ctx.stroke()
  ctx.setLineDash([])
}

/** Red lines under damaged chunks and on the line strip where a fault was found. */
export function drawFaults(picture: Picture): void {
  const { surface, plan, palette, model } = picture
  const { faults } = plan
  const thick = surface.px(2)
  const least = surface.px(8)
  insideLanes(picture, () => {
    for (let at = 0; at < faults.count; at++) {
      const rowKey = plan.rowKeys[faults.rows[at]!]
      const y = rowKey === undefined ? null : barTopOf(picture, rowKey)
      if (y === null) continue
      const width = Math.max(least, faults.width[at]!)
      surface.fill(palette.error, faults.x[at]!, y + barHeight(surface) + thick, width, thick)
    }
  })
  const height = barHeight(surface)
  const tops = [surface.px(STRIP_OUT_TOP), surface.px(STRIP_IN_TOP)] as const
  for (let at = 0; at < faults.count; at++) {
    const isIncoming = (faults.flags[at]! & LANE_IN) !== 0
    const top = tops[isIncoming ? 1 : 0]
    surface.fill(palette.error, faults.x[at]!, top, Math.max(thick, faults.width[at]!), height)
  }
  const log = model.aux.faults
  const from = log.firstFrom(model.axis.timeOf(unitAt(plan.scale, -thick)))
  for (let at = from; at < log.items.length; at++) {
    const fault = log.items[at]!
    const x = xOf(plan.scale, model.axis.ofTime(fault.atMs))
    if (x > surface.width) break
    surface.fill(palette.error, x, tops[fault.dir === 'in' ? 1 : 0], thick, height)
  }
}
