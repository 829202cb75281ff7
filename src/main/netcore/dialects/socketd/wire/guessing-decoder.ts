import { concatBytes } from '../../../../../shared/bytes'
import type { Checksum } from '../../../../../shared/bytes/crc32c'
import { EnvelopeDecoder } from './envelope'
import { kindOfFlag } from './flags'
import { BARE_BYTES, frameBytesOf, LARGEST_FRAME_BYTES } from './frame'
import type { FrameDecoder, FrameTaker } from './frame-decoder'
import { StreamDecoder } from './stream-decoder'

/** Reads frames back to back, or in envelopes: the first bytes tell, since stuffed zeros give no flag that there is. */
export class GuessingDecoder implements FrameDecoder {
  mostBytes = LARGEST_FRAME_BYTES
  readonly #checksum: Checksum | undefined
  #held: Uint8Array = new Uint8Array(0)
  #decoder: FrameDecoder | undefined

  constructor(checksum: Checksum | undefined) {
    this.#checksum = checksum
  }

  get isSpent(): boolean {
    return this.#decoder?.isSpent ?? false
  }

  get pendingBytes(): number {
    return this.#decoder?.pendingBytes ?? this.#held.length
  }

  get streamOffset(): number {
    return this.#decoder?.streamOffset ?? 0
  }

  receive(bytes: Uint8Array, nowMs: number, taker: FrameTaker): void {
    if (this.#decoder !== undefined) {
      this.#decoder.receive(bytes, nowMs, taker)
      return
    }
    this.#held = concatBytes([this.#held, bytes])
    if (this.#held.length < BARE_BYTES) return
    const first = this.#held
    this.#held = new Uint8Array(0)
    this.#decoder = isPlainStart(first) ? new StreamDecoder() : new EnvelopeDecoder(this.#checksum)
    this.#decoder.receive(first, nowMs, taker)
  }
}

function isPlainStart(bytes: Uint8Array): boolean {
  const isFlagged = bytes[4] === 0 && bytes[5] === 0 && bytes[6] === 0 && kindOfFlag(bytes[7]!) !== 'unknown'
  return isFlagged && frameBytesOf(bytes) !== undefined
}
