import { beforeEach, describe, expect, test } from 'vitest'
import { NO_TRIGGER_ACTIONS, type Trigger } from '../../../shared/model/triggers'
import { TraceScript } from '../../../testing/trace-script'
import { VirtualClock } from '../../../testing/virtual-clock'
import { Capture } from '../capture'
import type { CaptureLimits } from '../capture-limits'
import { SLICE_MS, TriggerEngine } from './trigger-engine'
import { TriggerFilters } from './trigger-filters'

const WAITING = 100

/** Every look at it costs a tenth of a millisecond. */
class BusyClock extends VirtualClock {
  looks = 0
  override nowMs(): number {
    this.looks += 1
    return super.nowMs() + this.looks / 10
  }
}

let clock: BusyClock
let capture: Capture
let script: TraceScript
let engine: TriggerEngine
let filters: TriggerFilters
let fired: string[]
let counted: number

function begin(limits: Partial<CaptureLimits> = {}): void {
  clock = new BusyClock()
  capture = new Capture(limits)
  script = new TraceScript(capture.observe)
  fired = []
  counted = 0
  filters = new TriggerFilters(
    capture.subjectSource({ nowMs: () => clock.nowMs(), dayStartMs: 0, linkOf: () => undefined }),
  )
  engine = new TriggerEngine(
    clock,
    filters,
    {
      fired: ({ triggerId }, { messageId }) => fired.push(`${triggerId}:${messageId}`),
      counted: () => (counted += 1),
    },
    WAITING,
  )
  capture.hearMoments(engine)
}
beforeEach(() => begin())

const hot: Trigger = {
  triggerId: 'hot',
  name: 'Too hot',
  filter: 'text contains "hot"',
  moment: 'settled',
  actions: NO_TRIGGER_ACTIONS,
  fires: 'always',
  cooldownMs: 50,
  isEnabled: true,
}
const arm = (...triggers: Trigger[]): void =>
  engine.arm(triggers.map((trigger) => ({ trigger, filter: filters.compile(trigger.filter) })))

let key = 0
function message(body: string): void {
  key += 1
  script.nowMs += 100
  script.opened({ messageKey: key, dir: 'in' })
  script.closed({ messageKey: key, dir: 'in' }, body)
}

describe('the wire', () => {
  test('never waits for a trigger: nothing is looked at before the clock says so, then for a slice at a time', () => {
    arm(hot)
    for (let count = 0; count < 90; count++) message('hot')
    expect([fired.length, clock.looks]).toEqual([0, 1]) // one to set the alarm
    let turns = 0
    while (fired.length < 90) {
      const before = clock.looks
      clock.advanceTo(clock.nowMs())
      expect(clock.looks - before).toBeLessThan(SLICE_MS * 10 + 10)
      turns += 1
    }
    expect(turns).toBeGreaterThan(1)
    expect(counted).toBe(turns)
  })

  test('is answered with a count when messages come faster than they can be looked at', () => {
    arm(hot)
    for (let count = 0; count < WAITING + 7; count++) message('hot')
    expect(engine.skipped).toBe(7)
    for (let turn = 0; turn < 20; turn++) clock.advanceTo(clock.nowMs())
    expect(engine.countsOf('hot')).toMatchObject({ matched: WAITING, fired: WAITING })
    expect(engine.skipped).toBe(7)
  })

  test('costs nothing while no trigger wants to hear of a moment', () => {
    arm({ ...hot, moment: 'opened' })
    script.opened({ messageKey: ++key })
    for (let turn = 0; turn < 2; turn++) clock.advanceTo(clock.nowMs())
    const { looks } = clock
    script.closed({ messageKey: key }, 'hot')
    expect(clock.looks).toBe(looks)
  })
})

describe('what goes before its turn', () => {
  test('is counted when it was dropped to make room', () => {
    begin({ messages: 16, messageSegmentRows: 8 })
    arm(hot)
    for (let count = 0; count < 40; count++) message('hot')
    for (let turn = 0; turn < 20; turn++) clock.advanceTo(clock.nowMs())
    expect(engine.skipped + engine.countsOf('hot').matched).toBe(40)
    expect(engine.skipped).toBeGreaterThanOrEqual(24)
  })

  test('is counted when everything is cleared', () => {
    arm(hot)
    for (let count = 0; count < 5; count++) message('hot')
    capture.clear(0)
    clock.advanceTo(clock.nowMs() + 1)
    expect(fired).toEqual([])
    expect(engine.skipped).toBe(5)
    expect(counted).toBe(1)
  })
})

describe('arming again', () => {
  test('keeps the counts of what is switched off and on, and holds nothing against it meanwhile', () => {
    arm(hot)
    message('hot')
    clock.advanceTo(clock.nowMs() + 1)
    arm({ ...hot, isEnabled: false })
    message('hot')
    clock.advanceTo(clock.nowMs() + 1)
    expect(engine.countsOf('hot')).toMatchObject({ matched: 1, fired: 1 })
    arm(hot)
    message('hot')
    clock.advanceTo(clock.nowMs() + 1)
    expect(fired).toEqual(['hot:1', 'hot:3'])
  })

  test('keeps the counts of what stayed as it was, and begins anew with what changed or was saved again', () => {
    const other = { ...hot, triggerId: 'other' }
    const renewed = { ...hot, triggerId: 'renewed', fires: 'once' as const }
    arm(hot, other, renewed)
    message('hot')
    clock.advanceTo(clock.nowMs() + 1)
    engine.arm(
      [hot, { ...other, cooldownMs: 60 }, renewed].map((trigger) => ({
        trigger,
        filter: filters.compile(trigger.filter),
      })),
      'renewed',
    )
    const counts = ['hot', 'other', 'renewed'].map((id) => engine.countsOf(id).fired)
    expect(counts).toEqual([1, 0, 0])
    message('hot')
    clock.advanceTo(clock.nowMs() + 1)
    expect(fired).toEqual(['hot:1', 'other:1', 'renewed:1', 'hot:2', 'other:2', 'renewed:2'])
    expect(engine.countsOf('renewed').isSpent).toBe(true)
  })
})
