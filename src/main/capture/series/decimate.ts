/** Points in order of time. */
export interface PointColumns {
  readonly atMs: Float64Array
  readonly values: Float64Array
  readonly messageIds: Uint32Array
}

/**
 * Leaves of each of `bins` equal parts of the time the points with the least and the most value, so that no peak is
 * lost. What is fewer than two per part stays as it is. Cost: O(points).
 */
export function decimate(points: PointColumns, bins: number): PointColumns {
  const { atMs, values, messageIds } = points
  const count = atMs.length
  if (count <= 2 * bins) return points
  const fromMs = atMs[0]!
  const binMs = (atMs[count - 1]! - fromMs) / bins
  const kept: number[] = []
  for (let begin = 0; begin < count; ) {
    const bin = binOf(atMs[begin]! - fromMs, binMs, bins)
    let least = begin
    let most = begin
    let end = begin + 1
    for (; end < count && binOf(atMs[end]! - fromMs, binMs, bins) === bin; end++) {
      if (values[end]! < values[least]!) least = end
      if (values[end]! > values[most]!) most = end
    }
    kept.push(Math.min(least, most))
    if (least !== most) kept.push(Math.max(least, most))
    begin = end
  }
  return {
    atMs: Float64Array.from(kept, (at) => atMs[at]!),
    values: Float64Array.from(kept, (at) => values[at]!),
    messageIds: Uint32Array.from(kept, (at) => messageIds[at]!),
  }
}

const binOf = (ms: number, binMs: number, bins: number): number =>
  binMs > 0 ? Math.min(bins - 1, Math.floor(ms / binMs)) : 0
