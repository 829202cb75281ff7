import { expect, test } from 'vitest'
import type { Clock } from '../../../shared/model/clock'
import { SimulatedTime } from './simulated-time'

/** Moves a little whenever it is looked at, and its alarms come a millisecond late, as those of the system do. */
class LateClock implements Clock {
  #nowMs = 0

  nowMs(): number {
    this.#nowMs += 0.01
    return this.#nowMs
  }

  schedule(atMs: number, fire: () => void): () => void {
    const immediate = setImmediate(() => {
      this.#nowMs = Math.max(this.#nowMs, atMs + 1)
      fire()
    })
    return () => clearImmediate(immediate)
  }
}

/** By how much something exact at 10.3 ms is late when something else is due at `otherMs`. */
async function lateness(otherMs: number): Promise<number> {
  const time = new SimulatedTime({ clock: new LateClock() })
  const order: string[] = []
  time.schedule(otherMs, () => order.push('other'))
  const lagMs = await new Promise<number>((resolve) => {
    time.scheduleExactly(10.3, () => {
      order.push('exact')
      resolve(time.lagMs)
    })
  })
  expect(order).toEqual(['other', 'exact'])
  time.stop()
  return lagMs
}

test('an exact alarm is not late when another one, which may be late, is due just before it', async () => {
  for (const otherMs of [3, 8, 9, 9.5, 10, 10.2, 10.3]) {
    expect(await lateness(otherMs), `other at ${otherMs} ms`).toBeLessThan(0.1)
  }
})
