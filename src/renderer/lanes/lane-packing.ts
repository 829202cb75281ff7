/** Rows a lane may use at once. Beyond that, messages share the last one: the height of a lane is bounded. */
export const MAX_ROWS_PER_LANE = 6

/**
 * Interval packing inside one lane: a message gets the lowest row that is free when it begins and keeps it for life; a
 * row is used again once its messages have ended. Messages must begin in time order for the smallest number of rows;
 * in any other order they still never overlap.
 */
export class LanePacking {
  readonly #openCounts = new Uint32Array(MAX_ROWS_PER_LANE)
  readonly #busyUntilMs = new Float64Array(MAX_ROWS_PER_LANE).fill(-Infinity)

  /** Takes a row for a message that begins at `fromMs` and has not ended. Balance with `close`. */
  open(fromMs: number): number {
    const row = this.#freeRow(fromMs)
    this.#openCounts[row]!++
    return row
  }

  /** The message in `row` ended; `untilMs` is when its last mark leaves the row. */
  close(row: number, untilMs: number): void {
    if (this.#openCounts[row]! > 0) this.#openCounts[row]!--
    this.extend(row, untilMs)
  }

  /** Takes a row for a message whose end is known already. */
  place(fromMs: number, untilMs: number): number {
    const row = this.#freeRow(fromMs)
    this.extend(row, untilMs)
    return row
  }

  /** Keeps the row busy for longer, for a mark that came after the end was told. */
  extend(row: number, untilMs: number): void {
    if (untilMs > this.#busyUntilMs[row]!) this.#busyUntilMs[row] = untilMs
  }

  #freeRow(fromMs: number): number {
    for (let row = 0; row < MAX_ROWS_PER_LANE; row++) {
      if (this.#openCounts[row] === 0 && this.#busyUntilMs[row]! <= fromMs) return row
    }
    return MAX_ROWS_PER_LANE - 1
  }
}
