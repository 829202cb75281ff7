import type { Surface } from './surface'

/** Small marks beside chunks. x is the left edge, y the middle, device pixels. */

export function drawTick(surface: Surface, x: number, y: number, colour: string): void {
  const unit = surface.ratio
  stroke(surface, colour, (pen) => {
    pen.moveTo(x, y + 0.5 * unit)
    pen.lineTo(x + 2.5 * unit, y + 3 * unit)
    pen.lineTo(x + 7 * unit, y - 3 * unit)
  })
}

export function drawCross(surface: Surface, x: number, y: number, colour: string): void {
  const unit = surface.ratio
  stroke(surface, colour, (pen) => {
    pen.moveTo(x, y - 3 * unit)
    pen.lineTo(x + 6 * unit, y + 3 * unit)
    pen.moveTo(x + 6 * unit, y - 3 * unit)
    pen.lineTo(x, y + 3 * unit)
  })
}

export function drawDiamond(surface: Surface, x: number, y: number, colour: string): void {
  const size = 4 * surface.ratio
  fill(surface, colour, (pen) => {
    pen.moveTo(x, y - size)
    pen.lineTo(x + size, y)
    pen.lineTo(x, y + size)
    pen.lineTo(x - size, y)
  })
}

/** First chunk: a triangle pointing right; last chunk: pointing left. `x` is the base of the triangle. */
export function drawEdge(surface: Surface, x: number, y: number, direction: 1 | -1, colour: string): void {
  const unit = surface.ratio
  fill(surface, colour, (pen) => {
    pen.moveTo(x, y - 3 * unit)
    pen.lineTo(x + direction * 4 * unit, y)
    pen.lineTo(x, y + 3 * unit)
  })
}

/** An arrow head with its tip at x, y. */
export function drawArrowHead(
  surface: Surface,
  x: number,
  y: number,
  direction: 'right' | 'left' | 'down' | 'up',
  colour: string,
): void {
  const long = 5 * surface.ratio
  const half = 3 * surface.ratio
  const [dx, dy] = { right: [-1, 0], left: [1, 0], down: [0, -1], up: [0, 1] }[direction] as [number, number]
  fill(surface, colour, (pen) => {
    pen.moveTo(x, y)
    pen.lineTo(x + dx * long - dy * half, y + dy * long - dx * half)
    pen.lineTo(x + dx * long + dy * half, y + dy * long + dx * half)
  })
}

type Pen = OffscreenCanvasRenderingContext2D

function stroke({ ctx, ratio }: Surface, colour: string, path: (pen: Pen) => void): void {
  ctx.strokeStyle = colour
  ctx.lineWidth = 1.5 * ratio
  ctx.lineCap = 'round'
  ctx.lineJoin = 'round'
  ctx.beginPath()
  path(ctx)
  ctx.stroke()
}

function fill({ ctx }: Surface, colour: string, path: (pen: Pen) => void): void {
  ctx.fillStyle = colour
  ctx.beginPath()
  path(ctx)
  ctx.closePath()
  ctx.fill()
}

/** Sent again: most of a circle with an arrow head at its end. `x` is the middle. */
export function drawRepeat(surface: Surface, x: number, y: number, colour: string): void {
  const unit = surface.ratio
  const radius = 3 * unit
  stroke(surface, colour, (pen) => {
    pen.arc(x, y, radius, -0.3 * Math.PI, 1.35 * Math.PI)
    pen.moveTo(x + 3.2 * unit, y - 4 * unit)
    pen.lineTo(x + 1.8 * unit, y - 2.4 * unit)
    pen.lineTo(x + 4 * unit, y - 1.6 * unit)
  })
}
