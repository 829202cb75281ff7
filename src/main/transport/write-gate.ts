/**
 * Decides `canWrite` from the bytes that wait: closes at the high-water mark and opens again at half of it, so that a
 * writer is not woken for every byte. Writing at a closed gate is allowed; the gate only advises.
 */
export class WriteGate {
  readonly highWaterBytes: number
  readonly lowWaterBytes: number
  #isOpen = true

  constructor(highWaterBytes: number) {
    this.highWaterBytes = highWaterBytes
    this.lowWaterBytes = Math.floor(highWaterBytes / 2)
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Bytes were added: closes the gate when they are too many. */
  grown(unsentBytes: number): void {
    if (unsentBytes >= this.highWaterBytes) this.#isOpen = false
  }

  /** Bytes went away. Returns true when this opened the gate: then tell the writer. */
  shrunk(unsentBytes: number): boolean {
    if (this.#isOpen || unsentBytes > this.lowWaterBytes) return false
    this.#isOpen = true
    return true
  }
}
