import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseLinkUrl } from '../../../shared/model/link-url'
import type { Note } from '../../../shared/model/notes'
import type { RecorderSettings, RecorderState } from '../../../shared/model/recorder'
import type { TraceEvent } from '../../../shared/model/trace'
import { type DiskOperation, MemoryDisk } from '../../../testing/memory-disk'
import { settlePromises, VirtualClock } from '../../../testing/virtual-clock'
import { Capture } from '../../capture/capture'
import { Links } from '../../link/links'
import { sessionChannelId } from '../../recording/format/channels'
import { RecordingFolder } from '../../recording/library/recording-folder'
import { memorySource } from '../../recording/read/byte-source'
import { noDecompression } from '../../recording/read/plain-block'
import { RecordingTrace } from '../../recording/read/recording-trace'
import { verifyRecording } from '../../recording/read/verify'
import { transportFor } from '../../simulator/transport-for'
import { seededRandom } from '../../transport/seeded-random'
import { openRecorded } from './auto-record'
import { RecorderDesk, type RecorderDeskOptions } from './recorder-desk'

const STARTED_AT_MS = Date.UTC(2026, 10, 22, 10, 0, 0)

let workspaceDir: string
let clock: VirtualClock
let disk: MemoryDisk
let capture: Capture
let desk: RecorderDesk
let links: Links
let chosen: Partial<RecorderSettings>
/** The wall clock may be set, or go on while the computer sleeps. */
let sleptMs: number

beforeEach(() => {
  workspaceDir = mkdtempSync(join(tmpdir(), 'netcore-recorder-'))
  clock = new VirtualClock()
  disk = new MemoryDisk()
  capture = new Capture()
  chosen = {}
  sleptMs = 0
  open()
})
afterEach(() => rmSync(workspaceDir, { recursive: true, force: true }))

function open(more: Partial<RecorderDeskOptions> = {}): void {
  desk = new RecorderDesk({
    clock,
    startedAtMs: STARTED_AT_MS,
    wallMs: () => STARTED_AT_MS + clock.nowMs() + sleptMs,
    folder: new RecordingFolder(workspaceDir),
    capture,
    settings: {
      read: () => ({ values: { recording: JSON.stringify(chosen) }, problem: null }),
      watch: () => () => undefined,
    },
    library: 'test',
    linkFacts: () => ({ device: 'demo', profile: '', protocol: 'lso', url: 'sim:demo' }),
    disk,
    ...more,
  })
  links = new Links({
    clock,
    random: seededRandom(1),
    transportFor: (address) => transportFor(address, clock),
  })
  links.observe(desk.observe)
  links.observe(capture.observe)
}

const pathOf = (name: string): string => join(workspaceDir, 'recordings', name)
const fileOf = (name: string): Uint8Array => disk.bytesOf(pathOf(name))
const lastOutcome = () => desk.state().outcomes.at(-1)

async function readBack(bytes: Uint8Array): Promise<{ events: TraceEvent[]; told: Map<string, unknown[]> }> {
  const trace = new RecordingTrace(memorySource(bytes), noDecompression)
  const events: TraceEvent[] = []
  const told = new Map<string, unknown[]>([
    ['op', []],
    ['note', []],
  ])
  for await (const { entry, event } of trace.entries()) {
    if (event !== undefined) events.push(event)
    for (const name of ['op', 'note'] as const) {
      if (entry.channelId === sessionChannelId(name))
        told.get(name)?.push(JSON.parse(new TextDecoder().decode(entry.data)))
    }
  }
  expect([trace.damagedBytes, trace.misread]).toEqual([0, 0])
  return { events, told }
}

const bytesIn = (events: readonly TraceEvent[]): string =>
  Buffer.concat(
    events.flatMap((event) => (event.type === 'bytes' && event.dir === 'in' ? [event.bytes] : [])),
  ).toString('hex')

describe('recording while live', () => {
  test('begins in the midst of a session with how all stands, and has every byte from then on', async () => {
    const heard: TraceEvent[] = []
    links.openLink('sim:demo?seed=5')
    await clock.advanceToAsync(2000)
    links.observe((event) => {
      if (event.type === 'bytes' && event.dir === 'in') heard.push({ ...event, bytes: event.bytes.slice() })
    })
    expect(desk.start({ by: 'hand', name: 'midst' })).toBe('midst.mcap')
    await clock.advanceToAsync(5000)
    expect(desk.state().now).toMatchObject({ recording: 'midst.mcap', lengthMs: 3000, gaps: 0, by: 'hand' })
    expect(await desk.stop()).toEqual(['midst.mcap'])
    await links.closeAll()
    const { events } = await readBack(fileOf('midst.mcap'))
    expect(events[0]).toMatchObject({ type: 'link-state', phase: 'connected', atMs: 2000 })
    expect(bytesIn(events)).toBe(bytesIn(heard))
    expect(heard.length).toBeGreaterThan(20)
    const first = events.find(({ type }) => type === 'bytes')
    expect(first).toMatchObject({ streamOffset: (heard[0] as { streamOffset: number }).streamOffset })
    expect(lastOutcome()).toMatchObject({ became: 'recorded', recording: 'midst.mcap', lengthMs: 3000 })
  })

  test('writes what the operator did and noted, as it was and as it changed, without passwords', async () => {
    links.openLink('sim:demo?seed=5')
    await clock.advanceToAsync(1000)
    desk.start({ by: 'hand', name: 'told' })
    desk.noteCommand('lock.set', { isLocked: true })
    desk.noteCommand('link.open', { url: 'tcp://ann:secret@host:1' })
    desk.noteCommand('app.info', {})
    const noted: Omit<Note, 'noteId'> = { kind: 'note', atMs: 900, messageId: 1, text: 'odd' }
    const noteId = capture.setNote(noted)
    await clock.advanceToAsync(1500)
    capture.setNote({ ...noted, text: 'very odd' }, noteId)
    await clock.advanceToAsync(2000)
    capture.removeNote(noteId)
    await desk.stop()
    await links.closeAll()
    const { told } = await readBack(fileOf('told.mcap'))
    expect(told.get('op')).toEqual([
      { operation: 'lock.set', detail: { isLocked: true } },
      { operation: 'link.open', detail: { url: expect.not.stringContaining('secret') } },
    ])
    const { linkId, messageKey } = capture.locate(1)
    expect(told.get('note')).toEqual([
      { type: 'note', ...noted, noteId, on: { linkId, messageKey } },
      { type: 'note', ...noted, noteId, text: 'very odd', on: { linkId, messageKey } },
      { type: 'note-removed', noteId },
    ])
  })

  test('tells when the computer slept, and what came before is on the medium', async () => {
    desk.start({ by: 'hand', name: 'slept' })
    await clock.advanceToAsync(1000)
    sleptMs = 8 * 3_600_000
    await clock.advanceToAsync(2000)
    await desk.stop()
    const { told } = await readBack(fileOf('slept.mcap'))
    expect(told.get('op')).toEqual([
      { operation: 'clock-jump', detail: { jumpMs: sleptMs, wall: '2026-11-22T18:00:01.200Z' } },
    ])
  })

  test('refuses a second one, and names that lead nowhere; stopping twice is no mistake', async () => {
    desk.start({ by: 'hand', name: 'one' })
    expect(() => desk.start({ by: 'hand' })).toThrow(expect.objectContaining({ code: 'RECORDING_RUNS' }))
    expect(await Promise.all([desk.stop(), desk.stop()])).toEqual([['one.mcap'], ['one.mcap']])
    expect(desk.state().outcomes).toHaveLength(1)
    expect(await desk.stop()).toEqual([])
    expect(() => desk.start({ by: 'hand', name: '...' })).toThrow(
      expect.objectContaining({ code: 'RECORDING_PATTERN_INVALID' }),
    )
    const hostile = desk.start({ by: 'hand', name: '../../etc/x\u0000y' })
    expect([...disk.files.keys()].every((path) => path.startsWith(join(workspaceDir, 'recordings')))).toBe(
      true,
    )
    expect(hostile).not.toMatch(/[/\\\0]/)
    await desk.stop()
  })

  test('goes on in another file by the size of the settings; no name of another file is taken', async () => {
    chosen = { splitMib: 1 }
    open()
    disk.files.set(pathOf('long-2.mcap'), { parts: [], syncedBytes: 0, isClosed: true })
    desk.start({ by: 'hand', name: 'long' })
    for (let at = 0; at < 12; at++) desk.observe(bytesEvent(at, 256 * 1024))
    const files = await desk.stop()
    expect(files).toEqual(['long.mcap', 'long-2 (2).mcap', 'long-3.mcap'])
    const parts = await Promise.all(files.map((name) => readBack(fileOf(name))))
    expect(parts.flatMap(({ events }) => events).length).toBe(12)
  })

  test('writes what a redactor makes of the trace', async () => {
    open({
      transform: () => ({
        take: (event) =>
          event.type === 'bytes' ? [{ ...event, bytes: event.bytes.slice().fill(0x2a) }] : [event],
        end: () => [],
      }),
    })
    desk.start({ by: 'hand', name: 'redacted' })
    desk.observe(bytesEvent(0, 100))
    await desk.stop()
    const { events } = await readBack(fileOf('redacted.mcap'))
    expect(bytesIn(events)).toBe('2a'.repeat(100))
  })
})

describe('a profile that is recorded', () => {
  const profile = {
    name: 'Bench',
    url: parseLinkUrl('sim:demo').text,
    note: '',
    tags: [],
    isRecorded: true,
    file: '',
    problem: null,
  }
  const openBench = (): void => {
    openRecorded('sim:demo', () => links.openLink('sim:demo'), desk, { list: () => [profile] }, fail)
  }
  const fail = (problem: unknown): void => {
    throw problem
  }

  test('has its first byte, and ends with its link', async () => {
    openBench()
    await clock.advanceToAsync(1000)
    expect(desk.state().now?.by).toBe('profile')
    await links.closeAll()
    await settlePromises()
    expect(desk.isRecording).toBe(false)
    const { events } = await readBack(fileOf(lastOutcome()!.recording))
    expect(events[0]).toMatchObject({ type: 'link-state', phase: 'opening' })
    expect(events.find((event) => event.type === 'bytes')).toMatchObject({ streamOffset: 0 })
    expect(events.at(-1)).toMatchObject({ type: 'link-state', phase: 'closed' })
  })

  test('does not end what a person began, and a link that cannot be made leaves no recording running', async () => {
    desk.start({ by: 'hand', name: 'mine' })
    openBench()
    await clock.advanceToAsync(500)
    await links.closeAll()
    await settlePromises()
    expect(desk.isRecording).toBe(true)
    await desk.stop()
    const refuse = (): void => {
      throw new Error('no room')
    }
    expect(() => openRecorded('sim:demo', refuse, desk, { list: () => [profile] }, fail)).toThrow('no room')
    await expect.poll(() => desk.isRecording).toBe(false)
  })
})

describe('what was not recorded', () => {
  test('is saved from memory in turns, with notes and operations at their times, while the trace goes on', async () => {
    links.openLink('sim:demo?seed=5')
    await clock.advanceToAsync(3000)
    desk.noteCommand('lock.set', { isLocked: false })
    capture.setNote({ kind: 'marker', atMs: 3000, messageId: null, text: 'there' })
    await clock.advanceToAsync(6000)
    const shares: number[] = []
    const feed = desk.feed()
    const saving = desk.handlers['recorder.save-flight']({ minutes: 1, name: 'past' })
    for (let turn = 0; desk.state().saving !== null && turn < 1000; turn++) {
      shares.push(desk.state().saving?.share ?? 1)
      clock.advanceTo(clock.nowMs()) // one turn: what it leads to has to wait for its promises
      await settlePromises()
    }
    expect(await saving).toEqual({ recordings: ['past.mcap'], fromMs: 0 })
    expect(new Set(shares).size).toBeGreaterThan(2)
    expect(lastOutcome()).toMatchObject({
      became: 'saved',
      recording: 'past.mcap',
      lengthMs: 6000,
      lostEntries: 0,
    })
    feed.close()
    await links.closeAll()
    const { events, told } = await readBack(fileOf('past.mcap'))
    expect(events[0]).toMatchObject({ type: 'link-state', phase: 'opening', atMs: 0 })
    expect(events.filter(({ type }) => type === 'message-closed').length).toBeGreaterThan(20)
    expect(events.map(({ atMs }) => atMs)).toEqual(events.map(({ atMs }) => atMs).toSorted((a, b) => a - b))
    expect([told.get('op')?.length, told.get('note')?.length]).toEqual([1, 1])
  })

  test('cannot be saved twice at a time, nor before anything has passed', async () => {
    const save = (name: string) => desk.handlers['recorder.save-flight']({ name })
    await expect(save('none')).rejects.toMatchObject({ code: 'RECORDING_NOTHING' })
    desk.observe(bytesEvent(1, 10))
    const first = save('first')
    await expect(save('second')).rejects.toMatchObject({ code: 'RECORDING_BUSY' })
    await clock.advanceToAsync(10)
    expect(await first).toMatchObject({ recordings: ['first.mcap'] })
  })

  test('loses nothing to a disk that takes its time: memory waits for it', async () => {
    for (let at = 0; at < 60; at++) desk.observe(bytesEvent(at, 512 * 1024))
    let release = (): void => undefined
    disk.stall = new Promise((resolve) => (release = resolve))
    const saving = desk.handlers['recorder.save-flight']({ name: 'slow' })
    await clock.advanceToAsync(2000)
    expect(desk.state().saving?.share).toBeLessThan(0.5)
    disk.stall = null
    release()
    await clock.advanceToAsync(4000)
    await saving
    const { events } = await readBack(fileOf('slow.mcap'))
    expect(events.length).toBe(60)
  })
})

describe('a disk that fails', () => {
  const errors = {
    ENOSPC: 'RECORDING_DISK_FULL',
    EIO: 'RECORDING_WRITE_FAILED',
    EACCES: 'RECORDING_WRITE_FAILED',
  }

  test.each(Object.entries(errors))(
    'with %s, whichever operation it is, ends the recording visibly and keeps what was acknowledged',
    async (code, problem) => {
      const run = async (failAt: number): Promise<{ state: RecorderState; operations: DiskOperation[] }> => {
        disk = new MemoryDisk()
        disk.failAt = failAt
        disk.error = Object.assign(new Error(code), { code })
        clock = new VirtualClock()
        chosen = { splitMib: 1 }
        open()
        desk.start({ by: 'hand', name: 'r' })
        for (let at = 0; at < 14; at++) {
          desk.observe(bytesEvent(at, 100_000))
          await clock.advanceToAsync((at + 1) * 100)
        }
        const durable = desk.state().now?.durableEntries ?? 0
        if (desk.isRecording) await desk.stop().catch(() => undefined)
        await settlePromises()
        const state = desk.state()
        let readable = 0
        for (const path of disk.files.keys()) {
          if (!/r(-2)?\.mcap(\.part)?$/.test(path)) continue
          const { entries, damageCount } = await verifyRecording(
            memorySource(disk.bytesOf(path)),
            noDecompression,
          )
          expect(damageCount, `${path}, operation ${failAt}`).toBeLessThanOrEqual(
            path.endsWith('.part') ? 1 : 0,
          )
          readable += entries
        }
        const acknowledged = state.outcomes[0]?.became === 'failed' ? state.outcomes[0].entries : durable
        expect(readable, `operation ${failAt}`).toBeGreaterThanOrEqual(acknowledged)
        return { state, operations: disk.operations }
      }
      const whole = await run(0)
      expect(whole.state.problem).toBeNull()
      expect(whole.operations.filter((operation) => operation === 'publish')).toHaveLength(2)
      for (let failAt = 1; failAt <= whole.operations.length; failAt++) {
        const { state } = await run(failAt)
        expect(state.now, `operation ${failAt}`).toBeNull()
        expect(state.problem?.code, `operation ${failAt}`).toBe(problem)
        expect(state.outcomes.at(-1)).toMatchObject({ became: 'failed', problem: { code: problem } })
      }
    },
  )

  test('is forgotten when the next recording begins, or when somebody has seen it; memory goes on', async () => {
    const fails = async (): Promise<void> => {
      disk.failAt = disk.operations.length + 1
      desk.start({ by: 'hand' })
      await settlePromises()
      expect(desk.condition.problem?.code).toBe('RECORDING_DISK_FULL')
    }
    await fails()
    await desk.stop()
    expect(desk.condition.problem).toBeNull()
    await fails()
    desk.observe(bytesEvent(5, 10))
    expect(desk.start({ by: 'hand', name: 'again' })).toBe('again.mcap')
    expect(desk.condition.problem).toBeNull()
    await desk.stop()
    expect(desk.state().flight.keptBytes).toBeGreaterThan(10)
    expect(basename(pathOf('again.mcap'))).toBe('again.mcap')
  })
})

function bytesEvent(atMs: number, byteCount: number): TraceEvent {
  return {
    type: 'bytes',
    linkId: 1,
    atMs,
    dir: 'in',
    streamOffset: atMs * byteCount,
    byteCount,
    bytes: new Uint8Array(byteCount).fill(atMs),
  }
}
