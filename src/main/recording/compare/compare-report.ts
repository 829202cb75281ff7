import type { ComparePercentiles, CompareRow, CompareSummary } from '../../../shared/model/compare'
import type { Comparison } from './comparison'
import type { Steps } from './turns'

/** Rows that a report lists; it says how many there are beyond. */
const MAX_REPORT_ROWS = 1000

/** Characters that would be formatting are written as characters: routes and values come from the peer. */
const plain = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f]/g, ' ').replace(/[\\`*_{}[\]()#+!|<>~&]/g, (char) => `\\${char}`)

const ms = (value: number | null): string => (value === null ? '–' : value.toFixed(1))

/** `00:03:12.418` since the beginning of the recording. */
export function clockText(atMs: number): string {
  const total = Math.max(0, Math.round(atMs))
  const two = (value: number): string => String(value).padStart(2, '0')
  const hours = Math.floor(total / 3_600_000)
  const minutes = Math.floor(total / 60_000) % 60
  const seconds = Math.floor(total / 1000) % 60
  return `${two(hours)}:${two(minutes)}:${two(seconds)}.${String(total % 1000).padStart(3, '0')}`
}

/** `+38 %`; empty where one of both is missing. */
function shiftPercent(a: number | null, b: number | null): string {
  if (a === null || b === null || a <= 0) return ''
  const percent = Math.round(((b - a) / a) * 100)
  return `${percent > 0 ? '+' : percent < 0 ? '−' : ''}${Math.abs(percent)} %`
}

const shiftText = (byMs: number | null): string =>
  byMs === null ? '' : `${byMs < 0 ? '−' : '+'}${Math.abs(byMs).toFixed(1)}`

/** What there is to say about a row in a few words: `reply.rev 16 to 17`. */
function differenceText({ kind, field, fields }: CompareRow): string {
  if (kind === 'missing') return 'missing in B'
  if (kind === 'added') return 'only in B'
  if (kind === 'reordered') return 'at another place'
  if (field === null) return ''
  const more = fields > 1 ? `, ${fields - 1} more` : ''
  if (field.a === null) return `${field.path} came: ${field.b ?? ''}${more}`
  if (field.b === null) return `${field.path} went: ${field.a}${more}`
  return `${field.path} ${field.a} to ${field.b}${more}`
}

/** The numbers in one line. */
export function summaryWords({ counts, slower, faster, rows, isCoarse }: CompareSummary): string {
  const words = `${rows} exchanges: ${counts.equal} equal, ${counts.changed} changed, ${counts.missing} missing, ${counts.added} added, ${counts.reordered} at another place; ${slower} slower, ${faster} faster`
  return isCoarse ? `${words} (they differ much: the alignment is approximate)` : words
}

/** A report for an issue or a pull request, as GitHub-flavoured Markdown. Rows that are equal in everything are left out. */
export function* compareMarkdown(comparison: Comparison, rows: Uint32Array): Steps<string> {
  const { summary } = comparison
  const lines = [
    `# ${plain(summary.a.recording)} compared with ${plain(summary.b.recording)}`,
    '',
    `${summaryWords(summary)}.`,
    '',
    `A shift counts above ${summary.shiftMs} ms and a quarter of the shorter time.`,
  ]
  if (summary.ignored.length > 0) {
    lines.push('', `Ignored: ${summary.ignored.map((field) => plain(field)).join(', ')}.`)
  }
  for (const [name, side] of [
    ['A', summary.a],
    ['B', summary.b],
  ] as const) {
    if (side.damagedBytes > 0) lines.push('', `${name}: ${side.damagedBytes} bytes could not be read.`)
  }
  const { a, b } = summary.roundTrips
  if (a.count + b.count > 0) {
    lines.push('', '| Round trip | A | B | shift |', '| --- | ---: | ---: | ---: |')
    for (const name of ['p50', 'p95', 'p99'] as const) {
      lines.push(`| ${name} ms | ${ms(a[name])} | ${ms(b[name])} | ${shiftPercent(a[name], b[name])} |`)
    }
    lines.push('', '| Route, p95 ms | A | B | shift |', '| --- | ---: | ---: | ---: |')
    for (const { route, a, b } of summary.routes.slice(0, 20)) {
      if (a.count + b.count > 0) lines.push(routeLine(route, a, b))
    }
  }
  let told = 0
  let beyond = 0
  for (let at = 0; at < rows.length; at++) {
    if (at % 256 === 0) yield at / rows.length
    const number = rows[at]!
    if (comparison.kindOf(number) === 'equal' && comparison.shiftOf(number) === null) continue
    if (told >= MAX_REPORT_ROWS) {
      beyond += 1
      continue
    }
    if (told === 0) lines.push('', ...DIFFERENCES_HEAD)
    told += 1
    lines.push(rowLine(comparison.row(number)))
  }
  if (beyond > 0) lines.push('', `${beyond} more differences are not listed.`)
  if (told === 0) lines.push('', 'Nothing differs.')
  return `${lines.join('\n')}\n`
}

const DIFFERENCES_HEAD = [
  '| | exchange | A | B | shift ms | difference |',
  '| --- | --- | --- | --- | ---: | --- |',
] as const

const routeLine = (route: string, a: ComparePercentiles, b: ComparePercentiles): string =>
  `| ${plain(route)} | ${ms(a.p95)} | ${ms(b.p95)} | ${shiftPercent(a.p95, b.p95)} |`

function rowLine(row: CompareRow): string {
  const word = row.kind === 'equal' ? (row.shift ?? '') : row.kind
  const side = (at: CompareRow['a']): string =>
    at === null ? '' : `\\#${at.messageId} ${clockText(at.atMs)}`
  return `| ${word} | ${plain(row.route)} | ${side(row.a)} | ${side(row.b)} | ${shiftText(row.shiftMs)} | ${plain(differenceText(row))} |`
}
