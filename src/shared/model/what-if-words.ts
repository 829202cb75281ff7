/** Changes below this are noise of the model. */
export const MIN_SHOWN_MS = 0.5

/** Of use to a person: three digits. */
export function shownMs(ms: number): string {
  if (ms >= 9995) return `${Math.round(ms / 100) / 10} s`
  if (ms >= 999.5) return `${Math.round(ms / 10) / 100} s`
  if (ms >= 99.5) return `${Math.round(ms)} ms`
  if (ms >= 9.95) return `${ms.toFixed(1)} ms`
  return ms >= 0.005 ? `${ms.toFixed(2)} ms` : '0 ms'
}

/** Change in percent with its sign; empty where it says nothing. */
export function shownPercent(before: number, after: number): string {
  if (before < MIN_SHOWN_MS) return ''
  if (after >= 4 * before) return `${Math.round(after / before)} times`
  const percent = Math.round((100 * (after - before)) / before)
  if (percent === 0) return ''
  return `${percent > 0 ? '+' : '−'}${Math.abs(percent)} %`
}
