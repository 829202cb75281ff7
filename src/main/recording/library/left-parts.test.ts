import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { linkChannelId } from '../format/channels'
import { memorySource } from '../read/byte-source'
import { noDecompression } from '../read/plain-block'
import { verifyRecording } from '../read/verify'
import { McapEncoder } from '../write/mcap-encoder'
import { systemDisk } from '../write/recording-disk'
import { mayBeWritten, writerFacts } from '../write/writer-identity'
import { type LeftPart, recoverLeftParts } from './left-parts'
import { RecordingFolder } from './recording-folder'

const RX = linkChannelId(1, 'rx')
const LATER_MS = Date.now() + 3_600_000
const ENTRIES = 40

let workspace: string
let folder: RecordingFolder
/** Facts of a program that has ended. */
let deadFacts: Record<string, string>

beforeEach(async () => {
  workspace = mkdtempSync(join(tmpdir(), 'netcore-parts-'))
  folder = new RecordingFolder(workspace)
  folder.make()
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  deadFacts = { ...writerFacts(), writer_pid: `${child.pid}` }
})
afterEach(() => rmSync(workspace, { recursive: true, force: true }))

/** A part with a block for each entry, without an end. */
function part(facts: Record<string, string> = deadFacts, entries = ENTRIES): Buffer {
  const encoder = new McapEncoder({ library: 'test' })
  const blocks: Uint8Array[] = [encoder.begin(), encoder.metadata('session', new Map(Object.entries(facts)))]
  for (let at = 1; at <= entries; at++) {
    encoder.add(RX, BigInt(at) * 1_000_000n, new Uint8Array(100).fill(at))
    const block = encoder.takeBlock()
    if (block !== null) blocks.push(block)
  }
  return Buffer.concat(blocks)
}

const put = (name: string, bytes: Uint8Array): void => writeFileSync(join(folder.dir, name), bytes)
const files = (): string[] => readdirSync(folder.dir).sort()
const recover = (isOurs: (path: string) => boolean = () => false): Promise<LeftPart[]> =>
  recoverLeftParts(folder, { library: 'test', isOurs, nowMs: () => LATER_MS })
const numbersIn = async (name: string): Promise<number[]> => {
  const numbers: number[] = []
  const { isWhole } = await verifyRecording(
    memorySource(new Uint8Array(readFileSync(join(folder.dir, name)))),
    noDecompression,
    ({ number }) => numbers.push(number),
  )
  expect(isWhole).toBe(true)
  return numbers
}
const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)

describe('a part that a program left behind', () => {
  test('gets its index and its name, with all that can be read, wherever it is cut off', async () => {
    const whole = part()
    const cuts = [whole.length, whole.length - 1, whole.length - 60, whole.length >> 1, 700]
    for (const [at, cut] of cuts.entries()) put(`cut ${at}.mcap.part`, whole.subarray(0, cut))
    const found = await recover()
    expect(found.map(({ became }) => became)).toEqual(cuts.map(() => 'recovered'))
    expect(files()).toEqual(cuts.map((_, at) => `cut ${at}.mcap`))
    const counts = await Promise.all(
      cuts.map(async (_, at) => {
        const numbers = await numbersIn(`cut ${at}.mcap`)
        expect(numbers).toEqual(upTo(numbers.length))
        return numbers.length
      }),
    )
    expect(counts.slice(0, 3)).toEqual([ENTRIES, ENTRIES, ENTRIES - 1]) // the last byte is of an index
    expect(counts[3]).toBeGreaterThan(ENTRIES / 2 - 3)
    expect(counts[4]).toBeGreaterThan(0)
  })

  test('stays under another name when something in its midst is damaged', async () => {
    const bytes = part()
    bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 10)
    put('bad.mcap.part', bytes)
    expect(await recover()).toMatchObject([{ became: 'recovered', lostMiddle: 1, entries: ENTRIES - 1 }])
    expect(files()).toEqual(['bad.mcap', 'bad.mcap.damaged'])
    expect(readFileSync(join(folder.dir, 'bad.mcap.damaged')).equals(bytes)).toBe(true)
    expect(await recover()).toEqual([])
  })

  test('takes the name that was only reserved, but never that of another recording', async () => {
    put('kept.mcap', Buffer.from('somebody else'))
    put('kept.mcap.part', part())
    put('reserved.mcap', Buffer.alloc(0))
    put('reserved.mcap.part', part())
    await recover()
    expect(files()).toEqual(['kept (2).mcap', 'kept.mcap', 'reserved.mcap'])
    expect(readFileSync(join(folder.dir, 'kept.mcap'), 'utf8')).toBe('somebody else')
    expect(await numbersIn('reserved.mcap')).toEqual(upTo(ENTRIES))
  })

  test('without an entry leaves nothing behind', async () => {
    put('header.mcap.part', part(deadFacts, 0))
    put('zero.mcap.part', Buffer.alloc(0))
    expect((await recover()).map(({ became }) => became)).toEqual(['nothing', 'nothing'])
    expect(files()).toEqual([])
  })

  test('stays as it is while its program lives, or we write it ourselves, or it was begun just now', async () => {
    const living = part(writerFacts())
    put('living.mcap.part', living)
    put('ours.mcap.part', part())
    put('unknown.mcap.part', Buffer.from('abc'))
    const isOurs = (path: string): boolean => path.endsWith('ours.mcap')
    utimesSync(join(folder.dir, 'unknown.mcap.part'), LATER_MS / 1000, LATER_MS / 1000)
    expect((await recover(isOurs)).map(({ became }) => became)).toEqual(['left', 'left', 'left'])
    expect(files()).toEqual(['living.mcap.part', 'ours.mcap.part', 'unknown.mcap.part'])
    expect(readFileSync(join(folder.dir, 'living.mcap.part')).equals(living)).toBe(true)
  })

  test('stays when the disk refuses, without a draft beside it, and keeps no other from being finished', async () => {
    put('a.mcap.part', part())
    put('b.mcap.part', part())
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' })
    const disk = {
      ...systemDisk,
      create: async (path: string) => {
        const file = await systemDisk.create(path)
        return path.includes('a.mcap')
          ? { ...file, append: () => Promise.reject(full), close: () => file.close() }
          : file
      },
    }
    const found = await recoverLeftParts(folder, {
      library: 'test',
      isOurs: () => false,
      nowMs: () => LATER_MS,
      disk,
    })
    expect(found).toMatchObject([
      { part: 'a.mcap.part', became: 'failed', problem: { code: 'RECORDING_DISK_FULL' } },
      { part: 'b.mcap.part', became: 'recovered' },
    ])
    expect(files()).toEqual(['a.mcap.part', 'b.mcap'])
  })
})

describe('whether a part may still be written', () => {
  const facts = (changed: Record<string, string>) => new Map(Object.entries({ ...writerFacts(), ...changed }))

  test('is asked of the system, by number and beginning of the process', () => {
    expect(mayBeWritten(facts({}), 1e9)).toBe(true)
    expect(mayBeWritten(facts({ writer_pid: deadFacts['writer_pid']! }), 0)).toBe(false)
    if (writerFacts()['writer_started'] !== undefined)
      expect(mayBeWritten(facts({ writer_started: '1' }), 0)).toBe(false)
  })

  test('cannot be asked of another computer: a day without a change tells', () => {
    expect(mayBeWritten(facts({ writer_host: 'elsewhere' }), 23 * 3_600_000)).toBe(true)
    expect(mayBeWritten(facts({ writer_host: 'elsewhere' }), 24 * 3_600_000)).toBe(false)
  })

  test('is not known of a beginning that cannot be read: it gets ten seconds', () => {
    expect(mayBeWritten(null, 9_999)).toBe(true)
    expect(mayBeWritten(null, 10_000)).toBe(false)
    expect(mayBeWritten(new Map([['writer_pid', '-1']]), 10_000)).toBe(false)
  })
})
