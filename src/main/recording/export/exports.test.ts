import { McapIndexedReader } from '@mcap/core'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXPORT_FORMATS, type ExportFormat, type ExportOptions } from '../../../shared/model/exports'
import type { TraceEvent } from '../../../shared/model/trace'
import { simulatedRecording } from '../../../testing/simulated-recording'
import { memorySource } from '../read/byte-source'
import { noDecompression } from '../read/plain-block'
import { RecordingTrace } from '../read/recording-trace'
import { exporterOf } from './export-catalogue'
import { ExportFiles } from './export-files'
import { type ExportRun, runExport } from './run-export'

let folder = ''
let recording: Uint8Array
const events: TraceEvent[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcore-exports-'))
  recording = await simulatedRecording()
  for await (const { event } of new RecordingTrace(memorySource(recording), noDecompression).entries()) {
    if (event !== undefined) events.push(event)
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let count = 0
async function exported(
  format: ExportFormat,
  more: Partial<ExportRun> = {},
  options: ExportOptions = {},
): Promise<string> {
  const path = join(folder, `out-${++count}`)
  await runExport({
    source: memorySource(recording),
    decompress: noDecompression,
    exporter: exporterOf(format, options),
    files: new ExportFiles(path),
    ...more,
  })
  return path
}

const ofType = <T extends TraceEvent['type']>(type: T) =>
  events.filter((event): event is Extract<TraceEvent, { readonly type: T }> => event.type === type)

/** Wants the messages of one route. */
const onlyRoute = (route: string) => () => {
  const keys = new Set<number>()
  return (event: TraceEvent): boolean => {
    if (event.type === 'message-opened' && event.route === route) keys.add(event.messageKey)
    return event.type !== 'message-closed' || keys.has(event.messageKey)
  }
}

describe('an export for Foxglove', () => {
  test('has JSON channels with schemas alone, and a stock reader finds messages, bytes, log and figures', async () => {
    const path = await exported('foxglove')
    const bytes = await readFile(path)
    const reader = await McapIndexedReader.Initialize({
      readable: {
        size: () => Promise.resolve(BigInt(bytes.length)),
        read: (offset, length) => Promise.resolve(bytes.subarray(Number(offset), Number(offset + length))),
      },
    })
    const schemas = [...reader.schemasById.values()]
    expect(schemas.map(({ encoding }) => encoding)).toEqual(schemas.map(() => 'jsonschema'))
    expect(schemas.map(({ name }) => name)).toContain('foxglove.Log')
    const channels = [...reader.channelsById.values()]
    expect(
      channels.every(({ messageEncoding, schemaId }) => messageEncoding === 'json' && schemaId > 0),
    ).toBe(true)
    const said = new Map<string, Record<string, unknown>[]>()
    for await (const { channelId, data } of reader.readMessages()) {
      const { topic } = reader.channelsById.get(channelId)!
      const value = JSON.parse(new TextDecoder().decode(data)) as Record<string, unknown>
      said.set(topic, [...(said.get(topic) ?? []), value])
    }
    const octets = Buffer.concat(
      said.get('/link/1/rx')!.map(({ data }) => Buffer.from(String(data), 'base64')),
    )
    const received = ofType('bytes').filter(({ dir }) => dir === 'in')
    expect(octets.equals(Buffer.concat(received.map(({ bytes: each }) => each)))).toBe(true)
    const add = said.get('/link/1/message')!.find(({ route, dir }) => route === 'add' && dir === 'out')!
    const settled = ofType('request-settled')[0]!
    expect(add).toMatchObject({ rtt_ms: settled.roundTripMs, status: 'complete', kind: 'request' })
    expect(add['partner']).toBeGreaterThan(0)
    expect(said.get('/link/1/body')!.find(({ route }) => route === 'add')).toMatchObject({
      body: { a: 1, b: 2 },
    })
    const stats = said.get('/stats')!
    expect(stats.length).toBeGreaterThanOrEqual(29)
    expect(stats.some(({ utilisation }) => Number(utilisation) > 0.01)).toBe(true)
    const summed = stats.reduce((sum, { rx_Bps }) => sum + Number(rx_Bps) / 10, 0)
    expect(Math.abs(summed - octets.length)).toBeLessThan(1e-6)
    expect(stats.at(-1)!['rtt_p95']).toBe(settled.roundTripMs)
    expect(said.get('/console')!.map(({ message }) => message)).toContain('look here')
    expect(said.get('/console')![0]!['timestamp']).toEqual({
      sec: 1_790_000_000,
      nsec: expect.any(Number) as number,
    })
    const layout = JSON.parse(await readFile(`${path}.layout.json`, 'utf8')) as { configById: object }
    expect(JSON.stringify(layout)).toContain('/link/1/message.rtt_ms')
  })

  test('writes integers that no double holds as texts, and bytes as base64 with a preview', async () => {
    const before = recording
    recording = await simulatedRecording({ requests: ['{"a":9007199254740993,"b":1}'], lengthMs: 1500 })
    const text = (await readFile(await exported('foxglove'))).toString('latin1')
    recording = before
    expect(text).toContain('"body":{"a":"9007199254740993","b":1}')
  })
})

describe('an export for Perfetto', () => {
  test('is one JSON value with a slice per message, an arrow per answer, and lanes in which nothing overlaps', async () => {
    const trace = JSON.parse(await readFile(await exported('chrome-trace'), 'utf8')) as {
      traceEvents: Record<string, unknown>[]
    }
    const slices = trace.traceEvents.filter(({ ph, cat }) => ph === 'X' && cat !== 'chunk')
    expect(slices.length).toBe(ofType('message-opened').length)
    const ends = new Map<unknown, number>()
    for (const { tid, ts, dur } of slices.sort((a, b) => Number(a['ts']) - Number(b['ts']))) {
      expect(Number(ts)).toBeGreaterThanOrEqual(ends.get(tid) ?? 0)
      ends.set(tid, Number(ts) + Number(dur))
    }
    const flows = trace.traceEvents.filter(({ cat }) => cat === 'exchange')
    const answers = ofType('message-opened').filter(({ answersKey }) => answersKey !== 0)
    expect(flows.map(({ ph }) => ph)).toEqual(answers.flatMap(() => ['s', 'f']))
    const names = trace.traceEvents.filter(({ ph }) => ph === 'M').map(({ args }) => args)
    expect(JSON.stringify(names)).toContain('link 1: sim:demo')
    const chunks = trace.traceEvents.filter(({ cat }) => cat === 'chunk')
    const carried = ofType('frame').filter((frame) => frame.payloadBytes > 0 && frame.messageKey > 0)
    const ended = new Map(ofType('message-closed').map((event) => [event.messageKey, events.indexOf(event)]))
    const late = carried.filter((frame) => events.indexOf(frame) > (ended.get(frame.messageKey) ?? Infinity))
    expect(late.length).toBeLessThanOrEqual(1) // of a message that was cut off
    expect(chunks.length).toBe(carried.length - late.length)
  })
})

describe('an export for Wireshark', () => {
  test('has every byte of every direction, in order; notes are comments', async () => {
    for (const binding of ['user0', 'upper-pdu'] as const) {
      const bytes = await readFile(await exported('pcapng', {}, { binding }))
      const head = 8 + (binding === 'user0' ? 0 : 16)
      for (const dir of ['in', 'out'] as const) {
        const packets = packetsOf(bytes).filter(({ isOut }) => isOut === (dir === 'out'))
        const octets = Buffer.concat(packets.map(({ data }) => data.subarray(head)))
        const real = ofType('bytes').filter((event) => event.dir === dir)
        expect(octets.equals(Buffer.concat(real.map(({ bytes: each }) => each)))).toBe(true)
      }
      expect(bytes.includes('look here')).toBe(true)
    }
  })

  test('under a filter it has the frames of the wanted messages alone', async () => {
    const all = packetsOf(await readFile(await exported('pcapng')))
    const some = packetsOf(await readFile(await exported('pcapng', { newJudge: onlyRoute('add') })))
    const keys = new Set(
      ofType('message-opened')
        .filter(({ route }) => route === 'add')
        .map(({ messageKey }) => messageKey),
    )
    const frames = ofType('frame').filter(
      ({ messageKey, wireBytes }) => keys.has(messageKey) && wireBytes > 0,
    )
    expect(some.length).toBe(frames.length)
    expect(some.length).toBeLessThan(all.length / 2)
    const path = await exported('bin', { newJudge: onlyRoute('add') })
    const sent = frames.filter(({ dir }) => dir === 'out').reduce((sum, { wireBytes }) => sum + wireBytes, 0)
    expect((await stat(`${path}.tx.bin`)).size).toBe(sent)
  })
})

describe('an export for a terminal', () => {
  test('shows what came of a raw link with its times; without such a link it says so and keeps nothing', async () => {
    await expect(exported('asciicast')).rejects.toMatchObject({ code: 'EXPORT_EMPTY' })
    const before = recording
    recording = await simulatedRecording({ url: 'sim:demo?seed=5&dialect=raw', requests: [], lengthMs: 1500 })
    const lines = (await readFile(await exported('asciicast'), 'utf8')).trimEnd().split('\n')
    recording = before
    expect(JSON.parse(lines[0]!)).toMatchObject({
      version: 3,
      term: { cols: 80, rows: 24 },
      timestamp: 1_790_000_000,
    })
    const told = lines
      .slice(1)
      .filter((line) => !line.startsWith('#'))
      .map((line) => JSON.parse(line) as [number, string, string])
    expect(
      told
        .filter(([, code]) => code === 'o')
        .map(([, , text]) => text)
        .join('').length,
    ).toBeGreaterThan(50)
    expect(told.every(([seconds]) => seconds >= 0)).toBe(true)
    expect(told).toContainEqual([expect.any(Number), 'm', 'look here'])
  })
})

describe('a report', () => {
  test('has the facts, the links with their bytes, the notes, and why the slowest messages took so long', async () => {
    const text = await readFile(await exported('report'), 'utf8')
    const received = ofType('bytes')
      .filter(({ dir }) => dir === 'in')
      .reduce((sum, { byteCount }) => sum + byteCount, 0)
    expect(text).toContain(`| ${received} |`)
    expect(text).toContain('| session\\_id | s1 |')
    expect(text).toContain('- 0.700 s: look here')
    expect(text.match(/^### Why /gm)).toHaveLength(10)
    expect(text).toContain('| LSO_PACKET_STALLED | 1 | ')
    const some = await readFile(await exported('report', { newJudge: onlyRoute('add') }), 'utf8')
    expect(some.match(/^### Why .*$/gm)!.every((line) => line.includes('add'))).toBe(true)
  })
})

describe('every export', () => {
  test('tells how far it is; stopped, or with nothing to read, it leaves no file behind', async () => {
    for (const format of EXPORT_FORMATS.filter((each) => each !== 'asciicast')) {
      const before = (await readdir(folder)).length
      const told: number[] = []
      const stop = new AbortController()
      const stopped = exported(format, {
        signal: stop.signal,
        onProgress: (done, all) => {
          told.push(done / all)
          if (told.length === 3) stop.abort()
        },
      })
      await expect(stopped).rejects.toMatchObject({ code: 'EXPORT_CANCELLED' })
      expect(told).toEqual([...told].sort((a, b) => a - b))
      expect((await readdir(folder)).length).toBe(before)
      const empty = exported(format, { source: memorySource(recording.subarray(0, 60)) })
      await expect(empty).rejects.toMatchObject({ code: 'RECORDING_INVALID' })
      expect((await readdir(folder)).length).toBe(before)
    }
  })

  test('is for its owner alone and never takes the place of a file', async () => {
    const path = await exported('csv')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const again = exported('csv', { files: new ExportFiles(path) })
    await expect(again).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    expect((await stat(path)).size).toBeGreaterThan(100)
  })
})

/** The packets of a pcapng file, read by hand. */
function packetsOf(file: Buffer): { readonly isOut: boolean; readonly data: Buffer }[] {
  const packets: { isOut: boolean; data: Buffer }[] = []
  for (let at = 0; at < file.length; at += file.readUInt32LE(at + 4)) {
    if (file.readUInt32LE(at) !== 6) continue
    const length = file.readUInt32LE(at + 20)
    const options = at + 28 + Math.ceil(length / 4) * 4
    packets.push({
      isOut: file.readUInt32LE(options + 4) === 2,
      data: file.subarray(at + 28, at + 28 + length),
    })
  }
  return packets
}
