import type { SoakCounts } from './job'

export interface SoakReport {
  readonly name: string
  readonly promise: string
  readonly seconds: number
  readonly counts: SoakCounts
  readonly failure?: string
}

export const SOAK_HEADING = '## Long runs (npm run soak)'

/** The results with their section on long runs replaced, or added at the end. The rest stays as it is. */
export function withSoakSection(
  results: string,
  reports: readonly SoakReport[],
  run: { readonly seed: number; readonly dateIso: string },
): string {
  const rows = reports.map(({ name, promise, seconds, counts, failure }) => {
    const figures = Object.entries(counts).map(([what, count]) => `${what} ${shown(count)}`)
    const verdict = failure === undefined ? 'yes' : `**no**: ${failure.split('\n')[0] ?? ''}`
    return `| ${name} | ${promise} | ${verdict} | ${figures.join(', ')} | ${seconds.toFixed(0)} |`
  })
  const section = [
    SOAK_HEADING,
    '',
    `Run on ${run.dateIso} with seed ${run.seed}.`,
    '',
    '| run | promise | held | counted | seconds |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
  return `${withoutSoakSection(results).trimEnd()}\n\n${section}`
}

/** Everything but the section, for whoever writes the rest anew. */
export function withoutSoakSection(results: string): string {
  const at = results.indexOf(SOAK_HEADING)
  if (at < 0) return results
  const next = results.indexOf('\n## ', at + SOAK_HEADING.length)
  return results.slice(0, at) + (next < 0 ? '' : results.slice(next + 1))
}

/** The section as it stands, or nothing. */
export const soakSectionOf = (results: string): string => {
  const at = results.indexOf(SOAK_HEADING)
  if (at < 0) return ''
  const next = results.indexOf('\n## ', at + SOAK_HEADING.length)
  return next < 0 ? results.slice(at) : results.slice(at, next + 1)
}

const shown = (count: number | string): string =>
  typeof count === 'number'
    ? Number.isInteger(count)
      ? count.toLocaleString('en-US')
      : count.toPrecision(4)
    : count
