/** A block that is flushed when it is full, with its index, is a little longer than `FLUSH_BYTES`. */
const PAGE_BYTES = 96 * 1024
/** Kept for the next blocks in any case; 6 MiB. */
const KEPT_PAGES = 64

/**
 * Memory for blocks that wait for the disk, used again and again. Each block in memory of its own would often be there still
 * when the engine tidies up, and from then on lie with what lives long, tens of megabytes of it, until all of that is tidied.
 */
export class BlockBuffers {
  readonly #free: ArrayBuffer[] = []
  /** So many were free all the time since `tidy`. */
  #idlePages = 0

  /** So many bytes with any content, to be given back. */
  take(byteCount: number): Uint8Array {
    if (byteCount > PAGE_BYTES) return new Uint8Array(byteCount)
    const page = this.#free.pop() ?? new ArrayBuffer(PAGE_BYTES)
    this.#idlePages = Math.min(this.#idlePages, this.#free.length)
    return new Uint8Array(page, 0, byteCount)
  }

  /** Nobody looks at it any more. */
  giveBack({ buffer }: Uint8Array): void {
    if (buffer instanceof ArrayBuffer && buffer.byteLength === PAGE_BYTES) this.#free.push(buffer)
  }

  /** Lets go of what nobody took since the last time. There is never more than once waited for the disk. */
  tidy(): void {
    this.#free.length -= Math.max(0, Math.min(this.#idlePages, this.#free.length - KEPT_PAGES))
    this.#idlePages = this.#free.length
  }

  get freePages(): number {
    return this.#free.length
  }
}
