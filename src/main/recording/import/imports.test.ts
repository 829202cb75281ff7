import fc from 'fast-check'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExportFormat, ExportOptions, ImportFormat } from '../../../shared/model/exports'
import type { TraceEvent } from '../../../shared/model/trace'
import { MemoryDisk } from '../../../testing/memory-disk'
import { simulatedRecording } from '../../../testing/simulated-recording'
import { exporterOf } from '../export/export-catalogue'
import { ExportFiles } from '../export/export-files'
import { runExport } from '../export/run-export'
import { encodingOf, placeOfChannel } from '../format/channels'
import type { Entry } from '../read/block-entries'
import { memorySource } from '../read/byte-source'
import type { Decompress } from '../read/plain-block'
import { RecordingTrace } from '../read/recording-trace'
import { loadDecompress } from '../read/unpack-block'
import { verifyRecording } from '../read/verify'
import { McapEncoder } from '../write/mcap-encoder'
import { importRecording } from './import-recording'

let folder = ''
let recording: Uint8Array
let decompress: Decompress
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcore-imports-'))
  recording = await simulatedRecording({ requests: ['{"a":1,"b":2}', '{"a":9007199254740993,"b":1}'] })
  decompress = await loadDecompress()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let count = 0
async function exported(format: ExportFormat, options: ExportOptions = {}, suffix = ''): Promise<Uint8Array> {
  const path = join(folder, `out-${++count}`)
  await runExport({
    source: memorySource(recording),
    decompress,
    exporter: exporterOf(format, options),
    files: new ExportFiles(path),
  })
  return new Uint8Array(await readFile(path + suffix))
}

async function imported(file: Uint8Array, format: ImportFormat, name = `a.${format}`): Promise<Uint8Array> {
  const disk = new MemoryDisk()
  await importRecording({
    source: memorySource(file),
    format,
    name,
    decompress,
    disk,
    path: 'b.mcap',
    library: 'test',
    dialect: 'lso',
    startNs: 1_000_000_000n,
  })
  expect([...disk.files.keys()]).toEqual(['b.mcap'])
  return disk.bytesOf('b.mcap')
}

async function entriesOf(file: Uint8Array): Promise<(Entry & { readonly event: TraceEvent | undefined })[]> {
  const verified = await verifyRecording(memorySource(file), decompress)
  expect([verified.isWhole, verified.damageCount, verified.isOrdered]).toEqual([true, 0, true])
  const entries: (Entry & { event: TraceEvent | undefined })[] = []
  for await (const { entry, event } of new RecordingTrace(memorySource(file), decompress).entries())
    entries.push({ ...entry, event })
  return entries
}

const bytesAndTimes = (entries: readonly (Entry & { event: TraceEvent | undefined })[]): string[] =>
  entries.flatMap(({ event, timeNs, channelId }) =>
    event?.type === 'bytes'
      ? [`${channelId} ${timeNs} ${event.streamOffset} ${Buffer.from(event.bytes).toString('hex')}`]
      : [],
  )

/** The first that is not the same on both sides: all of them would say nothing. */
function firstDifference(left: readonly unknown[], right: readonly unknown[]): unknown {
  const length = Math.max(left.length, right.length)
  for (let at = 0; at < length; at++) {
    if (!isDeepStrictEqual(left[at], right[at])) return { at, left: left[at], right: right[at] }
  }
  return undefined
}

/** Everything of an entry; JSON may stand in another order, with the time as it was before it was made nanoseconds. */
function told({ channelId, number, timeNs, data }: Entry): unknown {
  const isOctets = encodingOf(placeOfChannel(channelId)!.name) === 'octets'
  const text = Buffer.from(data).toString(isOctets ? 'latin1' : 'utf8')
  return { channelId, number, timeNs, said: isOctets ? text : { ...(JSON.parse(text) as object), atMs: 0 } }
}

/** What a person sees: each message with its body and how it ended. */
const messagesOf = (entries: readonly { event: TraceEvent | undefined }[]): string[] => {
  const routes = new Map<number, string>()
  return entries
    .flatMap(({ event }) => {
      if (event?.type === 'message-opened')
        routes.set(event.messageKey, `${event.dir} ${event.route} ${event.kind}`)
      if (event?.type !== 'message-closed' || event.outcome !== 'complete') return []
      return [`${routes.get(event.messageKey)} ${Buffer.from(event.body).toString()}`]
    })
    .sort()
}

describe('bringing in', () => {
  test('JSON lines gives the same entries with the same numbers, times and bytes', async () => {
    const [before, after] = [
      await entriesOf(recording),
      await entriesOf(await imported(await exported('jsonl'), 'jsonl')),
    ]
    expect(firstDifference(after.map(told), before.map(told))).toBeUndefined()
    const events = (entries: readonly { event: TraceEvent | undefined }[]): unknown[] =>
      entries.flatMap(({ event }) =>
        event?.type === 'bytes' || event?.type === 'message-closed' ? [] : [event],
      )
    expect(firstDifference(events(after), events(before))).toBeUndefined()
  })

  test('pcapng of both link types gives the same bytes with the times of their reads, and messages made again', async () => {
    const before = await entriesOf(recording)
    for (const binding of ['user0', 'upper-pdu'] as const) {
      const after = await entriesOf(await imported(await exported('pcapng', { binding }), 'pcapng'))
      expect(firstDifference(bytesAndTimes(after), bytesAndTimes(before))).toBeUndefined()
      expect(messagesOf(after)).toEqual(messagesOf(before))
      const settled = after.filter(({ event }) => event?.type === 'request-settled')
      expect(settled.length).toBe(before.filter(({ event }) => event?.type === 'request-settled').length)
      expect(after.filter(({ event }) => event?.type === 'link-state').map(({ event }) => event)).toEqual(
        before.filter(({ event }) => event?.type === 'link-state').map(({ event }) => event),
      )
    }
  })

  test('a recording gives what is in it; one packed with something else is told with the remedy', async () => {
    const after = await entriesOf(await imported(recording, 'mcap'))
    expect(firstDifference(after.map(told), (await entriesOf(recording)).map(told))).toBeUndefined()
    const torn = await entriesOf(await imported(recording.subarray(0, recording.length - 40), 'mcap'))
    expect(firstDifference(torn.map(told), after.map(told))).toBeUndefined()
    const encoder = new McapEncoder({
      library: 'test',
      compress: (bytes) => ({ compression: 'lz4', bytes }),
    })
    const parts = [encoder.begin()]
    encoder.add(16, 1n, Buffer.from('hello'))
    parts.push(encoder.takeBlock()!, encoder.end())
    await expect(imported(Buffer.concat(parts), 'mcap')).rejects.toThrow(/lz4; pack it with zstd/)
  })

  test('bytes with a dialect gives their messages; those sent are told by the name', async () => {
    const before = await entriesOf(recording)
    for (const [dir, suffix] of [
      ['in', '.rx.bin'],
      ['out', '.tx.bin'],
    ] as const) {
      const after = await entriesOf(await imported(await exported('bin', {}, suffix), 'bin', `a${suffix}`))
      const real = before.flatMap(({ event }) =>
        event?.type === 'bytes' && event.dir === dir ? [event.bytes] : [],
      )
      const read = after.flatMap(({ event }) => (event?.type === 'bytes' ? [event.bytes] : []))
      expect(Buffer.concat(read).equals(Buffer.concat(real))).toBe(true)
      expect(messagesOf(after)).toEqual(messagesOf(before).filter((text) => text.startsWith(dir)))
    }
  })

  test('whatever a file says, it ends with a recording that is whole, or with an error that says why', async () => {
    const good = {
      mcap: recording,
      jsonl: await exported('jsonl'),
      pcapng: await exported('pcapng'),
      bin: await exported('bin', {}, '.rx.bin'),
    }
    const format = fc.constantFrom<ImportFormat>('mcap', 'jsonl', 'pcapng', 'bin')
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(format, damage, fc.nat(), async (kind, flips, cut) => {
        const file = good[kind].slice(0, good[kind].length - (cut % 2000))
        for (const [at, value] of flips) file[at % file.length] = value
        const disk = new MemoryDisk()
        const run = {
          source: memorySource(file),
          format: kind,
          name: `a.${kind}`,
          decompress,
          disk,
          path: 'b.mcap',
        }
        try {
          await importRecording({ ...run, library: 'test', dialect: 'lso', startNs: 1n })
        } catch (error) {
          expect(error).toMatchObject({ name: 'ConsoleError' })
          expect(disk.files.size).toBe(0)
          return
        }
        const { isWhole, damageCount } = await verifyRecording(
          memorySource(disk.bytesOf('b.mcap')),
          decompress,
        )
        expect([isWhole, damageCount]).toEqual([true, 0])
      }),
      { numRuns: 40 },
    )
  })
})
