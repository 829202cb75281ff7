import type { LineHints } from '../../pipe/pipe'

/** What stands around the data of a fragment: sid, a short route, numbers, checksum. */
const OVERHEAD_BYTES = 128
/** Below this most of a fragment is head. */
const LEAST_BYTES = 256
/** On a line of known speed; larger ones would cost too much where bytes get lost. */
const MOST_LINE_BYTES = 4096
/** Handed to the driver and not on the line yet, and the way there. */
const ON_THE_WAY_MS = 11
/** Where the speed is not known a small request waits for not more than this. */
export const DEFAULT_FRAGMENT_BYTES = 64 * 1024

/** Data of a fragment: small enough that an urgent message gets onto the line in time. @param mostBytes - Never more. */
export function fragmentBytes(mostBytes: number, { rate, latencyTargetMs }: LineHints): number {
  if (rate === undefined) return mostBytes
  const bytesPerMs = rate.baud / (rate.bitsPerByte * 1000)
  const inTime = Math.floor((latencyTargetMs - ON_THE_WAY_MS) * bytesPerMs) - OVERHEAD_BYTES
  return Math.min(mostBytes, MOST_LINE_BYTES, Math.max(LEAST_BYTES, inTime))
}
