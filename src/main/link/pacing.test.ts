import { describe, expect, test } from 'vitest'
import type { Clock } from '../../shared/model/clock'
import { type LineRate, wireMs } from '../../shared/model/line-rate'
import { urgentBoundMs } from '../../shared/model/urgent-bound'
import { observedStack } from '../../testing/stack-wire'
import { VirtualClock } from '../../testing/virtual-clock'
import { createLine } from '../transport/line'
import { seededRandom } from '../transport/seeded-random'
import type { Connection } from '../transport/transport'
import { Alarm } from './alarm'
import { FramePump } from './frame-pump'
import { chooseChunkBytes, FRAME_OVERHEAD_BYTES } from './line-settings'
import { LinkSession } from './link-session'
import type { Pacer } from './pacer'

const BULK_BYTES = 100_000
const URGENT_BYTES = 20

interface Scenario {
  readonly baud: number
  /** Real speed of the line over its setting. */
  readonly factor?: number
  /** How late the alarm for each refill comes. */
  readonly lateMs?: (index: number) => number
  /** What the driver says of its own emptiness. Default: the truth. */
  readonly drain?: 'truth' | 'none' | 'at once' | 'never'
  readonly urgentCount?: number
  readonly urgentEveryMs?: number
}

interface Outcome {
  readonly pacer: Pacer
  readonly chunkBytes: number
  /** Share of the time in which the line carried something. */
  readonly busy: number
  /** One-way time of urgent messages above (A + c + h + m) / R; sorted. */
  readonly aboveBoundMs: readonly number[]
  readonly latencyMs: readonly number[]
  /** Most that was handed over and not on the wire. */
  readonly mostQueuedBytes: number
  /** Most that not even the driver had taken. */
  readonly mostUnsentBytes: number
  /** A, two chunks or 10 ms, and one frame. */
  readonly boundBytes: number
}

/** The same port, with a driver that says something else of its own emptiness. */
function withDrain(port: Connection, drain: Scenario['drain']): Connection {
  const answers = {
    truth: () => port.drained!(),
    'at once': () => Promise.resolve(),
    never: () => new Promise<void>(() => undefined),
  }
  return {
    peerName: port.peerName,
    lineRate: port.lineRate,
    isLossy: port.isLossy,
    get canWrite() {
      return port.canWrite
    },
    get unsentBytes() {
      return port.unsentBytes
    },
    ...(drain !== undefined && drain !== 'none' && { drained: answers[drain] }),
    write: (bytes) => port.write(bytes),
    close: () => port.close(),
  }
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!

/** Bulk that never ends and urgent messages at irregular times, over a simulated line, in virtual time. */
async function run(scenario: Scenario): Promise<Outcome> {
  const { baud, factor = 1, lateMs = () => 0, drain = 'truth' } = scenario
  const { urgentCount = 120, urgentEveryMs = 350 } = scenario
  const clock = new VirtualClock()
  const nominal: LineRate = { baud, bitsPerByte: 10 }
  const real: LineRate = { baud: baud * factor, bitsPerByte: 10 }
  const line = createLine({ clock, rate: real, claimedRate: nominal, readBytes: 256, readLatencyMs: 3 })
  const chunkBytes = chooseChunkBytes(undefined, nominal, 4096)

  const arrivedMs: number[] = []
  const receiver = observedStack({ codec: { onDamage: 'resync' } })
  receiver.stack.route('urgent', () => {
    arrivedMs.push(clock.nowMs())
    return undefined
  })
  receiver.stack.onUnrouted(() => undefined)
  receiver.stack.connected(0)
  await line.far.open({
    onBytes: (bytes) => {
      receiver.stack.receive(bytes, clock.nowMs())
      receiver.events.length = 0
    },
    onWritable: () => undefined,
    onClosed: () => undefined,
  })

  const sender = observedStack({ codec: { onDamage: 'resync' }, policy: { chunkBytes } })
  let wakes = 0
  const lateClock: Clock = {
    nowMs: () => clock.nowMs(),
    schedule: (atMs, fire) => clock.schedule(atMs + lateMs(wakes++), fire),
  }
  const alarm = new Alarm(lateClock)
  const pump = new FramePump(sender.stack, { linkId: 1, clock, onTrace: () => undefined })
  let mostQueuedBytes = 0
  let mostUnsentBytes = 0
  const drive = (): void => {
    if (sender.stack.queuedBytes < BULK_BYTES) {
      sender.stack.send(
        { route: 'bulk', kind: 'event', body: new Uint8Array(BULK_BYTES), priority: 5 },
        clock.nowMs(),
      )
    }
    sender.events.length = 0
    pump.run(session)
    mostUnsentBytes = Math.max(mostUnsentBytes, connection.unsentBytes)
    mostQueuedBytes = Math.max(mostQueuedBytes, pump.bytesOut - line.counts.nearToFar.carriedBytes)
    const untilMs = pump.waitsUntilMs(session)
    if (untilMs !== null) alarm.set(untilMs, drive)
  }
  const owner = { received: () => undefined, writable: drive, closed: () => undefined }
  const port = await line.near.open({
    onBytes: () => undefined,
    onWritable: () => undefined,
    onClosed: () => undefined,
  })
  const connection: Connection = withDrain(port, drain)
  const session = new LinkSession(owner, connection, { chunkBytes, clock, inBase: 0, outBase: 0 })
  const pacer = session.pacer!
  sender.stack.connected(0)
  drive()

  const random = seededRandom(5)
  const sent: { atMs: number; aheadBytes: number; messageBytes: number }[] = []
  for (let count = 0; count < urgentCount; count++) {
    const startMs = clock.nowMs()
    await clock.advanceToAsync(startMs + urgentEveryMs * (0.5 + random(1000) / 1000))
    const queuedBytes = sender.stack.queuedBytes
    sender.stack.send(
      { route: 'urgent', kind: 'event', body: new Uint8Array(URGENT_BYTES), priority: 0 },
      clock.nowMs(),
    )
    const messageBytes = sender.stack.queuedBytes - queuedBytes + FRAME_OVERHEAD_BYTES
    sent.push({ atMs: clock.nowMs(), aheadBytes: pacer.aheadBytes, messageBytes })
    drive()
  }
  const endMs = clock.nowMs()
  const busy = wireMs(line.counts.nearToFar.carriedBytes, real) / endMs
  await clock.advanceToAsync(endMs + 3000)
  expect(arrivedMs).toHaveLength(urgentCount)

  const latencyMs = sent.map(({ atMs }, index) => arrivedMs[index]! - atMs)
  const aboveBoundMs = sent.map(({ aheadBytes, messageBytes }, index) => {
    const bound = { aheadBytes, chunkBytes, frameOverheadBytes: FRAME_OVERHEAD_BYTES, messageBytes }
    return latencyMs[index]! - urgentBoundMs(bound, real)
  })
  const ascending = (a: number, b: number): number => a - b
  return {
    pacer,
    chunkBytes,
    busy,
    aboveBoundMs: aboveBoundMs.sort(ascending),
    latencyMs: latencyMs.sort(ascending),
    mostQueuedBytes,
    mostUnsentBytes,
    boundBytes: pacer.writeAheadMs / wireMs(1, real) + chunkBytes + FRAME_OVERHEAD_BYTES,
  }
}

const BAUDS = [9600, 115_200, 921_600]

describe.each(BAUDS)('a line of %d baud whose driver tells the truth', (baud) => {
  const slow = baud < 50_000 ? { urgentEveryMs: 900 } : {}

  test.each([
    { name: 'as fast as it says', factor: 1 },
    { name: '3 percent faster than it says', factor: 1.03 },
    { name: '3 percent slower than it says', factor: 0.97 },
    { name: 'as fast as it says, with refills that come 20 ms late', factor: 1, isLate: true },
    { name: '3 percent slower than it says, with refills that come 20 ms late', factor: 0.97, isLate: true },
  ])('$name', async ({ factor, isLate = false }) => {
    const lateMs = (index: number): number => (isLate && index % 10 === 9 ? 20 : 0)
    const outcome = await run({ baud, factor, lateMs, ...slow })
    const { busy, aboveBoundMs, mostQueuedBytes, boundBytes } = outcome
    expect(busy).toBeGreaterThanOrEqual(0.97)
    expect(quantile(aboveBoundMs, 0.99)).toBeLessThanOrEqual(5)
    expect(mostQueuedBytes).toBeLessThanOrEqual(boundBytes)
  })
})

test('the line learns how slow it is, and how late its wake-ups come, and forgets neither at once', async () => {
  const lateMs = (index: number): number => (index % 10 === 9 ? 20 : 0)
  const { pacer } = await run({ baud: 115_200, factor: 0.97, lateMs })
  expect(pacer.rateFactor).toBeCloseTo(0.97, 3)
  expect(pacer.refillBelowMs).toBeGreaterThan(20)
  expect(pacer.refillBelowMs).toBeLessThanOrEqual(25)
  expect(pacer.counts.lateDrains).toBeLessThan(10)
  expect((await run({ baud: 115_200 })).pacer.refillBelowMs).toBeLessThan(6)
})

describe('a line whose driver tells nothing true', () => {
  const few = { baud: 115_200, urgentCount: 100 }

  test.each(['none', 'at once'] as const)(
    'is filled to 98 percent and kept short while it is up to 1.5 percent slower than it says (drain: %s)',
    async (drain) => {
      const { pacer, busy, aboveBoundMs, mostQueuedBytes, boundBytes } = await run({ ...few, drain })
      expect(pacer.hasEvidence).toBe(false)
      expect(busy).toBeGreaterThan(0.98)
      expect(quantile(aboveBoundMs, 0.99)).toBeLessThanOrEqual(5)
      expect(mostQueuedBytes).toBeLessThanOrEqual(boundBytes)
      const slower = await run({ ...few, drain, factor: 0.986 })
      expect(slower.busy).toBeGreaterThan(0.99)
      expect(slower.mostQueuedBytes).toBeLessThanOrEqual(slower.boundBytes)
      expect(slower.pacer.counts.unsentHolds).toBe(0)
    },
  )

  test('is not filled faster because the driver has always drained at once, and is asked ever less often', async () => {
    const outcome = await run({ ...few, drain: 'at once', factor: 1.03 })
    expect(outcome.busy).toBeLessThan(0.985 / 1.03 + 0.001)
    expect(outcome.pacer.rateFactor).toBe(1)
    expect(outcome.pacer.counts.falseDrains).toBeGreaterThan(1)
    expect(outcome.pacer.counts.falseDrains).toBeLessThan(8)
  })

  test('goes on after a second when the driver does not answer, and counts it', async () => {
    const { pacer, busy, aboveBoundMs } = await run({ ...few, drain: 'never' })
    expect(pacer.counts.unansweredDrains).toBe(1)
    expect(pacer.hasEvidence).toBe(false)
    expect(busy).toBeGreaterThan(0.95)
    const waited = aboveBoundMs.filter((ms) => ms > 5)
    expect(waited.length).toBeLessThan(5)
    expect(Math.max(...waited)).toBeLessThan(1000)
  })

  test('fills the driver when it is 3 % slower than it says, until the system takes no more; that is counted', async () => {
    const { pacer, latencyMs, mostQueuedBytes, mostUnsentBytes, boundBytes } = await run({
      ...few,
      urgentCount: 200,
      drain: 'none',
      factor: 0.97,
    })
    expect(mostQueuedBytes).toBeGreaterThan(3 * boundBytes)
    expect(mostQueuedBytes).toBeLessThanOrEqual(4096 + boundBytes)
    expect(mostUnsentBytes).toBeGreaterThan(0)
    expect(pacer.counts.unsentHolds).toBeGreaterThan(0)
    expect(latencyMs.at(-1)).toBeGreaterThan(300)
  })
})
