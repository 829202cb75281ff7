import { Link } from '../src/main/link/link'
import { createLine } from '../src/main/transport/line'
import { seededRandom } from '../src/main/transport/seeded-random'
import { bitsPerByte, type LineRate } from '../src/shared/model/line-rate'
import { parseLinkUrl } from '../src/shared/model/link-url'
import type { TraceEvent } from '../src/shared/model/trace'
import { VirtualClock } from '../src/testing/virtual-clock'
import { quantile } from './statistics'

/**
 * A small urgent request on a serial line that a bulk transfer keeps busy. Virtual time: exact, repeatable, and the
 * machine's other work does not count. The line has a 4 KiB driver FIFO at each end.
 */
export interface LineResult {
  readonly baud: number
  readonly chunkBytes: number
  readonly idleP50Ms: number
  readonly idleP99Ms: number
  readonly bulkP50Ms: number
  readonly bulkP99Ms: number
  readonly asked: number
  readonly answered: number
  /** Share of the time during which the outgoing wire carried a byte. */
  readonly busy: number
  /** Share of the line's bytes that were bulk bodies. */
  readonly goodput: number
}

const SECONDS = 60
const REQUEST_BYTES = 100
const FRAMING = { dataBits: 8, parity: 'none', stopBits: 1 } as const

export async function measureLine(baud: number): Promise<LineResult> {
  const idle = await runLine(baud, false)
  const loaded = await runLine(baud, true)
  return {
    baud,
    chunkBytes: loaded.chunkBytes,
    idleP50Ms: quantile(idle.roundTripsMs, 0.5),
    idleP99Ms: quantile(idle.roundTripsMs, 0.99),
    bulkP50Ms: quantile(loaded.roundTripsMs, 0.5),
    bulkP99Ms: quantile(loaded.roundTripsMs, 0.99),
    asked: loaded.asked,
    answered: loaded.answered,
    busy: loaded.busy,
    goodput: loaded.goodput,
  }
}

interface LineRun {
  readonly chunkBytes: number
  readonly roundTripsMs: number[]
  readonly asked: number
  readonly answered: number
  readonly busy: number
  readonly goodput: number
}

async function runLine(baud: number, hasBulk: boolean): Promise<LineRun> {
  const clock = new VirtualClock()
  const rate: LineRate = { baud, bitsPerByte: bitsPerByte(FRAMING) }
  const line = createLine({ clock, rate })
  let bulkBytes = 0
  let sentBytes = 0
  const observe = (event: TraceEvent): void => {
    if (event.type !== 'frame' || event.dir !== 'out') return
    sentBytes += event.wireBytes
    if (event.payloadBytes > REQUEST_BYTES) bulkBytes += event.payloadBytes
  }
  const makeLink = (id: number, transport: typeof line.near, onTrace: (event: TraceEvent) => void): Link =>
    new Link({
      id,
      address: parseLinkUrl(`serial:/dev/simulated?baud=${baud}`),
      transport,
      clock,
      random: seededRandom(id),
      onTrace,
    })
  const device = makeLink(1, line.far, () => undefined)
  device.stack.route('echo', ({ body }) => ({ body, priority: 0 }))
  device.stack.onUnrouted(() => undefined)
  const host = makeLink(2, line.near, observe)
  device.open()
  host.open()
  await clock.advanceToAsync(50)

  const roundTripsMs: number[] = []
  let asked = 0
  let answered = 0
  const startMs = clock.nowMs()
  const endMs = startMs + SECONDS * 1000
  const random = seededRandom(7)
  const bytesPerSecond = baud / rate.bitsPerByte
  const keepBusy = (): void => {
    while (hasBulk && host.stack.queuedBytes < bytesPerSecond) {
      host.send({ route: 'firmware', kind: 'event', body: new Uint8Array(64 * 1024), priority: 7 })
    }
  }
  for (let dueMs = startMs + 500; dueMs < endMs - 1000; dueMs += 250 + random(100)) {
    clock.schedule(dueMs, () => {
      keepBusy()
      asked += 1
      const body = new Uint8Array(REQUEST_BYTES)
      void host.request({ route: 'echo', body, priority: 0 }).answer.then(() => {
        answered += 1
        roundTripsMs.push(clock.nowMs() - dueMs)
      })
    })
  }
  keepBusy()
  for (let atMs = startMs; atMs < endMs; atMs += 50) await clock.advanceToAsync(atMs)
  const capacityBytes = (bytesPerSecond * (endMs - startMs)) / 1000
  return {
    chunkBytes: host.chunkBytes,
    roundTripsMs,
    asked,
    answered,
    busy: sentBytes / capacityBytes,
    goodput: bulkBytes / capacityBytes,
  }
}
