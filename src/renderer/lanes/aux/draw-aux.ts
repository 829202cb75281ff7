import { drawDiamond } from '../glyphs'
import { noteText } from '../notes/draw-notes'
import type { Picture } from '../picture'
import { formatBytes } from '../../ui/format'
import { revealLine } from '../../ui/visible-text'
import { unitAt, xOf } from '../time-scale'
import { LATE_MS } from '../../../shared/model/tasks'
import { isBadRun } from './aux-moments'
import type { AuxRow } from './aux-types'

/** Things closer than this share one mark, CSS pixels. */
const GROUP_PX = 4

/** The lanes below those of the messages. */
export function drawAux(picture: Picture): void {
  const { surface, palette, geometry, aux } = picture
  if (geometry.auxTop === null) return
  for (const row of aux.rows) {
    const top = geometry.auxTop + row.top
    if (row.top > 0) surface.fill(palette.border1, 0, surface.px(top - 1), surface.width, surface.line)
    if (row.kind === 'links') drawLinks(picture, top, row)
    else if (row.kind === 'faults') drawFaultTicks(picture, top, row)
    else if (row.kind === 'notes') drawNoteMarks(picture, top, row)
    else if (row.kind === 'tasks') drawTaskRuns(picture, top, row)
    else if (row.kind === 'cache') drawCacheEnds(picture, top, row)
    else if (row.kind === 'queue') drawQueue(picture, top, row)
    else drawLine(picture, top, row)
  }
}

/** A label right of its mark, unless the next mark stands where it ends. */
function label(
  picture: Picture,
  text: string,
  colour: string,
  x: number,
  middle: number,
  nextX: number,
): void {
  const { surface } = picture
  const from = x + surface.px(8)
  if (from + surface.measure(text) + surface.px(8) < nextX) surface.text(text, colour, from, middle)
}

function drawLinks(picture: Picture, top: number, row: AuxRow): void {
  const { surface, palette, plan, model } = picture
  const middle = surface.px(top + row.height / 2)
  const events = model.linkEvents
  for (const [at, { atMs, isUp }] of events.entries()) {
    const x = xOf(plan.scale, model.axis.ofTime(atMs))
    if (x < -surface.px(80) || x > surface.width) continue
    const next = events[at + 1]
    const nextX = next === undefined ? Infinity : xOf(plan.scale, model.axis.ofTime(next.atMs))
    drawDiamond(surface, x, middle, isUp ? palette.ok : palette.error)
    label(picture, isUp ? 'link up' : 'link down', palette.text2, x, middle, nextX)
  }
}

/** One red tick for what lies together; its code and, of several, how many, where there is room. */
function drawFaultTicks(picture: Picture, top: number, row: AuxRow): void {
  const { surface, palette, plan, model } = picture
  const { axis } = model
  const { faults } = model.aux
  const { items } = faults
  const middle = surface.px(top + row.height / 2)
  const height = surface.px(12)
  const near = surface.px(GROUP_PX)
  const from = faults.firstFrom(axis.timeOf(unitAt(plan.scale, -surface.px(160))))
  for (let at = from; at < items.length; ) {
    const x = xOf(plan.scale, axis.ofTime(items[at]!.atMs))
    if (x > surface.width) break
    const { code } = items[at]!
    let end = at + 1
    let isOneCode = true
    while (end < items.length && xOf(plan.scale, axis.ofTime(items[end]!.atMs)) - x <= near) {
      isOneCode &&= items[end]!.code === code
      end++
    }
    surface.fill(palette.error, x, middle - height / 2, surface.px(2), height)
    const nextX = end < items.length ? xOf(plan.scale, axis.ofTime(items[end]!.atMs)) : Infinity
    const count = end - at
    const text = count === 1 ? code : isOneCode ? `${code} ×${count}` : `${count} faults`
    label(picture, text, palette.error, x - surface.px(2), middle, nextX)
    at = end
  }
}

function drawNoteMarks(picture: Picture, top: number, row: AuxRow): void {
  const { surface, palette, plan, model, notes } = picture
  const middle = surface.px(top + row.height / 2)
  const list = notes.notes
  for (let at = 0; at < list.length; at++) {
    const note = list[at]!
    const x = xOf(plan.scale, model.axis.ofTime(note.atMs))
    if (x < -surface.px(220)) continue
    if (x > surface.width) return
    drawDiamond(surface, x, middle, palette.accent)
    const next = list[at + 1]
    const nextX = next === undefined ? Infinity : xOf(plan.scale, model.axis.ofTime(next.atMs))
    label(picture, noteText(note) || note.kind, palette.text2, x, middle, nextX)
  }
}

/**
 * A bar from the beginning of each run to its end, at least a tick; amber when it was late, red when it failed, a short
 * hollow one for a due time without a run.
 */
function drawTaskRuns(picture: Picture, top: number, row: AuxRow): void {
  const { surface, palette, plan, model } = picture
  const { axis } = model
  const { taskRuns } = model.aux
  const { items } = taskRuns
  const middle = surface.px(top + row.height / 2)
  const height = surface.px(10)
  const near = surface.px(GROUP_PX)
  const from = taskRuns.firstFrom(axis.timeOf(unitAt(plan.scale, -surface.px(160))))
  for (let at = from; at < items.length; ) {
    const run = items[at]!
    const x = xOf(plan.scale, axis.ofTime(run.atMs))
    if (x > surface.width) break
    let worst = run
    let end = at + 1
    while (end < items.length && xOf(plan.scale, axis.ofTime(items[end]!.atMs)) - x <= near) {
      if (isBadRun(items[end]!)) worst = items[end]!
      end++
    }
    const isHollow = worst.lateMs === null && !isBadRun(worst)
    const isLate = (worst.lateMs ?? 0) > LATE_MS
    const colour = isBadRun(worst) ? palette.error : isLate ? palette.warn : palette.text2
    const untilX = xOf(plan.scale, axis.ofTime(run.untilMs))
    const width = Math.max(surface.px(2), Math.min(untilX, surface.width) - x)
    if (isHollow)
      surface.fill(palette.text3, x, middle + height / 2 - surface.px(4), surface.px(2), surface.px(4))
    else surface.fill(colour, x, middle - height / 2, surface.px(2), height)
    if (!isHollow && width > surface.px(2))
      surface.fill(colour, x, middle + height / 2 - surface.px(2), width, surface.px(2))
    const nextX = end < items.length ? xOf(plan.scale, axis.ofTime(items[end]!.atMs)) : Infinity
    const text = end - at === 1 ? worst.task : `${worst.task} +${end - at - 1}`
    label(picture, text, isBadRun(worst) ? palette.error : palette.text2, x - surface.px(2), middle, nextX)
    at = end
  }
}

/** A hollow tick where an entry of the cache expired, a filled one where it had to make room; its key, where there is room. */
function drawCacheEnds(picture: Picture, top: number, row: AuxRow): void {
  const { surface, palette, plan, model } = picture
  const { axis } = model
  const { cacheEnds } = model.aux
  const { items } = cacheEnds
  const middle = surface.px(top + row.height / 2)
  const height = surface.px(8)
  const near = surface.px(GROUP_PX)
  const from = cacheEnds.firstFrom(axis.timeOf(unitAt(plan.scale, -surface.px(160))))
  for (let at = from; at < items.length; ) {
    const { key, change, atMs } = items[at]!
    const x = xOf(plan.scale, axis.ofTime(atMs))
    if (x > surface.width) break
    let end = at + 1
    while (end < items.length && xOf(plan.scale, axis.ofTime(items[end]!.atMs)) - x <= near) end++
    const colour = change === 'evicted' ? palette.warn : palette.text3
    surface.fill(colour, x, middle - height / 2, surface.px(3), height)
    if (change === 'expired')
      surface.fill(
        palette.surface,
        x + surface.line,
        middle - height / 2 + surface.line,
        surface.px(3) - 2 * surface.line,
        height - 2 * surface.line,
      )
    const nextX = end < items.length ? xOf(plan.scale, axis.ofTime(items[end]!.atMs)) : Infinity
    const name = revealLine(key)
    label(
      picture,
      end - at === 1 ? name : `${name} +${end - at - 1}`,
      palette.text2,
      x - surface.px(2),
      middle,
      nextX,
    )
    at = end
  }
}

/** Bytes waiting, as a filled curve below its highest value in sight. */
function drawQueue(picture: Picture, top: number, row: AuxRow): void {
  const { surface, plan, palette, model } = picture
  const { axis, aux } = model
  const queue = aux.queues.get(row.linkId)
  if (queue === undefined) return
  const { items } = queue
  const first = Math.max(0, queue.holdingAt(axis.timeOf(unitAt(plan.scale, 0))))
  const untilMs = axis.timeOf(unitAt(plan.scale, surface.width))
  let most = 0
  for (let at = first; at < items.length && items[at]!.atMs <= untilMs; at++) {
    if (items[at]!.queuedBytes > most) most = items[at]!.queuedBytes
  }
  if (most === 0) return
  const bottom = surface.px(top + row.height - 3)
  const height = surface.px(row.height - 7)
  for (let at = first; at < items.length; at++) {
    const { queuedBytes } = items[at]!
    const fromX = Math.max(0, xOf(plan.scale, axis.ofTime(items[at]!.atMs)))
    if (fromX > surface.width) break
    const endX = xOf(plan.scale, axis.ofTime(items[at + 1]?.atMs ?? picture.nowMs))
    const toX = Math.min(surface.width, Math.max(fromX + surface.line, endX))
    if (endX < 0 || queuedBytes === 0) continue
    const bar = Math.max(surface.px(2), Math.round((height * queuedBytes) / most))
    surface.ctx.globalAlpha = 0.3
    surface.fill(palette.text3, fromX, bottom - bar, toX - fromX, bar)
    surface.ctx.globalAlpha = 1
    surface.fill(palette.text2, fromX, bottom - bar, toX - fromX, surface.line)
  }
  const text = `max ${formatBytes(most)}`
  const width = surface.measure(text) + surface.px(10)
  const middle = surface.px(top + row.height / 2)
  surface.ctx.globalAlpha = 0.85
  surface.fill(palette.surface, 0, middle - surface.px(8), width, surface.px(16))
  surface.ctx.globalAlpha = 1
  surface.text(text, palette.text2, surface.px(6), middle)
}

/** A modem line as a logic analyser draws it: high while it is asserted, nothing while it is not known. */
function drawLine(picture: Picture, top: number, row: AuxRow): void {
  const { surface, plan, palette, model } = picture
  const { axis, aux } = model
  const changes = aux.linesOf(row.linkId)
  if (changes === undefined || row.line === null) return
  const { items } = changes
  const high = surface.px(top + 4)
  const low = surface.px(top + row.height - 5)
  const first = Math.max(0, changes.holdingAt(axis.timeOf(unitAt(plan.scale, 0))))
  let edgeX = -1
  let before: boolean | null = null
  for (let at = first; at < items.length; ) {
    const state = items[at]![row.line]
    let end = at + 1
    while (end < items.length && items[end]![row.line] === state) end++
    const fromX = Math.max(0, xOf(plan.scale, axis.ofTime(items[at]!.atMs)))
    if (fromX > surface.width) return
    const endX = xOf(plan.scale, axis.ofTime(items[end]?.atMs ?? picture.nowMs))
    const toX = Math.min(surface.width, Math.max(fromX + surface.line, endX))
    if (state === true) {
      surface.ctx.globalAlpha = 0.2
      surface.fill(palette.ok, fromX, high, toX - fromX, low - high)
      surface.ctx.globalAlpha = 1
    }
    if (state !== null) {
      const y = state ? high : low
      surface.fill(state ? palette.ok : palette.text3, fromX, y, toX - fromX, surface.line)
    }
    // many changes in one pixel are one edge
    if (at > first && before !== null && state !== null && fromX !== edgeX) {
      surface.fill(palette.text2, fromX, high, surface.line, low - high + surface.line)
      edgeX = fromX
    }
    before = state
    at = end
  }
}
