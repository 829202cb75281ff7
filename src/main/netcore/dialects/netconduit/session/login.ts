import type { ErrorCode } from '../../../../../shared/errors'
import type { SessionPhase } from '../../../../../shared/model/trace'
import type { AttemptLimit, PipeOptions } from '../../../pipe/pipe'
import type { ControlLine } from '../control-line'
import { readMap } from '../content/envelope'
import type { WireFrame } from '../wire/frame-decoder'
import type { Handshake } from './handshake'

/** Both sides of the library wait so long. */
export const LOGIN_TIMEOUT_MS = 10_000
/** What the library reads for a frame of the handshake. */
const MOST_LOGIN_BYTES = 64 * 1024 - 32
/**
 * The Python client loses what lies behind AUTH_SUCCESS in the same read, so a server is silent until the client spoke, or
 * for this long.
 */
export const HOLD_BACK_MS = 50

export interface LoginPort {
  readonly control: ControlLine
  changed(phase: SessionPhase, code: ErrorCode | null, detail: string, nowMs: number): void
  /** The connection is of no more use. */
  broken(code: ErrorCode, detail: string): void
}

/** The handshake of one connection after the other: who asks, who judges, and how long anybody waits. */
export class Login {
  readonly #handshake: Handshake
  readonly #isServer: boolean
  readonly #attempts: AttemptLimit | undefined
  readonly #messageBytes: number
  readonly #timeoutMs: number
  readonly #port: LoginPort
  #state: 'idle' | 'waiting' | 'greeting' | 'refusing' | 'refused' | 'done' = 'idle'
  #deadlineMs = Infinity
  #holdUntilMs = -Infinity
  peerIdentity = ''

  constructor(handshake: Handshake, { session, limits }: PipeOptions, port: LoginPort) {
    this.#handshake = handshake
    this.#isServer = session?.role === 'device'
    this.#attempts = session?.keeper?.attempts
    this.#messageBytes = limits.messageBytes
    this.#timeoutMs = session?.handshakeMs ?? LOGIN_TIMEOUT_MS
    this.#port = port
  }

  get isDone(): boolean {
    return this.#state === 'done'
  }

  /** Strangers get little memory. */
  get mostBytes(): number {
    return this.isDone ? this.#messageBytes : Math.min(MOST_LOGIN_BYTES, this.#messageBytes)
  }

  get wakeAtMs(): number {
    if (!this.isDone) return this.#deadlineMs
    return this.#holdUntilMs > -Infinity ? this.#holdUntilMs : Infinity
  }

  begin(nowMs: number): void {
    this.#state = 'waiting'
    this.#deadlineMs = nowMs + this.#timeoutMs
    this.#holdUntilMs = -Infinity
    this.peerIdentity = ''
    this.#port.changed('handshake', null, '', nowMs)
    if (!this.#isServer) this.#port.control.add('auth-request', [this.#handshake.authRequest()])
  }

  /** Bytes came: the peer reads by now what we write. */
  heard(): void {
    this.#holdUntilMs = -Infinity
  }

  holdsBack(nowMs: number): boolean {
    return nowMs < this.#holdUntilMs
  }

  receive(frame: WireFrame, nowMs: number): void {
    if (this.#state !== 'waiting') return
    if (this.#isServer) this.#judge(frame, nowMs)
    else this.#answered(frame, nowMs)
  }

  /** A control frame was handed over. */
  left(frameKind: string, nowMs: number): void {
    if (frameKind === 'auth-success') {
      this.#holdUntilMs = nowMs + HOLD_BACK_MS
      this.#ready(nowMs)
    } else if (frameKind === 'auth-failure') {
      this.#state = 'refused'
      // The link looks at once after it wrote.
      this.#deadlineMs = nowMs
    }
  }

  wake(nowMs: number): void {
    if (this.#holdUntilMs <= nowMs) this.#holdUntilMs = -Infinity
    if (nowMs < this.#deadlineMs || this.isDone) return
    if (this.#state === 'refused') {
      this.#port.broken('AUTH_FAILED', 'the peer gave a wrong password')
      return
    }
    const detail = `no word of the handshake came within ${this.#timeoutMs / 1000} s`
    this.#port.changed('refused', 'NETCONDUIT_HANDSHAKE', detail, nowMs)
    this.#port.broken('NETCONDUIT_HANDSHAKE', detail)
  }

  #judge({ header, body }: WireFrame, nowMs: number): void {
    if (header.kind !== 'auth-request') {
      this.#notUnderstood(`a frame "${header.kind}" came before the peer logged in`, nowMs)
      return
    }
    this.peerIdentity = this.#handshake.identityIn(body, 'client_info')
    const mustWait = (this.#attempts?.waitMs(nowMs) ?? 0) > 0
    const judgement = this.#handshake.judge(body)
    if (judgement === 'unreadable') {
      this.#notUnderstood('the request to log in makes no sense', nowMs)
    } else if (judgement === 'wrong' || mustWait) {
      if (!mustWait) this.#attempts?.charge(nowMs)
      this.#state = 'refusing'
      this.#port.control.add('auth-failure', [this.#handshake.authFailure()])
      const detail = mustWait ? 'nobody may try now, after wrong passwords' : 'the peer gave a wrong password'
      this.#port.changed('refused', 'AUTH_FAILED', detail, nowMs)
    } else {
      this.#attempts?.clear()
      this.#state = 'greeting'
      this.#port.control.add('auth-success', [this.#handshake.authSuccess()])
    }
  }

  #answered({ header, body }: WireFrame, nowMs: number): void {
    if (header.kind === 'auth-success' && body.length > 0) {
      this.peerIdentity = this.#handshake.identityIn(body, 'server_info')
      this.#ready(nowMs)
    } else if (header.kind === 'auth-failure') {
      const { reason } = readMap(body)
      const detail = `the server refused the login: ${typeof reason === 'string' ? reason.slice(0, 200) : 'no reason given'}`
      const code = this.#handshake.hasPassword ? 'AUTH_FAILED' : 'AUTH_REQUIRED'
      this.#state = 'refused'
      this.#port.changed('refused', code, detail, nowMs)
      this.#port.broken(code, detail)
    } else this.#notUnderstood(`a frame "${header.kind}" came instead of the answer to the login`, nowMs)
  }

  #ready(nowMs: number): void {
    this.#state = 'done'
    this.#deadlineMs = Infinity
    this.#port.changed('ready', null, '', nowMs)
  }

  #notUnderstood(detail: string, nowMs: number): void {
    this.#state = 'refused'
    this.#port.changed('refused', 'NETCONDUIT_HANDSHAKE', detail, nowMs)
    this.#port.broken('NETCONDUIT_HANDSHAKE', detail)
  }
}
