import { describe, expect, test } from 'vitest'
import { type ErrorCode, hasCode } from '../../../shared/errors'
import { drivenScheduler, manualRuns } from '../../../testing/driven-scheduler'
import { settlePromises } from '../../../testing/virtual-clock'
import { MAX_TASKS, Scheduler, type TaskOptions } from './index'
import { MAX_RUNS_PER_TASK, MAX_WAIT_MS } from './task-types'

const nothing = (): void => undefined

describe('due times', () => {
  test('a delay runs once, an interval again and again from its first time on', () => {
    const { clock, scheduler, told } = drivenScheduler()
    scheduler.schedule({ name: 'once', when: { afterMs: 250 }, run: nothing })
    scheduler.schedule({ name: 'at-once', when: { everyMs: 200 }, run: nothing })
    scheduler.schedule({ name: 'later', when: { everyMs: 200, afterMs: 300 }, run: nothing })
    clock.advanceTo(500)
    expect(told()).toEqual([
      'at-once ok @0',
      'at-once ok @200',
      'once ok @250',
      'later ok @300',
      'at-once ok @400',
      'later ok @500',
    ])
    expect(scheduler.views(0, 9).map((view) => view.name)).toEqual(['at-once', 'later'])
  })

  test('equal due times run by priority, then in the order in which they were scheduled', () => {
    const { clock, scheduler, told } = drivenScheduler()
    for (const [name, priority] of [
      ['c', 3],
      ['d', 3],
      ['urgent', 0],
      ['idle', 7],
      ['e', undefined],
    ] as const) {
      scheduler.schedule({
        name,
        when: { afterMs: 100 },
        run: nothing,
        ...(priority !== undefined && { priority }),
      })
    }
    scheduler.schedule({ name: 'earlier', when: { afterMs: 99.5 }, run: nothing, priority: 7 })
    clock.advanceTo(99) // then one look at the clock finds all of them due
    scheduler.stop()
    clock.advanceTo(150)
    scheduler.start()
    clock.advanceTo(151)
    expect(told().map((line) => line.split(' ')[0])).toEqual(['earlier', 'urgent', 'c', 'd', 'e', 'idle'])
  })

  test('a run begins inside wake only, and a look too early does nothing', () => {
    let nowMs = 0
    let runs = 0
    const scheduler = new Scheduler({ time: { nowMs: () => nowMs, wallMs: () => 0 } })
    const id = scheduler.schedule({ name: 'a', when: { everyMs: 100 }, run: () => void (runs += 1) })
    expect([scheduler.wakeAtMs, runs]).toEqual([0, 0])
    scheduler.wake()
    expect([scheduler.wakeAtMs, runs]).toEqual([100, 1])
    nowMs = 99
    scheduler.wake()
    scheduler.runNow(id)
    expect([scheduler.wakeAtMs, runs]).toEqual([99, 1])
    scheduler.wake()
    expect([scheduler.wakeAtMs, runs]).toEqual([100, 2])
  })

  test('the alarm is asked for when something comes sooner, and not otherwise', () => {
    const nowMs = 0
    let asked = 0
    const scheduler = new Scheduler({
      time: { nowMs: () => nowMs, wallMs: () => 0 },
      onWork: () => (asked += 1),
    })
    scheduler.schedule({ name: 'a', when: { afterMs: 100 }, run: nothing })
    scheduler.schedule({ name: 'b', when: { afterMs: 200 }, run: nothing })
    expect(asked).toBe(1)
    scheduler.schedule({ name: 'c', when: { afterMs: 50 }, run: nothing })
    expect(asked).toBe(2)
  })
})

describe('from inside a run', () => {
  test('schedule begins with the next wake, also without a delay', () => {
    const { clock, scheduler, told } = drivenScheduler()
    let left = 3
    const again = (): void => {
      left -= 1
      if (left > 0) scheduler.schedule({ name: `left ${left}`, when: { afterMs: 0 }, run: again })
    }
    scheduler.schedule({ name: 'first', when: { afterMs: 10 }, run: again })
    clock.advanceTo(10)
    expect(told()).toEqual(['first ok @10', 'left 2 ok @10', 'left 1 ok @10'])
    expect([scheduler.taskCount, scheduler.wakeAtMs]).toEqual([0, null])
  })

  test('a task may cancel itself and others that are due in the same moment', () => {
    const { clock, scheduler, told } = drivenScheduler()
    const ids: number[] = []
    ids.push(
      scheduler.schedule({
        name: 'canceller',
        when: { everyMs: 10, afterMs: 10 },
        run: () => {
          for (const id of ids) scheduler.cancel(id)
        },
      }),
    )
    ids.push(scheduler.schedule({ name: 'victim', when: { everyMs: 10, afterMs: 10 }, run: nothing }))
    scheduler.schedule({ name: 'bystander', when: { afterMs: 10 }, run: nothing })
    clock.advanceTo(100)
    expect(told()).toEqual(['canceller ok @10', 'victim skipped @10', 'bystander ok @10'])
    expect(scheduler.taskCount).toBe(0)
  })

  test('stop leaves the rest for start, and wake and runNow do no harm', () => {
    const { clock, scheduler, told } = drivenScheduler()
    let runs = 0
    const id = scheduler.schedule({
      name: 'stopper',
      when: { afterMs: 10 },
      run: () => {
        scheduler.wake()
        runs += 1
        if (runs > 1) return
        scheduler.runNow(id)
        scheduler.stop()
      },
    })
    scheduler.schedule({ name: 'once', when: { afterMs: 10 }, run: nothing })
    clock.advanceTo(100)
    expect([told(), scheduler.wakeAtMs]).toEqual([['stopper ok @10'], null])
    scheduler.start()
    clock.advanceTo(101)
    expect(told()).toEqual(['stopper ok @10', 'stopper ok @100', 'once ok @100'])
  })

  test('pausing a task that is due in the same moment keeps its run for later', () => {
    const { clock, scheduler, told } = drivenScheduler()
    const pausing = { id: 0 }
    scheduler.schedule({ name: 'pauser', when: { afterMs: 10 }, run: () => void scheduler.pause(pausing.id) })
    pausing.id = scheduler.schedule({ name: 'paused', when: { afterMs: 10 }, run: nothing })
    clock.advanceTo(50)
    expect(told()).toEqual(['pauser ok @10'])
    scheduler.resume(pausing.id)
    clock.advanceTo(51)
    expect(told()).toEqual(['pauser ok @10', 'paused ok @50'])
  })
})

describe('failures', () => {
  test('a run that throws or rejects is recorded once with its error, and the series goes on', async () => {
    const { clock, scheduler, records, told } = drivenScheduler()
    scheduler.schedule({
      name: 'throws',
      when: { everyMs: 100 },
      run: () => {
        throw new Error('sync')
      },
    })
    scheduler.schedule({
      name: 'rejects',
      when: { everyMs: 100 },
      run: () => Promise.reject(new Error('async')),
    })
    scheduler.schedule({ name: 'healthy', when: { everyMs: 100 }, run: nothing })
    await clock.advanceToAsync(250)
    expect(told().filter((line) => line.startsWith('healthy'))).toHaveLength(3)
    const failures = records.filter((run) => run.outcome === 'failed')
    expect(failures.map((run) => run.error?.message)).toEqual([
      'sync',
      'async',
      'sync',
      'async',
      'sync',
      'async',
    ])
    expect(scheduler.views(0, 1)[0]).toMatchObject({
      state: 'waiting',
      counts: { ok: 0, failed: 3 },
      last: { outcome: 'failed', error: { code: 'INTERNAL', message: 'sync' } },
    })
  })

  test('an observer that throws harms nobody, and is reported', () => {
    const errors: unknown[] = []
    const { clock, scheduler } = drivenScheduler({
      onRun: () => {
        throw new Error('broken')
      },
      onObserverError: (error) => errors.push(error),
    })
    let runs = 0
    for (const name of ['a', 'b'])
      scheduler.schedule({ name, when: { everyMs: 10 }, run: () => void (runs += 1) })
    clock.advanceTo(20)
    expect([runs, errors.length]).toEqual([6, 6])
  })

  test('a cron rule that throws ends its own task only, with a record', () => {
    const { clock, scheduler, told, records } = drivenScheduler()
    let calls = 0
    const rule = {
      text: 'broken',
      nextAfterMs: (wallMs: number) => {
        calls += 1
        if (calls > 1) throw new Error('calendar lost')
        return wallMs + 1000
      },
    }
    scheduler.schedule({ name: 'broken', when: { cron: rule }, run: nothing })
    scheduler.schedule({ name: 'healthy', when: { everyMs: 1000, afterMs: 1000 }, run: nothing })
    clock.advanceTo(2000)
    expect(told()).toEqual(['broken failed @1000', 'healthy ok @1000', 'healthy ok @2000'])
    expect([records[0]?.error?.message, scheduler.taskCount]).toEqual(['calendar lost', 1])
  })
})

describe('cancel, pause, resume, run now', () => {
  test('a cancelled task does not begin again, its busy run is told, shown and recorded when it ends', async () => {
    const { clock, scheduler, records, told } = drivenScheduler()
    const { open, run } = manualRuns()
    const id = scheduler.schedule({ name: 'a', when: { everyMs: 100 }, run })
    clock.advanceTo(50)
    expect(scheduler.cancel(id)).toBe(true)
    expect(scheduler.cancel(id)).toBe(false)
    expect(hasCode(open[0]!.signal.reason, 'TASK_CANCELLED')).toBe(true)
    expect(scheduler.view(id)).toMatchObject({
      state: 'ending',
      activeRuns: 1,
      runningSinceMs: 0,
      nextDueMs: null,
    })
    for (const call of ['pause', 'resume', 'runNow'] as const) expect(scheduler[call](id)).toBe(false)
    clock.advanceTo(500)
    expect(told()).toEqual([])
    open[0]!.fail(new Error('gave up'))
    await settlePromises()
    expect([told(), records[0]?.error?.message]).toEqual([['a failed @500'], 'gave up'])
    expect([scheduler.view(id), scheduler.taskCount, scheduler.cancel(id)]).toEqual([undefined, 0, false])
  })

  test('a pause lets the grid pass and resume goes on with its next point', () => {
    const { clock, scheduler, told } = drivenScheduler()
    const id = scheduler.schedule({ name: 'a', when: { everyMs: 100 }, run: nothing })
    clock.advanceTo(150)
    scheduler.pause(id)
    expect(scheduler.view(id)).toMatchObject({ state: 'paused', nextDueMs: null })
    clock.advanceTo(1030)
    scheduler.resume(id)
    scheduler.resume(id)
    expect(scheduler.view(id)).toMatchObject({ state: 'waiting', nextDueMs: 1100 })
    clock.advanceTo(1200)
    expect(told()).toEqual(['a ok @0', 'a ok @100', 'a ok @1100', 'a ok @1200'])
  })

  test('a task that runs once and came due during a pause runs at resume', () => {
    const { clock, scheduler, told } = drivenScheduler()
    const id = scheduler.schedule({ name: 'a', when: { afterMs: 100 }, run: nothing })
    scheduler.pause(id)
    clock.advanceTo(700)
    expect(told()).toEqual([])
    scheduler.resume(id)
    clock.advanceTo(701)
    expect(told()).toEqual(['a ok @700'])
  })

  test('run now is besides the series, works while paused, and is marked as asked for', () => {
    const { clock, scheduler, records, told } = drivenScheduler()
    const id = scheduler.schedule({ name: 'a', when: { everyMs: 100, afterMs: 100 }, run: nothing })
    clock.advanceTo(30)
    expect([scheduler.runNow(id), scheduler.runNow(id)]).toEqual([true, false])
    clock.advanceTo(110)
    scheduler.pause(id)
    scheduler.runNow(id)
    clock.advanceTo(300)
    expect(told()).toEqual(['a ok @30', 'a ok @100', 'a ok @110'])
    expect(records.map((run) => run.isManual)).toEqual([true, false, true])
    expect(scheduler.view(id)?.lateness).toMatchObject({ lastMs: 0 })
  })

  test('run now of a task that runs once is its run', () => {
    const { clock, scheduler, told } = drivenScheduler()
    const id = scheduler.schedule({ name: 'a', when: { afterMs: 1000 }, run: nothing })
    scheduler.runNow(id)
    clock.advanceTo(5000)
    expect([told(), scheduler.taskCount]).toEqual([['a ok @0'], 0])
  })

  test('run now while the only run is busy is a second run, and the task stays until then', async () => {
    const { clock, scheduler, told } = drivenScheduler()
    const { open, run } = manualRuns()
    const id = scheduler.schedule({ name: 'a', when: { afterMs: 0 }, run })
    clock.advanceTo(10)
    scheduler.runNow(id)
    open[0]!.end()
    await settlePromises()
    expect([told(), scheduler.taskCount]).toEqual([['a ok @10'], 1])
    clock.advanceTo(20)
    open[1]!.end()
    await settlePromises()
    expect([told(), scheduler.taskCount]).toEqual([['a ok @10', 'a ok @20'], 0])
  })

  test('a task whose last due time and a run by hand fall together stays until both have run', () => {
    let nowMs = 0
    const scheduler = new Scheduler({ time: { nowMs: () => nowMs, wallMs: () => nowMs } })
    const isKnown: boolean[] = []
    const lastDue = { text: 'at 50', nextAfterMs: (wallMs: number) => (wallMs < 50 ? 50 : null) }
    const run = (): void => void isKnown.push(scheduler.view(id) !== undefined)
    const id = scheduler.schedule({ name: 'a', when: { cron: lastDue }, run })
    nowMs = 60
    scheduler.runNow(id)
    scheduler.wake()
    expect([isKnown, scheduler.taskCount]).toEqual([[true, true], 0])
  })

  test('cancel takes back what run now asked for', () => {
    const { clock, scheduler, told } = drivenScheduler()
    const id = scheduler.schedule({ name: 'a', when: { afterMs: 1000 }, run: nothing })
    scheduler.runNow(id)
    scheduler.cancel(id)
    expect(scheduler.taskCount).toBe(0)
    clock.advanceTo(2000)
    expect(told()).toEqual([])
  })

  test('a late run by hand is no mark against the punctuality of the series', () => {
    let nowMs = 0
    const scheduler = new Scheduler({ time: { nowMs: () => nowMs, wallMs: () => 0 } })
    const id = scheduler.schedule({ name: 'a', when: { everyMs: 1000, afterMs: 1000 }, run: nothing })
    scheduler.runNow(id)
    nowMs = 500
    scheduler.wake()
    expect(scheduler.view(id)).toMatchObject({ counts: { ok: 1 }, lateness: null })
  })

  test('stop tells busy runs and lets nothing begin; start goes on without making up', async () => {
    const { clock, scheduler, told } = drivenScheduler()
    const { open, run } = manualRuns()
    const id = scheduler.schedule({ name: 'a', when: { everyMs: 100 }, run })
    clock.advanceTo(10)
    scheduler.stop()
    scheduler.stop()
    expect(hasCode(open[0]!.signal.reason, 'TASK_CANCELLED')).toBe(true)
    expect([scheduler.wakeAtMs, scheduler.runNow(id)]).toEqual([null, false])
    open[0]!.end()
    await clock.advanceToAsync(1010)
    expect([told(), open.length]).toEqual([['a ok @10'], 1])
    scheduler.start()
    scheduler.start()
    clock.advanceTo(1099)
    expect(open).toHaveLength(1)
    clock.advanceTo(1100)
    expect(open).toHaveLength(2)
  })

  test('a closed driver wakes nobody any more', () => {
    const { clock, scheduler, driver, told } = drivenScheduler()
    scheduler.schedule({ name: 'a', when: { everyMs: 100 }, run: nothing })
    clock.advanceTo(100)
    driver.close()
    scheduler.schedule({ name: 'b', when: { everyMs: 100 }, run: nothing })
    clock.advanceTo(1000)
    expect(told()).toEqual(['a ok @0', 'a ok @100'])
  })
})

describe('limits', () => {
  const codeOf = (options: Partial<TaskOptions>): ErrorCode | 'taken' => {
    const { scheduler } = drivenScheduler()
    try {
      scheduler.schedule({ name: 'a', when: { afterMs: 0 }, run: nothing, ...options })
      return 'taken'
    } catch (error) {
      for (const code of ['TASK_TIMING_INVALID', 'TASK_OPTION_INVALID'] as const)
        if (hasCode(error, code)) return code
      throw error
    }
  }

  test('10,000 tasks are taken, the next is refused, and a finished one makes room', () => {
    const { clock, scheduler } = drivenScheduler()
    for (let at = 0; at < MAX_TASKS; at++)
      scheduler.schedule({ name: `${at}`, when: { afterMs: at }, run: nothing })
    const one = (): unknown => {
      try {
        return scheduler.schedule({ name: 'more', when: { afterMs: 1e6 }, run: nothing })
      } catch (error) {
        return error
      }
    }
    expect(hasCode(one(), 'TASKS_TOO_MANY')).toBe(true)
    clock.advanceTo(0)
    expect(one()).toBeTypeOf('number')
    expect(hasCode(one(), 'TASKS_TOO_MANY')).toBe(true)
  })

  test.each([0, -1, 0.5, Number.NaN, Infinity, -Infinity, MAX_WAIT_MS + 1])(
    'an interval of %d is refused',
    (everyMs) => {
      expect(codeOf({ when: { everyMs } })).toBe('TASK_TIMING_INVALID')
    },
  )

  test.each([-1, Number.NaN, Infinity, MAX_WAIT_MS + 1])('a delay of %d is refused', (afterMs) => {
    expect(codeOf({ when: { afterMs } })).toBe('TASK_TIMING_INVALID')
    expect(codeOf({ when: { everyMs: 10, afterMs } })).toBe('TASK_TIMING_INVALID')
  })

  test.each([1, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 + 5, MAX_WAIT_MS])(
    'a wait of %d ms is exact',
    (waitMs) => {
      const { clock, scheduler, told } = drivenScheduler()
      scheduler.schedule({ name: 'once', when: { afterMs: waitMs }, run: nothing })
      scheduler.schedule({ name: 'every', when: { everyMs: waitMs, afterMs: waitMs }, run: nothing })
      clock.advanceTo(waitMs - 0.5)
      expect(told()).toEqual([])
      clock.advanceTo(waitMs)
      expect(told()).toEqual([`once ok @${waitMs}`, `every ok @${waitMs}`])
      expect(scheduler.wakeAtMs).toBe(2 * waitMs)
    },
  )

  test('other options are checked from both sides', () => {
    expect(codeOf({ name: 'x'.repeat(256) })).toBe('taken')
    expect(codeOf({ timeoutMs: 1 })).toBe('taken')
    expect(codeOf({ overrun: { kind: 'queue', waiting: MAX_RUNS_PER_TASK } })).toBe('taken')
    expect(codeOf({ overrun: { kind: 'parallel', runs: MAX_RUNS_PER_TASK } })).toBe('taken')
    for (const timeoutMs of [0, -5, Number.NaN, Infinity])
      expect(codeOf({ timeoutMs })).toBe('TASK_TIMING_INVALID')
    for (const name of ['', 'x'.repeat(257)]) expect(codeOf({ name })).toBe('TASK_OPTION_INVALID')
    for (const count of [0, 1.5, Number.NaN, MAX_RUNS_PER_TASK + 1]) {
      expect(codeOf({ overrun: { kind: 'queue', waiting: count } })).toBe('TASK_OPTION_INVALID')
      expect(codeOf({ overrun: { kind: 'parallel', runs: count } })).toBe('TASK_OPTION_INVALID')
    }
    expect(codeOf({ priority: 8 as 7 })).toBe('TASK_OPTION_INVALID')
    expect(codeOf({ when: { cron: { text: 'never', nextAfterMs: () => null } } })).toBe('TASK_TIMING_INVALID')
  })
})
