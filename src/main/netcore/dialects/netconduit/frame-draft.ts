import { concatBytes } from '../../../../shared/bytes'
import { ConsoleError } from '../../../../shared/errors'
import type { Compression } from '../../pipe/pipe'
import type { EncodedFrame } from '../codec'
import type { Parts } from './content/envelope'
import { FLAG, type FrameKind, HEADER_BYTES, LARGEST_PAYLOAD_BYTES, writeHeader } from './wire/header'

/** Bodies up to here are never compressed. */
const MOST_PLAIN_BYTES = 1024

/** A frame but for its header, which is written when it leaves. */
export interface FrameDraft {
  readonly kind: FrameKind
  readonly parts: Parts
  readonly payloadBytes: number
  readonly isCompressed: boolean
}

/**
 * @param compression - Where it is given, a body above 1,024 bytes is compressed if that makes it smaller.
 * @throws ConsoleError `MESSAGE_TOO_LARGE` above 100 MiB before compression.
 */
export function draftFrame(kind: FrameKind, parts: Parts, compression?: Compression): FrameDraft {
  const plainBytes = lengthOf(parts)
  if (plainBytes > LARGEST_PAYLOAD_BYTES) {
    throw new ConsoleError(
      'MESSAGE_TOO_LARGE',
      `the payload has ${plainBytes} bytes, netconduit allows ${LARGEST_PAYLOAD_BYTES}`,
      { limit: LARGEST_PAYLOAD_BYTES },
    )
  }
  if (compression !== undefined && plainBytes > MOST_PLAIN_BYTES) {
    const packed = compression.deflate(concatBytes(parts))
    if (packed.length < plainBytes) {
      return { kind, parts: [packed], payloadBytes: packed.length, isCompressed: true }
    }
  }
  return { kind, parts, payloadBytes: plainBytes, isCompressed: false }
}

export function finishFrame(draft: FrameDraft, correlationId: bigint, unixMs: number): EncodedFrame {
  const { kind, parts, payloadBytes, isCompressed } = draft
  const header = writeHeader({
    kind,
    flags: isCompressed ? FLAG.compressed : 0,
    payloadBytes,
    correlationId,
    timestampMs: BigInt(Math.max(0, Math.trunc(unixMs))),
  })
  return {
    frameKind: kind,
    parts: payloadBytes === 0 ? [header] : [header, ...parts],
    wireBytes: HEADER_BYTES + payloadBytes,
    payloadBytes,
  }
}

const lengthOf = (parts: Parts): number => parts.reduce((sum, { length }) => sum + length, 0)
