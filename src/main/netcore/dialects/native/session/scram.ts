import { concatBytes, utf8 } from '../../../../../shared/bytes'
import { ConsoleError } from '../../../../../shared/errors'
import type { SessionCrypto } from '../../../pipe/pipe'
import type { StoredCredential } from './session-types'

/**
 * The formulas of SCRAM-SHA-256 (RFC 5802 §3 with RFC 7677): keys, proof and signature. What travels and when is the
 * business of `ClientLogin` and `ServerLogin`; the bytes that are signed (`authMessage`) are frames instead of text.
 */
export const SALT_BYTES = 16
export const NONCE_BYTES = 16
export const HASH_BYTES = 32
/** RFC 7677 §4: fewer make guessing too cheap. */
const MIN_ITERATIONS = 4_096
/** About six seconds of a desktop's time: more would let a false device keep the host busy. */
const MAX_ITERATIONS = 10_000_000
/** What new credentials should have (OWASP's figure for PBKDF2 with SHA-256). */
export const USUAL_ITERATIONS = 600_000

const MAX_PASSWORD_CHARACTERS = 1_024

/** What the host computes once from password, salt and iterations. As good as the password: never stored or sent. */
export interface ClientKeys {
  readonly clientKey: Uint8Array
  readonly storedKey: Uint8Array
  readonly serverKey: Uint8Array
}

export function clientKeys(saltedPassword: Uint8Array, crypto: SessionCrypto): ClientKeys {
  const clientKey = crypto.hmacSha256(saltedPassword, utf8('Client Key'))
  return {
    clientKey,
    storedKey: crypto.sha256(clientKey),
    serverKey: crypto.hmacSha256(saltedPassword, utf8('Server Key')),
  }
}

/** ClientProof = ClientKey XOR HMAC(StoredKey, AuthMessage). */
export const clientProof = (keys: ClientKeys, authMessage: Uint8Array, crypto: SessionCrypto): Uint8Array =>
  xor(keys.clientKey, crypto.hmacSha256(keys.storedKey, authMessage))

/** Whether the sender of `proof` knows ClientKey: two HMACs' worth of time, whatever the answer. */
export function isProofRight(
  credential: StoredCredential,
  proof: Uint8Array,
  authMessage: Uint8Array,
  crypto: SessionCrypto,
): boolean {
  const clientKey = xor(proof, crypto.hmacSha256(credential.storedKey, authMessage))
  return crypto.equalInConstantTime(crypto.sha256(clientKey), credential.storedKey)
}

/** ServerSignature = HMAC(ServerKey, AuthMessage): the device's proof. */
export const serverSignature = (
  serverKey: Uint8Array,
  authMessage: Uint8Array,
  crypto: SessionCrypto,
): Uint8Array => crypto.hmacSha256(serverKey, authMessage)

/** What both sides sign. All byte fields are the contents of frames as they travelled. */
export interface Transcript {
  readonly hostHello: Uint8Array
  readonly deviceHello: Uint8Array
  readonly clientFirst: Uint8Array
  readonly serverFirst: Uint8Array
  /** Ties the login to the channel below it; empty without one. */
  readonly binding: Uint8Array
}

/**
 * Each part behind its length as u16. The HELLOs are inside, so nobody between can take away a capability, a version or the
 * wish for a password without both sides noticing.
 */
export function authMessage(transcript: Transcript): Uint8Array {
  const parts: Uint8Array[] = []
  for (const part of [
    transcript.hostHello,
    transcript.deviceHello,
    transcript.clientFirst,
    transcript.serverFirst,
    transcript.binding,
  ]) {
    if (part.length > 0xffff)
      throw new ConsoleError('INTERNAL', `a part of ${part.length} bytes to be signed`)
    parts.push(new Uint8Array([part.length & 0xff, part.length >> 8]), part)
  }
  return concatBytes(parts)
}

/**
 * The bytes that PBKDF2 gets: UTF-8 after compatibility normalisation (the core of SASLprep, RFC 4013), so that the same
 * password typed on two keyboards is the same.
 *
 * @throws ConsoleError `PASSWORD_INVALID` when it is empty, longer than 1024 characters or has control characters.
 */
export function passwordBytes(password: string): Uint8Array {
  const prepared = password.replace(/\p{Zs}/gu, ' ').normalize('NFKC')
  if (prepared === '' || prepared.length > MAX_PASSWORD_CHARACTERS || /\p{Cc}|\p{Cs}/u.test(prepared)) {
    throw new ConsoleError('PASSWORD_INVALID', `a password of ${prepared.length} characters cannot be used`)
  }
  return utf8(prepared)
}

/**
 * What a device has to store for a password; 84 bytes, and the password is not in them.
 *
 * @param salt - 16 fresh unpredictable bytes.
 * @throws ConsoleError `PASSWORD_INVALID`, `AUTH_WEAK`, `AUTH_TOO_COSTLY`.
 */
export async function makeCredential(
  password: string,
  salt: Uint8Array,
  iterations: number,
  crypto: SessionCrypto,
): Promise<StoredCredential> {
  const fault = iterationsFault(iterations)
  if (fault !== null) throw new ConsoleError(fault.code, fault.detail)
  const salted = await crypto.pbkdf2Sha256(passwordBytes(password), salt, iterations)
  const { storedKey, serverKey } = clientKeys(salted, crypto)
  return { salt, iterations, storedKey, serverKey }
}

/** What is wrong with a number of iterations, or null. */
export function iterationsFault(
  iterations: number,
): { readonly code: 'AUTH_WEAK' | 'AUTH_TOO_COSTLY'; readonly detail: string } | null {
  if (iterations < MIN_ITERATIONS) {
    return { code: 'AUTH_WEAK', detail: `${iterations} iterations, at least ${MIN_ITERATIONS} are needed` }
  }
  if (iterations > MAX_ITERATIONS) {
    return { code: 'AUTH_TOO_COSTLY', detail: `${iterations} iterations, at most ${MAX_ITERATIONS} are done` }
  }
  return null
}

/**
 * What a device shows for a user it does not know: the same salt each time, and keys nobody has the password to. Without it
 * the second step would tell which users exist.
 */
export function decoyCredential(
  user: string,
  decoyKey: Uint8Array,
  iterations: number,
  crypto: SessionCrypto,
): StoredCredential {
  const made = (what: string): Uint8Array => crypto.hmacSha256(decoyKey, utf8(`${what} ${user}`))
  return {
    salt: made('salt').slice(0, SALT_BYTES),
    iterations,
    storedKey: made('stored key'),
    serverKey: made('server key'),
  }
}

function xor(left: Uint8Array, right: Uint8Array): Uint8Array {
  return left.map((byte, at) => byte ^ right[at]!)
}
