import { describe, expect, test } from 'vitest'
import { Findings, Round } from './findings'
import type { LatencyResult } from './measure/latency'
import { judgeMoonshot, judgeTargets, type Judgement } from './targets'

const ours = { dialect: 'native', name: 'native', unchecked: 'native', watched: 'watched' }

const latency = (p50Ms: number, p99Ms: number): LatencyResult => ({
  p50Ms,
  p99Ms,
  dueP50Ms: p50Ms,
  dueP99Ms: p99Ms,
  asked: 100,
  answered: 100,
  bulkMs: 500,
})
const loaded = (p50Ms: number, p99Ms: number) => ({ ...latency(p50Ms, p99Ms), bulkMegabytesPerSecond: 500 })

/** Rounds in which each value stands for one round. */
function findingsOf(rounds: readonly ((round: Round) => void)[]): Findings {
  const findings = new Findings()
  for (const fill of rounds) {
    const round = new Round()
    fill(round)
    findings.rounds.push(round)
  }
  return findings
}

const judged = (findings: Findings, id: string): Judgement =>
  judgeTargets(findings, ours).find((judgement) => judgement.id === id)!

describe('a target', () => {
  const bulk = (raw64: number, raw4: number, native: number) => (round: Round) => {
    round.of('raw-64k').bulk = raw64
    round.of('raw-4k').bulk = raw4
    round.of('native').bulk = native
  }

  test('is judged by the median of ratios formed within each round, and shows their spread', () => {
    const findings = findingsOf([bulk(1000, 1000, 950), bulk(1100, 500, 480), bulk(1200, 2000, 1000)])
    const judgement = judged(findings, '1')
    expect(judgement.measured).toEqual({ median: 0.95, min: 0.5, max: 0.96 })
    expect(judgement.verdict).toBe('yes')
  })

  test('is not reached just below its goal', () => {
    expect(judged(findingsOf([bulk(1000, 1000, 900)]), '1').verdict).toBe('yes')
    expect(judged(findingsOf([bulk(1000, 1000, 899)]), '1').verdict).toBe('no')
  })

  test('that is timed is not judged while the limit of the machine moves', () => {
    const findings = findingsOf([bulk(1000, 1000, 100), bulk(1600, 1000, 100)])
    expect(findings.isNoisy).toBe(true)
    expect(judged(findings, '1').verdict).toBe('noisy')
  })

  test('about medians and counts is judged on a noisy machine too', () => {
    const findings = findingsOf([
      (round) => {
        bulk(1000, 1000, 900)(round)
        Object.assign(round.of('native'), { idle: latency(1, 2), loaded: loaded(1.6, 9), fairness: 1 })
      },
      bulk(2000, 1000, 900),
    ])
    expect(judged(findings, '5 p50').verdict).toBe('no')
    expect(judged(findings, '5 p99').verdict).toBe('noisy')
    expect(judged(findings, '7').verdict).toBe('yes')
  })

  test('without figures is not measured, and a round that lacks one side is left out', () => {
    const findings = findingsOf([bulk(1000, 1000, 950), (round) => void (round.of('native').bulk = 1)])
    expect(judged(findings, '1').measured).toEqual({ median: 0.95, min: 0.95, max: 0.95 })
    expect(judged(findings, '3')).toMatchObject({ measured: null, verdict: 'not measured' })
  })
})

test('the rival under bulk is whoever of http2 and yamux was better in that round', () => {
  const findings = findingsOf(
    [
      [4, 2],
      [2, 8],
    ].map(([http2, yamux]) => (round: Round) => {
      round.of('native').loaded = loaded(1, 1)
      round.of('http2').loaded = loaded(http2!, 1)
      round.of('yamux').loaded = loaded(yamux!, 1)
    }),
  )
  expect(judged(findings, '6 p50').measured).toEqual({ median: 0.5, min: 0.5, max: 0.5 })
})

test('memory counts above an empty process, and the larger side counts', () => {
  const findings = findingsOf([
    (round) => void (round.of('native').memory = { clientMiB: 60, serverMiB: 91 }),
  ])
  findings.emptyNodeMiB.push(50)
  expect(judged(findings, '14')).toMatchObject({ measured: { median: 41 }, verdict: 'no' })
})

describe('the moonshot', () => {
  const all = (verdict: Judgement['verdict'], id: string): Judgement => ({
    id,
    what: '',
    goal: '',
    measured: null,
    unit: '',
    verdict,
  })
  const ids = ['5 p50', '5 p99', '6 p50', '6 p99', '9 busy', '9 bound', '10']

  test('is reached when each of its targets is', () => {
    expect(judgeMoonshot([...ids.map((id) => all('yes', id)), all('no', '1')])).toEqual({
      verdict: 'yes',
      open: [],
    })
  })

  test('is missed, and names what missed it', () => {
    const verdicts = ids.map((id) => all(id === '10' ? 'no' : id === '5 p99' ? 'noisy' : 'yes', id))
    expect(judgeMoonshot(verdicts)).toEqual({ verdict: 'no', open: ['5 p99', '10'] })
  })
})
