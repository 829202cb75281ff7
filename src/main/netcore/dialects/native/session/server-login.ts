import type { SessionCrypto } from '../../../pipe/pipe'
import { type AuthFrame, type AuthServerFinal, type AuthServerFirst, NATIVE_CODE } from '../wire/frames'
import type { LoginContext } from './client-login'
import { signedContent } from './frame-content'
import { authMessage, decoyCredential, isProofRight, NONCE_BYTES, serverSignature } from './scram'
import type { AttemptLimit, CredentialStore, StoredCredential } from './session-types'

/** `answered`: nothing decided. The others come once, when it is decided. */
export type ServerVerdict = 'answered' | 'proved' | 'failed' | 'blocked'

interface Challenge {
  readonly first: Uint8Array
  readonly credential: StoredCredential
  readonly answer: AuthServerFirst
}

/**
 * The device's side of one login, for one epoch: answers, never asks. A repeated question gets the same answer again, and
 * one epoch sees one attempt; so repeats cost no attempts and an attempt cannot be smuggled in as a repeat. Everything is
 * done at once: two HMACs and a hash.
 */
export class ServerLogin {
  readonly #context: LoginContext
  readonly #credentials: CredentialStore
  readonly #attempts: AttemptLimit
  readonly #crypto: SessionCrypto
  #challenge: Challenge | null = null
  #verdict: AuthServerFinal | null = null
  #next: AuthFrame | undefined

  constructor(
    context: LoginContext,
    credentials: CredentialStore,
    attempts: AttemptLimit,
    crypto: SessionCrypto,
  ) {
    this.#context = context
    this.#credentials = credentials
    this.#attempts = attempts
    this.#crypto = crypto
  }

  /** What is to be sent, once. */
  nextFrame(): AuthFrame | undefined {
    const next = this.#next
    this.#next = undefined
    return next
  }

  receive(frame: AuthFrame, nowMs: number): ServerVerdict {
    if (frame.step === 1) return this.#challenged(frame, nowMs)
    if (frame.step === 3) return this.#judged(frame, nowMs)
    return 'answered'
  }

  #challenged(frame: AuthFrame & { readonly step: 1 }, nowMs: number): ServerVerdict {
    // The host repeats its question, so it can wait until the credentials are there.
    if (!this.#credentials.isReady) return 'answered'
    if (this.#verdict !== null) {
      this.#next = this.#verdict
      return 'answered'
    }
    const first = signedContent(frame)
    if (this.#challenge === null || !isSame(this.#challenge.first, first)) {
      if (this.#attempts.waitMs(nowMs) > 0) return this.#block()
      const credential = this.#credentialOf(frame.user)
      const { salt, iterations } = credential
      const serverNonce = this.#crypto.randomBytes(NONCE_BYTES)
      this.#challenge = {
        first,
        credential,
        answer: { kind: 'auth', step: 2, serverNonce, salt, iterations },
      }
    }
    this.#next = this.#challenge.answer
    return 'answered'
  }

  #credentialOf(user: string): StoredCredential {
    const { decoyKey, decoyIterations } = this.#credentials
    // Made in any case, so that the time does not tell which users exist.
    const decoy = decoyCredential(user, decoyKey, decoyIterations, this.#crypto)
    return this.#credentials.find(user) ?? decoy
  }

  #judged(frame: AuthFrame & { readonly step: 3 }, nowMs: number): ServerVerdict {
    if (this.#verdict !== null) {
      this.#next = this.#verdict
      return 'answered'
    }
    if (this.#challenge === null) return 'answered'
    // Many may have been given a challenge while nobody had failed yet: the limit counts when it is judged.
    if (this.#attempts.waitMs(nowMs) > 0) return this.#block()
    this.#attempts.charge(nowMs)
    const { credential, first, answer } = this.#challenge
    const message = authMessage({
      ...this.#context,
      clientFirst: first,
      serverFirst: signedContent(answer),
    })
    const isRight = isProofRight(credential, frame.clientProof, message, this.#crypto)
    if (!isRight) return this.#decide('failed', { serverSignature: null, code: NATIVE_CODE.auth })
    this.#attempts.clear()
    return this.#decide('proved', {
      serverSignature: serverSignature(credential.serverKey, message, this.#crypto),
      code: NATIVE_CODE.ok,
    })
  }

  #block(): ServerVerdict {
    return this.#decide('blocked', { serverSignature: null, code: NATIVE_CODE.busy })
  }

  #decide(verdict: ServerVerdict, answer: Pick<AuthServerFinal, 'serverSignature' | 'code'>): ServerVerdict {
    this.#verdict = { kind: 'auth', step: 4, ...answer }
    this.#next = this.#verdict
    return verdict
  }
}

const isSame = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && left.every((byte, at) => byte === right[at])
