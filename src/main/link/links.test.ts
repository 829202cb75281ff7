import { describe, expect, test } from 'vitest'
import { utf8 } from '../../shared/bytes'
import { parseLinkUrl } from '../../shared/model/link-url'
import type { LinkStateEvent, TraceEvent } from '../../shared/model/trace'
import { VirtualClock } from '../../testing/virtual-clock'
import { createMemoryNetwork } from '../transport/memory'
import { seededRandom } from '../transport/seeded-random'
import type { Link } from './link'
import { Links } from './links'
import { PeerListener } from './listener'

function session() {
  const clock = new VirtualClock()
  const network = createMemoryNetwork()
  const trace: TraceEvent[] = []
  const made: Link[] = []
  const links = new Links({
    clock,
    random: seededRandom(3),
    transportFor: ({ scheme }) => (scheme === 'tcp-listen' ? network.listening : network.transport),
    onTrace: (event) => trace.push(event),
    onLink: (link) => {
      made.push(link)
      link.stack.route('echo', ({ body }) => ({ body }))
    },
    reconnect: { isOn: false },
  })
  return { clock, network, trace, made, links }
}

const statesOf = (trace: readonly TraceEvent[]): string[] =>
  trace
    .filter((event): event is LinkStateEvent => event.type === 'link-state')
    .map(({ linkId, phase }) => `${linkId} ${phase}`)

describe('links of a session', () => {
  test('are numbered from 1, and a peer of a listener is a link with a number of its own', async () => {
    const { clock, trace, links } = session()
    const listening = links.openLink('tcp-listen://127.0.0.1:4242')
    await clock.advanceToAsync(1)
    const client = links.openLink('tcp://127.0.0.1:4242')
    await clock.advanceToAsync(2)
    expect(listening.phase).toBe('listening')
    expect(links.all().map(({ linkId, parentId, phase }) => [linkId, parentId, phase])).toEqual([
      [1, null, 'listening'],
      [2, null, 'connected'],
      [3, 1, 'connected'],
    ])
    expect(listening.listener?.peers.map(({ id }) => id)).toEqual([3])
    const { answer } = client.link!.request({ route: 'echo', body: utf8('hi') })
    await clock.advanceToAsync(3)
    expect((await answer).body).toEqual(utf8('hi'))
    expect(new Set(trace.map(({ linkId }) => linkId))).toEqual(new Set([1, 2, 3]))
  })

  test('of a peer end when the peer goes, and are not listed any more', async () => {
    const { clock, trace, links } = session()
    links.openLink('tcp-listen://127.0.0.1:4242')
    await clock.advanceToAsync(1)
    const client = links.openLink('tcp://127.0.0.1:4242')
    await clock.advanceToAsync(2)
    await links.close(client.linkId)
    await clock.advanceToAsync(60_000)
    expect(links.all().map(({ linkId, phase }) => [linkId, phase])).toEqual([
      [1, 'listening'],
      [2, 'closed'],
    ])
    expect(statesOf(trace).filter((state) => state.startsWith('3'))).toEqual([
      '3 connected',
      '3 interrupted',
      '3 closed',
    ])
  })

  test('can be opened again, a listener too', async () => {
    const { clock, links } = session()
    const listening = links.openLink('tcp-listen://127.0.0.1:4242')
    await clock.advanceToAsync(1)
    await links.closeAll()
    expect(listening.phase).toBe('closed')
    links.reopen(listening.linkId)
    await clock.advanceToAsync(2)
    expect(listening.phase).toBe('listening')
    const client = links.openLink('tcp://127.0.0.1:4242')
    await clock.advanceToAsync(3)
    expect(client.phase).toBe('connected')
  })

  test('tell why one could not be opened', async () => {
    const { clock, links } = session()
    const handle = links.openLink('tcp://127.0.0.1:1')
    await clock.advanceToAsync(1)
    expect([handle.phase, handle.problem?.code]).toEqual(['closed', 'LINK_REFUSED'])
  })

  test('tell why one could not listen', async () => {
    const { clock, links } = session()
    links.openLink('tcp-listen://127.0.0.1:4242')
    const second = links.openLink('tcp-listen://127.0.0.1:4242')
    await clock.advanceToAsync(1)
    expect([second.phase, second.problem?.code]).toEqual(['closed', 'LINK_ADDRESS_IN_USE'])
  })

  test.each([
    { url: 'nonsense', code: 'URL_INVALID' },
    { url: 'smoke://signal', code: 'URL_UNKNOWN_SCHEME' },
    { url: 'tcp://127.0.0.1:1?speed=9', code: 'URL_BAD_OPTION' },
    { url: 'tcp://127.0.0.1:1?dialect=morse', code: 'DIALECT_UNKNOWN' },
    { url: 'tcp://127.0.0.1:1?chunk=5000', code: 'CHUNK_SIZE_RANGE' },
  ])('are not made from $url: $code', ({ url, code }) => {
    const { links } = session()
    expect(() => links.openLink(url)).toThrow(expect.objectContaining({ code }))
    expect(links.all()).toEqual([])
  })

  test('know no link by a number that was never given, and none to send on at a listener', async () => {
    const { clock, links } = session()
    expect(() => links.link(1)).toThrow(expect.objectContaining({ code: 'LINK_UNKNOWN' }))
    links.openLink('tcp-listen://127.0.0.1:4242')
    await clock.advanceToAsync(1)
    expect(() => links.link(1)).toThrow(expect.objectContaining({ code: 'LINK_NOT_CONNECTED' }))
  })

  test('show an added observer what happens until it leaves', async () => {
    const { clock, links } = session()
    const seen: TraceEvent[] = []
    const leave = links.observe((event) => seen.push(event))
    links.openLink('tcp-listen://127.0.0.1:4242')
    await clock.advanceToAsync(1)
    const count = seen.length
    expect(count).toBeGreaterThan(0)
    leave()
    await links.closeAll()
    expect(seen).toHaveLength(count)
  })
})

describe('a listener', () => {
  test('hangs up on one peer more than it may have, and says so', async () => {
    const clock = new VirtualClock()
    const network = createMemoryNetwork()
    const trace: TraceEvent[] = []
    let lastId = 1
    const listener = new PeerListener({
      id: 1,
      address: parseLinkUrl('tcp-listen://127.0.0.1:4242?peers=2'),
      transport: network.listening,
      common: { clock, random: seededRandom(1) },
      onTrace: (event) => trace.push(event),
      nextId: () => ++lastId,
      onPeer: () => {},
      onPeerGone: () => {},
    })
    await listener.open()
    const endings: string[] = []
    for (const name of ['first', 'second', 'third']) {
      await network.transport.open({
        onBytes: () => {},
        onWritable: () => {},
        onClosed: ({ kind }) => endings.push(`${name} ${kind}`),
      })
    }
    await clock.advanceToAsync(1)
    expect(endings).toEqual(['third remote'])
    expect(listener.peers).toHaveLength(2)
    expect(
      trace.filter((event) => event.type === 'link-state' && event.code === 'PEERS_TOO_MANY'),
    ).toHaveLength(1)
    await listener.close()
    expect(endings).toEqual(['third remote', 'first remote', 'second remote'])
  })
})
