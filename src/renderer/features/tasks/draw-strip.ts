import { STRIP_MS, type TaskMark, type TaskStatus } from '../../../shared/model/tasks'
import type { PaletteText } from '../../lanes/worker-protocol'
import { plannedWithin, stripX } from './strip-scale'

/** A row of the strip: one task. */
export interface StripRow {
  readonly task: TaskStatus
  readonly marks: readonly TaskMark[]
  /** CSS pixels from the top of the canvas. */
  readonly top: number
}

export interface StripPicture {
  readonly width: number
  readonly height: number
  readonly rowHeight: number
  readonly nowMs: number
  readonly palette: PaletteText
  readonly rows: readonly StripRow[]
}

const MARK_HEIGHT = 10
const LATE_HEIGHT = 14
const PLANNED_HEIGHT = 9
/** Firings closer than this are ticks of one pixel. */
const DENSE_PX = 5

/** Firings of the last half minute and of the next, one row for each task, all on the same time. */
export function drawStrip(context: CanvasRenderingContext2D, picture: StripPicture): void {
  const { width, height, nowMs, palette } = picture
  context.clearRect(0, 0, width, height)
  for (let offsetMs = -STRIP_MS; offsetMs <= STRIP_MS; offsetMs += 10_000) {
    context.fillStyle = palette.border1
    const x = Math.min(width - 1, Math.round(stripX(nowMs + offsetMs, nowMs, width)))
    context.fillRect(x, 0, 1, height)
  }
  for (const row of picture.rows) drawRow(context, picture, row)
  context.fillStyle = palette.accent
  context.fillRect(Math.round(width / 2), 0, 1, height)
}

function drawRow(context: CanvasRenderingContext2D, picture: StripPicture, row: StripRow): void {
  const { width, nowMs, palette, rowHeight } = picture
  const { task, marks, top } = row
  const middle = top + rowHeight / 2
  const x = (atMs: number): number => Math.round(stripX(atMs, nowMs, width))
  if (task.downSinceMs !== null) {
    const from = Math.max(0, x(task.downSinceMs))
    hatch(context, palette, from, top + 1, x(nowMs) - from, rowHeight - 2)
    if (task.state === 'held') hatch(context, palette, x(nowMs), middle - 5, width - x(nowMs), 10)
  }
  const isDense = (task.everyMs ?? Infinity) < (DENSE_PX * 2 * STRIP_MS) / width
  for (const atMs of plannedWithin(task, nowMs, width)) {
    const at = x(atMs)
    if (isDense) {
      context.fillStyle = palette.text3
      context.globalAlpha = 0.6
      context.fillRect(at, middle - 3, 1, 6)
      context.globalAlpha = 1
    } else {
      context.strokeStyle = palette.text3
      context.lineWidth = 1
      context.strokeRect(at - 1.5, Math.round(middle - PLANNED_HEIGHT / 2) + 0.5, 3, PLANNED_HEIGHT)
    }
  }
  for (const mark of marks) {
    const at = x(mark.atMs)
    if (at >= -2) drawMark(context, palette, mark, at, middle, isDense)
  }
}

function drawMark(
  context: CanvasRenderingContext2D,
  palette: PaletteText,
  { look }: TaskMark,
  x: number,
  middle: number,
  isDense: boolean,
): void {
  if (look === 'failed') {
    context.strokeStyle = palette.error
    context.lineWidth = 1.5
    context.beginPath()
    context.moveTo(x - 3, middle - 3)
    context.lineTo(x + 3, middle + 3)
    context.moveTo(x + 3, middle - 3)
    context.lineTo(x - 3, middle + 3)
    context.stroke()
  } else if (look === 'missed') {
    context.fillStyle = palette.text3
    context.fillRect(x - 1, middle + 3, isDense ? 1 : 3, 2)
  } else {
    const height = look === 'late' ? LATE_HEIGHT : MARK_HEIGHT
    context.fillStyle = look === 'late' ? palette.warn : palette.text2
    const width = isDense ? (look === 'late' ? 2 : 1) : 3
    context.fillRect(isDense ? x : x - 1, Math.round(middle - height / 2), width, height)
  }
}

/** The link is down. */
function hatch(
  context: CanvasRenderingContext2D,
  palette: PaletteText,
  left: number,
  top: number,
  width: number,
  height: number,
): void {
  if (width <= 0) return
  context.save()
  context.beginPath()
  context.rect(left, top, width, height)
  context.clip()
  context.fillStyle = palette.hatchDownBackground
  context.fillRect(left, top, width, height)
  context.strokeStyle = palette.hatchDown
  context.lineWidth = 1
  context.beginPath()
  for (let x = left - height - (left % 6); x < left + width + height; x += 6) {
    context.moveTo(x, top)
    context.lineTo(x + height, top + height)
  }
  context.stroke()
  context.restore()
}
