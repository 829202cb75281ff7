import { SERIES_METRICS } from '../../../shared/model/series'
import type { PointData } from './point-data'
import type { SeriesData } from './series-data'

/** Figures as CSV: a line per bin, times of its middle; empty where nothing is known. */
export function seriesCsv({ count, atMs, columns }: SeriesData, startedAtMs: number): string {
  const lines = [['time', 'session_ms', ...SERIES_METRICS].join(',')]
  for (let at = 0; at < count; at++) {
    const cells = SERIES_METRICS.map((metric) => number(columns[metric][at]!))
    lines.push([isoTime(startedAtMs + atMs[at]!), number(atMs[at]!), ...cells].join(','))
  }
  return `${lines.join('\n')}\n`
}

/** Numbers of messages as CSV: a line per number. */
export function pointsCsv(
  series: readonly { readonly title: string; readonly points: PointData }[],
  startedAtMs: number,
): string {
  const lines = ['time,session_ms,series,value,message']
  for (const { title, points } of series) {
    for (const [at, atMs] of points.atMs.entries()) {
      const cells = [quoted(title), number(points.values[at]!), points.messageIds[at]!]
      lines.push([isoTime(startedAtMs + atMs), number(atMs), ...cells].join(','))
    }
  }
  return `${lines.join('\n')}\n`
}

const isoTime = (ms: number): string => new Date(ms).toISOString()
const number = (value: number): string => (Number.isNaN(value) ? '' : String(Number(value.toPrecision(12))))
/** A spreadsheet takes a cell that begins like a formula for one. */
const quoted = (text: string): string =>
  `"${(/^[=+\-@]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
