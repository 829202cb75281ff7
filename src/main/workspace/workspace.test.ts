import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readYaml } from '../../shared/workspace/read-yaml'
import { WORKSPACE_KINDS, type WorkspaceKind } from '../../shared/workspace/workspace-types'
import { z } from 'zod'
import { MAX_WORKSPACE_FILE_BYTES } from '../../shared/workspace/entry-name'
import { MAX_FILES_PER_KIND } from './kind-folder'
import { type FileReader } from './file-readers'
import { Workspace } from './workspace'

/** Files of any shape, so that each kind serves every test. */
const reader: FileReader = (text, file) => {
  const { problem } = readYaml(text, file, z.unknown())
  return problem ? { problem } : { summary: '' }
}
const anyYaml = Object.fromEntries(WORKSPACE_KINDS.map((kind) => [kind, reader])) as Record<
  WorkspaceKind,
  FileReader
>

let dir: string
let workspace: Workspace
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'netcore-workspace-'))
  workspace = new Workspace(dir, anyYaml)
})
afterEach(async () => {
  await workspace.close()
  await rm(dir, { recursive: true })
})

const put = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(join(dir, path)), { recursive: true })
  await writeFile(join(dir, path), text)
}
const names = (): string[] => workspace.entries('snippets').map(({ name }) => name)

describe('files of a workspace', () => {
  test('are listed by name with their collections, and nothing else is', async () => {
    await put('snippets/zero.yaml', 'a: 1')
    await put('snippets/bring-up/read mtu.yaml', 'a: 1')
    await put('snippets/bring-up/deep/er.yaml', 'a: 1')
    await put('snippets/notes.txt', 'x')
    await put('snippets/.hidden.yaml', 'x: 1')
    await put('snippets/.git/config.yaml', 'x: 1')
    await put('other/a.yaml', 'x: 1')
    expect(names()).toEqual(['bring-up/deep/er', 'bring-up/read mtu', 'zero'])
    expect(workspace.entries('tasks')).toEqual([])
  })

  test('with a mistake say where, and leave the others working', async () => {
    await put('snippets/bad.yaml', 'a: 1\na: 2\n')
    await put('snippets/good.yaml', 'a: 1')
    const [bad, good] = workspace.entries('snippets')
    expect(bad?.problem).toMatchObject({ file: 'snippets/bad.yaml', line: 2, column: 1 })
    expect(good?.problem).toBeNull()
    expect(workspace.read('snippets', 'bad')).toMatchObject({ text: 'a: 1\na: 2\n', problem: { line: 2 } })
  })

  test('keep every byte of what is saved, comments too', async () => {
    const text = '# why: Größe\r\na:   1   # here\n'
    const saved = await workspace.save('snippets', 'bring-up/größe', text, null)
    expect(workspace.read('snippets', 'bring-up/größe')).toEqual(saved)
    expect(await readFile(join(dir, 'snippets/bring-up/größe.yaml'), 'utf8')).toBe(text)
    expect(await readdir(join(dir, 'snippets/bring-up'))).toEqual(['größe.yaml'])
  })

  test('have another revision with other bytes, and the same one with the same', async () => {
    const first = await workspace.save('tasks', 'a', 'x: 1', null)
    const second = await workspace.save('tasks', 'a', 'x: 2', first.revision)
    const third = await workspace.save('tasks', 'a', 'x: 1', second.revision)
    expect(second.revision).not.toBe(first.revision)
    expect(third.revision).toBe(first.revision)
  })
})

describe('two who write the same file', () => {
  test('do not overwrite each other: the later one is told, and the earlier text stays', async () => {
    const { revision } = await workspace.save('snippets', 'a', 'x: 1', null)
    const saves = ['x: 2', 'x: 3'].map((text) => workspace.save('snippets', 'a', text, revision))
    const [first, second] = await Promise.allSettled(saves)
    expect(first?.status).toBe('fulfilled')
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'WORKSPACE_CONFLICT' } })
    expect(workspace.read('snippets', 'a').text).toBe('x: 2')
  })

  test('are told apart when one of them is an editor', async () => {
    const { revision } = await workspace.save('snippets', 'a', 'x: 1', null)
    await put('snippets/a.yaml', 'x: 1 # by hand')
    for (const change of [
      () => workspace.save('snippets', 'a', 'x: 2', revision),
      () => workspace.save('snippets', 'a', 'x: 2', null),
      () => workspace.remove('snippets', 'a', revision),
    ]) {
      await expect(change()).rejects.toMatchObject({ code: 'WORKSPACE_CONFLICT' })
    }
    expect(workspace.read('snippets', 'a').text).toBe('x: 1 # by hand')
  })

  test('are told when the file was removed meanwhile', async () => {
    const { revision } = await workspace.save('snippets', 'a', 'x: 1', null)
    await rm(join(dir, 'snippets/a.yaml'))
    await expect(workspace.save('snippets', 'a', 'x: 2', revision)).rejects.toMatchObject({
      code: 'WORKSPACE_CONFLICT',
      message: 'snippets/a.yaml was removed meanwhile',
    })
    expect(names()).toEqual([])
  })
})

describe('renaming and removing', () => {
  test('move files between collections; a collection without files is gone', async () => {
    const { revision } = await workspace.save('snippets', 'old/a', 'x: 1', null)
    expect(await workspace.rename('snippets', 'old/a', 'new/deep/b')).toMatchObject({
      name: 'new/deep/b',
      revision,
    })
    expect(await readdir(join(dir, 'snippets'))).toEqual(['new'])
    await workspace.remove('snippets', 'new/deep/b', revision)
    expect(await readdir(join(dir, 'snippets'))).toEqual([])
  })

  test('never overwrite another file, also not one whose name differs in capitals', async () => {
    await workspace.save('snippets', 'a', 'x: 1', null)
    await workspace.save('snippets', 'b', 'x: 2', null)
    await expect(workspace.rename('snippets', 'a', 'b')).rejects.toMatchObject({
      code: 'WORKSPACE_NAME_TAKEN',
    })
    await expect(workspace.save('snippets', 'A', 'x: 3', null)).rejects.toMatchObject({
      code: 'WORKSPACE_NAME_TAKEN',
    })
    await workspace.rename('snippets', 'a', 'A')
    expect(names()).toEqual(['A', 'b'])
  })

  test('of what is not there say so', async () => {
    await expect(workspace.rename('snippets', 'a', 'b')).rejects.toMatchObject({
      code: 'WORKSPACE_FILE_UNKNOWN',
    })
    await expect(workspace.remove('snippets', 'a', 'x')).rejects.toMatchObject({
      code: 'WORKSPACE_FILE_UNKNOWN',
    })
    expect(() => workspace.read('snippets', 'a')).toThrow('snippets/a.yaml')
  })
})

describe('names', () => {
  test.each([
    '../outside',
    'a/../../outside',
    '/etc/passwd',
    'a//b',
    'a/',
    '.hidden',
    'a\\b',
    'c:x',
    'con',
    'bench/NUL.txt',
    'LPT1',
    'a.',
    ' a',
    'a\u0000b',
    'a\u202Eb',
    'Gro\u0308ße',
    'x'.repeat(81),
    'a/b/c/d/e/f/g',
  ])('%j is none that every system can have', async (name) => {
    await expect(workspace.save('messages', name, 'x: 1', null)).rejects.toMatchObject({
      code: 'WORKSPACE_NAME_INVALID',
    })
    expect(() => workspace.read('messages', name)).toThrow()
    expect(await readdir(dir)).toEqual([])
  })

  test.each(['console', 'a/b/c/d/e/f', 'x'.repeat(80), '1.2 (old), ü & 漢字', 'com10'])(
    '%j is one',
    async (name) => {
      await workspace.save('snippets', name, 'x: 1', null)
      expect(names()).toEqual([name])
    },
  )
})

describe('links', () => {
  test('that lead out of the workspace are neither read nor written through', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'netcore-outside-'))
    await writeFile(join(outside, 'secret.yaml'), 'token: 1')
    await mkdir(join(dir, 'snippets'))
    await symlink(join(outside, 'secret.yaml'), join(dir, 'snippets/linked.yaml'))
    await symlink(outside, join(dir, 'snippets/folder'))
    await symlink(outside, join(dir, 'tasks'))
    expect(workspace.entries('snippets')).toMatchObject([
      { name: 'linked', problem: { message: 'a link leads out of the workspace' } },
    ])
    expect(workspace.entries('tasks')).toEqual([])
    expect(() => workspace.read('snippets', 'linked')).toThrow('leads out')
    expect(() => workspace.read('tasks', 'secret')).toThrow('leads out')
    await expect(workspace.save('snippets', 'folder/new', 'x: 1', null)).rejects.toThrow('leads out')
    await expect(workspace.save('tasks', 'new', 'x: 1', null)).rejects.toThrow('leads out')
    expect(await readdir(outside)).toEqual(['secret.yaml'])
    await rm(outside, { recursive: true })
  })

  test('within the workspace are read, and saving keeps them', async () => {
    await put('snippets/a.yaml', 'x: 1')
    await symlink(join(dir, 'snippets/a.yaml'), join(dir, 'snippets/b.yaml'))
    await symlink(join(dir, 'snippets'), join(dir, 'snippets/circle'))
    expect(names()).toEqual(['a', 'b'])
    await workspace.save('snippets', 'b', 'x: 2', workspace.read('snippets', 'b').revision)
    expect(await readFile(join(dir, 'snippets/a.yaml'), 'utf8')).toBe('x: 2')
  })
})

describe('limits', () => {
  test('a file has up to 512 KiB', async () => {
    const text = '#'.repeat(MAX_WORKSPACE_FILE_BYTES)
    await workspace.save('schemas', 'fits', text, null)
    await expect(workspace.save('schemas', 'not', `${text}#`, null)).rejects.toMatchObject({
      code: 'WORKSPACE_FILE_TOO_LARGE',
    })
    await put('schemas/by-hand.yaml', `${text}#`)
    expect(workspace.entries('schemas')).toMatchObject([
      { name: 'by-hand', problem: { message: expect.stringContaining('bytes') } },
      { name: 'fits', problem: null },
    ])
    expect(() => workspace.read('schemas', 'by-hand')).toThrow('bytes')
  })

  test('a kind has up to 2000 files; those beyond are counted', async () => {
    await mkdir(join(dir, 'snippets'))
    const numbers = Array.from({ length: MAX_FILES_PER_KIND - 1 }, (_, at) => at)
    await Promise.all(numbers.map((at) => writeFile(join(dir, `snippets/${at}.yaml`), '')))
    await workspace.save('snippets', 'last', '', null)
    await expect(workspace.save('snippets', 'over', '', null)).rejects.toMatchObject({
      code: 'WORKSPACE_FULL',
    })
    await put('snippets/zz.yaml', '')
    expect(workspace.list('snippets')).toMatchObject({ skipped: 1, entries: { length: MAX_FILES_PER_KIND } })
  })
})

describe('watching', () => {
  const told = vi.fn()
  beforeEach(() => told.mockClear())

  test.each([
    ['a new file in a folder that was not there', () => put('snippets/a/b/c.yaml', 'x: 1'), 'a/b/c'],
    ['a file replaced by an editor', () => replaced('snippets/there.yaml'), 'there'],
  ])('tells of %s', async (_, change, name) => {
    const end = workspace.watch('snippets', told)
    await change()
    await vi.waitFor(() => expect(told).toHaveBeenCalled(), 3000)
    expect(names()).toContain(name)
    end()
  })

  test('goes on in folders that are removed and made again', async () => {
    await put('snippets/a/b.yaml', 'x: 1')
    workspace.watch('snippets', told)
    await rm(join(dir, 'snippets'), { recursive: true })
    await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(1), 3000)
    await put('snippets/a/c.yaml', 'x: 1')
    await vi.waitFor(() => expect(names()).toEqual(['a/c']), 3000)
    await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(2), 3000)
    await put('snippets/a/d.yaml', 'x: 1')
    await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(3), 3000)
  })

  test('tells of our own changes at once, once, and only of the kind asked for', async () => {
    workspace.watch('snippets', told)
    await workspace.save('tasks', 'a', 'x: 1', null)
    expect(told).not.toHaveBeenCalled()
    await workspace.save('snippets', 'a', 'x: 1', null)
    expect(told).toHaveBeenCalledTimes(1)
  })

  const replaced = async (path: string): Promise<void> => {
    await put(`${path}.swp`, 'x: 2')
    await rename(join(dir, `${path}.swp`), join(dir, path))
  }
})
