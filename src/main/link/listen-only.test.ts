import { describe, expect, test } from 'vitest'
import { concatBytes, utf8 } from '../../shared/bytes'
import type { MessageClosed, TraceEvent } from '../../shared/model/trace'
import { linksOnLine } from '../../testing/joined-links'
import { VirtualClock } from '../../testing/virtual-clock'
import { createMemoryNetwork } from '../transport/memory'
import { seededRandom } from '../transport/seeded-random'
import type { Connection } from '../transport/transport'
import { Links } from './links'

/** A console side whose peer is raw bytes in the hands of the test. */
async function rawPeer() {
  const clock = new VirtualClock()
  const network = createMemoryNetwork()
  const heard: Uint8Array[] = []
  const trace: TraceEvent[] = []
  let peer: Connection | undefined
  await network.listening.listen((connection) => {
    peer = connection
    return { onBytes: (bytes) => heard.push(bytes), onWritable: () => {}, onClosed: () => {} }
  })
  const links = new Links({
    clock,
    random: seededRandom(5),
    transportFor: () => network.transport,
    onTrace: (event) => trace.push(event),
  })
  return {
    clock,
    network,
    links,
    trace,
    get heardBytes() {
      return concatBytes(heard).length
    },
    say: (bytes: Uint8Array) => peer?.write(bytes),
    pass: (ms: number) => clock.advanceToAsync(clock.nowMs() + ms),
    bodies: () =>
      trace
        .filter((event): event is MessageClosed => event.type === 'message-closed')
        .map(({ body }) => Buffer.from(body).toString()),
  }
}

/** What a device says in an exchange of the real dialect, from its first byte on. */
async function deviceSpeech(dialect: string): Promise<Uint8Array> {
  const { clock, near, far } = linksOnLine({ query: `&dialect=${dialect}` })
  near.link.open()
  far.link.open()
  await clock.advanceToAsync(500)
  far.link.send({ route: 'log', kind: dialect === 'raw' ? 'bytes' : 'event', body: utf8('temperature 21') })
  if (dialect !== 'raw') far.link.request({ route: 'ask', body: utf8('who?') })
  await clock.advanceToAsync(1500)
  return concatBytes(
    far.trace.flatMap((event) => (event.type === 'bytes' && event.dir === 'out' ? [event.bytes] : [])),
  )
}

describe.each(['lso', 'native', 'raw'])('a %s link that only listens', (dialect) => {
  test('reads what a device says and answers with not one byte, whatever is tried', async () => {
    const side = await rawPeer()
    const { link, linkId } = side.links.openLink(`tcp://h:1?dialect=${dialect}&lossy=yes&listen=only`)
    await side.pass(1)
    expect(link?.isListenOnly).toBe(true)
    side.say(await deviceSpeech(dialect))
    await side.pass(5000)
    expect(side.bodies()).toContain('temperature 21')
    const refused = expect.objectContaining({ code: 'LISTEN_ONLY' }) as Error
    const body = utf8('x')
    expect(() => link?.send({ route: 'a', kind: 'event', body })).toThrow(refused)
    expect(() => link?.request({ route: 'a', body })).toThrow(refused)
    expect(() => link?.subscribe({ route: 'a', body, onAnswer: () => true, onEnd: () => {} })).toThrow(
      refused,
    )
    await expect(link?.setLines({ dtr: true })).rejects.toThrow(refused)
    await expect(link?.pulse([])).rejects.toThrow(refused)
    await expect(link?.sendBreak(10)).rejects.toThrow(refused)
    await side.pass(60_000)
    side.network.cut()
    await side.pass(60_000) // it opens again, and stays silent
    expect(link?.phase).toBe('connected')
    await side.links.close(linkId)
    await side.pass(1000)
    expect(side.heardBytes).toBe(0)
    expect(link?.bytesOut).toBe(0)
  })

  test('does so too when it was opened under the lock', async () => {
    const side = await rawPeer()
    side.links.setLocked(true)
    const { link, linkId } = side.links.openLink(`tcp://h:1?dialect=${dialect}&lossy=yes`)
    await side.pass(1)
    side.say(await deviceSpeech(dialect))
    await side.pass(60_000)
    expect(side.bodies()).toContain('temperature 21')
    expect([side.heardBytes, link?.isListenOnly]).toEqual([0, true])
    side.links.setLocked(false)
    // It took no part in the handshake, if there was one: it goes on listening until it is opened anew.
    await side.pass(1000)
    expect([side.heardBytes, link?.isListenOnly]).toEqual([0, true])
    await side.links.close(linkId)
    expect(side.heardBytes).toBe(0)
  })
})

describe('the lock on a link that is connected', () => {
  test('refuses what anybody starts, lets what was begun end, and says no goodbye', async () => {
    const side = await rawPeer()
    const { link, linkId } = side.links.openLink('tcp://h:1')
    await side.pass(1)
    link?.send({ route: 'a', kind: 'event', body: utf8('before') })
    side.links.setLocked(true)
    expect(() => link?.send({ route: 'a', kind: 'event', body: utf8('after') })).toThrow(
      expect.objectContaining({ code: 'LISTEN_ONLY' }),
    )
    await side.pass(1000)
    const before = side.heardBytes
    expect(before).toBeGreaterThan(0)
    expect(link?.isListenOnly).toBe(true)
    side.links.setLocked(false)
    expect(link?.isListenOnly).toBe(false)
    link?.send({ route: 'a', kind: 'event', body: utf8('again') })
    await side.pass(1)
    expect(side.heardBytes).toBeGreaterThan(before)
    await side.links.close(linkId)
  })

  test('keeps a connection silent that begins under it, which begins anew when the lock goes', async () => {
    const side = await rawPeer()
    const { link } = side.links.openLink('tcp://h:1?dialect=native')
    await side.pass(100)
    const hello = side.heardBytes
    expect(hello).toBeGreaterThan(0)
    side.links.setLocked(true)
    side.network.cut()
    await side.pass(30_000)
    expect([link?.phase, side.heardBytes]).toEqual(['connected', hello])
    side.links.setLocked(false)
    await side.pass(100)
    expect(side.heardBytes).toBeGreaterThan(hello)
    await side.links.closeAll()
  })
})
