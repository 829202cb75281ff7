import { describe, expect, test } from 'vitest'
import { jsonOf } from '../../testing/joined-endpoints'
import { linksOnLine, linksOverMemory } from '../../testing/joined-links'
import { settlePromises, VirtualClock } from '../../testing/virtual-clock'
import { parseLinkUrl } from '../../shared/model/link-url'
import type { Endpoint } from '../netcore/endpoint/endpoint'
import { AnswerError } from '../netcore/endpoint/told-error'
import { createMemoryNetwork } from '../transport/memory'
import { seededRandom } from '../transport/seeded-random'
import { attachEndpoint, createEndpoint } from './endpoint-link'
import { Link } from './link'
import { Links } from './links'

/** Everything that the link of an endpoint tells it, in words. */
function listenTo(endpoint: Endpoint): string[] {
  const told: string[] = []
  endpoint.on('linkUp', ({ atMs }) => void told.push(`up ${Math.round(atMs)}`))
  endpoint.on('linkDown', ({ code }) => void told.push(`down ${code}`))
  endpoint.on('fault', ({ code }) => void told.push(`fault ${code}`))
  endpoint.on('cancelled', ({ dir, by, ref }) => void told.push(`cancelled ${dir} by ${by} ${ref}`))
  return told
}

describe('an endpoint on a link', () => {
  test.each(['lso', 'native'])(
    'serves and asks over a serial line, both ways at the same time: %s',
    async (dialect) => {
      const { clock, near, far } = linksOnLine({ query: `&dialect=${dialect}` })
      let closed = 0
      const [here, there] = [near, far].map(({ link }) => {
        const endpoint = createEndpoint({ clock })
          .request('echo', (request) => request.json())
          .request('fail', () => {
            throw new AnswerError('MOTOR_STALLED', 'it does not turn')
          })
          .request('count', async function* (request) {
            const n = request.json() as number
            try {
              for (let i = 1; i <= n; i++) yield await Promise.resolve(i)
            } finally {
              closed += 1
            }
          })
        attachEndpoint(endpoint, link)
        link.open()
        return endpoint
      }) as [Endpoint, Endpoint]
      await clock.advanceToAsync(500)
      const answers = [here.send('echo', 'ping'), there.send('echo', 'pong')]
      const failed = expect(here.send('fail')).rejects.toMatchObject({
        details: { peerCode: 'MOTOR_STALLED' },
      })
      const unknown = expect(there.send('nowhere')).rejects.toMatchObject({
        details: { peerCode: 'ROUTE_UNKNOWN' },
      })
      const read = async (endpoint: Endpoint, n: number, limit: number): Promise<unknown[]> => {
        const got: unknown[] = []
        for await (const answer of endpoint.subscribe('count', n))
          if (got.push(jsonOf(answer)) === limit) break
        return got
      }
      const first = here.send('count', 1e9)
      const reading = [read(here, 3, 99), read(there, 3, 99), read(here, 1e9, 4)]
      await clock.advanceToAsync(5000)
      expect((await Promise.all(answers)).map(jsonOf)).toEqual(['ping', 'pong'])
      await failed
      await unknown
      expect(await Promise.all(reading)).toEqual([
        [1, 2, 3],
        [1, 2, 3],
        [1, 2, 3, 4],
      ])
      // Nobody wants more than the first answer of that one, and it learns so.
      expect(jsonOf(await first)).toBe(1)
      expect([closed, here.running, there.running]).toEqual([4, 0, 0])
      const unexpected = near.trace.filter(
        (event) => event.type === 'fault' && event.code === 'ANSWER_UNMATCHED',
      )
      expect(unexpected).toEqual([])
    },
  )

  test('is told of ups and downs, faults and cancelled messages', async () => {
    const { clock, near, far } = linksOverMemory()
    const endpoint = createEndpoint({ clock })
    const peer = createEndpoint({ clock })
    const told = listenTo(endpoint)
    const peerTold = listenTo(peer)
    attachEndpoint(endpoint, near.link)
    attachEndpoint(peer, far.link)
    near.link.open()
    await settlePromises()
    peer.request('fail', () => {
      throw new Error('x')
    })
    void endpoint.send('fail')
    await clock.advanceToAsync(10)
    const sent = endpoint.post('big', new Uint8Array(100_000))
    expect(endpoint.cancel(sent)).toBe(true)
    await clock.advanceToAsync(20)
    expect(told).toEqual(['up 0', `cancelled out by us ${sent.ref}`])
    expect(peerTold).toEqual(['up 0', 'fault HANDLER_FAILED', `cancelled in by peer ${sent.ref}`])
    await near.link.close()
    await settlePromises()
    expect(told.slice(2)).toEqual(['down null'])
    expect(peerTold.at(-1)).toMatch(/^down /)
  })

  test('attached to a link that is up, is told so; detached, nothing any more', async () => {
    const { clock, near } = linksOverMemory()
    near.link.open()
    await settlePromises()
    const endpoint = createEndpoint({ clock })
    const told = listenTo(endpoint)
    const attached = attachEndpoint(endpoint, near.link, 'line')
    expect([attached.name, told]).toEqual(['line', ['up 0']])
    attached.detach()
    attachEndpoint(endpoint, near.link, 'line').detach()
    attached.detach()
    expect(endpoint.pipes).toEqual([])
    await near.link.close()
    expect(told).toEqual(['up 0', 'up 0'])
  })

  test('rejects what waits with the reason for which the link was lost, and says of a link that is down that it is', async () => {
    const { clock, near, far } = linksOverMemory()
    const endpoint = createEndpoint({ clock })
    attachEndpoint(endpoint, near.link)
    const peer = createEndpoint({ clock }).request('silent', () => undefined)
    attachEndpoint(peer, far.link)
    near.link.open()
    await settlePromises()
    const lost = endpoint.send('silent')
    const outcome = expect(lost).rejects.toMatchObject({ code: 'LINK_LOST' })
    await clock.advanceToAsync(5)
    await far.link.close()
    await outcome
    await expect(endpoint.send('silent')).rejects.toMatchObject({ code: 'LINK_NOT_CONNECTED' })
  })
})

describe('a subscription over the native dialect', () => {
  test('that is not read holds the peer back by credit, and goes on when it is read', async () => {
    const limits = { queuedBytes: 20_000, reassemblyBytes: 16 * 1024 * 1024 } // credit is a 512th of it
    const { clock, near, far } = linksOnLine({ query: '&dialect=native' }, { limits })
    const here = createEndpoint({ clock })
    let made = 0
    const there = createEndpoint({ clock }).request('flood', async function* () {
      for (; made < 600; made++) yield await Promise.resolve(new Uint8Array(500).fill(made & 255))
    })
    attachEndpoint(here, near.link)
    attachEndpoint(there, far.link)
    for (const { link } of [near, far]) link.open()
    await clock.advanceToAsync(100)
    const subscription = here.subscribe('flood', undefined, { bufferedBytes: 100 })
    await clock.advanceToAsync(20_000)
    const held = made
    await clock.advanceToAsync(30_000)
    expect(made).toBe(held)
    expect(held).toBeLessThan(200)
    here.request('who', () => 'still here')
    const other = there.send('who', undefined, { timeoutMs: 1000 })
    await clock.advanceToAsync(31_000)
    expect(jsonOf(await other)).toBe('still here')
    let taken = 0
    const reading = (async () => {
      for await (const { body } of subscription) {
        expect(body[0]).toBe(taken & 255)
        taken += 1
      }
    })()
    await clock.advanceToAsync(100_000)
    await reading
    expect([taken, made, there.running]).toEqual([600, 600, 0])
    expect(near.trace.filter(({ type }) => type === 'fault')).toEqual([])
  })
})

describe('one endpoint for all peers of a listener', () => {
  test('answers each of them, and forgets the pipe of one that went', async () => {
    const clock = new VirtualClock()
    const network = createMemoryNetwork()
    const endpoint = createEndpoint({ clock }).request('who', (_, { pipe }) => pipe)
    const links = new Links({
      clock,
      random: seededRandom(5),
      transportFor: () => network.listening,
      onLink: (link) => attachEndpoint(endpoint, link),
    })
    await links.openLink('tcp-listen://memory:1').listener!.open()
    const peers = [1, 2, 3].map((id) => {
      const link = new Link({
        id,
        address: parseLinkUrl('tcp://memory:1'),
        transport: network.transport,
        clock,
        random: seededRandom(id),
        onTrace: () => undefined,
      })
      const peer = createEndpoint({ clock })
      attachEndpoint(peer, link)
      link.open()
      return { peer, link }
    })
    await settlePromises()
    const answers = peers.map(({ peer }) => peer.send('who'))
    await clock.advanceToAsync(10)
    const names = (await Promise.all(answers)).map(jsonOf)
    expect(names.toSorted()).toEqual([...endpoint.pipes].toSorted())
    expect(new Set(names).size).toBe(3)
    const waiting = endpoint.send('anything', undefined, { pipe: names[0] as string })
    const outcome = expect(waiting).rejects.toMatchObject({ code: 'LINK_LOST' })
    await peers[0]!.link.close()
    await clock.advanceToAsync(20)
    await outcome
    expect(endpoint.pipes).toHaveLength(2)
    const again = peers[1]!.peer.send('who')
    await clock.advanceToAsync(30)
    expect(jsonOf(await again)).toBe(names[1])
  })
})
