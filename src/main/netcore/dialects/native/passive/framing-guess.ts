import { concatBytes } from '../../../../../shared/bytes'
import { FrameScanner } from '../wire/frame-scanner'
import type { Framing, WireSink } from '../wire/wire'

/** Beyond this the guess is made with what there is. */
const MAX_GUESS_BYTES = 256 * 1024

export interface FramingGuess {
  readonly framing: Framing
  /** LEN: frames of messages have checksums as well. */
  readonly hasCrc: boolean
}

/**
 * Finds out how a stream is framed by trying: delimiters if any frame with a right checksum lies between them, lengths
 * otherwise; and with lengths, whether only the frames of the handshake have checksums, which both sides agreed on where
 * this reader may not have heard it.
 */
export class FramingFinder {
  readonly #pieces: Uint8Array[] = []
  #byteLength = 0
  /** Tried again when half as much has come as was there: otherwise single bytes would cost the square of their number. */
  #tryAtBytes = 0

  /** @returns null while it cannot be told yet: the bytes are kept. */
  take(bytes: Uint8Array, isEnd: boolean): FramingGuess | null {
    this.#pieces.push(bytes)
    this.#byteLength += bytes.length
    if (this.#byteLength < this.#tryAtBytes && !isEnd) return null
    this.#tryAtBytes = Math.ceil(this.#byteLength * 1.5) + 16
    const all = concatBytes(this.#pieces)
    if (tries('cobs', all).frames > 0) return { framing: 'cobs', hasCrc: true }
    const { messages, isBroken } = tries('len', all)
    if (messages > 0) return { framing: 'len', hasCrc: true }
    if (isBroken && all.includes(0) && all[0] === 0) return { framing: 'cobs', hasCrc: true }
    if (isBroken) return { framing: 'len', hasCrc: false }
    return isEnd || this.#byteLength > MAX_GUESS_BYTES ? { framing: 'len', hasCrc: true } : null
  }

  /** What was taken, to be read now. */
  taken(): Uint8Array {
    return concatBytes(this.#pieces)
  }
}

const LINK_FRAMES: ReadonlySet<string> = new Set(['hello', 'auth', 'bye'])

function tries(
  framing: Framing,
  bytes: Uint8Array,
): { readonly frames: number; readonly messages: number; readonly isBroken: boolean } {
  let frames = 0
  let messages = 0
  let isBroken = false
  const sink: WireSink = {
    frame: ({ kind }) => {
      frames += 1
      if (!LINK_FRAMES.has(kind)) messages += 1
    },
    fault: () => {
      isBroken = true
    },
  }
  const scanner = new FrameScanner(framing, { largestFrameBytes: LARGEST_FRAME_BYTES })
  scanner.xsafe = 'either'
  scanner.receive(bytes, sink)
  return { frames, messages, isBroken }
}

/** Whatever the two sides agreed on. */
export const LARGEST_FRAME_BYTES = 1 << 20
