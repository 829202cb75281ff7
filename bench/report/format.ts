import { type Spread, spread } from '../statistics'

/** Three significant digits, as people read them; whole numbers from 100 on. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  if (size >= 100) return Math.round(value).toLocaleString('en')
  if (size >= 10) return value.toFixed(1)
  if (size >= 0.1 || size === 0) return value.toFixed(2)
  return value.toPrecision(2)
}

/** The median, and the smallest and largest where there is more than one. */
export function ranged({ median, min, max }: Spread, format: (value: number) => string = figure): string {
  return min === max ? format(median) : `${format(median)} (${format(min)}–${format(max)})`
}

export const rangedOf = (values: readonly number[], format?: (value: number) => string): string =>
  values.length === 0 ? '–' : ranged(spread(values), format)

export const percent = (share: number): string =>
  Number.isFinite(share) ? `${(share * 100).toFixed(1)} %` : '–'

export const bytesPerByte = (value: number): string => value.toFixed(5)

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')
}
