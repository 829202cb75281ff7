import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MAX_SECRETS, type SecretCipher, SecretStore, secretsPath } from './secret-store'

let dir: string
let path: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'netcore-secrets-'))
  path = join(dir, 'private', 'secrets.json')
})
afterEach(() => rm(dir, { recursive: true }))

/** Writes in other letters; only who has the same key can read them. */
const cipherOf = (key: string): SecretCipher => ({
  isAvailable: () => Promise.resolve(true),
  encrypt: (value) => Promise.resolve(`${key}:${Buffer.from(value).toString('base64')}`),
  decrypt: (text) =>
    text.startsWith(`${key}:`)
      ? Promise.resolve(Buffer.from(text.slice(key.length + 1), 'base64').toString())
      : Promise.reject(new Error('another key')),
})
const store = (cipher: SecretCipher | null, env: Record<string, string> = {}): SecretStore =>
  new SecretStore({ path, env, cipher })

describe('values of secrets', () => {
  test('lie in the key store where there is one, and not in clear', async () => {
    const kept = store(cipherOf('mine'))
    await kept.set('rig', 'token', 'hunter2')
    expect(kept.stateOf('rig', 'token').source).toBe('key-store')
    expect(await readFile(path, 'utf8')).not.toContain('hunter2')
    const later = store(cipherOf('mine'))
    await later.ready()
    expect(later.valueOf('rig', 'token')).toBe('hunter2')
    expect(later.valueOf('other', 'token')).toBeUndefined()
  })

  test('of another key store are locked: there is no value, and the file stays', async () => {
    await store(cipherOf('mine')).set('rig', 'token', 'hunter2')
    for (const stranger of [store(null), store(cipherOf('yours'))]) {
      await stranger.ready()
      expect(stranger.stateOf('rig', 'token').source).toBe('locked')
      expect(stranger.valueOf('rig', 'token')).toBeUndefined()
    }
  })

  test('lie in a file for the owner alone where there is no key store', async () => {
    const kept = store(null)
    await kept.set('rig', 'token', 'hunter2')
    expect(kept.stateOf('rig', 'token').source).toBe('file')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await stat(join(dir, 'private'))).mode & 0o777).toBe(0o700)
    await kept.forget('rig', 'token')
    expect(kept.stateOf('rig', 'token').source).toBe('none')
  })

  test('come from the surroundings of the program first', async () => {
    const kept = store(null, { NETCORE_SECRET_API_KEY: 'from outside' })
    await kept.set('rig', 'api-key', 'kept')
    expect(kept.valueOf('rig', 'api-key')).toBe('from outside')
    expect(kept.stateOf('rig', 'api-key').source).toBe('variable')
  })

  test('are a thousand at most', async () => {
    const kept = store(null)
    await kept.set('rig', 's0', 'v')
    const full = Object.fromEntries(
      Array.from({ length: MAX_SECRETS }, (_, at) => [`rig:s${at}`, { how: 'clear', text: 'v' }]),
    )
    await writeFile(path, JSON.stringify(full))
    await kept.set('rig', 's0', 'changed')
    await expect(kept.set('rig', 'one more', 'v')).rejects.toMatchObject({ code: 'SECRETS_TOO_MANY' })
  })
})

test('each workspace has secrets of its own, outside of it', () => {
  const env = { NETCORE_PRIVATE_DIR: '/private' }
  const [one, other] = ['/w/one', '/w/other'].map((workspace) => secretsPath(workspace, env))
  expect(one).not.toBe(other)
  expect(one).toMatch(/^\/private\/secrets\/[0-9a-f]{16}\.json$/)
})
