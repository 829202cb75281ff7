import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RecordingRow } from '../../../shared/model/library'
import { linkChannelId, sessionChannelId } from '../format/channels'
import { loadDecompress } from '../read/unpack-block'
import { systemDisk } from '../write/recording-disk'
import { McapEncoder } from '../write/mcap-encoder'
import { Catalogue } from './catalogue'
import { CatalogueFile } from './catalogue-file'
import { LibraryJobs } from './library-jobs'
import type { LibraryItem } from './library-item'
import { orderLibrary, searchLibrary } from './library-search'
import { RecordingFolder } from './recording-folder'
import { RemarksFiles } from './remarks-files'
import { filesOf, renameRecording } from './rename-recording'
import { retentionPlan } from './retention-plan'
import { Trash } from './trash'

const START_NS = 1_764_000_000_000_000_000n
const START_MS = 1_764_000_000_000
const DAY_MS = 86_400_000

interface Made {
  readonly session?: string
  readonly part?: number
  readonly route?: string
  readonly body?: string
  readonly count?: number
  readonly fromMs?: number
  readonly isEnded?: boolean
  readonly facts?: Readonly<Record<string, string>>
}

/** A recording of `count` messages, 10 ms apart, with a fault in the middle and a marker at the end. */
function made({
  session = 'one',
  part = 1,
  route = 'cfg.put',
  body = '{"key":"net.mtu"}',
  count = 20,
  fromMs = 1000,
  isEnded = true,
  facts = {},
}: Made = {}): Uint8Array {
  const encoder = new McapEncoder({ library: 'test' })
  const parts = [encoder.begin()]
  const said = { ...facts, session_id: session, part: `${part}`, format: '1', started_ns: `${START_NS}` }
  parts.push(encoder.metadata('session', new Map(Object.entries(said))))
  const at = (ms: number): bigint => START_NS + BigInt(Math.round((fromMs + ms) * 1e6))
  const json = (fields: object): Uint8Array => new TextEncoder().encode(JSON.stringify(fields))
  const [rx, event, message] = [
    linkChannelId(1, 'rx'),
    linkChannelId(1, 'event'),
    linkChannelId(1, 'message'),
  ]
  encoder.add(
    event,
    at(0),
    json({ type: 'link-state', phase: 'connected', url: 'sim:demo', code: null, detail: '' }),
  )
  for (let index = 0; index < count; index++) {
    encoder.add(rx, at(index * 10), new Uint8Array(100))
    const opened = {
      type: 'message-opened',
      dir: 'in',
      messageKey: index + 1,
      ref: '',
      route,
      kind: 'event',
      priority: 3,
      headers: {},
      correlationId: '',
      declaredBytes: null,
      answersKey: 0,
    }
    encoder.add(message, at(index * 10), json(opened))
    encoder.add(linkChannelId(1, 'body'), at(index * 10), new TextEncoder().encode(body))
    const closed = { dir: 'in', messageKey: index + 1, outcome: 'complete', code: null, bodyBytes: 17 }
    encoder.add(message, at(index * 10), json({ type: 'message-closed', ...closed }))
    if (index === Math.floor(count / 2)) {
      const fault = {
        dir: 'in',
        code: 'FRAME_BAD_CRC',
        streamOffset: 0,
        lostBytes: 4,
        ref: '',
        detail: 'bad',
      }
      encoder.add(event, at(index * 10), json({ type: 'fault', ...fault }))
    }
    parts.push(encoder.takeBlock()!)
  }
  const note = { noteId: 1, kind: 'marker', atMs: fromMs + 50, messageId: null, text: 'brown-out' }
  encoder.add(sessionChannelId('note'), at(count * 10), json({ type: 'note', ...note }))
  parts.push(encoder.takeBlock()!)
  if (isEnded) parts.push(encoder.end())
  return new Uint8Array(Buffer.concat(parts))
}

let workspace: string
let folder: RecordingFolder
let remarks: RemarksFiles
let catalogue: Catalogue
let reads: string[]
let nowMs: number
let written: ReadonlySet<string>
const cachePath = (): string => join(workspace, 'state', 'recordings.json')

function open(): Catalogue {
  remarks = new RemarksFiles(folder)
  return new Catalogue({
    folder,
    cache: new CatalogueFile(cachePath()),
    remarks,
    decompress: () => {
      reads.push('read')
      return loadDecompress()
    },
    describeLink: (url) => ({ device: url.replace('sim:', ''), protocol: 'lso' }),
    nowMs: () => nowMs,
    isBeingWritten: (path) => written.has(path),
    onProblem: (error) => expect.unreachable(String(error)),
  })
}

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'netcore-library-'))
  folder = new RecordingFolder(workspace)
  folder.make()
  reads = []
  written = new Set()
  nowMs = Date.now() + 60_000
  catalogue = open()
})
afterEach(async () => {
  await catalogue.close()
  rmSync(workspace, { recursive: true, force: true })
})

const put = (name: string, bytes: Uint8Array | string): void => writeFileSync(join(folder.dir, name), bytes)
const rows = (): RecordingRow[] => catalogue.items.map(({ row }) => row)
const names = (items: readonly LibraryItem[]): string[] => items.map(({ row }) => row.recording)
const itemNamed = (name: string): LibraryItem => catalogue.itemOf(name)!

describe('the catalogue', () => {
  test('knows of a recording what its file says', async () => {
    put('boot.mcap', made())
    await catalogue.look()
    const [row] = rows()
    expect(row).toMatchObject({
      recording: 'boot.mcap',
      state: 'whole',
      device: 'demo',
      protocol: 'lso',
      startedAtMs: START_MS + 1000,
      lengthMs: 200,
      messages: 20,
      problems: 1,
      parts: 1,
      isRecovered: false,
    })
    const { strip } = row!
    expect(strip!.in.filter((height) => height > 0).length).toBeGreaterThan(15)
    expect(strip!.out.every((height) => height === 0)).toBe(true)
    expect(strip!.faults.reduce((sum, fault) => sum + fault, 0)).toBe(1)
    const { facts } = itemNamed('boot.mcap').files[0]
    expect(facts!.moments).toEqual([
      { kind: 'marker', atMs: 1050, noteId: 1, text: 'brown-out' },
      { kind: 'problem', atMs: 1100, text: 'FRAME_BAD_CRC: bad' },
    ])
    expect([facts!.routes, facts!.words, facts!.inBytes]).toEqual([
      ['cfg.put'],
      ['key', 'net.mtu', 'brown-out'],
      2000,
    ])
  })

  test('reads each file once, and again only when it is another', async () => {
    put('a.mcap', made())
    put('b.mcap', made({ session: 'two' }))
    await catalogue.look()
    await catalogue.look()
    expect(reads.length).toBe(2)
    put('b.mcap', made({ session: 'two', count: 30 }))
    await catalogue.look()
    expect(reads.length).toBe(3)
    expect(itemNamed('b.mcap').row.messages).toBe(30)
  })

  test('keeps what it read across restarts, and is the same when its file was deleted or makes no sense', async () => {
    put('a.mcap', made())
    put('b.mcap', made({ session: 'two', isEnded: false }))
    await catalogue.look()
    const before = rows()
    await catalogue.close()

    const again = async (expectedReads: number): Promise<void> => {
      reads = []
      catalogue = open()
      await catalogue.look()
      expect(rows()).toEqual(before)
      expect(reads.length).toBe(expectedReads)
      await catalogue.close()
    }
    await again(0)
    rmSync(cachePath())
    await again(2)
    writeFileSync(cachePath(), '{"version":1,"files":{"a.mcap":{"stamp":1}}}')
    await again(2)
    const kept = JSON.parse(readFileSync(cachePath(), 'utf8')) as {
      files: Record<string, { facts: { messages: unknown } }>
    }
    kept.files['a.mcap']!.facts.messages = 'many'
    writeFileSync(cachePath(), JSON.stringify(kept))
    await again(1)
  })

  test('shows the parts of one recording as one, and copies apart', async () => {
    put('boot.mcap', made({ count: 10 }))
    put('boot-2.mcap', made({ part: 2, fromMs: 1500, count: 10 }))
    put('copy.mcap', made({ count: 10 }))
    await catalogue.look()
    expect(
      rows().map(({ recording, parts, messages, lengthMs }) => [recording, parts, messages, lengthMs]),
    ).toEqual([
      ['boot.mcap', 2, 20, 600],
      ['copy.mcap', 1, 10, 100],
    ])
    const { strip } = itemNamed('boot.mcap').row
    expect(strip!.in[50]).toBe(0) // between the parts
    expect(strip!.in[0]).toBeGreaterThan(0)
    expect(strip!.in[110]).toBeGreaterThan(0)
  })

  test('tells damaged, unfinished and growing files from whole ones', async () => {
    const damaged = made()
    damaged[Math.floor(damaged.length / 2)]! ^= 0x55
    put('damaged.mcap', damaged)
    put('unfinished.mcap.part', made({ session: 'u', isEnded: false }))
    put('cut.mcap', made({ session: 'c', isEnded: false }))
    put('nonsense.mcap', 'no recording at all, only a text')
    put('now.mcap.part', made({ session: 'n', isEnded: false }))
    utimesSync(join(folder.dir, 'now.mcap.part'), new Date(nowMs - 500), new Date(nowMs - 500))
    put('quiet.mcap.part', made({ session: 'q', isEnded: false }))
    written = new Set([join(folder.dir, 'quiet.mcap.part')])
    await catalogue.look()
    expect(Object.fromEntries(rows().map(({ recording, state }) => [recording, state]))).toEqual({
      'damaged.mcap': 'damaged',
      'unfinished.mcap.part': 'unfinished',
      'cut.mcap': 'unfinished',
      'nonsense.mcap': 'unreadable',
      'now.mcap.part': 'writing',
      'quiet.mcap.part': 'writing',
    })
  })

  test('follows the folder, whoever changes it', async () => {
    const seen = (condition: () => boolean): Promise<void> =>
      new Promise((resolve) => {
        const stop = catalogue.onChange(() => {
          if (!condition()) return
          stop()
          resolve()
        })
      })
    const first = seen(() => rows()[0]?.messages === 20)
    put('a.mcap', made())
    await first
    const renamed = seen(() => rows()[0]?.recording === 'b.mcap' && rows()[0]?.tags[0] === 'boot')
    renameSync(join(folder.dir, 'a.mcap'), join(folder.dir, 'b.mcap'))
    put('b.yaml', 'tags: [boot]\n')
    await renamed
  })

  test('ends while it reads', async () => {
    put('a.mcap', made({ count: 2000 }))
    const looking = catalogue.look()
    await catalogue.close()
    await looking
    expect(rows().every(({ state }) => state === 'reading')).toBe(true)
  })
})

describe('searching and sorting', () => {
  test('finds names, tags, notes, routes and words of bodies, all words together', async () => {
    put('boot.mcap', made())
    put('field.mcap', made({ session: 'two', route: 'fw.write', body: 'panic: watchdog', count: 40 }))
    put('field.yaml', 'tags: [rig 3]\nnote: after the update\npinned: true\n')
    await catalogue.look()
    const found = (query: string): string[] => names(searchLibrary(catalogue.items, query))
    expect(found('')).toEqual(['boot.mcap', 'field.mcap'])
    expect(found('BOOT')).toEqual(['boot.mcap'])
    expect(found('fw.write')).toEqual(['field.mcap'])
    expect(found('watchdog')).toEqual(['field.mcap'])
    expect(found('update rig')).toEqual(['field.mcap'])
    expect(found('update boot')).toEqual([])
    expect(found('#rig-3')).toEqual(['field.mcap'])
    expect(found('#rig')).toEqual([])
    expect(found('is:pinned')).toEqual(['field.mcap'])
    expect(names(orderLibrary(catalogue.items, 'messages', true))).toEqual(['field.mcap', 'boot.mcap'])
    expect(names(orderLibrary(catalogue.items, 'name', true))).toEqual(['field.mcap', 'boot.mcap'])
  })
})

describe('remarks', () => {
  test('are written beside the recording, and what others keep there stays', async () => {
    put('a.mcap', made())
    put('a.yaml', '# ours\nrig: {place: lab}\ntags: [old]\n')
    await remarks.change('a.mcap', (before) => ({ ...before, tags: ['new'], isPinned: true }))
    expect(readFileSync(join(folder.dir, 'a.yaml'), 'utf8')).toBe(
      '# ours\nrig: {place: lab}\ntags: [ new ]\npinned: true\n'.replace('{place: lab}', '{ place: lab }'),
    )
    await catalogue.look()
    expect(rows()[0]).toMatchObject({ tags: ['new'], isPinned: true })
  })

  test('with a mistake do not count, are told with line and remedy, and are not overwritten', async () => {
    put('a.mcap', made())
    put('a.yaml', 'note: x\npinned: perhaps\n')
    await catalogue.look()
    expect(itemNamed('a.mcap').remarksProblem).toMatchObject({
      file: 'recordings/a.yaml',
      line: 2,
      message: 'pinned must be true or false',
    })
    await expect(remarks.change('a.mcap', (before) => before)).rejects.toMatchObject({
      code: 'RECORDING_REMARKS_INVALID',
    })
    expect(readFileSync(join(folder.dir, 'a.yaml'), 'utf8')).toBe('note: x\npinned: perhaps\n')
  })
})

describe('renaming', () => {
  test('takes all parts and what stands beside them along', async () => {
    put('boot.mcap', made())
    put('boot-2.mcap', made({ part: 2, fromMs: 2000 }))
    put('boot.yaml', 'note: x\n')
    await catalogue.look()
    expect(await renameRecording(folder, itemNamed('boot.mcap'), 'cold start')).toBe('cold start.mcap')
    expect((await readdir(folder.dir)).sort()).toEqual([
      'cold start-2.mcap',
      'cold start.mcap',
      'cold start.yaml',
    ])
  })

  test.each(['taken', 'TAKEN', '../x', 'a/b', 'con', ''])(
    'to %j is refused and moves nothing',
    async (name) => {
      put('boot.mcap', made())
      put('taken.mcap', made({ session: 'two' }))
      await catalogue.look()
      await expect(renameRecording(folder, itemNamed('boot.mcap'), name)).rejects.toMatchObject({
        code: name.toLowerCase() === 'taken' ? 'RECORDING_NAME_TAKEN' : 'RECORDING_NAME_INVALID',
      })
      expect((await readdir(folder.dir)).sort()).toEqual(['boot.mcap', 'taken.mcap'])
    },
  )
})

describe('the trash', () => {
  test('gives back what was put there, and not over what has come meanwhile', async () => {
    const trash = new Trash(folder, () => nowMs)
    put('boot.mcap', made())
    put('boot.yaml', 'note: x\n')
    await catalogue.look()
    const trashId = await trash.put(filesOf(folder, itemNamed('boot.mcap')))
    expect((await folder.list()).files).toEqual([])
    expect(await trash.list()).toMatchObject([{ trashId, recording: 'boot.mcap', removedAtMs: nowMs }])

    put('boot.mcap', made({ session: 'other' }))
    await expect(trash.restore(trashId)).rejects.toMatchObject({ code: 'RECORDING_NAME_TAKEN' })
    rmSync(join(folder.dir, 'boot.mcap'))
    expect(await trash.restore(trashId)).toBe('boot.mcap')
    expect((await readdir(folder.dir)).sort()).toEqual(['.trash', 'boot.mcap', 'boot.yaml'])
    expect(await trash.list()).toEqual([])
    await expect(trash.restore('../../x')).rejects.toMatchObject({ code: 'TRASH_UNKNOWN' })
    await expect(trash.empty('..')).rejects.toMatchObject({ code: 'TRASH_UNKNOWN' })
  })

  test('is emptied for good, by age or as a whole', async () => {
    const trash = new Trash(folder, () => nowMs)
    for (const name of ['a.mcap', 'b.mcap']) {
      put(name, made())
      await trash.put([{ name, path: join(folder.dir, name) }])
      nowMs += DAY_MS
    }
    await trash.emptyBefore(nowMs - 1.5 * DAY_MS)
    expect((await trash.list()).map(({ recording }) => recording)).toEqual(['b.mcap'])
    await trash.empty()
    expect(await trash.list()).toEqual([])
  })
})

describe('retention', () => {
  test('removes the old and then the oldest until the others fit, and never what is pinned or not whole', async () => {
    const endMs = START_MS + 1000
    for (let day = 0; day < 5; day++) {
      put(`d${day}.mcap`, made({ session: `s${day}`, fromMs: day * DAY_MS }))
    }
    put('d0.yaml', 'pinned: true\n')
    put('part.mcap', made({ session: 'p', isEnded: false }))
    await catalogue.look()
    const plan = (maxAgeDays: number | null, maxBytes: number | null): string[] =>
      retentionPlan(catalogue.items, { maxAgeDays, maxBytes }, endMs + 4 * DAY_MS).map(
        ({ item, why }) => `${item.row.recording} ${why}`,
      )
    expect(plan(null, null)).toEqual([])
    expect(plan(2.5, null)).toEqual(['d1.mcap age'])
    const all = catalogue.items.reduce((sum, { row }) => sum + row.fileBytes, 0)
    const one = itemNamed('d1.mcap').row.fileBytes
    expect(plan(null, all)).toEqual([])
    expect(plan(null, all - 1)).toEqual(['d1.mcap size'])
    expect(plan(2.5, all - 2 * one)).toEqual(['d1.mcap age', 'd2.mcap size'])
    expect(plan(null, 0)).toEqual(['d1.mcap size', 'd2.mcap size', 'd3.mcap size', 'd4.mcap size'])
  })
})

describe('verifying and recovering', () => {
  const jobs = (): { all: LibraryJobs; recovered: string[] } => {
    const recovered: string[] = []
    const all = new LibraryJobs({
      folder,
      disk: systemDisk,
      decompress: loadDecompress,
      library: 'test',
      onChange: () => undefined,
      onRecovered: (from, to) => {
        recovered.push(`${from} ${to}`)
        return Promise.resolve()
      },
    })
    return { all, recovered }
  }
  const ended = async (all: LibraryJobs): Promise<void> => {
    await expect
      .poll(() => all.jobs.some(({ state }) => state === 'running'), { timeout: 15_000, interval: 10 })
      .toBe(false)
  }

  test('says that a whole recording is whole, and where a damaged one is damaged', async () => {
    const damaged = made()
    damaged[Math.floor(damaged.length / 2)]! ^= 0x55
    put('whole.mcap', made())
    put('damaged.mcap', damaged)
    const { all } = jobs()
    all.verify('whole.mcap')
    all.verify('damaged.mcap')
    await ended(all)
    const [second, first] = all.jobs
    expect(first).toMatchObject({ state: 'done', isGood: true, share: 1 })
    expect(first!.result).toContain('Whole: all 83 entries')
    expect(second).toMatchObject({ state: 'done', isGood: false })
    expect(second!.result).toMatch(/1 damaged place, the first at byte \d+: a block is not what was written/)
    await all.close()
  })

  test('recovers an unfinished recording under its own name, a damaged one beside it', async () => {
    const damaged = made()
    damaged[Math.floor(damaged.length / 2)]! ^= 0x55
    put('damaged.mcap', damaged)
    put('broke.mcap.part', made({ isEnded: false, session: 'b' }))
    const { all, recovered } = jobs()
    all.recover('damaged.mcap')
    all.recover('broke.mcap.part')
    await ended(all)
    expect(recovered.sort()).toEqual(['broke.mcap.part broke.mcap', 'damaged.mcap damaged recovered.mcap'])
    await catalogue.look()
    expect(rows().map(({ recording, state, isRecovered }) => [recording, state, isRecovered])).toEqual([
      ['broke.mcap', 'whole', true],
      ['broke.mcap.part', 'unfinished', false],
      ['damaged recovered.mcap', 'whole', true],
      ['damaged.mcap', 'damaged', false],
    ])
    await all.close()
  })

  test('can be cancelled, and leaves nothing behind', async () => {
    put('a.mcap', made({ count: 3000 }))
    const { all } = jobs()
    const jobId = all.recover('a.mcap')
    all.cancel(jobId)
    await ended(all)
    expect(all.jobs[0]).toMatchObject({ state: 'cancelled' })
    expect(await readdir(folder.dir)).toEqual(['a.mcap'])
    expect(() => all.cancel(99)).toThrow(expect.objectContaining({ code: 'LIBRARY_JOB_UNKNOWN' }))
    await all.close()
  })

  test('two at a time; a third has to wait', async () => {
    for (const name of ['a', 'b', 'c']) put(`${name}.mcap`, made({ count: 500 }))
    const { all } = jobs()
    all.verify('a.mcap')
    all.verify('b.mcap')
    expect(() => all.verify('c.mcap')).toThrow(expect.objectContaining({ code: 'LIBRARY_JOBS_TOO_MANY' }))
    await ended(all)
    expect(all.verify('c.mcap')).toBe(3)
    await ended(all)
    await all.close()
  })

  test('a recording with bytes behind its end counts as one that was not ended', async () => {
    put('a.mcap', made())
    appendFileSync(join(folder.dir, 'a.mcap'), 'more')
    await catalogue.look()
    expect(rows()[0]!.state).toBe('unfinished')
  })
})
