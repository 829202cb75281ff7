import { type CacheScriptCounts, runCacheScript } from '../src/testing/cache-script'

/** C1 of the reliability catalogue in full: a million random operations times `scale` against a model. */
export function soakCache({
  seed,
  scale,
}: {
  readonly seed: number
  readonly scale: number
}): CacheScriptCounts {
  const counts = runCacheScript({ seed, operations: Math.round(1_000_000 * scale) })
  if (counts.differences > 0) throw new Error(counts.firstDifferences.join('\n'))
  return counts
}
