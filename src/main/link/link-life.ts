import { asConsoleError, ConsoleError, type ErrorCode } from '../../shared/errors'
import type { LinkPhase, SessionEvent, TraceEvent, Unlinked } from '../../shared/model/trace'
import type { CloseReason, Connection, ConnectionHandlers } from '../transport/transport'
import { Alarm } from './alarm'
import { ConnectedWaiters } from './connected-waiters'
import { HeldHandlers } from './held-handlers'
import {
  type LinkEffect,
  type LinkInput,
  type LinkState,
  type ReconnectPolicy,
  stepLink,
} from './link-machine'
import { type LinkOptions, reconnectPolicyOf } from './link-options'
import type { LinkSession } from './link-session'
import type { LinkTraffic } from './link-traffic'
import { describeState } from './link-words'

/**
 * The life of a link from its first opening to its end: goes through the states of `stepLink`, does what they ask for with
 * transport and traffic, and tells those who wait for a connection what came of it.
 */
export class LinkLife {
  readonly #options: LinkOptions
  readonly #traffic: LinkTraffic
  readonly #trace: (event: TraceEvent) => void
  readonly #reconnect: ReconnectPolicy
  readonly #waiters = new ConnectedWaiters()
  readonly #retry: Alarm
  #endWatch: (() => void) | undefined
  #state: LinkState = { kind: 'idle' }
  #phaseSinceMs: number
  #problem: ConsoleError | null = null
  #opening: AbortController | undefined
  /** Settles when no earlier connection or attempt holds the transport any more. */
  #released: Promise<unknown> = Promise.resolve()
  /** The peer does not want us, or we do not want it, and trying again would not help. */
  #refusal: ConsoleError | undefined

  constructor(options: LinkOptions, traffic: LinkTraffic, trace: (event: TraceEvent) => void) {
    this.#options = options
    this.#traffic = traffic
    this.#trace = trace
    this.#reconnect = reconnectPolicyOf(options)
    this.#retry = new Alarm(options.clock)
    this.#phaseSinceMs = options.clock.nowMs()
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

  /** Begins to open; harmless when it is open already. */
  open(): void {
    if (this.#options.transport) this.#step({ type: 'open-asked' })
  }

  /** Closes for good. Resolves when the transport is free again. Never rejects. */
  async close(): Promise<void> {
    this.#step({ type: 'close-asked' })
    await this.#released
  }

  /** Opens anew: at once where it waits for its next attempt, with a fresh connection where it is connected. */
  reopen(): void {
    if (this.#state.kind === 'connected') this.#step({ type: 'close-asked' })
    this.open()
  }

  /** Takes over the connection of a peer that came to a listener. */
  accept(connection: Connection): ConnectionHandlers {
    return this.#begin(connection, 'accepted')
  }

  /** See `Link.whenConnected`. */
  whenConnected(signal?: AbortSignal): Promise<void> {
    if (this.#state.kind === 'connected' && this.#traffic.stack.isReady) return Promise.resolve()
    if (this.#state.kind === 'closed') return Promise.reject(this.#closedError())
    return this.#waiters.wait(signal)
  }

  /** The connection ended without being asked to. */
  ended(reason: CloseReason): void {
    const code = reason.code ?? 'LINK_LOST'
    const detail = reason.detail || 'the connection ended'
    if (this.#state.kind === 'connected') this.#problem = new ConsoleError(code, detail)
    this.#step({ type: 'ended', nowMs: this.#nowMs(), code, detail })
    this.#traffic.release()
    this.#step({ type: 'released', nowMs: this.#nowMs(), luck: this.#luck() })
  }

  /** Takes what the handshake of the dialect came to. */
  noteHandshake({ phase, code, detail }: Unlinked<SessionEvent>): void {
    if (phase === 'ready') this.#waiters.resolve()
    if (phase !== 'refused' || code === null) return
    const refusal = new ConsoleError(code, detail)
    if (FINAL_REFUSALS.has(code) && this.#options.transport !== null) this.#refusal = refusal
    this.#waiters.reject(refusal)
  }

  /** Gives the connection up when it is hopeless: refused for good, or its bytes can not be understood any more. */
  giveUpIfHopeless(): void {
    if (this.#refusal !== undefined) this.#giveUpRefused(this.#refusal)
    if (!this.#traffic.stack.isSpent || this.#state.kind !== 'connected') return
    const { code, detail } = this.#traffic.lastFault ?? NO_SENSE
    this.#problem = new ConsoleError(code, detail)
    this.#step({ type: 'given-up', nowMs: this.#nowMs(), code, detail })
  }

  #giveUpRefused(refusal: ConsoleError): void {
    this.#refusal = undefined
    if (this.#state.kind !== 'connected') return
    // The peer shall hear why.
    this.#traffic.flush()
    this.#problem = refusal
    this.#step({ type: 'refused', code: refusal.code, detail: refusal.message })
  }

  #nowMs(): number {
    return this.#options.clock.nowMs()
  }

  /** Chance in the waits between attempts, only where the address asks for it: what is drawn is drawn from one source. */
  #luck(): number {
    return (this.#reconnect.jitter ?? 0) > 0 ? this.#options.random(1000) / 1000 : 0
  }

  #closedError(): ConsoleError {
    const { text } = this.#options.address
    return this.#problem ?? new ConsoleError('LINK_NOT_CONNECTED', `${text} was closed`)
  }

  #step(input: LinkInput): void {
    const [next, ...effects] = stepLink(this.#state, input, this.#reconnect)
    if (next === this.#state) return
    this.#state = next
    this.#phaseSinceMs = this.#nowMs()
    this.#watchDevice(next)
    if (next.kind === 'connected' || input.type === 'close-asked') this.#problem = null
    // Whoever hears "connected" may send at once, so the stack comes first; in all other cases the state explains
    // what happens to the messages next.
    if (next.kind === 'connected') for (const effect of effects) this.#run(effect)
    this.#traceState(next)
    if (next.kind !== 'connected') for (const effect of effects) this.#run(effect)
    if (this.#state !== next) return
    if (next.kind === 'connected' && this.#traffic.stack.isReady) this.#waiters.resolve()
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
        this.#traffic.attach()
        return
      case 'detach-stack':
        this.#traffic.detach(this.#problem?.code ?? 'LINK_LOST')
        return
      case 'stop-stack':
        this.#traffic.stop(this.#problem?.code ?? 'LINK_LOST')
        return
      case 'close-connection':
        this.#released = Promise.all([this.#released, this.#traffic.connection?.close()])
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
    held.release(this.#begin(connection, 'opened'))
  }

  #failed(error: ConsoleError): void {
    this.#opening = undefined
    this.#problem = error
    const { code, message: detail } = error
    this.#step({ type: 'open-failed', nowMs: this.#nowMs(), code, detail, luck: this.#luck() })
  }

  #begin(connection: Connection, type: 'opened' | 'accepted'): LinkSession {
    const session = this.#traffic.begin(connection)
    this.#step({ type, nowMs: this.#nowMs() })
    this.#traceControlProblem(connection)
    this.#traffic.pumpSoon()
    return session
  }

  /** The port is open, but its lines could not be put where the address wants them. */
  #traceControlProblem({ control }: Connection): void {
    if (!control?.problem) return
    const { code, message: detail } = control.problem
    const streamOffset = this.#traffic.bytesOut
    const where = { linkId: this.#options.id, atMs: this.#nowMs(), dir: 'out', streamOffset } as const
    this.#trace({ type: 'fault', ...where, code, lostBytes: 0, ref: '', detail })
  }

  #traceState(state: LinkState): void {
    const { id: linkId, address, device } = this.#options
    const name = this.#traffic.connection?.peerName ?? ''
    const peer = device?.hasMoved ? `${name}: the same board, now on another port` : name
    const { code, detail } = describeState(state, peer)
    const { text: url } = address
    this.#trace({
      type: 'link-state',
      linkId,
      atMs: this.#phaseSinceMs,
      phase: state.kind,
      url,
      code,
      detail,
    })
  }
}

const NO_SENSE = { code: 'LINK_LOST', detail: 'the bytes make no sense' } as const

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
