import type { Note } from '../../../shared/model/notes'
import { formatDuration } from '../../ui/format'
import { revealLine } from '../../ui/visible-text'
import { AXIS_HEIGHT } from '../pane-geometry'
import type { Picture } from '../picture'
import { xOf } from '../time-scale'
import type { NoteFlag } from './note-flag'

const MAX_TEXT = 28
const FLAG_HEIGHT = 16

export function noteText(note: Note): string {
  const text = revealLine(note.text)
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text
}

/** Flags that would lie on one another share one, CSS pixels. */
const GROUP_PX = 6

/** The flags in sight, from left to right. */
export function noteFlags({ surface, plan, model, notes }: Omit<Picture, 'flags'>): readonly NoteFlag[] {
  const list = notes.notes
  if (list.length === 0) return NO_FLAGS
  const flags: NoteFlag[] = []
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
    const words = end - at > 1 ? `${text} ×${end - at}` : text
    const nextX = end < list.length ? xAt(end) : Infinity
    at = end
    if (x < -surface.px(260)) continue
    const wide = words === '' ? 0 : surface.measure(words) + surface.px(12)
    const hasRoom = wide > 0 && x + wide + surface.px(4) < nextX
    flags.push({ x, width: hasRoom ? wide : surface.px(9), words: hasRoom ? words : '', isChosen })
  }
  return flags
}

const NO_FLAGS: readonly NoteFlag[] = []

/** Markers and notes: a flag on the axis with its text where there is room, and a line through everything below. */
export function drawNotes(picture: Picture): void {
  drawDistance(picture)
  for (const flag of picture.flags) drawFlag(picture, flag)
}

function drawFlag({ surface, palette }: Picture, { x, width, words, isChosen }: NoteFlag): void {
  const { ctx, line } = surface
  const top = surface.px((AXIS_HEIGHT - FLAG_HEIGHT) / 2)
  const height = surface.px(FLAG_HEIGHT)
  const from = top + height
  ctx.globalAlpha = isChosen ? 1 : 0.55
  surface.fill(palette.accent, x, from, line, surface.height - from)
  ctx.globalAlpha = 1
  surface.fill(isChosen ? palette.accent : palette.overlay, x, top, width, height)
  ctx.strokeStyle = palette.accent
  ctx.lineWidth = line
  ctx.strokeRect(x + line / 2, top + line / 2, width - line, height - line)
  const middle = top + height / 2
  const ink = isChosen ? palette.surface : words === '' ? palette.accent : palette.text1
  const dot = surface.px(3)
  if (words !== '') surface.text(words, ink, x + surface.px(6), middle)
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
