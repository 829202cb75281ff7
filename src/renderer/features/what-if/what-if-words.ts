/** One digit behind the point: what a line can be told to. */
export const msWord = (ms: number): string =>
  Number.isFinite(ms) ? (ms >= 10_000 ? ms.toFixed(0) : ms.toFixed(1)) : ''

/** A change with its sign; empty where nothing changed that one can see. */
export function changeWord(ms: number): string {
  if (Math.abs(ms) < 0.05) return '0.0'
  return `${ms > 0 ? '+' : '−'}${msWord(Math.abs(ms))}`
}

/** Better, worse, or not worth a colour. */
export const toneOf = (ms: number): 'ok' | 'warn' | 't2' => (ms > 1 ? 'warn' : ms < -1 ? 'ok' : 't2')
