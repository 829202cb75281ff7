import { concatBytes } from '../../../../../shared/bytes'
import type { Checksum } from '../../../../../shared/bytes/crc32c'
import { EnvelopeDecoder } from './envelope'
import { kindOfFlag } from './flags'
import { BARE_BYTES, frameBytesOf, LARGEST_FRAME_BYTES } from './frame'
import type { FrameDecoder, FrameTaker } from './frame-decoder'
import { StreamDecoder } from './stream-decoder'

/**
 * Reads what somebody recorded: frames back to back, or in envelopes. The first bytes tell, since stuffed zeros give no flag
 * that there is. What makes no sense in a stream is skipped up to what looks like the start of a frame, which nobody would
 * dare who answers.
 */
export class GuessingDecoder implements FrameDecoder {
  mostBytes = LARGEST_FRAME_BYTES
  readonly isSpent = false
  readonly #checksum: Checksum | undefined
  /** Too few to tell what they begin. */
  #held: Uint8Array = new Uint8Array(0)
  #decoder: FrameDecoder | undefined
  /** Where the decoder began. */
  #base = 0
  /** Of the first byte that no decoder has. */
  #offset = 0
  #isSearching = false

  constructor(checksum: Checksum | undefined) {
    this.#checksum = checksum
  }

  get pendingBytes(): number {
    return this.#decoder?.pendingBytes ?? this.#held.length
  }

  get streamOffset(): number {
    return this.#base + (this.#decoder?.streamOffset ?? 0)
  }

  receive(bytes: Uint8Array, nowMs: number, taker: FrameTaker): void {
    let rest = this.#held.length === 0 ? bytes : concatBytes([this.#held, bytes])
    this.#held = new Uint8Array(0)
    while (rest.length > 0) {
      if (this.#decoder === undefined) {
        const at = this.#isSearching ? nextStart(rest) : 0
        this.#offset += at
        rest = rest.subarray(at)
        if (rest.length < BARE_BYTES) {
          this.#held = rest
          return
        }
        this.#base = this.#offset
        this.#decoder = isPlainStart(rest, 0) ? new StreamDecoder(true) : new EnvelopeDecoder(this.#checksum)
      }
      rest = this.#feed(this.#decoder, rest, nowMs, taker)
    }
  }

  /** Gives what is still to be read. */
  #feed(decoder: FrameDecoder, bytes: Uint8Array, nowMs: number, taker: FrameTaker): Uint8Array {
    const from = this.#offset
    const base = this.#base
    let lastFaultAt = from
    decoder.receive(bytes, nowMs, {
      frame: (wire) => {
        taker.frame({ ...wire, streamOffset: base + wire.streamOffset })
      },
      fault: (fault) => {
        lastFaultAt = base + fault.streamOffset
        taker.fault({ ...fault, streamOffset: lastFaultAt })
      },
    })
    this.#offset = from + bytes.length
    if (!decoder.isSpent) return bytes.subarray(bytes.length)
    // The frame may have begun in bytes that are gone; behind its own first byte the next one is looked for.
    const skipped = Math.min(bytes.length, Math.max(0, lastFaultAt + 1 - from))
    this.#offset = from + skipped
    this.#decoder = undefined
    this.#isSearching = true
    return bytes.subarray(skipped)
  }
}

/** Where a frame may begin; where none does, the last bytes that may be the beginning of one. */
function nextStart(bytes: Uint8Array): number {
  const last = bytes.length - BARE_BYTES
  for (let at = 0; at <= last; at++) if (isPlainStart(bytes, at)) return at
  return Math.max(0, last + 1)
}

function isPlainStart(bytes: Uint8Array, at: number): boolean {
  const isFlagged = bytes[at + 4] === 0 && bytes[at + 5] === 0 && bytes[at + 6] === 0
  return isFlagged && kindOfFlag(bytes[at + 7]!) !== 'unknown' && frameBytesOf(bytes, at) !== undefined
}
