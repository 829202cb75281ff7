import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import type { CliIo } from './cli-io'
import { PASSWORD_VARIABLE, readLinkAddress } from './link-argument'

const io = (password?: string): CliIo => ({
  stdout: () => undefined,
  stderr: () => undefined,
  stdin: Readable.from([]),
  signal: new AbortController().signal,
  env: password === undefined ? {} : { [PASSWORD_VARIABLE]: password },
})

test('takes the password from the environment when the address has none', () => {
  expect(readLinkAddress('tcp://h:1?dialect=native', io('secret'))).toMatchObject({
    password: 'secret',
    text: 'tcp://h:1?dialect=native',
  })
  expect(readLinkAddress('tcp://h:1?password=mine', io('secret')).password).toBe('mine')
  expect(readLinkAddress('tcp://h:1', io())).not.toHaveProperty('password')
  expect(readLinkAddress('tcp://h:1', io(''))).not.toHaveProperty('password')
})

test('refuses a password that no address may have, without repeating it', () => {
  expect(readLinkAddress('tcp://h:1', io('x'.repeat(1024))).password).toHaveLength(1024)
  const long = 'x'.repeat(1025)
  expect(() => readLinkAddress('tcp://h:1', io(long))).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', message: expect.not.stringContaining(long) as string }),
  )
})
