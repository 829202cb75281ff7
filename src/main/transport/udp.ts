import type { LookupFunction } from 'node:net'
import { DEFAULT_DATAGRAM_BYTES } from '../../shared/model/link-url'
import { OPEN_TIMEOUT_MS, raceOpen } from './open-abort'
import { hostPort } from './tcp'
import { connectError } from './tcp-socket'
import type { Transport } from './transport'
import { UdpConnection } from './udp-connection'
import { addressOf, datagramSocket, plainBytes } from './udp-socket'

export interface UdpTarget {
  readonly host: string
  readonly port: number
  /** Most bytes of a datagram, both ways. */
  readonly datagramBytes?: number
  /** Default 10 s. */
  readonly openTimeoutMs?: number
  /** How a host name becomes an address; the system's way by default. */
  readonly lookup?: LookupFunction
}

/**
 * Datagrams to one peer, and from it alone. Opening asks nobody: whether somebody is there shows with the first datagram,
 * which ends the connection as `LINK_REFUSED` when the peer's machine says that nothing listens.
 *
 * Errors of `open`: `LINK_UNREACHABLE`, `LINK_OPEN_TIMEOUT`, `LINK_OPEN_CANCELLED`.
 */
export function createUdp(target: UdpTarget): Transport {
  const {
    host,
    port,
    datagramBytes = DEFAULT_DATAGRAM_BYTES,
    openTimeoutMs = OPEN_TIMEOUT_MS,
    lookup,
  } = target
  const place = hostPort(target)
  return {
    async open(handlers, signal) {
      const connection = await raceOpen<UdpConnection>({
        target: place,
        signal,
        timeoutMs: openTimeoutMs,
        timeoutMessage: `${place} has no address after ${openTimeoutMs / 1000} s`,
        start(opened, failed) {
          let abandon = (): void => undefined
          let isAbandoned = false
          addressOf(host, lookup).then(
            ({ address, family }) => {
              if (isAbandoned) return
              const joined = join(address, port, family, place, datagramBytes)
              abandon = joined.abandon
              joined.connected.then(opened, (error: unknown) => failed(connectError(error as Error, place)))
            },
            (error: unknown) => failed(connectError(error as Error, place)),
          )
          return () => {
            isAbandoned = true
            abandon()
          }
        },
      })
      connection.attach(handlers)
      return connection
    },
  }
}

function join(
  address: string,
  port: number,
  family: 4 | 6,
  place: string,
  datagramBytes: number,
): { readonly connected: Promise<UdpConnection>; readonly abandon: () => void } {
  const socket = datagramSocket(family)
  let isClosed = false
  const close = (): void => {
    if (isClosed) return
    isClosed = true
    socket.close()
  }
  const connected = new Promise<UdpConnection>((resolve, reject) => {
    socket.once('error', (error) => {
      close()
      reject(error)
    })
    // Connected in the sense of the system: only this peer is heard, and its machine can refuse.
    socket.connect(port, address, () => {
      if (isClosed) return
      const way = {
        send: (bytes: Uint8Array, sent: (error: Error | null) => void) => socket.send(bytes, sent),
        ended: close,
      }
      const connection = new UdpConnection(way, place, datagramBytes)
      socket.removeAllListeners('error').on('error', (error) => connection.fail(error))
      socket.on('message', (datagram) => connection.received(plainBytes(datagram)))
      resolve(connection)
    })
  })
  return { connected, abandon: close }
}
