import type { ByteSource } from './byte-source'

const WINDOW_BYTES = 4 * 1024 * 1024

/** Reads ahead: who goes through a file from its beginning asks the system once per window, not once per field. */
export class BufferedSource implements ByteSource {
  readonly #source: ByteSource
  #window: Uint8Array = new Uint8Array()
  #windowOffset = 0

  constructor(source: ByteSource) {
    this.#source = source
  }

  get size(): number {
    return this.#source.size
  }

  get starts(): readonly number[] {
    return this.#source.starts
  }

  async read(offset: number, count: number): Promise<Uint8Array> {
    if (count >= WINDOW_BYTES) return this.#source.read(offset, count)
    const isWithin =
      offset >= this.#windowOffset && offset + count <= this.#windowOffset + this.#window.length
    if (!isWithin && offset < this.size) {
      this.#window = await this.#source.read(offset, WINDOW_BYTES)
      this.#windowOffset = offset
    }
    const at = offset - this.#windowOffset
    // a copy: what is kept of it must not hold the whole window
    return this.#window.slice(at, at + count)
  }
}
