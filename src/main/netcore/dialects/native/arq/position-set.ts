interface Range {
  from: number
  to: number
}

/** Positions that were settled out of order: few ranges, sorted, with gaps between them. */
export class PositionSet {
  readonly #ranges: Range[] = []

  get isEmpty(): boolean {
    return this.#ranges.length === 0
  }

  clear(): void {
    this.#ranges.length = 0
  }

  /** Adds positions from … to−1. */
  add(from: number, to: number): void {
    const ranges = this.#ranges
    let first = 0
    while (first < ranges.length && ranges[first]!.to < from) first++
    let after = first
    let low = from
    let high = to
    for (; after < ranges.length && ranges[after]!.from <= to; after++) {
      low = Math.min(low, ranges[after]!.from)
      high = Math.max(high, ranges[after]!.to)
    }
    ranges.splice(first, after - first, { from: low, to: high })
  }

  /** Whether all of from … to−1 are in it. */
  covers(from: number, to: number): boolean {
    for (const range of this.#ranges) if (range.from <= from && range.to >= to) return true
    return false
  }

  /** Where the positions that are known without a gap end, when all before `base` are. Forgets what lies before. */
  endFrom(base: number): number {
    let end = base
    while (this.#ranges.length > 0 && this.#ranges[0]!.from <= end) {
      end = Math.max(end, this.#ranges.shift()!.to)
    }
    return end
  }
}
