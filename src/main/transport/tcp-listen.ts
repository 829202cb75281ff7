import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import type { TlsSettings } from '../../shared/model/link-url'
import { hostPort } from './tcp'
import { listenError, TcpConnection } from './tcp-socket'
import { secureContext } from './tls-files'
import type { Listener, ListeningTransport } from './transport'

/**
 * Waits for TCP peers on one address.
 *
 * Errors of `listen`: `LINK_ADDRESS_IN_USE`, `LINK_ADDRESS_FORBIDDEN`; with TLS also `TLS_FAILED` and `FILE_UNREADABLE`.
 */
export function createTcpListen({
  host,
  port,
  tls,
}: {
  readonly host: string
  readonly port: number
  readonly tls?: TlsSettings
}): ListeningTransport {
  return {
    async listen(accept): Promise<Listener> {
      const connections = new Set<TcpConnection>()
      const context = tls && (await secureContext(tls))
      const server = serverOf(context, (socket) => {
        const connection = new TcpConnection(socket)
        connections.add(connection)
        socket.once('close', () => connections.delete(connection))
        connection.attach(accept(connection))
      })
      await bound(server, host, port)
      const address = server.address() as AddressInfo
      return {
        url: `tcp-listen://${hostPort({ host, port: address.port })}`,
        async close() {
          const closed = new Promise((resolve) => server.close(resolve))
          await Promise.all([...connections].map((connection) => connection.close()))
          await closed
        },
      }
    },
  }
}

function serverOf(context: TlsOptions | undefined, accept: (socket: Socket) => void): Server {
  if (context === undefined) return createServer({ pauseOnConnect: true, noDelay: true }, accept)
  const server = createTlsServer({ ...context, noDelay: true, handshakeTimeout: TLS_HANDSHAKE_MS }, accept)
  // Who speaks no TLS here is hung up on; there is no connection yet that could tell of it.
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  return server
}

/** What a peer has to complete the TLS handshake. */
const TLS_HANDSHAKE_MS = 10_000

/** Resolves when the server listens; a peer that fails to come later ends nothing. @throws ConsoleError, see `listenError`. */
export function bound(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, hostPort({ host, port }))))
    server.listen({ host, port, exclusive: true }, () => {
      server.removeAllListeners('error')
      server.on('error', () => undefined) // a failed accept concerns that peer only; it has no socket to tell
      resolve()
    })
  })
}
