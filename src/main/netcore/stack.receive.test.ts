import { describe, expect, test } from 'vitest'
import { concatBytes, utf8 } from '../../shared/bytes'
import type { StackEvent } from '../../shared/model/trace'
import { eventsOf, observedStack, pullAll } from '../../testing/stack-wire'
import { encodeCancel, encodeData, encodeMissionHead } from './dialects/lso/encoder'
import type { StackLimits } from './stack-types'

const head = (ref: string, length: number, info: Record<string, string> = {}): Uint8Array =>
  concatBytes(encodeMissionHead(ref, length, info).parts)
const data = (ref: string, bytes: number | Uint8Array): Uint8Array =>
  concatBytes(encodeData(ref, typeof bytes === 'number' ? new Uint8Array(bytes).fill(7) : bytes).parts)
const cancel = (ref: string): Uint8Array => concatBytes(encodeCancel(ref).parts)

/** Any packet: both texts with their lengths before them. */
const packet = (extension: string, meta: string): Uint8Array =>
  concatBytes([extension, meta].flatMap((text) => [Uint8Array.of(text.length, 0, 0, 0), utf8(text)]))

function receiver(limits: Partial<StackLimits> = {}) {
  const observed = observedStack({ limits })
  const bodies: [string, number][] = []
  observed.stack.onUnrouted((request) => {
    bodies.push([request.ref, request.body.length])
    return undefined
  })
  observed.stack.connected(0)
  return {
    ...observed,
    /** What the application got: id and length. */
    bodies,
    feed: (nowMs: number, ...wire: readonly Uint8Array[]) => observed.stack.receive(concatBytes(wire), nowMs),
    closed: () => eventsOf(observed.events, 'message-closed').map(({ outcome, code }) => [outcome, code]),
    faults: () =>
      eventsOf(observed.events, 'fault').map(({ code, lostBytes, ref }) => [code, lostBytes, ref]),
    asked: () =>
      pullAll(observed.stack, 0)
        .filter((frame) => frame.frameKind === 'cancel')
        .map((frame) => frame.ref),
  }
}

describe('completion', () => {
  test('messages are delivered in the order in which they complete, each once', () => {
    const { feed, bodies } = receiver()
    feed(0, head('a', 6), head('b', 3), data('a', 3), data('b', 3), data('a', 3))
    expect(bodies).toEqual([
      ['b', 3],
      ['a', 6],
    ])
  })

  test('a message of length 0 completes at its head', () => {
    const { feed, bodies, events } = receiver()
    feed(0, head('z', 0))
    expect(bodies).toEqual([['z', 0]])
    expect(eventsOf(events, 'frame').map((frame) => frame.isLast)).toEqual([true])
  })

  test('frames are numbered within their message and end with the last', () => {
    const { feed, events } = receiver()
    feed(5, head('a', 5), data('a', 2), data('a', 3))
    expect(
      eventsOf(events, 'frame').map((f) => [
        f.frameKind,
        f.chunkIndex,
        f.bodyOffset,
        f.payloadBytes,
        f.isLast,
      ]),
    ).toEqual([
      ['mission', -1, 0, 0, false],
      ['data', 0, 0, 2, false],
      ['data', 1, 2, 3, true],
    ])
    expect(events.map((event) => event.type)).toEqual([
      'message-opened',
      'frame',
      'frame',
      'frame',
      'message-closed',
    ])
    expect(
      eventsOf(events, 'frame').every((f) => f.startMs === 5 && f.endMs === 5 && f.messageKey === 1),
    ).toBe(true)
  })

  test('a frame says where it lies in the stream of its connection', () => {
    const { feed, events, stack } = receiver()
    const wire = [head('a', 5), data('a', 5)] as const
    feed(0, ...wire)
    stack.disconnected(1, 'LINK_LOST')
    stack.connected(2)
    feed(2, ...wire)
    const offsets = [0, wire[0].length]
    expect(eventsOf(events, 'frame').map((frame) => frame.streamOffset)).toEqual([...offsets, ...offsets])
    expect(new Set(eventsOf(events, 'message-opened').map((event) => event.messageKey)).size).toBe(2)
  })
})

describe('a message that breaks its word fails alone', () => {
  test('more bytes than announced: it fails, the extra is counted, others go on', () => {
    const { feed, bodies, closed, faults } = receiver()
    feed(0, head('a', 4), head('b', 2), data('a', 3), data('a', 3), data('b', 2))
    expect(closed()).toEqual([
      ['failed', 'MESSAGE_OVERRUN'],
      ['complete', null],
    ])
    expect(faults()).toEqual([['MESSAGE_OVERRUN', 3, 'a']])
    expect(bodies).toEqual([['b', 2]])
  })

  test('data after completion is skipped and counted, at most one report a second', () => {
    const { feed, faults, stack, bodies } = receiver()
    feed(0, head('a', 2), data('a', 2), data('a', 5))
    feed(500, data('a', 6))
    expect(faults()).toEqual([])
    expect(stack.wakeAtMs).toBe(1000)
    stack.wake(1000)
    expect(faults()).toEqual([['MESSAGE_OVERRUN', 11, 'a']])
    expect(stack.wakeAtMs).toBeNull()
    expect(bodies).toEqual([['a', 2]])
  })

  test('an id used for a second message while the first is open: the first fails, the second is a message', () => {
    const { feed, closed, bodies, faults } = receiver()
    feed(0, head('a', 9), data('a', 3), head('a', 4), data('a', 4))
    expect(closed()).toEqual([
      ['failed', 'DUPLICATE_REF'],
      ['complete', null],
    ])
    expect(faults()).toEqual([['DUPLICATE_REF', 0, 'a']])
    expect(bodies).toEqual([['a', 4]])
  })

  test('an impossible length: the peer is asked to stop and its data skipped', () => {
    const { feed, stack, faults, bodies, asked } = receiver()
    const bad = packet('{"type": "mission"}', '{"extension": "a", "length": -1, "info": {}}')
    feed(0, bad, data('a', 9), head('b', 2), data('b', 2))
    expect(asked()).toEqual(['a'])
    stack.wake(1000)
    expect(faults()).toEqual([
      ['MESSAGE_BAD_LENGTH', 0, 'a'],
      ['MESSAGE_BAD_LENGTH', 9, 'a'],
    ])
    expect(bodies).toEqual([['b', 2]])
  })

  test('damage in the stream fails what is open and spends the stack', () => {
    const { feed, closed, stack, faults } = receiver()
    feed(0, head('a', 9), data('a', 3), utf8('\xff\xff\xff\xff....'))
    expect(stack.isSpent).toBe(true)
    expect(closed()).toEqual([['failed', 'LSO_LENGTH_RANGE']])
    expect(faults().map(([code]) => code)).toEqual(['LSO_LENGTH_RANGE'])
    stack.disconnected(1, 'LINK_LOST')
    stack.connected(2)
    expect(stack.isSpent).toBe(false)
  })
})

describe('cancel by the peer', () => {
  test('an open message ends as cancelled; its late data is expected and no fault', () => {
    const { feed, closed, faults, stack, events } = receiver()
    feed(0, head('a', 9), data('a', 3), cancel('a'), data('a', 6))
    stack.wake(5000)
    expect(closed()).toEqual([['cancelled', 'MESSAGE_CANCELLED']])
    expect(faults()).toEqual([])
    const late = eventsOf(events, 'frame').at(-1)!
    expect([late.messageKey, late.chunkIndex, late.bodyOffset, late.isLast]).toEqual([1, 1, 3, false])
  })

  test('a cancel of something unknown is no fault, and data behind it is not kept for a head', () => {
    const { feed, faults, stack, bodies } = receiver()
    feed(0, cancel('ghost'), data('ghost', 3), head('ghost', 3), data('ghost', 3))
    stack.wake(60_000)
    expect(faults()).toEqual([])
    expect(bodies).toEqual([['ghost', 3]])
  })
})

describe('limit: length of a message', () => {
  test('the limit itself is taken', () => {
    const { feed, bodies } = receiver({ messageBytes: 10 })
    feed(0, head('a', 10), data('a', 10))
    expect(bodies).toEqual([['a', 10]])
  })

  test('one more is refused at its head: skipped, counted, and the peer asked to stop', () => {
    const { feed, bodies, closed, faults, asked, stack } = receiver({ messageBytes: 10 })
    feed(0, head('a', 11), data('a', 4), head('b', 1), data('a', 7), data('b', 1))
    expect(closed()[0]).toEqual(['failed', 'MESSAGE_TOO_LARGE'])
    expect(asked()).toEqual(['a'])
    stack.wake(1000)
    expect(faults()).toEqual([
      ['MESSAGE_TOO_LARGE', 0, 'a'],
      ['MESSAGE_TOO_LARGE', 11, 'a'],
    ])
    expect(bodies).toEqual([['b', 1]])
  })
})

describe('limit: messages open at once', () => {
  test('as many as allowed are taken, the newest beyond is refused', () => {
    const { feed, bodies, faults, asked } = receiver({ reassemblyMessages: 2 })
    feed(0, head('a', 1), head('b', 1), head('c', 1))
    expect(faults()).toEqual([['REASSEMBLY_FULL', 0, 'c']])
    expect(asked()).toEqual(['c'])
    feed(0, data('a', 1), head('d', 1), data('b', 1), data('d', 1))
    expect(bodies).toEqual([
      ['a', 1],
      ['b', 1],
      ['d', 1],
    ])
  })
})

describe('limit: bytes of all open messages', () => {
  test('exactly as many as allowed are held', () => {
    const { feed, faults } = receiver({ reassemblyBytes: 10 })
    feed(0, head('a', 20), head('b', 20), data('a', 5), data('b', 5))
    expect(faults()).toEqual([])
  })

  test('one more: the newest gives way to the older ones', () => {
    const { feed, faults, closed, asked, bodies } = receiver({ reassemblyBytes: 10 })
    feed(0, head('a', 8), head('b', 20), data('b', 5), data('a', 5), data('a', 1), data('a', 2))
    expect(faults()).toEqual([['REASSEMBLY_FULL', 0, 'b']])
    expect(closed()[0]).toEqual(['failed', 'REASSEMBLY_FULL'])
    expect(asked()).toEqual(['b'])
    expect(bodies).toEqual([['a', 8]])
  })

  test('a message that does not fit by itself is refused and counted', () => {
    const { feed, faults } = receiver({ reassemblyBytes: 10 })
    feed(0, head('a', 20), data('a', 10), data('a', 1))
    expect(faults()).toEqual([['REASSEMBLY_FULL', 1, 'a']])
  })

  test('what is announced reserves nothing', () => {
    const { feed, bodies } = receiver({ reassemblyBytes: 10 })
    feed(0, head('a', 200_000_000), head('b', 10), data('b', 10))
    expect(bodies).toEqual([['b', 10]])
  })
})

describe('limit: time without a byte', () => {
  test('a message with progress lives, one without ends as stalled', () => {
    const { feed, stack, closed, faults } = receiver({ reassemblyIdleMs: 100 })
    feed(0, head('a', 9), head('b', 9))
    feed(60, data('a', 1))
    stack.wake(99)
    expect(closed()).toEqual([])
    expect(stack.wakeAtMs).toBe(100)
    stack.wake(100)
    expect(closed()).toEqual([['failed', 'MESSAGE_STALLED']])
    expect(faults()).toEqual([['MESSAGE_STALLED', 0, 'b']])
    expect(stack.wakeAtMs).toBe(160)
    stack.wake(160)
    expect(closed()).toHaveLength(2)
    expect(stack.wakeAtMs).toBeNull()
  })
})

describe('data before its head', () => {
  test('is kept and applied when the head comes', () => {
    const { feed, bodies, faults, events, stack } = receiver()
    feed(0, data('a', utf8('ab')), data('a', utf8('cd')), head('a', 6), data('a', utf8('ef')))
    expect(bodies).toEqual([['a', 6]])
    expect(eventsOf(events, 'message-closed')[0]!.body).toEqual(utf8('abcdef'))
    expect(eventsOf(events, 'frame').at(-1)).toMatchObject({ chunkIndex: 2, bodyOffset: 4, isLast: true })
    expect(faults()).toEqual([])
    expect(stack.wakeAtMs).toBeNull()
  })

  test('of a transfer whose head a busy Python is slow to send belongs to it, so that a cancel ends it as cancelled', () => {
    const chunks = Array.from({ length: 100 }, () => data('a', 4096)) // what was seen: 5 ms of a sender at full speed
    const { feed, closed, faults } = receiver()
    feed(0, ...chunks)
    feed(20, head('a', 32 * 1024 * 1024), ...chunks)
    feed(30, cancel('a'))
    expect(closed()).toEqual([['cancelled', 'MESSAGE_CANCELLED']])
    expect(faults()).toEqual([])
  })

  test('completes the message at its head when it is all there', () => {
    const { feed, bodies } = receiver()
    feed(0, data('a', 4), head('a', 4))
    expect(bodies).toEqual([['a', 4]])
  })

  test('is traced as the chunks behind the head are: by the key of the message, number and place', () => {
    const { feed, events } = receiver()
    feed(0, data('a', 4), data('b', 1), data('a', 2), head('a', 9), data('a', 3), head('b', 1))
    const keys = new Map(eventsOf(events, 'message-opened').map(({ ref, messageKey }) => [messageKey, ref]))
    const chunks = eventsOf(events, 'frame').filter(({ payloadBytes }) => payloadBytes > 0)
    const places = chunks.map(({ messageKey, chunkIndex, bodyOffset }) => [
      keys.get(messageKey),
      chunkIndex,
      bodyOffset,
    ])
    expect(places).toEqual([
      ['a', 0, 0],
      ['b', 0, 0],
      ['a', 1, 4],
      ['a', 2, 6],
    ])
  })

  test('that is more than the head announces is an overrun', () => {
    const { feed, closed } = receiver()
    feed(0, data('a', 4), head('a', 3))
    expect(closed()).toEqual([['failed', 'MESSAGE_OVERRUN']])
  })

  test('is dropped and counted when the head does not come in time', () => {
    const { feed, stack, faults, closed } = receiver({ earlyMs: 50 })
    feed(10, data('a', 4))
    expect(stack.wakeAtMs).toBe(60)
    stack.wake(59)
    expect(faults()).toEqual([])
    stack.wake(60)
    expect(faults()).toEqual([['EARLY_DATA_DROPPED', 4, 'a']])
    // The message can not become whole any more: better no message than one with a hole.
    feed(70, head('a', 8))
    expect(closed()).toEqual([['failed', 'EARLY_DATA_DROPPED']])
  })

  test.each([
    ['per message', { earlyBytesPerMessage: 10 }],
    ['in all', { earlyBytes: 10 }],
  ])('limit of bytes %s: the limit itself is kept, one more drops the message', (_name, limits) => {
    const at = receiver(limits)
    at.feed(0, data('a', 4), data('a', 6), head('a', 10))
    expect(at.bodies).toEqual([['a', 10]])
    const above = receiver(limits)
    above.feed(0, data('a', 4), data('a', 7))
    expect(above.faults()).toEqual([['EARLY_DATA_DROPPED', 11, 'a']])
    above.feed(0, data('b', 10), head('b', 10))
    expect(above.bodies).toEqual([['b', 10]])
  })

  test('of more ids than messages may be open is dropped', () => {
    const { feed, faults } = receiver({ reassemblyMessages: 2 })
    feed(0, data('a', 1), data('b', 1), data('c', 1))
    expect(faults()).toEqual([['EARLY_DATA_DROPPED', 1, 'c']])
  })
})

describe('remembered ids', () => {
  test('within number and time late data is skipped, beyond it counts as early data', () => {
    const { feed, faults, stack } = receiver({ rememberedRefs: 1, rememberedMs: 500 })
    feed(0, head('a', 1), data('a', 1), head('b', 1), data('b', 1))
    feed(400, data('a', 2), data('b', 3))
    // a was pushed out by b: its data waits for a head.
    stack.wake(1400)
    expect(faults()).toEqual([
      ['EARLY_DATA_DROPPED', 2, 'a'],
      ['MESSAGE_OVERRUN', 3, 'b'],
    ])
    const old = receiver({ rememberedMs: 500 })
    old.feed(0, head('a', 1), data('a', 1))
    old.feed(501, data('a', 2))
    old.stack.wake(1501)
    expect(old.faults()).toEqual([['EARLY_DATA_DROPPED', 2, 'a']])
  })
})

describe('the end of a connection', () => {
  test('interrupts what is open, drops what waits for a head, and counts what was not reported', () => {
    const { feed, stack, closed, faults, bodies } = receiver()
    feed(0, head('a', 9), data('a', 3), head('b', 1), data('b', 1), data('b', 2), data('c', 4))
    stack.disconnected(10, 'LINK_LOST')
    expect(closed()).toEqual([
      ['complete', null],
      ['interrupted', 'MESSAGE_INTERRUPTED'],
    ])
    expect(faults()).toEqual([
      ['EARLY_DATA_DROPPED', 4, 'c'],
      ['MESSAGE_OVERRUN', 2, 'b'],
    ])
    expect(stack.wakeAtMs).toBeNull()
    stack.connected(20)
    feed(20, head('a', 2), data('a', 2))
    expect(bodies).toEqual([
      ['b', 1],
      ['a', 2],
    ])
  })

  test('a packet that was cut off is reported, and its message interrupted rather than failed', () => {
    const { feed, stack, faults, closed } = receiver()
    feed(0, head('a', 9), data('a', 9).subarray(0, 30))
    stack.disconnected(10, 'LINK_LOST')
    expect(faults()).toEqual([['LSO_PACKET_STALLED', 30, '']])
    expect(closed()).toEqual([['interrupted', 'MESSAGE_INTERRUPTED']])
  })

  test('bytes outside a connection are not taken, and said to be lost', () => {
    const { feed, stack, faults, bodies } = receiver()
    stack.disconnected(1, 'LINK_LOST')
    feed(2, head('a', 0))
    expect(bodies).toEqual([])
    expect(faults()).toEqual([['LINK_NOT_CONNECTED', head('a', 0).length, '']])
  })
})

test('a flood of refused messages does not fill the queue with requests to stop', () => {
  const { feed, stack } = receiver({ messageBytes: 1, queuedBytes: 1000 })
  for (let count = 0; count < 200; count++) feed(0, head(`r${count}`, 2))
  expect(stack.queuedBytes).toBeLessThan(1100)
  expect(stack.queuedBytes).toBeGreaterThan(900)
})

test('every event says when', () => {
  const { feed, events } = receiver()
  feed(3, head('a', 1))
  feed(4, data('a', 1))
  const times = events.map((event: StackEvent) => event.atMs)
  expect(times).toEqual([3, 3, 4, 4])
})
