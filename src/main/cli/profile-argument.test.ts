import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ProfileFolder, profilesDir } from '../workspace/profile-folder'
import type { CliIo } from './cli-io'
import { PASSWORD_VARIABLE, readLinkAddress } from './link-argument'
import { WORKSPACE_VARIABLE } from './profile-argument'

let workspace: string
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'netcore-cli-'))
  const profiles = new ProfileFolder(profilesDir(workspace))
  for (const name of ['Bench A', 'Bench B', 'lab']) {
    await profiles.save({ name, url: `sim:demo?name=${name}&dialect=native`, note: '', tags: [] })
  }
})
afterAll(() => rm(workspace, { recursive: true }))

const io = (env: Record<string, string> = {}): CliIo => ({
  stdout: () => undefined,
  stderr: () => undefined,
  stdin: Readable.from([]),
  signal: new AbortController().signal,
  env: { [WORKSPACE_VARIABLE]: workspace, ...env },
})

test.each(['@bench a', '@Bench A', 'bench a', '@*a'])(
  '%s names a profile where an address is expected',
  (text) => {
    expect(readLinkAddress(text, io())).toMatchObject({ scheme: 'sim', name: 'Bench A', dialect: 'native' })
  },
)

test('the password comes from the environment, since no profile has one', () => {
  expect(readLinkAddress('@lab', io({ [PASSWORD_VARIABLE]: 'secret' }))).toMatchObject({ password: 'secret' })
})

test.each([
  ['@nobody', 'PROFILE_UNKNOWN', '@lab'],
  ['@bench*', 'PROFILE_UNKNOWN', '@Bench B'],
  ['nobody', 'URL_INVALID', undefined],
  ['tcp:lab', 'URL_INVALID', undefined],
])('%s is refused', (text, code, suggested) => {
  expect(() => readLinkAddress(text, io())).toThrow(
    expect.objectContaining({
      code,
      ...(suggested !== undefined && { details: { remedy: expect.stringContaining(suggested) as string } }),
    }),
  )
})
