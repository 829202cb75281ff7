import { createHash } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { hasCode } from '../../../shared/errors'
import type { TapeState } from '../../../shared/model/tape'
import type { StatusSnapshot } from '../../../shared/model/views'
import { RECORDED_AT_MS, simulatedRecording } from '../../../testing/simulated-recording'
import { RemarksInMemory } from '../../../testing/remarks-in-memory'
import { settlePromises, VirtualClock } from '../../../testing/virtual-clock'
import { memorySource } from '../../recording/read/byte-source'
import { noDecompression } from '../../recording/read/plain-block'
import { PAGE_LIMITS, type PageLimits } from '../../recording/replay/page-tally'
import { MAX_RECORDING_MARKS } from '../../../shared/workspace/recording-file'
import type { SourcePort } from '../console-types'
import { TapeMarks } from './tape-marks'
import { TapeRecord } from './tape-record'
import { TapeSource } from './tape-source'

const VIEW = { view: { filter: '', marks: [], order: 'time' as const } }

/** What passes a recording by is answered by this. */
const live: SourcePort = {
  call: () => Promise.resolve({ startedAtIso: '2026-01-01T00:00:00.000Z' } as never),
  subscribe: () => {
    throw new Error('asked of the live session')
  },
}

const opened: TapeSource[] = []

async function openTape(
  bytes: Uint8Array,
  clock = new VirtualClock(),
  limits: PageLimits = PAGE_LIMITS,
  remarks = new RemarksInMemory(),
): Promise<TapeSource> {
  const made: { tape?: TapeSource } = {}
  const onRead = (): void => made.tape?.readNews()
  const source = memorySource(bytes)
  const marks = new TapeMarks(remarks)
  const record = new TapeRecord({ source, decompress: noDecompression, clock, limits, marks, onRead })
  await record.begin()
  const onClose = (): Promise<void> => Promise.resolve()
  const tape = new TapeSource({ recording: 'a.mcap', record, clock, live, closeSource: onClose, onClose })
  made.tape = tape
  opened.push(tape)
  while (!stateOf(tape).isLoaded) await new Promise((resolve) => setImmediate(resolve))
  return tape
}

afterEach(async () => {
  for (const tape of opened.splice(0)) await tape.close()
})

function first<T>(feed: { take(): T | undefined; close(): void }): T {
  const item = feed.take()
  feed.close()
  if (item === undefined) throw new Error('nothing was told')
  return item
}

const stateOf = (tape: TapeSource): TapeState => first(tape.subscribe('tape', {}))
const statusOf = (tape: TapeSource): StatusSnapshot => first(tape.subscribe('status', {}))

/** A digest of each part of what is shown where the tape stands. */
async function shownAt(tape: TapeSource): Promise<Record<string, string>> {
  const { positionMs, page } = stateOf(tape)
  const list = tape.subscribe('list', VIEW)
  const bounds = list.take()!
  const rows = await tape.call('list.rows', { ...VIEW, from: bounds.first, count: 500, fields: [] })
  const at = await tape.call('list.at', { ...VIEW, atMs: positionMs })
  list.close()
  const lanes = tape.subscribe('lanes', { backlogMs: 0 })
  const batches = []
  for (let batch = lanes.take(); batch !== undefined; batch = lanes.take()) {
    const { startMs, messageIds, messages, gaps, faults } = batch
    batches.push({ startMs: [...startMs], messageIds: [...messageIds], messages, gaps, faults })
  }
  lanes.close()
  const { overview } = await tape.call('capture.overview', { bins: 64 })
  const strip = [[...overview.bytesIn], [...overview.bytesOut], [...overview.faults]]
  const shown = { positionMs, page, status: statusOf(tape), rows: rows.rows, at: at.position, batches, strip }
  return Object.fromEntries(
    Object.entries(shown).map(([part, value]) => [part, digest(JSON.stringify(value))]),
  )
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** @param clock - That of the tape: reading lets go of its turn by it. */
const finished = async (tape: TapeSource, clock: VirtualClock): Promise<void> => {
  while (!stateOf(tape).isLoaded) {
    await clock.advanceToAsync(clock.nowMs())
    await new Promise((resolve) => setImmediate(resolve))
  }
  await settlePromises()
}

const recording = simulatedRecording({ lengthMs: 4000, requests: ['{"a":1,"b":2}', '{"a":3,"b":4}'] })

describe('a recording that is open', () => {
  test('shows figures as of the playhead, and the rows of all of it', async () => {
    const tape = await openTape(await recording)
    const { fromMs, toMs, facts } = stateOf(tape)
    expect(toMs - fromMs).toBeGreaterThan(3000)
    expect(facts).toMatchObject({ misread: 0, misplaced: 0, damagedBytes: 0 })
    expect(facts?.markers.map(({ text }) => text)).toEqual(['look here'])
    await tape.call('tape.seek', { atMs: fromMs })
    const before = statusOf(tape)
    await tape.call('tape.seek', { atMs: 2000 })
    const midst = statusOf(tape)
    await tape.call('tape.seek', { atMs: toMs })
    const after = statusOf(tape)
    const phases = [before, midst, after].map(({ links }) => links[0]?.phase)
    expect(phases).toEqual(['connected', 'connected', 'closed'])
    const bytes = [before, midst, after].map(({ links }) => links[0]!.bytesIn)
    expect(bytes[0]).toBe(0)
    expect(bytes[1]).toBeGreaterThan(0)
    expect(bytes[2]).toBeGreaterThan(bytes[1]!)
    expect(midst.links[0]!.rateInBytesPerSecond).toBeGreaterThan(0)
    const { total } = await tape.call('messages.rows', { from: 0, count: 1 })
    expect(total).toBe(after.messages)
    expect(midst.messages).toBeLessThan(total)
  })

  test('says when its session began, and refuses what would touch the live one', async () => {
    const tape = await openTape(await recording)
    const { startedAtIso } = await tape.call('app.info', {})
    expect(Date.parse(startedAtIso)).toBe(RECORDED_AT_MS)
    const refused = await tape.call('link.close', { linkId: 1 }).catch((error: unknown) => error)
    expect(hasCode(refused, 'SOURCE_IS_RECORDING')).toBe(true)
  })

  test('plays from the origin without drift, at any speed, waits at the end, and begins again from there', async () => {
    const clock = new VirtualClock()
    const tape = await openTape(await recording, clock)
    const { fromMs, toMs } = stateOf(tape)
    await tape.call('tape.speed', { speed: 0.1 })
    await tape.call('tape.play', { isPlaying: true })
    // ticks that come late, each by another time
    for (let now = 0; now < 10_000; now += 333.3) await clock.advanceToAsync(now)
    await clock.advanceToAsync(10_000)
    expect(stateOf(tape).positionMs).toBeCloseTo(fromMs + 1000, 6)
    expect(stateOf(tape).measuredSpeed ?? 0.1).toBeCloseTo(0.1, 3)
    await tape.call('tape.speed', { speed: 100 })
    await clock.advanceToAsync(11_000)
    expect(stateOf(tape)).toMatchObject({ positionMs: toMs, isPlaying: false })
    await tape.call('tape.play', { isPlaying: true })
    expect(stateOf(tape)).toMatchObject({ positionMs: fromMs, isPlaying: true })
  })

  test('goes round a loop exactly, however often, and does not leave it', async () => {
    const clock = new VirtualClock()
    const tape = await openTape(await recording, clock)
    await tape.call('tape.loop', { loop: { fromMs: 1000, toMs: 1700 } })
    await tape.call('tape.seek', { atMs: 1000 })
    await tape.call('tape.play', { isPlaying: true })
    await clock.advanceToAsync(700 * 50 + 123)
    expect(stateOf(tape).positionMs).toBeCloseTo(1123, 6)
  })

  test('plays as fast as possible to its end and measures how fast that was', async () => {
    const clock = new VirtualClock()
    const tape = await openTape(await recording, clock)
    await tape.call('tape.speed', { speed: null })
    await tape.call('tape.play', { isPlaying: true })
    await clock.advanceToAsync(1000)
    const { positionMs, toMs, isPlaying } = stateOf(tape)
    expect([positionMs, isPlaying]).toEqual([toMs, false])
  })

  test('steps by message, chunk and frame, and back the same way', async () => {
    const tape = await openTape(await recording)
    const { fromMs } = stateOf(tape)
    for (const by of ['message', 'chunk', 'frame'] as const) {
      await tape.call('tape.seek', { atMs: fromMs })
      const there: number[] = []
      for (let step = 0; step < 20; step++) {
        await tape.call('tape.step', { by, direction: 1 })
        there.push(stateOf(tape).positionMs)
      }
      expect(new Set(there).size).toBe(20)
      expect([...there].sort((a, b) => a - b)).toEqual(there)
      const back: number[] = []
      for (let step = 0; step < 19; step++) {
        await tape.call('tape.step', { by, direction: -1 })
        back.push(stateOf(tape).positionMs)
      }
      expect(back).toEqual(there.slice(0, -1).reverse())
    }
  })

  test.each([
    ['as one page', PAGE_LIMITS],
    ['in pages', { messages: 12, chunks: 40, bodyBytes: 1e9 }],
  ])('%s shows the same at a moment whichever way it was reached', async (_how, limits) => {
    const seeds = [7, 1379923340, Math.floor(Math.random() * 2 ** 31)]
    for (const seed of seeds) {
      console.log(`seed ${seed}`)
      const random = mulberry(seed)
      const bytes = await recording
      const clock = new VirtualClock()
      const walked = await openTape(bytes, clock, limits)
      const { fromMs, toMs, pages } = stateOf(walked)
      if (limits !== PAGE_LIMITS) expect(pages).toBeGreaterThan(3)
      const anywhere = (): number => fromMs + random() * (toMs - fromMs)
      for (let round = 0; round < 6; round++) {
        for (let move = 0; move < 8; move++) {
          const kind = Math.floor(random() * 4)
          if (kind === 0) await walked.call('tape.seek', { atMs: anywhere() })
          else if (kind === 1) {
            const by = (['message', 'chunk', 'frame'] as const)[Math.floor(random() * 3)]!
            await walked.call('tape.step', { by, direction: random() < 0.5 ? 1 : -1 })
          } else if (kind === 2) {
            await walked.call('tape.speed', { speed: [0.5, 1, 16, null][Math.floor(random() * 4)]! })
            await walked.call('tape.play', { isPlaying: true })
            await clock.advanceToAsync(clock.nowMs() + random() * 500)
          } else {
            const [a, b] = [anywhere(), anywhere()]
            await walked.call('tape.loop', { loop: random() < 0.5 ? null : { fromMs: a, toMs: b } })
          }
        }
        await walked.call('tape.play', { isPlaying: false })
        const { positionMs } = stateOf(walked)
        await finished(walked, clock)
        const own = new VirtualClock()
        const direct = await openTape(bytes, own, limits)
        await direct.call('tape.seek', { atMs: positionMs })
        await finished(direct, own)
        const [one, other] = [await shownAt(walked), await shownAt(direct)]
        expect(one, `seed ${seed}, round ${round}, at ${positionMs}`).toEqual(other)
      }
    }
  })
})

const textsOf = async (tape: TapeSource): Promise<string[]> => {
  const list = tape.subscribe('list', VIEW)
  const bounds = list.take()!
  list.close()
  const { rows } = await tape.call('list.rows', { ...VIEW, from: bounds.first, count: 500, fields: [] })
  return rows
    .map((row) => (row.row === 'message' ? row.note : row.row === 'event' ? row.text : ''))
    .filter((text) => text !== '' && !text.startsWith('/'))
}

describe('notes on a recording that is open', () => {
  test('stand beside it, are there when it is opened again, and can be changed and taken away', async () => {
    const remarks = new RemarksInMemory('# mine\ntags: [boot]\n')
    const tape = await openTape(await recording, new VirtualClock(), PAGE_LIMITS, remarks)
    const marker = { kind: 'marker' as const, atMs: 1200, messageId: 3, text: 'it stalls here' }
    const noteId = (await tape.call('note.set', marker)).noteId
    await tape.call('note.set', { kind: 'note', atMs: 900, messageId: null, text: 'before it' })
    expect(await textsOf(tape)).toEqual(['it stalls here', 'look here', 'before it'])
    expect(stateOf(tape).facts?.markers.map(({ text }) => text)).toEqual([
      'look here',
      'before it',
      'it stalls here',
    ])
    expect(remarks.text).toMatch(/^# mine\ntags: \[ boot \]\n/)
    expect(remarks.read().marks).toMatchObject([
      { kind: 'note', atMs: 900, on: null },
      { kind: 'marker', atMs: 1200, text: 'it stalls here', on: { linkId: 1 } },
    ])

    const again = await openTape(await recording, new VirtualClock(), PAGE_LIMITS, remarks)
    expect(await textsOf(again)).toEqual(['it stalls here', 'look here', 'before it'])
    const notes = first(again.subscribe('notes', {})).notes
    const its = notes.find(({ text }) => text === 'look here')!
    await again.call('note.set', { ...its, text: 'look there' })
    await tape.call('note.remove', { noteId })
    const last = await openTape(await recording, new VirtualClock(), PAGE_LIMITS, remarks)
    expect(await textsOf(last)).toEqual(['look there', 'before it'])
    expect(remarks.read().hiddenNotes).toEqual([1])
    await expect(last.call('note.remove', { noteId: 999 })).rejects.toMatchObject({ code: 'NOTE_UNKNOWN' })
  })

  test('are shown with the page that their message or moment belongs to', async () => {
    const limits = { messages: 12, chunks: 40, bodyBytes: 1e9 }
    const clock = new VirtualClock()
    const remarks = new RemarksInMemory('marks:\n  - 3500 note | late\n')
    const tape = await openTape(await recording, clock, limits, remarks)
    expect(await textsOf(tape)).not.toContain('late')
    await tape.call('tape.seek', { atMs: 3500 })
    await finished(tape, clock)
    expect(await textsOf(tape)).toEqual(['late'])
    const { first: at } = first(tape.subscribe('list', VIEW))
    const { rows } = await tape.call('list.rows', { ...VIEW, from: at, count: 500, fields: [] })
    const row = rows.filter((each) => each.row === 'message').at(-1)!
    await tape.call('note.set', { kind: 'note', atMs: 3500, messageId: row.id, text: 'on a message' })
    await tape.call('tape.seek', { atMs: 0 })
    await finished(tape, clock)
    expect(await textsOf(tape)).toEqual(['look here'])
    await tape.call('tape.seek', { atMs: 3500 })
    await finished(tape, clock)
    expect(await textsOf(tape)).toEqual(['on a message', 'late'])
  })

  test('that cannot be written down are not shown', async () => {
    const remarks = new RemarksInMemory()
    const tape = await openTape(await recording, new VirtualClock(), PAGE_LIMITS, remarks)
    remarks.failure = new Error('no room')
    const note = { kind: 'note' as const, atMs: 900, messageId: null, text: 'x' }
    await expect(tape.call('note.set', note)).rejects.toThrow('no room')
    expect(await textsOf(tape)).toEqual(['look here'])
    remarks.failure = undefined
    const many = Array.from({ length: MAX_RECORDING_MARKS - 1 }, () => '  - 1 marker')
    remarks.text = `marks:\n${many.join('\n')}\n`
    await tape.call('note.set', note)
    await expect(tape.call('note.set', note)).rejects.toMatchObject({ code: 'NOTES_TOO_MANY' })
  })
})

/** Numbers from 0 to below 1 that depend on the seed alone. */
function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
