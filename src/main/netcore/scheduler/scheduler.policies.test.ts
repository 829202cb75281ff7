import { describe, expect, test } from 'vitest'
import { hasCode } from '../../../shared/errors'
import { drivenScheduler, manualRuns } from '../../../testing/driven-scheduler'
import { settlePromises } from '../../../testing/virtual-clock'
import type { DisconnectedPolicy, OverrunPolicy, TaskOptions } from './index'

const nothing = (): void => undefined

describe('overrun: the task is due while it still runs', () => {
  /** A task due every 100 ms whose runs the test ends, after 450 ms: due at 0, 100, 200, 300, 400. */
  function busyTask(overrun: OverrunPolicy | undefined, options: Partial<TaskOptions> = {}) {
    const bench = drivenScheduler()
    const { open, run } = manualRuns()
    const taskId = bench.scheduler.schedule({
      name: 'a',
      when: { everyMs: 100 },
      run,
      ...(overrun && { overrun }),
      ...options,
    })
    bench.clock.advanceTo(450)
    return { ...bench, open, taskId }
  }

  test('skip is the default: one run, the others recorded, the next due time runs again', async () => {
    const { clock, scheduler, open, taskId, told } = busyTask(undefined)
    expect([open.length, told()]).toEqual([
      1,
      ['a skipped @100', 'a skipped @200', 'a skipped @300', 'a skipped @400'],
    ])
    expect(scheduler.view(taskId)).toMatchObject({
      state: 'running',
      runningSinceMs: 0,
      activeRuns: 1,
      waitingRuns: 0,
    })
    open[0]!.end()
    await clock.advanceToAsync(500)
    expect([open.length, told().at(-1)]).toEqual([2, 'a ok @450'])
  })

  test('queue lets as many wait as it says, begins them in order one at a time, and skips the rest', async () => {
    const { clock, open, records, told } = busyTask({ kind: 'queue', waiting: 2 })
    expect([open.length, told()]).toEqual([1, ['a skipped @300', 'a skipped @400']])
    open[0]!.end()
    await clock.advanceToAsync(460)
    expect(open).toHaveLength(2)
    open[1]!.end()
    await clock.advanceToAsync(470)
    open[2]!.end()
    await clock.advanceToAsync(480)
    const ended = records.filter((run) => run.outcome === 'ok')
    expect(ended.map((run) => [run.dueMs, run.startedMs, run.latenessMs])).toEqual([
      [0, 0, 0],
      [100, 450, 350],
      [200, 460, 260],
    ])
  })

  test('parallel runs as many at once as it says and skips the rest', async () => {
    const { scheduler, open, taskId, told } = busyTask({ kind: 'parallel', runs: 3 })
    expect([open.length, told()]).toEqual([3, ['a skipped @300', 'a skipped @400']])
    expect(scheduler.view(taskId)).toMatchObject({ activeRuns: 3, runningSinceMs: 0 })
    open[0]!.end()
    await settlePromises()
    expect(scheduler.view(taskId)).toMatchObject({ activeRuns: 2, runningSinceMs: 100 })
  })

  test('a run that never settles is shown with its beginning, and others are on time', () => {
    const { clock, scheduler, taskId, records } = busyTask('skip')
    scheduler.schedule({ name: 'other', when: { everyMs: 100, afterMs: 50 }, run: nothing })
    clock.advanceTo(60_000)
    expect(scheduler.view(taskId)).toMatchObject({ runningSinceMs: 0, counts: { ok: 0, skipped: 600 } })
    const others = records.filter((run) => run.name === 'other')
    expect([others.length, Math.max(...others.map((run) => run.latenessMs))]).toEqual([596, 0])
  })

  test('a run that takes too long is given up: told by its signal, recorded once, its place free', async () => {
    const { clock, scheduler, open, records, taskId, told } = busyTask('skip', { timeoutMs: 250 })
    expect(told()).toEqual(['a skipped @100', 'a skipped @200', 'a timeout @250', 'a skipped @400'])
    expect(open.map(({ signal }) => signal.aborted)).toEqual([true, false])
    expect(hasCode(open[0]!.signal.reason, 'TASK_TIMEOUT')).toBe(true)
    expect(scheduler.view(taskId)).toMatchObject({ abandonedRuns: 1, activeRuns: 1, runningSinceMs: 300 })
    open[0]!.fail(new Error('late')) // settles after all: nothing is recorded twice
    open[1]!.end()
    await clock.advanceToAsync(460)
    expect(scheduler.view(taskId)).toMatchObject({
      abandonedRuns: 0,
      activeRuns: 0,
      counts: { ok: 1, timeout: 1 },
    })
    expect(records.filter((run) => run.dueMs === 0)).toHaveLength(1)
    expect(records.find((run) => run.outcome === 'timeout')?.error?.code).toBe('TASK_TIMEOUT')
  })

  test('a run that ends in time is not given up later', async () => {
    const { clock, scheduler, told } = drivenScheduler()
    const { open, run } = manualRuns()
    scheduler.schedule({ name: 'a', when: { afterMs: 0 }, run, timeoutMs: 100 })
    clock.advanceTo(99)
    open[0]!.end()
    await clock.advanceToAsync(500)
    expect([told(), scheduler.taskCount, scheduler.wakeAtMs]).toEqual([['a ok @99'], 0, null])
  })

  test('a handler that takes three intervals and is stuck once does not overlap and does not delay others', async () => {
    const { clock, scheduler, records } = drivenScheduler()
    let active = 0
    let overlaps = 0
    const slow = (): Promise<void> =>
      new Promise((resolve) => {
        active += 1
        if (active > 1) overlaps += 1
        clock.schedule(clock.nowMs() + 300, () => {
          active -= 1
          resolve()
        })
      })
    scheduler.schedule({ name: 'slow', when: { everyMs: 100 }, run: slow })
    scheduler.schedule({ name: 'stuck', when: { everyMs: 100 }, run: () => new Promise(() => undefined) })
    scheduler.schedule({
      name: 'throws',
      when: { everyMs: 100 },
      run: () => Promise.reject(new Error('each time')),
    })
    scheduler.schedule({ name: 'on time', when: { everyMs: 100 }, run: nothing })
    await clock.advanceToAsync(10_000)
    const count = (name: string, outcome: string): number =>
      records.filter((run) => run.name === name && run.outcome === outcome).length
    expect(overlaps).toBe(0)
    // Ends at 300, and the due time at 300 was looked at just before: begins again at 400.
    expect([count('slow', 'ok'), count('slow', 'skipped')]).toEqual([25, 75])
    expect([count('stuck', 'ok'), count('stuck', 'skipped')]).toEqual([0, 100])
    expect([count('throws', 'failed'), count('on time', 'ok')]).toEqual([101, 101])
    const others = records.filter((run) => run.name === 'on time')
    expect(Math.max(...others.map((run) => run.latenessMs))).toBe(0)
  })

  test('run now obeys the policy too', () => {
    const { clock, scheduler, open, taskId, told } = busyTask('skip')
    scheduler.runNow(taskId)
    clock.advanceTo(460)
    expect([open.length, told().at(-1)]).toEqual([1, 'a skipped @450'])
  })

  test('cancelling records what waited', async () => {
    const { scheduler, open, taskId, told } = busyTask({ kind: 'queue', waiting: 9 })
    scheduler.cancel(taskId)
    expect(told()).toEqual(['a skipped @450', 'a skipped @450', 'a skipped @450', 'a skipped @450'])
    open[0]!.end()
    await settlePromises()
    expect([told().length, scheduler.taskCount]).toEqual([5, 0])
  })

  test('what waits for its turn when the task is paused waits on', async () => {
    const { clock, scheduler, open, taskId, told } = busyTask({ kind: 'queue', waiting: 9 })
    scheduler.pause(taskId)
    open[0]!.end()
    await clock.advanceToAsync(900)
    expect([open.length, told()]).toEqual([1, ['a ok @450']])
    expect(scheduler.view(taskId)).toMatchObject({ state: 'paused', waitingRuns: 4 })
    scheduler.resume(taskId)
    await clock.advanceToAsync(901)
    expect(open).toHaveLength(2)
  })
})

describe('while the link is down', () => {
  /** Down from the start, a task due every 100 ms and one that is due once, after 450 ms. */
  function downLink(whileDisconnected: DisconnectedPolicy | undefined) {
    const bench = drivenScheduler({ isConnected: false })
    const policy = whileDisconnected && { whileDisconnected }
    const taskId = bench.scheduler.schedule({
      name: 'series',
      when: { everyMs: 100 },
      run: nothing,
      ...policy,
    })
    bench.scheduler.schedule({ name: 'once', when: { afterMs: 250 }, run: nothing, ...policy })
    bench.clock.advanceTo(350)
    const count = (name: string, outcome: string): number =>
      bench.records.filter((run) => run.name === name && run.outcome === outcome).length
    return { ...bench, taskId, count }
  }

  test('run is the default: tasks that need no link do not care', () => {
    const { count } = downLink(undefined)
    expect([count('series', 'ok'), count('once', 'ok')]).toEqual([4, 1])
  })

  test('hold waits for the link, then runs once for the latest due time; the others are recorded as skipped', () => {
    const { clock, scheduler, taskId, records, told } = downLink('hold')
    expect(told()).toEqual(['series skipped @100', 'series skipped @200', 'series skipped @300'])
    expect(scheduler.view(taskId)).toMatchObject({ state: 'held', waitingRuns: 1 })
    scheduler.setConnected(true)
    scheduler.setConnected(true)
    clock.advanceTo(400)
    expect(told().slice(3)).toEqual(['once ok @350', 'series ok @350', 'series ok @400'])
    expect(records.slice(3).map((run) => [run.dueMs, run.latenessMs])).toEqual([
      [250, 100],
      [300, 50],
      [400, 0],
    ])
  })

  test('two hours down give one run, not a storm', () => {
    const { clock, scheduler, count } = downLink('hold')
    clock.advanceTo(7_200_050)
    scheduler.setConnected(true)
    clock.advanceTo(7_200_060)
    expect([count('series', 'ok'), count('series', 'skipped'), count('once', 'ok')]).toEqual([1, 72_000, 1])
  })

  test('drop records what it drops; a task that runs once is over', () => {
    const { clock, scheduler, taskId, count } = downLink('drop')
    expect([count('series', 'dropped'), count('once', 'dropped'), scheduler.taskCount]).toEqual([4, 1, 1])
    scheduler.setConnected(true)
    clock.advanceTo(500)
    expect([count('series', 'ok'), scheduler.view(taskId)?.counts.dropped]).toEqual([2, 4])
  })

  test('fail records a failure with the code of a link that is down', () => {
    const { clock, scheduler, records, count } = downLink('fail')
    expect([count('series', 'failed'), count('once', 'failed'), scheduler.taskCount]).toEqual([4, 1, 1])
    expect(records.every((run) => run.error?.code === 'LINK_NOT_CONNECTED' && run.startedMs === null)).toBe(
      true,
    )
    scheduler.setConnected(true)
    clock.advanceTo(400)
    expect(count('series', 'ok')).toBe(1)
  })

  test('runs that wait for an earlier one count as one when the link goes down', async () => {
    const { clock, scheduler, records, told } = drivenScheduler()
    const { open, run } = manualRuns()
    const overrun = { kind: 'queue', waiting: 9 } as const
    scheduler.schedule({ name: 'a', when: { everyMs: 100 }, run, overrun, whileDisconnected: 'hold' })
    clock.advanceTo(350)
    scheduler.setConnected(false)
    open[0]!.end()
    await clock.advanceToAsync(360)
    expect(told()).toEqual(['a ok @350', 'a skipped @350', 'a skipped @350'])
    scheduler.setConnected(true)
    await clock.advanceToAsync(370)
    open[1]!.end()
    await settlePromises()
    expect([open.length, records.at(-1)?.dueMs]).toEqual([2, 300])
  })

  test('run now waits for the link as well', () => {
    const { clock, scheduler, told } = drivenScheduler({ isConnected: false })
    const id = scheduler.schedule({
      name: 'a',
      when: { afterMs: 1e6 },
      run: nothing,
      whileDisconnected: 'hold',
    })
    scheduler.runNow(id)
    clock.advanceTo(100)
    expect(scheduler.view(id)).toMatchObject({ state: 'held' })
    scheduler.setConnected(true)
    clock.advanceTo(101)
    expect([told(), scheduler.taskCount]).toEqual([['a ok @100'], 0])
  })
})
