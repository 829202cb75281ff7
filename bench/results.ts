import type { LineResult } from './line'
import type { BulkResult, LatencyResult } from './process'
import { median, ratios, spread } from './statistics'

export interface PeerFigures {
  readonly name: string
  readonly bulk: readonly BulkResult[]
  readonly idle: readonly LatencyResult[]
  readonly loaded: readonly LatencyResult[]
}

export interface RunFacts {
  readonly rounds: number
  readonly bulkMiB: number
  readonly isNoisy: boolean
  readonly machine: string
  readonly dateIso: string
}

const digits = (value: number, count = 2): string => value.toFixed(count)
const ranged = (values: readonly number[], count = 2): string => {
  const { median: middle, min, max } = spread(values)
  return `${digits(middle, count)} (${digits(min, count)}–${digits(max, count)})`
}
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')

const rates = (figures: PeerFigures): number[] => figures.bulk.map((result) => result.megabytesPerSecond)

/** The results as Markdown: medians with the spread over the rounds, ratios formed within each round. */
export function renderResults(
  figures: readonly PeerFigures[],
  lines: readonly LineResult[],
  facts: RunFacts,
): string {
  const raw64 = rates(figures.find(({ name }) => name === 'raw-64k')!)
  const raw4 = rates(figures.find(({ name }) => name === 'raw-4k')!)
  const bulkRows = figures.map((peer) => [
    peer.name,
    ranged(rates(peer), 0),
    ranged(ratios(rates(peer), raw64)),
    ranged(ratios(rates(peer), raw4)),
    ranged(
      peer.bulk.map((result) => result.rssMiB),
      0,
    ),
  ])
  const latencyRows = figures.map((peer) => {
    const p50Ratio = ratios(
      peer.loaded.map((result) => result.p50Ms),
      peer.idle.map((result) => result.p50Ms),
    )
    const sum = (pick: (result: LatencyResult) => number): number =>
      peer.loaded.reduce((total, result) => total + pick(result), 0)
    return [
      peer.name,
      `${digits(median(peer.idle.map((result) => result.p50Ms)))} / ${digits(median(peer.idle.map((result) => result.p99Ms)))}`,
      `${ranged(peer.loaded.map((result) => result.p50Ms))} / ${ranged(peer.loaded.map((result) => result.p99Ms))}`,
      ranged(p50Ratio, 1),
      digits(median(peer.loaded.map((result) => result.dueP99Ms))),
      ranged(
        peer.loaded.map((result) => result.bulkMegabytesPerSecond),
        0,
      ),
      `${sum((result) => result.answered)}/${sum((result) => result.asked)}`,
    ]
  })
  const lineRows = lines.map((line) => [
    String(line.baud),
    String(line.chunkBytes),
    `${digits(line.idleP50Ms, 1)} / ${digits(line.idleP99Ms, 1)}`,
    `${digits(line.bulkP50Ms, 1)} / ${digits(line.bulkP99Ms, 1)}`,
    `${line.answered}/${line.asked}`,
    `${digits(line.busy * 100, 1)} %`,
    `${digits(line.goodput * 100, 1)} %`,
  ])
  return `# Benchmark results

Written by \`npm run bench\` on ${facts.dateIso}: ${facts.rounds} alternating rounds, fresh process pairs, TCP loopback.
Machine: ${facts.machine}.
Medians over the rounds, (smallest–largest) beside them; ratios are formed within each round.${
    facts.isNoisy
      ? '\n\n**Noisy run:** the raw limit itself varied by more than 1.5× between rounds. Read ratios only.'
      : ''
  }

Peers: \`raw-64k\` plain socket writes of 64 KiB; \`raw-4k\` 16-byte header + 4 KiB, sixteen corked; both use a second connection for requests. \`lso\` is the whole stack as the program runs it (link, taps, trace observer, send policy, 4 KiB chunks) on one connection.

## Bulk, ${facts.bulkMiB} MiB one way

${table(['peer', 'MB/s', '× raw-64k', '× raw-4k', 'client RSS MiB'], bulkRows)}

## 100-byte request, open loop every 5 ms

Unanswered requests count with their age. *due* is measured from the time the request was due and shows a blocked event loop too.

${table(['peer', 'idle p50 / p99 ms', 'under bulk p50 / p99 ms', 'p50 × own idle', 'due p99 ms', 'bulk MB/s meanwhile', 'answered'], latencyRows)}

## Serial line, simulated in virtual time

\`lso\` on a line with a 4 KiB driver FIFO at each end; 60 s, a 100-byte request of priority 0 every 250–350 ms, bulk of priority 7 in the queue all the time. Exact and repeatable: no spread.

${table(['baud', 'chunk B', 'idle p50 / p99 ms', 'under bulk p50 / p99 ms', 'answered', 'line busy', 'bulk goodput'], lineRows)}
`
}
