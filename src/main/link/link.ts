import { ConsoleError } from '../../shared/errors'
import type { LineRate } from '../../shared/model/line-rate'
import type { CustomAddress, LinkAddress } from '../../shared/model/link-url'
import { DEFAULT_RESET } from '../../shared/model/reset-recipe'
import type { LinkPhase, TraceEvent, TraceObserver } from '../../shared/model/trace'
import type { ModemLines, PulseStep } from '../../shared/model/views'
import type {
  OutgoingMessage,
  OutgoingRequest,
  OutgoingSubscription,
  PendingRequest,
  StackPort,
} from '../netcore/stack-types'
import type { Connection, ConnectionHandlers, LineControl } from '../transport/transport'
import type { OtherDevice } from './device-follower'
import { lineRateOf } from './line-settings'
import { LineWork } from './line-work'
import { LinkLife } from './link-life'
import type { LinkOptions } from './link-options'
import { linkStack } from './link-stack'
import { LinkTraffic } from './link-traffic'

/**
 * One transport, one stack and a clock: opens, reopens after a loss, taps every byte, and hands over frames only as
 * fast as the line takes them, so that the send policy decides as late as possible.
 */
export class Link {
  readonly id: number
  readonly address: LinkAddress | CustomAddress
  readonly stack: StackPort
  readonly #options: LinkOptions
  readonly #traffic: LinkTraffic
  readonly #life: LinkLife
  readonly #lineWork: LineWork
  readonly #observers = new Set<TraceObserver>()

  /** @throws ConsoleError `DIALECT_UNKNOWN`, `CHUNK_SIZE_RANGE` (the dialect can not cut chunks of this size). */
  constructor(options: LinkOptions) {
    const { id, address, clock } = options
    this.id = id
    this.address = address
    this.#options = options
    const made = linkStack(options, {
      onTrace: (event) => {
        if (event.type === 'session') this.#life.noteHandshake(event)
        this.#traffic.stackTraced(event)
      },
      onWork: () => this.#traffic.pumpSoon(),
    })
    this.stack = made.stack
    this.#traffic = new LinkTraffic(options, made, {
      trace: (event) => this.#trace(event),
      isMuted: () => this.isPassive || this.#isLocked,
      isOver: () => this.phase === 'closed',
      stackRan: () => this.#life.giveUpIfHopeless(),
      ended: (reason) => this.#life.ended(reason),
    })
    this.#life = new LinkLife(options, this.#traffic, (event) => this.#trace(event))
    this.#lineWork = new LineWork(clock, () => this.#needControl())
  }

  get phase(): LinkPhase {
    return this.#life.phase
  }

  get phaseSinceMs(): number {
    return this.#life.phaseSinceMs
  }

  /** What is wrong, while something is: why it waits, or why it closed. */
  get problem(): ConsoleError | null {
    return this.#life.problem
  }

  /** The peer in words; empty while not connected. */
  get peerName(): string {
    return this.#traffic.connection?.peerName ?? ''
  }

  get lineRate(): LineRate | undefined {
    return this.#traffic.connection?.lineRate ?? this.#options.lineRate ?? lineRateOf(this.address)
  }

  get chunkBytes(): number {
    return this.#traffic.chunkBytes
  }

  get bytesIn(): number {
    return this.#traffic.bytesIn
  }

  get bytesOut(): number {
    return this.#traffic.bytesOut
  }

  /** True for the peer of a listener: closed once, it is gone for good. */
  get isOfListener(): boolean {
    return this.#options.transport === null
  }

  /** Was made to take no part, whatever the lock says. */
  get isPassive(): boolean {
    return this.#options.isListenOnly ?? false
  }

  /** Nothing that anybody starts leaves now. */
  get isListenOnly(): boolean {
    return this.isPassive || this.#isLocked || this.#traffic.isMuted
  }

  /** Lines of the port; null while not connected, and where there are none. */
  get lines(): ModemLines | null {
    return this.#traffic.connection?.control?.lines ?? null
  }

  /** Which device it is, see `PortInfo.identity`; empty where there is no port or it was never open. */
  get identity(): string {
    return this.#options.device?.identity ?? ''
  }

  /** The different device on the port of a link that waits for its own. */
  get otherDevice(): OtherDevice | null {
    return this.#options.device?.otherDevice ?? null
  }

  /** Begins to open. What comes of it: `whenConnected`, `phase`, the trace. Harmless when it is open already. */
  open(): void {
    this.#life.open()
  }

  /** Closes for good; everything in flight is settled. Resolves when the transport is free again. Never rejects. */
  async close(): Promise<void> {
    if (!this.isListenOnly) this.#traffic.farewell()
    await this.#life.close()
  }

  /** Opens anew: at once where it waits for its next attempt, with a fresh connection where it is connected. */
  reopen(): void {
    this.#life.reopen()
  }

  /** Takes the different device that is on the port instead of the one this link waits for. False when there is none. */
  acceptDevice(): boolean {
    const isTaken = this.#options.device?.accept() ?? false
    if (isTaken) this.open()
    return isTaken
  }

  /** Takes over the connection of a peer that came to a listener. */
  accept(connection: Connection): ConnectionHandlers {
    return this.#life.accept(connection)
  }

  /**
   * Resolves once the link is connected and its dialect has shaken hands (at once when it has).
   *
   * @throws ConsoleError the cause, when the link closes or the handshake fails instead; the reason of `signal`, when it
   *   aborts.
   */
  whenConnected(signal?: AbortSignal): Promise<void> {
    return this.#life.whenConnected(signal)
  }

  /**
   * Sets lines of the port; what is left out stays.
   *
   * @throws ConsoleError `LINK_NOT_CONNECTED`, `LISTEN_ONLY`, `LINE_CONTROL_UNSUPPORTED` (the link goes on).
   */
  setLines(lines: { readonly dtr?: boolean | undefined; readonly rts?: boolean | undefined }): Promise<void> {
    return this.#lineWork.set(lines)
  }

  /**
   * Moves lines in timed steps, which a lock that is set meanwhile does not cut short: a board left in reset helps nobody.
   *
   * @param steps - Empty: those of the address, else `DEFAULT_RESET`.
   * @throws ConsoleError as `setLines`.
   */
  pulse(steps: readonly PulseStep[]): Promise<void> {
    const ofAddress = this.address.scheme === 'serial' ? this.address.reset : undefined
    return this.#lineWork.pulse(steps.length > 0 ? steps : (ofAddress ?? DEFAULT_RESET))
  }

  /** Holds the line in BREAK for `ms`. @throws ConsoleError as `setLines`. */
  sendBreak(ms: number): Promise<void> {
    return this.#lineWork.sendBreak(ms)
  }

  /** @throws ConsoleError `LINK_NOT_CONNECTED`, or what the stack refuses (see `StackPort.send`). */
  send(message: OutgoingMessage): { readonly messageKey: number; readonly ref: string } {
    this.#needConnection()
    const sent = this.stack.send(message, this.#nowMs())
    this.#traffic.pumpSoon()
    return sent
  }

  /** @throws ConsoleError `LINK_NOT_CONNECTED`, or what the stack refuses (see `StackPort.request`). */
  request(request: OutgoingRequest): PendingRequest {
    this.#needConnection()
    const pending = this.stack.request(request, this.#nowMs())
    this.#traffic.pumpSoon()
    return pending
  }

  /** @throws ConsoleError `LINK_NOT_CONNECTED`, or what the stack refuses (see `StackPort.subscribe`). */
  subscribe(subscription: OutgoingSubscription): { readonly messageKey: number; readonly ref: string } {
    this.#needConnection()
    const sent = this.stack.subscribe(subscription, this.#nowMs())
    this.#traffic.pumpSoon()
    return sent
  }

  /** See `StackPort.consumed`. */
  consumed(messageKey: number, byteCount: number): void {
    this.stack.consumed(messageKey, byteCount, this.#nowMs())
    this.#traffic.pumpSoon()
  }

  /** Cancels an outgoing message. False when nothing was left to cancel. */
  cancel(messageKey: number): boolean {
    const wasCancelled = this.stack.cancel(messageKey, this.#nowMs())
    this.#traffic.pumpSoon()
    return wasCancelled
  }

  /** Adds an observer of the trace. Returns a function that removes it. */
  observe(observer: TraceObserver): () => void {
    this.#observers.add(observer)
    return () => {
      this.#observers.delete(observer)
    }
  }

  #trace(event: TraceEvent): void {
    this.#options.onTrace(event)
    for (const observer of this.#observers) observer(event)
  }

  #nowMs(): number {
    return this.#options.clock.nowMs()
  }

  get #isLocked(): boolean {
    return this.#options.isLocked?.() ?? false
  }

  /** @throws ConsoleError `LISTEN_ONLY`, `LINK_NOT_CONNECTED`. */
  #needConnection(): void {
    const { text } = this.address
    if (this.isListenOnly) {
      throw new ConsoleError('LISTEN_ONLY', `${text} only listens`, {
        linkId: this.id,
        ...(!this.#isLocked && { remedy: 'Connect again without listen only.' }),
      })
    }
    if (this.phase === 'connected') return
    throw new ConsoleError('LINK_NOT_CONNECTED', `${text} is ${this.phase}`, { linkId: this.id })
  }

  #needControl(): LineControl {
    this.#needConnection()
    const control = this.#traffic.connection?.control
    if (control !== undefined) return control
    throw new ConsoleError('LINE_CONTROL_UNSUPPORTED', `${this.address.text} is no serial port`)
  }
}
