import type { Checksum } from '../../../../../shared/bytes/crc32c'
import type { ErrorCode } from '../../../../../shared/errors'
import { endsWithCrc } from './cobs-scanner'
import type { ContentDelivery } from './content-delivery'
import { FRAME_TYPE } from './frames'
import { CRC_BYTES } from './layout'
import { MAX_VARINT_BYTES, readVarint, VARINT_INCOMPLETE, varintBytes } from './varint'
import type { WireSink } from './wire'

/** `#sizeAt`: more bytes are needed to say. */
const UNKNOWN = -1
/** `#sizeAt`: a fault was reported. */
const REFUSED = -2

/**
 * Frames behind their length. A frame that lies in one read is looked at where it is; one that crosses a seam is copied
 * once, into memory of exactly its size, which is allocated after its length was found within the limit.
 */
export class LenScanner {
  hasCrc = true
  isSpent = false
  readonly #checksum: Checksum
  readonly #delivery: ContentDelivery
  /** A frame that has begun: first its first bytes, then (once the size is known) the whole of it. */
  #held: Uint8Array
  #heldBytes = 0
  #neededBytes = UNKNOWN
  /** What the length just read says: its own bytes, and those of the content behind it. */
  #lengthBytes = 0
  #contentBytes = 0

  constructor(checksum: Checksum, delivery: ContentDelivery) {
    this.#checksum = checksum
    this.#delivery = delivery
    this.#held = new Uint8Array(FIRST_BYTES)
  }

  /** @param streamOffset - Of `bytes[0]`. */
  receive(bytes: Uint8Array, streamOffset: number, sink: WireSink): void {
    let at = 0
    while (this.#heldBytes > 0 && at < bytes.length && !this.isSpent) {
      at = this.#continue(bytes, at, streamOffset + at - this.#heldBytes, sink)
    }
    while (at < bytes.length && !this.isSpent) {
      const size = this.#sizeAt(bytes, at, bytes.length, streamOffset + at, sink)
      if (size === REFUSED) return
      if (size === UNKNOWN || size > bytes.length - at) {
        this.#begin(bytes, at, size)
        return
      }
      const frameAt = at
      at += size
      this.#take(bytes, frameAt, size, streamOffset + frameAt, sink)
    }
  }

  end(streamOffset: number, sink: WireSink): void {
    const heldBytes = this.#heldBytes
    this.#heldBytes = 0
    if (heldBytes === 0 || this.isSpent) return
    const detail = `the stream ended ${heldBytes} bytes into a frame`
    this.#fail('NATIVE_TRUNCATED', detail, streamOffset - heldBytes, heldBytes, sink)
  }

  /** Bytes of the frame at `at` with length and checksum, or UNKNOWN, or REFUSED. */
  #sizeAt(bytes: Uint8Array, at: number, end: number, offset: number, sink: WireSink): number {
    const first = bytes[at]!
    const length = first < 0x80 ? first : readVarint(bytes, at, end)
    if (length === VARINT_INCOMPLETE) return UNKNOWN
    if (length <= 0) {
      const detail = length === 0 ? 'a frame of no bytes' : 'a length that is longer than it needs to be'
      return this.#fail('NATIVE_BAD_LENGTH', detail, offset, 1, sink)
    }
    if (length > this.#delivery.largestFrameBytes) {
      const detail = `a frame of ${length} bytes; at most ${this.#delivery.largestFrameBytes} are allowed`
      return this.#fail('NATIVE_FRAME_TOO_LONG', detail, offset, varintBytes(length), sink)
    }
    const lengthBytes = first < 0x80 ? 1 : varintBytes(length)
    this.#lengthBytes = lengthBytes
    this.#contentBytes = length
    if (this.hasCrc) return lengthBytes + length + CRC_BYTES
    if (at + lengthBytes >= end) return UNKNOWN
    return lengthBytes + length + (isAlwaysChecked(bytes[at + lengthBytes]!) ? CRC_BYTES : 0)
  }

  #begin(bytes: Uint8Array, at: number, size: number): void {
    this.#held = new Uint8Array(size === UNKNOWN ? FIRST_BYTES : size)
    this.#held.set(bytes.subarray(at))
    this.#heldBytes = bytes.length - at
    this.#neededBytes = size
  }

  /** Adds to the frame that has begun at `offset`. Returns the index after the bytes used. */
  #continue(bytes: Uint8Array, at: number, offset: number, sink: WireSink): number {
    if (this.#neededBytes === UNKNOWN) {
      this.#held[this.#heldBytes++] = bytes[at]!
      const size = this.#sizeAt(this.#held, 0, this.#heldBytes, offset, sink)
      if (size === REFUSED || size === UNKNOWN) return at + 1
      const whole = new Uint8Array(size)
      whole.set(this.#held.subarray(0, this.#heldBytes))
      this.#held = whole
      this.#neededBytes = size
      if (size > this.#heldBytes) return at + 1
      return this.#complete(at + 1, offset, sink)
    }
    const to = Math.min(bytes.length, at + this.#neededBytes - this.#heldBytes)
    this.#held.set(bytes.subarray(at, to), this.#heldBytes)
    this.#heldBytes += to - at
    return this.#heldBytes === this.#neededBytes ? this.#complete(to, offset, sink) : to
  }

  #complete(next: number, offset: number, sink: WireSink): number {
    const whole = this.#held
    this.#heldBytes = 0
    this.#take(whole, 0, whole.length, offset, sink)
    return next
  }

  /** The frame of `size` bytes at `at`, whose content `#sizeAt` has just found. */
  #take(bytes: Uint8Array, at: number, size: number, offset: number, sink: WireSink): void {
    const contentAt = at + this.#lengthBytes
    const contentEnd = contentAt + this.#contentBytes
    const hasCrc = contentEnd < at + size
    const crc = hasCrc ? this.#checksum(0, bytes, contentAt, contentEnd) : 0
    if (hasCrc && !endsWithCrc(bytes, contentEnd, crc)) {
      this.#fail('NATIVE_BAD_CRC', 'the checksum does not fit', offset, size, sink)
      return
    }
    this.#delivery.lastCrc = crc
    if (!this.#delivery.deliver(bytes, contentAt, contentEnd, 'len', offset, size, sink)) this.isSpent = true
  }

  #fail(code: ErrorCode, detail: string, streamOffset: number, skippedBytes: number, sink: WireSink): -2 {
    this.isSpent = true
    this.#heldBytes = 0
    sink.fault({ code, streamOffset, skippedBytes, detail, isFatal: true })
    return REFUSED
  }
}

/** A length and the type behind it. */
const FIRST_BYTES = MAX_VARINT_BYTES + 1

/** HELLO, AUTH and BYE carry a checksum whatever was agreed: they are what agreements are made of. */
function isAlwaysChecked(first: number): boolean {
  const type = first >> 4
  return type >= FRAME_TYPE.hello && type <= FRAME_TYPE.bye
}
