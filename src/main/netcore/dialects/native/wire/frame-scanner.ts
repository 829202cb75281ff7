import { crc32c } from '../../../../../shared/bytes/crc32c'
import { CobsScanner } from './cobs-scanner'
import { ContentDelivery } from './content-delivery'
import { LenScanner } from './len-scanner'
import type { Framing, ScannerPort, WireOptions, WireSink, XsafeMode } from './wire'

/** Bytes in any cut to typed frames; see `ScannerPort`. */
export class FrameScanner implements ScannerPort {
  #framing: Framing | null
  #streamOffset = 0
  readonly #delivery: ContentDelivery
  readonly #cobs: CobsScanner
  readonly #len: LenScanner

  /** @param framing - `auto`: a stream that begins with 00 is COBS, since no length is 0. */
  constructor(framing: Framing | 'auto', { largestFrameBytes, checksum = crc32c }: WireOptions) {
    this.#framing = framing === 'auto' ? null : framing
    this.#delivery = new ContentDelivery(largestFrameBytes)
    this.#cobs = new CobsScanner(checksum, this.#delivery)
    this.#len = new LenScanner(checksum, this.#delivery)
  }

  get framing(): Framing | null {
    return this.#framing
  }

  get hasCrc(): boolean {
    return this.#len.hasCrc
  }

  set hasCrc(hasCrc: boolean) {
    this.#len.hasCrc = hasCrc
  }

  get xsafe(): XsafeMode {
    return this.#cobs.xsafe
  }

  set xsafe(mode: XsafeMode) {
    this.#cobs.xsafe = mode
  }

  get largestFrameBytes(): number {
    return this.#delivery.largestFrameBytes
  }

  set largestFrameBytes(bytes: number) {
    this.#delivery.largestFrameBytes = bytes
  }

  get isSpent(): boolean {
    return this.#len.isSpent
  }

  get streamOffset(): number {
    return this.#streamOffset
  }

  /** Checksum of the frame handed out last, for recognising one's own echo; 0 when it came without. */
  get lastCrc(): number {
    return this.#delivery.lastCrc
  }

  receive(bytes: Uint8Array, sink: WireSink): void {
    if (bytes.length === 0) return
    const streamOffset = this.#streamOffset
    this.#streamOffset += bytes.length
    this.#framing ??= bytes[0] === 0 ? 'cobs' : 'len'
    if (this.#framing === 'cobs') this.#cobs.receive(bytes, streamOffset, sink)
    else this.#len.receive(bytes, streamOffset, sink)
  }

  end(sink: WireSink): void {
    this.#cobs.end(this.#streamOffset, sink)
    this.#len.end(this.#streamOffset, sink)
  }
}
