import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { lenientUtf8, utf8 } from '../../shared/bytes'
import { parseLinkUrl } from '../../shared/model/link-url'
import type { FrameEvent, TraceEvent } from '../../shared/model/trace'
import { VirtualClock } from '../../testing/virtual-clock'
import { Link } from '../link/link'
import { NO_RECONNECT } from '../link/link-machine'
import { seededRandom } from '../transport/seeded-random'
import { DUMP_BYTES } from './demo-device'
import { createSimTransport, type SimAddress } from './sim-transport'

function linkToDevice(url: string) {
  const clock = new VirtualClock()
  const trace: TraceEvent[] = []
  const address = parseLinkUrl(url) as SimAddress
  const link = new Link({
    id: 1,
    address,
    transport: createSimTransport(address, clock),
    clock,
    random: seededRandom(9),
    reconnect: NO_RECONNECT,
    onTrace: (event) => trace.push(event),
  })
  link.open()
  return { clock, trace, link }
}

interface Received {
  readonly route: string
  readonly atMs: number
  readonly text: string
}

function receivedIn(trace: readonly TraceEvent[]): Received[] {
  const routes = new Map<number, string>()
  const received: Received[] = []
  for (const event of trace) {
    if (event.type === 'message-opened') routes.set(event.messageKey, event.route)
    if (event.type !== 'message-closed' || event.dir !== 'in') continue
    const { messageKey, atMs, body, outcome } = event
    expect(outcome).toBe('complete')
    received.push({ route: routes.get(messageKey)!, atMs, text: lenientUtf8(body) })
  }
  return received
}

const digestOf = (trace: readonly TraceEvent[]): string => {
  const hash = createHash('sha256')
  for (const event of trace) {
    if (event.type === 'bytes') hash.update(event.bytes).update(`${event.dir}${event.atMs}`)
  }
  return hash.digest('hex')
}

describe('the simulated device demo', () => {
  test('begins unasked, within two seconds, to send a large log while telemetry goes on between its chunks', async () => {
    const { clock, trace } = linkToDevice('sim:demo')
    await clock.advanceToAsync(2000)
    const frames = trace.filter((event): event is FrameEvent => event.type === 'frame' && event.dir === 'in')
    const changes = frames.filter(({ ref }, index) => index > 0 && ref !== frames[index - 1]!.ref)
    expect(changes.length).toBeGreaterThan(8)
    await clock.advanceToAsync(5000)
    const received = receivedIn(trace)
    const dump = received.find(({ route }) => route === 'log.dump')!
    expect(dump.text).toHaveLength(DUMP_BYTES)
    expect(dump.text).toMatch(/^\[ +0\.\d{3}] \w+ +\w+: /)
    const during = received.filter(
      ({ route, atMs }) => route === 'telemetry.imu' && atMs > 1000 && atMs < dump.atMs,
    )
    expect(during.length).toBeGreaterThanOrEqual(6)
  })

  test('pushes a reading every 250 ms and a line of its log now and then', async () => {
    const { clock, trace } = linkToDevice('sim:demo')
    await clock.advanceToAsync(10_000)
    const received = receivedIn(trace)
    const samples = received
      .filter(({ route }) => route === 'telemetry.imu')
      .map(({ text }) => JSON.parse(text) as { seq: number; t: number; acc: number[] })
    expect(samples.map(({ seq }) => seq)).toEqual(samples.map((_, index) => index))
    expect(samples.length).toBeGreaterThanOrEqual(38)
    for (const { acc } of samples) expect(acc[2]).toBeGreaterThan(9)
    const lines = received
      .filter(({ route }) => route === 'log.print')
      .map(({ text }) => JSON.parse(text) as unknown)
    expect(lines.length).toBe(4)
    expect(lines[0]).toMatchObject({
      level: expect.stringMatching(/debug|info|warn/),
      tag: expect.any(String),
    })
  })

  test('speaks netconduit too, where its large log holds up the readings behind it', async () => {
    const { clock, trace, link } = linkToDevice('sim:demo?dialect=netconduit&heartbeat=2')
    await clock.advanceToAsync(20_000)
    expect(link.phase).toBe('connected')
    const received = receivedIn(trace)
    const routes = new Set(received.map(({ route }) => route))
    expect([...routes].toSorted()).toEqual(['msg:log.dump', 'msg:log.print', 'msg:telemetry.imu'])
    const dump = trace.find(
      (event) => event.type === 'frame' && event.dir === 'in' && event.payloadBytes >= DUMP_BYTES,
    ) as FrameEvent
    expect(dump.endMs - dump.startMs).toBeGreaterThan(1000)
    const during = received.filter(({ atMs }) => atMs > dump.startMs + 100 && atMs < dump.endMs - 100)
    expect(during).toEqual([])
  })

  test('answers a small read while the log is being sent, within 80 ms at 115,200 baud', async () => {
    const { clock, link } = linkToDevice('sim:demo')
    await clock.advanceToAsync(1500)
    const { answer } = link.request({
      route: '/device/read',
      body: utf8('{"channel":"supply"}'),
      priority: 0,
    })
    await clock.advanceToAsync(1700)
    const { body, roundTripMs } = await answer
    expect(JSON.parse(lenientUtf8(body))).toMatchObject({ channel: 'supply' })
    expect(roundTripMs).toBeLessThan(80)
  })

  test('sends the same bytes at the same times for the same seed, and others for another', async () => {
    const run = async (url: string): Promise<string> => {
      const { clock, trace, link } = linkToDevice(url)
      await clock.advanceToAsync(1200)
      link.request({ route: 'echo', body: utf8('hello') })
      await clock.advanceToAsync(4000)
      return digestOf(trace)
    }
    const url = 'sim:demo?seed=7&flip=1e-4&drop=1e-4'
    const first = await run(url)
    expect(await run(url)).toBe(first)
    expect(await run('sim:demo?seed=8&flip=1e-4&drop=1e-4')).not.toBe(first)
  })

  test('goes on over a line that damages and loses bytes', async () => {
    const { clock, trace, link } = linkToDevice('sim:demo?flip=2e-4&drop=1e-4&seed=3')
    await clock.advanceToAsync(20_000)
    expect(trace.some(({ type }) => type === 'fault')).toBe(true)
    expect(link.phase).toBe('connected')
    const late = trace.filter(
      (event) => event.type === 'message-closed' && event.outcome === 'complete' && event.atMs > 18_000,
    )
    expect(late.length).toBeGreaterThan(3)
  })

  test('leaves readings out on a line too slow for them, and says how many', async () => {
    const { clock, trace, link } = linkToDevice('sim:demo?baud=2400')
    await clock.advanceToAsync(600_000)
    const skips = trace.flatMap((event) => {
      if (event.type !== 'message-closed' || event.dir !== 'in') return []
      const skipped = /"skipped":(\d+)/.exec(lenientUtf8(event.body))?.[1]
      return skipped === undefined ? [] : [Number(skipped)]
    })
    expect(skips.length).toBeGreaterThan(0)
    expect(link.phase).toBe('connected')
  })

  test('is switched off with the link: nothing is scheduled any more', async () => {
    const { clock, link } = linkToDevice('sim:demo')
    await clock.advanceToAsync(3000)
    await link.close()
    await clock.advanceToAsync(20_000)
    const before = link.bytesIn
    await clock.advanceToAsync(40_000)
    expect(link.bytesIn).toBe(before)
    expect(link.phase).toBe('closed')
  })

  test('does not exist under another name', () => {
    const address = parseLinkUrl('sim:toaster') as SimAddress
    expect(() => createSimTransport(address, new VirtualClock())).toThrow(
      expect.objectContaining({ code: 'DEVICE_UNKNOWN' }),
    )
  })
})
