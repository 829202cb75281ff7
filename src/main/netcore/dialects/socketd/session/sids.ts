import { toHex } from '../../../../../shared/bytes'
import type { PipeOptions } from '../../../pipe/pipe'

const SID_BYTES = 16

/**
 * 32 hex digits. On a network nobody should be able to guess them: Java servers match answers across connections by sid
 * alone (socketd.md §4). On a line there is one peer, and a simulated run must draw the same ones again.
 */
export function drawSid({ session, codec, random }: PipeOptions): string {
  const isNetwork = codec.onDamage === 'fatal' || codec.isPackets === true
  const crypto = isNetwork ? session?.crypto : undefined
  return toHex(crypto?.randomBytes(SID_BYTES) ?? Uint8Array.from({ length: SID_BYTES }, () => random(256)))
}
