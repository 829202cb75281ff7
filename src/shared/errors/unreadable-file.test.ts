import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { unreadableFile } from './unreadable-file'

function thrownBy(path: string): unknown {
  try {
    return readFileSync(path)
  } catch (error) {
    return error
  }
}

test.each([
  [join(tmpdir(), 'no-such-file'), 'does not exist', 'Check the path.'],
  [tmpdir(), 'is a folder', 'Name a file in it.'],
])('of %s it is said that it %s', (path, what, remedy) => {
  const error = unreadableFile('as-named', thrownBy(path))
  expect([error.code, error.message, error.remedy]).toEqual(['FILE_UNREADABLE', `as-named ${what}`, remedy])
})

test('what nobody has words for keeps the code of the system and the remedy of all', () => {
  const error = unreadableFile('f', Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' }))
  expect([error.message, error.remedy]).toEqual(['f cannot be read (EIO)', 'Check the path and your rights.'])
  expect(unreadableFile('f').message).toBe('f cannot be read')
})
