import { bitsPerByte, type LineRate } from '../../shared/model/line-rate'
import type { LinkAddress } from '../../shared/model/link-url'

/** One chunk should not hold the line for longer than this (design.md §5). */
export const LATENCY_TARGET_MS = 25
export const MIN_AUTO_CHUNK_BYTES = 64
export const MAX_AUTO_CHUNK_BYTES = 4096

/** Speed of the line where the address tells it: serial ports and simulated lines. */
export function lineRateOf(address: LinkAddress): LineRate | undefined {
  switch (address.scheme) {
    case 'serial':
      return { baud: address.baud, bitsPerByte: bitsPerByte(address.framing) }
    case 'sim':
      return { baud: address.baud, bitsPerByte: 10 }
    default:
      return undefined
  }
}

/** Lines that can lose or damage bytes: there the dialect resynchronises instead of giving up. */
export const isLossyScheme = (address: LinkAddress): boolean =>
  address.scheme === 'serial' || address.scheme === 'sim' || address.isLossy === true

/**
 * Size of the chunks a link cuts. What the address says (`chunk=`) wins; else, on a line of known speed, the size
 * whose wire time is 25 ms, within 64 and 4096 bytes and never above the dialect's own default; else that default.
 *
 * At 115,200 baud 8N1 this is 288 bytes: an urgent message waits for at most one such chunk plus what is already
 * handed over, at a cost of 14 % overhead in the `lso` dialect.
 */
export function chooseChunkBytes(
  asked: number | undefined,
  rate: LineRate | undefined,
  dialectDefault: number,
): number {
  if (asked !== undefined) return asked
  if (rate === undefined) return dialectDefault
  const fitting = Math.floor((LATENCY_TARGET_MS * rate.baud) / (rate.bitsPerByte * 1000))
  return Math.min(dialectDefault, MAX_AUTO_CHUNK_BYTES, Math.max(MIN_AUTO_CHUNK_BYTES, fitting))
}
