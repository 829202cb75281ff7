/** Offsets at which chunks begin, in ascending order; with out-of-order arrival too. */
export const chunkStarts = (bodyOffsets: Float64Array): Float64Array => bodyOffsets.slice().sort()

/** How many chunks begin at or before this byte: the number of the chunk that holds it. Cost: O(log chunks). */
export function chunkNumber(starts: Float64Array, at: number): number {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (starts[middle]! <= at) low = middle + 1
    else high = middle
  }
  return low
}
