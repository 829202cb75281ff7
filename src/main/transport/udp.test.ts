import { createSocket, type Socket } from 'node:dgram'
import { afterEach, expect, test } from 'vitest'
import type { ConsoleError } from '../../shared/errors'
import { RecordedConnection } from '../../testing/recorded-connection'
import { VirtualClock } from '../../testing/virtual-clock'
import type { Connection } from './transport'
import { createUdp } from './udp'
import { createUdpListen, UDP_CLOSED_MS, UDP_PEER_SILENT_MS } from './udp-listen'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

interface Came {
  readonly connection: Connection
  readonly end: RecordedConnection
}

async function listening(options: { readonly maxPeers?: number; readonly host?: string } = {}) {
  const clock = new VirtualClock()
  const came: Came[] = []
  const turnedAway: ConsoleError[] = []
  const listener = await createUdpListen({ host: '127.0.0.1', port: 0, clock, ...options }).listen(
    (connection) => {
      const end = new RecordedConnection()
      came.push({ connection, end })
      return end
    },
    (problem) => turnedAway.push(problem),
  )
  cleanUps.push(() => listener.close())
  return { listener, clock, came, turnedAway, port: Number(/\d+$/.exec(listener.url)![0]) }
}

async function sender(port: number): Promise<{ readonly socket: Socket; send(text: string): void }> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  cleanUps.push(() => new Promise<void>((resolve) => socket.close(() => resolve())))
  return { socket, send: (text) => socket.send(Buffer.from(text), port, '127.0.0.1') }
}

const texts = ({ end }: Came): string[] => end.reads.map((read) => Buffer.from(read).toString())

test('each sender is a connection of its own, answered where it sent from', async () => {
  const { came, port } = await listening()
  const [a, b] = [await sender(port), await sender(port)]
  const heard: string[] = []
  a.socket.on('message', (datagram) => heard.push(`a ${datagram.toString()}`))
  b.socket.on('message', (datagram) => heard.push(`b ${datagram.toString()}`))
  a.send('1')
  await expect.poll(() => came.length).toBe(1)
  b.send('2')
  await expect.poll(() => came.length).toBe(2)
  a.send('3')
  await expect.poll(() => texts(came[0]!)).toEqual(['1', '3'])
  expect(texts(came[1]!)).toEqual(['2'])
  expect(came.map(({ connection }) => connection.peerName)).toEqual(
    [a, b].map(({ socket }) => `127.0.0.1:${socket.address().port}`),
  )
  came[1]!.connection.write(Buffer.from('to b'))
  came[0]!.connection.write(Buffer.from('to a'))
  await expect.poll(() => heard.toSorted()).toEqual(['a to a', 'b to b'])
})

test('a peer that was silent too long is lost, and is a new one when it comes again', async () => {
  const { came, clock, port } = await listening()
  const [quiet, busy] = [await sender(port), await sender(port)]
  quiet.send('q')
  await expect.poll(() => came.length).toBe(1)
  busy.send('b')
  await expect.poll(() => came.length).toBe(2)
  clock.advanceTo(UDP_PEER_SILENT_MS - 1)
  busy.send('b')
  await expect.poll(() => came[1]!.end.reads.length).toBe(2)
  expect(came[0]!.end.closes).toEqual([])
  clock.advanceBy(1)
  expect(came[0]!.end.closes).toMatchObject([{ kind: 'lost', code: 'LINK_LOST' }])
  expect(came[0]!.end.closes[0]!.detail).toMatch(/sent nothing for 60 s/)
  expect(came[1]!.end.closes).toEqual([])
  clock.advanceBy(UDP_PEER_SILENT_MS - 2)
  expect(came[1]!.end.closes).toEqual([])
  clock.advanceBy(1)
  expect(came[1]!.end.closes).toMatchObject([{ kind: 'lost' }])
  clock.advanceBy(UDP_CLOSED_MS)
  quiet.send('again')
  await expect.poll(() => came.length).toBe(3)
  expect(texts(came[2]!)).toEqual(['again'])
})

test('what a closed peer had on its way is no new peer', async () => {
  const { came, clock, port } = await listening()
  const peer = await sender(port)
  const other = await sender(port)
  peer.send('1')
  await expect.poll(() => came.length).toBe(1)
  await came[0]!.connection.close()
  peer.send('late')
  other.send('2')
  await expect.poll(() => came.length).toBe(2)
  expect(texts(came[1]!)).toEqual(['2'])
  clock.advanceBy(UDP_CLOSED_MS)
  peer.send('new')
  await expect.poll(() => came.length).toBe(3)
  expect(texts(came[2]!)).toEqual(['new'])
})

test('one peer too many is turned away with a code, once a second, and comes in when there is room', async () => {
  const { came, clock, turnedAway, port } = await listening({ maxPeers: 2 })
  const senders = [await sender(port), await sender(port), await sender(port)]
  for (const [at, peer] of senders.slice(0, 2).entries()) {
    peer.send('in')
    await expect.poll(() => came.length).toBe(at + 1)
  }
  senders[2]!.send('out')
  await expect.poll(() => turnedAway.length).toBe(1)
  expect(turnedAway[0]).toMatchObject({ code: 'PEERS_TOO_MANY' })
  for (let at = 0; at < 5; at++) senders[2]!.send('out')
  senders[0]!.send('after')
  await expect.poll(() => texts(came[0]!)).toEqual(['in', 'after'])
  expect(turnedAway).toHaveLength(1)
  clock.advanceBy(1000)
  senders[2]!.send('out')
  await expect.poll(() => turnedAway.length).toBe(2)
  expect(turnedAway[1]!.message).toMatch(/^6 datagrams were dropped/)
  await came[1]!.connection.close()
  senders[2]!.send('in at last')
  await expect.poll(() => came.length).toBe(3)
})

test('where nothing listens, the first datagram ends the connection as refused', async () => {
  const spare = await sender(1)
  const { port } = spare.socket.address()
  await cleanUps.pop()!()
  const end = new RecordedConnection()
  const connection = await createUdp({ host: '127.0.0.1', port }).open(end)
  connection.write(Uint8Array.of(1))
  expect(await end.untilClosed()).toEqual({
    kind: 'lost',
    code: 'LINK_REFUSED',
    detail: `127.0.0.1:${port} refused a datagram: nothing listens there`,
  })
  await connection.close()
  expect(end.closes).toHaveLength(1)
})

test('only the peer that was asked for is heard', async () => {
  const peer = await sender(1)
  const stranger = await sender(1)
  const end = new RecordedConnection()
  const connection = await createUdp({ host: '127.0.0.1', port: peer.socket.address().port }).open(end)
  cleanUps.push(() => connection.close())
  connection.write(Buffer.from('hello'))
  const ourPort = await new Promise<number>((resolve) =>
    peer.socket.once('message', (_datagram, { port }) => resolve(port)),
  )
  stranger.socket.send(Buffer.from('forged'), ourPort, '127.0.0.1')
  await new Promise<void>((resolve) =>
    stranger.socket.send(Buffer.from('forged'), ourPort, '127.0.0.1', () => resolve()),
  )
  peer.socket.send(Buffer.from('genuine'), ourPort, '127.0.0.1')
  await end.untilReceived(7)
  expect(end.reads.map((read) => Buffer.from(read).toString())).toEqual(['genuine'])
})

test('IPv6 works like IPv4, and a port that is taken is told', async () => {
  const { came, listener, port } = await listening({ host: '::1' })
  expect(listener.url).toBe(`udp-listen://[::1]:${port}`)
  const connection = await createUdp({ host: '::1', port }).open(new RecordedConnection())
  cleanUps.push(() => connection.close())
  connection.write(Buffer.from('six'))
  await expect.poll(() => came.length).toBe(1)
  expect(came[0]!.connection.peerName).toMatch(/^\[::1\]:\d+$/)
  const again = createUdpListen({ host: '::1', port }).listen(() => new RecordedConnection())
  await expect(again).rejects.toMatchObject({ code: 'LINK_ADDRESS_IN_USE' })
})
