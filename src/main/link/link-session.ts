import type { ErrorCode } from '../../shared/errors'
import type { FaultEvent, StackEvent, Unlinked } from '../../shared/model/trace'
import type { ModemLines } from '../../shared/model/views'
import type { Clock } from '../../shared/model/clock'
import type { CloseReason, Connection, ConnectionHandlers } from '../transport/transport'
import { DrainWatch } from './drain-watch'
import { IncomingLineTime } from './incoming-line-time'
import { Pacer } from './pacer'

/** An event on its way to the observers, who see it only when it is finished. */
export type Placeable<E> = E extends StackEvent ? { -readonly [K in keyof E]: E[K] } : never

export interface SessionOwner {
  received(session: LinkSession, bytes: Uint8Array): void
  writable(session: LinkSession): void
  closed(session: LinkSession, reason: CloseReason): void
  leftOut?(session: LinkSession, code: ErrorCode, byteCount: number, detail: string): void
  lines?(session: LinkSession, lines: ModemLines): void
}

export interface SessionStart {
  readonly chunkBytes: number
  /** See `Pacer`. */
  readonly keptAheadMs?: number
  readonly clock: Clock
  /** Where the streams of this connection begin in those of the link. */
  readonly inBase: number
  readonly outBase: number
  /** Not a byte is written on this connection. */
  readonly isMuted?: boolean
}

/** One connection of a link, from opened to closed, with what belongs to it alone: the model of its line, its offsets. */
export class LinkSession implements ConnectionHandlers {
  readonly connection: Connection
  readonly isMuted: boolean
  readonly outBase: number
  /** Paces what goes out; undefined on sockets. */
  readonly pacer: Pacer | undefined
  /** Asks a paced line how it fares; undefined where nobody can tell. */
  readonly drains: DrainWatch | undefined
  readonly incoming: IncomingLineTime
  /** When the stream turns out to be hopeless, this is why. */
  lastFault: Unlinked<FaultEvent> | undefined
  readonly #owner: SessionOwner
  readonly #inBase: number
  #isLive = true

  constructor(owner: SessionOwner, connection: Connection, start: SessionStart) {
    this.#owner = owner
    this.connection = connection
    this.isMuted = start.isMuted ?? false
    this.#inBase = start.inBase
    this.outBase = start.outBase
    const rate = connection.lineRate
    this.pacer = rate && new Pacer(rate, start.chunkBytes, start.keptAheadMs)
    if (this.pacer !== undefined && connection.drained !== undefined) {
      this.drains = new DrainWatch(connection, this.pacer, start.clock, () => this.onWritable())
    }
    this.incoming = new IncomingLineTime(rate)
  }

  /** True while bytes may go both ways. */
  get isLive(): boolean {
    return this.#isLive
  }

  /** The link has done with this connection; all that may still come is its end. */
  detach(): void {
    this.#isLive = false
  }

  /** Puts an event of the stack where it belongs in the streams and on the line of the link: the event itself, no copy. */
  place(event: Placeable<StackEvent>): void {
    if (event.type === 'fault') {
      event.streamOffset += event.dir === 'in' ? this.#inBase : this.outBase
    } else if (event.type === 'frame' && event.dir === 'in') {
      this.incoming.place(event)
      event.streamOffset += this.#inBase
    }
  }

  onBytes(bytes: Uint8Array): void {
    if (this.#isLive) this.#owner.received(this, bytes)
  }

  onWritable(): void {
    if (this.#isLive) this.#owner.writable(this)
  }

  onLeftOut(code: ErrorCode, byteCount: number, detail: string): void {
    if (this.#isLive) this.#owner.leftOut?.(this, code, byteCount, detail)
  }

  onLines(lines: ModemLines): void {
    if (this.#isLive) this.#owner.lines?.(this, lines)
  }

  onClosed(reason: CloseReason): void {
    this.#owner.closed(this, reason)
  }
}
