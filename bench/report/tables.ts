import { type Findings, over, type PeerFigures } from '../findings'
import { median } from '../statistics'
import { bytesPerByte, figure, percent, rangedOf, table } from './format'

type Pick = (figures: PeerFigures) => number | undefined

const cell = (findings: Findings, peer: string, pick: Pick, format?: (value: number) => string): string =>
  rangedOf(
    findings.perRound((round) => pick(round.of(peer))),
    format,
  )

const ratioCell = (
  findings: Findings,
  peer: string,
  pick: Pick,
  base: string,
  basePick: Pick = pick,
): string => rangedOf(findings.perRound((round) => over(pick(round.of(peer)), basePick(round.of(base)))))

const measured = (
  findings: Findings,
  peers: readonly string[],
  pick: (figures: PeerFigures) => unknown,
): string[] => peers.filter((peer) => findings.rounds.some((round) => pick(round.of(peer)) !== undefined))

const bulk: Pick = (figures) => figures.bulk

export const bulkTable = (findings: Findings, peers: readonly string[]): string =>
  table(
    ['peer', 'MB/s', '× raw-64k', '× raw-4k'],
    measured(findings, peers, bulk).map((peer) => [
      peer,
      cell(findings, peer, bulk),
      ratioCell(findings, peer, bulk, 'raw-64k'),
      ratioCell(findings, peer, bulk, 'raw-4k'),
    ]),
  )

export function rateTable(findings: Findings, peers: readonly string[]): string {
  const columns: readonly (readonly [string, Pick])[] = [
    ['young: one at a time, /s', ({ rate }) => rate?.young.sequentialPerSecond],
    ['young: 64 at once, /s', ({ rate }) => rate?.young.concurrentPerSecond],
    ['warm: one at a time, /s', ({ rate }) => rate?.warm.sequentialPerSecond],
    ['warm: 64 at once, /s', ({ rate }) => rate?.warm.concurrentPerSecond],
  ]
  return table(
    ['peer', ...columns.flatMap(([name]) => [name, '× http2'])],
    measured(findings, peers, ({ rate }) => rate).map((peer) => [
      peer,
      ...columns.flatMap(([, pick]) => [
        cell(findings, peer, pick),
        ratioCell(findings, peer, pick, 'http2'),
      ]),
    ]),
  )
}

export function latencyTable(findings: Findings, peers: readonly string[]): string {
  const sum = (peer: string, pick: Pick): number =>
    findings.perRound((round) => pick(round.of(peer))).reduce((total, value) => total + value, 0)
  return table(
    [
      'peer',
      'idle p50 / p99 ms',
      'under bulk p50 ms',
      'p99 ms',
      'p50 × idle',
      'p99 × idle',
      'due p50 / p99 ms',
      'bulk MB/s meanwhile',
      'answered',
    ],
    measured(findings, peers, ({ loaded }) => loaded).map((peer) => [
      peer,
      `${cell(findings, peer, ({ idle }) => idle?.p50Ms)} / ${cell(findings, peer, ({ idle }) => idle?.p99Ms)}`,
      cell(findings, peer, ({ loaded }) => loaded?.p50Ms),
      cell(findings, peer, ({ loaded }) => loaded?.p99Ms),
      cell(findings, peer, ({ loaded, idle }) => over(loaded?.p50Ms, idle?.p50Ms)),
      cell(findings, peer, ({ loaded, idle }) => over(loaded?.p99Ms, idle?.p99Ms)),
      `${cell(findings, peer, ({ loaded }) => loaded?.dueP50Ms)} / ${cell(findings, peer, ({ loaded }) => loaded?.dueP99Ms)}`,
      cell(findings, peer, ({ loaded }) => loaded?.bulkMegabytesPerSecond),
      `${sum(peer, ({ loaded }) => loaded?.answered)}/${sum(peer, ({ loaded }) => loaded?.asked)}`,
    ]),
  )
}

export const fairnessTable = (findings: Findings, peers: readonly string[]): string =>
  table(
    ['peer', 'Jain index at half'],
    measured(findings, peers, ({ fairness }) => fairness).map((peer) => [
      peer,
      cell(
        findings,
        peer,
        ({ fairness }) => fairness,
        (value) => value.toFixed(4),
      ),
    ]),
  )

export function memoryTable(findings: Findings, peers: readonly string[]): string {
  const empty = median(findings.emptyNodeMiB)
  return table(
    ['peer', 'client MiB above empty', 'server MiB above empty'],
    measured(findings, peers, ({ memory }) => memory).map((peer) => [
      peer,
      cell(findings, peer, ({ memory }) => memory && memory.clientMiB - empty),
      cell(findings, peer, ({ memory }) => memory && memory.serverMiB - empty),
    ]),
  )
}

export const wireTable = (findings: Findings): string =>
  table(
    ['peer', 'bulk: bytes up per payload byte', '20-byte request: bytes up', 'bytes down'],
    [...findings.wire].map(([peer, wire]) => [
      peer,
      bytesPerByte(wire.upPerPayloadByte),
      figure(wire.requestUpBytes),
      figure(wire.requestDownBytes),
    ]),
  )

export function observerTable(findings: Findings, pairs: readonly (readonly [string, string])[]): string {
  const p99: Pick = ({ loaded }) => loaded?.p99Ms
  const p50: Pick = ({ loaded }) => loaded?.p50Ms
  return table(
    ['peer', 'bulk MB/s', 'bulk × without', 'under bulk p50 × without', 'p99 × without'],
    pairs
      .filter(([, watched]) => measured(findings, [watched], bulk).length > 0)
      .map(([plain, watched]) => [
        watched,
        cell(findings, watched, bulk),
        ratioCell(findings, watched, bulk, plain),
        ratioCell(findings, watched, p50, plain),
        ratioCell(findings, watched, p99, plain),
      ]),
  )
}

export const lineTable = (findings: Findings): string =>
  table(
    [
      'baud',
      'peer',
      'line',
      'chunk B',
      'idle p50 / p99 ms',
      'under bulk p50 / p99 ms',
      'one way p99 ms',
      'bound ms',
      'ahead B (may be)',
      'answered',
      'busy',
      'goodput',
    ],
    findings.lines.map(({ baud, peer, variant, idle, loaded, limits, boundMs, allowedBytes }) => [
      baud.toLocaleString('en'),
      peer,
      variant,
      limits ? String(limits.chunkBytes) : '–',
      `${figure(idle.p50Ms)} / ${figure(idle.p99Ms)}`,
      `${figure(loaded.p50Ms)} / ${figure(loaded.p99Ms)}`,
      figure(loaded.oneWayP99Ms),
      boundMs === undefined ? '–' : figure(boundMs),
      limits && allowedBytes !== undefined ? `${limits.aheadBytes} (${allowedBytes})` : '–',
      `${loaded.answered}/${loaded.asked}`,
      percent(loaded.busy),
      percent(loaded.goodput),
    ]),
  )

export const codecTable = (findings: Findings): string =>
  table(
    ['codec alone', 'measured', 'unit'],
    findings.codec.map(({ name, values, unit }) => [name, rangedOf(values), unit]),
  )
