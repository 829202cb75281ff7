import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ProfileFolder, profilesDir, readProfiles } from './profile-folder'
import {
  formatProfile,
  MAX_PROFILE_BYTES,
  parseProfile,
  profileFileName,
  profilesNamed,
} from './profile-text'

let workspace: string
let folder: string
let profiles: ProfileFolder
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'netcore-workspace-'))
  folder = profilesDir(workspace)
  profiles = new ProfileFolder(folder)
})
afterEach(() => rm(workspace, { recursive: true }))

const bench = {
  name: 'Bench A',
  url: 'serial:/dev/ttyACM0?baud=921600&dialect=native',
  note: 'Blue cable.\nReset needs 100 ms.',
  tags: ['bench', 'stm32'],
}
const names = (): string[] => profiles.list().map(({ name }) => name)

describe('the text of a profile', () => {
  test('is one fact a line, for people and for diff', () => {
    expect(formatProfile(bench)).toBe(
      [
        '# Netcore Console profile. Passwords are never kept here.',
        'name = Bench A',
        'url = serial:/dev/ttyACM0?baud=921600&dialect=native',
        'tags = bench, stm32',
        'note = Blue cable.',
        'note = Reset needs 100 ms.',
        '',
      ].join('\n'),
    )
  })

  test('never holds a password', () => {
    const text = formatProfile({ ...bench, url: 'tcp://h:1?dialect=native&password=s3cret&name=x' })
    expect(text).toContain('url = tcp://h:1?dialect=native&name=x\n')
    expect(text).not.toContain('s3cret')
    expect(parseProfile('url = tcp://h:1?password=s3cret', '/x/a.profile').url).toBe('tcp://h:1')
  })

  test('is read back as it was written', () => {
    const word = fc
      .string({ minLength: 1, maxLength: 20 })
      .filter((text) => /^[^\p{Cc},*?]*[^\s\p{Cc},*?]$/u.test(text))
    const content = fc.record({
      name: word.map((text) => text.trim()),
      note: fc
        .array(
          fc.string().map((text) => text.replace(/\p{Cc}/gu, ' ').trimEnd()),
          { maxLength: 4 },
        )
        .map((lines) => lines.join('\n')),
      tags: fc.array(
        word.map((text) => text.trim()),
        { maxLength: 4 },
      ),
    })
    fc.assert(
      fc.property(content, ({ name, note, tags }) => {
        const text = formatProfile({ name, note, tags, url: 'tcp://h:1' })
        expect(parseProfile(text, '/x/y.profile')).toMatchObject({
          name,
          note,
          tags,
          url: 'tcp://h:1',
          problem: null,
        })
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['url = nonsense', 'URL_INVALID', 'nonsense'],
    ['name = x', 'PROFILE_INVALID', 'no line "url'],
    ['url = tcp://h:1\nbaud = 9600', 'PROFILE_INVALID', 'line 2'],
    ['url = tcp://h:1\nname = a*', 'PROFILE_INVALID', 'a*'],
  ])('%j is listed with what is wrong', (text, code, named) => {
    const { problem, url } = parseProfile(text, '/x/mine.profile')
    expect(problem).toMatchObject({ code, message: expect.stringContaining(named) as string })
    expect(url).toBe('')
  })

  test('takes its name from the file where it has none', () => {
    expect(parseProfile('\uFEFF# by hand\r\nurl=tcp://h:1\r\n', '/x/lab-2.profile')).toMatchObject({
      name: 'lab-2',
      url: 'tcp://h:1',
      problem: null,
    })
  })

  test.each([
    ['Bench A', 'bench-a.profile'],
    ['../../etc/passwd', 'etc-passwd.profile'],
    ['Prüfstand №3', 'pru-fstand-no3.profile'],
    ['COM1', 'profile-com1.profile'],
    ['漢字', 'profile-.profile'],
  ])('%s goes to a file that every system allows: %s', (name, file) => {
    expect(profileFileName(name)).toBe(file)
  })

  test('is found by name in any case, else by pattern', () => {
    const all = ['Bench A', 'bench b', 'Lab'].map((name) =>
      parseProfile(`name = ${name}\nurl = sim:demo`, '/x/p.profile'),
    )
    const found = (wanted: string): string[] => profilesNamed(all, wanted).map(({ name }) => name)
    expect(found('bench a')).toEqual(['Bench A'])
    expect(found('bench*')).toEqual(['Bench A', 'bench b'])
    expect(found('?ab')).toEqual(['Lab'])
    expect(found('bench')).toEqual([])
    expect(found(`${'*a'.repeat(30)}x`)).toEqual([])
  })
})

describe('the folder of profiles', () => {
  test('is empty where there is none, and made when something is saved', async () => {
    expect(profiles.list()).toEqual([])
    const saved = await profiles.save(bench)
    expect(saved).toEqual({ ...bench, file: join(folder, 'bench-a.profile'), problem: null })
    expect(profiles.list()).toEqual([saved])
    expect(await readFile(saved.file, 'utf8')).toBe(formatProfile(bench))
    expect((await stat(saved.file)).mode & 0o077).toBe(0)
    expect(await readdir(folder)).toEqual(['bench-a.profile'])
  })

  test('keeps one profile of a name, and never writes over that of another', async () => {
    await Promise.all([
      profiles.save(bench),
      profiles.save({ ...bench, name: 'BENCH A', note: 'new' }),
      profiles.save({ ...bench, name: 'bench-a' }),
    ])
    expect(profiles.list().map(({ name, note }) => [name, note])).toEqual([
      ['BENCH A', 'new'],
      ['bench-a', bench.note],
    ])
    expect((await readdir(folder)).sort()).toEqual(['bench-a-2.profile', 'bench-a.profile'])
    await profiles.remove('bench a')
    expect(names()).toEqual(['bench-a'])
    await expect(profiles.remove('bench a')).rejects.toMatchObject({ code: 'PROFILE_UNKNOWN' })
  })

  test('refuses what cannot be kept, and keeps what was there', async () => {
    await profiles.save(bench)
    await expect(profiles.save({ ...bench, url: 'nowhere' })).rejects.toMatchObject({ code: 'URL_INVALID' })
    await expect(profiles.save({ ...bench, name: 'a\nb' })).rejects.toMatchObject({ code: 'PROFILE_INVALID' })
    await expect(profiles.save({ ...bench, tags: ['a,b'] })).rejects.toMatchObject({
      code: 'PROFILE_INVALID',
    })
    await rm(folder, { recursive: true })
    await writeFile(folder, 'a file where the folder should be')
    await expect(profiles.save(bench)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })

  test('lists files that make no sense with their problem, and passes others over', async () => {
    await mkdir(folder)
    await writeFile(join(folder, 'broken.profile'), 'what?')
    await writeFile(join(folder, 'huge.profile'), `url = sim:demo\nnote = ${'x'.repeat(MAX_PROFILE_BYTES)}`)
    await writeFile(join(folder, 'notes.txt'), 'mine')
    expect(readProfiles(folder).map(({ name, problem }) => [name, problem?.code])).toEqual([
      ['broken', 'PROFILE_INVALID'],
      ['huge', 'PROFILE_INVALID'],
    ])
  })

  test('tells of changes, its own and those of an editor, until nobody listens', async () => {
    let heard = (): void => {}
    const next = (): Promise<void> =>
      new Promise((resolve) => {
        heard = resolve
      })
    const end = await profiles.watch(() => heard())
    const own = next()
    await profiles.save(bench)
    await own
    const outside = next()
    await writeFile(join(folder, 'hand.profile'), 'url = sim:demo')
    await outside
    expect(names()).toEqual(['Bench A', 'hand'])
    end()
  })
})
