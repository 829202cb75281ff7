const UNITS_MS = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const
type Unit = keyof typeof UNITS_MS

/** What is said of a text that is no duration. */
export const DURATION_REMEDY = 'Write a number with its unit: 200ms, 1.5s, 2min, 1h.'

/**
 * Milliseconds of a duration as people write it: `200ms`, `1.5s`, `2min`, `1h 30m`. Whole milliseconds; undefined when it is none. A
 * number without a unit is none either: half of its readers would take it for seconds.
 */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim()
  if (trimmed.length > 64 || !/^(?:\d+(?:\.\d+)?\s*(?:ms|s|min|m|h|d)\s*)+$/.test(trimmed)) return undefined
  let totalMs = 0
  for (const [, count, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)/g)) {
    totalMs += Number(count) * UNITS_MS[unit as Unit]
  }
  const rounded = Math.round(totalMs)
  return Number.isSafeInteger(rounded) ? rounded : undefined
}

/** A duration in the largest unit that keeps it whole: `1500ms`, `2s`, `90s`, `5min`. `parseDuration` gives the same number back. */
export function formatDuration(ms: number): string {
  const units = ['h', 'min', 's'] as const
  const unit = ms > 0 ? units.find((each) => ms % UNITS_MS[each] === 0) : undefined
  return unit === undefined ? `${ms}ms` : `${ms / UNITS_MS[unit]}${unit}`
}
