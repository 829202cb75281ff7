import { withSection } from '../bench/report/section'
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
  return withSection(results, SOAK_HEADING, [
    `Run on ${run.dateIso} with seed ${run.seed}.`,
    '',
    '| run | promise | held | counted | seconds |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ])
}

const shown = (count: number | string): string =>
  typeof count === 'number'
    ? Number.isInteger(count)
      ? count.toLocaleString('en-US')
      : count.toPrecision(4)
    : count
