import { expect, test } from 'vitest'
import type { LinkPhase } from '../../shared/model/trace'
import { shownLink } from '../../testing/shown-link'
import { type Outage, stepOutages } from './outages'

const link = (phase: LinkPhase, phaseSinceMs: number, linkId = 1) =>
  shownLink({ linkId, phase, phaseSinceMs })

test('an outage goes from its first sign through all its phases to the connection that stands again', () => {
  let outages: readonly Outage[] = stepOutages([], [link('connected', 0)])
  expect(outages).toEqual([])
  for (const [phase, atMs] of [
    ['interrupted', 10],
    ['waiting', 20],
    ['reconnecting', 30],
    ['waiting', 40],
  ] as const) {
    outages = stepOutages(outages, [link(phase, atMs)])
    expect(outages).toEqual([{ linkId: 1, fromMs: 10, toMs: null }])
  }
  outages = stepOutages(outages, [link('connected', 50)])
  expect(outages).toEqual([{ linkId: 1, fromMs: 10, toMs: 50 }])
  expect(stepOutages(outages, [link('connected', 50)])).toBe(outages)
})

test('a second outage of a link replaces the first; links do not mix', () => {
  const first = [{ linkId: 1, fromMs: 10, toMs: 50 }]
  expect(stepOutages(first, [link('interrupted', 70), link('waiting', 60, 2)])).toEqual([
    { linkId: 1, fromMs: 70, toMs: null },
    { linkId: 2, fromMs: 60, toMs: null },
  ])
})

test('a link that was closed has no outage any more', () => {
  expect(stepOutages([{ linkId: 1, fromMs: 10, toMs: null }], [link('closed', 70)])).toEqual([])
  expect(stepOutages([{ linkId: 1, fromMs: 10, toMs: null }], [])).toEqual([])
})
