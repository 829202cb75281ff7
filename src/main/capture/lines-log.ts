import type { LinesEvent } from '../../shared/model/trace'
import type { LaneLines } from '../../shared/model/views'

/** Changes of the modem lines of all links, numbered. The oldest go when there are too many. */
export class LinesLog {
  readonly #capacity: number
  #changes: LaneLines[] = []
  #first = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** Number of the oldest that is kept. */
  get first(): number {
    return this.#first
  }

  /** Number that the next change gets. */
  get end(): number {
    return this.#first + this.#changes.length
  }

  add({ linkId, atMs, dtr, rts, cts, dsr, dcd, ri }: LinesEvent): void {
    this.#changes.push({ linkId, atMs, dtr, rts, cts, dsr, dcd, ri })
    if (this.#changes.length < 2 * this.#capacity) return
    // In one go for many: to shift one by one would move the rest each time.
    this.#first += this.#capacity
    this.#changes = this.#changes.slice(this.#capacity)
  }

  /** At most `limit` changes from number `from` on. */
  since(from: number, limit: number): LaneLines[] {
    const at = Math.max(0, from - this.#first)
    return this.#changes.slice(at, at + limit)
  }

  /** Forgets all but the latest change of each link, which still holds. */
  clear(): void {
    const latest = new Map(this.#changes.map((change) => [change.linkId, change]))
    const end = this.end
    this.#changes = [...latest.values()]
    this.#first = end - this.#changes.length
  }
}
