import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Conversion, type ConversionsChanged, MAX_CONVERSIONS } from '../../../shared/model/exports'
import { simulatedRecording } from '../../../testing/simulated-recording'
import { VirtualClock } from '../../../testing/virtual-clock'
import { RecordingFolder } from '../../recording/library/recording-folder'
import type { Feed } from '../console-types'
import { ConvertDesk, INCOMING_IDLE_MS } from './convert-desk'

let recording: Uint8Array
beforeAll(async () => {
  recording = await simulatedRecording({ lengthMs: 1200 })
})

let workspaceDir = ''
let clock: VirtualClock
let desk: ConvertDesk
let newest: readonly Conversion[] = []
let feed: Feed<ConversionsChanged>
beforeEach(() => {
  workspaceDir = mkdtempSync(join(tmpdir(), 'netcore-convert-'))
  mkdirSync(join(workspaceDir, 'recordings'))
  writeFileSync(join(workspaceDir, 'recordings', 'boot.mcap'), recording)
  clock = new VirtualClock()
  desk = new ConvertDesk({
    clock,
    folder: new RecordingFolder(workspaceDir),
    workspaceDir,
    isBeingWritten: () => false,
    library: 'test',
    wallMs: () => 1_790_000_000_000,
    packedFromBytes: recording.length,
  })
  feed = desk.feed()
})
afterEach(async () => {
  feed.close()
  await desk.close()
  rmSync(workspaceDir, { recursive: true, force: true })
})

/** How a conversion ended; the clock of the feed goes on meanwhile. */
async function ended(id: number): Promise<Conversion> {
  let found: Conversion | undefined
  await vi.waitFor(() => {
    clock.advanceTo(clock.nowMs() + 250)
    newest = feed.take()?.conversions ?? newest
    found = newest.find((each) => each.id === id && each.state !== 'running')
    expect(found).toBeDefined()
  }, 10_000)
  return found!
}

const start = (more: object = {}): number => {
  const request = { recording: 'boot.mcap', format: 'jsonl' as const, filter: '', messageIds: [], ...more }
  return (desk.handlers['export.start'](request) as { id: number }).id
}

async function bring(name: string, bytes: Uint8Array, dialect = ''): Promise<Conversion> {
  const { id } = await desk.handlers['import.begin']({ name, byteCount: bytes.length, dialect })
  for (let at = 0; at < bytes.length; at += 5000)
    await desk.handlers['import.piece']({ id, at, bytes: bytes.slice(at, at + 5000) })
  await desk.handlers['import.end']({ id })
  return ended(id)
}

const filesIn = (dir: string): string[] => readdirSync(join(workspaceDir, dir)).sort()

describe('exports of a workspace', () => {
  test('lie in its folder under a free name, can be fetched in pieces, and come back as they were', async () => {
    const first = await ended(start())
    expect(first).toMatchObject({ state: 'done', kind: 'export', subject: 'boot.mcap' })
    await ended(start())
    await ended(start({ format: 'bin' }))
    expect(filesIn('exports')).toEqual([
      'boot (2).jsonl',
      'boot (3).idx.jsonl',
      'boot (3).rx.bin',
      'boot (3).tx.bin',
      'boot.jsonl',
    ])
    const [made] = first.files
    const file = readFileSync(made!.path)
    const parts: Uint8Array[] = []
    for (let at = 0; at < made!.byteCount; ) {
      const { bytes } = await desk.handlers['export.piece']({ id: first.id, file: 0, at })
      parts.push(bytes)
      at += bytes.length
    }
    expect(Buffer.concat(parts).equals(file)).toBe(true)
    const back = await bring('boot.jsonl', file)
    expect(back).toMatchObject({ state: 'done', entries: first.entries, recording: 'boot (2).mcap' })
  })

  test('that are stopped or make no sense leave nothing, and say why', async () => {
    const id = start()
    await desk.handlers['export.cancel']({ id })
    expect((await ended(id)).state).toBe('cancelled')
    const failed = await ended(start({ format: 'asciicast' }))
    expect(failed).toMatchObject({ state: 'failed', detail: expect.stringContaining('raw') as string })
    expect(filesIn('exports')).toEqual([])
    expect(() => start({ filter: 'msg.route ===' })).toThrow()
    expect(() => start({ recording: '../boot.mcap' })).toThrow()
    expect(() => start({ recording: 'none.mcap' })).toThrow('there is no recording')
    await expect(desk.handlers['export.piece']({ id: 999, file: 0, at: 0 })).rejects.toMatchObject({
      code: 'CONVERSION_UNKNOWN',
    })
  })

  test('never leave the workspace, also when a link stands in place of the folder', () => {
    const outside = mkdtempSync(join(tmpdir(), 'netcore-outside-'))
    symlinkSync(outside, join(workspaceDir, 'exports'))
    expect(() => start()).toThrow('leads out of the workspace')
    expect(readdirSync(outside)).toEqual([])
    rmSync(outside, { recursive: true })
  })
})

describe('files that are brought in', () => {
  test('get names that are good, whatever they are called, and lie nowhere else', async () => {
    const hostile = [
      '../x.mcap',
      '/etc/x.mcap',
      'C:\\x.mcap',
      '\\\\host\\x.mcap',
      'con.mcap',
      '..mcap',
      'a\u0000b.mcap',
    ]
    for (const name of hostile) expect((await bring(name, recording)).state).toBe('done')
    const names = filesIn('recordings')
    expect(names.length).toBe(1 + hostile.length)
    expect(names.every((name) => /^[\w .()-]+\.mcap$/.test(name))).toBe(true)
    expect(readdirSync(workspaceDir).sort()).toEqual(['recordings'])
  })

  test('come in order and as a whole, or not at all', async () => {
    const { id } = await desk.handlers['import.begin']({ name: 'a.mcap', byteCount: 100, dialect: '' })
    const piece = (at: number, length: number): Promise<unknown> =>
      Promise.resolve(desk.handlers['import.piece']({ id, at, bytes: new Uint8Array(length) }))
    await piece(0, 40)
    await expect(piece(0, 40)).rejects.toMatchObject({ code: 'IMPORT_INVALID' })
    await expect(piece(40, 61)).rejects.toMatchObject({ code: 'IMPORT_INVALID' })
    expect(() => desk.handlers['import.end']({ id })).toThrow('did not come as a whole')
    await desk.handlers['export.cancel']({ id })
    expect((await ended(id)).state).toBe('cancelled')
    await vi.waitFor(() => expect(filesIn('recordings')).toEqual(['boot.mcap']))
    await expect(
      Promise.resolve().then(() =>
        desk.handlers['import.begin']({ name: 'a.bin', byteCount: 1, dialect: '' }),
      ),
    ).rejects.toMatchObject({ code: 'IMPORT_INVALID' })
  })

  test('whose screen went away give their places back, and the files that came of them', async () => {
    const begin = (name: string): Promise<{ id: number }> =>
      Promise.resolve(desk.handlers['import.begin']({ name, byteCount: 100, dialect: '' }))
    const ids: number[] = []
    for (let at = 0; at < MAX_CONVERSIONS; at++) ids.push((await begin(`${at}.mcap`)).id)
    await expect(Promise.resolve().then(() => begin('more.mcap'))).rejects.toMatchObject({
      code: 'CONVERSIONS_TOO_MANY',
    })
    clock.advanceTo(INCOMING_IDLE_MS - 1)
    await desk.handlers['import.piece']({ id: ids[0]!, at: 0, bytes: new Uint8Array(10) })
    clock.advanceTo(INCOMING_IDLE_MS)
    expect((await ended(ids[1]!)).detail).toContain('nothing came for 5 minutes')
    await desk.handlers['import.piece']({ id: ids[0]!, at: 10, bytes: new Uint8Array(10) })
    await vi.waitFor(() => expect(filesIn('recordings')).toHaveLength(2)) // boot.mcap, and what still comes
    await begin('more.mcap')
  })

  test('a part of a recording becomes one of its own, and a finished one is packed where it lies', async () => {
    const { id } = await desk.handlers['export.trim']({ recording: 'boot.mcap', fromMs: 300, toMs: 900 })
    expect(await ended(id)).toMatchObject({ state: 'done', recording: 'boot part.mcap' })
    const packing = await desk.handlers['export.pack']({ recording: 'boot.mcap' })
    expect((await ended(packing.id)).state).toBe('done')
    expect(filesIn('recordings')).toEqual(['boot part.mcap', 'boot.mcap'])
  })

  test('a recording is redacted by typed rules or those of the workspace, under its own name with an ending', async () => {
    const rules = 'rules: [{ route: add, body: [b] }]'
    const { preview } = await desk.handlers['export.preview-redaction']({ recording: 'boot.mcap', rules })
    expect(preview).toMatchObject({ rules: [{ words: 'add | body: b', messages: 1 }], isWhole: true })
    const typed = await desk.handlers['export.redact']({ recording: 'boot.mcap', rules })
    expect(await ended(typed.id)).toMatchObject({
      kind: 'redact',
      state: 'done',
      subject: 'boot.mcap',
      recording: 'boot-redacted.mcap',
    })
    const bytesOf = (name: string): Buffer => readFileSync(join(workspaceDir, 'recordings', name))
    expect(bytesOf('boot.mcap').includes('"a":1,"b":2')).toBe(true)
    expect(bytesOf('boot-redacted.mcap').includes('"a":1,"b":2')).toBe(false)

    expect(await desk.handlers['export.rules']({})).toEqual({ rules: null })
    expect(() => desk.handlers['export.redact']({ recording: 'boot.mcap' })).toThrow(
      'has no file redact.yaml',
    )
    writeFileSync(join(workspaceDir, 'redact.yaml'), 'rules: [{ body: all }]')
    expect(await desk.handlers['export.rules']({})).toEqual({ rules: 'rules: [{ body: all }]' })
    const own = await desk.handlers['export.redact']({ recording: 'boot.mcap' })
    expect((await ended(own.id)).recording).toBe('boot-redacted (2).mcap')
  })

  test('a redaction that is stopped, or by rules that make no sense, leaves nothing and says where they are wrong', async () => {
    const redact = (rules: string): { id: number } =>
      desk.handlers['export.redact']({ recording: 'boot.mcap', rules }) as { id: number }
    expect(() => redact('rules:\n  - route: 5\n')).toThrow(/^rules:2:/)
    expect(() => redact('rules: [{ route: a }]')).toThrow('leaves nothing out')
    expect(() => redact('')).toThrow('rules')
    await expect(
      Promise.resolve(
        desk.handlers['export.preview-redaction']({ recording: 'boot.mcap', rules: 'rules: [' }),
      ),
    ).rejects.toMatchObject({ code: 'REDACTION_INVALID' })
    const { id } = redact('rules: [{ body: all }]')
    await desk.handlers['export.cancel']({ id })
    expect((await ended(id)).state).toBe('cancelled')
    expect(filesIn('recordings')).toEqual(['boot.mcap'])
  })

  test('what is made of a recording with the longest name there is has a name too', async () => {
    const long = 'x'.repeat(80)
    writeFileSync(join(workspaceDir, 'recordings', `${long}.mcap`), recording)
    const { id } = await desk.handlers['export.trim']({ recording: `${long}.mcap`, fromMs: 300, toMs: 900 })
    expect(await ended(id)).toMatchObject({ state: 'done', recording: `${'x'.repeat(69)} part.mcap` })
  })

  test('what is finished is packed by itself when it is large, and never fails anybody', async () => {
    const path = join(workspaceDir, 'recordings', 'boot.mcap')
    writeFileSync(join(workspaceDir, 'recordings', 'small.mcap'), recording.subarray(0, recording.length - 1))
    desk.packFinished(['small.mcap', 'gone.mcap', 'boot.mcap'])
    expect(await ended(1)).toMatchObject({ kind: 'pack', recording: 'boot.mcap', state: 'done' })
    expect(statSync(path).size).toBeLessThan(recording.length)
    expect(newest).toHaveLength(1)
  })
})
