import type { Priority, TraceEvent } from '../shared/model/trace'
import { utf8 } from '../shared/bytes'
import { linksOnLine } from './joined-links'
import { settlePromises } from './virtual-clock'

export interface BusyLine {
  readonly baud?: number
  readonly dialect?: 'lso' | 'native'
  /** Of the urgent polls; the transfers have 5. */
  readonly pollPriority?: Priority
  readonly seconds?: number
}

/**
 * What a console sees on a busy line of a device: a large transfer every second, a poll every 100 ms, a configuration read
 * right after each answer to a transfer, and telemetry that the device sends by itself. In virtual time.
 */
export async function busyLine(options: BusyLine = {}): Promise<TraceEvent[]> {
  const { baud = 115_200, dialect = 'lso', pollPriority = 0, seconds = 5 } = options
  const { clock, near, far } = linksOnLine({
    baud,
    query: `&dialect=${dialect}`,
  })
  far.link.stack.onUnrouted((request) => {
    const waitMs = request.route === 'fw.write' ? 12 : 3
    return new Promise((resolve) => {
      clock.schedule(clock.nowMs() + waitMs, () =>
        resolve({ body: utf8(`{"ok":true,"of":"${request.route}"}`) }),
      )
    })
  })
  far.link.open()
  near.link.open()
  await clock.advanceToAsync(2000)
  const fromMs = clock.nowMs()
  const untilMs = fromMs + seconds * 1000
  const ask = (route: string, byteCount: number, priority: Priority): Promise<unknown> =>
    near.link.request({ route, body: new Uint8Array(byteCount).fill(0x41), priority }).answer
  for (let atMs = fromMs + 50; atMs < untilMs; atMs += 1000) {
    clock.schedule(atMs, () => {
      void ask('fw.write', 4000, 5).then(() => ask('cfg.get', 40, 3))
    })
  }
  for (let atMs = fromMs + 71; atMs < untilMs; atMs += 100)
    clock.schedule(atMs, () => void ask('status.get', 20, pollPriority))
  for (let atMs = fromMs + 33; atMs < untilMs; atMs += 250) {
    clock.schedule(atMs, () => {
      far.link.send({ route: 'telemetry', kind: 'event', body: new Uint8Array(120).fill(0x42) })
    })
  }
  await clock.advanceToAsync(untilMs + 3000)
  await settlePromises()
  const trace = [...near.trace]
  await Promise.all([near.link.close(), far.link.close(), clock.advanceToAsync(untilMs + 5000)])
  return trace
}
