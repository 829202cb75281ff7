import { describe, expect, test } from 'vitest'
import { fromHex, toHex, utf8 } from '../../../../../shared/bytes'
import { nodeCrypto } from '../../../../link/node-crypto'
import {
  authMessage,
  clientKeys,
  clientProof,
  decoyCredential,
  isProofRight,
  iterationsFault,
  makeCredential,
  passwordBytes,
  serverSignature,
} from './scram'

/** RFC 7677 §3: user "user", password "pencil". */
const RFC = {
  salt: Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'),
  iterations: 4096,
  storedKey: '586e5df283e6dceb5c3e791d8b8528ec191e664045ce971792e2e6b5bb13e2a6',
  serverKey: 'c1f3cbc1c13a9d35a14c0990eed97629ea225863e566a4314ab99f3f00e5d9d5',
  authMessage:
    'n=user,r=rOprNGfwEbeRWgbNEkqO,' +
    'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,' +
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
  proof: 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  signature: '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

describe('SCRAM-SHA-256', () => {
  test('gives the keys, proof and signature that RFC 7677 publishes', async () => {
    const salted = await nodeCrypto.pbkdf2Sha256(passwordBytes('pencil'), RFC.salt, RFC.iterations)
    const keys = clientKeys(salted, nodeCrypto)
    const message = utf8(RFC.authMessage)
    expect(toHex(keys.storedKey)).toBe(RFC.storedKey)
    expect(toHex(keys.serverKey)).toBe(RFC.serverKey)
    expect(base64(clientProof(keys, message, nodeCrypto))).toBe(RFC.proof)
    expect(base64(serverSignature(keys.serverKey, message, nodeCrypto))).toBe(RFC.signature)
  })

  test('a device stores salt, iterations and the two keys of the RFC, 84 bytes without the password', async () => {
    const credential = await makeCredential('pencil', RFC.salt, RFC.iterations, nodeCrypto)
    expect({ stored: toHex(credential.storedKey), server: toHex(credential.serverKey) }).toEqual({
      stored: RFC.storedKey,
      server: RFC.serverKey,
    })
    const { salt, storedKey, serverKey } = credential
    expect(salt.length + storedKey.length + serverKey.length + 4).toBe(84)
    expect(Object.keys(credential).sort()).toEqual(['iterations', 'salt', 'serverKey', 'storedKey'])
  })

  test('accepts the published proof, and no proof that differs in one bit or in length', async () => {
    const credential = await makeCredential('pencil', RFC.salt, RFC.iterations, nodeCrypto)
    const message = utf8(RFC.authMessage)
    const proof = new Uint8Array(Buffer.from(RFC.proof, 'base64'))
    expect(isProofRight(credential, proof, message, nodeCrypto)).toBe(true)
    for (let bit = 0; bit < 256; bit++) {
      const wrong = proof.slice()
      wrong[bit >> 3]! ^= 1 << (bit & 7)
      expect(isProofRight(credential, wrong, message, nodeCrypto)).toBe(false)
    }
    expect(isProofRight(credential, proof.slice(0, 31), message, nodeCrypto)).toBe(false)
    expect(isProofRight(credential, new Uint8Array(0), message, nodeCrypto)).toBe(false)
  })

  test('a proof for one message is worthless for any other', async () => {
    const credential = await makeCredential('pencil', RFC.salt, RFC.iterations, nodeCrypto)
    const proof = new Uint8Array(Buffer.from(RFC.proof, 'base64'))
    expect(isProofRight(credential, proof, utf8(`${RFC.authMessage}x`), nodeCrypto)).toBe(false)
  })

  test('signs each part behind its length, so that no byte can move from one part to the next', () => {
    const parts = {
      hostHello: fromHex('b0'),
      deviceHello: fromHex('b4aa'),
      clientFirst: fromHex('c001'),
      serverFirst: fromHex('c002ff'),
      binding: new Uint8Array(0),
    }
    expect(toHex(authMessage(parts))).toBe('0100b00200b4aa0200c0010300c002ff0000')
    const moved = { ...parts, hostHello: fromHex('b0b4'), deviceHello: fromHex('aa') }
    expect(toHex(authMessage(moved))).not.toBe(toHex(authMessage(parts)))
  })

  test.each([
    [1, 'AUTH_WEAK'],
    [4_095, 'AUTH_WEAK'],
    [4_096, undefined],
    [10_000_000, undefined],
    [10_000_001, 'AUTH_TOO_COSTLY'],
  ])('judges %i iterations: %s', async (iterations, code) => {
    expect(iterationsFault(iterations)?.code).toBe(code)
    if (code === undefined) return
    await expect(makeCredential('pencil', RFC.salt, iterations, nodeCrypto)).rejects.toMatchObject({ code })
  })

  test('takes the same password typed in two ways as the same', () => {
    expect(toHex(passwordBytes('Caf\u00e9'))).toBe(toHex(passwordBytes('Cafe\u0301')))
    expect(toHex(passwordBytes('a\u00a0b'))).toBe(toHex(passwordBytes('a b')))
    expect(toHex(passwordBytes('pencil'))).toBe(toHex(utf8('pencil')))
  })

  test.each(['', 'a\nb', 'a\u0000', '\ud800', 'x'.repeat(1025)])('refuses a password like %j', (password) => {
    expect(() => passwordBytes(password)).toThrow(expect.objectContaining({ code: 'PASSWORD_INVALID' }))
  })

  test('shows an unknown user the same salt each time, and another to another user or on another device', () => {
    const one = new Uint8Array(32).fill(1)
    const two = new Uint8Array(32).fill(2)
    const saltOf = (user: string, key: Uint8Array): string =>
      toHex(decoyCredential(user, key, 600_000, nodeCrypto).salt)
    expect(saltOf('eve', one)).toBe(saltOf('eve', one))
    expect(saltOf('eve', one)).toHaveLength(32)
    expect(new Set([saltOf('eve', one), saltOf('adam', one), saltOf('eve', two)]).size).toBe(3)
  })
})
