import type { ErrorCode } from '../../../../../shared/errors'
import type { SessionCrypto } from '../../../pipe/pipe'
import { type AuthClientFinal, type AuthClientFirst, type AuthFrame, NATIVE_CODE } from '../wire/frames'
import { signedContent } from './frame-content'
import type { KeyRing } from './key-ring'
import { Repeater } from './repeater'
import {
  authMessage,
  type ClientKeys,
  clientProof,
  iterationsFault,
  NONCE_BYTES,
  serverSignature,
} from './scram'
import type { SessionTiming } from './session-types'

export type LoginOutcome =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'proved' }
  /** Others tried wrong passwords: a new attempt later may do. */
  | { readonly kind: 'later' }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly detail: string }

/** What both sides sign beside the login itself. */
export interface LoginContext {
  readonly hostHello: Uint8Array
  readonly deviceHello: Uint8Array
  readonly binding: Uint8Array
}

interface Challenge {
  readonly content: Uint8Array
  readonly salt: Uint8Array
  readonly iterations: number
}

interface Final {
  readonly frame: AuthClientFinal
  readonly message: Uint8Array
  readonly keys: ClientKeys
}

const WAITING: LoginOutcome = { kind: 'waiting' }

/**
 * One login of the host, for one epoch: proves that it knows the password, and that the device does. It drives: what it said
 * last is repeated until the device's answer comes, so the device needs no timer. A further attempt begins a new epoch; so
 * an answer can never belong to the attempt before.
 */
export class ClientLogin {
  readonly #context: LoginContext
  readonly #keyRing: KeyRing
  readonly #crypto: SessionCrypto
  readonly #repeater: Repeater
  readonly #first: AuthClientFirst
  #challenge: Challenge | null = null
  #final: Final | null = null

  constructor(
    user: string,
    context: LoginContext,
    keyRing: KeyRing,
    crypto: SessionCrypto,
    timing: SessionTiming,
  ) {
    this.#context = context
    this.#keyRing = keyRing
    this.#crypto = crypto
    this.#first = { kind: 'auth', step: 1, clientNonce: crypto.randomBytes(NONCE_BYTES), user }
    this.#repeater = new Repeater(timing.firstTryMs, timing.lastTryMs)
    this.#repeater.start()
  }

  get wakeAtMs(): number | null {
    return this.#repeater.wakeAtMs
  }

  /** Timers, and keys that became ready. */
  wake(nowMs: number): LoginOutcome {
    this.#repeater.wake(nowMs)
    return this.#challenge !== null && this.#final === null ? this.#prove(this.#challenge) : WAITING
  }

  /** The device talks as if we were logged in: its last word got lost, so ask for it at once. */
  nudge(): void {
    if (this.#challenge === null || this.#final !== null) this.#repeater.nudge()
  }

  nextFrame(nowMs: number): AuthFrame | undefined {
    if (!this.#repeater.isDue) return undefined
    this.#repeater.handedOver(nowMs)
    return this.#final?.frame ?? this.#first
  }

  receive(frame: AuthFrame): LoginOutcome {
    if (frame.step === 2) return this.#challenge === null ? this.#challenged(frame) : WAITING
    if (frame.step !== 4) return WAITING
    if (frame.serverSignature === null) {
      if (frame.code === NATIVE_CODE.busy) return { kind: 'later' }
      return refused('AUTH_FAILED', 'the device refused the user or the password')
    }
    if (this.#final === null) return WAITING
    const expected = serverSignature(this.#final.keys.serverKey, this.#final.message, this.#crypto)
    if (this.#crypto.equalInConstantTime(expected, frame.serverSignature)) return { kind: 'proved' }
    return refused('AUTH_IMPOSTOR', 'the proof of the other side is wrong')
  }

  #challenged(frame: AuthFrame & { readonly step: 2 }): LoginOutcome {
    const { salt, iterations } = frame
    const fault = iterationsFault(iterations)
    if (fault !== null) return refused(fault.code, fault.detail)
    this.#challenge = { content: signedContent(frame), salt, iterations }
    // The derivation may take a second: asking again meanwhile would be noise.
    this.#repeater.stop()
    return this.#prove(this.#challenge)
  }

  #prove(challenge: Challenge): LoginOutcome {
    const keys = this.#keyRing.keysFor(challenge)
    if (this.#keyRing.failure !== null) {
      return refused('INTERNAL', `the keys could not be derived: ${this.#keyRing.failure.message}`)
    }
    if (keys === null) return WAITING
    const message = authMessage({
      ...this.#context,
      clientFirst: signedContent(this.#first),
      serverFirst: challenge.content,
    })
    const proof = clientProof(keys, message, this.#crypto)
    this.#final = { frame: { kind: 'auth', step: 3, clientProof: proof }, message, keys }
    this.#repeater.start()
    return WAITING
  }
}

const refused = (code: ErrorCode, detail: string): LoginOutcome => ({ kind: 'refused', code, detail })
