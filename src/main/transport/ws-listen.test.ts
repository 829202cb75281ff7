import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { RecordedConnection } from '../../testing/recorded-connection'
import type { Connection } from './transport'
import { createWebSocket } from './ws'
import { createWebSocketListen, type WebSocketListenTarget } from './ws-listen'

const FOLDER = join(import.meta.dirname, '../../testing/tls')
const CERT = join(FOLDER, 'localhost-cert.pem')
const SERVER_TLS = { isVerified: true, cert: CERT, key: join(FOLDER, 'localhost-key.pem') }
const SOCKET_D = 'Socket.D'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function listening(options: Partial<WebSocketListenTarget> = {}) {
  const peers: { readonly connection: Connection; readonly end: RecordedConnection }[] = []
  const target = { host: '127.0.0.1', port: 0, path: '/', ...options }
  const listener = await createWebSocketListen(target).listen((connection) => {
    const end = new RecordedConnection()
    peers.push({ connection, end })
    return end
  })
  cleanUps.push(() => listener.close())
  return { listener, peers, port: Number(new URL(listener.url).port) }
}

/** What somebody who asks for a WebSocket is answered: an HTTP status; 101 = let in. */
function statusFor(port: number, headers: Record<string, string> = {}, path = '/'): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port,
      path,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        ...headers,
      },
    })
    asked.once('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asked.once('upgrade', (_response, socket) => {
      socket.destroy()
      resolve(101)
    })
    asked.once('error', reject)
    asked.end()
  })
}

describe('who is let in', () => {
  test.each([
    ['a program', {}, 101],
    ['a page of this machine', { origin: 'http://localhost:3000' }, 101],
    ['a page of this machine over IPv6', { origin: 'http://[::1]:3000' }, 101],
    ['a page from elsewhere', { origin: 'https://evil.example' }, 403],
    ['a page that is named like this machine', { origin: 'http://127.0.0.1.evil.example' }, 403],
    ['a page without a place', { origin: 'null' }, 403],
    ['somebody under a name that was pointed here', { host: 'evil.example' }, 403],
    [
      'a page under a name that was pointed here',
      { host: 'evil.example', origin: 'http://evil.example' },
      403,
    ],
    ['a name with somebody before it', { host: 'me@127.0.0.1' }, 403],
  ])('%s', async (_who, headers, status) => {
    const { port, peers } = await listening()
    expect(await statusFor(port, headers)).toBe(status)
    expect(peers).toHaveLength(status === 101 ? 1 : 0)
  })

  test('where other machines can come, their name for this one is as good as its page', async () => {
    const { port } = await listening({ host: '0.0.0.0' })
    expect(await statusFor(port, { host: 'rig:1', origin: 'http://rig:8080' })).toBe(101)
    expect(await statusFor(port, { host: 'rig:1', origin: 'http://evil.example' })).toBe(403)
  })

  test('only the path that was said, where one was', async () => {
    const { port } = await listening({ path: '/serial' })
    expect(await statusFor(port, {}, '/serial?x=1')).toBe(101)
    expect(await statusFor(port, {}, '/serial/0')).toBe(404)
  })

  test.each([
    ['Socket.D', 101],
    ['other, Socket.D', 101],
    ['xSocket.Dx', 403],
    ['socket.d', 403],
  ])('with a sub-protocol of its own: %s', async (offered, status) => {
    const { port } = await listening({ protocol: SOCKET_D })
    expect(await statusFor(port, { 'sec-websocket-protocol': offered })).toBe(status)
    expect(await statusFor(port)).toBe(403)
  })

  test('whoever asks for a page is told what is here', async () => {
    const { listener } = await listening()
    expect((await fetch(listener.url.replace('ws-listen', 'http'))).status).toBe(426)
  })

  test('as many sockets as there may be, whether they ask for something or not', async () => {
    const { port, peers } = await listening({ maxSockets: 2 })
    const idle = connect(port, '127.0.0.1')
    cleanUps.push(() => idle.destroy())
    const socket = new WebSocket(`ws://127.0.0.1:${port}`)
    await new Promise((resolve) => socket.once('open', resolve))
    await expect(statusFor(port)).rejects.toThrow(/hang up|ECONNRESET/)
    idle.destroy()
    await expect.poll(() => statusFor(port).catch(() => 0)).toBe(101)
    socket.terminate()
    expect(peers).toHaveLength(2)
  })
})

describe('a sub-protocol', () => {
  const pair = async () => {
    const { port, peers } = await listening({ protocol: SOCKET_D })
    const end = new RecordedConnection()
    const near = await createWebSocket({ host: '127.0.0.1', port, path: '/', protocol: SOCKET_D }).open(end)
    cleanUps.push(() => near.close())
    await expect.poll(() => peers.length).toBe(1)
    return { near, end, peer: peers[0]! }
  }

  test('is agreed on by our two ends, which then exchange messages as they are', async () => {
    const { near, end, peer } = await pair()
    near.write(Uint8Array.of(1))
    near.write(Uint8Array.of(2, 3))
    await peer.end.untilReceived(3)
    expect(peer.end.reads.map((read) => [...read])).toEqual([[1], [2, 3]])
    peer.connection.write(Uint8Array.of(4))
    await end.untilReceived(1)
    expect([near.packetBytes, peer.connection.packetBytes]).toEqual([17_825_792, 17_825_792])
  })

  test('forbids text: the peer is told by code 1003, on either side', async () => {
    const { port, peers } = await listening({ protocol: SOCKET_D })
    const client = new WebSocket(`ws://127.0.0.1:${port}`, SOCKET_D)
    const code = new Promise((resolve) => client.once('close', resolve))
    client.once('open', () => client.send('{}'))
    expect(await code).toBe(1003)
    expect(await peers[0]!.end.untilClosed()).toMatchObject({
      kind: 'lost',
      detail: expect.stringContaining('text message') as string,
    })
    expect(peers[0]!.end.reads).toEqual([])

    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => SOCKET_D })
    cleanUps.push(() => server.close())
    const told = new Promise((resolve) => {
      server.once('connection', (socket) => {
        socket.once('close', resolve)
        socket.send('{}')
      })
    })
    await new Promise((resolve) => server.once('listening', resolve))
    const end = new RecordedConnection()
    const { port: serverPort } = server.address() as { port: number }
    await createWebSocket({ host: '127.0.0.1', port: serverPort, path: '/', protocol: SOCKET_D }).open(end)
    expect(await end.untilClosed()).toMatchObject({ kind: 'lost' })
    expect(await told).toBe(1003)
  })

  test('is what a server has to agree on', async () => {
    const plain = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => false })
    cleanUps.push(() => plain.close())
    await new Promise((resolve) => plain.once('listening', resolve))
    const { port: plainPort } = plain.address() as { port: number }
    const open = createWebSocket({ host: '127.0.0.1', port: plainPort, path: '/', protocol: SOCKET_D }).open(
      new RecordedConnection(),
    )
    await expect(open).rejects.toMatchObject({
      code: 'LINK_REFUSED',
      message: expect.stringContaining('sub-protocol') as string,
    })
  })
})

describe('TLS', () => {
  test('carries a WebSocket where the certificate is trusted, and none where it is not', async () => {
    const { port, peers } = await listening({ tls: SERVER_TLS })
    const at = (tls: { isVerified: boolean; ca?: string }) =>
      createWebSocket({ host: 'localhost', port, path: '/', tls }).open(new RecordedConnection())
    await expect(at({ isVerified: true })).rejects.toMatchObject({ code: 'TLS_FAILED' })
    expect(peers).toHaveLength(0)
    for (const tls of [{ isVerified: true, ca: CERT }, { isVerified: false }]) {
      const near = await at(tls)
      near.write(new Uint8Array(100_000).fill(7))
      await expect.poll(() => peers.at(-1)?.end.receivedBytes).toBe(100_000)
      await near.close()
    }
  })

  test('is missed on a server that has none, and files that are none are named', async () => {
    const { port } = await listening()
    const open = createWebSocket({ host: 'localhost', port, path: '/', tls: { isVerified: false } })
    await expect(open.open(new RecordedConnection())).rejects.toMatchObject({ code: 'TLS_FAILED' })
    await expect(listening({ tls: { isVerified: true, cert: '/nowhere.pem' } })).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    })
    await expect(listening({ tls: { ...SERVER_TLS, cert: import.meta.filename } })).rejects.toMatchObject({
      code: 'TLS_FAILED',
    })
  })
})
