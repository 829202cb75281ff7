import { afterEach, describe, expect, test } from 'vitest'
import { utf8 } from '../../shared/bytes'
import type { TraceEvent } from '../../shared/model/trace'
import { transportFor } from '../simulator/transport-for'
import type { Transport } from '../transport/transport'
import { seededRandom } from '../transport/seeded-random'
import { SystemClock } from '../transport/system-clock'
import { VirtualClock } from '../../testing/virtual-clock'
import { parseLinkUrl } from '../../shared/model/link-url'
import { Link } from './link'
import { NO_RECONNECT } from './link-machine'
import { Links } from './links'

const clock = new SystemClock()
const made: Links[] = []

function links(onLink: (link: Link) => void = () => {}): { links: Links; events: TraceEvent[] } {
  const events: TraceEvent[] = []
  const all = new Links({
    clock,
    random: seededRandom(made.length + 1),
    transportFor: (address) => transportFor(address, clock),
    onTrace: (event) => events.push(event),
    onLink,
  })
  made.push(all)
  return { links: all, events }
}

async function listen(query = ''): Promise<{ port: number; events: TraceEvent[] }> {
  const { links: all, events } = links((link) => {
    link.stack.route('echo', ({ body, headers }) => ({ body, headers }))
  })
  const { listener } = all.openLink(`tcp-listen://127.0.0.1:0?dialect=native${query}`)
  await listener!.open()
  const { address } = listener!
  return { port: 'port' in address ? address.port : 0, events }
}

afterEach(async () => {
  await Promise.all(made.splice(0).map((each) => each.closeAll()))
})

describe('a native link over TCP', () => {
  test('is connected when both sides have shaken hands, and carries requests and large bodies', async () => {
    const { port } = await listen()
    const { links: all, events } = links()
    const { link } = all.openLink(`tcp://127.0.0.1:${port}?dialect=native`)
    await link!.whenConnected()
    const ready = events.find((event) => event.type === 'session' && event.phase === 'ready')
    expect(ready).toMatchObject({ peerIdentity: 'netcore-console', isResumed: false })

    const small = link!.request({ route: 'echo', body: utf8('hello'), headers: { id: 2n ** 60n } })
    const large = Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * 31) % 256)
    const big = link!.request({ route: 'echo', body: large, priority: 6 })
    const { body, headers } = await small.answer
    expect(body).toEqual(utf8('hello'))
    expect(headers).toEqual({ id: 2n ** 60n })
    expect(Buffer.compare((await big.answer).body, large)).toBe(0)
  })

  test('says goodbye when it is closed', async () => {
    const { port, events } = await listen()
    const { links: all } = links()
    const { link } = all.openLink(`tcp://127.0.0.1:${port}?dialect=native`)
    await link!.whenConnected()
    await link!.close()
    await expect
      .poll(() =>
        events.some(
          ({ type, ...event }) => type === 'session' && 'code' in event && event.code === 'PEER_CLOSED',
        ),
      )
      .toBe(true)
  })
})

describe('a native link with a password', () => {
  test('is connected when both sides have proved that they know it', async () => {
    const { port } = await listen('&password=correct+horse')
    const { links: all } = links()
    const { link } = all.openLink(`tcp://127.0.0.1:${port}?dialect=native&password=correct+horse`)
    await link!.whenConnected()
    const { answer } = link!.request({ route: 'echo', body: utf8('let in') })
    expect((await answer).body).toEqual(utf8('let in'))
  })

  test('closes for good with a wrong one, and whoever waits for it learns why', async () => {
    const { port } = await listen('&password=right')
    const { links: all } = links()
    const { link } = all.openLink(`tcp://127.0.0.1:${port}?dialect=native&password=wrong`)
    await expect(link!.whenConnected()).rejects.toMatchObject({ code: 'AUTH_FAILED' })
    await expect.poll(() => link!.phase).toBe('closed')
    expect(link!.problem).toMatchObject({ code: 'AUTH_FAILED' })
  })

  test('closes for good without one', async () => {
    const { port } = await listen('&password=right')
    const { links: all } = links()
    const { link } = all.openLink(`tcp://127.0.0.1:${port}?dialect=native`)
    await expect(link!.whenConnected()).rejects.toMatchObject({ code: 'AUTH_REQUIRED' })
    await expect.poll(() => link!.phase).toBe('closed')
  })
})

describe('a native link over a simulated serial line', () => {
  test('carries requests beside a large transfer over a damaging line, and says goodbye at once', async () => {
    const virtual = new VirtualClock()
    const events: TraceEvent[] = []
    const address = parseLinkUrl('sim:demo?dialect=native&baud=115200&seed=3&flip=1e-4&drop=1e-4')
    const link = new Link({
      id: 1,
      address,
      transport: transportFor(address, virtual) as Transport,
      clock: virtual,
      random: seededRandom(1),
      reconnect: NO_RECONNECT,
      onTrace: (event) => events.push(event),
    })
    link.open()
    await virtual.advanceToAsync(500)
    await link.whenConnected()
    const large = link.request({
      route: '/device/firmware',
      body: new Uint8Array(60_000).fill(3),
      priority: 6,
    })
    const waits: number[] = []
    for (let k = 0; k < 12; k++) {
      const { answer } = link.request({ route: 'echo', body: new Uint8Array(20), priority: 0 })
      await virtual.advanceToAsync(virtual.nowMs() + 500)
      waits.push((await answer).roundTripMs)
    }
    await virtual.advanceToAsync(virtual.nowMs() + 1_000)
    // 60,000 bytes are 5.2 s of this line.
    expect((await large.answer).roundTripMs).toBeLessThan(6_400)
    expect(Math.max(...waits)).toBeLessThan(250)
    expect(events.some(({ type }) => type === 'fault')).toBe(true)
    link.send({ route: 'log', kind: 'event', body: new Uint8Array(50_000), priority: 7 })
    await virtual.advanceToAsync(virtual.nowMs() + 50)
    await link.close()
    const last = events.findLast((event) => event.type === 'frame' && event.dir === 'out')
    expect(last).toMatchObject({ frameKind: 'bye' })
  })
})
