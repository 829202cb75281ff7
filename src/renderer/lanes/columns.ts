/**
 * Chunks narrower than a few pixels, summed per row and pixel column: how much of the column's time they held, how many
 * touched it, and the colour of the longest. The cost of drawing then depends on the width of the screen only.
 */
export class ColumnGrid {
  #width = 0
  #rows = 0
  #cover = new Float32Array(0)
  #hits = new Uint32Array(0)
  #longest = new Float32Array(0)
  #colours = new Uint8Array(0)

  get width(): number {
    return this.#width
  }

  get rows(): number {
    return this.#rows
  }

  /** Empties the grid and gives it a size. Memory is kept between frames. */
  reset(rows: number, width: number): void {
    this.#rows = rows
    this.#width = width
    const cells = rows * width
    if (this.#cover.length < cells) {
      this.#cover = new Float32Array(cells)
      this.#hits = new Uint32Array(cells)
      this.#longest = new Float32Array(cells)
      this.#colours = new Uint8Array(cells)
      return
    }
    this.#cover.fill(0, 0, cells)
    this.#hits.fill(0, 0, cells)
    this.#longest.fill(0, 0, cells)
  }

  /** Adds `count` chunks between two places of the row, in pixels with fraction; both may lie outside. */
  add(row: number, fromX: number, toX: number, colour: number, count: number): void {
    const width = this.#width
    const from = fromX < 0 ? 0 : fromX
    const to = toX > width ? width : toX
    const first = Math.floor(from)
    if (first >= width || to < 0 || to < from) return
    if (to <= first + 1) {
      // nearly all chunks lie in one column
      this.addSum(row, first, to - from, colour, count)
      return
    }
    const last = Math.min(width - 1, Math.ceil(to) - 1)
    const base = row * width
    for (let x = first; x <= last; x++) {
      const share = Math.min(to, x + 1) - Math.max(from, x)
      const at = base + x
      this.#cover[at]! += share
      this.#hits[at]! += count
      if (share >= this.#longest[at]!) {
        this.#longest[at] = share
        this.#colours[at] = colour
      }
    }
  }

  /** Adds a sum of many chunks to the column at `x`. `cover` is their time in pixels. */
  addSum(row: number, x: number, cover: number, colour: number, count: number): void {
    if (x < 0 || x >= this.#width) return
    const at = row * this.#width + x
    this.#cover[at]! += cover
    this.#hits[at]! += count
    if (cover < this.#longest[at]!) return
    this.#longest[at] = cover
    this.#colours[at] = colour
  }

  cover(row: number, x: number): number {
    return this.#cover[row * this.#width + x] ?? 0
  }

  hits(row: number, x: number): number {
    return this.#hits[row * this.#width + x] ?? 0
  }

  colour(row: number, x: number): number {
    return this.#colours[row * this.#width + x] ?? 0
  }

  /**
   * Calls `paint` for every column that holds something.
   *
   * A lone column is painted in full strength and at least `minRun` wide, because a single short chunk must be as
   * visible as a long one; inside a longer run the strength tells how busy the line was.
   */
  forEachColumn(
    row: number,
    minRun: number,
    paint: (x: number, colour: number, strength: number) => void,
  ): void {
    const base = row * this.#width
    for (let x = 0; x < this.#width; ) {
      if (this.#hits[base + x] === 0) {
        x++
        continue
      }
      let end = x + 1
      while (end < this.#width && this.#hits[base + end]! > 0) end++
      const isShort = end - x <= minRun * 2
      for (let at = x; at < end; at++) {
        const cover = Math.min(1, this.#cover[base + at]!)
        paint(at, this.#colours[base + at]!, isShort ? 1 : 0.5 + 0.5 * cover)
      }
      const next = end
      for (let at = end; at < x + minRun && at < this.#width && this.#hits[base + at] === 0; at++) {
        paint(at, this.#colours[base + next - 1]!, 1)
      }
      x = end
    }
  }
}

/** The same for the line strip, by colour: a column shared by several streams shows the share of each. */
export class ShareColumns {
  #width = 0
  readonly #colourCount: number
  #shares = new Float32Array(0)
  #totals = new Float32Array(0)
  #hits = new Uint32Array(0)

  constructor(colourCount: number) {
    this.#colourCount = colourCount
  }

  reset(width: number): void {
    this.#width = width
    if (this.#totals.length < width) {
      this.#shares = new Float32Array(width * this.#colourCount)
      this.#totals = new Float32Array(width)
      this.#hits = new Uint32Array(width)
      return
    }
    this.#shares.fill(0)
    this.#totals.fill(0)
    this.#hits.fill(0)
  }

  add(fromX: number, toX: number, colour: number): void {
    const width = this.#width
    const from = fromX < 0 ? 0 : fromX
    const to = toX > width ? width : toX
    const first = Math.floor(from)
    if (first >= width || to < 0 || to < from) return
    if (to <= first + 1) {
      this.addSum(first, to - from, colour)
      return
    }
    const last = Math.min(width - 1, Math.ceil(to) - 1)
    for (let x = first; x <= last; x++) {
      // an instant without length still takes a sliver, else it would vanish
      const share = Math.max(0.001, Math.min(to, x + 1) - Math.max(from, x))
      this.#shares[x * this.#colourCount + colour]! += share
      this.#totals[x]! += share
      this.#hits[x]!++
    }
  }

  /** Adds a sum of many chunks to the column at `x`. */
  addSum(x: number, cover: number, colour: number): void {
    if (x < 0 || x >= this.#width) return
    const share = Math.max(0.001, cover)
    this.#shares[x * this.#colourCount + colour]! += share
    this.#totals[x]! += share
    this.#hits[x]!++
  }

  hasAny(x: number): boolean {
    return (this.#hits[x] ?? 0) > 0
  }

  /** Used share of the column's time, 0 to 1. */
  total(x: number): number {
    return Math.min(1, this.#totals[x] ?? 0)
  }

  /** Colour at `height` of the column, 0 (top) to 1: colours are stacked in the ratio of their shares. */
  colourAt(x: number, height: number): number {
    let rest = height * this.#totals[x]!
    let last = 0
    for (let colour = 0; colour < this.#colourCount; colour++) {
      const share = this.#shares[x * this.#colourCount + colour]!
      if (share === 0) continue
      last = colour
      rest -= share
      if (rest < 0) break
    }
    return last
  }
}

/** Share of each pixel column that chunks of one link and direction held: tells waiting from being blocked. */
export class Occupancy {
  readonly #lines = new Map<number, Float32Array>()
  #width = 0

  reset(width: number): void {
    if (width !== this.#width) this.#lines.clear()
    this.#width = width
    for (const line of this.#lines.values()) line.fill(0)
  }

  add(linkId: number, isIncoming: number, fromX: number, toX: number): void {
    const key = linkId * 2 + isIncoming
    let line = this.#lines.get(key)
    if (line === undefined) {
      line = new Float32Array(this.#width)
      this.#lines.set(key, line)
    }
    const from = Math.max(0, fromX)
    const to = Math.min(this.#width, toX)
    for (let x = Math.floor(from); x < to; x++) line[x]! += Math.min(to, x + 1) - Math.max(from, x)
  }

  /**
   * Cuts a wait into parts, by whether others held the line. Parts shorter than `minPx` join their neighbour.
   *
   * @param fromX - Whole pixels, both ends clipped to the width.
   */
  waits(
    linkId: number,
    isIncoming: number,
    fromX: number,
    toX: number,
    minPx: number,
    visit: (fromX: number, toX: number, isBlocked: boolean) => void,
  ): void {
    const line = this.#lines.get(linkId * 2 + isIncoming)
    const from = Math.max(0, fromX)
    const to = Math.min(this.#width, toX)
    let start = from
    let isBlocked = false
    for (let x = from; x < to; x++) {
      const isHeld = line !== undefined && line[x]! >= 0.5
      if (x === from) isBlocked = isHeld
      if (isHeld === isBlocked) continue
      if (!holdsFor(line, x, Math.min(to, x + minPx), isHeld)) continue
      if (x > start) visit(start, x, isBlocked)
      start = x
      isBlocked = isHeld
    }
    if (to > start) visit(start, to, isBlocked)
  }
}

function holdsFor(line: Float32Array | undefined, from: number, to: number, isHeld: boolean): boolean {
  for (let x = from; x < to; x++) {
    if ((line !== undefined && line[x]! >= 0.5) !== isHeld) return false
  }
  return true
}
