import { crc32c, type Checksum } from '../../../../../shared/bytes/crc32c'
import type { ErrorCode } from '../../../../../shared/errors'
import { CobsWriter, maxStuffedBytes, unstuffInto } from '../../native/wire/cobs'
import { endsWithCrc } from '../../native/wire/cobs-scanner'
import { BARE_BYTES, frameBytesOf, readFrame } from './frame'
import type { FrameDecoder, FrameTaker } from './frame-decoder'

const CRC_BYTES = 4
/** Small, because a line loses bytes and a frame is lost as a whole. */
export const LARGEST_LINE_FRAME_BYTES = 64 * 1024

/**
 * A frame for a line that loses bytes: frame and CRC-32C (little-endian) in COBS, and 00 at both ends, so that what was on
 * the line before does not take it along. Not part of Socket.D: only our own two ends speak it.
 */
export function wrapFrame(parts: readonly Uint8Array[], checksum: Checksum = crc32c): Uint8Array {
  let byteCount = 0
  let crc = 0
  for (const part of parts) {
    byteCount += part.length
    crc = checksum(crc, part, 0, part.length)
  }
  const out = new Uint8Array(maxStuffedBytes(byteCount + CRC_BYTES) + 2)
  const writer = new CobsWriter(out, 1)
  for (const part of parts) writer.write(part, 0, part.length)
  writer.write(Uint8Array.of(crc, crc >>> 8, crc >>> 16, crc >>> 24), 0, CRC_BYTES)
  const end = writer.finish()
  out[end] = 0
  return out.subarray(0, end + 1)
}

/** Frames in envelopes. What is damaged is dropped up to the next 00 and told; the next frame is good again. */
export class EnvelopeDecoder implements FrameDecoder {
  mostBytes = LARGEST_LINE_FRAME_BYTES
  readonly isSpent = false
  readonly #checksum: Checksum
  /** What came since the last 00. */
  #held = new Uint8Array(256)
  #heldBytes = 0
  /** More came without a 00 than a frame can have: only counted. */
  #isTooLong = false
  /** Of the next byte. */
  #nextOffset = 0
  #streamOffset = 0
  #startMs = 0

  constructor(checksum: Checksum = crc32c) {
    this.#checksum = checksum
  }

  get pendingBytes(): number {
    return this.#heldBytes
  }

  get streamOffset(): number {
    return this.#streamOffset
  }

  receive(bytes: Uint8Array, nowMs: number, taker: FrameTaker): void {
    let at = 0
    while (at < bytes.length) {
      if (this.#heldBytes === 0) this.#startMs = nowMs
      const zero = bytes.indexOf(0, at)
      const end = zero < 0 ? bytes.length : zero
      this.#hold(bytes.subarray(at, end))
      this.#nextOffset += end - at
      at = end
      if (zero < 0) return
      at += 1
      this.#nextOffset += 1
      this.#delimited(taker)
    }
  }

  #hold(bytes: Uint8Array): void {
    const total = this.#heldBytes + bytes.length
    const mostBytes = maxStuffedBytes(this.mostBytes + CRC_BYTES)
    if (total > mostBytes) this.#isTooLong = true
    if (!this.#isTooLong) {
      if (total > this.#held.length) {
        const larger = new Uint8Array(Math.min(2 * total, mostBytes))
        larger.set(this.#held.subarray(0, this.#heldBytes))
        this.#held = larger
      }
      this.#held.set(bytes, this.#heldBytes)
    }
    this.#heldBytes = total
  }

  #delimited(taker: FrameTaker): void {
    const stuffedBytes = this.#heldBytes
    const isTooLong = this.#isTooLong
    const startMs = this.#startMs
    this.#heldBytes = 0
    this.#isTooLong = false
    // Two delimiters in a row, or the first of all: belongs to the frame behind it.
    if (stuffedBytes === 0) return
    const streamOffset = this.#streamOffset
    this.#streamOffset = this.#nextOffset
    const wireBytes = this.#nextOffset - streamOffset
    const read = isTooLong ? TOO_LONG : this.#read(stuffedBytes)
    if ('frame' in read) {
      taker.frame({ frame: read.frame, streamOffset, wireBytes, startMs })
      return
    }
    taker.fault({ ...read, streamOffset, lostBytes: wireBytes })
  }

  #read(
    stuffedBytes: number,
  ):
    | { readonly code: ErrorCode; readonly detail: string }
    | { readonly frame: Exclude<ReturnType<typeof readFrame>, string> } {
    const frameAndCrc = new Uint8Array(stuffedBytes)
    const frameBytes = unstuffInto(frameAndCrc, this.#held, 0, stuffedBytes) - CRC_BYTES
    if (frameBytes < BARE_BYTES) return { code: 'SOCKETD_DAMAGED', detail: 'no frame can look like this' }
    if (!endsWithCrc(frameAndCrc, frameBytes, this.#checksum(0, frameAndCrc, 0, frameBytes))) {
      return { code: 'SOCKETD_DAMAGED', detail: 'the checksum does not fit' }
    }
    if (frameBytes > this.mostBytes) return TOO_LONG
    if (frameBytesOf(frameAndCrc) !== frameBytes) {
      return { code: 'SOCKETD_BAD_LENGTH', detail: `a frame of ${frameBytes} bytes announces another length` }
    }
    const frame = readFrame(frameAndCrc.subarray(0, frameBytes))
    return typeof frame === 'string' ? { code: 'SOCKETD_BAD_FRAME', detail: frame } : { frame }
  }
}

const TOO_LONG = { code: 'SOCKETD_BAD_LENGTH', detail: 'longer than the largest frame allowed' } as const
