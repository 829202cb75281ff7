import type { ErrorCode } from '../../shared/errors'
import type { FaultEvent, StackEvent, TraceEvent, Unlinked } from '../../shared/model/trace'
import type { ModemLines } from '../../shared/model/views'
import type { StackPort } from '../netcore/stack-types'
import type { CloseReason, Connection } from '../transport/transport'
import { Alarm } from './alarm'
import { FramePump } from './frame-pump'
import type { LinkOptions } from './link-options'
import { LinkSession, type SessionOwner } from './link-session'
import type { LinkStack } from './link-stack'

/** What the traffic of a link has to say to the link. */
export interface TrafficPort {
  trace(event: TraceEvent): void
  /** No byte is to be written on connections that begin now. */
  isMuted(): boolean
  /** Nothing will be connected any more: nothing is waited for. */
  isOver(): boolean
  /** The stack took bytes, or its time: it may be spent now. */
  stackRan(): void
  /** The connection ended without being asked to. */
  ended(reason: CloseReason): void
}

/**
 * What flows between the stack of a link and the connection of the moment: taps every byte, stamps every event, wakes the
 * stack when its time comes, and lets frames go as fast as the line takes them.
 */
export class LinkTraffic implements SessionOwner {
  readonly stack: StackPort
  readonly chunkBytes: number
  readonly #options: LinkOptions
  readonly #port: TrafficPort
  readonly #frames: FramePump
  readonly #wake: Alarm
  #session: LinkSession | undefined
  #bytesIn = 0
  #isPumpDue = false

  constructor(options: LinkOptions, { stack, chunkBytes, hasPackets }: LinkStack, port: TrafficPort) {
    const { id, clock } = options
    this.stack = stack
    this.chunkBytes = chunkBytes
    this.#options = options
    this.#port = port
    this.#wake = new Alarm(clock)
    this.#frames = new FramePump(stack, {
      linkId: id,
      clock,
      hasPackets,
      onTrace: (event) => port.trace(event),
    })
  }

  get bytesIn(): number {
    return this.#bytesIn
  }

  get bytesOut(): number {
    return this.#frames.bytesOut
  }

  /** The connection of the moment; undefined while there is none. */
  get connection(): Connection | undefined {
    return this.#session?.connection
  }

  /** Not a byte is written on the connection of the moment. */
  get isMuted(): boolean {
    return this.#session?.isMuted ?? false
  }

  /** Why the bytes of this connection can not be understood, as far as anybody knows. */
  get lastFault(): Unlinked<FaultEvent> | undefined {
    return this.#session?.lastFault
  }

  /** A connection begins. The stack is told of it by `attach`. */
  begin(connection: Connection): LinkSession {
    const { clock, keptAheadMs } = this.#options
    const session = new LinkSession(this, connection, {
      chunkBytes: this.chunkBytes,
      ...(keptAheadMs !== undefined && { keptAheadMs }),
      clock,
      inBase: this.#bytesIn,
      outBase: this.#frames.bytesOut,
      isMuted: this.#port.isMuted(),
    })
    this.#session = session
    return session
  }

  attach(): void {
    this.stack.connected(this.#nowMs())
  }

  /** What is in flight on the connection is settled; from now on nothing of it is listened to but its end. */
  detach(code: ErrorCode): void {
    this.#session?.detach()
    this.stack.disconnected(this.#nowMs(), code)
    this.#scheduleWake()
  }

  /** Nothing will be connected any more: what outlived the connection is settled too. */
  stop(code: ErrorCode): void {
    this.stack.stop(this.#nowMs(), code)
    this.#scheduleWake()
  }

  /** The connection of the moment is gone. */
  release(): void {
    this.#session = undefined
  }

  /** Says goodbye, where the dialect has a word for it. */
  farewell(): void {
    if (!this.#session?.isLive) return
    this.stack.farewell(this.#nowMs())
    // A stack that said goodbye sends nothing else; one without that word goes on as it was.
    if (this.stack.isReady) this.#frames.run(this.#session)
    else this.#frames.part(this.#session)
  }

  /** Hands over at once what may go now. */
  flush(): void {
    if (this.#session) this.#frames.run(this.#session)
  }

  /** Everything that one turn of the event loop queues is seen by the send policy together, and leaves in one write. */
  pumpSoon(): void {
    if (this.#isPumpDue) return
    this.#isPumpDue = true
    queueMicrotask(this.#pumpNow)
  }

  /** Puts an event of the stack into the trace of the link. */
  stackTraced(event: StackEvent): void {
    const session = this.#session
    if (event.type === 'fault' && session) session.lastFault = event
    session?.place(event)
    // Stamped, not copied: of all that is done for a frame here, a copy of its event was the dearest.
    const stamped = event as StackEvent & { linkId: number }
    stamped.linkId = this.#options.id
    this.#port.trace(stamped)
  }

  received(session: LinkSession, bytes: Uint8Array): void {
    const atMs = this.#nowMs()
    session.incoming.received(bytes.length, atMs)
    const streamOffset = this.#bytesIn
    this.#bytesIn += bytes.length
    const byteCount = bytes.length
    const linkId = this.#options.id
    this.#port.trace({ type: 'bytes', linkId, dir: 'in', atMs, streamOffset, byteCount, bytes })
    this.stack.receive(bytes, atMs)
    this.#port.stackRan()
    this.pumpSoon()
  }

  writable(): void {
    this.#pump()
  }

  closed(session: LinkSession, reason: CloseReason): void {
    if (session === this.#session) this.#port.ended(reason)
  }

  leftOut(session: LinkSession, code: ErrorCode, lostBytes: number, detail: string): void {
    if (session !== this.#session) return
    const { id: linkId } = this.#options
    const where = { linkId, atMs: this.#nowMs(), dir: 'in', streamOffset: this.#bytesIn } as const
    this.#port.trace({ type: 'fault', ...where, code, lostBytes, ref: '', detail })
  }

  lines(session: LinkSession, lines: ModemLines): void {
    if (session !== this.#session) return
    this.#port.trace({ type: 'lines', linkId: this.#options.id, atMs: this.#nowMs(), ...lines })
  }

  #nowMs(): number {
    return this.#options.clock.nowMs()
  }

  readonly #pumpNow = (): void => {
    this.#isPumpDue = false
    this.#wakeAndPump()
  }

  readonly #wakeAndPump = (): void => {
    const { wakeAtMs } = this.stack
    const nowMs = this.#nowMs()
    if (wakeAtMs !== null && wakeAtMs <= nowMs) this.stack.wake(nowMs)
    this.#port.stackRan()
    this.#pump()
  }

  #pump(): void {
    this.flush()
    this.#scheduleWake()
  }

  #scheduleWake(): void {
    const lineMs = this.#session ? this.#frames.waitsUntilMs(this.#session) : null
    const stackMs = this.stack.wakeAtMs
    const atMs = Math.min(lineMs ?? Number.POSITIVE_INFINITY, stackMs ?? Number.POSITIVE_INFINITY)
    // A closed link has nothing to wait for, and an alarm would keep the process alive.
    if (this.#port.isOver() || atMs === Number.POSITIVE_INFINITY) this.#wake.cancel()
    else this.#wake.set(atMs, this.#wakeAndPump)
  }
}
