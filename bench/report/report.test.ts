import { describe, expect, test } from 'vitest'
import { Findings, Round } from '../findings'
import { figure, percent, rangedOf, table } from './format'
import { renderReport } from './report'

const facts = {
  command: 'npm run bench',
  rounds: 1,
  bulkMiB: 64,
  minutes: 9.44,
  machine: '2 × Some Processor, Node v20.20.2',
  dateIso: '2026-11-21',
}
const peer = {
  name: 'native',
  about: 'our stack',
  kind: 'ours',
  load: () => Promise.reject(new Error()),
} as const
const ours = [{ dialect: 'native', name: 'native', unchecked: 'native' }]

function oneRound(): Findings {
  const findings = new Findings()
  const round = new Round()
  round.of('raw-64k').bulk = 1000
  round.of('raw-4k').bulk = 1000
  round.of('native').bulk = 950
  findings.rounds.push(round)
  return findings
}

describe('figures', () => {
  test('have three digits, whatever their size', () => {
    expect([1803.4, 91.26, 0.8712, 0.02134, 12_345.6].map(figure)).toEqual([
      '1,803',
      '91.3',
      '0.87',
      '0.021',
      '12,346',
    ])
    expect(figure(Number.NaN)).toBe('–')
    expect(percent(0.9876)).toBe('98.8 %')
  })

  test('show their spread where there is more than one', () => {
    expect(rangedOf([3, 1, 2])).toBe('2.00 (1.00–3.00)')
    expect(rangedOf([2])).toBe('2.00')
    expect(rangedOf([])).toBe('–')
  })

  test('stand in a Markdown table', () => {
    expect(table(['a', 'b'], [['1', '2']])).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |')
  })
})

describe('a report', () => {
  test('says how, where and when it was made', () => {
    const text = renderReport(oneRound(), [peer], ours, facts)
    expect(text).toContain('`npm run bench` on 2026-11-21 in 9.4 minutes: 1 alternating rounds')
    expect(text).toContain('2 × Some Processor, Node v20.20.2')
  })

  test('names each target with its goal, what was measured and whether it is reached', () => {
    const text = renderReport(oneRound(), [peer], ours, facts)
    expect(text).toContain('| 1 | bulk, CRC off, 4 KiB chunks, of raw-4k | ≥ 0.9 × | 0.95 × | yes |')
    expect(text).toContain(
      '| 7 | Jain index of 8 transfers at half of all bytes | ≥ 0.99 | – | not measured |',
    )
    expect(text).toContain(
      '**Moonshot** (targets 5, 6, 9 and 10 together, default options), `native`: not measured',
    )
  })

  test('has no section for what was not measured', () => {
    const text = renderReport(oneRound(), [peer], ours, facts)
    expect(text).toContain('## Bulk')
    expect(text).not.toContain('## Serial line')
    expect(text).not.toContain('## Codec')
  })

  test('does not hide a measurement that failed', () => {
    const findings = oneRound()
    findings.failures.push({ round: 0, what: 'rate of yamux', message: 'wrong echo: 99 of 100 bytes' })
    const text = renderReport(findings, [peer], ours, facts)
    expect(text).toContain('- round 1, rate of yamux: wrong echo: 99 of 100 bytes')
  })
})
