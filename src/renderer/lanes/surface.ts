import type { PaletteText } from './worker-protocol'

type Context = OffscreenCanvasRenderingContext2D

/** The canvas in device pixels, with the few things every drawing function needs. */
export class Surface {
  readonly canvas: OffscreenCanvas
  readonly ctx: Context
  #ratio = 1
  #patterns: Record<PatternKind, CanvasPattern | null> = { queued: null, blocked: null, down: null }
  #tileSizes: Record<PatternKind, number> = { queued: 4, blocked: 4, down: 6 }

  constructor(canvas: OffscreenCanvas, ctx: Context) {
    this.canvas = canvas
    this.ctx = ctx
  }

  get width(): number {
    return this.canvas.width
  }

  get height(): number {
    return this.canvas.height
  }

  /** Device pixels per CSS pixel. */
  get ratio(): number {
    return this.#ratio
  }

  resize(cssWidth: number, cssHeight: number, ratio: number): void {
    this.#ratio = ratio
    this.canvas.width = Math.max(1, Math.round(cssWidth * ratio))
    this.canvas.height = Math.max(1, Math.round(cssHeight * ratio))
  }

  /** Prepares font and hatches; to be called again after every resize or change of colours. */
  dress(palette: PaletteText): void {
    this.ctx.font = `${12 * this.#ratio}px ${palette.fontFamily}`
    this.ctx.textBaseline = 'middle'
    this.ctx.imageSmoothingEnabled = false
    this.#makePattern('queued', 4, palette.hatchQueued)
    this.#makePattern('blocked', 4, palette.hatchBlocked)
    this.#makePattern('down', 6, palette.hatchDown)
  }

  /** CSS pixels to whole device pixels. */
  px(css: number): number {
    return Math.round(css * this.#ratio)
  }

  /** Thickness of a hairline. */
  get line(): number {
    return Math.max(1, Math.round(this.#ratio))
  }

  fill(colour: string, x: number, y: number, width: number, height: number): void {
    this.ctx.fillStyle = colour
    this.ctx.fillRect(x, y, width, height)
  }

  /** Fills with a hatch that is fixed to time, so that it moves with the picture. */
  hatch(kind: PatternKind, originPx: number, x: number, y: number, width: number, height: number): void {
    const pattern = this.#patterns[kind]
    if (pattern === null || width <= 0) return
    const size = this.#tileSizes[kind]
    pattern.setTransform(new DOMMatrix([1, 0, 0, 1, -(((originPx % size) + size) % size), 0]))
    this.ctx.fillStyle = pattern
    this.ctx.fillRect(x, y, width, height)
  }

  text(text: string, colour: string, x: number, middleY: number, align: CanvasTextAlign = 'left'): void {
    this.ctx.fillStyle = colour
    this.ctx.textAlign = align
    this.ctx.fillText(text, x, middleY + this.#ratio * 0.5)
  }

  measure(text: string): number {
    return Math.ceil(this.ctx.measureText(text).width)
  }

  #makePattern(kind: PatternKind, cssSize: number, colour: string): void {
    const size = Math.max(cssSize, Math.round(cssSize * this.#ratio))
    this.#tileSizes[kind] = size
    const tile = new OffscreenCanvas(size, size)
    const pen = tile.getContext('2d')
    if (pen === null) return
    pen.fillStyle = colour
    pen.strokeStyle = colour
    pen.lineWidth = this.#ratio
    if (kind === 'queued') pen.fillRect(this.#ratio, this.#ratio, 1.6 * this.#ratio, 1.6 * this.#ratio)
    else {
      const rise = kind === 'blocked'
      pen.beginPath()
      for (let shift = -size; shift <= size; shift += size) {
        pen.moveTo(shift - 1, rise ? size + 1 : -1)
        pen.lineTo(shift + size + 1, rise ? -1 : size + 1)
      }
      pen.stroke()
    }
    this.#patterns[kind] = this.ctx.createPattern(tile, 'repeat')
  }
}

export type PatternKind = 'queued' | 'blocked' | 'down'
