import { expect, test } from 'vitest'
import type { Clock } from '../../shared/model/clock'
import { VirtualClock } from '../../testing/virtual-clock'
import { Alarm } from './alarm'

function rig() {
  const clock = new VirtualClock()
  let timers = 0
  const counting: Clock = {
    nowMs: () => clock.nowMs(),
    schedule(atMs, fire) {
      timers += 1
      return clock.schedule(atMs, fire)
    },
  }
  const alarm = new Alarm(counting)
  const fired: string[] = []
  const set = (atMs: number, name = 'alarm'): void =>
    alarm.set(atMs, () => fired.push(`${name} ${clock.nowMs()}`))
  return { alarm, clock, fired, set, timers: () => timers }
}

test('an alarm that is put off over and over fires once, at the last time, with the last action', () => {
  const { clock, fired, set, timers } = rig()
  for (let ms = 10; ms <= 100; ms++) set(ms, `set for ${ms}`)
  expect(timers()).toBe(1)
  clock.advanceTo(99)
  expect(fired).toEqual([])
  clock.advanceTo(500)
  expect(fired).toEqual(['set for 100 100'])
  expect(timers()).toBe(2)
})

test('an alarm that is set for sooner fires sooner, and not again', () => {
  const { clock, fired, set } = rig()
  set(50)
  set(20)
  clock.advanceTo(500)
  expect(fired).toEqual(['alarm 20'])
})

test('a cancelled alarm never fires, put off or not, and can be set again', () => {
  const { alarm, clock, fired, set } = rig()
  set(10)
  set(30)
  alarm.cancel()
  clock.advanceTo(100)
  expect(fired).toEqual([])
  set(110)
  clock.advanceTo(200)
  expect(fired).toEqual(['alarm 110'])
})

test('an alarm may set itself again as it fires', () => {
  const { alarm, clock } = rig()
  const times: number[] = []
  const again = (): void => {
    times.push(clock.nowMs())
    if (times.length < 3) alarm.set(clock.nowMs() + 5, again)
  }
  alarm.set(5, again)
  clock.advanceTo(100)
  expect(times).toEqual([5, 10, 15])
})
