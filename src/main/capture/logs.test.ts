import { describe, expect, test } from 'vitest'
import type { TraceEvent } from '../../shared/model/trace'
import { TraceScript } from '../../testing/trace-script'
import { ChangeLog } from './change-log'
import type { LaneFault } from '../../shared/model/views'
import { GapLog } from './gap-log'
import { LatestLog } from './latest-log'
import { loggedFault } from './logged-events'

describe('the log of the latest', () => {
  const logged = (capacity: number): { faults: LatestLog<LaneFault>; script: TraceScript } => {
    const faults = new LatestLog<LaneFault>(capacity)
    return {
      faults,
      script: new TraceScript((event) => event.type === 'fault' && faults.add(loggedFault(event))),
    }
  }

  test('keeps the latest', () => {
    const { faults, script } = logged(3)
    for (script.nowMs = 10; script.nowMs <= 50; script.nowMs += 10) script.fault()
    expect([faults.first, faults.end]).toEqual([2, 5])
    expect(faults.since(0, 2).map(({ atMs }) => atMs)).toEqual([30, 40])
    expect(faults.since(4, 9)).toEqual([{ linkId: 1, dir: 'in', atMs: 50, code: 'LSO_BAD_JSON' }])
  })

  test('finds where a time begins', () => {
    const { faults, script } = logged(10)
    for (script.nowMs = 10; script.nowMs <= 50; script.nowMs += 10) script.fault()
    expect(faults.numberAt(30)).toBe(2)
    expect(faults.numberAt(51)).toBe(5)
    expect(faults.numberAt(0)).toBe(0)
    faults.clear()
    expect(faults.numberAt(0)).toBe(5)
  })
})

describe('the gap log', () => {
  const logged = (capacity = 10): { gaps: GapLog; script: TraceScript } => {
    const gaps = new GapLog(capacity)
    const observe = (event: TraceEvent): void => {
      if (event.type === 'link-state') gaps.note(event)
    }
    return { gaps, script: new TraceScript(observe) }
  }

  test('knows no gap before a link was connected for the first time', () => {
    const { gaps, script } = logged()
    script.state('opening')
    script.state('closed')
    expect(gaps.since(0)).toEqual([])
  })

  test('opens one gap when the link goes and ends it when the link is back', () => {
    const { gaps, script } = logged()
    script.state('connected')
    script.nowMs = 100
    script.state('interrupted')
    script.nowMs = 120
    script.state('waiting')
    expect(gaps.since(0)).toEqual([{ linkId: 1, fromMs: 100, toMs: null }])
    const told = gaps.changes
    expect(gaps.since(told)).toEqual([])
    script.nowMs = 700
    script.state('reconnecting')
    script.state('connected')
    expect(gaps.since(told)).toEqual([{ linkId: 1, fromMs: 100, toMs: 700 }])
  })

  test('keeps the latest when there are too many, and only open ones after clearing', () => {
    const { gaps, script } = logged(2)
    for (let round = 0; round < 4; round++) {
      script.nowMs = round * 10
      script.state('connected')
      script.nowMs += 5
      script.state('interrupted')
    }
    expect(gaps.since(0).map(({ fromMs }) => fromMs)).toEqual([25, 35])
    gaps.clear()
    expect(gaps.since(0)).toEqual([{ linkId: 1, fromMs: 35, toMs: null }])
  })

  test('calls the end of a link that never comes back no gap', () => {
    const { gaps, script } = logged()
    script.state('connected')
    script.nowMs = 50
    script.state('closed')
    const told = gaps.changes
    gaps.forgetLink(1)
    expect(gaps.since(told)).toEqual([{ linkId: 1, fromMs: 50, toMs: 50 }])
  })
})

test('the change log forgets the oldest changes and keeps their numbers', () => {
  const log = new ChangeLog(4)
  for (let id = 100; id < 107; id++) log.add(id)
  expect([log.first, log.end]).toEqual([3, 7])
  expect([3, 4, 5, 6].map((change) => log.messageAt(change))).toEqual([103, 104, 105, 106])
})
