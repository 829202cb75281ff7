import { afterEach, describe, expect, test } from 'vitest'
import { utf8 } from '../../shared/bytes'
import type { TraceEvent } from '../../shared/model/trace'
import { transportFor } from '../simulator/transport-for'
import { seededRandom } from '../transport/seeded-random'
import { SystemClock } from '../transport/system-clock'
import type { Link } from './link'
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
