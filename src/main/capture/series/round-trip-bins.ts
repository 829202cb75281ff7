/** Neighbouring bins differ by this factor: whatever lies in a bin is within 5 % of its middle. */
const FACTOR = 1.1
const LEAST_MS = 0.02
const LOG_FACTOR = Math.log(FACTOR)

/** From 0.02 ms to half an hour. Shorter and longer round trips count into the first and the last bin. */
export const ROUND_TRIP_BINS = 192

/** The bin of a round trip; bin 0 holds everything up to 0.02 ms. */
export function roundTripBin(ms: number): number {
  if (!(ms > LEAST_MS)) return 0
  return Math.min(ROUND_TRIP_BINS - 1, 1 + Math.floor(Math.log(ms / LEAST_MS) / LOG_FACTOR))
}

/** What stands for the round trips of a bin: the geometric middle of its borders. */
const middleOf = (bin: number): number => (bin === 0 ? LEAST_MS : LEAST_MS * FACTOR ** (bin - 0.5))

/**
 * The round trip that a share of all did not exceed, NaN when there was none.
 *
 * @param counts - Round trips per bin.
 * @param maxMs - The longest of them, exactly: no estimate lies above.
 */
export function roundTripAt(counts: Uint32Array, total: number, share: number, maxMs: number): number {
  if (total === 0) return Number.NaN
  let missing = Math.ceil(total * share)
  for (let bin = 0; bin < ROUND_TRIP_BINS; bin++) {
    missing -= counts[bin]!
    if (missing <= 0) return bin === ROUND_TRIP_BINS - 1 ? maxMs : Math.min(maxMs, middleOf(bin))
  }
  return maxMs
}
