import { CLOSED_BY_US, ConnectionEnd } from './connection-end'
import type { Connection, ConnectionHandlers } from './transport'
import { WriteGate } from './write-gate'

/** What a connection needs of its socket. */
export interface DatagramWay {
  /** Calls `sent` once, when the system has taken the datagram or refused it. */
  send(bytes: Uint8Array, sent: (error: Error | null) => void): void
  /** The connection ended, for whatever reason. */
  ended(): void
}

/** Datagrams that wait because the system takes no more. */
const HIGH_WATER_BYTES = 64 * 1024

/**
 * Datagrams to and from one peer as a connection. Each `write` is one datagram and each `onBytes` brings one. They may get
 * lost, come twice or in another order, and nobody tells; an end of the peer is never told either.
 */
export class UdpConnection implements Connection {
  readonly peerName: string
  readonly packetBytes: number
  readonly lineRate = undefined
  readonly isLossy = true
  readonly #way: DatagramWay
  readonly #end = new ConnectionEnd()
  readonly #gate = new WriteGate(HIGH_WATER_BYTES)
  #unsentBytes = 0

  constructor(way: DatagramWay, peerName: string, packetBytes: number) {
    this.#way = way
    this.peerName = peerName
    this.packetBytes = packetBytes
  }

  get canWrite(): boolean {
    return this.#gate.isOpen && !this.#end.isReached
  }

  get unsentBytes(): number {
    return this.#end.isReached ? 0 : this.#unsentBytes
  }

  attach(handlers: ConnectionHandlers): void {
    this.#end.attach(handlers)
  }

  write(bytes: Uint8Array): void {
    if (this.#end.isReached || bytes.length === 0) return
    if (bytes.length > this.packetBytes) {
      this.#leftOut('of ours', bytes.length)
      return
    }
    this.#unsentBytes += bytes.length
    this.#gate.grown(this.#unsentBytes)
    this.#way.send(bytes, (error) => this.#sent(bytes.length, error))
  }

  /** A datagram of the peer came. Takes ownership. */
  received(bytes: Uint8Array): void {
    if (bytes.length > this.packetBytes) this.#leftOut('of the peer', bytes.length)
    else this.#end.bytes(bytes)
  }

  close(): Promise<void> {
    if (!this.#end.isReached) {
      this.#way.ended()
      this.#end.finish(CLOSED_BY_US)
    }
    return this.#end.reached
  }

  /** Nothing was heard for so long that the peer counts as gone. */
  expire(silentMs: number): void {
    this.#lose('LINK_LOST', `${this.peerName} sent nothing for ${Math.round(silentMs / 1000)} s`)
  }

  /** The system said that datagrams do not get through. */
  fail(error: Error): void {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'EMSGSIZE') {
      // Some systems carry less than the address allows; the next datagram may fit.
      this.#end.leftOut('PACKET_TOO_LARGE', 0, `${this.peerName}: ${error.message}`)
    } else if (code === 'ECONNREFUSED') {
      this.#lose('LINK_REFUSED', `${this.peerName} refused a datagram: nothing listens there`)
    } else this.#lose('LINK_UNREACHABLE', `${this.peerName} cannot be reached (${code || error.message})`)
  }

  #lose(code: 'LINK_LOST' | 'LINK_REFUSED' | 'LINK_UNREACHABLE', detail: string): void {
    if (this.#end.isReached) return
    this.#way.ended()
    this.#end.finish({ kind: 'lost', code, detail })
  }

  #sent(byteCount: number, error: Error | null): void {
    this.#unsentBytes -= byteCount
    if (error) this.fail(error)
    if (this.#gate.shrunk(this.#unsentBytes)) this.#end.writable()
  }

  #leftOut(whose: string, byteCount: number): void {
    const detail = `a datagram ${whose} has ${byteCount} bytes, ${this.packetBytes} are allowed`
    this.#end.leftOut('PACKET_TOO_LARGE', byteCount, detail)
  }
}
