import type { ByteRangeShape } from './byte-range-types'

/** Space around the plot for labels, CSS pixels. */
export const PLOT = { left: 58, right: 12, top: 10, bottom: 24 } as const

export interface PlotScale {
  readonly width: number
  readonly height: number
  readonly fromMs: number
  readonly spanMs: number
  readonly bytes: number
}

export function plotScale(shape: ByteRangeShape, width: number, height: number): PlotScale {
  const fromMs = shape.startMs[0]!
  const toMs = shape.endMs.reduce((most, ms) => Math.max(most, ms), fromMs)
  return { width, height, fromMs, spanMs: Math.max(1e-3, toMs - fromMs), bytes: Math.max(1, shape.bodyBytes) }
}

export const plotX = (scale: PlotScale, atMs: number): number =>
  PLOT.left + ((atMs - scale.fromMs) / scale.spanMs) * Math.max(1, scale.width - PLOT.left - PLOT.right)

/** Byte 0 lies at the bottom. */
export const plotY = (scale: PlotScale, offset: number): number =>
  scale.height - PLOT.bottom - (offset / scale.bytes) * Math.max(1, scale.height - PLOT.top - PLOT.bottom)

/** The piece nearest to a place of the plot. */
export function pieceAt(scale: PlotScale, shape: ByteRangeShape, x: number, y: number): number {
  let best = 0
  let least = Infinity
  for (let at = 0; at < shape.startMs.length; at++) {
    const [fromX, toX] = [plotX(scale, shape.startMs[at]!), plotX(scale, shape.endMs[at]!)]
    const [lowY, highY] = [
      plotY(scale, shape.offsets[at]!),
      plotY(scale, shape.offsets[at]! + shape.bytes[at]!),
    ]
    const dx = Math.max(0, fromX - x, x - toX)
    const dy = Math.max(0, y - lowY, highY - y)
    const distance = dx * dx + dy * dy
    if (distance >= least) continue
    best = at
    least = distance
  }
  return best
}

/** Round numbers from 0 to `most`, at most `count` of them behind 0. */
export function roundSteps(most: number, count: number): number[] {
  const rough = most / Math.max(1, count)
  const ten = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((part) => part * ten).find((value) => value >= rough) ?? ten * 10
  const steps: number[] = []
  for (let n = 0; n * step <= most * 1.000001; n++) steps.push(n * step)
  return steps
}
