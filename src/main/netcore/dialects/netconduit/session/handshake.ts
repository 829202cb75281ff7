import { toHex, utf8 } from '../../../../../shared/bytes'
import { ConsoleError } from '../../../../../shared/errors'
import type { PipeOptions, SessionCrypto, SessionOptions } from '../../../pipe/pipe'
import { packMap, readMap } from '../content/envelope'
import { membersOf } from '../wire/pack-reader'

const IDENTITY = 'netcore-console'
const VERSION = '1.0.0'
const TOKEN_BYTES = 64

/** What the server makes of a request to log in. `unreadable` gets no answer. */
export type Judgement = 'welcome' | 'wrong' | 'unreadable'

/**
 * The words of the handshake: the client sends the SHA-256 of the password without salt or challenge, the server compares.
 * Whoever reads the line can log in with what was on it, so only TLS protects it.
 */
export class Handshake {
  readonly #session: SessionOptions
  readonly #crypto: SessionCrypto

  /** @throws ConsoleError `OPTION_INVALID` when nobody can compute. */
  constructor({ session }: PipeOptions) {
    if (session?.crypto === undefined) {
      throw new ConsoleError('OPTION_INVALID', 'netconduit needs cryptography, and none was given')
    }
    this.#session = session
    this.#crypto = session.crypto
  }

  get hasPassword(): boolean {
    return this.#session.password !== undefined
  }

  authRequest(): Uint8Array {
    return packMap({ password_hash: this.#hash(), client_info: this.#info() })
  }

  authSuccess(): Uint8Array {
    return packMap({ session_token: toHex(this.#crypto.randomBytes(TOKEN_BYTES)), server_info: this.#info() })
  }

  authFailure(): Uint8Array {
    return packMap({ reason: 'Invalid password' })
  }

  /** Without a password of its own a server takes everybody. */
  judge(body: Uint8Array): Judgement {
    if (membersOf(body) === undefined) return 'unreadable'
    if (!this.hasPassword) return 'welcome'
    const { password_hash: given } = readMap(body)
    if (given === undefined) return 'wrong'
    if (typeof given !== 'string' || !/^[\u0020-\u007e]*$/.test(given)) return 'unreadable'
    return this.#crypto.equalInConstantTime(utf8(this.#hash()), utf8(given)) ? 'welcome' : 'wrong'
  }

  /** How the peer calls itself in `client_info` or `server_info`; empty where it does not. */
  identityIn(body: Uint8Array, key: 'client_info' | 'server_info'): string {
    const info = readMap(body)[key] as Readonly<Record<string, unknown>> | undefined
    const words = [info?.['name'], info?.['version']].filter((word) => typeof word === 'string')
    return words.join(' ').slice(0, 200)
  }

  #hash(): string {
    return toHex(this.#crypto.sha256(utf8(this.#session.password ?? '')))
  }

  #info(): Readonly<Record<string, string>> {
    return { name: this.#session.identity ?? IDENTITY, version: VERSION }
  }
}
