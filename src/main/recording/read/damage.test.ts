import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { MemoryDisk } from '../../../testing/memory-disk'
import { seededRandom } from '../../transport/seeded-random'
import { linkChannelId } from '../format/channels'
import { McapEncoder } from '../write/mcap-encoder'
import { packRecording } from '../write/pack-recording'
import { systemDisk } from '../write/recording-disk'
import { memorySource } from './byte-source'
import type { Decompress } from './plain-block'
import { recoverRecording } from './recover'
import { loadDecompress } from './unpack-block'
import { verifyRecording } from './verify'

const SEED = 20261122
const COUNT = 1500
const LAST_BYTES = 64 * 1024
/** Every byte would take minutes: a prime step meets every kind of place. */
const STEP = 1021
const FLIPS = 45

let plain: Uint8Array
let packed: Uint8Array
let decompress: Decompress
let digests: readonly string[] = []

beforeAll(async () => {
  decompress = await loadDecompress()
  const encoder = new McapEncoder({ library: 'test' })
  const parts = [encoder.begin(), encoder.metadata('session', new Map([['session_id', 'd']]))]
  for (let at = 0; at < COUNT; at++) {
    const text = `{"n":${at},"x":${(at * 2654435761) % 4294967296}}`
    encoder.add(linkChannelId(1, 'rx'), BigInt(at), Buffer.from(text))
    if (encoder.pendingBytes > 8192) parts.push(encoder.takeBlock()!)
  }
  const last = encoder.takeBlock()
  if (last !== null) parts.push(last)
  parts.push(encoder.end())
  plain = new Uint8Array(Buffer.concat(parts))
  const folder = await mkdtemp(join(tmpdir(), 'netcore-damage-'))
  await writeFile(join(folder, 'a.mcap'), plain)
  await packRecording(join(folder, 'a.mcap'), { disk: systemDisk, library: 'test' })
  packed = new Uint8Array(await readFile(join(folder, 'a.mcap')))
  await rm(folder, { recursive: true })
  digests = (await read(plain)).entries
})

const digestOf = (data: Uint8Array): string => createHash('sha256').update(data).digest('base64')

async function read(
  file: Uint8Array,
): Promise<{ numbers: number[]; entries: string[]; damageCount: number }> {
  const numbers: number[] = []
  const entries: string[] = []
  const { damageCount } = await verifyRecording(memorySource(file), decompress, ({ number, data }) => {
    numbers.push(number)
    entries.push(digestOf(data))
  })
  return { numbers, entries, damageCount }
}

describe('a recording with its end cut off', () => {
  test('anywhere in its last 64 KiB gives the entries before the cut, unchanged, and nothing is missing between', async () => {
    for (const file of [plain, packed]) {
      let before = 0
      for (let length = Math.max(0, file.length - LAST_BYTES); length < file.length; length += STEP) {
        const { numbers, entries } = await read(file.subarray(0, length))
        expect(numbers.every((number, at) => number === at + 1)).toBe(true)
        expect(entries.every((entry, at) => entry === digests[at])).toBe(true)
        expect(numbers.length).toBeGreaterThanOrEqual(before)
        before = numbers.length
      }
    }
  })
})

describe('a recording with flipped bytes', () => {
  test(`gives no entry that was not written, in order, and recovers to a whole one; seed ${SEED}`, async () => {
    const random = seededRandom(SEED)
    for (const file of [plain, packed]) {
      for (let run = 0; run < FLIPS; run++) {
        const damaged = file.slice()
        const place = random(damaged.length)
        damaged[place] = damaged[place]! ^ (1 + random(255))
        const { numbers, entries } = await read(damaged)
        expect(numbers.every((number, at) => entries[at] === digests[number - 1])).toBe(true)
        expect(numbers.every((number, at) => at === 0 || number > numbers[at - 1]!)).toBe(true)
        if (run % 15 > 0) continue
        const disk = new MemoryDisk()
        const told = await recoverRecording(memorySource(damaged), decompress, disk, 'b.mcap', 'test')
        expect(told.entries).toBe(numbers.length)
        expect((await read(disk.bytesOf('b.mcap'))).damageCount).toBe(0)
      }
    }
  })
})
