import { BytePool } from '../../../../../shared/bytes/byte-pool'
import { type Checksum, crc32c } from '../../../../../shared/bytes/crc32c'
import { ConsoleError } from '../../../../../shared/errors'
import type { EncodedFrame } from '../../dialect'
import { CobsWriter, maxStuffedBytes } from './cobs'
import { ContentWriter, LENGTH_ROOM_BYTES } from './content-writer'
import { ACK_FLAG, type AckFrame, type FrameKind, type NativeFrame, type NumberedFrame } from './frames'
import { CRC_BYTES } from './layout'
import { varintBytes, writeVarint } from './varint'
import type { EncoderPort, Framing, WireOptions } from './wire'
import { escapeXsafe } from './xsafe'

/** Up to here a payload is copied beside its head: one part costs a transport less than two. */
const JOINED_BYTES = 512

/** Frames are written soon after: their pieces may share pages. */
const PAGE_BYTES = 32 * 1024

/** Sent once when a COBS line opens: ends whatever the receiver held, and says that the framing is COBS. */
export const LINE_OPENING: Uint8Array = Uint8Array.of(0)

/** Typed frames to bytes. Keeps nothing between frames but its settings; see `EncoderPort`. */
export class FrameEncoder implements EncoderPort {
  readonly framing: Framing
  hasCrc = true
  isXsafe = false
  largestFrameBytes: number
  /** Checksum of the frame encoded last, for recognising one's own echo; 0 when it went without. */
  lastCrc = 0
  readonly #checksum: Checksum
  readonly #content = new ContentWriter()
  readonly #pool = new BytePool(PAGE_BYTES)

  constructor(framing: Framing, { largestFrameBytes, checksum = crc32c }: WireOptions) {
    this.framing = framing
    this.largestFrameBytes = largestFrameBytes
    this.#checksum = checksum
  }

  encode(frame: NativeFrame): EncodedFrame {
    const content = this.#content
    content.begin(LENGTH_ROOM_BYTES)
    content.write(frame, this.framing)
    return this.#enclose(frame)
  }

  encodeRiding(ack: AckFrame, rider: NumberedFrame): EncodedFrame {
    const content = this.#content
    content.begin(LENGTH_ROOM_BYTES)
    content.ack(ack, ACK_FLAG.more)
    content.write(rider, this.framing)
    return this.#enclose(rider)
  }

  #enclose(frame: NativeFrame): EncodedFrame {
    const { end, tail } = this.#content
    const contentBytes = end - LENGTH_ROOM_BYTES + tail.length
    if (contentBytes > this.largestFrameBytes) {
      throw new ConsoleError(
        'NATIVE_FRAME_TOO_LONG',
        `a frame of ${contentBytes} bytes; at most ${this.largestFrameBytes} are allowed`,
        { contentBytes, largestFrameBytes: this.largestFrameBytes },
      )
    }
    const payloadBytes = 'payload' in frame ? tail.length : 0
    const hasCrc = this.hasCrc || this.framing === 'cobs' || isAlwaysChecked(frame.kind)
    this.lastCrc = 0
    if (hasCrc) {
      const { scratch } = this.#content
      const ofFields = this.#checksum(0, scratch, LENGTH_ROOM_BYTES, end)
      this.lastCrc = tail.length === 0 ? ofFields : this.#checksum(ofFields, tail, 0, tail.length)
    }
    return this.framing === 'cobs'
      ? this.#stuffed(frame.kind, contentBytes, payloadBytes)
      : this.#measured(frame.kind, contentBytes, payloadBytes, hasCrc)
  }

  #stuffed(frameKind: FrameKind, contentBytes: number, payloadBytes: number): EncodedFrame {
    const { end, tail } = this.#content
    this.#content.reserve(CRC_BYTES)
    const { scratch } = this.#content
    writeU32(scratch, end, this.lastCrc)
    const out = this.#pool.take(maxStuffedBytes(contentBytes + CRC_BYTES) + 1)
    const writer = new CobsWriter(out)
    if (tail.length === 0) {
      writer.write(scratch, LENGTH_ROOM_BYTES, end + CRC_BYTES)
    } else {
      writer.write(scratch, LENGTH_ROOM_BYTES, end)
      writer.write(tail, 0, tail.length)
      writer.write(scratch, end, end + CRC_BYTES)
    }
    const stuffedBytes = writer.finish()
    out[stuffedBytes] = 0
    const wire = this.isXsafe ? escapeXsafe(out, 0, stuffedBytes, 1) : this.#pool.trim(out, stuffedBytes + 1)
    return { frameKind, parts: [wire], wireBytes: wire.length, payloadBytes }
  }

  #measured(frameKind: FrameKind, contentBytes: number, payloadBytes: number, hasCrc: boolean): EncodedFrame {
    const { scratch, end, tail } = this.#content
    const start = LENGTH_ROOM_BYTES - varintBytes(contentBytes)
    writeVarint(scratch, start, contentBytes)
    const headBytes = end - start
    const wireBytes = headBytes + tail.length + (hasCrc ? CRC_BYTES : 0)
    if (wireBytes - headBytes <= JOINED_BYTES) {
      const wire = this.#pool.take(wireBytes)
      copyShort(wire, scratch, start, end)
      if (tail.length > 0) wire.set(tail, headBytes)
      if (hasCrc) writeU32(wire, headBytes + tail.length, this.lastCrc)
      return { frameKind, parts: [wire], wireBytes, payloadBytes }
    }
    const head = this.#pool.take(headBytes)
    copyShort(head, scratch, start, end)
    if (!hasCrc) return { frameKind, parts: [head, tail], wireBytes, payloadBytes }
    const crc = this.#pool.take(CRC_BYTES)
    writeU32(crc, 0, this.lastCrc)
    return { frameKind, parts: [head, tail, crc], wireBytes, payloadBytes }
  }
}

/** What decides whether checksums may be left out must not go without one itself. */
const isAlwaysChecked = (kind: FrameKind): boolean => kind === 'hello' || kind === 'auth' || kind === 'bye'

/** A loop: a view and a call cost more than a head is long. */
function copyShort(out: Uint8Array, from: Uint8Array, start: number, end: number): void {
  for (let k = start; k < end; k++) out[k - start] = from[k]!
}

function writeU32(out: Uint8Array, at: number, value: number): void {
  out[at] = value
  out[at + 1] = value >>> 8
  out[at + 2] = value >>> 16
  out[at + 3] = value >>> 24
}
