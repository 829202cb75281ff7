import {
  LANE_CONTROL,
  LANE_FIRST,
  LANE_IN,
  LANE_LAST,
  LANE_MERGED,
  LANE_REPEAT,
} from '../../shared/model/views'
import { packPixel, parseColour, type Rgba } from './colours'
import type { ColumnGrid, ShareColumns } from './columns'
import { drawEdge, drawRepeat } from './glyphs'
import { STRIP_IN_TOP, STRIP_OUT_TOP } from './pane-geometry'
import { barHeight, barTopOf, insideLanes, type Picture } from './picture'
import type { ShapeList } from './shapes'

/** Rows of the strip in the scratch image: fine enough to show shares. */
const STRIP_IMAGE_ROWS = 12
/** Chunks that carry a glyph when they are wide enough. */
const MARKED = LANE_FIRST | LANE_LAST | LANE_MERGED | LANE_REPEAT
/** More shapes than this and their corners cannot be seen anyway. */
const MAX_ROUND_SHAPES = 2500

/**
 * Paints chunks: columns through one image that is written pixel by pixel and stretched to the height of the bars,
 * shapes as paths, one path per colour.
 */
export class ChunkPainter {
  #scratch: OffscreenCanvas | null = null
  #image: ImageData | null = null
  #pixels = new Uint32Array(0)
  #fillTexts: readonly string[] = []
  #colours: Rgba[] = []

  draw(picture: Picture): void {
    if (this.#fillTexts !== picture.fills) {
      this.#fillTexts = picture.fills
      this.#colours = picture.fills.map(parseColour)
    }
    this.#drawColumns(picture)
    this.#drawStripShapes(picture)
    insideLanes(picture, () => this.#drawLaneShapes(picture))
  }

  #drawColumns(picture: Picture): void {
    const { surface, plan } = picture
    const { ctx } = surface
    const width = plan.scale.widthPx
    const rows = plan.rowKeys.length
    const scratch = this.#prepare(width, rows + 2 * STRIP_IMAGE_ROWS)
    if (scratch === null || this.#image === null) return
    const out = picture.palette.outgoingAlpha
    for (let row = 0; row < rows; row++) {
      const isIncoming = this.#isIncoming(picture, plan.rowKeys[row]!)
      this.#writeRow(plan.laneColumns, row, row, isIncoming ? 1 : out, surface.px(2))
    }
    this.#writeStrip(plan.stripOut, rows, out)
    this.#writeStrip(plan.stripIn, rows + STRIP_IMAGE_ROWS, 1)
    scratch.putImageData(this.#image, 0, 0)
    const height = barHeight(surface)
    const stretch = (fromRow: number, count: number, y: number): void =>
      ctx.drawImage(scratch.canvas, 0, fromRow, width, count, 0, y, width, height)
    stretch(rows, STRIP_IMAGE_ROWS, surface.px(STRIP_OUT_TOP))
    stretch(rows + STRIP_IMAGE_ROWS, STRIP_IMAGE_ROWS, surface.px(STRIP_IN_TOP))
    insideLanes(picture, () => {
      for (let row = 0; row < rows; row++) {
        const y = barTopOf(picture, plan.rowKeys[row]!)
        if (y !== null) stretch(row, 1, y)
      }
    })
  }

  #isIncoming(picture: Picture, rowKey: number): boolean {
    return picture.model.layout.byId(rowKey >> 3)?.dir === 'in'
  }

  #prepare(width: number, rows: number): OffscreenCanvasRenderingContext2D | null {
    const height = Math.max(64, Math.ceil(rows / 64) * 64)
    if (this.#scratch === null || this.#scratch.width !== width || this.#scratch.height !== height) {
      this.#scratch = new OffscreenCanvas(width, height)
      this.#image = new ImageData(width, height)
      this.#pixels = new Uint32Array(this.#image.data.buffer)
    } else this.#pixels.fill(0)
    return this.#scratch.getContext('2d')
  }

  #writeRow(grid: ColumnGrid, row: number, imageRow: number, alpha: number, minRun: number): void {
    const base = imageRow * grid.width
    grid.forEachColumn(row, minRun, (x, colour, strength) => {
      this.#pixels[base + x] = packPixel(this.#colours[colour] ?? [128, 128, 128, 255], alpha * strength)
    })
  }

  #writeStrip(columns: ShareColumns, imageRow: number, alpha: number): void {
    const width = this.#image?.width ?? 0
    for (let x = 0; x < width; x++) {
      if (!columns.hasAny(x)) continue
      const isLone = !columns.hasAny(x - 1) || !columns.hasAny(x + 1)
      const strength = isLone ? 1 : 0.5 + 0.5 * columns.total(x)
      for (let row = 0; row < STRIP_IMAGE_ROWS; row++) {
        const colour = columns.colourAt(x, (row + 0.5) / STRIP_IMAGE_ROWS)
        this.#pixels[(imageRow + row) * width + x] = packPixel(
          this.#colours[colour] ?? [128, 128, 128, 255],
          alpha * strength,
        )
      }
    }
  }

  #drawStripShapes(picture: Picture): void {
    const { surface, plan } = picture
    const height = barHeight(surface)
    const tops = [surface.px(STRIP_OUT_TOP), surface.px(STRIP_IN_TOP)]
    this.#forEachColour(picture, plan.stripShapes, (shapes, at, path) => {
      path.rect(shapes.x[at]!, tops[shapes.rows[at]!]!, shapes.width[at]!, height)
    })
  }

  #drawLaneShapes(picture: Picture): void {
    const { surface, plan } = picture
    const height = barHeight(surface)
    const tops = plan.rowKeys.map((rowKey) => barTopOf(picture, rowKey))
    const radius = plan.laneShapes.count > MAX_ROUND_SHAPES ? 0 : surface.px(2)
    this.#forEachColour(picture, plan.laneShapes, (shapes, at, path) => {
      const y = tops[shapes.rows[at]!]
      const width = shapes.width[at]!
      if (y === null || y === undefined) return
      if ((shapes.flags[at]! & LANE_CONTROL) !== 0) {
        // frames without body, the head of a message for one, are half as high: they cost time but carry nothing
        path.rect(shapes.x[at]!, y + Math.round(height / 4), width, Math.round(height / 2))
      } else if (radius === 0 || width < 2 * radius) path.rect(shapes.x[at]!, y, width, height)
      else path.roundRect(shapes.x[at]!, y, width, height, radius)
    })
    this.#drawEdges(picture, tops)
  }

  #drawEdges(picture: Picture, tops: readonly (number | null)[]): void {
    const { surface, plan, palette } = picture
    const shapes = plan.laneShapes
    const room = surface.px(16)
    const inset = surface.px(3)
    const half = barHeight(surface) / 2
    for (let at = 0; at < shapes.count; at++) {
      const flags = shapes.flags[at]!
      const width = shapes.width[at]!
      const y = tops[shapes.rows[at]!]
      if (width < room || (flags & MARKED) === 0) continue
      if (y === null || y === undefined) continue
      const x = shapes.x[at]!
      if ((flags & LANE_FIRST) !== 0) drawEdge(surface, x + inset, y + half, 1, palette.surface)
      if ((flags & LANE_LAST) !== 0) drawEdge(surface, x + width - inset, y + half, -1, palette.surface)
      if ((flags & LANE_REPEAT) !== 0) drawRepeat(surface, x + width / 2, y + half, palette.surface)
      if ((flags & LANE_MERGED) === 0) continue
      // merged chunks: cut marks, so that the bar does not pass for one chunk
      for (let cut = x + surface.px(8); cut < x + width - surface.px(4); cut += surface.px(4)) {
        surface.fill(palette.surface, cut, y + surface.px(3), surface.line, surface.px(6))
      }
    }
  }

  #forEachColour(
    picture: Picture,
    shapes: ShapeList,
    addTo: (shapes: ShapeList, at: number, path: Path2D) => void,
  ): void {
    const { ctx } = picture.surface
    const paths = new Map<number, Path2D>()
    for (let at = 0; at < shapes.count; at++) {
      const key = shapes.colours[at]! * 2 + (shapes.flags[at]! & LANE_IN)
      let path = paths.get(key)
      if (path === undefined) {
        path = new Path2D()
        paths.set(key, path)
      }
      addTo(shapes, at, path)
    }
    for (const [key, path] of paths) {
      ctx.globalAlpha = key % 2 === 1 ? 1 : picture.palette.outgoingAlpha
      ctx.fillStyle = picture.fills[key >> 1] ?? picture.palette.text3
      ctx.fill(path)
    }
    ctx.globalAlpha = 1
  }
}
