/** Chunks wide enough to be drawn one by one, in columns that are reused every frame. Device pixels. */
export class ShapeList {
  #count = 0
  /** Place of the newest shape of each row, -1 when it has none. */
  #lastOfRow = new Int32Array(64).fill(-1)
  x = new Int32Array(1024)
  width = new Int32Array(1024)
  rows = new Int32Array(1024)
  colours = new Uint8Array(1024)
  flags = new Uint8Array(1024)
  /** Position in the chunk ring. */
  positions = new Uint32Array(1024)

  get count(): number {
    return this.#count
  }

  clear(): void {
    this.#count = 0
    this.#lastOfRow.fill(-1)
  }

  /**
   * Adds a shape. One that begins where the one before in its row ends takes `gapPx` from it, so that chunks back to
   * back can be counted while lone ones keep their true width.
   *
   * @param row - From 0; -1 for shapes that are in no row.
   */
  push(
    row: number,
    x: number,
    width: number,
    colour: number,
    flags: number,
    position: number,
    gapPx: number,
  ): void {
    if (this.#count === this.x.length) this.#grow()
    const at = this.#count++
    if (row >= 0) this.#separate(row, at, x, gapPx)
    this.x[at] = x
    this.width[at] = width
    this.rows[at] = row
    this.colours[at] = colour
    this.flags[at] = flags
    this.positions[at] = position
  }

  #separate(row: number, at: number, x: number, gapPx: number): void {
    if (row >= this.#lastOfRow.length) {
      const grown = new Int32Array(row * 2).fill(-1)
      grown.set(this.#lastOfRow)
      this.#lastOfRow = grown
    }
    const previous = this.#lastOfRow[row]!
    this.#lastOfRow[row] = at
    if (previous < 0) return
    const free = x - this.x[previous]! - gapPx
    if (free > 0 && this.width[previous]! > free) this.width[previous] = free
  }

  #grow(): void {
    const length = this.x.length * 2
    const grown = <A extends Int32Array | Uint32Array | Uint8Array>(old: A, next: A): A => {
      next.set(old)
      return next
    }
    this.x = grown(this.x, new Int32Array(length))
    this.width = grown(this.width, new Int32Array(length))
    this.rows = grown(this.rows, new Int32Array(length))
    this.colours = grown(this.colours, new Uint8Array(length))
    this.flags = grown(this.flags, new Uint8Array(length))
    this.positions = grown(this.positions, new Uint32Array(length))
  }
}
