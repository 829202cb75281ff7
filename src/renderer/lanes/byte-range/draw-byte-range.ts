import { formatDuration, groupDigits } from '../../ui/format'
import type { PaletteText } from '../worker-protocol'
import { PLOT, type PlotScale, plotX, plotY, roundSteps } from './byte-range-scale'
import type { ByteRangeShape } from './byte-range-types'

type Pen = CanvasRenderingContext2D

export interface ByteRangePicture {
  readonly shape: ByteRangeShape
  readonly scale: PlotScale
  readonly palette: PaletteText
  /** The piece below the pointer or the cursor; -1 for none. */
  readonly marked: number
}

/** Draws offset over time; the pen is scaled to CSS pixels and the canvas is empty. */
export function drawByteRange(pen: Pen, picture: ByteRangePicture): void {
  const { palette } = picture
  pen.font = `12px ${palette.fontFamily}`
  pen.textBaseline = 'middle'
  drawGrid(pen, picture)
  drawHoles(pen, picture)
  drawPauses(pen, picture)
  drawPieces(pen, picture)
  drawMarked(pen, picture)
}

function drawGrid(pen: Pen, { scale, palette }: ByteRangePicture): void {
  const { width, height } = scale
  pen.fillStyle = palette.border1
  for (const offset of roundSteps(scale.bytes, Math.max(1, Math.floor(height / 48)))) {
    const y = Math.round(plotY(scale, offset))
    pen.fillStyle = palette.border1
    pen.fillRect(PLOT.left, y, width - PLOT.left - PLOT.right, 1)
    pen.fillStyle = palette.text3
    pen.textAlign = 'right'
    pen.fillText(groupDigits(offset), PLOT.left - 8, y + 0.5)
  }
  for (const ms of roundSteps(scale.spanMs, Math.max(1, Math.floor((width - PLOT.left) / 84)))) {
    const x = Math.round(plotX(scale, scale.fromMs + ms))
    pen.fillStyle = palette.border1
    pen.fillRect(x, PLOT.top, 1, height - PLOT.top - PLOT.bottom)
    const label = ms === 0 ? '0' : formatDuration(ms)
    const half = pen.measureText(label).width / 2
    if (x + half > width) continue
    pen.fillStyle = palette.text3
    pen.textAlign = 'center'
    pen.fillText(label, x, height - PLOT.bottom / 2)
  }
}

/** Bytes that never came: a band over the whole width, because no time belongs to them. */
function drawHoles(pen: Pen, { shape, scale, palette }: ByteRangePicture): void {
  for (const [from, to] of shape.holes) {
    const top = plotY(scale, to)
    const height = Math.max(2, plotY(scale, from) - top)
    pen.globalAlpha = 0.16
    pen.fillStyle = palette.error
    pen.fillRect(PLOT.left, top, scale.width - PLOT.left - PLOT.right, height)
    pen.globalAlpha = 1
    pen.fillRect(PLOT.left, top, 2, height)
  }
}

/** Flat parts between pieces: thick dashes while others had the line, thin dots while it was free. */
function drawPauses(pen: Pen, { shape, scale, palette }: ByteRangePicture): void {
  for (let at = 1; at < shape.startMs.length; at++) {
    const fromX = plotX(scale, shape.endMs[at - 1]!)
    const toX = plotX(scale, shape.startMs[at]!)
    if (toX - fromX < 1) continue
    const y = plotY(scale, shape.offsets[at - 1]! + shape.bytes[at - 1]!)
    const isHeld = shape.heldMs[at]! * 2 >= shape.startMs[at]! - shape.endMs[at - 1]!
    pen.setLineDash(isHeld ? [3, 2] : [1, 3])
    pen.lineWidth = isHeld ? 2 : 1
    pen.strokeStyle = isHeld ? palette.text2 : palette.text3
    pen.beginPath()
    pen.moveTo(fromX, y)
    pen.lineTo(toX, y)
    pen.stroke()
  }
  pen.setLineDash([])
}

function drawPieces(pen: Pen, { shape, scale, palette }: ByteRangePicture): void {
  const own = palette.streams[shape.hue - 1] ?? palette.text3
  pen.lineCap = 'round'
  for (const isRepeat of [0, 1]) {
    pen.strokeStyle = isRepeat === 1 ? palette.error : own
    pen.lineWidth = isRepeat === 1 ? 2 : 3
    pen.beginPath()
    for (let at = 0; at < shape.startMs.length; at++) {
      if (shape.isRepeat[at] !== isRepeat) continue
      pen.moveTo(plotX(scale, shape.startMs[at]!), plotY(scale, shape.offsets[at]!))
      const toX = plotX(scale, shape.endMs[at]!)
      pen.lineTo(toX, plotY(scale, shape.offsets[at]! + shape.bytes[at]!))
    }
    pen.stroke()
  }
  pen.lineCap = 'butt'
}

function drawMarked(pen: Pen, { shape, scale, palette, marked }: ByteRangePicture): void {
  if (marked < 0 || marked >= shape.startMs.length) return
  const fromX = plotX(scale, shape.startMs[marked]!)
  const toX = plotX(scale, shape.endMs[marked]!)
  const lowY = plotY(scale, shape.offsets[marked]!)
  const highY = plotY(scale, shape.offsets[marked]! + shape.bytes[marked]!)
  pen.strokeStyle = palette.text1
  pen.lineWidth = 1
  pen.strokeRect(
    Math.round(fromX) - 3.5,
    Math.round(highY) - 3.5,
    Math.round(toX - fromX) + 7,
    Math.round(lowY - highY) + 7,
  )
}
