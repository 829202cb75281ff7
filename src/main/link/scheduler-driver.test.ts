import { expect, test } from 'vitest'
import { VirtualClock } from '../../testing/virtual-clock'
import type { TaskRun } from '../netcore/scheduler'
import { SystemClock } from '../transport/system-clock'
import { cronRule } from './cron-rule'
import { SchedulerDriver } from './scheduler-driver'
import { WakeDriver } from './wake-driver'

test('with real clocks intervals and cron rules run by themselves, none early', async () => {
  const records: TaskRun[] = []
  const clock = new SystemClock()
  let driver: SchedulerDriver | undefined
  await new Promise<void>((resolve) => {
    const started = (driver = new SchedulerDriver({
      clock,
      onRun: (run) => {
        records.push(run)
        const names = records.map((each) => each.name)
        if (names.includes('second') && names.filter((name) => name === 'interval').length >= 3) resolve()
      },
    }))
    started.scheduler.schedule({ name: 'interval', when: { everyMs: 5 }, run: () => undefined })
    started.scheduler.schedule({
      name: 'second',
      when: { cron: cronRule('* * * * * *') },
      run: () => undefined,
    })
  })
  driver?.close()
  expect(records.filter((run) => run.latenessMs < 0 && run.name === 'interval')).toEqual([])
  const second = records.find((run) => run.name === 'second')!
  expect([second.outcome, second.dueWallMs! % 1000]).toEqual(['ok', 0])
})

test('a part that fails when it is woken is woken again the next time', () => {
  const clock = new VirtualClock()
  let woken = 0
  const sleeper = {
    wakeAtMs: 10 as number | null,
    wake: () => {
      woken += 1
      sleeper.wakeAtMs = woken < 2 ? 20 : null
      if (woken === 1) throw new Error('defect')
    },
  }
  const driver = new WakeDriver(clock, sleeper)
  expect(() => clock.advanceTo(10)).toThrow('defect')
  clock.advanceTo(100)
  expect(woken).toBe(2)
  driver.close()
})
