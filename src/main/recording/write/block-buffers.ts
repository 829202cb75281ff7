/** A block that is flushed when it is full, with its index, is a little longer than `FLUSH_BYTES`. */
const PAGE_BYTES = 96 * 1024
/** Kept for the next blocks when nothing waits; 6 MiB. */
const MOST_FREE_PAGES = 64

/**
 * Memory for blocks that wait for the disk, used again and again. Each block in memory of its own would often be there still
 * when the engine tidies up, and from then on lie with what lives long, tens of megabytes of it, until all of that is tidied.
 */
export class BlockBuffers {
  readonly #free: ArrayBuffer[] = []

  /** So many bytes with any content, to be given back. */
  take(byteCount: number): Uint8Array {
    if (byteCount > PAGE_BYTES) return new Uint8Array(byteCount)
    return new Uint8Array(this.#free.pop() ?? new ArrayBuffer(PAGE_BYTES), 0, byteCount)
  }

  /** Nobody looks at it any more. */
  giveBack({ buffer }: Uint8Array): void {
    const isPage = buffer instanceof ArrayBuffer && buffer.byteLength === PAGE_BYTES
    if (isPage && this.#free.length < MOST_FREE_PAGES) this.#free.push(buffer)
  }
}
