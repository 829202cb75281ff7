import type { Note } from '../../../shared/model/notes'
import { formatDuration } from '../../ui/format'
import { revealLine } from '../../ui/visible-text'
import { AXIS_HEIGHT } from '../pane-geometry'
import type { Picture } from '../picture'
import { xOf } from '../time-scale'

const MAX_TEXT = 28
const FLAG_HEIGHT = 16

export function noteText(note: Note): string {
  const text = revealLine(note.text)
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text
}

/** Flags that would lie on one another share one, CSS pixels. */
const GROUP_PX = 6

/** Markers and notes: a flag on the axis with its text where there is room, and a line through everything below. */
export function drawNotes(picture: Picture): void {
  const { surface, plan, model, notes } = picture
  drawDistance(picture)
  const list = notes.notes
  const xAt = (at: number): number => xOf(plan.scale, model.axis.ofTime(list[at]!.atMs))
  for (let at = 0; at < list.length; ) {
    const x = xAt(at)
    if (x > surface.width) break
    let text = noteText(list[at]!)
    let isChosen = list[at] === notes.chosen
    let end = at + 1
    for (; end < list.length && xAt(end) - x <= surface.px(GROUP_PX); end++) {
      text ||= noteText(list[end]!)
      isChosen ||= list[end] === notes.chosen
    }
    const count = end - at
    const nextX = end < list.length ? xAt(end) : Infinity
    if (x >= -surface.px(220)) drawFlag(picture, count > 1 ? `${text} ×${count}` : text, isChosen, x, nextX)
    at = end
  }
}

function drawFlag(picture: Picture, words: string, isChosen: boolean, x: number, nextX: number): void {
  const { surface, palette } = picture
  const { ctx, line } = surface
  const top = surface.px((AXIS_HEIGHT - FLAG_HEIGHT) / 2)
  const height = surface.px(FLAG_HEIGHT)
  const from = top + height
  ctx.globalAlpha = isChosen ? 1 : 0.55
  surface.fill(palette.accent, x, from, line, surface.height - from)
  ctx.globalAlpha = 1
  const wordsWidth = words === '' ? 0 : surface.measure(words) + surface.px(12)
  const hasRoom = wordsWidth > 0 && x + wordsWidth + surface.px(4) < nextX
  const width = hasRoom ? wordsWidth : surface.px(9)
  surface.fill(isChosen ? palette.accent : palette.overlay, x, top, width, height)
  ctx.strokeStyle = palette.accent
  ctx.lineWidth = line
  ctx.strokeRect(x + line / 2, top + line / 2, width - line, height - line)
  const middle = top + height / 2
  const ink = isChosen ? palette.surface : hasRoom ? palette.text1 : palette.accent
  const dot = surface.px(3)
  if (hasRoom) surface.text(words, ink, x + surface.px(6), middle)
  else surface.fill(ink, x + surface.px(3), middle - dot / 2, dot, dot)
}

/** From the note chosen before to the chosen one: a line with arrow ends and the time between them. */
function drawDistance({ surface, palette, plan, model, notes }: Picture): void {
  const { chosen, previous } = notes
  if (chosen === null || previous === null) return
  const oneX = xOf(plan.scale, model.axis.ofTime(chosen.atMs))
  const otherX = xOf(plan.scale, model.axis.ofTime(previous.atMs))
  const fromX = Math.max(0, Math.min(oneX, otherX))
  const toX = Math.min(surface.width, Math.max(oneX, otherX))
  if (toX <= fromX) return
  const y = surface.px(AXIS_HEIGHT + 3)
  surface.fill(palette.accent, fromX, y, toX - fromX, surface.line)
  const label = `Δ ${formatDuration(Math.abs(chosen.atMs - previous.atMs))}`
  const width = surface.measure(label) + surface.px(10)
  const height = surface.px(16)
  const x = Math.min(surface.width - width, Math.max(0, (fromX + toX - width) / 2))
  const top = y - surface.px(1)
  surface.fill(palette.overlay, x, top, width, height)
  surface.ctx.strokeStyle = palette.accent
  surface.ctx.lineWidth = surface.line
  surface.ctx.strokeRect(x + 0.5, top + 0.5, width - 1, height - 1)
  surface.text(label, palette.text1, x + surface.px(5), top + height / 2)
}
