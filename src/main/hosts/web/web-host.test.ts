import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, Server } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { CommandName, CommandRequest, SubscriptionName } from '../../../shared/contract/contract'
import { MAX_FRAME_BYTES } from '../../../shared/contract/envelope'
import { SOCKET_PATH, SOCKET_PROTOCOL, SOCKET_TOKEN_PREFIX } from '../../../shared/contract/host-api'
import { decodeMessage, encodeMessage } from '../../../shared/contract/message-codec'
import type { CommandReply, SubscriptionItem } from '../../../shared/contract/replies'
import { ManualFeed } from '../../../testing/manual-feed'
import type { ConsolePort, Feed, SourcePort } from '../../console/console-types'
import { SystemClock } from '../../transport/system-clock'
import { startWebHost, type WebHost } from './index'
import { MAX_PAGES } from './web-host'

const CHUNK_BYTES = 1024 * 1024

/** Answers every call with a mebibyte, and keeps its feeds. */
class BulkyConsole implements ConsolePort, SourcePort {
  readonly feeds: ManualFeed<unknown>[] = []
  calls = 0

  at(): SourcePort {
    return this
  }

  call<C extends CommandName>(_: C, request: CommandRequest<C>): Promise<CommandReply<C>> {
    this.calls += 1
    const value: unknown = { request, bytes: new Uint8Array(CHUNK_BYTES) }
    return Promise.resolve(value as CommandReply<C>)
  }

  subscribe<S extends SubscriptionName>(): Feed<SubscriptionItem<S>> {
    const feed = new ManualFeed<unknown>()
    this.feeds.push(feed)
    return feed as unknown as Feed<SubscriptionItem<S>>
  }
}

let folder: string
let core: BulkyConsole
let host: WebHost
const sockets: WebSocket[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'netcore-web-'))
  mkdirSync(join(folder, 'page'))
  writeFileSync(join(folder, 'page', 'index.html'), '<title>page</title>')
  writeFileSync(join(folder, 'secret.js'), 'secret')
  core = new BulkyConsole()
  host = await startWebHost({
    console: core,
    clock: new SystemClock(),
    rootDir: join(folder, 'page'),
    handshakeMs: 400,
  })
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate()
  await host.close()
  rmSync(folder, { recursive: true })
})

/** Sends bytes as they are and gives everything that comes back until the server closes. */
function raw(text: string, address = host.address): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(address.port, address.host)
    let answer = ''
    socket.setEncoding('latin1')
    socket.on('data', (data: string) => (answer += data))
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
    socket.write(text, 'latin1')
  })
}

const get = (path: string, headers: readonly string[] = [], method = 'GET'): Promise<string> => {
  const own = `127.0.0.1:${host.address.port}`
  const all = headers.some((line) => /^host:/i.test(line)) ? headers : [`Host: ${own}`, ...headers]
  return raw(`${method} ${path} HTTP/1.1\r\n${all.join('\r\n')}\r\nConnection: close\r\n\r\n`)
}

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])

interface Attempt {
  readonly token?: string | undefined
  readonly path?: string
  readonly headers?: Record<string, string>
}

/** Opens a socket; gives it, or the HTTP status it was refused with. */
function dial({
  token = host.token,
  path = SOCKET_PATH,
  headers = {},
}: Attempt = {}): Promise<WebSocket | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(
      `ws://127.0.0.1:${host.address.port}${path}`,
      token === '' ? [] : [SOCKET_PROTOCOL, SOCKET_TOKEN_PREFIX + token],
      { headers },
    )
    sockets.push(socket)
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0))
    socket.on('error', reject)
    socket.on('open', () => resolve(socket))
  })
}

async function dialPage(): Promise<WebSocket> {
  const socket = await dial()
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`)
  return socket
}

const closeOf = (socket: WebSocket): Promise<{ code: number; reason: string }> =>
  new Promise((resolve) => socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })))

const nextMessage = (socket: WebSocket): Promise<unknown> =>
  new Promise((resolve) => socket.once('message', (data) => resolve(decodeMessage(data as Uint8Array))))

/** Waits for a condition; generous, because the machine may be busy. */
const soon = <T>(read: () => T) => expect.poll(read, { timeout: 10_000, interval: 5 })

const body = (id: number) => encodeMessage({ t: 'call', id, name: 'ports.list', args: {} })

test('after a text message nothing of a page is heard any more', async () => {
  const socket = await dialPage()
  const closed = closeOf(socket)
  socket.send('a text')
  socket.send(body(1))
  expect(await closed).toEqual({ code: 1003, reason: 'CONTRACT_BAD_FRAME' })
  expect(core.calls).toBe(0)
})

describe('web host, files', () => {
  test('goes on serving when the system accepts no more for a while', async () => {
    const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles()
    const server = handles.find(
      (handle): handle is Server =>
        handle instanceof Server && JSON.stringify(handle.address()).includes(String(host.address.port)),
    )
    for (let failed = 0; failed < 3; failed++) server!.emit('error', new Error('accept EMFILE'))
    expect(
      await raw(`GET / HTTP/1.1\r\nhost: 127.0.0.1:${host.address.port}\r\nconnection: close\r\n\r\n`),
    ).toMatch(/^HTTP\/1.1 200/)
  })

  test('serves the page with every security header', async () => {
    const answer = await get('/')
    expect(statusOf(answer)).toBe(200)
    expect(answer).toContain('<title>page</title>')
    expect(answer).toContain(`connect-src 'self' ws://127.0.0.1:${host.address.port} `)
    expect(answer.toLowerCase()).toContain('x-content-type-options: nosniff')
    expect(answer.toLowerCase()).toContain('cross-origin-resource-policy: same-origin')
    expect(answer.toLowerCase()).toContain('cache-control: no-store')
  })

  test('HEAD gives the head alone', async () => {
    const answer = await get('/', [], 'HEAD')
    expect(statusOf(answer)).toBe(200)
    expect(answer.endsWith('\r\n\r\n')).toBe(true)
  })

  test.each([
    ['an unknown file', '/nothing.js', 404],
    ['the file beside the page', '/../secret.js', 400],
    ['the file beside the page, encoded', '/%2e%2e/secret.js', 400],
    ['the file beside the page, encoded slash', '/..%2fsecret.js', 400],
    ['the file beside the page, backslash', '/..\\secret.js', 400],
    ['NUL', '/index.html%00', 400],
    ['a broken escape', '/%', 400],
    ['a double slash', '//', 400],
    ['an absolute address', 'http://127.0.0.1/', 400],
    ['the socket without an upgrade', SOCKET_PATH, 404],
  ])('%s', async (_, path, status) => {
    expect(statusOf(await get(path))).toBe(status)
    expect(statusOf(await get('/'))).toBe(200)
  })

  test.each([
    ['POST', '/', [], 405],
    ['OPTIONS', '/', ['Origin: https://evil.example', 'Access-Control-Request-Method: GET'], 403],
    ['GET', '/', ['Host: evil.example'], 403],
    ['GET', '/', ['Origin: null'], 403],
    ['GET', '/', ['Origin: https://evil.example'], 403],
    ['GET', '/', ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors'], 403],
    ['GET', '/', ['Host: 127.0.0.1', 'Host: evil.example'], 400],
  ])(
    '%s %s with %j is refused without opening anything to other origins',
    async (method, path, headers, status) => {
      const answer = await get(path, headers, method)
      expect(statusOf(answer)).toBe(status)
      expect(answer.toLowerCase()).not.toContain('access-control')
      expect(answer.toLowerCase()).toContain("content-security-policy: default-src 'none'")
    },
  )

  test('bytes that are not HTTP get 400 and the host stays up', async () => {
    expect(statusOf(await raw('\x16\x03\x01\x02\x00hello\r\n\r\n'))).toBe(400)
    expect(statusOf(await raw(`GET / HTTP/1.1\r\nHost: ${'x'.repeat(20_000)}\r\n\r\n`))).toBe(400)
    expect(statusOf(await get('/'))).toBe(200)
  })

  test('a client that does not finish its request head is let go', async () => {
    expect(await raw('GET / HTTP/1.1\r\nHost: ')).not.toContain('200 OK')
  })
})

describe('web host, handshake', () => {
  const own = (): string => `127.0.0.1:${host.address.port}`

  test('a page with the token is in, with and without Origin', async () => {
    const page = await dial({ headers: { origin: `http://${own()}` } })
    const tool = await dial()
    expect([page, tool].map((socket) => typeof socket === 'number')).toEqual([false, false])
    expect((page as WebSocket).protocol).toBe(SOCKET_PROTOCOL)
  })

  test.each<[string, () => Attempt, number]>([
    ['no token', () => ({ token: '' }), 401],
    ['a wrong token', () => ({ token: 'x'.repeat(43) }), 401],
    ['the token in the address', () => ({ token: '', path: `${SOCKET_PATH}?token=${host.token}` }), 404],
    ['DNS rebinding', () => ({ headers: { host: `evil.example:${host.address.port}` } }), 403],
    ['a look-alike', () => ({ headers: { host: `127.0.0.1.evil.example:${host.address.port}` } }), 403],
    ['another port', () => ({ headers: { host: '127.0.0.1:1' } }), 403],
    ['a foreign page', () => ({ headers: { origin: 'https://evil.example' } }), 403],
    ['an opaque page', () => ({ headers: { origin: 'null' } }), 403],
    [
      'a foreign page that begins like ours',
      () => ({ headers: { origin: `http://${own()}.evil.example` } }),
      403,
    ],
  ])('%s is refused before the upgrade and the host stays up', async (_, attempt, status) => {
    expect(await dial(attempt())).toBe(status)
    expect(core.feeds).toEqual([])
    expect(typeof (await dial())).not.toBe('number')
  })

  test('the token of another start does not open this one', async () => {
    const other = await startWebHost({
      console: core,
      clock: new SystemClock(),
      rootDir: join(folder, 'page'),
    })
    await other.close()
    expect(other.token).not.toBe(host.token)
    expect(other.token.length).toBeGreaterThanOrEqual(43)
    expect(await dial({ token: other.token })).toBe(401)
  })

  test('listens on loopback only', async () => {
    expect(host.url).toBe(`http://127.0.0.1:${host.address.port}/`)
    const outside = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .find((one) => !one.internal && one.family === 'IPv4')
    const reached =
      outside && raw('GET / HTTP/1.1\r\n\r\n', { host: outside.address, port: host.address.port })
    await expect(reached ?? Promise.reject(new Error('no network here'))).rejects.toThrow()
  })

  test.each(['0.0.0.0', '::', '', '192.168.1.5', 'example.com'])('does not start on "%s"', async (name) => {
    const start = startWebHost({
      console: core,
      clock: new SystemClock(),
      rootDir: join(folder, 'page'),
      host: name,
    })
    await expect(start).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  })

  test('names a port in use, a page that is not built and a weak token', async () => {
    const options = { console: core, clock: new SystemClock(), rootDir: join(folder, 'page') }
    await expect(startWebHost({ ...options, port: host.address.port })).rejects.toMatchObject({
      code: 'LINK_ADDRESS_IN_USE',
    })
    await expect(startWebHost({ ...options, rootDir: folder })).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    })
    await expect(startWebHost({ ...options, token: 'short' })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    })
  })
})

describe('web host, limits', () => {
  test('carries calls and items', async () => {
    const page = await dialPage()
    page.send(body(1))
    expect(await nextMessage(page)).toMatchObject({ t: 'reply', id: 1, ok: true, value: { request: {} } })
    page.send(encodeMessage({ t: 'subscribe', id: 2, name: 'status', args: {} }))
    await soon(() => core.feeds.length).toBe(1)
    core.feeds[0]?.add({ links: [] })
    expect(await nextMessage(page)).toEqual({ t: 'item', id: 2, seq: 1, value: [{ links: [] }] })
    page.close()
    await soon(() => core.feeds[0]?.isClosed).toBe(true)
  })

  test.each<[string, (page: WebSocket) => void, number, string]>([
    ['a frame over 16 MiB', (page) => page.send(new Uint8Array(MAX_FRAME_BYTES + 1)), 1009, ''],
    ['a text frame', (page) => page.send('hello'), 1003, 'CONTRACT_BAD_FRAME'],
    ['a frame that is no message', (page) => page.send(Uint8Array.of(0xc1)), 4000, 'CONTRACT_BAD_FRAME'],
  ])('%s closes its page with a code, and no other', async (_, send, code, reason) => {
    const [bad, good] = [await dialPage(), await dialPage()]
    const closed = closeOf(bad)
    send(bad)
    expect(await closed).toEqual({ code, reason })
    good.send(body(1))
    expect(await nextMessage(good)).toMatchObject({ ok: true })
  })

  test('one page too many is told so', async () => {
    for (let count = 0; count < MAX_PAGES; count++) await dialPage()
    const last = await dialPage()
    expect(await closeOf(last)).toEqual({ code: 4002, reason: 'CONTRACT_TOO_MANY' })
  })

  test('a page that asks and never reads is let go with a code; another page goes on', async () => {
    const [slow, good] = [await dialPage(), await dialPage()]
    slow.send(encodeMessage({ t: 'subscribe', id: 1, name: 'status', args: {} }))
    await soon(() => core.feeds.length).toBe(1)
    slow.pause()
    const closed = closeOf(slow)
    for (let id = 2; id < 80; id++) slow.send(body(id)) // 78 MiB of answers
    await soon(() => core.feeds[0]?.isClosed).toBe(true)
    good.send(body(1))
    expect(await nextMessage(good)).toMatchObject({ ok: true })
    slow.resume()
    expect(await closed).toEqual({ code: 4001, reason: 'CHANNEL_TOO_SLOW' })
  })

  test('subscriptions of a page that does not read pause instead of queueing', async () => {
    const page = await dialPage()
    page.send(encodeMessage({ t: 'subscribe', id: 1, name: 'status', args: {} }))
    await soon(() => core.feeds.length).toBe(1)
    page.pause()
    for (let id = 2; id < 12; id++) page.send(body(id))
    await soon(() => core.calls).toBe(10)
    core.feeds[0]?.add('one')
    core.feeds[0]?.add('two')
    const items: unknown[] = []
    page.on('message', (data) => items.push(decodeMessage(data as Uint8Array)))
    page.resume()
    await soon(() => items.at(-1)).toEqual({ t: 'item', id: 1, seq: 1, value: ['one', 'two'] })
  })

  test('closing the host tells its pages', async () => {
    const page = await dialPage()
    const closed = closeOf(page)
    await host.close()
    expect(await closed).toEqual({ code: 4000, reason: 'the program ends' })
  })
})
