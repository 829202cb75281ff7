/** Order statistics on small samples. Quantiles by nearest rank: a p99 is always a value that was measured. */
export function quantile(samples: readonly number[], share: number): number {
  if (samples.length === 0) return Number.NaN
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5)

export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

export const spread = (samples: readonly number[]): Spread => ({
  median: median(samples),
  min: samples.length === 0 ? Number.NaN : Math.min(...samples),
  max: samples.length === 0 ? Number.NaN : Math.max(...samples),
})

/** Jain's index of fairness: 1 when all shares are equal, 1/n when one has everything. NaN without any share. */
export function jainIndex(shares: readonly number[]): number {
  const sum = shares.reduce((total, share) => total + share, 0)
  const squares = shares.reduce((total, share) => total + share * share, 0)
  return (sum * sum) / (shares.length * squares)
}

/** A limit that moves by more than this between rounds says that somebody else was using the machine. */
export const NOISY_FACTOR = 1.5

/** True when the figures of the machine's own limit do not hold still: nothing timed can then be judged. */
export function isNoisy(limits: readonly number[]): boolean {
  const { min, max } = spread(limits)
  return max / min > NOISY_FACTOR
}
