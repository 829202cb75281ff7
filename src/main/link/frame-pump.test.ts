import { describe, expect, test } from 'vitest'
import type { Clock } from '../../shared/model/clock'
import type { BytesEvent, TraceEvent } from '../../shared/model/trace'
import { settlePromises, VirtualClock } from '../../testing/virtual-clock'
import { dialectNamed } from '../netcore/dialects'
import { createStack } from '../netcore/stack'
import type { StackPort } from '../netcore/stack-types'
import { seededRandom } from '../transport/seeded-random'
import type { Connection } from '../transport/transport'
import { FramePump } from './frame-pump'
import { LinkSession } from './link-session'

const NOBODY = { received: () => undefined, writable: () => undefined, closed: () => undefined }
const CHUNK_BYTES = 288
const BODY_BYTES = 3000

/** A clock on a busy machine: time passes between any two looks at it. */
class HurriedClock implements Clock {
  #nowMs = 0
  readonly #perLookMs: number

  constructor(perLookMs: number) {
    this.#perLookMs = perLookMs
  }

  nowMs(): number {
    this.#nowMs += this.#perLookMs
    return this.#nowMs
  }

  schedule(): () => void {
    throw new Error('a pump sets no alarms')
  }

  waitUntil(atMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, atMs)
  }
}

test.each([0, 0.1, 1, 5, 7, 10, 12, 15, 18, 30])(
  'a line is never forgotten while something waits for it, %d ms per look at the clock',
  (perLookMs) => {
    const clock = new HurriedClock(perLookMs)
    let writtenBytes = 0
    const connection: Connection = {
      peerName: 'line',
      lineRate: { baud: 115_200, bitsPerByte: 10 },
      isLossy: true,
      canWrite: true,
      unsentBytes: 0,
      write: (bytes) => {
        writtenBytes += bytes.length
      },
      close: () => Promise.resolve(),
    }
    const stack = createStack({
      dialect: dialectNamed('lso'),
      codec: { onDamage: 'resync' },
      random: seededRandom(1),
      policy: { chunkBytes: CHUNK_BYTES },
      onTrace: () => undefined,
      onWork: () => undefined,
    })
    const pump = new FramePump(stack, { linkId: 1, clock, onTrace: () => undefined })
    const session = new LinkSession(NOBODY, connection, {
      chunkBytes: CHUNK_BYTES,
      clock,
      inBase: 0,
      outBase: 0,
    })
    stack.connected(0)
    stack.send({ route: 'bulk', kind: 'event', body: new Uint8Array(BODY_BYTES) }, 0)

    let waits = 0
    pump.run(session)
    for (let untilMs = pump.waitsUntilMs(session); untilMs !== null; untilMs = pump.waitsUntilMs(session)) {
      clock.waitUntil(untilMs)
      pump.run(session)
      expect(++waits).toBeLessThan(100)
    }
    expect(writtenBytes).toBeGreaterThan(BODY_BYTES)
    expect(pump.bytesOut).toBe(writtenBytes)
    expect(stack.pull(clock.nowMs())).toBeUndefined()
  },
)

test('a socket that takes everything does not keep the rest of the program waiting', () => {
  const clock = new VirtualClock()
  const bodyBytes = 10_000_000
  const connection: Connection = {
    peerName: 'socket',
    lineRate: undefined,
    isLossy: false,
    canWrite: true,
    unsentBytes: 0,
    write: () => undefined,
    close: () => Promise.resolve(),
  }
  const stack = createStack({
    dialect: dialectNamed('lso'),
    codec: { onDamage: 'fatal' },
    random: seededRandom(1),
    onTrace: () => undefined,
    onWork: () => undefined,
  })
  const pump = new FramePump(stack, { linkId: 1, clock, onTrace: () => undefined })
  const session = new LinkSession(NOBODY, connection, { chunkBytes: 4096, clock, inBase: 0, outBase: 0 })
  stack.connected(0)
  stack.send({ route: 'bulk', kind: 'event', body: new Uint8Array(bodyBytes) }, 0)

  const turns: number[] = []
  for (let before = 0; turns.length === 0 || pump.waitsUntilMs(session) !== null; before = pump.bytesOut) {
    pump.run(session)
    turns.push(pump.bytesOut - before)
  }
  expect(Math.max(...turns)).toBeLessThan(1.2e6)
  expect(turns.length).toBeGreaterThan(8)
  expect(pump.bytesOut).toBeGreaterThan(bodyBytes)
  expect(stack.pull(0)).toBeUndefined()
})

describe('a paced line', () => {
  /** A stack that always has another frame, and a port in the hands of the test. */
  function rig(drained?: () => Promise<void>) {
    const clock = new VirtualClock()
    const rate = { baud: 115_200, bitsPerByte: 10 }
    let writtenBytes = 0
    let confirmedOffset: number | null = null
    const connection: Connection = {
      peerName: 'line',
      lineRate: rate,
      isLossy: true,
      canWrite: true,
      unsentBytes: 0,
      ...(drained && { drained }),
      write: (bytes) => {
        writtenBytes += bytes.length
      },
      close: () => Promise.resolve(),
    }
    const frame = {
      frameKind: 'data',
      parts: [new Uint8Array(CHUNK_BYTES)],
      wireBytes: CHUNK_BYTES,
      payloadBytes: CHUNK_BYTES,
      ref: 'a',
      messageKey: 1,
      chunkIndex: 0,
      bodyOffset: 0,
      isLast: false,
      streamOffset: 0,
    }
    const stack = {
      pull: () => frame,
      get confirmedOffset() {
        return confirmedOffset
      },
    } as unknown as StackPort
    const pump = new FramePump(stack, { linkId: 1, clock, onTrace: () => undefined })
    const run = (): void => pump.run(session)
    const session: LinkSession = new LinkSession({ ...NOBODY, writable: run }, connection, {
      chunkBytes: CHUNK_BYTES,
      clock,
      inBase: 0,
      outBase: 0,
    })
    return {
      clock,
      session,
      pump,
      run,
      written: () => writtenBytes,
      confirm: (offset: number) => {
        confirmedOffset = offset
      },
    }
  }

  test('takes the next frame as soon as the peer has confirmed what was on its way', () => {
    const { run, written, confirm, clock } = rig()
    run()
    const atFirst = written()
    clock.advanceTo(5)
    run()
    expect(written()).toBe(atFirst)
    confirm(atFirst)
    run()
    expect(written()).toBeGreaterThan(atFirst)
  })

  test('takes nothing while its driver is asked whether it has drained, and goes on at once when it has', async () => {
    const answers: (() => void)[] = []
    const { run, written, clock, pump, session } = rig(() => new Promise((resolve) => answers.push(resolve)))
    while (answers.length === 0) {
      run()
      clock.advanceBy(1)
    }
    const asked = written()
    const untilMs = pump.waitsUntilMs(session)!
    expect(untilMs).toBeGreaterThan(clock.nowMs() + 900)
    clock.advanceBy(200)
    run()
    expect(written()).toBe(asked)
    answers[0]!()
    await settlePromises()
    expect(written()).toBeGreaterThan(asked)
    expect(session.pacer!.counts.lateDrains).toBe(1)
  })
})

describe('a socket', () => {
  /** A stack with frames of these parts, and a socket that notes what it is given. */
  function rig(frames: readonly (readonly Uint8Array[])[]) {
    const waiting = frames.map((parts) => ({
      frameKind: 'data',
      parts,
      wireBytes: parts.reduce((sum, part) => sum + part.length, 0),
      payloadBytes: 1,
      ref: 'a',
      messageKey: 1,
      chunkIndex: 0,
      bodyOffset: 0,
      isLast: false,
      streamOffset: 0,
    }))
    const writes: (readonly Uint8Array[])[] = []
    const trace: TraceEvent[] = []
    const connection: Connection = {
      peerName: 'socket',
      lineRate: undefined,
      isLossy: false,
      canWrite: true,
      unsentBytes: 0,
      write: (bytes) => writes.push([bytes]),
      writeAll: (parts) => writes.push(parts),
      close: () => Promise.resolve(),
    }
    const clock = new HurriedClock(1)
    const stack = { pull: () => waiting.shift() } as unknown as StackPort
    const pump = new FramePump(stack, { linkId: 1, clock, onTrace: (event) => trace.push(event) })
    pump.run(new LinkSession(NOBODY, connection, { chunkBytes: 4096, clock, inBase: 0, outBase: 0 }))
    return { writes, trace, pump }
  }
  const head = Uint8Array.of(1, 2, 3)
  const payload = new Uint8Array(4096).fill(4)

  test('gets the payloads of large frames themselves, in writes of 64 KiB', () => {
    const { writes, pump } = rig(Array.from({ length: 20 }, () => [head, payload]))
    expect(writes.map((parts) => parts.length)).toEqual([32, 8])
    expect(writes.every((parts) => parts.every((part) => part === head || part === payload))).toBe(true)
    expect(pump.bytesOut).toBe(20 * 4099)
  })

  test('gets small frames joined', () => {
    const { writes } = rig(Array.from({ length: 50 }, () => [head, head]))
    expect(writes).toEqual([[Uint8Array.from({ length: 300 }, (_, at) => (at % 3) + 1)]])
  })

  test('is watched without a copy of what is only counted', () => {
    const { trace } = rig([[head, payload]])
    const event = trace.find(({ type }) => type === 'bytes') as BytesEvent
    expect(event).toMatchObject({ dir: 'out', byteCount: 4099, streamOffset: 0 })
    expect(event.bytes).toEqual(Uint8Array.of(...head, ...payload))
    expect(event.bytes).toBe(event.bytes)
  })

  test('gives the frames of one write one time', () => {
    const { trace } = rig(Array.from({ length: 20 }, () => [head, payload]))
    const times = trace.map(({ type, atMs }) => `${type} ${atMs}`)
    expect(new Set(times).size).toBe(4)
  })
})

describe('where writes are packets', () => {
  /** Three messages of one chunk each, written to a connection that notes its writes. */
  function written(connection: Partial<Connection>, hasPackets: boolean) {
    const clock = new VirtualClock()
    const writes: Uint8Array[] = []
    const trace: TraceEvent[] = []
    const whole: Connection = {
      peerName: 'peer',
      lineRate: undefined,
      isLossy: false,
      canWrite: true,
      unsentBytes: 0,
      write: (bytes) => writes.push(bytes),
      close: () => Promise.resolve(),
      ...connection,
    }
    const stack = createStack({
      dialect: dialectNamed('lso'),
      codec: { onDamage: 'fatal' },
      random: seededRandom(1),
      policy: { chunkBytes: 1000 },
      onTrace: (event) => trace.push({ ...event, linkId: 1 }),
      onWork: () => undefined,
    })
    const pump = new FramePump(stack, { linkId: 1, clock, hasPackets, onTrace: (event) => trace.push(event) })
    const session = new LinkSession(NOBODY, whole, { chunkBytes: 1000, clock, inBase: 0, outBase: 0 })
    stack.connected(0)
    for (const length of [10, 20, 1900])
      stack.send({ route: 'r', kind: 'event', body: new Uint8Array(length) }, 0)
    pump.run(session)
    const frames = trace.filter((event) => event.type === 'frame')
    return { writes, frames, trace, pump }
  }

  test.each([
    ['datagrams, whatever the dialect', { packetBytes: 1400, isLossy: true }, false],
    ['messages, where the dialect has packets', { packetBytes: 1400 }, true],
  ])('each frame is one of its own: %s', (_what, connection, hasPackets) => {
    const { writes, frames, pump } = written(connection, hasPackets)
    expect(frames.length).toBeGreaterThanOrEqual(3)
    expect(writes.map(({ length }) => length)).toEqual(frames.map(({ wireBytes }) => wireBytes))
    expect(pump.bytesOut).toBe(writes.reduce((sum, { length }) => sum + length, 0))
  })

  test.each([
    ['messages, where the dialect has a stream', { packetBytes: 14_000 }, false],
    ['a stream, where the dialect would have packets', {}, true],
  ])('frames leave together otherwise: %s', (_what, connection, hasPackets) => {
    const { writes, frames } = written(connection, hasPackets)
    expect(frames.length).toBeGreaterThanOrEqual(3)
    expect(writes).toHaveLength(1)
  })

  test('a stream that is longer than a message goes on in the next one', () => {
    const { writes, frames } = written({ packetBytes: 500 }, false)
    const byteCount = frames.reduce((sum, { wireBytes }) => sum + wireBytes, 0)
    expect(byteCount).toBeGreaterThan(1500)
    expect(writes.map(({ length }) => length)).toEqual([
      ...Array.from({ length: Math.floor(byteCount / 500) }, () => 500),
      byteCount % 500,
    ])
  })

  test('a frame that no packet can hold is left out with its code, the rest of its message is not sent, and others go', () => {
    const { writes, trace, frames } = written({ packetBytes: 500, isLossy: true }, false)
    const fault = trace.find((event) => event.type === 'fault')
    expect(fault).toMatchObject({
      code: 'PACKET_TOO_LARGE',
      dir: 'out',
      lostBytes: expect.any(Number) as number,
    })
    expect(writes.every(({ length }) => length <= 500)).toBe(true)
    expect(writes.map(({ length }) => length)).toEqual(frames.map(({ wireBytes }) => wireBytes))
    const outcomes = trace.filter((event) => event.type === 'message-closed').map(({ outcome }) => outcome)
    expect(outcomes.toSorted()).toEqual(['cancelled', 'complete', 'complete'])
  })
})
