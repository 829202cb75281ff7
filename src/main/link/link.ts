import { asConsoleError, ConsoleError, type ErrorCode } from '../../shared/errors'
import type { Clock } from '../../shared/model/clock'
import type { LineRate } from '../../shared/model/line-rate'
import type { CustomAddress, LinkAddress } from '../../shared/model/link-url'
import { DEFAULT_RESET } from '../../shared/model/reset-recipe'
import type {
  LinkPhase,
  SessionEvent,
  StackEvent,
  TraceEvent,
  TraceObserver,
  Unlinked,
} from '../../shared/model/trace'
import type { ModemLines, PulseStep } from '../../shared/model/views'
import { dialectNamed } from '../netcore/dialects'
import type { RandomSource } from '../netcore/dialects/dialect'
import { DEFAULT_LATENCY_TARGET_MS } from '../netcore/pipe/limits'
import type { MessageStore } from '../netcore/pipe/message-body'
import type { Checksum, SessionOptions } from '../netcore/pipe/pipe'
import { createStack } from '../netcore/stack'
import type {
  OutgoingMessage,
  OutgoingRequest,
  OutgoingSubscription,
  PendingRequest,
  StackLimits,
  StackPort,
} from '../netcore/stack-types'
import type {
  CloseReason,
  Connection,
  ConnectionHandlers,
  LineControl,
  Transport,
} from '../transport/transport'
import { Alarm } from './alarm'
import { ConnectedWaiters } from './connected-waiters'
import type { DeviceFollower, OtherDevice } from './device-follower'
import { machineChecksum } from './fast-checksum'
import { FramePump } from './frame-pump'
import { HeldHandlers } from './held-handlers'
import {
  chooseChunkBytes,
  chunkBytesOfPacket,
  isLossyScheme,
  lineRateOf,
  packetBytesOf,
  placeOf,
} from './line-settings'
import {
  DEFAULT_RECONNECT,
  type LinkEffect,
  type LinkInput,
  type LinkState,
  type ReconnectPolicy,
  stepLink,
} from './link-machine'
import { LinkSession, type SessionOwner } from './link-session'
import { describeState } from './link-words'
import { nodeCompression } from './node-compression'
import { nodeCrypto } from './node-crypto'

export interface LinkOptions {
  readonly id: number
  readonly address: LinkAddress | CustomAddress
  /** Null for a peer that came to a listener: there is nothing to open, see `accept`. */
  readonly transport: Transport | null
  readonly clock: Clock
  readonly random: RandomSource
  readonly onTrace: TraceObserver
  readonly reconnect?: Partial<ReconnectPolicy>
  /** Answer requests that fail or have no handler here with an error. Default: true. */
  readonly answersErrors?: boolean
  readonly limits?: Partial<StackLimits>
  /** Speed of the line, for the choice of the chunk size, where the address does not tell. */
  readonly lineRate?: LineRate
  /** Line time that is kept with the driver on a paced line, besides a frame; default: as much as wake-ups come late. */
  readonly keptAheadMs?: number
  /** For dialects with a handshake: who we are, and how we prove it. */
  readonly session?: SessionOptions
  /** Milliseconds since 1970 at the time 0 of `clock`, for a clock that is not this machine's. */
  readonly startedUnixMs?: number
  /** Where large bodies gather; default: memory. */
  readonly store?: MessageStore
  /** A faster CRC-32C than the built-in one. */
  readonly checksum?: Checksum
  /** The same as `transport` where that follows a device. */
  readonly device?: DeviceFollower
  /** Takes no part at all: reads what the line says and never writes a byte. */
  readonly isListenOnly?: boolean
  /** While it answers true, nothing that anybody starts leaves. Asked anew each time. */
  readonly isLocked?: () => boolean
}

/**
 * One transport, one stack and a clock: opens, reopens after a loss, taps every byte, and hands over frames only as
 * fast as the line takes them, so that the send policy decides as late as possible.
 */
export class Link {
  readonly id: number
  readonly address: LinkAddress | CustomAddress
  readonly stack: StackPort
  readonly #options: LinkOptions
  readonly #reconnect: ReconnectPolicy
  readonly #chunkBytes: number
  readonly #waiters = new ConnectedWaiters()
  readonly #observers = new Set<TraceObserver>()
  readonly #retry: Alarm
  readonly #wake: Alarm
  readonly #frames: FramePump
  #endWatch: (() => void) | undefined
  /** Pulses and breaks come one after the other. */
  #lineWork: Promise<unknown> = Promise.resolve()
  #state: LinkState = { kind: 'idle' }
  #phaseSinceMs: number
  #problem: ConsoleError | null = null
  #session: LinkSession | undefined
  #opening: AbortController | undefined
  /** Settles when no earlier connection or attempt holds the transport any more. */
  #released: Promise<unknown> = Promise.resolve()
  #bytesIn = 0
  #isPumpDue = false
  /** The peer does not want us, or we do not want it, and trying again would not help. */
  #refusal: ConsoleError | undefined

  /** @throws ConsoleError `DIALECT_UNKNOWN`, `CHUNK_SIZE_RANGE` (the dialect can not cut chunks of this size). */
  constructor(options: LinkOptions) {
    const { id, address, clock } = options
    const named = dialectNamed(address.dialect)
    // Where the dialect would have to shake hands first, a reader that takes no part reads along.
    const dialect = options.isListenOnly ? (named.reader ?? named) : named
    const onDamage = isLossyScheme(address) || options.lineRate ? 'resync' : 'fatal'
    this.id = id
    this.address = address
    this.#options = options
    this.#reconnect = { ...DEFAULT_RECONNECT, ...retryPolicy(address), ...options.reconnect }
    const lineRate = options.lineRate ?? lineRateOf(address)
    const { choosesChunkBytes = false } = dialect.traits
    const packetBytes = packetBytesOf(address, dialect.traits)
    const mostOfPacket = chunkBytesOfPacket(packetBytes)
    const defaultChunkBytes = Math.min(dialect.traits.defaultChunkBytes, mostOfPacket)
    this.#chunkBytes = chooseChunkBytes(address.chunkBytes, lineRate, defaultChunkBytes)
    dialect.checkChunkBytes(this.#chunkBytes)
    if (this.#chunkBytes > mostOfPacket) {
      throw new ConsoleError(
        'CHUNK_SIZE_RANGE',
        `chunk=${this.#chunkBytes} does not fit in packets of ${packetBytes} bytes`,
        { remedy: `Use chunk=${mostOfPacket} at most, or larger datagrams (datagram=).` },
      )
    }
    const mostChunkBytes = choosesChunkBytes ? (address.chunkBytes ?? defaultChunkBytes) : this.#chunkBytes
    this.#retry = new Alarm(clock)
    this.#wake = new Alarm(clock)
    this.#phaseSinceMs = clock.nowMs()
    this.stack = createStack({
      dialect,
      codec: {
        onDamage,
        ...(packetBytes !== undefined && { isPackets: true }),
        ...(address.gapMs !== undefined && { idleGapMs: address.gapMs }),
      },
      random: options.random,
      ...(options.limits && { limits: options.limits }),
      policy: { chunkBytes: mostChunkBytes },
      answersErrors: options.isListenOnly ? false : (options.answersErrors ?? true),
      line: {
        ...(lineRate && { rate: lineRate }),
        latencyTargetMs: DEFAULT_LATENCY_TARGET_MS,
        ...(packetBytes !== undefined && { packetBytes }),
      },
      session: sessionOf(options),
      ...(options.store && { store: options.store }),
      checksum: options.checksum ?? machineChecksum(),
      compression: nodeCompression,
      onTrace: (event) => this.#stackTraced(event),
      onWork: () => this.#pumpSoon(),
    })
    this.#frames = new FramePump(this.stack, {
      linkId: id,
      clock,
      hasPackets: dialect.traits.hasPackets ?? false,
      onTrace: (event) => this.#trace(event),
    })
  }

  get phase(): LinkPhase {
    return this.#state.kind
  }

  get phaseSinceMs(): number {
    return this.#phaseSinceMs
  }

  /** What is wrong, while something is: why it waits, or why it closed. */
  get problem(): ConsoleError | null {
    return this.#problem
  }

  /** The peer in words; empty while not connected. */
  get peerName(): string {
    return this.#session?.connection.peerName ?? ''
  }

  get lineRate(): LineRate | undefined {
    return this.#session?.connection.lineRate ?? this.#options.lineRate ?? lineRateOf(this.address)
  }

  get chunkBytes(): number {
    return this.#chunkBytes
  }

  get bytesIn(): number {
    return this.#bytesIn
  }

  get bytesOut(): number {
    return this.#frames.bytesOut
  }

  /** Was made to take no part, whatever the lock says. */
  get isPassive(): boolean {
    return this.#options.isListenOnly ?? false
  }

  /** Nothing that anybody starts leaves now. */
  get isListenOnly(): boolean {
    return this.isPassive || this.#isLocked || (this.#session?.isMuted ?? false)
  }

  /** Lines of the port; null while not connected, and where there are none. */
  get lines(): ModemLines | null {
    return this.#session?.connection.control?.lines ?? null
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
    if (this.#options.transport) this.#step({ type: 'open-asked' })
  }

  /** Closes for good; everything in flight is settled. Resolves when the transport is free again. Never rejects. */
  async close(): Promise<void> {
    if (this.#session?.isLive && !this.isListenOnly) {
      this.stack.farewell(this.#now())
      // A stack that said goodbye sends nothing else; one without that word goes on as it was.
      if (this.stack.isReady) this.#frames.run(this.#session)
      else this.#frames.part(this.#session)
    }
    this.#step({ type: 'close-asked' })
    await this.#released
  }

  /** Opens anew: at once where it waits for its next attempt, with a fresh connection where it is connected. */
  reopen(): void {
    if (this.#state.kind === 'connected') this.#step({ type: 'close-asked' })
    this.open()
  }

  /** Takes the different device that is on the port instead of the one this link waits for. False when there is none. */
  acceptDevice(): boolean {
    const isTaken = this.#options.device?.accept() ?? false
    if (isTaken) this.open()
    return isTaken
  }

  /**
   * Sets lines of the port; what is left out stays.
   *
   * @throws ConsoleError `LINK_NOT_CONNECTED`, `LISTEN_ONLY`, `LINE_CONTROL_UNSUPPORTED` (the link goes on).
   */
  setLines(lines: { readonly dtr?: boolean | undefined; readonly rts?: boolean | undefined }): Promise<void> {
    return this.#inTurn((control) => control.set(lines))
  }

  /**
   * Moves lines in timed steps, which a lock that is set meanwhile does not cut short: a board left in reset helps nobody.
   *
   * @param steps - Empty: those of the address, else `DEFAULT_RESET`.
   * @throws ConsoleError as `setLines`.
   */
  pulse(steps: readonly PulseStep[]): Promise<void> {
    const ofAddress = this.address.scheme === 'serial' ? this.address.reset : undefined
    const recipe = steps.length > 0 ? steps : (ofAddress ?? DEFAULT_RESET)
    return this.#inTurn(async (control) => {
      for (const { dtr, rts, ms } of recipe) {
        if (dtr !== undefined || rts !== undefined) await control.set({ dtr, rts })
        if (ms > 0) await this.#pause(ms)
      }
    })
  }

  /** Holds the line in BREAK for `ms`. @throws ConsoleError as `setLines`. */
  sendBreak(ms: number): Promise<void> {
    return this.#inTurn((control) => control.sendBreak(ms))
  }

  /** Takes over the connection of a peer that came to a listener. */
  accept(connection: Connection): ConnectionHandlers {
    return this.#begin(connection, 'accepted')
  }

  /**
   * Resolves once the link is connected and its dialect has shaken hands (at once when it has).
   *
   * @throws ConsoleError the cause, when the link closes or the handshake fails instead; the reason of `signal`, when it
   *   aborts.
   */
  whenConnected(signal?: AbortSignal): Promise<void> {
    if (this.#state.kind === 'connected' && this.stack.isReady) return Promise.resolve()
    if (this.#state.kind === 'closed') return Promise.reject(this.#closedError())
    return this.#waiters.wait(signal)
  }

  /** @throws ConsoleError `LINK_NOT_CONNECTED`, or what the stack refuses (see `StackPort.send`). */
  send(message: OutgoingMessage): { readonly messageKey: number; readonly ref: string } {
    this.#needConnection()
    const sent = this.stack.send(message, this.#now())
    this.#pumpSoon()
    return sent
  }

  /** @throws ConsoleError `LINK_NOT_CONNECTED`, or what the stack refuses (see `StackPort.request`). */
  request(request: OutgoingRequest): PendingRequest {
    this.#needConnection()
    const pending = this.stack.request(request, this.#now())
    this.#pumpSoon()
    return pending
  }

  /** @throws ConsoleError `LINK_NOT_CONNECTED`, or what the stack refuses (see `StackPort.subscribe`). */
  subscribe(subscription: OutgoingSubscription): { readonly messageKey: number; readonly ref: string } {
    this.#needConnection()
    const sent = this.stack.subscribe(subscription, this.#now())
    this.#pumpSoon()
    return sent
  }

  /** See `StackPort.consumed`. */
  consumed(messageKey: number, byteCount: number): void {
    this.stack.consumed(messageKey, byteCount, this.#now())
    this.#pumpSoon()
  }

  /** Cancels an outgoing message. False when nothing was left to cancel. */
  cancel(messageKey: number): boolean {
    const wasCancelled = this.stack.cancel(messageKey, this.#now())
    this.#pumpSoon()
    return wasCancelled
  }

  /** True for the peer of a listener: closed once, it is gone for good. */
  get isOfListener(): boolean {
    return this.#options.transport === null
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

  #now(): number {
    return this.#options.clock.nowMs()
  }

  get #isLocked(): boolean {
    return this.#options.isLocked?.() ?? false
  }

  #needPermission(): void {
    if (!this.isListenOnly) return
    throw new ConsoleError('LISTEN_ONLY', `${this.address.text} only listens`, {
      linkId: this.id,
      ...(!this.#isLocked && { remedy: 'Connect again without listen only.' }),
    })
  }

  async #inTurn(work: (control: LineControl) => Promise<void>): Promise<void> {
    const before = this.#lineWork
    let done = (): void => {}
    this.#lineWork = new Promise<void>((resolve) => {
      done = resolve
    })
    try {
      await before
      this.#needConnection()
      const control = this.#session?.connection.control
      if (control === undefined) {
        throw new ConsoleError('LINE_CONTROL_UNSUPPORTED', `${this.address.text} is no serial port`)
      }
      await work(control)
    } finally {
      done()
    }
  }

  #pause(ms: number): Promise<void> {
    const { clock } = this.#options
    return new Promise((resolve) => clock.schedule(clock.nowMs() + ms, resolve))
  }

  /** Chance in the waits between attempts, only where the address asks for it: what is drawn is drawn from one source. */
  #luck(): number {
    return (this.#reconnect.jitter ?? 0) > 0 ? this.#options.random(1000) / 1000 : 0
  }

  /** @throws also `LISTEN_ONLY`. */
  #needConnection(): void {
    this.#needPermission()
    if (this.#state.kind === 'connected') return
    throw new ConsoleError('LINK_NOT_CONNECTED', `${this.address.text} is ${this.#state.kind}`, {
      linkId: this.id,
    })
  }

  #closedError(): ConsoleError {
    return this.#problem ?? new ConsoleError('LINK_NOT_CONNECTED', `${this.address.text} was closed`)
  }

  #step(input: LinkInput): void {
    const [next, ...effects] = stepLink(this.#state, input, this.#reconnect)
    if (next === this.#state) return
    this.#state = next
    this.#phaseSinceMs = this.#now()
    this.#watchDevice(next)
    if (next.kind === 'connected' || input.type === 'close-asked') this.#problem = null
    // Whoever hears "connected" may send at once, so the stack comes first; in all other cases the state explains
    // what happens to the messages next.
    if (next.kind === 'connected') for (const effect of effects) this.#run(effect)
    this.#traceState(next)
    if (next.kind !== 'connected') for (const effect of effects) this.#run(effect)
    if (this.#state !== next) return
    if (next.kind === 'connected' && this.stack.isReady) this.#waiters.resolve()
    if (next.kind === 'closed') this.#waiters.reject(this.#closedError())
  }

  #run(effect: LinkEffect): void {
    switch (effect) {
      case 'open-transport':
        if (this.#state.kind === 'opening') this.#options.device?.forget()
        this.#released = this.#openTransport(this.#released)
        return
      case 'abort-opening':
        this.#opening?.abort()
        this.#opening = undefined
        return
      case 'attach-stack':
        this.stack.connected(this.#now())
        return
      case 'detach-stack':
        this.#session?.detach()
        this.stack.disconnected(this.#now(), this.#problem?.code ?? 'LINK_LOST')
        this.#scheduleWake()
        return
      case 'stop-stack':
        this.stack.stop(this.#now(), this.#problem?.code ?? 'LINK_LOST')
        this.#scheduleWake()
        return
      case 'close-connection':
        this.#released = Promise.all([this.#released, this.#session?.connection.close()])
        return
      case 'schedule-retry':
        if (this.#state.kind !== 'waiting') return
        this.#retry.set(this.#state.retryAtMs, () => this.#step({ type: 'retry-due' }))
        return
      case 'cancel-retry':
        this.#retry.cancel()
    }
  }

  /** A device that comes back is opened at once, wherever, instead of when the next attempt is due. */
  #watchDevice(state: LinkState): void {
    const { device } = this.#options
    if (device === undefined) return
    this.#endWatch?.()
    this.#endWatch =
      state.kind === 'waiting'
        ? device.watch(() => {
            if (this.#state.kind === 'waiting') this.open()
          })
        : undefined
  }

  async #openTransport(released: Promise<unknown>): Promise<void> {
    const attempt = new AbortController()
    this.#opening = attempt
    const held = new HeldHandlers()
    await released
    let connection: Connection
    try {
      attempt.signal.throwIfAborted()
      connection = await this.#options.transport!.open(held, attempt.signal)
    } catch (error) {
      if (!attempt.signal.aborted) this.#failed(asConsoleError(error))
      return
    }
    if (attempt.signal.aborted) return connection.close()
    this.#opening = undefined
    const session = this.#begin(connection, 'opened')
    held.release(session)
  }

  #failed(error: ConsoleError): void {
    this.#opening = undefined
    this.#problem = error
    const { code, message: detail } = error
    this.#step({ type: 'open-failed', nowMs: this.#now(), code, detail, luck: this.#luck() })
  }

  #begin(connection: Connection, type: 'opened' | 'accepted'): LinkSession {
    const owner: SessionOwner = {
      received: (session, bytes) => this.#received(session, bytes),
      writable: () => this.#pump(),
      closed: (session, reason) => this.#closed(session, reason),
      leftOut: (session, code, byteCount, detail) => {
        if (session === this.#session) this.#traceLeftOut(code, byteCount, detail)
      },
      lines: (session, lines) => {
        if (session === this.#session) this.#traceLines(lines)
      },
    }
    const { keptAheadMs } = this.#options
    const session = new LinkSession(owner, connection, {
      chunkBytes: this.#chunkBytes,
      ...(keptAheadMs !== undefined && { keptAheadMs }),
      clock: this.#options.clock,
      inBase: this.#bytesIn,
      outBase: this.#frames.bytesOut,
      isMuted: this.isPassive || this.#isLocked,
    })
    this.#session = session
    this.#step({ type, nowMs: this.#now() })
    this.#traceControlProblem(connection)
    this.#pumpSoon()
    return session
  }

  #received(session: LinkSession, bytes: Uint8Array): void {
    const atMs = this.#now()
    session.incoming.received(bytes.length, atMs)
    const streamOffset = this.#bytesIn
    this.#bytesIn += bytes.length
    const byteCount = bytes.length
    this.#trace({ type: 'bytes', linkId: this.id, dir: 'in', atMs, streamOffset, byteCount, bytes })
    this.stack.receive(bytes, atMs)
    this.#giveUpIfSpent()
    this.#pumpSoon()
  }

  #closed(session: LinkSession, reason: CloseReason): void {
    if (session !== this.#session) return
    const code = reason.code ?? 'LINK_LOST'
    const detail = reason.detail || 'the connection ended'
    if (this.#state.kind === 'connected') this.#problem = new ConsoleError(code, detail)
    this.#step({ type: 'ended', nowMs: this.#now(), code, detail })
    this.#session = undefined
    this.#step({ type: 'released', nowMs: this.#now(), luck: this.#luck() })
  }

  #giveUpIfSpent(): void {
    if (this.#refusal !== undefined) this.#giveUpRefused(this.#refusal)
    if (!this.stack.isSpent || this.#state.kind !== 'connected') return
    const { code, detail } = this.#session?.lastFault ?? {
      code: 'LINK_LOST',
      detail: 'the bytes make no sense',
    }
    this.#problem = new ConsoleError(code, detail)
    this.#step({ type: 'given-up', nowMs: this.#now(), code, detail })
  }

  #giveUpRefused(refusal: ConsoleError): void {
    this.#refusal = undefined
    if (this.#state.kind !== 'connected') return
    // The peer shall hear why.
    if (this.#session) this.#frames.run(this.#session)
    this.#problem = refusal
    this.#step({ type: 'refused', code: refusal.code, detail: refusal.message })
  }

  /** What the handshake of the dialect came to. */
  #sessionTraced({ phase, code, detail }: Unlinked<SessionEvent>): void {
    if (phase === 'ready') this.#waiters.resolve()
    if (phase !== 'refused' || code === null) return
    const refusal = new ConsoleError(code, detail)
    if (FINAL_REFUSALS.has(code) && !this.isOfListener) this.#refusal = refusal
    this.#waiters.reject(refusal)
  }

  #stackTraced(event: StackEvent): void {
    const session = this.#session
    if (event.type === 'session') this.#sessionTraced(event)
    if (event.type === 'fault' && session) session.lastFault = event
    session?.place(event)
    // Stamped, not copied: of all that is done for a frame here, a copy of its event was the dearest.
    const stamped = event as StackEvent & { linkId: number }
    stamped.linkId = this.id
    this.#trace(stamped)
  }

  #traceLines(lines: ModemLines): void {
    this.#trace({ type: 'lines', linkId: this.id, atMs: this.#now(), ...lines })
  }

  #traceLeftOut(code: ErrorCode, lostBytes: number, detail: string): void {
    const where = { linkId: this.id, atMs: this.#now(), dir: 'in', streamOffset: this.#bytesIn } as const
    this.#trace({ type: 'fault', ...where, code, lostBytes, ref: '', detail })
  }

  /** The port is open, but its lines could not be put where the address wants them. */
  #traceControlProblem({ control }: Connection): void {
    if (!control?.problem) return
    const { code, message: detail } = control.problem
    const streamOffset = this.#frames.bytesOut
    const where = { linkId: this.id, atMs: this.#now(), dir: 'out', streamOffset } as const
    this.#trace({ type: 'fault', ...where, code, lostBytes: 0, ref: '', detail })
  }

  #traceState(state: LinkState): void {
    const hasMoved = this.#options.device?.hasMoved ?? false
    const peer = hasMoved ? `${this.peerName}: the same board, now on another port` : this.peerName
    const { code, detail } = describeState(state, peer)
    const url = this.address.text
    this.#trace({
      type: 'link-state',
      linkId: this.id,
      atMs: this.#phaseSinceMs,
      phase: state.kind,
      url,
      code,
      detail,
    })
  }

  /** Everything that one turn of the event loop queues is seen by the send policy together, and leaves in one write. */
  #pumpSoon(): void {
    if (this.#isPumpDue) return
    this.#isPumpDue = true
    queueMicrotask(this.#pumpNow)
  }

  readonly #pumpNow = (): void => {
    this.#isPumpDue = false
    this.#wakeAndPump()
  }

  readonly #wakeAndPump = (): void => {
    this.#wakeStack(this.#now())
    this.#pump()
  }

  #wakeStack(nowMs: number): void {
    if (this.stack.wakeAtMs !== null && this.stack.wakeAtMs <= nowMs) this.stack.wake(nowMs)
    this.#giveUpIfSpent()
  }

  #pump(): void {
    if (this.#session) this.#frames.run(this.#session)
    this.#scheduleWake()
  }

  #scheduleWake(): void {
    const lineMs = this.#session ? this.#frames.waitsUntilMs(this.#session) : null
    const stackMs = this.stack.wakeAtMs
    const atMs = Math.min(lineMs ?? Number.POSITIVE_INFINITY, stackMs ?? Number.POSITIVE_INFINITY)
    // A closed link has nothing to wait for, and an alarm would keep the process alive.
    if (this.#state.kind === 'closed' || atMs === Number.POSITIVE_INFINITY) this.#wake.cancel()
    else this.#wake.set(atMs, this.#wakeAndPump)
  }
}

/** Asking again would be answered the same, until a person changes something. */
const FINAL_REFUSALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'AUTH_FAILED',
  'AUTH_REQUIRED',
  'AUTH_NOT_DEMANDED',
  'AUTH_IMPOSTOR',
  'AUTH_WEAK',
  'AUTH_TOO_COSTLY',
  'SOCKETD_REFUSED',
])

/** Who opens a link is the host; a peer that came to a listener finds a device. */
/** What an address says of reconnecting. */
function retryPolicy({ retry = {} }: LinkAddress | CustomAddress): Partial<ReconnectPolicy> {
  const { firstMs, mostMs, factor, attempts, jitterPercent } = retry
  return {
    ...(firstMs !== undefined && { firstDelayMs: firstMs }),
    maxDelayMs: mostMs ?? Math.max(DEFAULT_RECONNECT.maxDelayMs, firstMs ?? 0),
    ...(factor !== undefined && { factor }),
    ...(attempts !== undefined && { attempts }),
    ...(jitterPercent !== undefined && { jitter: jitterPercent / 100 }),
  }
}

function sessionOf({ address, transport, session, clock, startedUnixMs }: LinkOptions): SessionOptions {
  const { password, isCompressing, heartbeatSeconds, rates, resource, identity } = address
  const { silenceSeconds, openTimeoutMs } = address
  const place = placeOf(address)
  return {
    role: transport === null ? 'device' : 'host',
    crypto: nodeCrypto,
    startedUnixMs: startedUnixMs ?? Date.now() - clock.nowMs(),
    ...(password !== undefined && { password }),
    ...(isCompressing && { isCompressing }),
    ...(rates && { rates }),
    ...(place && { place }),
    ...(resource !== undefined && { resource }),
    ...(heartbeatSeconds !== undefined && { heartbeatMs: heartbeatSeconds * 1000 }),
    ...(silenceSeconds !== undefined && { silenceMs: silenceSeconds * 1000 }),
    ...(openTimeoutMs !== undefined && { handshakeMs: openTimeoutMs }),
    ...(identity !== undefined && { identity }),
    ...session,
  }
}
