export interface Interval {
  readonly linkId: number
  readonly fromMs: number
  /** Infinity while it lasts. */
  toMs: number
}

/** Times during which something held for a link, such as that it was down. The oldest go when there are too many. */
export class IntervalLog {
  readonly #capacity: number
  readonly #intervals: Interval[] = []
  readonly #lasting = new Map<number, Interval>()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** From `atMs` on it holds, or not. */
  note(linkId: number, isSo: boolean, atMs: number): void {
    const lasting = this.#lasting.get(linkId)
    if (isSo === (lasting !== undefined)) return
    if (lasting !== undefined) {
      lasting.toMs = atMs
      this.#lasting.delete(linkId)
      return
    }
    const begun = { linkId, fromMs: atMs, toMs: Number.POSITIVE_INFINITY }
    this.#lasting.set(linkId, begun)
    this.#intervals.push(begun)
    if (this.#intervals.length > this.#capacity) this.#intervals.shift()
  }

  /** The link will not come back: what holds of it holds for good. */
  forgetLink(linkId: number): void {
    this.#lasting.delete(linkId)
  }

  /** Intervals of the link that overlap `fromMs` … `toMs`, oldest first, which never overlap one another. */
  between(linkId: number, fromMs: number, toMs: number): readonly Interval[] {
    return this.#intervals.filter(
      (each) => each.linkId === linkId && each.fromMs < toMs && each.toMs > fromMs && each.toMs > each.fromMs,
    )
  }
}
