import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TlsOptions } from 'node:tls'
import { WebSocketServer } from 'ws'
import type { TlsSettings } from '../../shared/model/link-url'
import { hostPort } from './tcp'
import { bound } from './tcp-listen'
import { peerOf } from './tcp-socket'
import { secureContext } from './tls-files'
import type { Listener, ListeningTransport } from './transport'
import { WebSocketConnection, WS_OPTIONS } from './web-socket-connection'
import { isLoopbackName, webSocketRefusal } from './web-socket-guard'

export interface WebSocketListenTarget {
  readonly host: string
  readonly port: number
  /** What may be asked for; `/` = anything. */
  readonly path: string
  readonly tls?: TlsSettings
  /** A sub-protocol that peers have to offer, word for word; then text messages end the connection. */
  readonly protocol?: string
  /** Sockets at the same time, those included that have not asked for anything yet; more are hung up on. */
  readonly maxSockets?: number
}

/** Twice the peers that a listener takes: who is one too many shall be told so, not just be cut off. */
const MAX_SOCKETS = 512
/** What a peer has to ask for its WebSocket. */
const HANDSHAKE_MS = 10_000
const KEEP_ALIVE_MS = 10_000
/** How long somebody who is turned away may take to read why. */
const GOODBYE_MS = 1000

/**
 * Waits for WebSocket peers on one address. Web pages are let in only as `webSocketRefusal` says.
 *
 * Errors of `listen`: `LINK_ADDRESS_IN_USE`, `LINK_ADDRESS_FORBIDDEN`; with TLS also `TLS_FAILED` and `FILE_UNREADABLE`.
 */
export function createWebSocketListen(target: WebSocketListenTarget): ListeningTransport {
  const { host, port, path, tls, protocol, maxSockets = MAX_SOCKETS } = target
  const guard = { path, protocol, isLoopback: isLoopbackName(host) }
  return {
    async listen(accept): Promise<Listener> {
      const connections = new Set<WebSocketConnection>()
      const server = serverOf(tls && (await secureContext(tls)))
      server.maxConnections = maxSockets
      const sockets = new WebSocketServer({
        ...WS_OPTIONS,
        noServer: true,
        ...(protocol !== undefined && { handleProtocols: () => protocol }),
      })
      server.on('request', (_request, response) => {
        response.writeHead(426, { upgrade: 'websocket', connection: 'close' }).end()
      })
      server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
        const refusal = webSocketRefusal(request, guard)
        if (refusal !== 0) {
          hangUp(stream, refusal)
          return
        }
        sockets.handleUpgrade(request, stream, head, (socket) => {
          request.socket.setNoDelay(true)
          request.socket.setKeepAlive(true, KEEP_ALIVE_MS)
          const connection = new WebSocketConnection(socket, peerOf(request.socket), protocol)
          connections.add(connection)
          socket.once('close', () => connections.delete(connection))
          connection.attach(accept(connection))
        })
      })
      await bound(server, host, port)
      const address = server.address() as AddressInfo
      return {
        url: `ws-listen://${hostPort({ host, port: address.port })}`,
        async close() {
          const closed = new Promise((resolve) => server.close(resolve))
          server.closeAllConnections() // those that never asked for a WebSocket
          await Promise.all([...connections].map((connection) => connection.close()))
          await closed
        },
      }
    },
  }
}

function serverOf(context: TlsOptions | undefined): Server {
  const limits = { headersTimeout: HANDSHAKE_MS, requestTimeout: HANDSHAKE_MS, keepAliveTimeout: 1000 }
  if (context === undefined) return createServer(limits)
  const server = createTlsServer({ ...context, ...limits, handshakeTimeout: HANDSHAKE_MS })
  // Who speaks no TLS here is hung up on; there is no connection yet that could tell of it.
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  return server
}

function hangUp(stream: Duplex, status: number): void {
  stream.on('error', () => undefined)
  const dropping = setTimeout(() => stream.destroy(), GOODBYE_MS)
  stream.once('close', () => clearTimeout(dropping))
  stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}
