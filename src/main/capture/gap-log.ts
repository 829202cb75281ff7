import type { LinkStateEvent } from '../../shared/model/trace'
import type { LaneBatch } from '../../shared/model/views'

export type Gap = LaneBatch['gaps'][number]

interface NumberedGap {
  readonly linkId: number
  readonly fromMs: number
  toMs: number | null
  /** Number of the latest change of this gap. */
  change: number
}

/** Times during which a link that had been connected was not. The oldest go when there are too many. */
export class GapLog {
  readonly #capacity: number
  #gaps: NumberedGap[] = []
  #changes = 0
  readonly #connected = new Set<number>()
  readonly #open = new Map<number, NumberedGap>()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** Number of changes so far. */
  get changes(): number {
    return this.#changes
  }

  note({ linkId, phase, atMs }: LinkStateEvent): void {
    const isUp = phase === 'connected' || phase === 'listening'
    const gap = this.#open.get(linkId)
    if (isUp) {
      this.#connected.add(linkId)
      if (gap === undefined) return
      gap.toMs = atMs
      gap.change = this.#changes++
      this.#open.delete(linkId)
    } else if (gap === undefined && this.#connected.has(linkId)) {
      const opened = { linkId, fromMs: atMs, toMs: null, change: this.#changes++ }
      this.#open.set(linkId, opened)
      this.#gaps.push(opened)
      if (this.#gaps.length > this.#capacity) this.#gaps.shift()
    }
  }

  /** Gaps that are new or changed since change number `since` (0: all that are kept). */
  since(since: number): Gap[] {
    if (since >= this.#changes) return []
    return this.#gaps
      .filter((gap) => gap.change >= since)
      .map(({ linkId, fromMs, toMs }) => ({ linkId, fromMs, toMs }))
  }

  /** The link will not come back: what it left behind is its end, not a gap. */
  forgetLink(linkId: number): void {
    const gap = this.#open.get(linkId)
    if (gap !== undefined) {
      gap.toMs = gap.fromMs
      gap.change = this.#changes++
    }
    this.#connected.delete(linkId)
    this.#open.delete(linkId)
  }

  /** Forgets the gaps that are over. */
  clear(): void {
    this.#gaps = this.#gaps.filter((gap) => gap.toMs === null)
  }
}
