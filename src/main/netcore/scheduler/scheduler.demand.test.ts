import { describe, expect, test } from 'vitest'
import { drivenScheduler, manualRuns } from '../../../testing/driven-scheduler'

const nothing = (): void => undefined

describe('a task on demand', () => {
  test('runs once for each time it is told to, with the moment that it was told of as its due time', () => {
    const { clock, scheduler, records } = drivenScheduler()
    const taskId = scheduler.schedule({ name: 'a', when: { onDemand: true }, run: nothing })
    clock.advanceTo(100)
    expect([scheduler.fire(taskId, 95), scheduler.fire(taskId, 99)]).toEqual([true, false])
    clock.advanceTo(101)
    expect(scheduler.fire(taskId)).toBe(true)
    clock.advanceTo(60_000)
    expect(records.map((run) => [run.dueMs, run.latenessMs, run.isManual])).toEqual([
      [95, 5, false],
      [101, 0, false],
    ])
    expect(scheduler.view(taskId)).toMatchObject({ kind: 'demand', state: 'waiting', nextDueMs: null })
    expect(scheduler.wakeAtMs).toBeNull()
    expect([scheduler.cancel(taskId), scheduler.taskCount, scheduler.fire(taskId)]).toEqual([true, 0, false])
  })

  test('obeys overrun, pause and the state of the link', async () => {
    const { clock, scheduler, open, run, told } = { ...drivenScheduler(), ...manualRuns() }
    const busy = scheduler.schedule({ name: 'busy', when: { onDemand: true }, run })
    for (const atMs of [10, 20]) {
      clock.advanceTo(atMs)
      scheduler.fire(busy)
    }
    clock.advanceTo(21)
    expect(told()).toEqual(['busy skipped @20'])
    open[0]!.end()
    await clock.advanceToAsync(30)
    scheduler.pause(busy)
    expect(scheduler.fire(busy)).toBe(false)
    scheduler.resume(busy)
    scheduler.setConnected(false)
    const held = scheduler.schedule({
      name: 'held',
      when: { onDemand: true },
      run: nothing,
      whileDisconnected: 'hold',
    })
    scheduler.fire(held)
    clock.advanceTo(50)
    expect(scheduler.view(held)).toMatchObject({ state: 'held' })
    scheduler.setConnected(true)
    clock.advanceTo(60)
    expect(told().at(-1)).toBe('held ok @50')
  })

  test('does not run when something else is due, and is no business of tasks with times', () => {
    const { clock, scheduler, told } = drivenScheduler()
    scheduler.schedule({ name: 'demand', when: { onDemand: true }, run: nothing })
    const timed = scheduler.schedule({ name: 'timed', when: { everyMs: 100 }, run: nothing })
    expect(scheduler.fire(timed)).toBe(false)
    clock.advanceTo(100)
    expect(told()).toEqual(['timed ok @0', 'timed ok @100'])
  })
})

describe('leaving out the next due time', () => {
  test('records it at once and keeps the grid', () => {
    const { clock, scheduler, records, told } = drivenScheduler()
    const taskId = scheduler.schedule({ name: 'a', when: { everyMs: 100, afterMs: 100 }, run: nothing })
    clock.advanceTo(110)
    expect(scheduler.skipNext(taskId)).toBe(true)
    clock.advanceTo(310)
    expect(told()).toEqual(['a ok @100', 'a skipped @110', 'a ok @300'])
    expect(records[1]).toMatchObject({ dueMs: 200, latenessMs: 0, dueCount: 1 })
  })

  test('ends a task that runs once, and has nothing to leave out of a paused one', () => {
    const { clock, scheduler, told } = drivenScheduler()
    const once = scheduler.schedule({ name: 'once', when: { afterMs: 100 }, run: nothing })
    const paused = scheduler.schedule({ name: 'paused', when: { everyMs: 100 }, run: nothing })
    scheduler.pause(paused)
    expect([scheduler.skipNext(once), scheduler.skipNext(once), scheduler.skipNext(paused)]).toEqual([
      true,
      false,
      false,
    ])
    clock.advanceTo(1000)
    expect([told(), scheduler.taskCount]).toEqual([['once skipped @0'], 1])
  })
})
