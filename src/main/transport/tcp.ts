import { connect, isIP, type LookupFunction, type Socket } from 'node:net'
import { connect as connectTls, type SecureContextOptions } from 'node:tls'
import type { TlsSettings } from '../../shared/model/link-url'
import { hostPort } from '../../shared/model/link-url/network-part'
import { OPEN_TIMEOUT_MS, raceOpen } from './open-abort'
import { connectError, TcpConnection } from './tcp-socket'
import { secureContext } from './tls-files'
import type { Transport } from './transport'

export interface TcpTarget {
  readonly host: string
  readonly port: number
  /** Default 10 s. */
  readonly openTimeoutMs?: number
  /** How a host name becomes an address; the system's way by default. */
  readonly lookup?: LookupFunction
  readonly tls?: TlsSettings
}

export { hostPort }

/**
 * A TCP connection to a peer that listens.
 *
 * Errors of `open`: `LINK_REFUSED`, `LINK_UNREACHABLE`, `LINK_OPEN_TIMEOUT`, `LINK_OPEN_CANCELLED`; with TLS also
 * `TLS_FAILED` and `FILE_UNREADABLE`.
 */
export function createTcp(options: TcpTarget): Transport {
  const { host, port, openTimeoutMs = OPEN_TIMEOUT_MS, tls } = options
  const target = hostPort({ host, port })
  return {
    async open(handlers, signal) {
      const context = tls && (await secureContext(tls))
      const connection = await raceOpen<TcpConnection>({
        target,
        signal,
        timeoutMs: openTimeoutMs,
        timeoutMessage: `${target} did not answer within ${openTimeoutMs / 1000} s`,
        start(opened, failed) {
          const socket = socketTo(options, context)
          socket.once('error', (error) => failed(connectError(error, target)))
          socket.once(context ? 'secureConnect' : 'connect', () => opened(new TcpConnection(socket)))
          return () => socket.destroy()
        },
      })
      connection.attach(handlers)
      return connection
    },
  }
}

function socketTo({ host, port, lookup, tls }: TcpTarget, context: SecureContextOptions | undefined): Socket {
  const plain = { host, port, noDelay: true, ...(lookup && { lookup }) }
  if (context === undefined) return connect(plain)
  // An address is no server name (RFC 6066); its certificate is checked against the address all the same.
  const name = isIP(host) === 0 ? { servername: host } : {}
  return connectTls({ ...plain, ...name, ...context, rejectUnauthorized: tls?.isVerified !== false })
}
