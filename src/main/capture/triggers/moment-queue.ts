import { TRIGGER_MOMENTS, type TriggerMoment } from '../../../shared/model/triggers'

/** A message reached a moment of its life. */
export interface ReachedMoment {
  readonly messageId: number
  readonly moment: TriggerMoment
  readonly atMs: number
}

/** What waits to be looked at, oldest first, in a ring: adding to it costs nothing, and when it is full nothing is added. */
export class MomentQueue {
  readonly #ids: Uint32Array
  readonly #moments: Uint8Array
  readonly #times: Float64Array
  #first = 0
  #count = 0

  constructor(capacity: number) {
    this.#ids = new Uint32Array(capacity)
    this.#moments = new Uint8Array(capacity)
    this.#times = new Float64Array(capacity)
  }

  get count(): number {
    return this.#count
  }

  /** False when there is no room. */
  add(messageId: number, moment: TriggerMoment, atMs: number): boolean {
    if (this.#count === this.#ids.length) return false
    const at = (this.#first + this.#count) % this.#ids.length
    this.#ids[at] = messageId
    this.#moments[at] = TRIGGER_MOMENTS.indexOf(moment)
    this.#times[at] = atMs
    this.#count += 1
    return true
  }

  /** Removes the oldest; undefined when there is none. */
  take(): ReachedMoment | undefined {
    if (this.#count === 0) return undefined
    const at = this.#first
    this.#first = (at + 1) % this.#ids.length
    this.#count -= 1
    return {
      messageId: this.#ids[at]!,
      moment: TRIGGER_MOMENTS[this.#moments[at]!]!,
      atMs: this.#times[at]!,
    }
  }

  clear(): void {
    this.#count = 0
  }
}
