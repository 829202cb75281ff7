import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { MAX_FRAME_BYTES } from '../../../shared/contract/envelope'
import { SOCKET_CLOSE, SOCKET_PROTOCOL, TOKEN_FRAGMENT_PREFIX } from '../../../shared/contract/host-api'
import { ConsoleError } from '../../../shared/errors'
import type { Clock } from '../../../shared/model/clock'
import type { ConsolePort } from '../../console/console-types'
import { AssetStore } from '../asset-store'
import { securityHeaders } from '../content-policy'
import { serveContract } from '../contract-server'
import { fileRefusal, ownAuthorities, socketRefusal } from './request-guard'
import { SocketChannel } from './socket-channel'

/** Pages connected at the same time. */
export const MAX_PAGES = 16
/** Connections of every kind: pages and the requests for their files. */
const MAX_CONNECTIONS = 128
const HANDSHAKE_MS = 10_000
/** Time for pages to answer the closing handshake when the program ends. */
const GOODBYE_MS = 500
const LOOPBACK: ReadonlyMap<string, string> = new Map([
  ['127.0.0.1', '127.0.0.1'],
  ['localhost', '127.0.0.1'], // bound as an address: a resolver could be told anything
  ['::1', '::1'],
])

export interface WebHostOptions {
  readonly console: ConsolePort
  readonly clock: Clock
  /** Folder of the built page. */
  readonly rootDir: string
  /** `127.0.0.1` (default), `localhost` or `::1`. For a bench computer elsewhere use an SSH tunnel. */
  readonly host?: string
  /** 0 (default) lets the system choose. */
  readonly port?: number
  /** Default: 32 random bytes. */
  readonly token?: string
  /** Time for a client to complete its request head; also what a silent connection gets. */
  readonly handshakeMs?: number
}

export interface WebHost {
  /** `http://127.0.0.1:41234/` */
  readonly url: string
  /** The address to open in a browser: the token follows in the fragment, which a browser never sends anywhere. */
  readonly openUrl: string
  readonly token: string
  readonly address: { readonly host: string; readonly port: number }
  /** Ends every connection and stops listening. */
  close(): Promise<void>
}

/**
 * Serves the built page and, over a WebSocket, the contract. Loopback only; the rules are those of `request-guard.ts`.
 *
 * @throws (rejects) ConsoleError `OPTION_INVALID` (host or token), `FILE_UNREADABLE` (page not built),
 *   `LINK_ADDRESS_IN_USE`, `LINK_ADDRESS_FORBIDDEN`.
 */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const host = LOOPBACK.get(options.host ?? '127.0.0.1')
  if (host === undefined) {
    throw new ConsoleError('OPTION_INVALID', `the web host cannot listen on "${options.host ?? ''}"`, {
      remedy: 'Use 127.0.0.1, localhost or ::1; reach it from elsewhere through an SSH tunnel.',
    })
  }
  const token = options.token ?? randomBytes(32).toString('base64url')
  if (!/^[\w-]{32,128}$/.test(token)) {
    throw new ConsoleError('OPTION_INVALID', 'a token is 32 to 128 letters, digits, "-" and "_"')
  }
  const assets = AssetStore.load(options.rootDir)
  const server = createServer({
    maxHeaderSize: 16 * 1024,
    headersTimeout: options.handshakeMs ?? HANDSHAKE_MS,
    requestTimeout: options.handshakeMs ?? HANDSHAKE_MS,
    connectionsCheckingInterval: Math.min(1000, (options.handshakeMs ?? HANDSHAKE_MS) / 2),
  })
  server.maxConnections = MAX_CONNECTIONS
  const port = await listen(server, host, options.port ?? 0)
  const running = new RunningWebHost(server, { ...options, assets, token, port })
  const url = `http://${host === '::1' ? '[::1]' : host}:${port}/`
  return {
    url,
    openUrl: `${url}${TOKEN_FRAGMENT_PREFIX}${token}`,
    token,
    address: { host, port },
    close: () => running.close(),
  }
}

interface Setup {
  readonly console: ConsolePort
  readonly clock: Clock
  readonly assets: AssetStore
  readonly token: string
  readonly port: number
}

class RunningWebHost {
  readonly #server: Server
  readonly #sockets: WebSocketServer
  readonly #setup: Setup
  readonly #headers: Readonly<Record<string, string>>

  constructor(server: Server, setup: Setup) {
    this.#server = server
    this.#setup = setup
    this.#headers = securityHeaders(socketSources(setup.port))
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
      handleProtocols: () => SOCKET_PROTOCOL, // the token, offered beside it, is not repeated in the answer
    })
    server.on('request', (request, response) => this.#fileAsked(request, response))
    server.on('upgrade', (request, socket, head) => this.#socketAsked(request, socket, head))
    server.on('clientError', (_, socket) => this.#refuse(socket, 400))
    server.on('error', () => undefined) // a failed accept concerns that page only; it has no socket to tell
  }

  async close(): Promise<void> {
    const pages = [...this.#sockets.clients]
    const closed = [
      new Promise<void>((resolve) => this.#server.close(() => resolve())),
      ...pages.map((page) => new Promise<void>((resolve) => page.once('close', () => resolve()))),
    ]
    for (const page of pages) page.close(SOCKET_CLOSE.CORE_ENDED, 'the program ends')
    this.#server.closeAllConnections() // requests for files; pages are no longer HTTP
    const { clock } = this.#setup
    const cancel = clock.schedule(clock.nowMs() + GOODBYE_MS, () => {
      for (const page of pages) page.terminate()
    })
    await Promise.all(closed)
    cancel()
  }

  #fileAsked(request: IncomingMessage, response: ServerResponse): void {
    const refusal = fileRefusal(request, this.#setup.port)
    const answer = refusal === 0 ? this.#setup.assets.answer(request.url ?? '') : { status: refusal }
    if ('asset' in answer) {
      const { bytes, contentType } = answer.asset
      response.writeHead(200, {
        ...this.#headers,
        'content-type': contentType,
        'content-length': bytes.length,
      })
      response.end(request.method === 'HEAD' ? undefined : bytes)
      return
    }
    const headers: Record<string, string> = { ...this.#headers, 'content-type': 'text/plain; charset=utf-8' }
    if (answer.status === 405) headers['allow'] = 'GET, HEAD'
    headers['connection'] = 'close' // whatever body follows a refused request is not read
    response.writeHead(answer.status, headers)
    response.end(`${STATUS_CODES[answer.status] ?? 'Refused'}\n`)
  }

  #socketAsked(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal = socketRefusal(request, this.#setup.port, this.#setup.token)
    if (refusal !== 0) {
      this.#refuse(socket, refusal)
      return
    }
    this.#sockets.handleUpgrade(request, socket, head, (page) => this.#pageConnected(page))
  }

  #pageConnected(page: WebSocket): void {
    const channel = new SocketChannel(page, this.#setup.clock)
    if (this.#sockets.clients.size > MAX_PAGES) {
      page.close(SOCKET_CLOSE.TOO_MANY, 'CONTRACT_TOO_MANY')
      return
    }
    serveContract(channel, this.#setup.console, this.#setup.clock)
  }

  #refuse(socket: Duplex, status: number): void {
    socket.on('error', () => socket.destroy()) // the other side may be gone already
    const lines = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
      'connection: close',
      'content-length: 0',
    ]
    for (const [name, value] of Object.entries(this.#headers)) lines.push(`${name}: ${value}`)
    socket.end(`${lines.join('\r\n')}\r\n\r\n`, () => socket.destroy())
  }
}

/** Where the page may open its socket. A policy cannot name an IPv6 address: there `'self'` covers the socket. */
const socketSources = (port: number): string[] =>
  ownAuthorities(port)
    .filter((authority) => !authority.startsWith('['))
    .map((authority) => `ws://${authority}`)

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const code = cause.code === 'EADDRINUSE' ? 'LINK_ADDRESS_IN_USE' : 'LINK_ADDRESS_FORBIDDEN'
      reject(
        new ConsoleError(
          code,
          `cannot listen on ${host}:${port}: ${cause.code ?? cause.message}`,
          {},
          { cause },
        ),
      )
    })
    server.listen({ host, port, exclusive: true }, () => resolve((server.address() as AddressInfo).port))
  })
}
