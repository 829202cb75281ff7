import { describe, expect, test } from 'vitest'
import { lenientUtf8, utf8 } from '../../shared/bytes'
import { parseLinkUrl } from '../../shared/model/link-url'
import { VirtualClock } from '../../testing/virtual-clock'
import { Link } from '../link/link'
import { NO_RECONNECT } from '../link/link-machine'
import { createMemoryNetwork } from '../transport/memory'
import { seededRandom } from '../transport/seeded-random'
import { MAX_BRIDGED_BYTES } from './bridge'
import { DeviceServer } from './device-server'
import type { SimAddress } from './sim-transport'

function served(url = 'sim:demo') {
  const clock = new VirtualClock()
  const network = createMemoryNetwork()
  const events: string[] = []
  const server = new DeviceServer({
    device: parseLinkUrl(url) as SimAddress,
    place: parseLinkUrl('tcp-listen://127.0.0.1:1'),
    clock,
    onPeer: ({ number }) => events.push(`${number} came`),
    onPeerGone: ({ number }, cause) => events.push(`${number} gone ${cause?.code ?? 'properly'}`),
  })
  void network.listening.listen((peer) => server.accept(peer))
  const connect = (id: number): Link => {
    const link = new Link({
      id,
      address: parseLinkUrl('tcp://127.0.0.1:1'),
      transport: network.transport,
      clock,
      random: seededRandom(id),
      reconnect: NO_RECONNECT,
      onTrace: () => {},
    })
    link.open()
    return link
  }
  return { clock, network, events, server, connect }
}

describe('a server of simulated devices', () => {
  test('gives each peer a device of its own, at the speed of its line', async () => {
    const { clock, connect, events } = served()
    const links = [connect(1), connect(2)]
    await clock.advanceToAsync(5)
    const pending = links.map((link) => link.request({ route: 'echo', body: utf8('x'.repeat(1000)) }))
    await clock.advanceToAsync(400)
    for (const { answer } of pending) {
      const { body, roundTripMs } = await answer
      expect(lenientUtf8(body)).toBe('x'.repeat(1000))
      expect(roundTripMs).toBeGreaterThan(170) // 1000 bytes there and back at 11,520 bytes a second
    }
    expect(events).toEqual(['1 came', '2 came'])
  })

  test('switches the device off when its peer goes', async () => {
    const { clock, connect, events } = served()
    const link = connect(1)
    await clock.advanceToAsync(3000)
    await link.close()
    await clock.advanceToAsync(4000)
    expect(events).toEqual(['1 came', '1 gone properly'])
  })

  test('says why when the peer is lost', async () => {
    const { clock, network, connect, events } = served()
    connect(1)
    await clock.advanceToAsync(10)
    network.cut()
    await clock.advanceToAsync(20)
    expect(events).toEqual(['1 came', '1 gone LINK_LOST'])
  })

  test('hangs up on a peer that sends more ahead than may wait', async () => {
    const { clock, network, events } = served()
    const peer = await network.transport.open({ onBytes: () => {}, onWritable: () => {}, onClosed: () => {} })
    await clock.advanceToAsync(1)
    for (let sent = 0; sent <= MAX_BRIDGED_BYTES; sent += 1 << 20) peer.write(new Uint8Array(1 << 20))
    for (let turn = 2; turn < 60; turn++) await clock.advanceToAsync(turn)
    expect(events).toEqual(['1 came', '1 gone QUEUE_FULL'])
  })

  test('serves a peer over one line that is opened, and ends with it', async () => {
    const { clock, server, events } = served()
    const other = createMemoryNetwork()
    let hangUp = async (): Promise<void> => {}
    void other.listening.listen((connection) => {
      hangUp = () => connection.close()
      return { onBytes: () => {}, onWritable: () => {}, onClosed: () => {} }
    })
    await server.open(other.transport, new AbortController().signal)
    await clock.advanceToAsync(10)
    await hangUp()
    await clock.advanceToAsync(20)
    expect(events).toEqual(['1 came', '1 gone properly'])
  })

  test('does not begin with a device that does not exist', () => {
    expect(() => served('sim:toaster')).toThrow(expect.objectContaining({ code: 'DEVICE_UNKNOWN' }))
  })
})
