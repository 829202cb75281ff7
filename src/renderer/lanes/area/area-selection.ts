import type { LanesModel } from '../lanes-model'
import type { AxisRange } from '../view-state'
import type { AreaOrder } from '../worker-protocol'
import { areaTotals } from './area-totals'
import type { AreaTotals } from './area-types'

/** While new chunks may still come into the area its sums are made anew this often at most. */
const RECOUNT_MS = 250

/**
 * The selected span of time. It is kept in time on both axes, so that it stays on the same chunks when the axis changes;
 * on the ordinal axis its edges snap to whole chunks.
 */
export class AreaSelection {
  readonly #model: LanesModel
  /** The edge that stays, and the one that moves; session time. */
  #anchorMs = 0
  #headMs = 0
  #isOn = false
  #totals: AreaTotals | null = null
  #countedVersion = -1
  #countedAtMs = -Infinity

  constructor(model: LanesModel) {
    this.#model = model
  }

  /** Null when nothing is selected. */
  get rangeMs(): { readonly fromMs: number; readonly toMs: number } | null {
    if (!this.#isOn || this.#anchorMs === this.#headMs) return null
    return {
      fromMs: Math.min(this.#anchorMs, this.#headMs),
      toMs: Math.max(this.#anchorMs, this.#headMs),
    }
  }

  /** Where it lies on the axis. */
  get range(): AxisRange | null {
    const range = this.rangeMs
    const { axis } = this.#model
    return range === null ? null : { from: axis.ofTime(range.fromMs), to: axis.ofTime(range.toMs) }
  }

  /**
   * @param at - Place of the pointer on the axis for `begin` and `move`.
   * @param visible - What is shown: by it the keys measure their steps.
   */
  take(order: AreaOrder, at: number, visible: AxisRange): void {
    this.#totals = null
    switch (order.type) {
      case 'area-begin':
        this.#anchorMs = this.#headMs = this.#snap(at, false)
        this.#isOn = true
        return
      case 'area-move': {
        const isRight = at >= this.#model.axis.ofTime(this.#anchorMs)
        this.#headMs = this.#snap(at, isRight)
        return
      }
      case 'area-step':
        this.#step(order.share, visible)
        return
      case 'area-clear':
        this.#isOn = false
    }
  }

  clear(): void {
    this.#isOn = false
    this.#totals = null
  }

  /** Place of the edge that moves, to be kept in sight. */
  get head(): number {
    return this.#model.axis.ofTime(this.#headMs)
  }

  /**
   * The sums, made anew only when the area or its chunks changed.
   *
   * @param localMs - The local clock, for the pace.
   */
  totals(keptFromMs: number, localMs: number): AreaTotals | null {
    const range = this.rangeMs
    if (range === null) return null
    const { ring } = this.#model
    const isStale = this.#countedVersion !== ring.version && localMs - this.#countedAtMs >= RECOUNT_MS
    if (this.#totals !== null && !isStale) return this.#totals
    this.#countedVersion = ring.version
    this.#countedAtMs = localMs
    this.#totals = areaTotals(ring, range.fromMs, range.toMs, keptFromMs)
    return this.#totals
  }

  /** The first step begins in the middle of the picture; on the ordinal axis steps are whole chunks. */
  #step(share: number, visible: AxisRange): void {
    const { axis } = this.#model
    if (!this.#isOn) {
      this.#anchorMs = this.#headMs = this.#snap((visible.from + visible.to) / 2, false)
      this.#isOn = true
    }
    const span = visible.to - visible.from
    const by = axis.isOrdinal
      ? Math.sign(share) * Math.max(1, Math.round(Math.abs(share) * span))
      : share * span
    this.#headMs = this.#snap(axis.ofTime(this.#headMs) + by, by > 0)
  }

  #snap(at: number, isUp: boolean): number {
    const { axis } = this.#model
    if (!axis.isOrdinal) return at
    return axis.timeOf(isUp ? Math.ceil(at - 1e-6) : Math.floor(at + 1e-6))
  }
}
