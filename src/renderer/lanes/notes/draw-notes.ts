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

/** Markers and notes: a flag on the axis with its text where there is room, and a line through everything below. */
export function drawNotes(picture: Picture): void {
  const { surface, plan, model, notes } = picture
  drawDistance(picture)
  let freeFromX = -Infinity
  for (const note of notes.notes) {
    const x = xOf(plan.scale, model.axis.ofTime(note.atMs))
    if (x < -surface.px(220)) continue
    if (x > surface.width) break
    freeFromX = drawFlag(picture, note, x, freeFromX)
  }
}

function drawFlag(picture: Picture, note: Note, x: number, freeFromX: number): number {
  const { surface, palette, notes } = picture
  const { ctx, line } = surface
  const isChosen = notes.chosen === note
  const top = surface.px((AXIS_HEIGHT - FLAG_HEIGHT) / 2)
  const height = surface.px(FLAG_HEIGHT)
  const from = top + height
  ctx.globalAlpha = isChosen ? 1 : 0.55
  surface.fill(palette.accent, x, from, line, surface.height - from)
  ctx.globalAlpha = 1
  const text = x < freeFromX ? '' : noteText(note)
  const width = text === '' ? surface.px(9) : surface.measure(text) + surface.px(12)
  surface.fill(isChosen ? palette.accent : palette.overlay, x, top, width, height)
  ctx.strokeStyle = palette.accent
  ctx.lineWidth = line
  ctx.strokeRect(x + line / 2, top + line / 2, width - line, height - line)
  const middle = top + height / 2
  if (text === '') {
    const size = surface.px(3)
    surface.fill(
      isChosen ? palette.surface : palette.accent,
      x + surface.px(3),
      middle - size / 2,
      size,
      size,
    )
  } else surface.text(text, isChosen ? palette.surface : palette.text1, x + surface.px(6), middle)
  return Math.max(freeFromX, x + width + surface.px(4))
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
