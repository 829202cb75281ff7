import type { Checksum } from '../../../../../shared/bytes/crc32c'
import type { CodecOptions } from '../../codec'
import { EnvelopeDecoder, LARGEST_LINE_FRAME_BYTES } from './envelope'
import { LARGEST_FRAME_BYTES } from './frame'
import type { FrameDecoder } from './frame-decoder'
import { GuessingDecoder } from './guessing-decoder'
import { PacketDecoder } from './packet-decoder'
import { StreamDecoder } from './stream-decoder'

/** How frames lie on what carries them. */
export interface LineForm {
  /** `envelope`: a line that loses bytes, and that is there for good. `unknown`: a recording of either. */
  readonly kind: 'stream' | 'packets' | 'envelope' | 'unknown'
  /** Frames may get lost. */
  readonly isLossy: boolean
  readonly largestFrameBytes: number
}

/** @param isReading - Only reads along: what somebody recorded may be a stream although damage is expected. */
export function lineFormOf({ onDamage, isPackets = false }: CodecOptions, isReading: boolean): LineForm {
  const isLossy = onDamage === 'resync'
  if (isPackets) return { kind: 'packets', isLossy, largestFrameBytes: LARGEST_FRAME_BYTES }
  if (!isLossy) return { kind: 'stream', isLossy, largestFrameBytes: LARGEST_FRAME_BYTES }
  if (isReading) return { kind: 'unknown', isLossy, largestFrameBytes: LARGEST_FRAME_BYTES }
  return { kind: 'envelope', isLossy, largestFrameBytes: LARGEST_LINE_FRAME_BYTES }
}

export function decoderFor({ kind, isLossy }: LineForm, checksum: Checksum | undefined): FrameDecoder {
  switch (kind) {
    case 'stream':
      return new StreamDecoder()
    case 'packets':
      return new PacketDecoder(!isLossy)
    case 'envelope':
      return new EnvelopeDecoder(checksum)
    case 'unknown':
      return new GuessingDecoder(checksum)
  }
}
