import { McapIndexedReader } from '@mcap/core'
import { describe, expect, test } from 'vitest'
import { MemoryDisk } from '../../../testing/memory-disk'
import { settlePromises, VirtualClock } from '../../../testing/virtual-clock'
import { linkChannelId, sessionChannelId } from '../format/channels'
import { memorySource } from '../read/byte-source'
import { noDecompression } from '../read/plain-block'
import { verifyRecording } from '../read/verify'
import { ENTRY_HEAD_BYTES } from './block-builder'
import { FLUSH_BYTES, FLUSH_MS, RecordingWriter, SYNC_MS, type WriterLimits } from './recording-writer'

const RX = linkChannelId(1, 'rx')
const MESSAGE = linkChannelId(1, 'message')
const PATH = 'recordings/a.mcap'

function recording(disk = new MemoryDisk(), limits?: WriterLimits) {
  const clock = new VirtualClock()
  const durable: number[] = []
  const writer = new RecordingWriter({
    disk,
    clock,
    path: PATH,
    encoder: { library: 'netcore-console test' },
    session: new Map([['session_id', 'abc']]),
    ...(limits && { limits }),
    onDurable: (entry) => durable.push(entry),
  })
  const numbersIn = async (path: string): Promise<number[]> => {
    const numbers: number[] = []
    await verifyRecording(memorySource(disk.bytesOf(path)), noDecompression, ({ number }) =>
      numbers.push(number),
    )
    return numbers
  }
  return { disk, clock, writer, durable, numbersIn }
}

const bytes = (count: number, first = 0): Uint8Array =>
  Uint8Array.from({ length: count }, (_, at) => first + at)
const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)

describe('a recording that grows', () => {
  test('has on disk what came 250 ms ago, and tells what is durable after a second', async () => {
    const { clock, writer, durable, numbersIn } = recording()
    for (let at = 0; at < 10; at++) writer.add(RX, BigInt(at), bytes(12, at))
    await clock.advanceToAsync(FLUSH_MS - 1)
    expect(await numbersIn(`${PATH}.part`)).toEqual([])
    await clock.advanceToAsync(FLUSH_MS)
    expect(await numbersIn(`${PATH}.part`)).toEqual(upTo(10))
    expect(durable).toEqual([])
    await clock.advanceToAsync(FLUSH_MS + SYNC_MS)
    expect(durable).toEqual([10])
    expect(writer.counts).toMatchObject({ entries: 10, durableEntries: 10, queuedBytes: 0 })
  })

  test('hands 64 KiB over at once, without waiting for the time', async () => {
    const { writer, numbersIn } = recording()
    for (let at = 0; at < 20; at++) writer.add(RX, BigInt(at), bytes(4096))
    await settlePromises()
    expect((await numbersIn(`${PATH}.part`)).length).toBeGreaterThanOrEqual(15)
  })

  test('is on the medium at once when a device is pulled', async () => {
    const { disk, writer, durable } = recording()
    writer.add(RX, 1n, bytes(8))
    writer.sync()
    await settlePromises()
    expect(durable).toEqual([1])
    const file = disk.files.get(`${PATH}.part`)!
    expect(file.syncedBytes).toBe(disk.bytesOf(`${PATH}.part`).length)
  })

  test('gets its name when it ends, and the stock indexed reader finds every entry by time', async () => {
    const { disk, clock, writer } = recording()
    for (let at = 0; at < 500; at++) {
      writer.add(
        at % 5 === 0 ? MESSAGE : RX,
        BigInt(at) * 1_000_000n,
        at % 5 === 0 ? json({ at }) : bytes(40, at),
      )
      if (at % 50 === 49) await clock.advanceToAsync((at + 1) * 10)
    }
    writer.attach('notes.md', 'text/markdown', 7n, json('note'))
    expect(await writer.end()).toBe(PATH)
    expect([...disk.files.keys()]).toEqual([PATH])
    const file = disk.bytesOf(PATH)
    const reader = await McapIndexedReader.Initialize({
      readable: {
        size: () => Promise.resolve(BigInt(file.length)),
        read: (offset, size) => Promise.resolve(file.subarray(Number(offset), Number(offset + size))),
      },
    })
    expect(reader.statistics).toMatchObject({ messageCount: 500n, channelCount: 2, attachmentCount: 1 })
    expect([...reader.channelsById.values()].map(({ topic }) => topic)).toEqual([
      '/link/1/message',
      '/link/1/rx',
    ])
    const window: bigint[] = []
    for await (const message of reader.readMessages({ startTime: 100_000_000n, endTime: 109_000_000n })) {
      window.push(message.logTime / 1_000_000n)
    }
    expect(window).toEqual([100n, 101n, 102n, 103n, 104n, 105n, 106n, 107n, 108n, 109n])
  })
})

describe('a disk that is too slow', () => {
  const limits: WriterLimits = { queuedBytes: 100_000, mostQueuedBytes: 200_000 }

  test('gets everything that waits in a few operations, of a few megabytes each', async () => {
    const disk = new MemoryDisk()
    let release: () => void = () => undefined
    disk.stall = new Promise((resolve) => (release = resolve))
    const { writer, numbersIn } = recording(disk)
    await settlePromises()
    const appendsBefore = disk.operations.filter((operation) => operation === 'append').length
    for (let at = 0; at < 160; at++) writer.add(RX, BigInt(at), new Uint8Array(FLUSH_BYTES))
    disk.stall = null
    release()
    await settlePromises()
    const appends = disk.operations.filter((operation) => operation === 'append').length - appendsBefore
    expect(await numbersIn(`${PATH}.part`)).toEqual(upTo(160))
    expect(writer.counts.queuedBytes).toBe(0)
    // 10 MiB, behind what was under way
    expect(appends).toBe(4)
  })

  test('costs what can be derived again first, raw bytes last, and the gap is recorded with its size', async () => {
    const disk = new MemoryDisk()
    let release: () => void = () => undefined
    disk.stall = new Promise((resolve) => (release = resolve))
    const { writer } = recording(disk, limits)
    for (let at = 0; at < 300; at++) {
      writer.add(RX, BigInt(at), bytes(1000))
      writer.add(MESSAGE, BigInt(at), json({ at }))
    }
    const { droppedDerived, droppedEntries, droppedBytes, entries } = writer.counts
    expect(droppedDerived).toBeGreaterThan(90)
    expect(entries + droppedDerived + droppedEntries).toBe(600)
    disk.stall = null
    release()
    await settlePromises()
    writer.add(RX, 300n, bytes(8))
    await writer.end()
    const gaps: unknown[] = []
    await verifyRecording(memorySource(disk.bytesOf(PATH)), noDecompression, ({ channelId, data }) => {
      if (channelId === sessionChannelId('gap')) gaps.push(JSON.parse(new TextDecoder().decode(data)))
    })
    expect(gaps).toEqual([{ reason: 'the disk was too slow', entries: droppedEntries, bytes: droppedBytes }])
  })
})

describe('an entry that is larger than what may wait', () => {
  test('is left out when it can be derived again, and fits exactly', async () => {
    const disk = new MemoryDisk()
    const { writer } = recording(disk, { queuedBytes: 100_000, mostQueuedBytes: 200_000 })
    const waiting = writer.counts.queuedBytes
    const most = 200_000 - waiting - ENTRY_HEAD_BYTES
    expect(writer.add(linkChannelId(1, 'body'), 1n, bytes(most + 1))).toBe(0)
    expect(writer.add(linkChannelId(1, 'body'), 1n, bytes(most))).toBe(1)
    expect(writer.counts).toMatchObject({ droppedDerived: 1, droppedEntries: 0, gaps: 0 })
    await writer.end()
  })
})

describe('a disk that fails', () => {
  test('at whichever operation, ends the recording with a problem, and all that was durable can be read', async () => {
    const run = async (failAt: number) => {
      const disk = new MemoryDisk()
      disk.failAt = failAt
      const made = recording(disk)
      const { clock, writer } = made
      for (let at = 0; at < 40; at++) {
        writer.add(RX, BigInt(at), bytes(100, at))
        await clock.advanceToAsync((at + 1) * 100)
      }
      const end = await writer.end().catch((error: unknown) => error)
      return { ...made, end }
    }
    const whole = await run(0)
    const operations = whole.disk.operations.length
    expect(operations).toBeGreaterThan(15)
    expect(await whole.numbersIn(PATH)).toEqual(upTo(40))
    for (let failAt = 1; failAt <= operations; failAt++) {
      const { writer, durable, end, numbersIn } = await run(failAt)
      expect(end, `operation ${failAt}`).toMatchObject({ code: 'RECORDING_DISK_FULL' })
      expect(writer.problem).toBe(end)
      const readable = await numbersIn(`${PATH}.part`)
      expect(readable).toEqual(upTo(readable.length))
      expect(readable.length, `operation ${failAt}`).toBeGreaterThanOrEqual(durable.at(-1) ?? 0)
    }
  })
})

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}
