import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Clock } from '../../../shared/model/clock'
import { SystemClock } from '../../transport/system-clock'
import { CLOSE_MS, scheduleExactly } from './run-time'

/** Its alarms come at once and early, so that the whole last moment is waited for without them. */
class EagerClock implements Clock {
  readonly #real = new SystemClock()

  nowMs(): number {
    return this.#real.nowMs()
  }

  schedule(_atMs: number, fire: () => void): () => void {
    const immediate = setImmediate(fire)
    return () => clearImmediate(immediate)
  }
}

test('an exact alarm comes not before its time, and the event loop turns a few times until then, not hundreds', async () => {
  const clock = new EagerClock()
  const atMs = clock.nowMs() + CLOSE_MS
  let firedMs: number | undefined
  scheduleExactly(clock, atMs, () => {
    firedMs = clock.nowMs()
  })
  // those of the last, wakeful bit are not counted: there are as many as the computer can do
  let turns = 0
  while (firedMs === undefined) {
    await nextTurn()
    if (clock.nowMs() < atMs - CLOSE_MS / 4) turns += 1
  }
  expect(firedMs).toBeGreaterThanOrEqual(atMs)
  expect(turns).toBeLessThan(50)
})

test('what comes from outside in the last moment before an exact alarm can still cancel it', async () => {
  const clock = new EagerClock()
  const atMs = clock.nowMs() + CLOSE_MS
  let hasFired = false
  const cancel = scheduleExactly(clock, atMs, () => {
    hasFired = true
  })
  await nextTurn()
  cancel()
  while (clock.nowMs() < atMs + 1) await nextTurn()
  expect(hasFired).toBe(false)
})
