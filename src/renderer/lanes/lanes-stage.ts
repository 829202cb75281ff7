import { colourTable } from './chunk-style'
import { fillsOf } from './colours'
import { type LaneLayout, rowKeyOf } from './lane-layout'
import type { Placement } from './navigator'
import { LANES_TOP, type PaneGeometry, paneGeometry } from './pane-geometry'
import type { Surface } from './surface'
import { type AxisView, pixelScale } from './time-scale'
import type { ColourMode, PaletteText } from './worker-protocol'

/** What lanes are drawn on, how large it is, and what it looks like. */
export class LanesStage {
  /** CSS pixels that the lanes are scrolled by. */
  scrollTop = 0
  #surface: Surface | null = null
  #palette: PaletteText | null = null
  #height = 0
  #mode: ColourMode = 'stream'
  #fills: readonly string[] = []
  #colours = colourTable('stream')

  get surface(): Surface | null {
    return this.#surface
  }

  get palette(): PaletteText | null {
    return this.#palette
  }

  /** CSS pixels. */
  get height(): number {
    return this.#height
  }

  /** Fill per colour index. */
  get fills(): readonly string[] {
    return this.#fills
  }

  /** Colour index per style. */
  get colours(): Uint8Array {
    return this.#colours
  }

  /** @param surface - Owned by the stage from now on. */
  attach(surface: Surface): void {
    this.#surface = surface
  }

  resize(cssWidth: number, cssHeight: number, pixelRatio: number): void {
    this.#height = cssHeight
    this.#surface?.resize(cssWidth, cssHeight, pixelRatio)
    this.#dress()
  }

  setPalette(palette: PaletteText): void {
    this.#palette = palette
    this.#dress()
  }

  setColourMode(mode: ColourMode): void {
    this.#mode = mode
    this.#colours = colourTable(mode)
    this.#dress()
  }

  /** @param auxHeight - Of the lanes below those of the messages, together. */
  geometry(auxHeight: number): PaneGeometry {
    return paneGeometry(this.#height, auxHeight)
  }

  /** How a part of the axis lies on it. */
  placement(view: AxisView, auxHeight: number): Placement {
    return {
      scale: pixelScale(view, this.#surface?.width ?? 1),
      pixelRatio: this.#surface?.ratio ?? 1,
      lanesBottom: this.geometry(auxHeight).lanesBottom,
      scrollTop: this.scrollTop,
    }
  }

  /** Keys of the rows in sight. */
  visibleRows(layout: LaneLayout, lanesBottom: number): number[] {
    const keys: number[] = []
    for (const lane of layout.lanes) {
      const top = LANES_TOP + lane.top - this.scrollTop
      if (top > lanesBottom || top + lane.height < LANES_TOP) continue
      for (let row = 0; row < lane.rows; row++) keys.push(rowKeyOf(lane.id, row))
    }
    return keys
  }

  #dress(): void {
    if (this.#palette === null) return
    this.#fills = fillsOf(this.#palette, this.#mode)
    this.#surface?.dress(this.#palette)
  }
}
