import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ConsoleError } from '../../shared/errors'
import type { RecentLink } from '../../shared/model/views'
import { MAX_RECENTS, Recents } from './recents'
import { recentsFile } from './recents-file'

const link = (url: string, lastUsedIso = '2026-11-21T10:00:00.000Z'): RecentLink => ({
  url,
  title: `title of ${url}`,
  lastUsedIso,
})

let folder: string
let path: string
let problems: ConsoleError[]
const opened = (): Recents => new Recents(recentsFile(path), (problem) => problems.push(problem))
const urls = async (recents: Recents): Promise<string[]> => (await recents.list()).map(({ url }) => url)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recents-'))
  path = join(folder, 'deep', 'recent-links.json')
  problems = []
})
afterEach(() => rm(folder, { recursive: true }))

describe('recent links', () => {
  test('are none at first', async () => {
    expect(await urls(opened())).toEqual([])
    expect(problems).toEqual([])
  })

  test('come back in the next session, latest first', async () => {
    const recents = opened()
    await recents.note(link('sim:demo'))
    await recents.note(link('tcp://a:1'))
    await recents.note(link('sim:demo', '2026-11-21T11:00:00.000Z'))
    expect(await opened().list()).toEqual([link('sim:demo', '2026-11-21T11:00:00.000Z'), link('tcp://a:1')])
    expect(problems).toEqual([])
  })

  test('are 20 at most, the oldest goes', async () => {
    const recents = opened()
    for (let port = 1; port <= MAX_RECENTS; port++) await recents.note(link(`tcp://a:${port}`))
    expect((await urls(recents)).at(-1)).toBe('tcp://a:1')
    await recents.note(link('tcp://a:21'))
    expect(await urls(recents)).toHaveLength(20)
    expect((await urls(recents)).at(-1)).toBe('tcp://a:2')
    expect(await urls(opened())).toEqual(await urls(recents))
  })

  test('can be forgotten', async () => {
    const recents = opened()
    await recents.note(link('sim:demo'))
    await recents.note(link('tcp://a:1'))
    await recents.forget('sim:demo')
    await recents.forget('never noted')
    expect(await urls(opened())).toEqual(['tcp://a:1'])
  })

  test('noted all at once are all saved', async () => {
    const recents = opened()
    await Promise.all(['tcp://a:1', 'tcp://a:2', 'tcp://a:3'].map((url) => recents.note(link(url))))
    await recents.settled()
    expect(await urls(opened())).toEqual(['tcp://a:3', 'tcp://a:2', 'tcp://a:1'])
  })

  test('leave no draft beside the file', async () => {
    await opened().note(link('sim:demo'))
    expect(await readdir(join(folder, 'deep'))).toEqual(['recent-links.json'])
  })

  test('in a file that is not such a list are reported and set aside, not overwritten', async () => {
    path = join(folder, 'recent-links.json')
    await writeFile(path, '{"links": [{"url": 5}]}')
    const recents = opened()
    expect(await urls(recents)).toEqual([])
    expect(problems.map(({ code }) => code)).toEqual(['FILE_UNREADABLE'])
    await recents.note(link('sim:demo'))
    expect(await readFile(`${path}.bad`, 'utf8')).toBe('{"links": [{"url": 5}]}')
    expect(await urls(opened())).toEqual(['sim:demo'])
  })

  test('that cannot be saved stay in memory, and the problem is told', async () => {
    await writeFile(join(folder, 'deep'), 'a file where a folder should be')
    const recents = opened()
    await recents.note(link('sim:demo'))
    expect(await urls(recents)).toEqual(['sim:demo'])
    expect(problems.map(({ code }) => code)).toContain('FILE_UNWRITABLE')
  })
})
