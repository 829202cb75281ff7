import type { TapeMark } from '../../../shared/model/tape'
import type { Overview } from '../../../shared/model/views'
import { labelStepMs, labelWords } from './tape-words'

/** Pixels of one bar with the gap after it. */
export const SCRUBBER_BAR_PX = 3
const LABELS_PX = 17
const LEAST_LABEL_PX = 92
const MARK_NAME_PX = 120

export interface ScrubberColours {
  readonly surface: string
  readonly text1: string
  readonly text2: string
  readonly text3: string
  readonly border2: string
  readonly border3: string
  readonly accent: string
  readonly accentSoft: string
  readonly error: string
  readonly font: string
}

export interface ScrubberPicture {
  readonly overview: Overview | null
  readonly fromMs: number
  readonly toMs: number
  readonly positionMs: number
  /** Up to here it is read. */
  readonly readMs: number
  /** Where the playhead goes as soon as that is read. */
  readonly wantedMs: number | null
  /** A and B as far as they are set. */
  readonly loop: { readonly fromMs: number | null; readonly toMs: number | null }
  readonly isLooping: boolean
  readonly markers: readonly TapeMark[]
  readonly problems: readonly TapeMark[]
  readonly colours: ScrubberColours
  /** CSS pixels. */
  readonly width: number
  readonly height: number
}

/** The whole recording in one line: what went over the line, brighter where it is past; marks, the loop and the playhead. */
export function drawScrubber(ctx: CanvasRenderingContext2D, picture: ScrubberPicture): void {
  const { colours, width, height } = picture
  const base = height - LABELS_PX
  ctx.clearRect(0, 0, width, height)
  ctx.font = colours.font
  ctx.textBaseline = 'middle'
  drawLoop(ctx, picture, base)
  drawBars(ctx, picture, base)
  ctx.fillStyle = colours.border2
  ctx.fillRect(0, base, width, 1)
  drawRead(ctx, picture, base)
  drawLabels(ctx, picture, base)
  drawProblems(ctx, picture, base)
  drawMarkers(ctx, picture, base)
  drawPlayhead(ctx, picture, base)
}

export function xAt({ fromMs, toMs, width }: ScrubberPicture, atMs: number): number {
  return toMs <= fromMs ? 0 : Math.round(((atMs - fromMs) / (toMs - fromMs)) * width)
}

function drawLoop(ctx: CanvasRenderingContext2D, picture: ScrubberPicture, base: number): void {
  const { colours, loop, isLooping } = picture
  const { fromMs, toMs } = loop
  ctx.globalAlpha = isLooping ? 1 : 0.5
  if (fromMs !== null && toMs !== null) {
    const [from, to] = [xAt(picture, fromMs), xAt(picture, toMs)]
    ctx.fillStyle = colours.accentSoft
    ctx.fillRect(from, 8, to - from, base - 8)
  }
  ctx.fillStyle = colours.accent
  for (const [atMs, inward] of [
    [fromMs, 1],
    [toMs, -1],
  ] as const) {
    if (atMs === null) continue
    const x = Math.min(xAt(picture, atMs), picture.width - 1)
    ctx.fillRect(x, 4, 1, base - 4)
    ctx.fillRect(inward > 0 ? x : x - 4, 8, 5, 1)
  }
  ctx.globalAlpha = 1
}

function drawBars(ctx: CanvasRenderingContext2D, picture: ScrubberPicture, base: number): void {
  const { overview, colours, positionMs } = picture
  if (overview === null) return
  const bins = overview.bytesIn.length
  let most = 0
  for (let bin = 0; bin < bins; bin++) most = Math.max(most, overview.bytesIn[bin]! + overview.bytesOut[bin]!)
  if (most === 0) return
  const playhead = xAt(picture, positionMs)
  for (let bin = 0; bin < bins; bin++) {
    const bytes = overview.bytesIn[bin]! + overview.bytesOut[bin]!
    if (bytes === 0) continue
    const binMs = overview.fromMs + ((overview.toMs - overview.fromMs) * bin) / bins
    const x = xAt(picture, binMs)
    const isPast = x < playhead
    ctx.fillStyle = isPast ? colours.text2 : colours.text3
    ctx.globalAlpha = isPast ? 0.75 : 0.42
    // the square root keeps what is small in sight
    const barHeight = Math.max(1, Math.round(Math.sqrt(bytes / most) * (base - 14)))
    ctx.fillRect(x, base - barHeight, SCRUBBER_BAR_PX - 1, barHeight)
  }
  ctx.globalAlpha = 1
}

/** While it is read: how far, and where the playhead is going. */
function drawRead(ctx: CanvasRenderingContext2D, picture: ScrubberPicture, base: number): void {
  const { colours, readMs, toMs, wantedMs, width } = picture
  if (readMs >= toMs) return
  ctx.fillStyle = colours.accent
  ctx.fillRect(0, base - 1, xAt(picture, readMs), 2)
  if (wantedMs === null) return
  const x = Math.min(xAt(picture, wantedMs), width - 1)
  for (let y = 0; y < base; y += 4) ctx.fillRect(x, y, 1, 2)
}

function drawLabels(ctx: CanvasRenderingContext2D, picture: ScrubberPicture, base: number): void {
  const { colours, fromMs, toMs, width } = picture
  const lengthMs = toMs - fromMs
  if (lengthMs <= 0) return
  const stepMs = labelStepMs(lengthMs, width, LEAST_LABEL_PX)
  for (let ms = 0; ms <= lengthMs; ms += stepMs) {
    const x = xAt(picture, fromMs + ms)
    const words = labelWords(ms, stepMs)
    const half = ctx.measureText(words).width / 2
    ctx.fillStyle = colours.border3
    ctx.fillRect(Math.min(x, width - 1), base, 1, 4)
    if (ms > 0 && x + half > width) continue
    ctx.fillStyle = colours.text3
    ctx.fillText(words, ms === 0 ? x : x - half, base + 11)
  }
}

function drawProblems(ctx: CanvasRenderingContext2D, picture: ScrubberPicture, base: number): void {
  ctx.fillStyle = picture.colours.error
  for (const { atMs } of picture.problems) ctx.fillRect(xAt(picture, atMs) - 1, 12, 2, base - 12)
}

function drawMarkers(ctx: CanvasRenderingContext2D, picture: ScrubberPicture, base: number): void {
  const { colours, markers, width } = picture
  let freeFrom = 0
  for (const { atMs, text } of markers) {
    const x = Math.min(xAt(picture, atMs), width - 1)
    ctx.fillStyle = colours.text1
    ctx.globalAlpha = 0.9
    ctx.fillRect(x, 2, 1, base - 2)
    ctx.beginPath()
    ctx.moveTo(x, 2)
    ctx.lineTo(x + 8, 5.5)
    ctx.lineTo(x, 9)
    ctx.fill()
    ctx.globalAlpha = 1
    const words = shortened(ctx, text)
    const wide = ctx.measureText(words).width
    // names that would lie on each other are left to the menu
    if (x + 12 < freeFrom || x + 12 + wide > width) continue
    freeFrom = x + 16 + wide
    ctx.fillStyle = colours.text2
    ctx.fillText(words, x + 12, 6.5)
  }
}

function shortened(ctx: CanvasRenderingContext2D, text: string): string {
  const line = text.split('\n', 1)[0] ?? ''
  if (ctx.measureText(line).width <= MARK_NAME_PX) return line
  let length = Math.min(line.length, 40)
  while (length > 0 && ctx.measureText(`${line.slice(0, length)}…`).width > MARK_NAME_PX) length -= 1
  return `${line.slice(0, length)}…`
}

function drawPlayhead(ctx: CanvasRenderingContext2D, picture: ScrubberPicture, base: number): void {
  const { colours, positionMs, width } = picture
  const x = Math.min(xAt(picture, positionMs), width - 1)
  ctx.fillStyle = colours.surface
  ctx.fillRect(x - 2, 0, 5, base + 4)
  ctx.fillStyle = colours.text1
  ctx.fillRect(x, 0, 1, base + 4)
  ctx.beginPath()
  ctx.moveTo(x - 5, 0)
  ctx.lineTo(x + 6, 0)
  ctx.lineTo(x + 0.5, 7)
  ctx.fill()
}
