/**
 * Bytes as they arrived, taken in the sizes a decoder wants. Knows about memory, not about meaning: no copy unless a
 * piece crosses a seam between two arrivals, and a single allocation when it does.
 */
export class ByteQueue {
  #chunks: Uint8Array[] = []
  #first = 0
  #byteLength = 0

  get byteLength(): number {
    return this.#byteLength
  }

  /** Appends bytes. Borrowed for good: pieces taken later may be views into `chunk`. */
  append(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    this.#chunks.push(chunk)
    this.#byteLength += chunk.length
  }

  /** Removes `count` bytes (at most `byteLength`): a view when they lie in one chunk, a copy only across a seam. */
  take(count: number): Uint8Array {
    if (count > this.#byteLength) throw new RangeError(`take(${count}) of ${this.#byteLength} queued bytes`)
    const head = this.#chunks[this.#first]
    if (head === undefined) return new Uint8Array(0)
    if (head.length >= count) return this.#advance(head, count)
    const joined = new Uint8Array(count)
    for (let at = 0; at < count; ) {
      const next = this.#chunks[this.#first]!
      const part = this.#advance(next, Math.min(next.length, count - at))
      joined.set(part, at)
      at += part.length
    }
    return joined
  }

  /** Copies up to `count` bytes from `offset` on without removing them. */
  peek(count: number, offset = 0): Uint8Array {
    const wanted = Math.max(0, Math.min(count, this.#byteLength - offset))
    const copy = new Uint8Array(wanted)
    let skip = offset
    let at = 0
    for (let index = this.#first; at < wanted; index++) {
      const chunk = this.#chunks[index]!
      if (skip >= chunk.length) {
        skip -= chunk.length
        continue
      }
      const part = chunk.subarray(skip, Math.min(chunk.length, skip + wanted - at))
      copy.set(part, at)
      at += part.length
      skip = 0
    }
    return copy
  }

  /** Removes `count` bytes without looking at them. */
  skip(count: number): void {
    let left = Math.min(count, this.#byteLength)
    while (left > 0) {
      const head = this.#chunks[this.#first]!
      const step = Math.min(head.length, left)
      this.#advance(head, step)
      left -= step
    }
  }

  clear(): void {
    this.#chunks = []
    this.#first = 0
    this.#byteLength = 0
  }

  #advance(head: Uint8Array, count: number): Uint8Array {
    this.#byteLength -= count
    if (count < head.length) {
      this.#chunks[this.#first] = head.subarray(count)
      return head.subarray(0, count)
    }
    this.#first += 1
    if (this.#first === this.#chunks.length) {
      this.#chunks = []
      this.#first = 0
    } else if (this.#first > 1024) {
      this.#chunks = this.#chunks.slice(this.#first)
      this.#first = 0
    }
    return head
  }
}
