import { ContentReader } from './content-reader'
import { FRAME_TYPE } from './frames'
import { MalformedFrame } from './malformed-frame'
import type { Framing, WireSink } from './wire'

/** From checked content to the sink: the frame and what rides on it, or a fault. What both scanners share. */
export class ContentDelivery {
  /** Of content bytes; the scanners refuse more. */
  largestFrameBytes: number
  /** Checksum of the content delivered last; 0 when it came without. */
  lastCrc = 0
  readonly #reader = new ContentReader()

  constructor(largestFrameBytes: number) {
    this.largestFrameBytes = largestFrameBytes
  }

  /** Bytes start … end−1 are the content of a frame that took `wireBytes` at `offset`. False: it made no sense. */
  deliver(
    bytes: Uint8Array,
    start: number,
    end: number,
    framing: Framing,
    offset: number,
    wireBytes: number,
    sink: WireSink,
  ): boolean {
    const reader = this.#reader
    let at = start
    let shareAt = offset
    let shareBytes = wireBytes
    for (;;) {
      let frame
      try {
        if (at > start && bytes[at]! >> 4 > FRAME_TYPE.back)
          throw new MalformedFrame('an ack under which no numbered frame rides')
        frame = reader.read(bytes, at, end, framing)
      } catch (error) {
        if (!(error instanceof MalformedFrame)) throw error
        sink.fault({
          code: 'NATIVE_BAD_FRAME',
          streamOffset: shareAt,
          skippedBytes: shareBytes,
          detail: `the peer sent ${error.message}`,
          isFatal: framing === 'len',
        })
        return false
      }
      const riderAt = reader.riderAt
      if (riderAt < 0) {
        sink.frame(frame, shareAt, shareBytes)
        return true
      }
      // An ACK counts for its own bytes, what rides on it for the rest: together they are what the line carried.
      sink.frame(frame, shareAt, riderAt - at)
      shareAt += riderAt - at
      shareBytes -= riderAt - at
      at = riderAt
    }
  }
}
