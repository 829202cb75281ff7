import { ByteQueue } from '../../../../../shared/bytes'
import { ConsoleError, type ErrorCode } from '../../../../../shared/errors'
import type { Compression } from '../../../pipe/pipe'
import { checkPacked, PackError } from './pack-reader'
import { FLAG, type FrameHeader, HEADER_BYTES, LARGEST_PAYLOAD_BYTES, readHeader } from './header'

export interface WireFrame {
  readonly header: FrameHeader
  /** One MessagePack value, checked, or no bytes. May be a view into received bytes. */
  readonly body: Uint8Array
  /** Of its first byte, since the decoder was made. */
  readonly streamOffset: number
  readonly wireBytes: number
  /** When its first byte came. */
  readonly startMs: number
}

export interface WireFault {
  readonly code: ErrorCode
  readonly detail: string
  readonly streamOffset: number
}

export interface FrameDecoderOptions {
  /** Of a payload, transmitted and inflated; never above `LARGEST_PAYLOAD_BYTES`. */
  readonly mostBytes: number
  readonly compression: Compression | undefined
}

/**
 * Bytes to frames, at any cut. The first thing that is wrong ends it: the format has no way back to the next frame. Takes no
 * memory for a length that was only announced.
 */
export class FrameDecoder {
  readonly #queue = new ByteQueue()
  readonly #compression: Compression | undefined
  #mostBytes: number
  #header: FrameHeader | undefined
  #streamOffset = 0
  /** When the first byte of the frame came that is not whole yet. */
  #startMs = 0
  #nowMs = 0
  #isSpent = false

  constructor({ mostBytes, compression }: FrameDecoderOptions) {
    this.#compression = compression
    this.#mostBytes = Math.min(mostBytes, LARGEST_PAYLOAD_BYTES)
  }

  set mostBytes(mostBytes: number) {
    this.#mostBytes = Math.min(mostBytes, LARGEST_PAYLOAD_BYTES)
  }

  get isSpent(): boolean {
    return this.#isSpent
  }

  /** A payload is on its way. */
  get isInsideFrame(): boolean {
    return this.#header !== undefined
  }

  /** Bytes of an unfinished frame. */
  get pendingBytes(): number {
    return this.#queue.byteLength + (this.#header === undefined ? 0 : HEADER_BYTES)
  }

  /** Behind the last whole frame. */
  get streamOffset(): number {
    return this.#streamOffset
  }

  /** Borrows `bytes` for good. Tells frames and the fault in the order of the bytes. */
  receive(
    bytes: Uint8Array,
    nowMs: number,
    onFrame: (frame: WireFrame) => void,
    onFault: (fault: WireFault) => void,
  ): void {
    if (this.#isSpent) return
    this.#nowMs = nowMs
    if (this.pendingBytes === 0) this.#startMs = nowMs
    this.#queue.append(bytes)
    try {
      for (let frame = this.#next(); frame !== undefined; frame = this.#next()) onFrame(frame)
    } catch (error) {
      if (!(error instanceof WireError)) throw error
      this.#isSpent = true
      this.#queue.clear()
      this.#header = undefined
      onFault({ code: error.code, detail: error.message, streamOffset: this.#streamOffset })
    }
  }

  #next(): WireFrame | undefined {
    if (this.#isSpent) return undefined
    if (this.#header === undefined) {
      if (this.#queue.byteLength < HEADER_BYTES) return undefined
      this.#header = this.#readHeader()
    }
    const header = this.#header
    if (this.#queue.byteLength < header.payloadBytes) return undefined
    const body = this.#bodyOf(header, this.#queue.take(header.payloadBytes))
    this.#header = undefined
    const streamOffset = this.#streamOffset
    const wireBytes = HEADER_BYTES + header.payloadBytes
    this.#streamOffset += wireBytes
    const startMs = this.#startMs
    // What lies behind it came with the bytes at hand.
    this.#startMs = this.#nowMs
    return { header, body, streamOffset, wireBytes, startMs }
  }

  #readHeader(): FrameHeader {
    const header = readHeader(this.#queue.take(HEADER_BYTES))
    if (typeof header === 'string') throw new WireError('NETCONDUIT_BAD_HEADER', header)
    if (header.payloadBytes <= this.#mostBytes) return header
    const detail = `a payload of ${header.payloadBytes} bytes is announced, ${this.#mostBytes} are allowed`
    throw new WireError('NETCONDUIT_FRAME_TOO_LARGE', detail)
  }

  #bodyOf(header: FrameHeader, payload: Uint8Array): Uint8Array {
    const isCompressed = (header.flags & FLAG.compressed) !== 0
    const body = isCompressed ? this.#inflated(payload) : payload
    try {
      if (body.length > 0) checkPacked(body)
    } catch (error) {
      if (!(error instanceof PackError)) throw error
      throw new WireError('NETCONDUIT_BAD_PAYLOAD', `${error.message} (at ${error.at})`)
    }
    return body
  }

  #inflated(payload: Uint8Array): Uint8Array {
    if (this.#compression === undefined) {
      throw new WireError('NETCONDUIT_BAD_PAYLOAD', 'it is compressed, and nobody here can inflate it')
    }
    try {
      return this.#compression.inflate(payload, this.#mostBytes)
    } catch (error) {
      if (error instanceof ConsoleError && error.code === 'MESSAGE_TOO_LARGE') {
        const detail = `it inflates to more than the ${this.#mostBytes} bytes that are allowed`
        throw new WireError('NETCONDUIT_FRAME_TOO_LARGE', detail)
      }
      throw new WireError('NETCONDUIT_BAD_PAYLOAD', 'it is marked as compressed and is no zlib data')
    }
  }
}

class WireError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string) {
    super(message)
    this.name = 'WireError'
    this.code = code
  }
}
