import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { requestChecks } from '../../../shared/contract/contract'
import {
  MAX_CHOSEN_RECORDINGS,
  MAX_LIBRARY_QUERY_LENGTH,
  MAX_LIBRARY_WINDOW,
  type LibraryNews,
} from '../../../shared/model/library'
import { MAX_RECORDING_NAME_LENGTH } from '../../../shared/model/recording-name'
import { MAX_TAGS } from '../../../shared/workspace/recording-file'
import { VirtualClock } from '../../../testing/virtual-clock'
import { linkChannelId } from '../../recording/format/channels'
import { RecordingFolder } from '../../recording/library/recording-folder'
import { McapEncoder } from '../../recording/write/mcap-encoder'
import { Settings } from '../../workspace/settings'
import { Workspace } from '../../workspace/workspace'
import { describeLink } from '../link-title'
import { LibraryDesk } from './library-desk'
import { TRASH_DAYS } from './library-retention'

const DAY_MS = 86_400_000
const NOW_MS = 1_764_000_000_000

function made(session: string, atMs: number, isEnded = true): Uint8Array {
  const encoder = new McapEncoder({ library: 'test' })
  const startNs = BigInt(atMs) * 1_000_000n
  const said = { session_id: session, part: '1', started_ns: `${startNs}` }
  const parts = [encoder.begin(), encoder.metadata('session', new Map(Object.entries(said)))]
  for (let at = 0n; at < 5n; at++) {
    encoder.add(linkChannelId(1, 'rx'), startNs + at * 1_000_000_000n, new Uint8Array(100))
    parts.push(encoder.takeBlock()!)
  }
  if (isEnded) parts.push(encoder.end())
  return new Uint8Array(Buffer.concat(parts))
}

let workspaceDir: string
let folder: RecordingFolder
let clock: VirtualClock
let workspace: Workspace
let wallMs: number
let shown: string[]
const desks: LibraryDesk[] = []

beforeEach(() => {
  workspaceDir = mkdtempSync(join(tmpdir(), 'netcore-library-desk-'))
  folder = new RecordingFolder(workspaceDir)
  folder.make()
  clock = new VirtualClock()
  workspace = new Workspace(workspaceDir)
  wallMs = NOW_MS
  shown = []
})
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close()
  await workspace.close()
  rmSync(workspaceDir, { recursive: true, force: true })
})

function open(hasDesktop = false): LibraryDesk {
  const desk = new LibraryDesk({
    folder,
    stateDir: join(workspaceDir, 'state'),
    clock,
    settings: new Settings(workspace),
    wallMs: () => wallMs,
    describeLink,
    isBeingWritten: (path) => path.endsWith('now.mcap.part'),
    library: 'test',
    hostFiles: hasDesktop
      ? {
          reveal: (path) => void shown.push(path),
          trash: (path) => {
            shown.push(path)
            rmSync(path)
            return Promise.resolve()
          },
        }
      : null,
    onProblem: (problem) => expect.unreachable(problem.message),
  })
  desks.push(desk)
  return desk
}

function put(name: string, bytes: Uint8Array | string, ageMs = DAY_MS): void {
  const path = join(folder.dir, name)
  writeFileSync(path, bytes)
  const at = new Date(wallMs - ageMs)
  utimesSync(path, at, at)
}

/** A condition holds soon; the computer may have other work. */
const PATIENTLY = { timeout: 15_000, interval: 10 }
const ALL = { query: '', order: 'name', isDescending: false, from: 0, count: 100 } as const
const listed = async (desk: LibraryDesk, query = ''): Promise<string[]> =>
  (await desk.handlers['library.list']({ ...ALL, query })).rows.map(({ recording }) => recording)
const known = (desk: LibraryDesk, state = 'whole'): Promise<void> =>
  expect
    .poll(
      async () => (await desk.handlers['library.list'](ALL)).rows.every((row) => row.state === state),
      PATIENTLY,
    )
    .toBe(true)
/** The newest of a feed. */
async function news(desk: LibraryDesk, holds: (news: LibraryNews) => boolean): Promise<LibraryNews> {
  const feed = desk.feed()
  let last: LibraryNews | undefined
  feed.onNews(() => {
    last = feed.take() ?? last
  })
  await expect
    .poll(() => {
      clock.advanceBy(250)
      return last !== undefined && holds(last)
    }, PATIENTLY)
    .toBe(true)
  feed.close()
  return last!
}

vi.setConfig({ testTimeout: 20_000 })

describe('the library desk', () => {
  test('lists windows of what a search finds, and where a recording stands in it', async () => {
    for (const name of ['a', 'b', 'c', 'd']) put(`${name}.mcap`, made(name, NOW_MS))
    const desk = open()
    const { total, rows, from } = await desk.handlers['library.list']({ ...ALL, from: 1, count: 2 })
    expect([total, from, rows.map(({ recording }) => recording)]).toEqual([4, 1, ['b.mcap', 'c.mcap']])
    const where = { query: '', order: 'name', isDescending: true, recording: 'c.mcap' } as const
    expect(await desk.handlers['library.position'](where)).toEqual({ position: 1 })
    expect(await desk.handlers['library.position']({ ...where, query: 'x' })).toEqual({ position: null })
    const told = await news(desk, ({ reading, recordings }) => reading === 0 && recordings === 4)
    expect(told).toMatchObject({ trash: [], skipped: 0, hasFileManager: false })
  })

  test('tags, notes and pins stand in files beside the recordings, and are found', async () => {
    put('a.mcap', made('a', NOW_MS))
    put('b.mcap', made('b', NOW_MS))
    const desk = open()
    await desk.handlers['library.tag']({
      recordings: ['a.mcap', 'b.mcap'],
      add: ['boot', 'rig 3'],
      remove: [],
    })
    await desk.handlers['library.tag']({ recordings: ['b.mcap'], add: [], remove: ['boot'] })
    await desk.handlers['library.note']({ recording: 'a.mcap', text: 'first line\nsecond' })
    await desk.handlers['library.pin']({ recordings: ['a.mcap'], isPinned: true })
    expect(readFileSync(join(folder.dir, 'a.yaml'), 'utf8')).toBe(
      'tags:\n  - boot\n  - rig 3\nnote: |-\n  first line\n  second\npinned: true\n',
    )
    expect(await listed(desk, '#boot')).toEqual(['a.mcap'])
    expect(await listed(desk, 'second')).toEqual(['a.mcap'])
    const { detail } = await desk.handlers['library.detail']({ recording: 'a.mcap' })
    expect(detail).toMatchObject({ note: 'first line\nsecond', row: { note: 'first line', isPinned: true } })
    const many = Array.from({ length: MAX_TAGS - 1 }, (_, at) => `t${at}`)
    await expect(
      desk.handlers['library.tag']({ recordings: ['a.mcap'], add: many, remove: [] }),
    ).rejects.toMatchObject({ code: 'RECORDING_TAGS_TOO_MANY' })
    await desk.handlers['library.tag']({ recordings: ['a.mcap'], add: many.slice(1), remove: [] })
  })

  test('renames, removes and gives back, with what stands beside it', async () => {
    put('a.mcap', made('a', NOW_MS))
    put('a.yaml', 'note: kept\n')
    const desk = open()
    expect(await desk.handlers['library.rename']({ recording: 'a.mcap', name: 'b' })).toEqual({
      recording: 'b.mcap',
    })
    const { trashIds } = await desk.handlers['library.remove']({ recordings: ['b.mcap'], to: 'trash' })
    expect(await listed(desk)).toEqual([])
    expect((await news(desk, ({ trash }) => trash.length === 1)).trash[0]).toMatchObject({
      recording: 'b.mcap',
    })
    expect(await desk.handlers['library.restore']({ trashId: trashIds[0]! })).toEqual({ recording: 'b.mcap' })
    expect((await desk.handlers['library.detail']({ recording: 'b.mcap' })).detail.note).toBe('kept')
    await expect(desk.handlers['library.detail']({ recording: 'a.mcap' })).rejects.toMatchObject({
      code: 'RECORDING_UNKNOWN',
    })
  })

  test('touches nothing that is being written', async () => {
    put('now.mcap.part', made('n', NOW_MS, false))
    const desk = open()
    for (const act of [
      () => desk.handlers['library.rename']({ recording: 'now.mcap.part', name: 'x' }),
      () => desk.handlers['library.remove']({ recordings: ['now.mcap.part'], to: 'trash' }),
      () => desk.handlers['library.recover']({ recording: 'now.mcap.part' }),
    ])
      await expect(act()).rejects.toMatchObject({ code: 'RECORDING_WRITING' })
    expect(readdirSync(folder.dir)).toEqual(['now.mcap.part'])
  })

  test('what broke off goes to the trash when it is recovered, and what is said of it stays', async () => {
    put('a.mcap.part', made('a', NOW_MS, false))
    put('a.yaml', 'tags: [kept]\n')
    const desk = open()
    await known(desk, 'unfinished')
    await desk.handlers['library.recover']({ recording: 'a.mcap.part' })
    const { jobs } = await news(desk, ({ jobs: [job] }) => job?.state === 'done')
    expect(jobs[0]).toMatchObject({ kind: 'recover', made: 'a.mcap', isGood: true })
    await expect.poll(() => listed(desk, '#kept'), PATIENTLY).toEqual(['a.mcap'])
    expect((await news(desk, ({ trash }) => trash.length > 0)).trash[0]!.recording).toBe('a.mcap.part')
  })

  test('uses file manager and trash of the system only where there is a desktop', async () => {
    put('a.mcap', made('a', NOW_MS))
    const path = join(folder.dir, 'a.mcap')
    const web = open()
    expect(await web.handlers['library.reveal']({ recording: 'a.mcap' })).toEqual({ path, isShown: false })
    await expect(
      web.handlers['library.remove']({ recordings: ['a.mcap'], to: 'system' }),
    ).rejects.toMatchObject({ code: 'SYSTEM_TRASH_MISSING' })
    const desktop = open(true)
    expect(await desktop.handlers['library.reveal']({ recording: 'a.mcap' })).toEqual({ path, isShown: true })
    await desktop.handlers['library.remove']({ recordings: ['a.mcap'], to: 'system' })
    expect(shown).toEqual([path, path])
    expect(() => desktop.handlers['library.reveal']({ recording: '../secret.mcap' })).toThrow(
      expect.objectContaining({ code: 'RECORDING_NAME_INVALID' }),
    )
  })

  test('retention says what it would remove, then removes it into the trash, and holds after a restart', async () => {
    put('old.mcap', made('o', NOW_MS - 40 * DAY_MS))
    put('pinned.mcap', made('p', NOW_MS - 40 * DAY_MS))
    put('pinned.yaml', 'pinned: true\n')
    put('new.mcap', made('n', NOW_MS))
    const desk = open()
    await known(desk)
    const retention = { maxAgeDays: 30, maxBytes: null }
    const { plan } = await desk.handlers['library.retention']({ retention, isSet: false })
    expect(plan.removed).toMatchObject([{ recording: 'old.mcap', why: 'age' }])
    expect(await listed(desk)).toEqual(['new.mcap', 'old.mcap', 'pinned.mcap'])

    await desk.handlers['library.retention']({ retention, isSet: true })
    await expect.poll(() => listed(desk), PATIENTLY).toEqual(['new.mcap', 'pinned.mcap'])
    expect((await news(desk, ({ trash }) => trash.length === 1)).retention).toEqual(retention)
    await desk.close()

    wallMs += 31 * DAY_MS
    const again = open()
    await expect.poll(() => listed(again), PATIENTLY).toEqual(['pinned.mcap'])
    // a week later what was removed first is deleted for good
    expect(wallMs - NOW_MS).toBeGreaterThan(TRASH_DAYS * DAY_MS)
    const told = await news(again, ({ trash }) => trash[0]?.recording === 'new.mcap')
    expect(told.trash.map(({ recording }) => recording)).toEqual(['new.mcap'])
  })
})

describe('the door', () => {
  const check = (name: keyof typeof requestChecks, request: object): boolean =>
    requestChecks[name].safeParse(request).success

  test('takes as many recordings, rows and letters as it says, and not one more', () => {
    const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `r${at}.mcap`)
    expect(check('library.pin', { recordings: names(MAX_CHOSEN_RECORDINGS), isPinned: true })).toBe(true)
    expect(check('library.pin', { recordings: names(MAX_CHOSEN_RECORDINGS + 1), isPinned: true })).toBe(false)
    expect(check('library.pin', { recordings: [], isPinned: true })).toBe(false)
    expect(check('library.list', { ...ALL, count: MAX_LIBRARY_WINDOW })).toBe(true)
    expect(check('library.list', { ...ALL, count: MAX_LIBRARY_WINDOW + 1 })).toBe(false)
    expect(check('library.list', { ...ALL, query: 'x'.repeat(MAX_LIBRARY_QUERY_LENGTH) })).toBe(true)
    expect(check('library.list', { ...ALL, query: 'x'.repeat(MAX_LIBRARY_QUERY_LENGTH + 1) })).toBe(false)
    expect(check('library.detail', { recording: 'x'.repeat(MAX_RECORDING_NAME_LENGTH + 1) })).toBe(false)
    expect(check('library.tag', { recordings: names(1), add: ['a,b'], remove: [] })).toBe(false)
    expect(check('library.tag', { recordings: names(1), add: ['a b'], remove: [] })).toBe(true)
  })
})
