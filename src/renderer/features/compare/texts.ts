import type { CompareField, CompareRow, DifferenceKind, LatencyShift } from '../../../shared/model/compare'
import type { ExplanationPartName } from '../../../shared/model/explanation'
import { formatBytes, groupDigits, plural } from '../../ui/format'

const kinds: Readonly<Record<DifferenceKind, string>> = {
  equal: 'Equal',
  changed: 'Changed',
  missing: 'Missing in B',
  added: 'Only in B',
  reordered: 'At another place',
}

const parts: Readonly<Record<ExplanationPartName, string>> = {
  'link-down': 'no connection',
  session: 'peer not ready',
  queued: 'queued',
  blocked: 'blocked',
  wire: 'wire',
  overhead: 'heads',
  repeated: 'sent again',
  peer: 'peer',
  'answer-blocked': 'answer blocked',
  'answer-wire': 'answer on the wire',
  decode: 'decode',
  unknown: 'unknown',
}

export const compareTexts = {
  title: 'Compare',
  choose: 'Choose two recordings',
  chooseWhy: 'They are aligned by what was asked and answered, in order, not by time.',
  none: 'There are fewer than two recordings.',
  noneWhy: 'Record the same work twice with Ctrl+Shift+R, then come back.',
  a: 'Recording A',
  b: 'Recording B',
  compare: 'Compare',
  other: 'Other recordings…',
  over: 'over',
  swap: 'Swap A and B',
  cancel: 'Cancel',
  again: 'Try again',
  reading: 'Reading both recordings…',
  aligning: 'Aligning…',
  failed: 'The recordings cannot be compared.',
  ignore: 'Ignore',
  ignoreHint: 'body.timestamp, reply.rev',
  ignoreLabel: 'Fields that may differ, with commas between them',
  filter: 'Filter rows',
  filterHint: 'diff.latency > 20ms',
  show: 'Rows shown',
  all: 'All',
  segments: { changed: 'Changed', missing: 'Missing', added: 'Added', slower: 'Slower', moved: 'Moved' },
  p95: 'p95',
  markdown: {
    none: 'Copy report as Markdown',
    copied: 'Report copied',
    failed: 'The browser refused to copy',
  },
  coarse: 'They differ much: the alignment is approximate.',
  damaged: (name: string, bytes: number): string => `${formatBytes(bytes)} of ${name} cannot be read.`,
  strip: 'Lines of both recordings',
  sameExchange: 'Same exchange',
  line: 'Line',
  grid: 'Aligned exchanges',
  columns: {
    time: 'time',
    rtt: 'rtt ms',
    exchange: 'exchange',
    difference: 'difference',
    shift: 'shift ms',
  },
  nothing: 'No row fits.',
  showAll: 'Show all',
  kinds,
  kindOf: (kind: DifferenceKind, shift: LatencyShift): string =>
    shift === null ? kinds[kind] : `${kinds[kind]}, ${shift}`,
  inspector: 'Difference',
  pick: 'Choose an exchange to see what differs and where the time went.',
  overLine: (a: number | undefined, b: number | undefined): string => {
    if (a === undefined) return `#${b ?? 0} only in B`
    return b === undefined ? `#${a} missing in B` : `#${a} over #${b}`
  },
  fields: 'Fields',
  differs: (differs: number, all: number): string =>
    differs === 0 ? `all ${groupDigits(all)} equal` : `${groupDigits(differs)} of ${groupDigits(all)} differ`,
  noFields: 'Neither has fields to compare.',
  moreFields: (count: number): string => `${plural(count, 'more field')} not shown`,
  equal: 'equal',
  absent: 'absent',
  time: 'Where the time went',
  parts,
  roundTrips: 'Round trip, all requests',
  counts: (a: number, b: number): string => `${groupDigits(a)} in A, ${groupDigits(b)} in B`,
  noRoundTrips: 'No request was answered in either.',
  histogram: (a: string, b: string): string => `Round trips: p95 of A ${a}, p95 of B ${b}`,
  byRoute: 'By route',
  p95Ms: 'p95 ms',
  route: 'route',
  shift: 'shift',
  difference: (row: CompareRow): readonly [string, string, string, string] => {
    const { kind, field, fields } = row
    if (kind === 'missing' || kind === 'added' || kind === 'reordered') return [kinds[kind], '', '', '']
    if (field === null) return ['', '', '', '']
    return [field.path, valueWord(field.a), valueWord(field.b), fields > 1 ? `, ${fields - 1} more` : '']
  },
  to: 'to',
} as const

const valueWord = (value: CompareField['a']): string => value ?? 'absent'
