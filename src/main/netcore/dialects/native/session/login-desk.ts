import { utf8 } from '../../../../../shared/bytes'
import { ConsoleError, type ErrorCode } from '../../../../../shared/errors'
import type { AuthFrame } from '../wire/frames'
import { ClientLogin, type LoginContext, type LoginOutcome } from './client-login'
import { KeyRing } from './key-ring'
import { ServerLogin } from './server-login'
import type { NativeSessionOptions, SessionTiming } from './session-types'

/** The host's wait when the device lets nobody try, doubling up to the device's longest. */
const FIRST_WAIT_MS = 1_000
const LAST_WAIT_MS = 60_000
/** AUTH has to be within what every peer can receive. */
const MAX_USER_BYTES = 100

export type DeskOutcome =
  | { readonly kind: 'waiting' }
  /** Nobody wants a password. */
  | { readonly kind: 'open' }
  /** Both sides know that the other knows the password. */
  | { readonly kind: 'proved' }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly detail: string }
  /** Worth telling; nothing changes. */
  | { readonly kind: 'note'; readonly code: ErrorCode; readonly detail: string }
  /** The wait is over: begin a new epoch, in which the login is tried again. */
  | { readonly kind: 'again' }

const WAITING: DeskOutcome = { kind: 'waiting' }

/** Decides who has to prove what, and carries it through: one login per epoch, on either side. */
export class LoginDesk {
  readonly #options: NativeSessionOptions
  readonly #timing: SessionTiming
  readonly #keyRing: KeyRing | null
  #login: ClientLogin | ServerLogin | null = null
  #againAtMs: number | null = null
  #waitMs = FIRST_WAIT_MS

  /**
   * @param onKeys - Keys are ready or cannot be made: call `wake`.
   * @throws ConsoleError `PASSWORD_INVALID`, `USER_INVALID`.
   */
  constructor(options: NativeSessionOptions, timing: SessionTiming, onKeys: () => void) {
    this.#options = options
    this.#timing = timing
    const { auth, crypto } = options
    if (auth.kind === 'client' && utf8(auth.user).length > MAX_USER_BYTES) {
      throw new ConsoleError('USER_INVALID', `a user name of ${utf8(auth.user).length} bytes`)
    }
    this.#keyRing = auth.kind === 'client' ? new KeyRing(auth.password, crypto, onKeys) : null
  }

  get wakeAtMs(): number | null {
    if (this.#againAtMs !== null) return this.#againAtMs
    return this.#login instanceof ClientLogin ? this.#login.wakeAtMs : null
  }

  /** A connection begins: what failed before may do now. */
  reset(): void {
    this.stop()
    this.#waitMs = FIRST_WAIT_MS
    this.#keyRing?.forgive()
  }

  /** The epoch is over. */
  stop(): void {
    this.#login = null
    this.#againAtMs = null
  }

  /**
   * Both sides know each other.
   *
   * @param isPasswordWanted - By the peer.
   */
  begin(isPasswordWanted: boolean, context: LoginContext): DeskOutcome {
    this.stop()
    const { auth, crypto } = this.#options
    if (auth.kind === 'client') {
      // Whoever stands between could have taken the wish away: a password that is set is used, or nothing is said.
      if (!isPasswordWanted) {
        return refused('AUTH_NOT_DEMANDED', 'the device asks for no password, but one is set here')
      }
      this.#login = new ClientLogin(auth.user, context, this.#keyRing!, crypto, this.#timing)
      return WAITING
    }
    if (auth.kind === 'none') {
      return isPasswordWanted
        ? refused('AUTH_REQUIRED', 'the device asks for a password, and none is set here')
        : { kind: 'open' }
    }
    if (isPasswordWanted) return refused('AUTH_REQUIRED', 'each side asks the other for a password')
    this.#login = new ServerLogin(context, auth.credentials, auth.attempts, crypto)
    return WAITING
  }

  receive(frame: AuthFrame, nowMs: number): DeskOutcome {
    if (this.#login instanceof ClientLogin) return this.#hostOutcome(this.#login.receive(frame), nowMs)
    switch (this.#login?.receive(frame, nowMs)) {
      case 'proved':
        return { kind: 'proved' }
      case 'failed':
        return note('AUTH_FAILED', 'somebody tried a wrong user or password')
      case 'blocked':
        return note('AUTH_WAIT', 'somebody tried too soon after a wrong password')
      default:
        return WAITING
    }
  }

  wake(nowMs: number): DeskOutcome {
    if (this.#againAtMs !== null && nowMs >= this.#againAtMs) {
      this.#againAtMs = null
      return { kind: 'again' }
    }
    return this.#login instanceof ClientLogin ? this.#hostOutcome(this.#login.wake(nowMs), nowMs) : WAITING
  }

  nextFrame(nowMs: number): AuthFrame | undefined {
    return this.#login?.nextFrame(nowMs)
  }

  /** A device that believes us logged in has to say its last word again. False: we are not the host of a login. */
  nudge(): boolean {
    if (!(this.#login instanceof ClientLogin)) return false
    this.#login.nudge()
    return true
  }

  #hostOutcome(outcome: LoginOutcome, nowMs: number): DeskOutcome {
    if (outcome.kind === 'waiting') return WAITING
    // Whatever it was, there is nothing more to say in this epoch.
    this.#login = null
    if (outcome.kind === 'proved') this.#waitMs = FIRST_WAIT_MS
    if (outcome.kind !== 'later') return outcome
    this.#againAtMs = nowMs + this.#waitMs
    const detail = `the device lets nobody try now, next attempt in ${this.#waitMs / 1000} s`
    this.#waitMs = Math.min(LAST_WAIT_MS, this.#waitMs * 2)
    return note('AUTH_WAIT', detail)
  }
}

const refused = (code: ErrorCode, detail: string): DeskOutcome => ({ kind: 'refused', code, detail })
const note = (code: ErrorCode, detail: string): DeskOutcome => ({ kind: 'note', code, detail })
