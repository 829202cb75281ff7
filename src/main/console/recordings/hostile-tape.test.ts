import { afterEach, expect, test } from 'vitest'
import type { TapeState } from '../../../shared/model/tape'
import { simulatedRecording } from '../../../testing/simulated-recording'
import { RemarksInMemory } from '../../../testing/remarks-in-memory'
import { VirtualClock } from '../../../testing/virtual-clock'
import { linkChannelId, sessionChannelId } from '../../recording/format/channels'
import { memorySource } from '../../recording/read/byte-source'
import { noDecompression } from '../../recording/read/plain-block'
import { PAGE_LIMITS } from '../../recording/replay/page-tally'
import { MAX_TAPE_MS } from '../../recording/replay/tape-time'
import { McapEncoder } from '../../recording/write/mcap-encoder'
import { TapeMarks } from './tape-marks'
import { TapeRecord } from './tape-record'
import { TapeSource } from './tape-source'

const START_NS = 1_790_000_000_000_000_000n

interface Written {
  readonly atMs: number
  readonly fields?: object
  readonly bytes?: Uint8Array
  readonly channelId?: number
}

/** A recording of these entries, as somebody may have written it. */
function recordingOf(entries: readonly Written[]): Uint8Array {
  const encoder = new McapEncoder({ library: 'hostile' })
  const parts = [encoder.begin()]
  parts.push(encoder.metadata('session', new Map([['started_ns', `${START_NS}`]])))
  for (const [index, { atMs, fields, bytes, channelId }] of entries.entries()) {
    const data = bytes ?? new TextEncoder().encode(JSON.stringify(fields))
    const timeNs = START_NS + BigInt(Math.round(atMs)) * 1_000_000n
    encoder.add(channelId ?? linkChannelId(1, 'message'), timeNs < 0n ? 0n : timeNs, data, index + 1)
  }
  const block = encoder.takeBlock()
  if (block !== null) parts.push(block)
  parts.push(encoder.end())
  return Buffer.concat(parts)
}

const opened: TapeSource[] = []
afterEach(async () => {
  for (const tape of opened.splice(0)) await tape.close()
})

async function openTape(bytes: Uint8Array): Promise<TapeSource> {
  const made: { tape?: TapeSource } = {}
  const clock = new VirtualClock()
  const onRead = (): void => made.tape?.readNews()
  const source = memorySource(bytes)
  const marks = new TapeMarks(new RemarksInMemory())
  const record = new TapeRecord({
    source,
    decompress: noDecompression,
    clock,
    limits: PAGE_LIMITS,
    marks,
    onRead,
  })
  await record.begin()
  const live = {
    call: () => Promise.reject(new Error('asked of the live session')),
    subscribe: () => {
      throw new Error('asked of the live session')
    },
  }
  const done = (): Promise<void> => Promise.resolve()
  const tape = new TapeSource({ recording: 'x.mcap', record, clock, live, closeSource: done, onClose: done })
  made.tape = tape
  opened.push(tape)
  while (!stateOf(tape).isLoaded) await new Promise((resolve) => setImmediate(resolve))
  return tape
}

function stateOf(tape: TapeSource): TapeState {
  const feed = tape.subscribe('tape', {})
  const state = feed.take()!
  feed.close()
  return state
}

const openedFields = (messageKey: number, more: object = {}): object => ({
  type: 'message-opened',
  dir: 'in',
  messageKey,
  ref: 'r',
  route: 'a',
  kind: 'event',
  priority: 3,
  headers: {},
  correlationId: '',
  declaredBytes: null,
  answersKey: 0,
  ...more,
})

test('entries with times that cannot be stand where the one before does, are counted, and the tape stays short', async () => {
  const tape = await openTape(
    recordingOf([
      { atMs: 1000, fields: openedFields(1) },
      { atMs: MAX_TAPE_MS * 1000, fields: openedFields(2) },
      { atMs: -1e9, fields: openedFields(3) },
      { atMs: 2000, fields: openedFields(4) },
    ]),
  )
  const { fromMs, toMs, facts } = stateOf(tape)
  expect([fromMs, toMs]).toEqual([1000, 2000])
  expect(facts).toMatchObject({ misplaced: 2, messages: 4, misread: 0 })
  const { rows } = await tape.call('messages.rows', { from: 0, count: 10 })
  expect(rows.map(({ openedMs }) => openedMs)).toEqual([1000, 1000, 1000, 2000])
})

test('events with values that cannot be are counted and never shown', async () => {
  const frame = {
    type: 'frame',
    dir: 'in',
    frameKind: 'data',
    streamOffset: 0,
    wireBytes: 10,
    payloadBytes: 5,
    ref: 'r',
    messageKey: 1,
    chunkIndex: 0,
    bodyOffset: 0,
    isLast: false,
    startMs: 1000,
    endMs: 1001,
  }
  const nonsense: Written[] = [
    { atMs: 1001, fields: openedFields(2, { kind: '__proto__' }) },
    { atMs: 1001, fields: openedFields(3, { dir: 'sideways' }) },
    { atMs: 1001, fields: openedFields(4, { priority: 1e9 }) },
    { atMs: 1001, fields: openedFields(-1) },
    { atMs: 1001, fields: openedFields(5, { route: 'x'.repeat(100_000) }) },
    { atMs: 1001, fields: { ...frame, wireBytes: 1e300 } },
    { atMs: 1001, fields: { ...frame, payloadBytes: -1 } },
    {
      atMs: 1001,
      channelId: linkChannelId(1, 'event'),
      fields: { type: 'link-state', phase: 'constructor', url: '', detail: '', code: null },
    },
    {
      atMs: 1001,
      channelId: linkChannelId(1, 'event'),
      fields: {
        type: 'fault',
        dir: 'in',
        code: 'toString',
        streamOffset: 0,
        lostBytes: 1,
        ref: '',
        detail: '',
      },
    },
    { atMs: 1001, channelId: sessionChannelId('note'), fields: { type: 'note', noteId: 'x' } },
    { atMs: 1001, bytes: new Uint8Array([0xff, 0xfe]) },
  ]
  const tape = await openTape(
    recordingOf([
      { atMs: 1000, fields: openedFields(1) },
      ...nonsense,
      { atMs: 1002, fields: { ...frame, startMs: -1e15, endMs: 1e15 } },
      { atMs: 3000, fields: openedFields(6) },
    ]),
  )
  const { facts } = stateOf(tape)
  expect(facts).toMatchObject({ misread: nonsense.length, misplaced: 1, messages: 2 })
  const { total } = await tape.call('messages.rows', { from: 0, count: 10 })
  expect(total).toBe(2)
  const lanes = tape.subscribe('lanes', { backlogMs: 0 })
  const batch = lanes.take()!
  lanes.close()
  expect([...batch.startMs]).toEqual([1002])
})

test.each([0, 8, 100, 2000])(
  'a file cut to %d bytes, or of other bytes, opens with what can be read',
  async (size) => {
    const bytes = await simulatedRecording()
    for (const file of [bytes.slice(0, size), bytes.slice(0, size).fill(0x5a)]) {
      const tape = await openTape(file)
      const { fromMs, toMs, problem, isLoaded } = stateOf(tape)
      expect([isLoaded, problem, toMs >= fromMs]).toEqual([true, null, true])
      await tape.call('tape.seek', { atMs: 1e18 })
      await tape.call('tape.step', { by: 'chunk', direction: 1 })
      await tape.call('tape.play', { isPlaying: true })
      await tape.call('tape.loop', { loop: { fromMs: -1e18, toMs: 1e18 } })
      const { total } = await tape.call('messages.rows', { from: 0, count: 10 })
      expect(total).toBe(0)
    }
  },
)
