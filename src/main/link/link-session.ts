import type { FaultEvent, StackEvent, Unlinked } from '../../shared/model/trace'
import type { CloseReason, Connection, ConnectionHandlers } from '../transport/transport'
import { IncomingLineTime, Pacer } from './pacer'

export interface SessionOwner {
  received(session: LinkSession, bytes: Uint8Array): void
  writable(session: LinkSession): void
  closed(session: LinkSession, reason: CloseReason): void
}

/**
 * One connection of a link, from opened to closed, with what belongs to it alone: the model of its line and where its
 * streams begin in those of the link. What a connection says before the link took it over is kept and told then.
 */
export class LinkSession implements ConnectionHandlers {
  readonly #owner: SessionOwner
  #connection: Connection | undefined
  #early: (() => void)[] | undefined = []
  #isLive = false
  #inBase = 0
  #outBase = 0
  /** Paces what goes out; undefined on sockets. */
  pacer: Pacer | undefined
  incoming = new IncomingLineTime(undefined)
  /** The fault a hopeless stream ends with is the last one told. */
  lastFault: Unlinked<FaultEvent> | undefined

  constructor(owner: SessionOwner) {
    this.#owner = owner
  }

  get connection(): Connection {
    if (!this.#connection) throw new Error('a session was used before its connection was there')
    return this.#connection
  }

  /** True while bytes may go both ways. */
  get isLive(): boolean {
    return this.#isLive
  }

  /** Offset of the first outgoing byte of this connection in the stream of the link. */
  get outBase(): number {
    return this.#outBase
  }

  attach(connection: Connection, chunkBytes: number, inBase: number, outBase: number): void {
    this.#connection = connection
    this.#inBase = inBase
    this.#outBase = outBase
    this.#isLive = true
    const rate = connection.lineRate
    this.pacer = rate && new Pacer(rate, chunkBytes)
    this.incoming = new IncomingLineTime(rate)
  }

  /** From now on the connection is heard; first what it said already. */
  begin(): void {
    const early = this.#early ?? []
    this.#early = undefined
    for (const tell of early) tell()
  }

  /** The link has done with this connection; all that may still come is its end. */
  detach(): void {
    this.#isLive = false
  }

  /** Puts an event of the stack where it belongs in the streams and on the line of the link. */
  place(event: StackEvent): StackEvent {
    if (event.type === 'fault' && event.dir === 'in') {
      return { ...event, streamOffset: this.#inBase + event.streamOffset }
    }
    if (event.type !== 'frame' || event.dir !== 'in') return event
    const time = this.incoming.locate(event.streamOffset + event.wireBytes, event.wireBytes, event.atMs)
    return { ...event, streamOffset: this.#inBase + event.streamOffset, ...time }
  }

  onBytes(bytes: Uint8Array): void {
    this.#hear(() => {
      if (this.#isLive) this.#owner.received(this, bytes)
    })
  }

  onWritable(): void {
    this.#hear(() => this.#owner.writable(this))
  }

  onClosed(reason: CloseReason): void {
    this.#hear(() => {
      this.#owner.closed(this, reason)
      this.#isLive = false
    })
  }

  #hear(tell: () => void): void {
    if (this.#early) this.#early.push(tell)
    else tell()
  }
}
