/** Read ahead of a reader that goes through a body piece by piece: one system call for many chunks. */
export const READ_AHEAD_BYTES = 256 * 1024

/**
 * Gives ranges of something long, and fetches more than is asked for while it is read in order. Whoever jumps about gets
 * what he asks for and nothing else.
 */
export class BlockReader {
  readonly #byteLength: number
  readonly #fetch: (offset: number, length: number) => Uint8Array
  #block: Uint8Array = new Uint8Array(0)
  #blockOffset = 0
  /** Where a reader in order would go on. */
  #nextOffset = 0

  /** @param fetch - Gives exactly the range, as bytes that do not change afterwards, or throws. */
  constructor(byteLength: number, fetch: (offset: number, length: number) => Uint8Array) {
    this.#byteLength = byteLength
    this.#fetch = fetch
  }

  /** The range, borrowed for good. @throws what `fetch` throws. */
  read(offset: number, length: number): Uint8Array {
    const isInOrder = offset === this.#nextOffset
    this.#nextOffset = offset + length
    const from = offset - this.#blockOffset
    if (from >= 0 && from + length <= this.#block.length) return this.#block.subarray(from, from + length)
    if (!isInOrder || length >= READ_AHEAD_BYTES) return this.#fetch(offset, length)
    this.#block = this.#fetch(offset, Math.min(READ_AHEAD_BYTES, this.#byteLength - offset))
    this.#blockOffset = offset
    return this.#block.subarray(0, length)
  }

  /** Lets go of what was read ahead. */
  clear(): void {
    this.#block = new Uint8Array(0)
  }
}
