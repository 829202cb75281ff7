/**
 * Small arrays cut from larger pages: a view costs a tenth of an allocation (which V8 clears, and moves off its heap at the
 * first `subarray`). Pieces are never given back; a page lives as long as any piece of it, so hold pieces shortly or
 * choose small pages.
 */
export class BytePool {
  readonly #pageBytes: number
  #page = new Uint8Array(0)
  #at = 0

  constructor(pageBytes: number) {
    this.#pageBytes = pageBytes
  }

  /** `count` bytes, all zero or not. What takes more than a quarter of a page is allocated alone. */
  take(count: number): Uint8Array {
    if (count * 4 > this.#pageBytes) return new Uint8Array(count)
    if (count > this.#page.length - this.#at) {
      this.#page = new Uint8Array(this.#pageBytes)
      this.#at = 0
    }
    const from = this.#at
    this.#at += count
    return this.#page.subarray(from, this.#at)
  }

  /** Shortens the piece taken last to its first `count` bytes; the rest is there for the next one. */
  trim(piece: Uint8Array, count: number): Uint8Array {
    if (piece.buffer === this.#page.buffer) this.#at -= piece.length - count
    return count === piece.length ? piece : piece.subarray(0, count)
  }
}
