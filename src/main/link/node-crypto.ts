import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(pbkdf2)

/** What the native session needs of cryptography, by Node. PBKDF2 runs on the thread pool. */
export const nodeCrypto = {
  sha256: (data: Uint8Array): Uint8Array => plain(createHash('sha256').update(data).digest()),

  hmacSha256: (key: Uint8Array, data: Uint8Array): Uint8Array =>
    plain(createHmac('sha256', key).update(data).digest()),

  pbkdf2Sha256: async (password: Uint8Array, salt: Uint8Array, iterations: number): Promise<Uint8Array> =>
    plain(await derive(password, salt, iterations, 32, 'sha256')),

  randomBytes: (count: number): Uint8Array => plain(randomBytes(count)),

  equalInConstantTime: (left: Uint8Array, right: Uint8Array): boolean =>
    left.length === right.length && timingSafeEqual(left, right),
} as const

/** A Uint8Array that is no Buffer: `slice` of a Buffer would share its bytes. */
const plain = (bytes: Buffer): Uint8Array => new Uint8Array(bytes)
