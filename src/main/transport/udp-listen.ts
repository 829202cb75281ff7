import type { RemoteInfo, Socket } from 'node:dgram'
import { ConsoleError } from '../../shared/errors'
import type { Clock } from '../../shared/model/clock'
import { DEFAULT_DATAGRAM_BYTES } from '../../shared/model/link-url'
import { SystemClock } from './system-clock'
import { hostPort } from './tcp'
import { listenError } from './tcp-socket'
import type { Connection, ConnectionHandlers, Listener, ListeningTransport } from './transport'
import { UdpConnection } from './udp-connection'
import { addressOf, datagramSocket, plainBytes } from './udp-socket'

export interface UdpListenTarget {
  readonly host: string
  readonly port: number
  /** Most bytes of a datagram, both ways. */
  readonly datagramBytes?: number
  /** Peers at the same time; datagrams of others are dropped. */
  readonly maxPeers?: number
  /** A peer that sent nothing for so long counts as gone. */
  readonly silentMs?: number
  readonly clock?: Clock
}

const MAX_UDP_PEERS = 256
/** As long as Socket.D waits for a sign of its clients (socketd.md §4). */
export const UDP_PEER_SILENT_MS = 60_000
/** What a peer that we closed still had on its way must not pass for a new peer. */
export const UDP_CLOSED_MS = 1000
/** Whoever floods us with made-up senders shall not flood the trace as well. */
const TURNED_AWAY_EVERY_MS = 1000

/**
 * Waits for datagrams on one address; each sender is a connection of its own until it was silent for too long or is closed.
 *
 * Errors of `listen`: `LINK_ADDRESS_IN_USE`, `LINK_ADDRESS_FORBIDDEN`. Peers beyond the limit: `PEERS_TOO_MANY`.
 */
export function createUdpListen(target: UdpListenTarget): ListeningTransport {
  return {
    async listen(accept, turnedAway): Promise<Listener> {
      const socket = await boundSocket(target)
      const peers = new UdpPeers(socket, target, accept, turnedAway)
      const { host } = target
      return {
        url: `udp-listen://${hostPort({ host, port: socket.address().port })}`,
        close: () => peers.close(),
      }
    },
  }
}

async function boundSocket({ host, port }: UdpListenTarget): Promise<Socket> {
  const place = hostPort({ host, port })
  try {
    const { address, family } = await addressOf(host)
    const socket = datagramSocket(family)
    return await new Promise((resolve, reject) => {
      socket.once('error', (error) => {
        socket.close()
        reject(error)
      })
      socket.bind({ address, port, exclusive: true }, () => {
        socket.removeAllListeners('error')
        socket.on('error', () => undefined) // it concerns a datagram that left long ago; nobody knows whose
        resolve(socket)
      })
    })
  } catch (error) {
    throw listenError(error as Error, place)
  }
}

interface Peer {
  readonly connection: UdpConnection
  heardMs: number
}

class UdpPeers {
  readonly #socket: Socket
  readonly #options: Required<Pick<UdpListenTarget, 'datagramBytes' | 'maxPeers' | 'silentMs' | 'clock'>>
  readonly #accept: (connection: Connection) => ConnectionHandlers
  readonly #turnedAway: ((problem: ConsoleError) => void) | undefined
  readonly #peers = new Map<string, Peer>()
  /** Peers that were closed here, in that order, and until when they are not heard. */
  readonly #closed = new Map<string, number>()
  #turnedAwayMs = Number.NEGATIVE_INFINITY
  #turnedAwayCount = 0
  #cancelExpiry: (() => void) | undefined
  #sending = 0
  #onSent: (() => void) | undefined
  #isClosing = false

  constructor(
    socket: Socket,
    { datagramBytes, maxPeers, silentMs, clock }: UdpListenTarget,
    accept: (connection: Connection) => ConnectionHandlers,
    turnedAway: ((problem: ConsoleError) => void) | undefined,
  ) {
    this.#socket = socket
    this.#options = {
      datagramBytes: datagramBytes ?? DEFAULT_DATAGRAM_BYTES,
      maxPeers: maxPeers ?? MAX_UDP_PEERS,
      silentMs: silentMs ?? UDP_PEER_SILENT_MS,
      clock: clock ?? new SystemClock(),
    }
    this.#accept = accept
    this.#turnedAway = turnedAway
    socket.on('message', (datagram, sender) => this.#received(datagram, sender))
  }

  async close(): Promise<void> {
    if (this.#isClosing) return
    this.#isClosing = true
    this.#cancelExpiry?.()
    await Promise.all([...this.#peers.values()].map(({ connection }) => connection.close()))
    // What was said in parting shall still leave.
    if (this.#sending > 0) {
      await new Promise<void>((resolve) => {
        this.#onSent = resolve
      })
    }
    await new Promise<void>((resolve) => this.#socket.close(resolve))
  }

  #received(datagram: Buffer, { address, port }: RemoteInfo): void {
    if (this.#isClosing) return
    const key = hostPort({ host: address, port })
    const peer = this.#peers.get(key) ?? this.#come(key, address, port)
    if (peer === undefined) return
    peer.heardMs = this.#options.clock.nowMs()
    peer.connection.received(plainBytes(datagram))
  }

  #come(key: string, address: string, port: number): Peer | undefined {
    const { clock, datagramBytes, maxPeers } = this.#options
    if ((this.#closed.get(key) ?? 0) > clock.nowMs()) return
    if (this.#peers.size >= maxPeers) {
      this.#turnAway(key)
      return
    }
    const way = {
      send: (bytes: Uint8Array, sent: (error: Error | null) => void) =>
        this.#send(bytes, port, address, sent),
      ended: () => this.#ended(key),
    }
    const connection = new UdpConnection(way, key, datagramBytes)
    const peer = { connection, heardMs: clock.nowMs() }
    this.#peers.set(key, peer)
    this.#watch(peer.heardMs)
    connection.attach(this.#accept(connection))
    return peer
  }

  #ended(key: string): void {
    const { clock, maxPeers } = this.#options
    this.#peers.delete(key)
    this.#closed.delete(key)
    this.#closed.set(key, clock.nowMs() + UDP_CLOSED_MS)
    if (this.#closed.size <= maxPeers) return
    const [oldest = ''] = this.#closed.keys()
    this.#closed.delete(oldest)
  }

  #turnAway(key: string): void {
    this.#turnedAwayCount += 1
    const nowMs = this.#options.clock.nowMs()
    if (nowMs - this.#turnedAwayMs < TURNED_AWAY_EVERY_MS) return
    const { maxPeers } = this.#options
    const text = `${this.#turnedAwayCount} datagrams were dropped, the last of ${key}: ${maxPeers} peers are connected`
    this.#turnedAwayMs = nowMs
    this.#turnedAwayCount = 0
    this.#turnedAway?.(new ConsoleError('PEERS_TOO_MANY', text))
  }

  #send(bytes: Uint8Array, port: number, address: string, sent: (error: Error | null) => void): void {
    this.#sending += 1
    this.#socket.send(bytes, port, address, (error) => {
      this.#sending -= 1
      sent(error)
      if (this.#sending === 0) this.#onSent?.()
    })
  }

  /** One alarm for all: it goes off when the peer that was silent longest may have been so for too long. */
  #watch(sinceMs: number): void {
    const { clock, silentMs } = this.#options
    this.#cancelExpiry ??= clock.schedule(sinceMs + silentMs, () => {
      this.#cancelExpiry = undefined
      this.#expire()
    })
  }

  #expire(): void {
    const { clock, silentMs } = this.#options
    const nowMs = clock.nowMs()
    for (const { connection, heardMs } of [...this.#peers.values()]) {
      if (nowMs - heardMs >= silentMs) connection.expire(silentMs)
    }
    const left = [...this.#peers.values()].map(({ heardMs }) => heardMs)
    if (left.length > 0) this.#watch(Math.min(...left))
  }
}
