/** Bytes of one direction of a link that no frame has claimed yet. */
export class StreamWindow {
  readonly #parts: Uint8Array[] = []
  #start = 0
  #length = 0

  /** Place in the stream of the first byte that is kept. */
  get start(): number {
    return this.#start
  }

  get end(): number {
    return this.#start + this.#length
  }

  /** Whether bytes that stand at `offset` go on where the last ones ended. If not, take those first: `add` forgets them. */
  goesOnAt(offset: number): boolean {
    return offset === this.end
  }

  /** Takes bytes that stand at `offset`; where they do not go on where the last ones ended, those are forgotten. */
  add(offset: number, bytes: Uint8Array): void {
    if (!this.goesOnAt(offset)) {
      this.#parts.length = 0
      this.#start = offset
      this.#length = 0
    }
    this.#parts.push(bytes)
    this.#length += bytes.length
  }

  /** The bytes up to a place in the stream, which are kept no longer. */
  takeUntil(place: number): Uint8Array {
    const taken: Uint8Array[] = []
    while (this.#parts.length > 0 && this.#start < place) {
      const first = this.#parts[0]!
      const count = Math.min(first.length, place - this.#start)
      taken.push(first.subarray(0, count))
      if (count === first.length) this.#parts.shift()
      else this.#parts[0] = first.subarray(count)
      this.#start += count
      this.#length -= count
    }
    return taken.length === 1 ? taken[0]! : new Uint8Array(Buffer.concat(taken))
  }
}
