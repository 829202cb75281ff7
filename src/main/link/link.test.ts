import { describe, expect, test } from 'vitest'
import { utf8 } from '../../shared/bytes'
import { ConsoleError } from '../../shared/errors'
import { wireMs } from '../../shared/model/line-rate'
import { parseLinkUrl } from '../../shared/model/link-url'
import type { LinkStateEvent, TraceEvent } from '../../shared/model/trace'
import { framesOf, linksOnLine, linksOverMemory } from '../../testing/joined-links'
import { settlePromises, VirtualClock } from '../../testing/virtual-clock'
import { createMemoryNetwork } from '../transport/memory'
import { seededRandom } from '../transport/seeded-random'
import type { CloseReason, Connection } from '../transport/transport'
import { Link } from './link'
import { NO_RECONNECT } from './link-machine'
import { Pacer } from './pacer'

const RATE = { baud: 115_200, bitsPerByte: 10 }

const bytesOf = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (at * 31 + seed) & 255)

const phasesOf = (trace: readonly TraceEvent[]): string[] =>
  trace.filter((event): event is LinkStateEvent => event.type === 'link-state').map(({ phase }) => phase)

const codeOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof ConsoleError ? error.code : String(error)),
  )

async function openOnLine(
  ...options: Parameters<typeof linksOnLine>
): Promise<ReturnType<typeof linksOnLine>> {
  const joined = linksOnLine(...options)
  joined.far.link.stack.route('echo', ({ body }) => ({ body }))
  joined.far.link.open()
  joined.near.link.open()
  await joined.clock.advanceToAsync(1)
  expect([joined.near.link.phase, joined.far.link.phase]).toEqual(['connected', 'connected'])
  return joined
}

describe('two links on a line of 115,200 baud', () => {
  test('interleave three large messages and deliver each whole', async () => {
    const { clock, near, far } = await openOnLine()
    const received = new Map<string, Uint8Array>()
    far.link.stack.onUnrouted(({ route, body }) => {
      received.set(route, body)
      return undefined
    })
    const bodies = { a: bytesOf(3000, 1), b: bytesOf(2500, 2), c: bytesOf(2800, 3) }
    for (const [route, body] of Object.entries(bodies)) near.link.send({ route, kind: 'event', body })
    await clock.advanceToAsync(1200)
    expect(Object.fromEntries(received)).toEqual(bodies)
    const chunks = framesOf(far.trace, 'in').filter(({ chunkIndex }) => chunkIndex >= 0)
    expect(new Set(chunks.slice(0, 3).map(({ ref }) => ref)).size).toBe(3)
    expect(chunks.every(({ payloadBytes }) => payloadBytes <= 272)).toBe(true)
  })

  test('send an urgent message past a large one: its first byte goes out within 10 ms and one chunk', async () => {
    const { clock, near, far } = await openOnLine()
    near.link.send({ route: 'bulk', kind: 'event', body: bytesOf(20_000, 1), priority: 6 })
    const boundMs = new Pacer(RATE, 272).refillBelowMs + wireMs(272 + 47, RATE)
    for (let atMs = 300; atMs < 1300; atMs += 97) {
      await clock.advanceToAsync(atMs)
      const { messageKey } = near.link.send({ route: 'stop', kind: 'event', body: utf8('now'), priority: 0 })
      await clock.advanceToAsync(atMs + 90)
      const frames = framesOf(near.trace, 'out').filter((frame) => frame.messageKey === messageKey)
      const head = frames[0]!
      const data = frames[1]!
      expect(head.startMs - atMs).toBeLessThanOrEqual(boundMs)
      const ownMs = wireMs(head.wireBytes + data.wireBytes, RATE)
      expect(data.endMs - atMs).toBeLessThanOrEqual(boundMs + ownMs + 1)
    }
    expect(framesOf(far.trace, 'in').length).toBeGreaterThan(50)
  })

  test('never have more than the write-ahead on its way to the driver', async () => {
    const { clock, near } = await openOnLine()
    near.link.send({ route: 'bulk', kind: 'event', body: bytesOf(12_000, 1) })
    await clock.advanceToAsync(1500)
    const limitMs = new Pacer(RATE, 272).writeAheadMs
    let freeAtMs = 0
    const frames = framesOf(near.trace, 'out')
    for (const { atMs, wireBytes } of frames) {
      freeAtMs = Math.max(freeAtMs, atMs) + wireMs(wireBytes, RATE)
      expect(freeAtMs - atMs).toBeLessThanOrEqual(limitMs + 1e-6)
    }
    expect(frames).toHaveLength(1 + Math.ceil(12_000 / 272))
  })

  test('keep the line busy for 98 % of the time while there is something to send', async () => {
    const { clock, near, far } = await openOnLine()
    near.link.send({ route: 'bulk', kind: 'event', body: bytesOf(12_000, 1) })
    await clock.advanceToAsync(1500)
    const frames = framesOf(far.trace, 'in')
    const busyMs = wireMs(
      frames.reduce((sum, { wireBytes }) => sum + wireBytes, 0),
      RATE,
    )
    expect(busyMs / (frames.at(-1)!.endMs - frames[0]!.startMs)).toBeGreaterThan(0.98)
  })

  test('place incoming frames on the line where the sender put them, within the latency of a read', async () => {
    const { clock, near, far } = await openOnLine()
    near.link.send({ route: 'bulk', kind: 'event', body: bytesOf(3000, 1) })
    await clock.advanceToAsync(500)
    const sent = framesOf(near.trace, 'out')
    const seen = framesOf(far.trace, 'in')
    expect(seen).toHaveLength(sent.length)
    for (const [index, frame] of seen.entries()) {
      expect(Math.abs(frame.endMs - sent[index]!.endMs)).toBeLessThan(8)
      expect(frame.startMs).toBeGreaterThanOrEqual(seen[index - 1]?.endMs ?? 0)
    }
  })

  test('tap every byte once, in order, at both ends', async () => {
    const { clock, near, far } = await openOnLine()
    const pending = near.link.request({ route: 'echo', body: bytesOf(900, 7) })
    await clock.advanceToAsync(600)
    expect((await pending.answer).body).toEqual(bytesOf(900, 7))
    const streamOf = (trace: readonly TraceEvent[], dir: 'in' | 'out'): number[] => {
      const stream: number[] = []
      for (const event of trace) {
        if (event.type !== 'bytes' || event.dir !== dir) continue
        expect(event.streamOffset).toBe(stream.length)
        stream.push(...event.bytes)
      }
      return stream
    }
    expect(streamOf(far.trace, 'in')).toEqual(streamOf(near.trace, 'out'))
    expect(streamOf(near.trace, 'in')).toEqual(streamOf(far.trace, 'out'))
    expect(near.link.bytesIn).toBe(far.link.bytesOut)
    expect(near.link.bytesIn).toBeGreaterThan(900)
  })
})

describe('a cable that is pulled and put back', () => {
  test('interrupts, waits and reconnects; the request in flight is settled once and a later one is answered', async () => {
    const { clock, line, near, far } = await openOnLine()
    const pending = near.link.request({ route: 'echo', body: bytesOf(5000, 1) })
    const settled: string[] = []
    void codeOf(pending.answer).then((code) => settled.push(code))
    await clock.advanceToAsync(200)
    line.unplug()
    await clock.advanceToAsync(1000)
    expect(near.link.phase).toBe('waiting')
    expect(near.link.problem?.code).toBe('PORT_MISSING')
    expect(settled).toEqual(['PORT_LOST'])
    line.replug()
    await clock.advanceToAsync(3000)
    expect(phasesOf(near.trace)).toEqual([
      'opening',
      'connected',
      'interrupted',
      'waiting',
      'reconnecting',
      'waiting',
      'reconnecting',
      'waiting',
      'reconnecting',
      'connected',
    ])
    const again = near.link.request({ route: 'echo', body: utf8('back') })
    await clock.advanceToAsync(3500)
    expect((await again.answer).body).toEqual(utf8('back'))
    expect(settled).toHaveLength(1)
    const endings = near.trace.filter(({ type }) => type === 'request-settled')
    expect(endings).toHaveLength(2)
    expect(far.link.phase).toBe('connected')
  })

  test('says in words when it is tried again', async () => {
    const { clock, line, near } = await openOnLine()
    line.unplug()
    await clock.advanceToAsync(2)
    const waiting = near.trace.find((event) => event.type === 'link-state' && event.phase === 'waiting')
    expect(waiting).toMatchObject({ code: 'PORT_LOST' })
    expect((waiting as LinkStateEvent).detail).toMatch(/opening again in 250 ms \(attempt 1\)$/)
  })

  test('is opened at once when asked to, without waiting for the next attempt', async () => {
    const { clock, line, near } = await openOnLine()
    line.unplug()
    await clock.advanceToAsync(10)
    line.replug()
    near.link.reopen()
    await settlePromises()
    expect(near.link.phase).toBe('connected')
    expect(clock.nowMs()).toBe(10)
  })

  test('counts offsets on over the gap', async () => {
    const { clock, line, near, far } = await openOnLine()
    near.link.send({ route: 'echo', kind: 'event', body: bytesOf(400, 1) })
    await clock.advanceToAsync(100)
    const before = near.link.bytesOut
    line.unplug()
    line.replug()
    await clock.advanceToAsync(2000)
    near.link.send({ route: 'echo', kind: 'event', body: bytesOf(10, 1) })
    await clock.advanceToAsync(2100)
    expect(framesOf(near.trace, 'out').find(({ atMs }) => atMs >= 2000)?.streamOffset).toBe(before)
    expect(framesOf(far.trace, 'in').find(({ atMs }) => atMs >= 2000)?.streamOffset).toBe(before)
  })

  test('closes the link for good where reconnecting is off', async () => {
    const { clock, line, near } = await openOnLine({}, { reconnect: NO_RECONNECT })
    line.unplug()
    await clock.advanceToAsync(5000)
    expect(near.link.phase).toBe('closed')
    expect(phasesOf(near.trace).slice(-2)).toEqual(['interrupted', 'closed'])
    expect(await codeOf(near.link.whenConnected())).toBe('PORT_LOST')
  })
})

describe('a link over a socket', () => {
  async function openOverMemory(
    ...extra: Parameters<typeof linksOverMemory>
  ): Promise<ReturnType<typeof linksOverMemory>> {
    const joined = linksOverMemory(...extra)
    joined.far.link.stack.route('echo', ({ body }) => ({ body }))
    joined.near.link.open()
    await settlePromises()
    return joined
  }

  test('sends a head and its body in one write, and what one turn queues together', async () => {
    const { near } = await openOverMemory()
    near.link.send({ route: 'one', kind: 'event', body: utf8('1') })
    near.link.send({ route: 'two', kind: 'event', body: utf8('2') })
    await settlePromises()
    expect(near.trace.filter((event) => event.type === 'bytes' && event.dir === 'out')).toHaveLength(1)
    expect(framesOf(near.trace, 'out').map(({ frameKind }) => frameKind)).toEqual([
      'mission',
      'mission',
      'data',
      'data',
    ])
  })

  test('carries a megabyte there and back, in chunks of 4096 bytes', async () => {
    const { clock, near } = await openOverMemory()
    const body = bytesOf(1 << 20, 5)
    const { answer } = near.link.request({ route: 'echo', body })
    for (let turn = 0; turn < 60; turn++) await clock.advanceToAsync(turn)
    expect(Buffer.compare((await answer).body, body)).toBe(0)
    expect(framesOf(near.trace, 'out').some(({ payloadBytes }) => payloadBytes === 4096)).toBe(true)
  })

  /** A link whose peer is in the hands of the test. */
  function linkToPuppet() {
    const clock = new VirtualClock()
    const network = createMemoryNetwork()
    const peers: Connection[] = []
    const endings: CloseReason[] = []
    void network.listening.listen((connection) => {
      peers.push(connection)
      return { onBytes: () => {}, onWritable: () => {}, onClosed: (reason) => endings.push(reason) }
    })
    const trace: TraceEvent[] = []
    const link = new Link({
      id: 1,
      address: parseLinkUrl('tcp://puppet:1'),
      transport: network.transport,
      clock,
      random: seededRandom(1),
      onTrace: (event) => trace.push(event),
    })
    return { clock, network, peers, endings, trace, link }
  }

  test('hangs up on a stream that makes no sense, names the fault, and opens again', async () => {
    const { clock, peers, endings, trace, link } = linkToPuppet()
    link.open()
    await clock.advanceToAsync(1)
    const pending = link.request({ route: 'echo', body: utf8('hi') })
    peers[0]!.write(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4))
    await clock.advanceToAsync(100)
    expect(endings.map(({ kind }) => kind)).toEqual(['remote'])
    expect(await codeOf(pending.answer)).toBe('LSO_LENGTH_RANGE')
    expect(link.phase).toBe('waiting')
    expect(link.problem?.code).toBe('LSO_LENGTH_RANGE')
    expect(trace.filter(({ type }) => type === 'fault')).toHaveLength(1)
    await clock.advanceToAsync(400)
    expect(link.phase).toBe('connected')
    expect(peers).toHaveLength(2)
  })

  test('closes while it is still opening, and hangs up when that succeeds too late', async () => {
    const { clock, peers, endings, trace, link } = linkToPuppet()
    link.open()
    const waiting = codeOf(link.whenConnected())
    const closed = link.close()
    await clock.advanceToAsync(1)
    await closed
    expect(await waiting).toBe('LINK_NOT_CONNECTED')
    expect(phasesOf(trace)).toEqual(['opening', 'closed'])
    expect(endings).toHaveLength(peers.length)
  })

  test('ends a wait for the connection when its signal aborts', async () => {
    const { link } = linkToPuppet()
    const stop = new AbortController()
    const waiting = link.whenConnected(stop.signal)
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
  })

  test('reopens with a fresh connection only after the old one is closed', async () => {
    const { clock, peers, endings, link } = linkToPuppet()
    link.open()
    await clock.advanceToAsync(1)
    link.reopen()
    await clock.advanceToAsync(2)
    expect(link.phase).toBe('connected')
    expect(peers).toHaveLength(2)
    expect(endings).toHaveLength(1)
  })

  test('stays closed with the cause when nobody listens', async () => {
    const clock = new VirtualClock()
    const { transport } = createMemoryNetwork()
    const address = parseLinkUrl('tcp://nobody:1')
    const link = new Link({ id: 1, address, transport, clock, random: seededRandom(1), onTrace: () => {} })
    link.open()
    expect(await codeOf(link.whenConnected())).toBe('LINK_REFUSED')
    expect(link.phase).toBe('closed')
  })

  test('sends what an observer queues from within the trace, and loses no frame', async () => {
    const { clock, peers, trace, link } = linkToPuppet()
    link.open()
    await clock.advanceToAsync(1)
    let nested = 0
    const original = trace.push.bind(trace)
    trace.push = (...events) => {
      for (const event of events) {
        if (event.type === 'frame' && nested < 3) {
          nested += 1
          link.send({ route: `nested${nested}`, kind: 'event', body: utf8('x') })
        }
      }
      return original(...events)
    }
    link.send({ route: 'first', kind: 'event', body: utf8('x') })
    await clock.advanceToAsync(2)
    expect(peers).toHaveLength(1)
    const frames = trace.filter((event) => event.type === 'frame')
    expect(frames).toHaveLength(8)
    expect(link.stack.queuedBytes).toBe(0)
  })

  test('refuses to send while it is not connected', () => {
    const { near } = linksOverMemory()
    expect(() => near.link.send({ route: 'a', kind: 'event', body: utf8('') })).toThrow(
      expect.objectContaining({ code: 'LINK_NOT_CONNECTED' }),
    )
    expect(() => near.link.request({ route: 'a', body: utf8('') })).toThrow(
      expect.objectContaining({ code: 'LINK_NOT_CONNECTED' }),
    )
  })
})
