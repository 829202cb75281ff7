import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { RecordedConnection } from '../../testing/recorded-connection'
import { MAX_WS_MESSAGE_BYTES } from './web-socket-connection'
import { createWebSocket } from './ws'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function portOf(server: Pick<Server, 'listen' | 'address' | 'close'>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUps.push(() => server.close())
  return (server.address() as AddressInfo).port
}

async function joined() {
  const server = createServer()
  const port = await portOf(server)
  const sockets = new WebSocketServer({ server })
  const accepted = new Promise<{ far: WebSocket; path: string | undefined }>((resolve) =>
    sockets.once('connection', (far, { url }) => resolve({ far, path: url })),
  )
  const end = new RecordedConnection()
  const near = await createWebSocket({ host: '127.0.0.1', port, path: '/serial/0?x=1' }).open(end)
  cleanUps.push(
    () => near.close(),
    () => server.closeAllConnections(),
  )
  return { near, end, port, ...(await accepted) }
}

test('asks for the path, and joins messages of any kind to one stream of bytes', async () => {
  const { far, path, end, near } = await joined()
  expect(path).toBe('/serial/0?x=1')
  far.send(Buffer.of(1, 2))
  far.send(Buffer.alloc(0))
  far.send('grün')
  far.send(Buffer.of(3))
  await end.untilReceived(8)
  expect(Buffer.from(end.received).toString('hex')).toBe(`0102${Buffer.from('grün').toString('hex')}03`)
  const heard = new Promise<[Buffer, boolean]>((resolve) =>
    far.once('message', (data: Buffer, isBinary: boolean) => resolve([data, isBinary])),
  )
  near.write(Uint8Array.of(9, 8))
  expect(await heard).toEqual([Buffer.of(9, 8), true])
})

test('ends when a message is too large to be held', async () => {
  const { far, end } = await joined()
  far.send(Buffer.alloc(MAX_WS_MESSAGE_BYTES + 1))
  expect(await end.untilClosed()).toMatchObject({
    kind: 'lost',
    code: 'LINK_LOST',
    detail: expect.stringMatching(/payload size/i) as string,
  })
  expect(end.received).toHaveLength(0)
})

test('tells why the server closed', async () => {
  const { far, end, port } = await joined()
  far.close(1013, 'port busy')
  expect(await end.untilClosed()).toEqual({
    kind: 'remote',
    code: 'LINK_LOST',
    detail: `127.0.0.1:${port} closed the connection (code 1013): port busy`,
  })
})

test('refuses a server that answers in another way, and says what it answered', async () => {
  const http = createServer((_request, response) => response.writeHead(404).end())
  const port = await portOf(http)
  const open = createWebSocket({ host: '127.0.0.1', port, path: '/x' }).open(new RecordedConnection())
  await expect(open).rejects.toMatchObject({
    code: 'LINK_REFUSED',
    message: `127.0.0.1:${port} answers /x with HTTP 404, not with WebSocket`,
  })
  const tcp = createTcpServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-x\r\n'))
  const tcpPort = await portOf(tcp as unknown as Server)
  const wrong = createWebSocket({ host: '127.0.0.1', port: tcpPort, path: '/' }).open(
    new RecordedConnection(),
  )
  await expect(wrong).rejects.toMatchObject({
    code: 'LINK_REFUSED',
    message: expect.stringContaining('does not speak WebSocket') as string,
    details: { remedy: expect.stringContaining('tcp://') as string },
  })
})

test('says of a server that never answers that it took too long', async () => {
  const silent = createTcpServer((socket) => socket.on('error', () => undefined))
  const port = await portOf(silent as unknown as Server)
  const open = createWebSocket({ host: '127.0.0.1', port, path: '/', openTimeoutMs: 50 })
  await expect(open.open(new RecordedConnection())).rejects.toMatchObject({ code: 'LINK_OPEN_TIMEOUT' })
})
