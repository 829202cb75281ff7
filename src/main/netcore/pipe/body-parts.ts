import { concatBytes } from '../../../shared/bytes'
import type { BodyWriter, ReceivedBody } from './message-body'

/** Payloads below this are copied together: a view costs more memory than so few bytes, and pins its whole read. */
const SMALL_BYTES = 1024
const FIRST_BLOCK_BYTES = 2 * SMALL_BYTES
const LARGEST_BLOCK_BYTES = 64 * 1024

/**
 * A body as it arrives: a list of views, joined once at the end in one allocation. Memory follows the bytes that came,
 * never the length that was announced, however small the chunks are.
 */
export class BodyParts implements BodyWriter {
  #parts: Uint8Array[] = []
  #byteLength = 0
  /** Where small payloads gather; `#blockUsed` bytes of it are taken, from `#blockStart` on not yet a part. */
  #block: Uint8Array | undefined
  #blockStart = 0
  #blockUsed = 0

  get byteLength(): number {
    return this.#byteLength
  }

  get heldBytes(): number {
    return this.#byteLength
  }

  finish(): ReceivedBody {
    return { byteLength: this.#byteLength, bytes: this.join(), stored: null }
  }

  abandon(): Uint8Array {
    return this.join()
  }

  /** Appends a payload. Borrowed for good: it must not change afterwards. */
  append(payload: Uint8Array): void {
    if (payload.length === 0) return
    this.#byteLength += payload.length
    if (payload.length >= SMALL_BYTES || this.#byteLength === payload.length) {
      this.#closeRun()
      // Most bodies come in one payload; an array that grows by push takes room for seventeen at once.
      if (this.#parts.length === 0) this.#parts = [payload]
      else this.#parts.push(payload)
      return
    }
    let block = this.#block
    if (block === undefined || block.length - this.#blockUsed < payload.length) {
      this.#closeRun()
      block = new Uint8Array(Math.min(LARGEST_BLOCK_BYTES, block ? block.length * 2 : FIRST_BLOCK_BYTES))
      this.#block = block
      this.#blockStart = 0
      this.#blockUsed = 0
    }
    block.set(payload, this.#blockUsed)
    this.#blockUsed += payload.length
  }

  /** The bytes so far as one array. A body that came in one payload is that payload: no copy. */
  join(): Uint8Array {
    this.#closeRun()
    if (this.#parts.length > 1) this.#parts = [concatBytes(this.#parts)]
    return this.#parts[0] ?? new Uint8Array(0)
  }

  #closeRun(): void {
    if (this.#block === undefined || this.#blockUsed === this.#blockStart) return
    this.#parts.push(this.#block.subarray(this.#blockStart, this.#blockUsed))
    this.#blockStart = this.#blockUsed
  }
}
