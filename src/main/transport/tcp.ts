import { connect, type LookupFunction } from 'node:net'
import { OPEN_TIMEOUT_MS, raceOpen } from './open-abort'
import { connectError, TcpConnection } from './tcp-socket'
import type { Transport } from './transport'

export interface TcpTarget {
  readonly host: string
  readonly port: number
  /** Default 10 s. */
  readonly openTimeoutMs?: number
  /** How a host name becomes an address; the system's way by default. */
  readonly lookup?: LookupFunction
}

/** `host:port` as people write it; IPv6 addresses in brackets. */
export const hostPort = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`

/**
 * A TCP connection to a peer that listens.
 *
 * Errors of `open`: `LINK_REFUSED`, `LINK_UNREACHABLE`, `LINK_OPEN_TIMEOUT`, `LINK_OPEN_CANCELLED`.
 */
export function createTcp({ host, port, openTimeoutMs = OPEN_TIMEOUT_MS, lookup }: TcpTarget): Transport {
  const target = hostPort({ host, port })
  return {
    async open(handlers, signal) {
      const connection = await raceOpen<TcpConnection>({
        target,
        signal,
        timeoutMs: openTimeoutMs,
        timeoutMessage: `${target} did not answer within ${openTimeoutMs / 1000} s`,
        start(opened, failed) {
          const socket = connect({ host, port, noDelay: true, ...(lookup && { lookup }) })
          socket.once('error', (error) => failed(connectError(error, target)))
          socket.once('connect', () => opened(new TcpConnection(socket)))
          return () => socket.destroy()
        },
      })
      connection.attach(handlers)
      return connection
    },
  }
}
