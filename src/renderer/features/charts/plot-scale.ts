/** What an axis shows: from nothing up to a little above the most, and at least to `least`. */
export function fromZero(most: number | null, least: number): [number, number] {
  return [0, Math.max(least, (most ?? 0) * 1.08)]
}

/** What an axis of free numbers shows: all of them with a little air; a single value in the middle. */
export function around(least: number | null, most: number | null): [number, number] {
  if (least === null || most === null || !Number.isFinite(least) || !Number.isFinite(most)) return [0, 1]
  if (least === most)
    return [least - Math.max(1, Math.abs(least) * 0.1), most + Math.max(1, Math.abs(most) * 0.1)]
  const air = (most - least) * 0.08
  return [least - air, most + air]
}
