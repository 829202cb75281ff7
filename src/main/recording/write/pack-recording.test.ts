import { McapIndexedReader } from '@mcap/core'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { linkChannelId } from '../format/channels'
import { memorySource } from '../read/byte-source'
import { noDecompression } from '../read/plain-block'
import { loadDecompress, loadZstd, MAX_INFLATION } from '../read/unpack-block'
import { verifyRecording } from '../read/verify'
import { McapEncoder } from './mcap-encoder'
import { loadCompress } from './pack-block'
import { packRecording } from './pack-recording'
import { systemDisk } from './recording-disk'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcore-pack-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const COUNT = 6000
const OPTIONS = { disk: systemDisk, library: 'test' }

function recording(isEnded = true): Uint8Array {
  const encoder = new McapEncoder({ library: 'test' })
  const parts = [encoder.begin(), encoder.metadata('session', new Map([['session_id', 'p']]))]
  for (let at = 0; at < COUNT; at++) {
    const body = `{"number":${at},"route":"telemetry.imu","values":[${at % 7},${at % 11},${at % 13}]}`
    encoder.add(linkChannelId(1, at % 2 === 0 ? 'rx' : 'tx'), BigInt(at) * 1_000_003n, Buffer.from(body))
    if (encoder.pendingBytes > 4096) parts.push(encoder.takeBlock()!)
  }
  const last = encoder.takeBlock()
  if (last !== null) parts.push(last)
  parts.push(encoder.attachment('notes.md', 'text/markdown', 1n, Buffer.from('# Notes')))
  if (isEnded) parts.push(encoder.end())
  return Buffer.concat(parts)
}

async function entriesOf(file: Uint8Array): Promise<string[]> {
  const entries: string[] = []
  const found = await verifyRecording(memorySource(file), await loadDecompress(), (entry) => {
    entries.push(
      `${entry.channelId} ${entry.number} ${entry.timeNs} ${Buffer.from(entry.data).toString('latin1')}`,
    )
  })
  expect([found.isWhole, found.damageCount]).toEqual([true, 0])
  return entries
}

describe('packing a finished recording', () => {
  test('makes it smaller and leaves every entry as it was; a stock reader opens it by its index', async () => {
    const path = join(folder, 'a.mcap')
    const before = recording()
    await writeFile(path, before)
    const packed = await packRecording(path, OPTIONS)
    expect(packed).toMatchObject({ isPacked: true, bytesBefore: before.length })
    const after = await readFile(path)
    expect(after.length).toBe(packed.bytesAfter)
    expect(after.length).toBeLessThan(before.length / 2)
    expect(await entriesOf(after)).toEqual(await entriesOf(before))
    expect(await readdir(folder)).toEqual(['a.mcap'])

    const zstd = await loadZstd()
    const reader = await McapIndexedReader.Initialize({
      readable: {
        size: () => Promise.resolve(BigInt(after.length)),
        read: (offset, length) => Promise.resolve(after.subarray(Number(offset), Number(offset + length))),
      },
      decompressHandlers: { zstd: (bytes, size) => zstd.decompress(bytes, Number(size)) },
    })
    let count = 0
    for await (const message of reader.readMessages({ startTime: 1_000_003n, endTime: 10_000_030n })) {
      expect(message.logTime % 1_000_003n).toBe(0n)
      count += 1
    }
    expect(count).toBe(10)
    expect(reader.statistics?.messageCount).toBe(BigInt(COUNT))
    expect(reader.chunkIndexes.some(({ compression }) => compression === 'zstd')).toBe(true)
  })

  test('packing twice changes nothing, and neither does packing what was cut off', async () => {
    const path = join(folder, 'b.mcap')
    await writeFile(path, recording())
    await packRecording(path, OPTIONS)
    const once = await readFile(path)
    expect((await packRecording(path, OPTIONS)).isPacked).toBe(false)
    expect((await readFile(path)).equals(once)).toBe(true)
    const torn = recording(false)
    await writeFile(path, torn)
    expect((await packRecording(path, OPTIONS)).isPacked).toBe(false)
    expect((await readFile(path)).equals(torn)).toBe(true)
  })

  test('stopped in its midst, or with a disk that fails at any operation, the recording is as it was', async () => {
    const path = join(folder, 'c.mcap')
    const before = recording()
    await writeFile(path, before)
    const stop = new AbortController()
    const packing = packRecording(path, { ...OPTIONS, signal: stop.signal, onProgress: () => stop.abort() })
    await expect(packing).rejects.toThrow('aborted')
    for (const failing of ['create', 'replace'] as const) {
      const disk = { ...systemDisk, [failing]: () => Promise.reject(new Error('no space left')) }
      await expect(packRecording(path, { ...OPTIONS, disk })).rejects.toThrow('no space left')
    }
    expect((await readFile(path)).equals(before)).toBe(true)
    expect((await readdir(folder)).filter((name) => name.startsWith('c'))).toEqual(['c.mcap'])
  })
})

describe('packed blocks', () => {
  test('one that would become too large is refused before memory is taken; without the library it is told', async () => {
    const zstd = await loadZstd()
    const decompress = await loadDecompress()
    const bomb = zstd.compress(new Uint8Array(16 * 1024 * 1024))
    expect(() => decompress('zstd', bomb, 16 * 1024 * 1024)).toThrow(RangeError)
    expect(decompress('zstd', zstd.compress(new Uint8Array(500)), 500)).toEqual(Buffer.alloc(500))
    expect(() => decompress('zstd', zstd.compress(new Uint8Array(500)), 100)).toThrow('cannot be unpacked')
    expect(() => decompress('zstd', Buffer.from('no zstd at all'), 100)).toThrow('cannot be unpacked')
    expect(decompress('lz4', bomb, 5)).toBeNull()
    const encoder = new McapEncoder({ library: 'test', compress: await loadCompress() })
    const parts = [encoder.begin()]
    encoder.add(
      linkChannelId(1, 'rx'),
      1n,
      Buffer.from(Array.from({ length: 20_000 }, (_, at) => `{"n":${at}}`).join('')),
    )
    parts.push(encoder.takeBlock()!, encoder.end())
    const { damage } = await verifyRecording(memorySource(Buffer.concat(parts)), noDecompression)
    expect(damage[0]!.why).toContain('"zstd", which is not known')
  })

  test('what packs too well is left as it is, so that reading it stays cheap', async () => {
    const compress = await loadCompress()
    expect(compress(new Uint8Array(1024 * 1024))).toBeNull()
    expect(compress(Buffer.from('{"a":1}'.repeat(100)))).toBeNull()
    const text = Buffer.from(Array.from({ length: 20_000 }, (_, at) => `{"n":${at}}`).join(''))
    const packed = compress(text)!
    expect(packed.bytes.length * MAX_INFLATION).toBeGreaterThan(text.length)
    expect(packed.bytes.length).toBeLessThan(text.length / 2)
  })
})
