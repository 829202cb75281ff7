import { type AddressInfo, createServer, type Server } from 'node:net'
import { hostPort } from './tcp'
import { listenError, TcpConnection } from './tcp-socket'
import type { Listener, ListeningTransport } from './transport'

/**
 * Waits for TCP peers on one address.
 *
 * Errors of `listen`: `LINK_ADDRESS_IN_USE`, `LINK_ADDRESS_FORBIDDEN`.
 */
export function createTcpListen({
  host,
  port,
}: {
  readonly host: string
  readonly port: number
}): ListeningTransport {
  return {
    async listen(accept): Promise<Listener> {
      const connections = new Set<TcpConnection>()
      const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
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

function bound(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, hostPort({ host, port }))))
    server.listen({ host, port, exclusive: true }, () => {
      server.removeAllListeners('error')
      server.on('error', () => undefined) // a failed accept concerns that peer only; it has no socket to tell
      resolve()
    })
  })
}
