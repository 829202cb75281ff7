import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { McapWriter } from '@mcap/core'
import { describe, expect, test } from 'vitest'
import { MemoryDisk } from '../../../testing/memory-disk'
import { linkChannelId, sessionChannelId } from '../format/channels'
import { McapEncoder } from '../write/mcap-encoder'
import { packRecording } from '../write/pack-recording'
import { systemDisk } from '../write/recording-disk'
import { memorySource } from './byte-source'
import { RECORD } from './record-shape'
import { recoverRecording } from './recover'
import { loadDecompress } from './unpack-block'
import { verifyRecording } from './verify'

const ENTRIES = 12
const MAGIC_BYTES = 8
const HEAD_BYTES = 9

const decompress = await loadDecompress()

/** Small enough to damage every byte of it, with a record of every kind. */
function recording(): Uint8Array {
  const encoder = new McapEncoder({ library: 'test' })
  const parts = [encoder.begin(), encoder.metadata('session', new Map([['session_id', 'abc']]))]
  for (let at = 0; at < ENTRIES; at++) {
    const channel = at % 3 === 0 ? sessionChannelId('op') : linkChannelId(1, at % 3 === 1 ? 'rx' : 'tx')
    encoder.add(channel, BigInt(1000 + at * 10), Buffer.from(`{"n":${at}}`))
    if (at % 4 === 3) parts.push(encoder.takeBlock()!)
  }
  parts.push(encoder.attachment('notes.md', 'text/markdown', 5n, Buffer.from('words')))
  parts.push(encoder.end())
  return new Uint8Array(Buffer.concat(parts))
}

async function packed(file: Uint8Array): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'netcore-index-'))
  await writeFile(join(folder, 'a.mcap'), file)
  await packRecording(join(folder, 'a.mcap'), { disk: systemDisk, library: 'test' })
  const made = new Uint8Array(await readFile(join(folder, 'a.mcap')))
  await rm(folder, { recursive: true })
  return made
}

interface Placed {
  readonly kind: number
  readonly from: number
  readonly to: number
}

/** Every record of a sound file. */
function recordsOf(file: Uint8Array): Placed[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  const records: Placed[] = []
  for (let from = MAGIC_BYTES; from < file.length - MAGIC_BYTES; ) {
    const to = from + HEAD_BYTES + Number(view.getBigUint64(from + 1, true))
    records.push({ kind: file[from]!, from, to })
    from = to
  }
  return records
}

const verify = (file: Uint8Array) => verifyRecording(memorySource(file), decompress)

function flipped(file: Uint8Array, place: number, mask: number): Uint8Array {
  const damaged = file.slice()
  damaged[place] = damaged[place]! ^ mask
  return damaged
}

async function recoveredEntries(file: Uint8Array): Promise<number> {
  const disk = new MemoryDisk()
  const { entries } = await recoverRecording(memorySource(file), decompress, disk, 'b.mcap', 'test')
  expect(await verify(disk.bytesOf('b.mcap'))).toMatchObject({ entries, isWhole: true })
  return entries
}

describe('verifying a recording with one changed byte', () => {
  const file = recording()

  test('has a record of every kind to damage', () => {
    const kinds = new Set(recordsOf(file).map(({ kind }) => kind))
    const others = Object.values(RECORD).filter((kind) => kind !== RECORD.message) // that stands within blocks
    expect([...kinds].toSorted((a, b) => a - b)).toEqual(others.toSorted((a, b) => a - b))
  })

  for (const mask of [0x01, 0x80, 0xff]) {
    test(`notices each byte of the file, in a place that has it, flipped with ${mask}`, async () => {
      for (let place = 0; place < file.length; place++) {
        const found = await verify(flipped(file, place, mask))
        expect(found.isWhole, `byte ${place}`).toBe(false)
        const isNamed = found.damage.some(
          ({ offset, byteCount }) => place >= offset && place < offset + Math.max(1, byteCount),
        )
        expect(isNamed, `byte ${place}: ${JSON.stringify(found.damage)}`).toBe(true)
      }
    })
  }

  test('notices each byte of a packed one', async () => {
    const small = await packed(file)
    for (let place = 0; place < small.length; place++) {
      expect((await verify(flipped(small, place, 0x10))).isWhole, `byte ${place}`).toBe(false)
    }
  })

  test('recover gives every entry where all that is damaged can be made again', async () => {
    const counts = new Map<number, number>()
    for (const { kind, from, to } of recordsOf(file)) {
      for (let place = from; place < to; place += 3) {
        const damaged = flipped(file, place, 0x04)
        const { damage } = await verify(damaged)
        if (damage.some(({ recovery }) => recovery === 'left-out')) continue
        expect(await recoveredEntries(damaged), `byte ${place}`).toBe(ENTRIES)
        counts.set(kind, (counts.get(kind) ?? 0) + 1)
      }
    }
    const { blockIndex, statistics, summaryOffset, metadataIndex, attachmentIndex, footer, messageIndex } =
      RECORD
    for (const kind of [
      blockIndex,
      statistics,
      summaryOffset,
      metadataIndex,
      attachmentIndex,
      footer,
      messageIndex,
    ])
      expect(counts.get(kind), `record ${kind}`).toBeGreaterThan(0)
  })
})

describe('an index that is sound in itself', () => {
  test.each([
    ['a block', RECORD.blockIndex, 'the index of a block leads elsewhere'],
    ['the numbers of it all', RECORD.statistics, 'the statistics are not those of the data'],
    ['metadata', RECORD.metadataIndex, 'the index of metadata leads elsewhere'],
    ['an attachment', RECORD.attachmentIndex, 'the index of an attachment leads elsewhere'],
    ['a channel', RECORD.channel, 'a channel is not that of the data'],
    ['a schema', RECORD.schema, 'a schema is not that of the data'],
    ['a group of itself', RECORD.summaryOffset, 'the overview of the index leads elsewhere'],
    ['entries', RECORD.messageIndex, 'is not that of its entries'],
  ])('is wrong about %s: the record is named, by its place', async (_, kind, why) => {
    const file = recording()
    const record = recordsOf(file).findLast((one) => one.kind === kind)!
    const { damage } = await verify(flipped(file, record.to - 1, 0x01))
    expect(damage[0]).toMatchObject({ offset: record.from, recovery: 'made-again' })
    expect(damage[0]!.why).toContain(why)
  })
})

test('a file of the stock MCAP writer, with an index of its own making, is whole', async () => {
  const parts: Uint8Array[] = []
  let length = 0
  const write = (bytes: Uint8Array): Promise<void> => {
    parts.push(bytes.slice())
    length += bytes.length
    return Promise.resolve()
  }
  const writer = new McapWriter({ writable: { position: () => BigInt(length), write }, chunkSize: 200 })
  await writer.start({ profile: '', library: 'other' })
  const schemaId = await writer.registerSchema({ name: 'a', encoding: 'jsonschema', data: Buffer.from('{}') })
  const channel = { topic: '/a', messageEncoding: 'json', metadata: new Map([['a', 'b']]) }
  const channelId = await writer.registerChannel({ ...channel, schemaId })
  await writer.registerChannel({ ...channel, topic: '/never', schemaId: 0 })
  for (let at = 1; at < 30; at++) {
    const times = { logTime: BigInt(at), publishTime: 0n }
    await writer.addMessage({ channelId, sequence: at, ...times, data: Buffer.from('{}') })
  }
  await writer.addMetadata({ name: 'm', metadata: new Map([['x', 'y']]) })
  const [mediaType, logTime, createTime] = ['text/plain', 1n, 2n]
  await writer.addAttachment({ name: 't', mediaType, logTime, createTime, data: Buffer.from('t') })
  await writer.end()
  expect(await verify(Buffer.concat(parts))).toMatchObject({ entries: 29, damage: [], isWhole: true })
})
