import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { TraceEvent } from '../../../shared/model/trace'
import { MemoryDisk } from '../../../testing/memory-disk'
import { VirtualClock } from '../../../testing/virtual-clock'
import { Links } from '../../link/links'
import { loadScript } from '../../operate/replay/load-script'
import { transportFor } from '../../simulator/transport-for'
import { seededRandom } from '../../transport/seeded-random'
import { compareFiles } from '../compare/compare-recordings'
import { IgnoreRules } from '../compare/ignore-rules'
import { ExportFiles } from '../export/export-files'
import { exporterOf } from '../export/export-catalogue'
import { runExport } from '../export/run-export'
import { SessionTime } from '../format/session-time'
import { readSummary } from '../replay/recording-summary'
import { readTape, type TapePlace, type TapeSink } from '../replay/tape-reader'
import { Recorder } from '../write/recorder'
import { FileSource } from './byte-source'
import { noDecompression } from './plain-block'
import { RecordingFiles } from './recording-files'
import { RecordingTrace } from './recording-trace'
import { isSoundFile, verifyParts } from './verify'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcore-parts-'))
})
afterEach(() => rm(folder, { recursive: true }))

const at = (name: string): string => join(folder, name)

/** Seconds of the simulated device and of requests to it, in one file `whole.mcap` and in the parts of `split.mcap`. */
async function simulate(): Promise<ReadonlyMap<string, Uint8Array>> {
  const clock = new VirtualClock()
  const disk = new MemoryDisk()
  const shared = { disk, clock, time: new SessionTime(1_790_000_000_000), library: 'test' }
  const whole = new Recorder({ ...shared, path: 'whole.mcap', sessionId: 'w' })
  const split = new Recorder({ ...shared, path: 'split.mcap', sessionId: 's', splitBytes: 16_000 })
  const links = new Links({
    clock,
    random: seededRandom(1),
    transportFor: (address) => transportFor(address, clock),
  })
  links.observe(whole.observe)
  links.observe(split.observe)
  const { linkId } = links.openLink('sim:demo?seed=5')
  for (let round = 0; round < 25; round++) {
    await clock.advanceToAsync(round * 100)
    if (round > 0)
      links
        .link(linkId)
        .stack.send({ route: 'echo', kind: 'request', body: new Uint8Array(1000).fill(round) }, clock.nowMs())
  }
  await clock.advanceToAsync(6000)
  await links.closeAll()
  const paths = [...(await whole.end()), ...(await split.end())]
  return new Map(paths.map((path) => [path, disk.bytesOf(path)]))
}

let recorded: Awaited<ReturnType<typeof simulate>>
beforeAll(async () => {
  recorded = await simulate()
})

/** Writes them down. Returns the parts. */
async function record(): Promise<string[]> {
  for (const [path, bytes] of recorded) await writeFile(at(path), bytes)
  return [...recorded.keys()].slice(1)
}

async function eventsOf(name: string): Promise<TraceEvent[]> {
  const files = await RecordingFiles.open(at(name))
  const trace = new RecordingTrace(files, noDecompression)
  const events: TraceEvent[] = []
  for await (const { event } of trace.entries()) if (event !== undefined) events.push(event)
  expect([trace.misread, trace.damagedBytes]).toEqual([0, 0])
  await files.close()
  return events
}

/** In few bytes, so that long traces are compared fast. */
const digests = (events: readonly TraceEvent[]): string[] =>
  events.map((event) => {
    const words = {
      ...event,
      ...(event.type === 'bytes' && { bytes: Buffer.from(event.bytes).toString('hex') }),
    }
    return createHash('sha1').update(JSON.stringify(words)).digest('hex')
  })

describe('a recording in parts', () => {
  test('reads as the one that was never split, event by event, also with messages under way at a border', async () => {
    const paths = await record()
    expect(paths.length).toBeGreaterThan(5)
    const last = await FileSource.open(at(paths[3]!))
    const alone = new RecordingTrace(last, noDecompression)
    const told: string[] = []
    for await (const { event } of alone.entries()) told.push(event?.type ?? '')
    await last.close()
    expect(told.slice(0, 5)).toContain('message-opened')
    expect(digests(await eventsOf('split.mcap'))).toEqual(digests(await eventsOf('whole.mcap')))
  })

  test('is verified whole, part by part; one that is gone is missed', async () => {
    const paths = await record()
    const found = async (): Promise<boolean[]> => {
      const files = await RecordingFiles.open(at('split.mcap'))
      const sound: boolean[] = []
      for await (const part of verifyParts(files, noDecompression)) sound.push(isSoundFile(part))
      await files.close()
      return sound
    }
    expect(await found()).toEqual(paths.map(() => true))
    await rm(at('split-3.mcap'))
    expect(await found()).toEqual(paths.slice(1).map((_, index) => index !== 2))
  })

  test('is compared and replayed as the one that was never split', async () => {
    await record()
    const rules = { ignore: IgnoreRules.parse([]), shiftMs: 1 }
    const [a, b] = ['whole.mcap', 'split.mcap'].map((name) => ({ name, path: at(name) }))
    const { summary } = await compareFiles(a!, b!, rules)
    expect(summary).toMatchObject({ isEqual: true, slower: 0, faster: 0 })
    expect(summary.counts.equal).toBeGreaterThan(30)
    const scripts = await Promise.all([a!, b!].map(({ path }) => loadScript(path, 'host', null)))
    const [own, ofParts] = scripts.map((script) => JSON.stringify(script.own))
    expect(ofParts === own).toBe(true)
    expect(scripts[0]!.own.length).toBe(24)
  })

  test('is exported as the one that was never split', async () => {
    await record()
    for (const format of ['csv', 'bin'] as const) {
      const made: string[] = []
      for (const name of ['whole.mcap', 'split.mcap']) {
        const source = await RecordingFiles.open(at(name))
        const files = new ExportFiles(at(`${name}.${format}`))
        await runExport({ source, decompress: noDecompression, exporter: exporterOf(format, {}), files })
        await source.close()
        const out = format === 'bin' ? `${name}.bin.rx.bin` : `${name}.${format}`
        made.push(await readFile(at(out), 'latin1'))
      }
      expect(made[1] === made[0], format).toBe(true)
    }
  })

  test('is read on from a place in any part as when it was read from the beginning', async () => {
    await record()
    const files = await RecordingFiles.open(at('split.mcap'))
    const turns = { nowMs: () => 0, pause: () => Promise.resolve() }
    const places: { place: TapePlace; events: number }[] = []
    const all: TraceEvent[] = []
    const sink = (events: TraceEvent[], keep: boolean): TapeSink => ({
      began: () => undefined,
      event: (event) => events.push(event) % 503 === 0 && keep,
      note: () => undefined,
      place: (place) => places.push({ place, events: events.length }) > 0,
      read: () => undefined,
    })
    const { signal } = new AbortController()
    await readTape(files, noDecompression, turns, sink(all, true), signal)
    const expected = digests(all)
    expect(expected).toEqual(digests(await eventsOf('whole.mcap')))
    expect(places.filter(({ place }) => place.offset > files.starts[2]!).length).toBeGreaterThan(1)
    const time = new SessionTime(1_790_000_000_000)
    for (const { place, events } of places) {
      const rest: TraceEvent[] = []
      await readTape(files, noDecompression, turns, sink(rest, false), signal, place, time)
      expect(digests(rest)).toEqual(expected.slice(events))
    }
    const whole = await FileSource.open(at('whole.mcap'))
    expect(await readSummary(files)).toEqual(await readSummary(whole))
    await whole.close()
    await files.close()
  })

  test('has the part that is still written, and no file of another session or behind a link', async () => {
    const paths = await record()
    const last = paths.at(-1)!
    await rename(at(last), at(`${last}.part`))
    await writeFile(at('split-99.mcap'), await readFile(at('whole.mcap')))
    const files = await RecordingFiles.open(at('split.mcap'))
    expect(files.parts.map(({ path }) => path)).toEqual([...paths.slice(0, -1), `${last}.part`].map(at))
    await files.close()
    const second = await RecordingFiles.open(at('split-2.mcap'))
    expect(second.parts.length).toBe(1)
    await second.close()
  })

  test('has a limit of parts, above which each is named by itself', async () => {
    const { length } = await record()
    const exact = await RecordingFiles.open(at('split.mcap'), length)
    expect(exact.parts.length).toBe(length)
    await exact.close()
    await expect(RecordingFiles.open(at('split.mcap'), length - 1)).rejects.toMatchObject({
      code: 'RECORDING_PARTS_TOO_MANY',
    })
    const one = await RecordingFiles.open(at('split-2.mcap'), 1)
    expect(one.parts.length).toBe(1)
    await one.close()
  })
})
