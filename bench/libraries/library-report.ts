import { rangedOf, table } from '../report/format'
import { type LibraryFindings, type RowFigures, TRANSFER_MIB } from './library-run'

export const LIBRARIES_HEADING = '## Beside the libraries (npm run bench -- --only libraries)'

export interface LibraryRun {
  readonly dateIso: string
  readonly machine: string
  readonly minutes: number
}

/** The lines of the section: medians over the rounds, and what could not run with the reason. */
export function librarySection(
  { rows, rounds, failures }: LibraryFindings,
  { dateIso, machine, minutes }: LibraryRun,
): string[] {
  const cell = (name: string, figure: (figures: RowFigures) => number | undefined): string =>
    rangedOf(
      rounds.flatMap((round) => {
        const value = figure(round.get(name) ?? {})
        return value === undefined ? [] : [value]
      }),
    )
  const lines = rows.map(({ name, missing }) =>
    missing === undefined
      ? [
          `\`${name}\``,
          cell(name, ({ transfer }) => transfer),
          cell(name, ({ rate }) => rate?.sequentialPerSecond),
          cell(name, ({ rate }) => rate?.concurrentPerSecond),
          cell(name, ({ idle }) => idle?.p50Ms),
          cell(name, ({ idle }) => idle?.p99Ms),
          cell(name, ({ loaded }) => loaded?.p50Ms),
          cell(name, ({ loaded }) => loaded?.p99Ms),
        ]
      : [`\`${name}\``, `skipped: ${missing}`, ...new Array<string>(6).fill('–')],
  )
  return [
    `Run on ${dateIso} in ${minutes.toFixed(1)} minutes, ${rounds.length} rounds, a fresh process pair for each measurement, TCP on loopback. ${machine}.`,
    '',
    `The same implementation at both ends. A transfer is one message of ${TRANSFER_MIB} MiB; requests carry 100 bytes and are echoed; under bulk, transfers of that size go on beside them, and what is not answered half a second after the last request counts with its age.`,
    '',
    ...rows.map(({ name, about }) => `- \`${name}\`: ${about}`),
    '',
    table(
      [
        'who',
        `${TRANSFER_MIB} MiB, MB/s`,
        'requests/s in turn',
        'requests/s, 64 at once',
        'p50 idle, ms',
        'p99 idle, ms',
        'p50 under bulk, ms',
        'p99 under bulk, ms',
      ],
      lines,
    ),
    ...failures.flatMap((failure) => ['', `**Failed:** ${failure}`]),
  ]
}
