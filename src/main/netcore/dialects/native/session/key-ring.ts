import type { SessionCrypto } from '../../../pipe/pipe'
import { type ClientKeys, clientKeys, passwordBytes } from './scram'

interface Recipe {
  readonly salt: Uint8Array
  readonly iterations: number
}

/**
 * The host's keys, made from its password by a slow derivation that runs beside everything else. At most one runs at a time,
 * whatever a device asks for; the newest keys are remembered, so that logging in again after a cut costs nothing.
 */
export class KeyRing {
  readonly #password: Uint8Array
  readonly #crypto: SessionCrypto
  readonly #onChange: () => void
  #known: (Recipe & { readonly keys: ClientKeys }) | null = null
  #running: Recipe | null = null
  #failure: Error | null = null

  /**
   * @param onChange - A derivation ended: ask `keysFor` again.
   * @throws ConsoleError `PASSWORD_INVALID`.
   */
  constructor(password: string, crypto: SessionCrypto, onChange: () => void) {
    this.#password = passwordBytes(password)
    this.#crypto = crypto
    this.#onChange = onChange
  }

  /** The keys, or null: they are being made (`onChange` tells when to ask again), or `failure` says why not. */
  keysFor(recipe: Recipe): ClientKeys | null {
    if (this.#known !== null && isSame(this.#known, recipe)) return this.#known.keys
    if (this.#running === null && this.#failure === null) void this.#derive(recipe)
    return null
  }

  /** The last derivation failed, which is a defect of the machine it ran on. Cleared by `forgive`. */
  get failure(): Error | null {
    return this.#failure
  }

  forgive(): void {
    this.#failure = null
  }

  async #derive(recipe: Recipe): Promise<void> {
    this.#running = recipe
    try {
      const salted = await this.#crypto.pbkdf2Sha256(this.#password, recipe.salt, recipe.iterations)
      this.#known = { ...recipe, keys: clientKeys(salted, this.#crypto) }
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error))
    }
    this.#running = null
    this.#onChange()
  }
}

const isSame = (left: Recipe, right: Recipe): boolean =>
  left.iterations === right.iterations &&
  left.salt.length === right.salt.length &&
  left.salt.every((byte, at) => byte === right.salt[at])
