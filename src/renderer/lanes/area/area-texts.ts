import { formatBytes, formatDuration, formatPercent, formatRate, groupDigits, plural } from '../../ui/format'
import type { AreaTotals, DirectionTotals } from './area-types'

export const areaTexts = {
  label: 'Selected span',
  title: (totals: AreaTotals) => `Selected ${formatDuration(totals.toMs - totals.fromMs)}`,
  sent: 'Sent',
  received: 'Received',
  messages: 'Messages',
  chunks: 'Chunks',
  body: 'Body bytes',
  wire: 'On the wire',
  goodput: 'Goodput',
  overhead: 'Overhead',
  idle: 'Idle',
  priority: (priority: number) => `Priority ${priority}`,
  priorityFacts: (messages: number, bytes: number) => `${plural(messages, 'message')}, ${formatBytes(bytes)}`,
  noMessages: 'No message has a chunk in this span.',
  merged: (chunks: number) => `${plural(chunks, 'chunk')} came summed up: their times are rough.`,
  cut: 'Older chunks are not kept here: the sums lack them.',
  zoom: 'Zoom to',
  filter: 'Filter on it',
  clear: 'Clear the selection (Esc)',
  absent: '–',
} as const

const NONE = areaTexts.absent

/** Share of the bytes on the wire that were no body. */
const overheadOf = ({ payloadBytes, wireBytes }: DirectionTotals): number | null =>
  wireBytes === 0 ? null : Math.max(0, 1 - payloadBytes / wireBytes)

/** Rows of the card: name, sent, received. */
export function areaRows(totals: AreaTotals): readonly (readonly [string, string, string])[] {
  const lengthMs = totals.toMs - totals.fromMs
  const both = (name: string, fact: (sum: DirectionTotals) => string) =>
    [name, fact(totals.out), fact(totals.in)] as const
  return [
    both(areaTexts.messages, (sum) => groupDigits(sum.messages)),
    both(areaTexts.chunks, (sum) => groupDigits(sum.chunks)),
    both(areaTexts.body, (sum) => groupDigits(sum.payloadBytes)),
    both(areaTexts.wire, (sum) => groupDigits(sum.wireBytes)),
    both(areaTexts.goodput, (sum) => formatRate((sum.payloadBytes / lengthMs) * 1000)),
    both(areaTexts.overhead, (sum) => {
      const share = overheadOf(sum)
      return share === null ? NONE : formatPercent(share)
    }),
    both(areaTexts.idle, (sum) => formatPercent(Math.max(0, 1 - sum.busyMs / lengthMs))),
  ]
}

/** All of it in one sentence, for a screen reader. */
export function areaSentence(totals: AreaTotals): string {
  const rows = areaRows(totals).map(([name, sent, received]) => `${name} ${sent} and ${received}`)
  return `${areaTexts.title(totals)}, sent and received: ${rows.join(', ')}.`
}
