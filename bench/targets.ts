import { type Findings, over, type Round } from './findings'
import { PLAIN } from './line/line-variant'
import { median, spread, type Spread } from './statistics'

/** Which of the measured peers stand for one of our dialects. */
export interface Ours {
  readonly dialect: string
  /** Default options. */
  readonly name: string
  /** No checksum, chunks of 4 KiB; the same with 64 KiB. Absent, here and below: the dialect has no such choice. */
  readonly unchecked?: string
  readonly coalesced?: string
  /** CRC-32C on: the built-in one, and the fastest there is. */
  readonly checked?: string
  readonly fastChecked?: string
  /** With the console attached. */
  readonly watched?: string
}

export type Verdict = 'yes' | 'no' | 'noisy' | 'not measured'

export interface Judgement {
  /** As numbered in the plan: `5 p50`. */
  readonly id: string
  readonly what: string
  readonly goal: string
  readonly measured: Spread | null
  readonly unit: string
  readonly verdict: Verdict
}

interface Target {
  readonly id: string
  readonly what: string
  readonly goal: { readonly atLeast: number } | { readonly atMost: number }
  readonly unit?: string
  /** Times and rates of short events: not judged when the machine did not hold still. */
  readonly isTimed: boolean
  readonly values: (findings: Findings, ours: Ours) => readonly number[]
}

const perRound =
  (figure: (round: Round, ours: Ours) => number | undefined): Target['values'] =>
  (findings, ours) =>
    findings.perRound((round) => figure(round, ours))

const least = (...values: (number | undefined)[]): number | undefined =>
  values.some((value) => value === undefined) ? undefined : Math.min(...(values as number[]))

const bulkOf = (round: Round, peer: string | undefined): number | undefined =>
  peer === undefined ? undefined : round.of(peer).bulk

const onLine =
  (
    figure: (
      line: Findings['lines'][number],
      http2: Findings['lines'][number] | undefined,
    ) => number | undefined,
  ): Target['values'] =>
  ({ lines }, { dialect }) => {
    const plain = lines.filter(({ baud, variant }) => baud === 115_200 && variant === PLAIN.name)
    const own = plain.find(({ peer }) => peer === dialect)
    const http2 = plain.find(({ peer }) => peer === 'http2')
    const value = own && figure(own, http2)
    return value === undefined ? [] : [value]
  }

const codecFigure =
  (name: string): Target['values'] =>
  ({ codec }) =>
    codec.find((figure) => figure.name === name)?.values ?? []

/** Names of the figures of `codec.ts` that targets 12 and 13 are about. */
export const CODEC_FIGURES = {
  viewsGigabytes: 'decode 4 KiB views',
  smallFrames: 'decode 20 B frames',
  cobsRandom: 'COBS encode random',
  cobsZeros: 'COBS encode zeros',
} as const

const TARGETS: readonly Target[] = [
  {
    id: '1',
    what: 'bulk, CRC off, 4 KiB chunks, of raw-4k',
    goal: { atLeast: 0.9 },
    unit: '×',
    isTimed: true,
    values: perRound((round, ours) => over(bulkOf(round, ours.unchecked), round.of('raw-4k').bulk)),
  },
  {
    id: '2',
    what: 'bulk, chunks joined to 64 KiB, of raw-64k',
    goal: { atLeast: 0.9 },
    unit: '×',
    isTimed: true,
    values: perRound((round, ours) => over(bulkOf(round, ours.coalesced), round.of('raw-64k').bulk)),
  },
  {
    id: '3',
    what: 'bulk, CRC-32 on, of raw-64k',
    goal: { atLeast: 0.5 },
    unit: '×',
    isTimed: true,
    values: perRound((round, ours) => over(bulkOf(round, ours.checked), round.of('raw-64k').bulk)),
  },
  {
    id: '3 faster CRC',
    what: 'the same with the optional CRC package',
    goal: { atLeast: 0.7 },
    unit: '×',
    isTimed: true,
    values: perRound((round, ours) => over(bulkOf(round, ours.fastChecked), round.of('raw-64k').bulk)),
  },
  {
    id: '4 at 64',
    what: 'requests at 64 at once, young processes, of http2',
    goal: { atLeast: 30 },
    unit: '×',
    isTimed: true,
    values: perRound((round, { name }) =>
      over(round.of(name).rate?.young.concurrentPerSecond, round.of('http2').rate?.young.concurrentPerSecond),
    ),
  },
  {
    id: '4 in turn',
    what: 'requests one at a time, young processes, of http2',
    goal: { atLeast: 10 },
    unit: '×',
    isTimed: true,
    values: perRound((round, { name }) =>
      over(round.of(name).rate?.young.sequentialPerSecond, round.of('http2').rate?.young.sequentialPerSecond),
    ),
  },
  {
    id: '5 p50',
    what: 'request under 256 MiB bulk, p50 of own idle p50',
    goal: { atMost: 1.5 },
    unit: '×',
    isTimed: false,
    values: perRound((round, { name }) => over(round.of(name).loaded?.p50Ms, round.of(name).idle?.p50Ms)),
  },
  {
    id: '5 p99',
    what: 'request under 256 MiB bulk, p99 of own idle p99',
    goal: { atMost: 3 },
    unit: '×',
    isTimed: true,
    values: perRound((round, { name }) => over(round.of(name).loaded?.p99Ms, round.of(name).idle?.p99Ms)),
  },
  {
    id: '6 p50',
    what: 'p50 under bulk, of the better of http2 and yamux',
    goal: { atMost: 0.5 },
    unit: '×',
    isTimed: false,
    values: perRound((round, { name }) =>
      over(
        round.of(name).loaded?.p50Ms,
        least(round.of('http2').loaded?.p50Ms, round.of('yamux').loaded?.p50Ms),
      ),
    ),
  },
  {
    id: '6 p99',
    what: 'p99 under bulk, of the better of http2 and yamux',
    goal: { atMost: 1 },
    unit: '×',
    isTimed: true,
    values: perRound((round, { name }) =>
      over(
        round.of(name).loaded?.p99Ms,
        least(round.of('http2').loaded?.p99Ms, round.of('yamux').loaded?.p99Ms),
      ),
    ),
  },
  {
    id: '7',
    what: 'Jain index of 8 transfers at half of all bytes',
    goal: { atLeast: 0.99 },
    isTimed: false,
    values: perRound((round, { name }) => round.of(name).fairness),
  },
  {
    id: '8 bulk',
    what: 'bytes on the wire per payload byte, 4 KiB chunks',
    goal: { atMost: 1.005 },
    isTimed: false,
    values: ({ wire }, { name }) => present(wire.get(name)?.upPerPayloadByte),
  },
  {
    id: '8 request',
    what: '20-byte request, bytes up (26 would beat every peer)',
    goal: { atMost: 29 },
    unit: 'B',
    isTimed: false,
    values: ({ wire }, { name }) => present(wire.get(name)?.requestUpBytes),
  },
  {
    id: '9 busy',
    what: 'serial 115,200 under bulk: wire busy',
    goal: { atLeast: 0.97 },
    isTimed: false,
    values: onLine(({ loaded }) => loaded.busy),
  },
  {
    id: '9 bound',
    what: 'serial 115,200: one-way p99, of (A + c + h + m)/R + 5 ms',
    goal: { atMost: 1 },
    unit: '×',
    isTimed: false,
    values: onLine(({ loaded, boundMs }) => over(loaded.oneWayP99Ms, boundMs)),
  },
  {
    id: '10',
    what: 'serial 115,200: p50 under bulk, of http2 on the same line',
    goal: { atMost: 1 / 50 },
    unit: '×',
    isTimed: false,
    values: onLine(({ loaded }, http2) => over(loaded.p50Ms, http2?.loaded.p50Ms)),
  },
  {
    id: '11',
    what: 'serial 115,200: payload of all bytes the line can carry',
    goal: { atLeast: 0.94 },
    isTimed: false,
    values: onLine(({ loaded }) => loaded.goodput),
  },
  {
    id: '12 views',
    what: 'decoder, 4 KiB payloads as views',
    goal: { atLeast: 20 },
    unit: 'GB/s',
    isTimed: true,
    values: codecFigure(CODEC_FIGURES.viewsGigabytes),
  },
  {
    id: '12 small',
    what: 'decoder, 20-byte payloads',
    goal: { atLeast: 5 },
    unit: 'M frames/s',
    isTimed: true,
    values: codecFigure(CODEC_FIGURES.smallFrames),
  },
  {
    id: '13 random',
    what: 'COBS encoding of random bytes',
    goal: { atLeast: 900 },
    unit: 'MB/s',
    isTimed: true,
    values: codecFigure(CODEC_FIGURES.cobsRandom),
  },
  {
    id: '13 zeros',
    what: 'COBS encoding of zeros',
    goal: { atLeast: 200 },
    unit: 'MB/s',
    isTimed: true,
    values: codecFigure(CODEC_FIGURES.cobsZeros),
  },
  {
    id: '14',
    what: 'peak memory above an empty Node during 64 MiB, the larger side',
    goal: { atMost: 40 },
    unit: 'MiB',
    isTimed: false,
    values: (findings, { name }) => {
      const empty = median(findings.emptyNodeMiB)
      return findings.perRound((round) => {
        const { memory } = round.of(name)
        return memory && Math.max(memory.clientMiB, memory.serverMiB) - empty
      })
    },
  },
  {
    id: '15 bulk',
    what: 'bulk with the console watching, of without',
    goal: { atLeast: 0.95 },
    unit: '×',
    isTimed: true,
    values: perRound((round, ours) => over(bulkOf(round, ours.watched), round.of(ours.name).bulk)),
  },
  {
    id: '15 p99',
    what: 'p99 under bulk with the console watching, of without',
    goal: { atMost: 1.1 },
    unit: '×',
    isTimed: true,
    values: perRound((round, { name, watched }) =>
      watched === undefined ? undefined : over(round.of(watched).loaded?.p99Ms, round.of(name).loaded?.p99Ms),
    ),
  },
]

const present = (value: number | undefined): number[] => (value === undefined ? [] : [value])

/** Every target for one of our dialects, in the order of the plan. Judged is the median over the rounds. */
export function judgeTargets(findings: Findings, ours: Ours): Judgement[] {
  return TARGETS.map((target) => {
    const values = target.values(findings, ours).filter((value) => Number.isFinite(value))
    const goal = 'atLeast' in target.goal ? `≥ ${target.goal.atLeast}` : `≤ ${target.goal.atMost}`
    const unit = target.unit ?? ''
    return {
      id: target.id,
      what: target.what,
      goal: `${goal} ${unit}`.trim(),
      measured: values.length === 0 ? null : spread(values),
      unit,
      verdict: verdictOf(target, values, findings.isNoisy),
    }
  })
}

function verdictOf({ goal, isTimed }: Target, values: readonly number[], isNoisy: boolean): Verdict {
  if (values.length === 0) return 'not measured'
  if (isTimed && isNoisy) return 'noisy'
  const middle = median(values)
  return ('atLeast' in goal ? middle >= goal.atLeast : middle <= goal.atMost) ? 'yes' : 'no'
}

/** Urgent messages are quick everywhere, on default options: what no peer managed. */
const MOONSHOT = ['5 p50', '5 p99', '6 p50', '6 p99', '9 busy', '9 bound', '10']

/** Targets 5, 6, 9 and 10 together: the worst of their verdicts, and which of them are to blame. */
export function judgeMoonshot(judgements: readonly Judgement[]): {
  readonly verdict: Verdict
  readonly open: readonly string[]
} {
  const parts = judgements.filter(({ id }) => MOONSHOT.includes(id))
  const verdict =
    (['not measured', 'no', 'noisy'] as const).find((bad) => parts.some((part) => part.verdict === bad)) ??
    'yes'
  return { verdict, open: parts.filter((part) => part.verdict !== 'yes').map(({ id }) => id) }
}
