import { createHash } from 'node:crypto'
import { linkChannelId, sessionChannelId } from '../src/main/recording/format/channels'
import { type ByteSource, memorySource } from '../src/main/recording/read/byte-source'
import { noDecompression } from '../src/main/recording/read/plain-block'
import { recoverRecording } from '../src/main/recording/read/recover'
import { verifyRecording } from '../src/main/recording/read/verify'
import { McapEncoder } from '../src/main/recording/write/mcap-encoder'
import type { RecordingDisk } from '../src/main/recording/write/recording-disk'
import { seededRandom } from '../src/main/transport/seeded-random'
import { MemoryDisk } from '../src/testing/memory-disk'
import type { SoakCounts, SoakOptions } from './job'

const MIB = 1024 * 1024
const LAST_BYTES = 64 * 1024
const FLIPS = 10_000
/** Each recovered file is read again so often, all others are counted by what recovering tells. */
const READ_BACK_EVERY = 64
const MOST_CPU_SECONDS = 5
const BIG_BYTES = 100 * MIB
const BIG_DAMAGES = 1000
/** More than this in a byte of a file, and reading it is no longer linear. */
const ENTRY_BYTES = 16 * 1024

interface Block {
  readonly from: number
  /** Behind its records, before its index. */
  readonly to: number
  /** Numbers of its entries. */
  readonly first: number
  readonly last: number
}

interface Made {
  readonly file: Uint8Array
  readonly blocks: readonly Block[]
  readonly digests: readonly string[]
}

const digestOf = (timeNs: bigint, data: Uint8Array): string =>
  createHash('sha1').update(`${timeNs}`).update(data).digest('base64')

/** A recording with blocks of a few KiB of every size, and where each of them lies. */
function recording(seed: number, plainBytes: number): Made {
  const random = seededRandom(seed)
  const encoder = new McapEncoder({ library: 'soak' })
  const parts = [encoder.begin(), encoder.metadata('session', new Map([['session_id', 'damage']]))]
  const blocks: Block[] = []
  const digests: string[] = []
  let number = 0
  while (encoder.position < plainBytes) {
    const first = number + 1
    for (let left = 1 + random(24); left > 0; left--) {
      const data = Uint8Array.from({ length: random(200) }, () => random(256))
      const timeNs = BigInt(1_000_000 + number * 1000)
      const channel =
        random(8) === 0 ? sessionChannelId('op') : linkChannelId(1, random(2) === 0 ? 'rx' : 'tx')
      number = encoder.add(channel, timeNs, data)
      digests.push(digestOf(timeNs, data))
    }
    const from = encoder.position
    const bytes = encoder.takeBlock()!
    parts.push(bytes)
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(1, true)) + 9
    blocks.push({ from, to: from + length, first, last: number })
    if (random(10) === 0) {
      parts.push(encoder.attachment('notes.md', 'text/markdown', 1n, new Uint8Array(random(100))))
    }
  }
  parts.push(encoder.end())
  return { file: new Uint8Array(Buffer.concat(parts)), blocks, digests }
}

async function readEntries(source: ByteSource): Promise<Map<number, string>> {
  const entries = new Map<number, string>()
  await verifyRecording(source, noDecompression, ({ number, timeNs, data }) => {
    entries.set(number, digestOf(timeNs, data))
  })
  return entries
}

/** Recovers a file in memory. @returns How many entries it told of, and those that the new file has. */
async function recovered(file: Uint8Array, isReadBack: boolean) {
  const disk = new MemoryDisk()
  const told = await recoverRecording(memorySource(file), noDecompression, disk, 'r.mcap', 'soak')
  if (!isReadBack) return { told, entries: null }
  const made = disk.bytesOf('r.mcap')
  const { isWhole } = await verifyRecording(memorySource(made), noDecompression)
  if (!isWhole) throw new Error('a recovered file is not whole')
  return { told, entries: await readEntries(memorySource(made)) }
}

/**
 * R3: a file cut off at each byte of its last 64 KiB, and 10,000 files with one changed byte, times `scale`. What comes back
 * is exactly what stands in the blocks that are whole: those before the damage, and those after it.
 */
export async function soakDamagedRecordings({ seed, scale }: SoakOptions): Promise<SoakCounts> {
  const made = recording(seed, 66 * 1024)
  const cuts = await cutEverywhere(made, Math.max(1, Math.round(1 / scale)))
  const flips = await flipAnywhere(made, seed, Math.max(100, Math.round(FLIPS * scale)))
  const [damaged, looks] = [await cpuOfDamaged(seed), await cpuOfLookalikes()]
  const counts = {
    cuts,
    flips: flips.runs,
    'flips that cost a block': flips.blocksLost,
    'entries lost beside it': 0,
    'CPU s per 100 MiB, 1,000 damaged places': damaged,
    'CPU s per 100 MiB of what looks like blocks': looks,
  }
  if (Math.max(damaged, looks) > MOST_CPU_SECONDS) throw new Error(JSON.stringify(counts))
  return counts
}

async function cutEverywhere({ file, blocks, digests }: Made, step: number): Promise<number> {
  let cuts = 0
  for (let length = Math.max(0, file.length - LAST_BYTES); length < file.length; length += step) {
    const isReadBack = cuts % READ_BACK_EVERY === 0
    const { told, entries } = await recovered(file.subarray(0, length), isReadBack)
    const expected = blocks.findLast(({ to }) => to <= length)?.last ?? 0
    const isRight = told.entries === expected && told.lostMiddle === 0
    const isSame = entries === null || isUpTo(entries, expected, digests)
    if (!isRight || !isSame) throw new Error(`cut at ${length}: ${told.entries} entries, not ${expected}`)
    cuts += 1
  }
  return cuts
}

const isUpTo = (entries: Map<number, string>, count: number, digests: readonly string[]): boolean =>
  entries.size === count &&
  Array.from({ length: count }, (_, at) => entries.get(at + 1) === digests[at]).every(Boolean)

async function flipAnywhere(
  { file, blocks, digests }: Made,
  seed: number,
  runs: number,
): Promise<{ runs: number; blocksLost: number }> {
  const random = seededRandom(seed + 1)
  let blocksLost = 0
  for (let run = 0; run < runs; run++) {
    const place = random(file.length)
    const mask = 1 + random(255)
    const damaged = file.slice()
    damaged[place] = damaged[place]! ^ mask
    const where = `seed ${seed}, run ${run}: byte ${place} ^ ${mask}`
    if ((await verifyRecording(memorySource(damaged), noDecompression)).isWhole) {
      throw new Error(`${where}: verify did not notice`)
    }
    const { entries } = await recovered(damaged, true)
    const hit = blocks.find(({ from, to }) => place >= from && place < to)
    const missing = digests.flatMap((digest, at) => (entries!.get(at + 1) === digest ? [] : [at + 1]))
    const hitCount = hit === undefined ? 0 : hit.last - hit.first + 1
    const isOfBlock = missing.every(
      (number) => hit !== undefined && number >= hit.first && number <= hit.last,
    )
    const isAllOrNone = missing.length === 0 || missing.length === hitCount
    if (!isOfBlock || !isAllOrNone || entries!.size + missing.length !== digests.length) {
      throw new Error(`${where}: ${missing.length} entries are missing, ${hitCount} stood there`)
    }
    if (missing.length > 0) blocksLost += 1
  }
  return { runs, blocksLost }
}

/** A disk that takes what is written, and keeps nothing. */
const sink: RecordingDisk = {
  create: () =>
    Promise.resolve({
      append: () => Promise.resolve(),
      sync: () => Promise.resolve(),
      close: () => Promise.resolve(),
    }),
  publish: () => Promise.resolve(),
  replace: () => Promise.resolve(),
  remove: () => Promise.resolve(),
  freeBytes: () => Promise.resolve(Number.MAX_SAFE_INTEGER),
}

async function cpuSeconds(file: Uint8Array): Promise<number> {
  const before = process.cpuUsage()
  await verifyRecording(memorySource(file), noDecompression)
  await recoverRecording(memorySource(file), noDecompression, sink, 'r.mcap', 'soak')
  const { user, system } = process.cpuUsage(before)
  return Math.round(((user + system) / 1e6 / (file.length / BIG_BYTES)) * 50) / 100 // each of the two
}

function cpuOfDamaged(seed: number): Promise<number> {
  const random = seededRandom(seed + 2)
  const encoder = new McapEncoder({ library: 'soak' })
  const parts = [encoder.begin()]
  const data = Uint8Array.from({ length: ENTRY_BYTES }, () => random(256))
  while (encoder.position < BIG_BYTES) {
    for (let at = 0; at < 4; at++) encoder.add(linkChannelId(1, 'rx'), 1n, data)
    parts.push(encoder.takeBlock()!)
  }
  parts.push(encoder.end())
  const file = new Uint8Array(Buffer.concat(parts))
  for (let at = 0; at < BIG_DAMAGES; at++) file[random(file.length)]! ^= 1 + random(255)
  return cpuSeconds(file)
}

/** As bad as it gets: every 58 bytes something begins that may be a block reaching as far as a block may. */
function cpuOfLookalikes(): Promise<number> {
  const file = new Uint8Array(BIG_BYTES)
  file.set([0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a])
  const view = new DataView(file.buffer)
  const HEAD_BYTES = 49
  const MOST_BYTES = 64 * MIB
  for (let at = 8; at + HEAD_BYTES < file.length; at += HEAD_BYTES) {
    const length = Math.min(MOST_BYTES, file.length - at) - 9
    file[at] = 0x06
    view.setBigUint64(at + 1, BigInt(length), true)
    view.setBigUint64(at + 25, BigInt(length - 40), true)
    view.setUint32(at + 33, 1, true)
    view.setBigUint64(at + 41, BigInt(length - 40), true)
  }
  return cpuSeconds(file)
}
