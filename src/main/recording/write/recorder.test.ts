import { describe, expect, test } from 'vitest'
import type { TraceEvent } from '../../../shared/model/trace'
import { MemoryDisk } from '../../../testing/memory-disk'
import { VirtualClock } from '../../../testing/virtual-clock'
import { Links } from '../../link/links'
import { transportFor } from '../../simulator/transport-for'
import { seededRandom } from '../../transport/seeded-random'
import { memorySource } from '../read/byte-source'
import { noDecompression } from '../read/plain-block'
import { verifyRecording } from '../read/verify'
import { SessionTime } from '../format/session-time'
import { TraceReader } from '../format/trace-entries'
import { FlightRecorder } from './flight-recorder'
import { Recorder, type RecorderOptions } from './recorder'

const time = new SessionTime(1_790_000_000_000)

/** Five seconds of the simulated device, with whoever observes them. */
async function simulate(
  clock: VirtualClock,
  observers: readonly ((event: TraceEvent) => void)[],
): Promise<TraceEvent[]> {
  const events: TraceEvent[] = []
  const links = new Links({
    clock,
    random: seededRandom(1),
    transportFor: (address) => transportFor(address, clock),
  })
  for (const observer of observers) links.observe(observer)
  links.observe((event) => {
    const isBorrowing = event.type === 'bytes'
    events.push(isBorrowing ? { ...event, bytes: event.bytes.slice() } : event)
  })
  links.openLink('sim:demo?seed=5')
  await clock.advanceToAsync(5000)
  await links.closeAll()
  return events
}

/** The trace of a file; `fromNumber` leaves out what repeats how all stood. */
async function readTrace(file: Uint8Array): Promise<TraceEvent[]> {
  const reader = new TraceReader()
  const events: TraceEvent[] = []
  const { damageCount } = await verifyRecording(
    memorySource(file),
    noDecompression,
    ({ channelId, timeNs, data }) => {
      const event = reader.read(channelId, time.toMs(timeNs), data)
      if (event !== undefined) events.push(event)
    },
  )
  expect([damageCount, reader.misread]).toEqual([0, 0])
  return events
}

const rounded = (event: TraceEvent): unknown => ({ ...event, atMs: Math.round(event.atMs * 1e6) })

const recorderOf = (clock: VirtualClock, disk: MemoryDisk, more: Partial<RecorderOptions> = {}): Recorder =>
  new Recorder({ disk, clock, time, path: 'a.mcap', library: 'test', sessionId: 's1', ...more })

describe('a recorder', () => {
  test('that was there before the port opened has everything: what is read is what was traced', async () => {
    const clock = new VirtualClock()
    const disk = new MemoryDisk()
    const recorder = recorderOf(clock, disk)
    const events = await simulate(clock, [recorder.observe])
    expect(await recorder.end()).toEqual(['a.mcap'])
    const read = await readTrace(disk.bytesOf('a.mcap'))
    expect(read.map(rounded)).toEqual(events.map(rounded))
    expect(events.filter(({ type }) => type === 'message-closed').length).toBeGreaterThan(20)
  })

  test('in parts loses nothing between them, numbers go on, and each part says how all stood', async () => {
    const clock = new VirtualClock()
    const disk = new MemoryDisk()
    const durable: number[] = []
    const recorder = recorderOf(clock, disk, {
      splitBytes: 60_000,
      onDurable: (entry) => durable.push(entry),
    })
    const events = await simulate(clock, [recorder.observe])
    const paths = await recorder.end()
    expect(paths.length).toBeGreaterThan(2)
    expect(paths.slice(0, 2)).toEqual(['a.mcap', 'a-2.mcap'])
    const parts = await Promise.all(paths.map((path) => readTrace(disk.bytesOf(path))))
    const bytesOf = (trace: readonly TraceEvent[]): string =>
      Buffer.concat(
        trace.flatMap((event) => (event.type === 'bytes' && event.dir === 'in' ? [event.bytes] : [])),
      ).toString('hex')
    expect(bytesOf(parts.flat())).toBe(bytesOf(events))
    for (const part of parts.slice(1)) {
      expect(part[0]).toMatchObject({
        type: 'link-state',
        phase: 'connected',
        url: expect.stringContaining('sim:demo'),
      })
    }
    expect(durable).toEqual([...durable].sort((a, b) => a - b))
    const last = await verifyRecording(memorySource(disk.bytesOf(paths.at(-1)!)), noDecompression)
    expect(last.session?.get('part')).toBe(`${paths.length}`)
  })
})

describe('the flight recorder', () => {
  test('gives back the newest seconds, after how all stood, and forgets the oldest within its bounds', async () => {
    const clock = new VirtualClock()
    const flight = new FlightRecorder({ keptBytes: 40_000, keptMs: 60_000 })
    const sizes: number[] = []
    const events = await simulate(clock, [flight.observe, () => sizes.push(flight.keptBytes)])
    expect(Math.max(...sizes)).toBeLessThan(40_000 + 512 * 1024)
    const whole = new FlightRecorder()
    for (const event of events) whole.observe(event)
    expect(whole.since(0).map(rounded)).toEqual(events.map(rounded))
    const since = whole.since(5000)
    expect(since.length).toBeLessThan(events.length)
    expect(whole.oldestMs).toBe(events[0]!.atMs)
  })

  test('keeps what came within its time, and a message that began before is told of first', () => {
    const flight = new FlightRecorder({ keptBytes: 1e9, keptMs: 10_000 })
    const opened = (atMs: number, messageKey: number): TraceEvent => ({
      type: 'message-opened',
      linkId: 1,
      atMs,
      dir: 'in',
      messageKey,
      ref: 'r',
      route: 'log',
      kind: 'event',
      priority: 3,
      headers: {},
      correlationId: '',
      declaredBytes: null,
      answersKey: 0,
    })
    for (let atMs = 0; atMs <= 60_000; atMs += 1000) flight.observe(opened(atMs, atMs + 1))
    const kept = flight.since(0)
    expect(flight.oldestMs).toBeGreaterThanOrEqual(60_000 - 10_000 - 5000)
    // all were left open: the standing ones come at the time at which the memory begins
    expect(kept.filter(({ atMs }) => atMs === flight.oldestMs).length).toBeGreaterThan(40)
    expect(kept.length).toBe(61)
  })
})
