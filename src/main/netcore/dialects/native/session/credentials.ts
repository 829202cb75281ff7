import type { SessionCrypto } from '../../../pipe/pipe'
import { makeCredential, SALT_BYTES, USUAL_ITERATIONS } from './scram'
import type { CredentialStore, StoredCredential } from './session-types'

const DECOY_KEY_BYTES = 32

/** Credentials that were made before, for a device with any number of users. */
export function storedCredentials(
  users: ReadonlyMap<string, StoredCredential>,
  decoyKey: Uint8Array,
): CredentialStore {
  const [first] = users.values()
  return {
    isReady: true,
    decoyKey,
    decoyIterations: first?.iterations ?? USUAL_ITERATIONS,
    find: (user) => users.get(user),
  }
}

/**
 * Credentials of a device that is given its one password as text: they are derived beside everything else, and until then
 * nobody can log in. The password is not kept.
 *
 * @param user - Null: every user name is good.
 * @throws ConsoleError `PASSWORD_INVALID`, `AUTH_WEAK`, `AUTH_TOO_COSTLY` through the promise `ready`.
 */
export function passwordCredentials(
  user: string | null,
  password: string,
  crypto: SessionCrypto,
  iterations = USUAL_ITERATIONS,
): CredentialStore & { readonly ready: Promise<void> } {
  let credential: StoredCredential | undefined
  const ready = makeCredential(password, crypto.randomBytes(SALT_BYTES), iterations, crypto).then((made) => {
    credential = made
  })
  // Not listening is harmless: then nobody can log in.
  ready.catch(() => {})
  return {
    get isReady() {
      return credential !== undefined
    },
    decoyKey: crypto.randomBytes(DECOY_KEY_BYTES),
    decoyIterations: iterations,
    find: (asked) => (user === null || asked === user ? credential : undefined),
    ready,
  }
}
