import type { Explanation } from '../../../shared/model/explanation'

/** Messages that a report explains. */
const MAX_EXPLAINED = 10

/** The slowest messages, longest first; of equal ones the first. */
export class SlowestMessages {
  readonly #kept: Explanation[] = []

  get all(): readonly Explanation[] {
    return this.#kept
  }

  /** Whether one that took so long belongs here: explaining is work. */
  wants(totalMs: number): boolean {
    const last = this.#kept[MAX_EXPLAINED - 1]
    return totalMs > 0 && (last === undefined || totalMs > last.totalMs)
  }

  add(explanation: Explanation): void {
    const at = this.#kept.findIndex(({ totalMs }) => totalMs < explanation.totalMs)
    this.#kept.splice(at < 0 ? this.#kept.length : at, 0, explanation)
    this.#kept.length = Math.min(this.#kept.length, MAX_EXPLAINED)
  }
}
