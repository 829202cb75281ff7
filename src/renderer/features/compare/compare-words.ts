/** `00:03:12.418` since the beginning of a recording. */
export function sinceStart(atMs: number): string {
  const total = Math.max(0, Math.round(atMs))
  const two = (value: number): string => String(value).padStart(2, '0')
  const clock = [
    Math.floor(total / 3_600_000),
    Math.floor(total / 60_000) % 60,
    Math.floor(total / 1000) % 60,
  ]
  return `${clock.map(two).join(':')}.${String(total % 1000).padStart(3, '0')}`
}

/** `+42.2`, `−0.3`. */
export const shiftWord = (byMs: number): string => `${byMs < 0 ? '−' : '+'}${Math.abs(byMs).toFixed(1)}`

/** `+38 %`; empty where one of both is missing. */
export function percentWord(a: number | null, b: number | null): string {
  if (a === null || b === null || a <= 0) return ''
  const percent = Math.round(((b - a) / a) * 100)
  const sign = percent > 0 ? '+' : percent < 0 ? '−' : ''
  return `${sign}${Math.abs(percent)} %`
}

/** A percentage worth a colour. */
export const isMuchSlower = (a: number | null, b: number | null, shiftMs: number): boolean =>
  a !== null && b !== null && b - a > shiftMs && b > a * 1.25

/** Of a bar whose zero is in the middle: how far to either side, 0 to 1. A square root: small shifts are seen, large ones fit. */
export const shiftShare = (byMs: number, mostMs: number): number =>
  Math.min(1, Math.sqrt(Math.abs(byMs) / Math.max(1, mostMs)))

export const msWord = (ms: number | null): string => (ms === null ? '' : ms.toFixed(1))

/** What was typed between commas. */
export const fieldsIn = (text: string): string[] =>
  text
    .split(',')
    .map((field) => field.trim())
    .filter((field) => field !== '')
