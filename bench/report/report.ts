import type { Findings } from '../findings'
import type { PeerEntry } from '../peers/table'
import { judgeMoonshot, judgeTargets, type Ours } from '../targets'
import { figure, ranged, table } from './format'
import {
  bulkTable,
  codecTable,
  fairnessTable,
  latencyTable,
  lineTable,
  memoryTable,
  observerTable,
  rateTable,
  wireTable,
} from './tables'

/** How and where the figures came about. */
export interface RunFacts {
  readonly command: string
  readonly rounds: number
  readonly bulkMiB: number
  readonly minutes: number
  readonly machine: string
  readonly dateIso: string
}

/** The results as Markdown. */
export function renderReport(
  findings: Findings,
  peers: readonly PeerEntry[],
  ours: readonly Ours[],
  facts: RunFacts,
): string {
  const names = peers.map(({ name }) => name)
  const watched = ours.flatMap(({ name, watched: by }) => (by === undefined ? [] : [[name, by] as const]))
  const sections: readonly (readonly [string, string, string])[] = [
    [
      'Bulk',
      `${facts.bulkMiB} MiB one way, warm; the median of up to three transfers in a process pair.`,
      bulkTable(findings, names),
    ],
    [
      'Request rate',
      '100-byte requests and echoes. *Young*: after 200 requests in a fresh process, as the goals of target 4 were found; *warm*: the same process a second later. What `raw-64k` reaches is the most that a ratio to http2 can be on this machine.',
      rateTable(findings, names),
    ],
    [
      'Request latency',
      '100-byte requests every 5 ms whether or not earlier ones were answered, alone and while transfers of 256 MiB run. Requests without answer count with their age. *due* is measured from the time a request was due, the rest from the call.',
      latencyTable(findings, names),
    ],
    [
      'Fairness',
      'Eight transfers side by side, looked at when half of all bytes had arrived.',
      fairnessTable(findings, names),
    ],
    [
      'Bytes on the wire',
      'Counted by a proxy between the two processes, in a connection that is in use.',
      wireTable(findings),
    ],
    [
      'Memory',
      `Peak of a fresh process during one transfer of ${facts.bulkMiB} MiB, above an empty Node (${figure(findings.emptyNodeMiB[0] ?? Number.NaN)} MiB).`,
      memoryTable(findings, names),
    ],
    [
      'The cost of watching',
      'Capture, feeds and contract server on the thread that sends, and a screen on another one that gets lanes, messages and status and acknowledges them. What a screen does with them is the time of its own process.',
      observerTable(findings, watched),
    ],
    [
      'Serial line',
      'Simulated in virtual time: exact and repeatable, no spread. 4 KiB driver FIFO at each end, 60 s, a 100-byte request of the highest priority every 250 to 350 ms, bulk waiting all the time. *Bound* is (A + c + h + m)/R + 5 ms with A = 5 ms of line (25 ms where refills come late); *ahead* is the most that an urgent message found in front of it, in the driver or handed over before its first byte, and what A + c + h allows. Where nothing answers, the figures are ages, so they are too low.',
      lineTable(findings),
    ],
    [
      'Codec alone',
      'In one process, no sockets; the best of several short runs in each round.',
      codecTable(findings),
    ],
  ]
  return [
    '# Benchmark results',
    '',
    `Written by \`${facts.command}\` on ${facts.dateIso} in ${facts.minutes.toFixed(1)} minutes: ${facts.rounds} alternating rounds, a fresh process pair for each measurement, TCP on loopback. ${facts.machine}.`,
    '',
    'Medians over the rounds with (smallest–largest); ratios are formed within each round. Before the rounds each peer proved that it delivers what was sent (digest of a transfer, echoes compared byte by byte).',
    ...(findings.isNoisy
      ? [
          '',
          '**Noisy:** `raw-64k` itself varied by more than 1.5× between rounds, so timed figures are not judged.',
        ]
      : []),
    ...(findings.failures.length > 0
      ? [
          '',
          '**Failed:**',
          '',
          ...findings.failures.map(
            ({ round, what, message }) =>
              `- ${round === null ? 'before the rounds' : `round ${round + 1}`}, ${what}: ${message}`,
          ),
        ]
      : []),
    '',
    '## Targets',
    '',
    targetsTable(findings, ours),
    '',
    ...ours.map((own) => moonshotLine(findings, own)),
    '',
    '## Peers',
    '',
    ...peers.map(({ name, about }) => `- \`${name}\`: ${about}`),
    ...sections.flatMap(([title, about, content]) =>
      isEmptyTable(content) ? [] : ['', `## ${title}`, '', about, '', content],
    ),
    '',
  ].join('\n')
}

const isEmptyTable = (content: string): boolean => content.split('\n').length <= 2

function targetsTable(findings: Findings, ours: readonly Ours[]): string {
  const judged = ours.map((own) => judgeTargets(findings, own))
  return table(
    ['#', 'target', 'goal', ...ours.flatMap(({ dialect }) => [dialect, 'reached'])],
    judged[0]!.map(({ id, what, goal }, at) => [
      id,
      what,
      goal,
      ...judged.flatMap((judgements) => {
        const { measured, unit, verdict } = judgements[at]!
        return [measured === null ? '–' : `${ranged(measured)} ${unit}`.trim(), verdict]
      }),
    ]),
  )
}

function moonshotLine(findings: Findings, own: Ours): string {
  const { verdict, open } = judgeMoonshot(judgeTargets(findings, own))
  const because = open.length === 0 ? '' : ` (${open.join(', ')})`
  return `**Moonshot** (targets 5, 6, 9 and 10 together, default options), \`${own.dialect}\`: ${verdict}${because}.\n`
}
