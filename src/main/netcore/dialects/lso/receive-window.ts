const EMPTY = new Uint8Array(0)
const SMALLEST_BLOCK_BYTES = 256

/**
 * The bytes from the start of the packet being received on. Whole packets are seen where they arrived, without a copy;
 * only a packet that crosses a seam between two arrivals is gathered, in memory that grows with what has arrived.
 * Views given out stay valid: memory that was seen is never written again.
 */
export class ReceiveWindow {
  #bytes: Uint8Array = EMPTY
  #start = 0
  #end = 0
  #isOwn = false

  get length(): number {
    return this.#end - this.#start
  }

  /** Takes over a whole arrival without copying. Only for an empty window. */
  borrow(bytes: Uint8Array): void {
    this.#bytes = bytes
    this.#start = 0
    this.#end = bytes.length
    this.#isOwn = false
  }

  /** Copies bytes to the end. @param expected - Length the window will soon have: avoids growing in small steps. */
  append(bytes: Uint8Array, expected: number): void {
    const length = this.length + bytes.length
    if (!this.#isOwn || this.#end + bytes.length > this.#bytes.length) this.#move(length, expected)
    this.#bytes.set(bytes, this.#end)
    this.#end += bytes.length
  }

  /** Puts back the bytes that were skipped last. Copies only when they lay in an earlier arrival. */
  restore(bytes: Uint8Array): void {
    if (this.#start >= bytes.length) {
      this.#start -= bytes.length
      return
    }
    const rest = this.view(0, this.length)
    const joined = new Uint8Array(bytes.length + rest.length)
    joined.set(bytes)
    joined.set(rest, bytes.length)
    this.borrow(joined)
  }

  /** @param at - Counted from the start of the window; below `length`. */
  byteAt(at: number): number {
    return this.#bytes[this.#start + at]!
  }

  int32At(at: number): number {
    const from = this.#start + at
    const bytes = this.#bytes
    return bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16) | (bytes[from + 3]! << 24)
  }

  indexOf(byte: number, from: number): number {
    const found = this.#bytes.indexOf(byte, this.#start + from)
    return found < 0 || found >= this.#end ? -1 : found - this.#start
  }

  view(at: number, count: number): Uint8Array {
    return this.#bytes.subarray(this.#start + at, this.#start + at + count)
  }

  skip(count: number): void {
    this.#start += count
    if (this.#start >= this.#end) this.clear()
  }

  clear(): void {
    this.#bytes = EMPTY
    this.#start = 0
    this.#end = 0
    this.#isOwn = false
  }

  #move(length: number, expected: number): void {
    // What is announced is believed only up to twice of what has arrived.
    const grown = Math.max(SMALLEST_BLOCK_BYTES, 2 * length)
    const moved = new Uint8Array(Math.max(length, Math.min(grown, Math.max(expected, SMALLEST_BLOCK_BYTES))))
    const rest = this.view(0, this.length)
    moved.set(rest)
    this.#bytes = moved
    this.#start = 0
    this.#end = rest.length
    this.#isOwn = true
  }
}
