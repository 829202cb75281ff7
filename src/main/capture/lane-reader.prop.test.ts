import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_BATCH_BYTES } from '../../shared/contract/envelope'
import { encodeMessage } from '../../shared/contract/message-codec'
import { LANE_CONTROL, LANE_IN, LANE_MERGED, type LaneBatch } from '../../shared/model/views'
import { TraceScript } from '../../testing/trace-script'
import { Capture } from './capture'
import { type LaneReader, MAX_LANE_MESSAGES, MAX_LANE_ROWS } from './lane-reader'
import type { RowFilter } from './views/row-filter'

/** What a screen knows: everything the batches told it. */
class Screen {
  readonly batches: LaneBatch[] = []
  readonly messages = new Map<number, LaneBatch['messages'][number]>()
  readonly #reader: LaneReader

  constructor(reader: LaneReader) {
    this.#reader = reader
  }

  take(nowMs = 0): LaneBatch | undefined {
    const batch = this.#reader.take(nowMs)
    if (batch === undefined) return undefined
    if (batch.isReset) {
      this.batches.length = 0
      this.messages.clear()
    }
    this.batches.push(batch)
    for (const message of batch.messages) this.messages.set(message.id, message)
    return batch
  }

  takeAll(): void {
    for (let takes = 0; this.take() !== undefined; takes++) expect(takes).toBeLessThan(10_000)
  }

  sum(column: 'wireBytes' | 'payloadBytes' | 'counts', direction?: 'in' | 'out'): number {
    let sum = 0
    for (const batch of this.batches) {
      batch[column].forEach((value, row) => {
        const isIn = (batch.flags[row]! & LANE_IN) !== 0
        if (direction === undefined || isIn === (direction === 'in')) sum += value
      })
    }
    return sum
  }

  column(name: 'wireBytes' | 'messageIds' | 'startMs' | 'counts'): number[] {
    return this.batches.flatMap((batch) => [...batch[name]])
  }
}

function expectWithinBudget(batch: LaneBatch): void {
  const columnBytes = Object.values(batch).reduce<number>(
    (sum, value) => sum + (ArrayBuffer.isView(value) ? value.byteLength : 0),
    0,
  )
  expect(batch.messageIds.length).toBeLessThanOrEqual(MAX_LANE_ROWS)
  expect(batch.messages.length).toBeLessThanOrEqual(MAX_LANE_MESSAGES)
  expect(columnBytes).toBeLessThanOrEqual(MAX_BATCH_BYTES)
  expect(encodeMessage(batch).length).toBeLessThanOrEqual(MAX_BATCH_BYTES)
}

/** `messages` messages on `links` links whose chunks take turns. Returns the wire bytes of every chunk. */
function interleave(capture: Capture, links: number, messages: number, chunks: number): number[] {
  const scripts = Array.from({ length: links }, (_, index) => new TraceScript(capture.observe, index + 1))
  const wire: number[] = []
  for (let key = 1; key <= messages; key++) {
    scripts[key % links]!.opened({
      messageKey: key,
      dir: key % 3 === 0 ? 'in' : 'out',
      route: `r${key % 11}`,
    })
  }
  for (let chunk = 0; chunk < chunks; chunk++) {
    const key = (chunk % messages) + 1
    const payloadBytes = (chunk * 37) % 500
    wire.push(payloadBytes + 10)
    scripts[key % links]!.frame({
      messageKey: key,
      dir: key % 3 === 0 ? 'in' : 'out',
      payloadBytes,
      startMs: chunk / 10,
      endMs: (chunk + 1) / 10,
      bodyOffset: chunk,
    })
  }
  return wire
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

describe('a fast screen', () => {
  test('gets every chunk once, in order, whatever happens between its takes', () => {
    const steps = fc.array(
      fc.oneof(
        fc.nat(300).map((chunks) => chunks + 1),
        fc.constant(0),
      ),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(steps, (script) => {
        const capture = new Capture({ chunkSegmentRows: 64 })
        const screen = new Screen(capture.readLanes(0))
        const writer = new TraceScript(capture.observe)
        writer.opened({ messageKey: 1 })
        const seen: number[] = []
        for (const chunks of script) {
          if (chunks === 0) screen.take()
          for (let chunk = 0; chunk < chunks; chunk++) {
            seen.push(seen.length)
            writer.frame({ messageKey: 1, wireBytes: seen.length - 1 })
          }
        }
        screen.takeAll()
        expect(screen.column('wireBytes')).toEqual(seen)
        expect(screen.sum('counts')).toBe(seen.length)
        expect(screen.batches.some(({ flags }) => flags.some((flag) => flag & LANE_MERGED))).toBe(false)
      }),
      { numRuns: 40 },
    )
  })

  test('gets the columns of a chunk as they were', () => {
    const capture = new Capture()
    const script = new TraceScript(capture.observe, 4)
    script.opened({ messageKey: 1, dir: 'in' })
    script.frame({ messageKey: 1, dir: 'in', payloadBytes: 0, wireBytes: 33, startMs: 1, endMs: 2 })
    script.frame({
      messageKey: 1,
      dir: 'in',
      payloadBytes: 70,
      wireBytes: 81,
      startMs: 2,
      endMs: 9.5,
      bodyOffset: 140,
      chunkIndex: 2,
      isLast: true,
    })
    const batch = capture.readLanes(0).take(12)!
    expect(batch).toMatchObject({ nowMs: 12, isReset: true, queuedBytes: 0, faults: [], gaps: [] })
    expect(batch).toMatchObject({
      messageIds: Uint32Array.of(1, 1),
      startMs: Float64Array.of(1, 2),
      endMs: Float64Array.of(2, 9.5),
      bodyOffsets: Float64Array.of(0, 140),
      payloadBytes: Uint32Array.of(0, 70),
      wireBytes: Uint32Array.of(33, 81),
      counts: Uint32Array.of(1, 1),
      linkIds: Uint32Array.of(4, 4),
      flags: Uint8Array.of(LANE_IN | LANE_CONTROL, LANE_IN | 4),
    })
    expect(batch.messages).toEqual([
      {
        id: 1,
        linkId: 4,
        dir: 'in',
        route: 'echo',
        kind: 'event',
        priority: 3,
        hue: 1,
        status: 'receiving',
        openedMs: 0,
        closedMs: null,
        partnerId: 0,
        bodyBytes: 70,
        matches: 0,
      },
    ])
  })

  test('is told of a message when it opens, when its status changes, and not for every chunk', () => {
    const capture = new Capture()
    const screen = new Screen(capture.readLanes(0))
    const script = new TraceScript(capture.observe)
    const told = (): string[] | undefined => screen.take()?.messages.map(({ status }) => status)
    expect(told()).toEqual([])
    script.opened({ messageKey: 1 })
    expect(told()).toEqual(['queued'])
    script.frame({ messageKey: 1 })
    expect(told()).toEqual(['sending'])
    script.frame({ messageKey: 1 })
    expect(told()).toEqual([])
    script.closed({ messageKey: 1 })
    expect(told()).toEqual(['sent'])
    expect(told()).toBeUndefined()
  })

  test('hears of faults, gaps and the queue', () => {
    const capture = new Capture()
    const screen = new Screen(capture.readLanes(0))
    const script = new TraceScript(capture.observe)
    screen.take()
    script.nowMs = 5
    script.state('connected')
    expect(screen.take()).toBeUndefined()
    script.fault({ code: 'LSO_RESYNCED' })
    script.state('interrupted')
    script.queue(64)
    expect(screen.take()).toMatchObject({
      faults: [{ linkId: 1, dir: 'in', atMs: 5, code: 'LSO_RESYNCED' }],
      gaps: [{ linkId: 1, fromMs: 5, toMs: null }],
      queuedBytes: 64,
      isReset: false,
    })
    script.nowMs = 9
    script.state('connected')
    expect(screen.take()).toMatchObject({ faults: [], gaps: [{ linkId: 1, fromMs: 5, toMs: 9 }] })
    expect(screen.take()).toBeUndefined()
  })
})

describe('a slow screen', () => {
  test('gets merged chunks with the same bytes and counts, in batches within the budget', () => {
    const cases = fc.record({
      links: fc.integer({ min: 1, max: 5 }),
      messages: fc.integer({ min: 1, max: 3000 }),
      chunks: fc.integer({ min: 0, max: 30_000 }),
    })
    fc.assert(
      fc.property(cases, ({ links, messages, chunks }) => {
        const capture = new Capture()
        const screen = new Screen(capture.readLanes(0))
        const wire = interleave(capture, links, messages, chunks)
        screen.takeAll()
        for (const batch of screen.batches) expectWithinBudget(batch)
        expect(screen.sum('counts')).toBe(chunks)
        expect(screen.sum('wireBytes')).toBe(total(wire))
        expect(screen.sum('payloadBytes')).toBe(total(wire) - 10 * chunks)
        const isIn = (chunk: number): boolean => ((chunk % messages) + 1) % 3 === 0
        expect(screen.sum('wireBytes', 'in')).toBe(total(wire.filter((_, chunk) => isIn(chunk))))
        if (chunks > MAX_LANE_ROWS) expect(screen.batches.length).toBeLessThan(chunks / MAX_LANE_ROWS + 10)
      }),
      { numRuns: 15 },
    )
  })

  test('sees few messages chunk by chunk in time, though merged: bytes stay with their message', () => {
    const capture = new Capture()
    const screen = new Screen(capture.readLanes(0))
    const wire = interleave(capture, 1, 20, 50_000)
    const batch = screen.take()!
    expect(batch.messageIds.length).toBeGreaterThan(MAX_LANE_ROWS / 4)
    const perMessage = new Map<number, number>()
    batch.messageIds.forEach((id, row) => {
      perMessage.set(id, (perMessage.get(id) ?? 0) + batch.wireBytes[row]!)
    })
    for (let id = 1; id <= 20; id++) {
      expect(perMessage.get(id)).toBe(total(wire.filter((_, chunk) => (chunk % 20) + 1 === id)))
    }
    const longest = Math.max(...batch.endMs.map((end, row) => end - batch.startMs[row]!))
    expect(longest).toBeLessThan(5000 / 50) // the 5 s are drawn in pieces of at most 2 %
  })

  test('knows every message that its chunks name, and every open one, as it is now', () => {
    const counts = fc.record({
      messages: fc.integer({ min: 1, max: 3000 }),
      openEvery: fc.integer({ min: 1, max: 50 }),
      takeEvery: fc.integer({ min: 50, max: 5000 }),
    })
    fc.assert(
      fc.property(counts, ({ messages, openEvery, takeEvery }) => {
        const capture = new Capture()
        const screen = new Screen(capture.readLanes(0))
        const script = new TraceScript(capture.observe)
        for (let key = 1; key <= messages; key++) {
          script.nowMs = key
          if (key % openEvery === 0) script.opened({ messageKey: key })
          else script.message({ messageKey: key }, 'abc')
          if (key % takeEvery === 0) screen.take()
          // an old message ends after it was told as open
          const old = key - takeEvery
          if (old > 0 && old % (2 * openEvery) === 0) script.closed({ messageKey: old }, 'x')
        }
        screen.takeAll()
        for (const id of new Set(screen.column('messageIds'))) expect(screen.messages.has(id)).toBe(true)
        for (const row of capture.rows(0, messages)) {
          const known = screen.messages.get(row.id)
          if (row.status === 'queued') expect(known).toBeDefined()
          if (known !== undefined) expect(known.status).toBe(row.status)
        }
      }),
      { numRuns: 15 },
    )
  })

  test('finds open messages although it was lapped by 100,000 changes', () => {
    const capture = new Capture()
    const screen = new Screen(capture.readLanes(0))
    const script = new TraceScript(capture.observe)
    script.opened({ messageKey: 1, route: 'told as open' })
    screen.takeAll()
    script.opened({ messageKey: 2, route: 'never told yet' })
    for (let key = 3; key < 40_000; key++) script.message({ messageKey: key }, 'x')
    script.closed({ messageKey: 1 }, 'done')
    for (let key = 40_000; key < 70_000; key++) script.message({ messageKey: key }, 'x')
    screen.takeAll()
    expect(screen.messages.get(1)?.status).toBe('sent')
    expect(screen.messages.get(2)?.status).toBe('queued')
    expect(screen.messages.size).toBeLessThan(20_000)
  })

  test('misses only what memory has let go', () => {
    const capture = new Capture({ chunks: 1000, chunkSegmentRows: 128 })
    const screen = new Screen(capture.readLanes(0))
    const wire = interleave(capture, 1, 3, 2500)
    screen.takeAll()
    expect(screen.sum('wireBytes')).toBe(total(wire.slice(1500)))
    expect(capture.totals().evictedChunks).toBe(1500)
  })

  test('whose chunks have impossible times still gets bounded batches', () => {
    const capture = new Capture()
    const screen = new Screen(capture.readLanes(0))
    const script = new TraceScript(capture.observe)
    const times = [Number.NaN, Number.POSITIVE_INFINITY, -1e9, 1e9, 0]
    for (let chunk = 0; chunk < 20_000; chunk++) {
      const startMs = times[chunk % 5]!
      script.frame({ startMs, endMs: startMs, wireBytes: 1 })
    }
    screen.takeAll()
    for (const batch of screen.batches) expectWithinBudget(batch)
    expect(screen.sum('wireBytes')).toBe(20_000)
  })
})

describe('a screen that comes late', () => {
  test('gets the backlog it asks for, and open messages of before', () => {
    const capture = new Capture()
    const script = new TraceScript(capture.observe)
    script.opened({ messageKey: 1, route: 'open all the time' })
    for (let key = 2; key <= 100; key++) {
      script.nowMs = key * 10
      script.message({ messageKey: key })
      script.fault()
    }
    const screen = new Screen(capture.readLanes(900))
    screen.takeAll()
    expect(screen.column('startMs')).toEqual([900, 910, 920, 930, 940, 950, 960, 970, 980, 990, 1000])
    expect([...screen.messages.keys()].sort((a, b) => a - b)).toEqual([
      1, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100,
    ])
    expect(screen.batches[0]!.faults.length).toBe(11)
  })

  test('sees each of thousands of messages, and the sums of what was long before', () => {
    const capture = new Capture()
    const script = new TraceScript(capture.observe)
    const [fine, all] = [8192, 20_000]
    for (let key = 1; key <= all; key++) {
      script.nowMs = key
      script.message({ messageKey: key })
    }
    const screen = new Screen(capture.readLanes(0))
    screen.takeAll()
    for (const batch of screen.batches) expectWithinBudget(batch)
    expect(screen.sum('counts')).toBe(all)
    const counts = screen.column('counts').slice(-fine)
    expect(counts.every((count) => count === 1)).toBe(true)
    expect(new Set(screen.column('messageIds').slice(-fine)).size).toBe(fine)
    expect([...screen.messages.keys()].filter((id) => id > all - fine).length).toBe(fine)
  })

  test('is told of as many open messages as there are, batch by batch', () => {
    const capture = new Capture()
    const script = new TraceScript(capture.observe)
    for (let key = 1; key <= 3 * MAX_LANE_MESSAGES; key++) script.opened({ messageKey: key })
    const screen = new Screen(capture.readLanes(0))
    screen.takeAll()
    expect(screen.messages.size).toBe(3 * MAX_LANE_MESSAGES)
    for (const batch of screen.batches) expectWithinBudget(batch)
  })
})

test('a screen is told of every message, also when memory is so small that places are used again and again', () => {
  const capture = new Capture({ messages: 5 })
  const script = new TraceScript(capture.observe)
  const screen = new Screen(capture.readLanes(0))
  for (let key = 1; key <= 200; key++) {
    script.message({ messageKey: key })
    if (key % 3 === 0) screen.takeAll()
  }
  screen.takeAll()
  expect([...screen.messages.keys()]).toEqual(Array.from({ length: 200 }, (_, index) => index + 1))
})

test('a batch names no message that the screen does not know by then, also where places are used again', () => {
  const capture = new Capture({ messages: 700 })
  const script = new TraceScript(capture.observe)
  const screen = new Screen(capture.readLanes(0))
  for (let key = 1; key <= 700; key++) {
    script.message({ messageKey: key })
    if (key % 100 === 0) screen.takeAll()
  }
  expect(screen.messages.size).toBe(700)
  for (let key = 701; key <= 1200; key++) script.opened({ messageKey: key })
  for (let key = 1201; key <= 1300; key++) script.message({ messageKey: key })
  const batch = screen.take()!
  expect(new Set(batch.messageIds).size).toBe(100)
  for (const id of batch.messageIds) expect(screen.messages.has(id)).toBe(true)
})

test('clearing starts the screen anew, with the messages that go on', () => {
  const capture = new Capture()
  const script = new TraceScript(capture.observe)
  const screen = new Screen(capture.readLanes(0))
  script.opened({ messageKey: 1 })
  script.message({ messageKey: 2 })
  script.fault()
  screen.takeAll()
  capture.clear(0)
  const batch = screen.take()!
  expect(batch).toMatchObject({ isReset: true, faults: [] })
  expect(batch.messageIds.length).toBe(0)
  expect([...screen.messages.keys()]).toEqual([3])
  script.frame({ messageKey: 1, wireBytes: 5 })
  expect(screen.take()).toMatchObject({ isReset: false, messageIds: Uint32Array.of(3) })
})

test('two screens do not disturb each other', () => {
  const capture = new Capture()
  const script = new TraceScript(capture.observe)
  const [quick, slow] = [new Screen(capture.readLanes(0)), new Screen(capture.readLanes(0))]
  for (let key = 1; key <= 50; key++) {
    script.message({ messageKey: key }, 'abc')
    quick.take()
  }
  slow.takeAll()
  quick.takeAll()
  expect(slow.column('messageIds')).toEqual(quick.column('messageIds'))
  expect([...slow.messages.keys()]).toEqual([...quick.messages.keys()])
})

test('every message tells which of the filters it matches, also when it changes later', () => {
  const capture = new Capture()
  const script = new TraceScript(capture.observe)
  const onRoute = (route: string): RowFilter => ({
    isSlow: false,
    looksAtPartner: false,
    dependsOnNow: false,
    readBytes: 0,
    admits: (columns, at) => columns.routes[at] === route,
  })
  const screen = new Screen(capture.readLanes(0, [onRoute('a'), null, onRoute('b')]))
  script.opened({ messageKey: 1, route: 'a' })
  script.opened({ messageKey: 2, route: 'b' })
  script.opened({ messageKey: 3, route: 'c' })
  screen.takeAll()
  script.closed({ messageKey: 2 }, 'x')
  screen.takeAll()
  expect([...screen.messages.values()].map(({ matches }) => matches)).toEqual([0b011, 0b110, 0b010])
})
