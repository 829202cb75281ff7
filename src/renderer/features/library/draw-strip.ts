import type { RecordingMoment, RecordingStrip } from '../../../shared/model/library'
import type { PaletteText } from '../../lanes/worker-protocol'

export interface StripPicture {
  readonly strip: RecordingStrip
  readonly width: number
  readonly height: number
  readonly palette: PaletteText
  /** Moments that get a mark, with the time that the strip spans. */
  readonly moments: readonly RecordingMoment[]
  readonly lengthMs: number
}

const FULL = 255

/** What came in above the middle, what went out below it, and a stroke where something went wrong. Heights by the root, so that little is seen beside much. */
export function drawStrip(context: CanvasRenderingContext2D, picture: StripPicture): void {
  const { strip, width, height, palette, moments, lengthMs } = picture
  const middle = Math.round(height / 2)
  const bins = strip.in.length
  context.clearRect(0, 0, width, height)
  context.fillStyle = palette.border2
  context.fillRect(0, middle, width, 1)
  for (let bin = 0; bin < bins; bin++) {
    const left = Math.round((bin * width) / bins)
    const wide = Math.max(1, Math.round(((bin + 1) * width) / bins) - left - (width > 2 * bins ? 1 : 0))
    context.fillStyle = palette.text2
    bar(context, left, wide, strip.in[bin]!, middle, -1)
    context.fillStyle = palette.accent
    bar(context, left, wide, strip.out[bin]!, height - middle - 1, 1, middle + 1)
  }
  context.fillStyle = palette.error
  for (let bin = 0; bin < bins; bin++) {
    if (strip.faults[bin] === 0) continue
    context.fillRect(Math.round((bin * width) / bins), 0, 2, height)
  }
  context.fillStyle = palette.text1
  for (const { kind, fromStartMs } of moments) {
    if (kind === 'problem' || lengthMs <= 0) continue
    const x = Math.min(width - 6, Math.round((fromStartMs / lengthMs) * width))
    context.fillRect(x, 0, 1, height)
    context.fillRect(x, 0, 6, 4)
  }
}

function bar(
  context: CanvasRenderingContext2D,
  left: number,
  wide: number,
  amount: number,
  room: number,
  direction: 1 | -1,
  base = room,
): void {
  if (amount === 0) return
  const high = Math.max(1, Math.round(Math.sqrt(amount / FULL) * room))
  context.fillRect(left, direction === 1 ? base : base - high, wide, high)
}
