import { describe, expect, test } from 'vitest'
import { drivenScheduler } from '../../../testing/driven-scheduler'
import { cronRule } from '../../link/cron-rule'
import { seededRandom } from '../../transport/seeded-random'
import { Scheduler, type TaskRun } from './index'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const nothing = (): void => undefined
const utc = (text: string): number => Date.parse(`${text}Z`)
const BERLIN = { timeZone: 'Europe/Berlin' }

/** Begun runs of a task, each as the text of its due time on the wall. */
const dueOnWall = (records: readonly TaskRun[]): string[] =>
  records
    .filter((run) => run.outcome === 'ok')
    .map((run) => new Date(run.dueWallMs ?? Number.NaN).toISOString().slice(5, 16))

describe('100 jobs at 100 ms for 10 minutes', () => {
  test('none is lost, none drifts, with an alarm that is never late', () => {
    const { clock, scheduler, records } = drivenScheduler({ onRun: () => undefined })
    let runs = 0
    for (let at = 0; at < 100; at++) {
      scheduler.schedule({
        name: `job ${at}`,
        when: { everyMs: 100, afterMs: at % 10 },
        run: () => void (runs += 1),
      })
    }
    clock.advanceTo(10 * MINUTE - 1)
    expect(runs).toBe(100 * 6000)
    for (const view of scheduler.views(0, 100)) {
      expect(view.counts).toEqual({ ok: 6000, failed: 0, skipped: 0, dropped: 0, timeout: 0 })
      expect(view.lateness).toEqual({ lastMs: 0, meanMs: 0, maxMs: 0, jitterMs: 0, driftMs: 0 })
    }
    expect(records).toEqual([])
  })

  test('every due time is accounted for when the alarm is up to 60 ms late, and lateness does not add up', () => {
    const random = seededRandom(20_261_121)
    let nowMs = 0
    const scheduler = new Scheduler({ time: { nowMs: () => nowMs, wallMs: () => 0 } })
    const jobs = 100
    let outOfGrid = 0
    for (let at = 0; at < jobs; at++) {
      let runs = 0
      const run = (): void => {
        const latenessMs = nowMs - (at + runs * 100)
        if (latenessMs < 0 || latenessMs >= 100) outOfGrid += 1
        runs += 1
      }
      scheduler.schedule({ name: `${at}`, when: { everyMs: 100, afterMs: at }, run })
    }
    let dueTimes = 0
    while (nowMs < 2 * MINUTE) {
      nowMs = Math.max(nowMs, scheduler.wakeAtMs!) + (random(20) === 0 ? random(600) / 10 : 0)
      scheduler.wake()
    }
    for (const [at, view] of scheduler.views(0, jobs).entries()) {
      const due = Math.floor((nowMs - at) / 100) + 1
      dueTimes += due
      expect(view.counts).toEqual({ ok: due, failed: 0, skipped: 0, dropped: 0, timeout: 0 })
      expect(Math.abs(view.lateness!.driftMs)).toBeLessThan(100)
      expect(view.lateness!.maxMs).toBeLessThan(100)
      expect(view.lateness!.meanMs).toBeGreaterThan(0)
      expect(view.lateness!.jitterMs).toBeGreaterThan(0)
    }
    expect(outOfGrid).toBe(0)
    expect(dueTimes).toBeGreaterThanOrEqual(jobs * 1200)
  })

  test('runs that take their time make the ones behind them late, and that is measured', () => {
    let nowMs = 0
    const scheduler = new Scheduler({ time: { nowMs: () => nowMs, wallMs: () => 0 } })
    const takes5 = (): void => void (nowMs += 5)
    for (const name of ['first', 'second', 'third'])
      scheduler.schedule({ name, when: { everyMs: 100 }, run: takes5 })
    scheduler.wake()
    expect(scheduler.views(0, 3).map((view) => view.lateness?.lastMs)).toEqual([0, 5, 10])
    expect(scheduler.views(0, 1)[0]?.last).toMatchObject({ durationMs: 5, endedMs: 5 })
  })
})

describe('sleep', () => {
  test('a monotonic clock that leaps two hours gives one catch-up run per series, then the old grid', () => {
    let nowMs = 0
    const records: TaskRun[] = []
    const scheduler = new Scheduler({
      time: { nowMs: () => nowMs, wallMs: () => nowMs },
      onRun: (run) => records.push(run),
    })
    scheduler.schedule({ name: 'interval', when: { everyMs: 100 }, run: nothing })
    scheduler.schedule({
      name: 'cron',
      when: { cron: cronRule('* * * * *', { timeZone: 'UTC' }) },
      run: nothing,
    })
    scheduler.schedule({ name: 'once', when: { afterMs: HOUR }, run: nothing })
    scheduler.wake()
    nowMs = 2 * HOUR + 30
    for (let looks = 0; looks < 5; looks++) scheduler.wake()
    const told = records.map((run) => `${run.name} ${run.outcome} ${run.dueCount} due ${run.dueMs}`)
    expect(told).toEqual([
      'interval ok 1 due 0',
      `interval skipped 71999 due 100`,
      `cron skipped 64 due ${MINUTE}`,
      `once ok 1 due ${HOUR}`,
      `cron ok 1 due ${65 * MINUTE}`,
      `interval ok 1 due ${2 * HOUR}`,
    ])
    expect(scheduler.views(0, 2).map((view) => view.nextDueMs)).toEqual([2 * HOUR + 100, 2 * HOUR + MINUTE])
  })

  test('a monotonic clock that stands still in the sleep leaves intervals alone', () => {
    const { clock, wall, scheduler, records } = drivenScheduler()
    scheduler.schedule({ name: 'interval', when: { everyMs: SECOND }, run: nothing })
    clock.advanceTo(10.5 * SECOND)
    wall.offsetMs += 2 * HOUR
    clock.advanceTo(60.5 * SECOND)
    expect([records.length, Math.max(...records.map((run) => run.latenessMs))]).toEqual([61, 0])
  })

  test('a monotonic clock that stands still in the sleep lets cron catch up once, within 10 s of waking', () => {
    const { clock, wall, scheduler, records } = drivenScheduler({ wallAtZeroMs: utc('2026-11-21T00:00:30') })
    scheduler.schedule({
      name: 'cron',
      when: { cron: cronRule('0 * * * *', { timeZone: 'UTC' }) },
      run: nothing,
    })
    clock.advanceTo(10.5 * SECOND)
    wall.offsetMs += 2 * HOUR
    clock.advanceTo(60.5 * SECOND)
    expect(records.map((run) => [run.outcome, run.dueCount])).toEqual([
      ['skipped', 1],
      ['ok', 1],
    ])
    expect(dueOnWall(records)).toEqual(['11-21T02:00'])
    expect(records[1]!.startedMs! - 10.5 * SECOND).toBeLessThanOrEqual(10 * SECOND)
  })
})

describe('the wall clock is set', () => {
  /** Runs for 3 hours; after the first the wall clock is set by `stepMs`. */
  function stepped(expression: string, stepMs: number, from = '2026-11-21T10:00:30') {
    const bench = drivenScheduler({ wallAtZeroMs: utc(from) })
    const { clock, wall, scheduler, records } = bench
    const cron = cronRule(expression, { timeZone: 'UTC' })
    scheduler.schedule({ name: 'cron', when: { cron }, run: nothing })
    let intervals = 0
    const everySecond = { everyMs: SECOND, afterMs: SECOND }
    scheduler.schedule({ name: 'interval', when: everySecond, run: () => void (intervals += 1) })
    clock.advanceTo(HOUR)
    wall.offsetMs += stepMs
    clock.advanceTo(3 * HOUR)
    const runs = records.filter((run) => run.name === 'cron' && run.outcome === 'ok')
    const before = runs.filter((run) => run.startedMs! < HOUR).length
    const atStep = runs.filter((run) => run.startedMs! >= HOUR && run.startedMs! < HOUR + 11 * SECOND).length
    const gapsMs = runs.slice(1).map((run, at) => run.startedMs! - runs[at]!.startedMs!)
    return {
      runs,
      before,
      atStep,
      after: runs.length - before - atStep,
      longestGapMs: Math.max(...gapsMs),
      intervals,
      records,
    }
  }

  test.each([
    ['+1 h', HOUR, 1],
    ['+1 day', DAY, 1],
    ['-1 h', -HOUR, 0],
    ['-1 day', -DAY, 0],
  ])('%s: a task every 5 minutes keeps its pace, with at most one run to catch up', (_, stepMs, atStep) => {
    const result = stepped('*/5 * * * *', stepMs)
    expect([result.before, result.atStep, result.intervals]).toEqual([12, atStep, 10_800])
    expect(result.after).toBe(24)
    expect(result.longestGapMs).toBeLessThanOrEqual(5 * MINUTE + 10 * SECOND)
  })

  test.each([
    ['by two seconds just after it ran', -2 * SECOND - 30 * SECOND],
    ['by half an hour', -30 * MINUTE],
    ['by an hour', -HOUR],
  ])('back %s: a daily task does not run a second time', (_, stepMs) => {
    const { runs } = stepped('0 11 * * *', stepMs) // due half a minute before the clock is set
    expect(dueOnWall(runs)).toEqual(['11-21T11:00'])
  })

  test('back by a day: the daily task runs again on the day that comes again', () => {
    const { runs } = stepped('0 11 * * *', -DAY - MINUTE)
    expect(dueOnWall(runs)).toEqual(['11-21T11:00', '11-20T11:00'])
  })

  test('forward by a day and back: nothing that ran on the way runs again', () => {
    const { clock, wall, scheduler, records } = drivenScheduler({ wallAtZeroMs: utc('2026-11-21T10:00:30') })
    const cron = cronRule('30 2 * * *', { timeZone: 'UTC' })
    scheduler.schedule({ name: 'nightly', when: { cron }, run: nothing })
    clock.advanceTo(HOUR)
    wall.offsetMs += DAY
    clock.advanceTo(2 * HOUR)
    wall.offsetMs -= DAY
    clock.advanceTo(3 * DAY)
    expect(dueOnWall(records)).toEqual(['11-22T02:30', '11-23T02:30', '11-24T02:30'])
  })

  test('little steps back and forth, hour after hour, neither lose a run nor make one twice', () => {
    const { clock, wall, scheduler, records } = drivenScheduler({ wallAtZeroMs: utc('2026-11-21T00:00:30') })
    const cron = cronRule('*/10 * * * *', { timeZone: 'UTC' })
    scheduler.schedule({ name: 'cron', when: { cron }, run: nothing })
    const random = seededRandom(3)
    const baseMs = wall.offsetMs
    for (let atMs = 0; atMs < DAY; atMs += 20 * SECOND) {
      clock.advanceTo(atMs)
      wall.offsetMs = baseMs + random(4000) - 2000
    }
    const due = records.map((run) => run.dueWallMs)
    expect(records.every((run) => run.outcome === 'ok' && run.dueCount === 1)).toBe(true)
    expect(new Set(due).size).toBe(due.length)
    expect(due).toHaveLength(144)
  })
})

describe('daylight saving', () => {
  function days(expression: string, from: string, hours: number): { due: string[]; records: TaskRun[] } {
    const { clock, scheduler, records } = drivenScheduler({ wallAtZeroMs: utc(from) })
    scheduler.schedule({ name: 'cron', when: { cron: cronRule(expression, BERLIN) }, run: nothing })
    clock.advanceTo(hours * HOUR)
    return { due: dueOnWall(records), records }
  }

  test('the clocks go forward: the nightly task runs once each night', () => {
    const { due, records } = days('30 2 * * *', '2026-03-27T12:00', 72)
    expect(due).toEqual(['03-28T01:30', '03-29T01:00', '03-30T00:30'])
    expect(records.every((run) => run.latenessMs < 1)).toBe(true)
  })

  test('the clocks go back: the nightly task runs once each night', () => {
    const { due } = days('30 2 * * *', '2026-10-23T12:00', 72)
    expect(due).toEqual(['10-24T00:30', '10-25T00:30', '10-26T01:30'])
  })

  test.each(['2026-03-28T20:00', '2026-10-24T20:00'])(
    'a task every ten minutes keeps its pace through the night of %s',
    (from) => {
      const { records } = days('*/10 * * * *', from, 12)
      const starts = records.map((run) => run.startedMs!)
      expect(starts).toHaveLength(72)
      expect(new Set(starts.slice(1).map((startMs, at) => startMs - starts[at]!))).toEqual(
        new Set([10 * MINUTE]),
      )
    },
  )
})

test('a cron rule is due on the wall clock and shown on both clocks', () => {
  const { clock, scheduler, records } = drivenScheduler({ wallAtZeroMs: utc('2026-11-21T10:00:30') })
  clock.advanceTo(500)
  const id = scheduler.schedule({
    name: 'a',
    when: { cron: cronRule('* * * * *', { timeZone: 'UTC' }) },
    run: nothing,
  })
  expect(scheduler.view(id)).toMatchObject({
    kind: 'cron',
    cron: '* * * * * (UTC)',
    nextDueMs: 30_000,
    nextDueWallMs: utc('2026-11-21T10:01:00'),
  })
  clock.advanceTo(30_000)
  expect(records[0]).toMatchObject({
    dueMs: 30_000,
    dueWallMs: utc('2026-11-21T10:01:00'),
    startedMs: 30_000,
    latenessMs: 0,
  })
})

test('a rule with a last due time ends the task after it', () => {
  const { clock, scheduler, told } = drivenScheduler({ wallAtZeroMs: utc('2026-12-31T23:59:30') })
  const cron = cronRule('0 0 0 1 1 * 2027', { timeZone: 'UTC' })
  scheduler.schedule({ name: 'new year', when: { cron }, run: nothing })
  clock.advanceTo(MINUTE)
  expect([told(), scheduler.taskCount, scheduler.wakeAtMs]).toEqual([['new year ok @30000'], 0, null])
})
