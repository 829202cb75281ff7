import { basename } from 'node:path'
import { ConsoleError } from '../../../shared/errors'
import { type CompareRow, DEFAULT_SHIFT_MS } from '../../../shared/model/compare'
import { compareMarkdown, summaryWords } from '../../recording/compare/compare-report'
import { compareFiles } from '../../recording/compare/compare-recordings'
import type { Comparison } from '../../recording/compare/comparison'
import { IgnoreRules } from '../../recording/compare/ignore-rules'
import { inTurns } from '../../recording/compare/turns'
import type { Command } from '../command'
import { readFilter } from '../filter-argument'

const MAX_SHIFT_MS = 3_600_000

export const compare: Command = {
  name: 'compare',
  summary: 'Compares two recordings exchange by exchange: by what was asked and answered, not by time.',
  positionals: ['A.mcap', 'B.mcap'],
  options: {
    ignore: {
      value: 'FIELD',
      help: 'body.PATH, reply.PATH, header.NAME or status may differ',
      isList: true,
    },
    latency: {
      value: 'MS',
      help: `an answer that is more than this (and a quarter) slower or faster is a difference (else shown above ${DEFAULT_SHIFT_MS} ms, and none)`,
    },
    filter: { value: 'EXPR', help: 'only rows that match; with diff.kind, diff.field, diff.latency' },
  },
  notes: [
    'Text is Markdown. Exit code 6 when they differ in more than times, 0 when they do not.',
    'Differences: equal, changed, missing (not in B), added (not in A), reordered.',
  ],
  async run({ args, io, out }) {
    const [a, b] = [args.positional(0), args.positional(1)]
    const latencyMs = args.integer('latency', 0, MAX_SHIFT_MS)
    const ignore = IgnoreRules.parse(args.list('ignore'))
    const filterText = args.text('filter')
    const filter = filterText === undefined ? null : readFilter(filterText, out, 'compare')
    const comparison = await compareFiles(
      { name: basename(a), path: a },
      { name: basename(b), path: b },
      { ignore, shiftMs: latencyMs ?? DEFAULT_SHIFT_MS, signal: io.signal },
    )
    const rows = await inTurns(comparison.select(filter), { signal: io.signal })
    const { summary } = comparison
    if (out.isJsonl) tellRows(comparison, rows, (row) => out.line({ event: 'difference', ...plainRow(row) }))
    else io.stdout(await inTurns(compareMarkdown(comparison, rows), { signal: io.signal }))
    const { counts, slower, faster, roundTrips, isCoarse } = summary
    out.line({ event: 'compared', a, b, rows: summary.rows, ...counts, slower, faster, roundTrips, isCoarse })
    const differs = !summary.isEqual || (latencyMs !== undefined && slower + faster > 0)
    if (differs) throw new ConsoleError('COMPARE_DIFFERENT', summaryWords(summary))
  },
}

function tellRows(comparison: Comparison, rows: Uint32Array, tell: (row: CompareRow) => void): void {
  for (const row of rows) {
    if (comparison.kindOf(row) !== 'equal' || comparison.shiftOf(row) !== null) tell(comparison.row(row))
  }
}

const plainRow = (row: CompareRow): Omit<CompareRow, 'hue' | 'dir' | 'messageKind'> => ({
  row: row.row,
  kind: row.kind,
  shift: row.shift,
  shiftMs: row.shiftMs,
  route: row.route,
  a: row.a,
  b: row.b,
  field: row.field,
  fields: row.fields,
})
