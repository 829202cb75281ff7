import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MAX_ENTRY_PART_LENGTH } from '../../../shared/workspace/entry-name'
import { nameFromPattern } from './name-pattern'
import { RecordingFolder } from './recording-folder'

const FACTS = {
  device: 'STM32 VCP',
  profile: 'bench-a',
  protocol: 'lso',
  startedAt: new Date(2026, 10, 22, 9, 5, 7),
}

let workspace: string
let folder: RecordingFolder

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'netcore-recordings-'))
  folder = new RecordingFolder(workspace)
  folder.make()
})
afterEach(() => rmSync(workspace, { recursive: true, force: true }))

const put = (name: string, text = 'x'): void => writeFileSync(join(folder.dir, name), text)

describe('names of recordings', () => {
  test.each([
    '../x.mcap',
    '..\\x.mcap',
    'a/b.mcap',
    '/etc/x.mcap',
    'C:\\x.mcap',
    'C:x.mcap',
    '\\\\host\\share\\x.mcap',
    '//host/x.mcap',
    'x\0.mcap',
    'x\n.mcap',
    'con.mcap',
    'NUL.mcap',
    'com1.extra.mcap',
    'x..mcap',
    'x .mcap',
    ' x.mcap',
    '.hidden.mcap',
    '.mcap',
    '..',
    '',
    'x',
    'x.yaml',
    'x.mcap.exe',
    'x.mcap/',
    'x\u202Epacm.mcap',
    'x?.mcap',
    'cafe\u0301.mcap',
    `${'x'.repeat(MAX_ENTRY_PART_LENGTH + 1)}.mcap`,
  ])('%j names none, wherever it would lead', (name) => {
    expect(() => folder.pathOf(name)).toThrow(expect.objectContaining({ code: 'RECORDING_NAME_INVALID' }))
    expect(() => folder.sidecarPlaceOf(name)).toThrow(
      expect.objectContaining({ code: 'RECORDING_NAME_INVALID' }),
    )
    expect(folder.has(name)).toBe(false)
  })

  test.each([
    'boot.mcap',
    'Büro 2026-11-22 09-05.mcap',
    'x.mcap.part',
    'a.b.mcap',
    `${'x'.repeat(MAX_ENTRY_PART_LENGTH)}.mcap`,
  ])('%j is where it lies', (name) => {
    put(name)
    expect(folder.pathOf(name)).toBe(join(folder.dir, name))
  })

  test('one that is not there is told', () => {
    expect(() => folder.pathOf('gone.mcap')).toThrow(expect.objectContaining({ code: 'RECORDING_UNKNOWN' }))
  })

  test('symbolic links, folders and a folder that leads out of the workspace are no recordings', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'netcore-outside-'))
    writeFileSync(join(outside, 'secret.mcap'), 'secret')
    symlinkSync(join(outside, 'secret.mcap'), join(folder.dir, 'link.mcap'))
    mkdirSync(join(folder.dir, 'folder.mcap'))
    expect((await folder.list()).files).toEqual([])
    expect(folder.has('link.mcap')).toBe(false)
    expect(folder.has('folder.mcap')).toBe(false)

    rmSync(folder.dir, { recursive: true })
    symlinkSync(outside, folder.dir)
    expect(folder.has('secret.mcap')).toBe(false)
    expect((await folder.list()).files).toEqual([])
    expect(() => folder.make()).toThrow(expect.objectContaining({ code: 'FILE_UNWRITABLE' }))
    rmSync(outside, { recursive: true })
  })
})

describe('listing', () => {
  test('gives recordings by name, finished or not, and nothing else', async () => {
    for (const name of ['b.mcap', 'a.mcap', 'c.mcap.part', 'b.yaml', 'notes.txt', '.x.mcap', 'con.mcap'])
      put(name, name)
    const { files, skipped } = await folder.list()
    expect(files.map(({ name, fileBytes }) => [name, fileBytes])).toEqual([
      ['a.mcap', 6],
      ['b.mcap', 6],
      ['c.mcap.part', 11],
    ])
    expect(skipped).toBe(0)
  })

  test('looks at as many as it may, and counts the others', async () => {
    for (let at = 0; at < 5; at++) put(`r${at}.mcap`)
    const found = await new RecordingFolder(workspace, 4).list()
    expect([found.files.length, found.skipped]).toEqual([4, 1])
    const all = await new RecordingFolder(workspace, 5).list()
    expect([all.files.length, all.skipped]).toEqual([5, 0])
  })

  test('a file that was written again has another stamp', async () => {
    put('a.mcap', '1')
    const before = (await folder.list()).files[0]!.stamp
    put('a.mcap', '22')
    expect((await folder.list()).files[0]!.stamp).not.toBe(before)
  })
})

describe('new names', () => {
  test('say what the pattern says', () => {
    expect(basename(folder.newPath('{date} {time} {device} {protocol} {profile}', FACTS))).toBe(
      '2026-11-22 09-05-07 STM32 VCP lso bench-a.mcap',
    )
  })

  test('are unlike those that are there, also while those are written and whatever their capitals', () => {
    expect(basename(folder.newPath('Boot', FACTS))).toBe('Boot.mcap')
    put('boot.mcap.part')
    expect(basename(folder.newPath('Boot', FACTS))).toBe('Boot (2).mcap')
    put('BOOT (2).mcap')
    expect(basename(folder.newPath('Boot', FACTS))).toBe('Boot (3).mcap')
  })

  test('are good on every system, whatever a device calls itself', () => {
    for (const device of ['../../etc/passwd', 'C:\\con', '\0\u202E', 'a/b:c*', ' . ', 'x'.repeat(500)]) {
      const name = nameFromPattern('{device} r', { ...FACTS, device })
      expect(folder.placeOf(`${name}.mcap`)).toBe(join(folder.dir, `${name}.mcap`))
    }
  })

  test.each(['{nothing}', '{constructor}', '{device', '...', '', 'con'])(
    'the pattern %j is refused, or gives a name that can be used',
    (pattern) => {
      if (pattern === '{device') {
        expect(nameFromPattern(pattern, FACTS)).toBe('{device')
        return
      }
      expect(() => nameFromPattern(pattern, FACTS)).toThrow(
        expect.objectContaining({ code: 'RECORDING_PATTERN_INVALID' }),
      )
    },
  )
})
