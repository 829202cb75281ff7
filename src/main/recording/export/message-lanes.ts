/** Puts things that last into as few lanes as there are at the same time: the first that is free. */
export class MessageLanes {
  readonly #lanes: { isTaken: boolean; freeAtMs: number }[] = []

  /** @returns Number of the lane, from 0. It is taken until `leave`. */
  take(atMs: number): number {
    const free = this.#lanes.findIndex(({ isTaken, freeAtMs }) => !isTaken && freeAtMs <= atMs)
    if (free >= 0) {
      this.#lanes[free]!.isTaken = true
      return free
    }
    this.#lanes.push({ isTaken: true, freeAtMs: 0 })
    return this.#lanes.length - 1
  }

  /** @param untilMs - From when on another may take it. */
  leave(lane: number, untilMs: number): void {
    const known = this.#lanes[lane]
    if (known !== undefined) this.#lanes[lane] = { isTaken: false, freeAtMs: untilMs }
  }

  get count(): number {
    return this.#lanes.length
  }
}
