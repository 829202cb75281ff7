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

/** The results with the rows of these runs replaced or added; rows of other jobs stay as they are, those of jobs that are no more go. */
export function withSoakSection(
  results: string,
  reports: readonly SoakReport[],
  run: { readonly seed: number; readonly dateIso: string; readonly jobs: readonly string[] },
): string {
  const rows = rowsOf(results)
  for (const { name, promise, seconds, counts, failure } of reports) {
    const figures = Object.entries(counts).map(([what, count]) => `${what} ${shown(count)}`)
    const verdict = failure === undefined ? 'yes' : `**no**: ${failure.split('\n')[0] ?? ''}`
    const cells = [name, promise, verdict, figures.join(', '), seconds.toFixed(0), run.dateIso, run.seed]
    rows.set(name, `| ${cells.join(' | ')} |`)
  }
  return withSection(results, SOAK_HEADING, [
    'Each row is the last whole run of its job (scale 1).',
    '',
    '| run | promise | held | counted | seconds | on | seed |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...run.jobs.flatMap((name) => rows.get(name) ?? []),
  ])
}

/** Rows of the section as it stands, by job. */
function rowsOf(results: string): Map<string, string> {
  const [, section = ''] = results.split(`${SOAK_HEADING}\n`)
  const [own = ''] = section.split('\n## ')
  const rows = own.split('\n').filter((line) => /^\| [a-z]/.test(line) && !line.startsWith('| run |'))
  return new Map(rows.map((row) => [row.split(' | ')[0]!.slice(2), row]))
}

const shown = (count: number | string): string =>
  typeof count === 'number'
    ? Number.isInteger(count)
      ? count.toLocaleString('en-US')
      : count.toPrecision(4)
    : count
