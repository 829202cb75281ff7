import type { FaultEvent } from '../../shared/model/trace'
import type { LaneFault } from '../../shared/model/views'

/** The latest faults, numbered from 0, in a ring. Garbage on a line makes thousands a second: the oldest go. */
export class FaultLog {
  readonly #faults: LaneFault[] = []
  readonly #capacity: number
  #end = 0
  #first = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** Number of the next fault. */
  get end(): number {
    return this.#end
  }

  /** Number of the oldest kept fault. */
  get first(): number {
    return Math.max(this.#first, this.#end - this.#capacity)
  }

  add({ linkId, dir, atMs, code }: FaultEvent): void {
    this.#faults[this.#end % this.#capacity] = { linkId, dir, atMs, code }
    this.#end += 1
  }

  at(number: number): LaneFault {
    return this.#faults[number % this.#capacity]!
  }

  /** Number of the first kept fault at `ms` or later. */
  numberAt(ms: number): number {
    let number = this.#end
    while (number > this.first && this.at(number - 1).atMs >= ms) number -= 1
    return number
  }

  clear(): void {
    this.#first = this.#end
  }
}
