import { BytePool } from '../../../../../shared/bytes/byte-pool'
import type { Checksum } from '../../../../../shared/bytes/crc32c'
import type { ErrorCode } from '../../../../../shared/errors'
import { maxStuffedBytes, unstuffInto } from './cobs'
import type { ContentDelivery } from './content-delivery'
import { CRC_BYTES } from './layout'
import type { WireSink, XsafeMode } from './wire'
import { unescapeXsafeInto } from './xsafe'

/** Payloads are views into these pages and may be kept for long: small ones, so that little is kept with them. */
const PAGE_BYTES = 8 * 1024

/**
 * Frames between delimiters. What is not a whole, undamaged frame is dropped up to the next 00 and reported with what it
 * cost; the next frame is good again. Never holds more than the largest frame may take.
 */
export class CobsScanner {
  xsafe: XsafeMode = 'plain'
  readonly #checksum: Checksum
  readonly #delivery: ContentDelivery
  /** The beginning of a frame whose delimiter has not come. Used again for every such frame. */
  #held = new Uint8Array(256)
  #heldBytes = 0
  /** More came without delimiter than a frame can have: only counted. */
  #isTooLong = false
  readonly #pool = new BytePool(PAGE_BYTES)
  /** What stuffed and escaped bytes become on the way to a frame. */
  #unescaped = new Uint8Array(0)

  constructor(checksum: Checksum, delivery: ContentDelivery) {
    this.#checksum = checksum
    this.#delivery = delivery
  }

  /** @param streamOffset - Of `bytes[0]`. */
  receive(bytes: Uint8Array, streamOffset: number, sink: WireSink): void {
    let from = 0
    while (from < bytes.length) {
      const zero = bytes[from] === 0 ? from : bytes.indexOf(0, from)
      if (zero < 0) {
        this.#hold(bytes, from, bytes.length)
        return
      }
      const heldBytes = this.#heldBytes
      if (heldBytes === 0) {
        // State first: the sink may throw.
        const frameAt = from
        from = zero + 1
        if (zero > frameAt) this.#take(bytes, frameAt, zero, streamOffset + frameAt, sink)
        continue
      }
      this.#hold(bytes, from, zero)
      const wireBytes = this.#heldBytes
      const isTooLong = this.#isTooLong
      const frameOffset = streamOffset + from - heldBytes
      from = zero + 1
      this.#forget()
      if (isTooLong) this.#report('NATIVE_FRAME_TOO_LONG', frameOffset, wireBytes + 1, sink)
      else this.#take(this.#held, 0, wireBytes, frameOffset, sink)
    }
  }

  end(streamOffset: number, sink: WireSink): void {
    const heldBytes = this.#heldBytes
    this.#forget()
    if (heldBytes === 0) return
    sink.fault({
      code: 'NATIVE_TRUNCATED',
      streamOffset: streamOffset - heldBytes,
      skippedBytes: heldBytes,
      detail: `the stream ended ${heldBytes} bytes into a frame`,
      isFatal: false,
    })
  }

  #maxWireBytes(): number {
    const stuffed = maxStuffedBytes(this.#delivery.largestFrameBytes + CRC_BYTES)
    return this.xsafe === 'plain' ? stuffed : 2 * stuffed
  }

  #hold(bytes: Uint8Array, from: number, to: number): void {
    const total = this.#heldBytes + to - from
    if (total > this.#maxWireBytes()) this.#isTooLong = true
    if (!this.#isTooLong) {
      if (total > this.#held.length) {
        const larger = new Uint8Array(Math.min(2 * total, this.#maxWireBytes()))
        larger.set(this.#held.subarray(0, this.#heldBytes))
        this.#held = larger
      }
      this.#held.set(bytes.subarray(from, to), this.#heldBytes)
    }
    this.#heldBytes = total
  }

  #forget(): void {
    this.#heldBytes = 0
    this.#isTooLong = false
  }

  /** Bytes start … end−1 stood before a delimiter. */
  #take(bytes: Uint8Array, start: number, end: number, offset: number, sink: WireSink): void {
    const wireBytes = end - start + 1
    if (wireBytes - 1 > this.#maxWireBytes()) {
      this.#report('NATIVE_FRAME_TOO_LONG', offset, wireBytes, sink)
      return
    }
    let failure: ErrorCode | null = 'NATIVE_BAD_STUFFING'
    if (this.xsafe !== 'escaped') {
      failure = this.#tryFrame(bytes, start, end, offset, wireBytes, sink)
      if (failure === null || this.xsafe === 'plain') {
        this.#report(failure, offset, wireBytes, sink)
        return
      }
    }
    if (this.#unescaped.length < end - start) this.#unescaped = new Uint8Array(end - start)
    const unescapedBytes = unescapeXsafeInto(this.#unescaped, bytes, start, end)
    // Nothing but flow control stood between two delimiters.
    if (unescapedBytes === 0) return
    // Without a difference the first try has said it already.
    if (unescapedBytes > 0 && (this.xsafe === 'escaped' || unescapedBytes < end - start)) {
      failure = this.#tryFrame(this.#unescaped, 0, unescapedBytes, offset, wireBytes, sink)
    }
    this.#report(failure, offset, wireBytes, sink)
  }

  /** Hands the frame on and returns null, or says what is wrong with it. */
  #tryFrame(
    bytes: Uint8Array,
    start: number,
    end: number,
    offset: number,
    wireBytes: number,
    sink: WireSink,
  ): ErrorCode | null {
    const frame = this.#pool.take(end - start)
    const contentBytes = unstuffInto(frame, bytes, start, end) - CRC_BYTES
    if (contentBytes < 1) return 'NATIVE_BAD_STUFFING'
    const crc = this.#checksum(0, frame, 0, contentBytes)
    if (!endsWithCrc(frame, contentBytes, crc)) return 'NATIVE_BAD_CRC'
    if (contentBytes > this.#delivery.largestFrameBytes) return 'NATIVE_FRAME_TOO_LONG'
    this.#delivery.lastCrc = crc
    this.#delivery.deliver(frame, 0, contentBytes, 'cobs', offset, wireBytes, sink)
    return null
  }

  #report(code: ErrorCode | null, streamOffset: number, wireBytes: number, sink: WireSink): void {
    if (code === null) return
    const detail = `${wireBytes} bytes dropped: ${REASONS[code] ?? 'not a frame'}`
    sink.fault({ code, streamOffset, skippedBytes: wireBytes, detail, isFatal: false })
  }
}

const REASONS: Partial<Record<ErrorCode, string>> = {
  NATIVE_BAD_STUFFING: 'no frame can look like this',
  NATIVE_BAD_CRC: 'the checksum does not fit',
  NATIVE_FRAME_TOO_LONG: 'longer than the largest frame allowed',
}

/** Whether the four bytes at `at` are `crc`, little-endian. */
export const endsWithCrc = (bytes: Uint8Array, at: number, crc: number): boolean =>
  (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) === (crc | 0)
