/** Numbers, sizes and times as people read them on screen. Files and the command line use plain ISO and C forms. */

const GROUP = '\u00a0'

/** `402 113`: groups of three with a no-break space, so that columns of digits stay readable. */
export const groupDigits = (value: number): string =>
  String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, GROUP)

const SIZE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/** `612 B`, `3.4 kB`, `118 MB`: decimal units, one decimal below 100. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < SIZE_UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit > 0 && value < 99.95 ? value.toFixed(1) : String(Math.round(value))
  return `${digits}${GROUP}${SIZE_UNITS[unit]!}`
}

export const formatRate = (bytesPerSecond: number): string => `${formatBytes(bytesPerSecond)}/s`

export const formatPercent = (share: number): string => `${Math.round(share * 100)}${GROUP}%`

/** A number of milliseconds without its unit, for columns whose head names it: `0.04`, `36.2`, `12 346`. */
export function formatMsNumber(ms: number): string {
  if (ms !== 0 && Math.abs(ms) < 0.1) return ms.toFixed(2)
  if (Math.abs(ms) < 9999.95) return ms.toFixed(1)
  return groupDigits(ms)
}

/** A duration with the unit that fits it: `36.2 ms`, `12.3 s`, `4.1 min`, `2.5 h`. */
export function formatDuration(ms: number): string {
  if (ms < 999.95) return `${formatMsNumber(ms)}${GROUP}ms`
  if (ms < 119_950) return `${(ms / 1000).toFixed(ms < 9_995 ? 2 : 1)}${GROUP}s`
  if (ms < 7_197_000) return `${(ms / 60_000).toFixed(1)}${GROUP}min`
  return `${(ms / 3_600_000).toFixed(1)}${GROUP}h`
}

/** Difference between two rows of the list; stays within its narrow column however long the pause was. */
export const formatDelta = (ms: number): string => (ms < 99_999.5 ? formatMsNumber(ms) : formatDuration(ms))

/** A wait that is still going on, coarse so that it does not flicker: `62 ms`, `1.2 s`, `75 s`, `4 min`. */
export function formatElapsed(ms: number): string {
  const shown = Math.max(0, ms)
  if (shown < 1000) return `${Math.floor(shown)}${GROUP}ms`
  if (shown < 10_000) return `${(Math.floor(shown / 100) / 10).toFixed(1)}${GROUP}s`
  if (shown < 120_000) return `${Math.floor(shown / 1000)}${GROUP}s`
  return `${Math.floor(shown / 60_000)}${GROUP}min`
}

const two = (value: number): string => String(value).padStart(2, '0')

/**
 * Time of day with milliseconds, in the zone of the person who looks.
 *
 * @param startedAtMs - When the session clock stood at 0, in milliseconds since 1970.
 */
export function formatClock(startedAtMs: number, sessionMs: number): string {
  const at = new Date(startedAtMs + sessionMs)
  const millis = String(at.getMilliseconds()).padStart(3, '0')
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${millis}`
}

/** `1 message`, `3 messages`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${groupDigits(count)} ${count === 1 ? one : many}`

/** How long ago, for lists: `now`, `4 min ago`, `3 h ago`, `12 days ago`. */
export function formatAgo(thenMs: number, nowMs: number): string {
  const minutes = Math.floor((nowMs - thenMs) / 60_000)
  if (!Number.isFinite(minutes)) return ''
  if (minutes < 1) return 'now'
  if (minutes < 60) return `${minutes}${GROUP}min ago`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours}${GROUP}h ago`
  const days = Math.floor(hours / 24)
  return days === 1 ? `1${GROUP}day ago` : `${days}${GROUP}days ago`
}

/**
 * Parts as sentences behind one another: each begins with a capital and ends with a full stop, empty ones are left out.
 * What begins with a path, a number or a name with dots stays as it is.
 */
export const sentences = (...parts: readonly string[]): string =>
  parts
    .filter((part) => part !== '')
    .map((part) => part.replace(/^[a-z](?=[a-z]* )/, (letter) => letter.toUpperCase()))
    .map((part) => (/[.!?]$/.test(part) ? part : `${part}.`))
    .join(' ')
