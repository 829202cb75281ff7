/**
 * Rows in segments of equal size: appended at the end, forgotten at the front. A segment is dropped as a whole once its
 * last row was forgotten, so forgetting costs nothing per row and memory exceeds the kept rows by one segment at most.
 */
export class SegmentRing<Segment> {
  readonly segmentRows: number
  readonly #create: (rows: number) => Segment
  #segments: Segment[] = []
  /** Number of the first segment that still exists. */
  #firstSegment = 0
  #firstRow = 0
  #endRow = 0

  /** @param segmentRows - Rounded up to a power of two, so that row numbers divide exactly. */
  constructor(segmentRows: number, create: (rows: number) => Segment) {
    this.segmentRows = 2 ** Math.ceil(Math.log2(Math.max(1, segmentRows)))
    this.#create = create
  }

  /** Number of the oldest kept row; equals `endRow` when there is none. */
  get firstRow(): number {
    return this.#firstRow
  }

  /** Number that the next row gets. Row numbers count from 0 and are never used twice. */
  get endRow(): number {
    return this.#endRow
  }

  get kept(): number {
    return this.#endRow - this.#firstRow
  }

  has(row: number): boolean {
    return row >= this.#firstRow && row < this.#endRow
  }

  /** Makes room for one more row and returns its number. */
  append(): number {
    const row = this.#endRow
    if (this.indexOf(row) === 0 || this.#segments.length === 0) this.#grow()
    this.#endRow = row + 1
    return row
  }

  /** The segment of a kept row. */
  segmentOf(row: number): Segment {
    return this.#segments[this.#numberOf(row) - this.#firstSegment]!
  }

  /** Position of a row within its segment. */
  indexOf(row: number): number {
    return row - this.#numberOf(row) * this.segmentRows
  }

  /** Forgets every row before `row`. */
  forgetBefore(row: number): void {
    if (row <= this.#firstRow) return
    this.#firstRow = Math.min(row, this.#endRow)
    const wanted = this.#numberOf(this.#firstRow)
    while (this.#firstSegment < wanted && this.#segments.length > 0) {
      this.#segments.shift()
      this.#firstSegment += 1
    }
  }

  /** Visits the kept rows of `from` … `to` (exclusive) in runs that lie in one segment. */
  visit(
    from: number,
    to: number,
    run: (segment: Segment, begin: number, end: number, row: number) => void,
  ): void {
    let row = Math.max(from, this.#firstRow)
    const last = Math.min(to, this.#endRow)
    while (row < last) {
      const begin = this.indexOf(row)
      const count = Math.min(last - row, this.segmentRows - begin)
      run(this.segmentOf(row), begin, begin + count, row)
      row += count
    }
  }

  #grow(): void {
    if (this.#segments.length === 0) this.#firstSegment = this.#numberOf(this.#endRow)
    this.#segments.push(this.#create(this.segmentRows))
  }

  #numberOf(row: number): number {
    return Math.floor(row / this.segmentRows) // rows pass 2^32 in long sessions: no bit operations
  }
}
