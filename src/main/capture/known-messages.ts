/** Which messages a screen has been told of: one byte per message kept. */
export class KnownMessages {
  readonly #isKnown: Uint8Array
  #nextId = 1

  /** @param messages - How many messages the capture keeps at most. */
  constructor(messages: number) {
    this.#isKnown = new Uint8Array(messages + 1)
  }

  /** Call before using ids up to `nextId - 1`: they take the places of ids that are not kept any more. */
  reach(nextId: number): void {
    if (nextId - this.#nextId >= this.#isKnown.length) this.#isKnown.fill(0)
    else for (let id = this.#nextId; id < nextId; id++) this.#isKnown[id % this.#isKnown.length] = 0
    this.#nextId = nextId
  }

  has(id: number): boolean {
    return this.#isKnown[id % this.#isKnown.length] === 1
  }

  note(id: number): void {
    this.#isKnown[id % this.#isKnown.length] = 1
  }
}
