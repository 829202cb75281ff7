import { describe, expect, test } from 'vitest'
import { utf8 } from '../../../../shared/bytes'
import { ConsoleError } from '../../../../shared/errors'
import { HandPeer } from '../../../../testing/hand-peer'
import { NativeLine } from '../../../../testing/native-line'
import type { BodySource } from '../../pipe/message-body'
import { LARGEST_CHUNK_BYTES } from './native-settings'
import { NATIVE_CODE, sidOf } from './wire/frames'

const NOTHING = new Uint8Array(0)
const codeOf = (run: () => unknown): string | null => {
  try {
    run()
    return null
  } catch (error) {
    return error instanceof ConsoleError ? error.code : String(error)
  }
}
const outOf = (hand: HandPeer): unknown[] =>
  hand.events.flatMap((event) =>
    event.type === 'message-closed' && event.dir === 'out'
      ? [[event.messageKey, event.outcome, event.code]]
      : [],
  )

describe('what may wait to be sent', () => {
  test('is limited by its bytes in memory, with one larger message beside the others', () => {
    const hand = new HandPeer({
      acknowledges: false,
      stack: { limits: { queuedBytes: 1_000, messageBytes: 10_000 } },
    })
    hand.stack.disconnected(0, 'LINK_LOST')
    const send = (bytes: number): string | null =>
      codeOf(() => hand.stack.send({ route: 'r', kind: 'event', body: new Uint8Array(bytes) }, 0))
    expect(send(900)).toBeNull()
    expect(send(100)).toBe('QUEUE_FULL')
    expect(send(60)).toBeNull()
    expect(send(2_000)).toBeNull()
    expect(send(2_000)).toBe('QUEUE_FULL')
    expect(hand.stack.queuedBytes).toBe(2_960 + 3 * 17)
    expect(outOf(hand)).toEqual([])
  })

  test('leaves the queue as it is handed over, and counts nothing twice when it is repeated', () => {
    const depths: number[] = []
    const line = new NativeLine({
      seed: 3,
      baud: 115_200,
      flip: 2e-3,
      onTrace: (side, event) => {
        if (side === 'near' && event.type === 'queue') depths.push(event.queuedBytes)
      },
    })
    line.far.stack.onUnrouted(() => undefined)
    line.plug()
    line.run(2_000, () => line.near.stack.isReady)
    line.near.stack.send({ route: 'r', kind: 'event', body: new Uint8Array(10_000) }, line.nowMs)
    line.at(line.nowMs + 300, () => line.unplug())
    line.at(line.nowMs + 400, () => line.plug())
    line.run(line.nowMs + 20_000, () => line.near.pipe.isIdle)
    expect(line.near.counts.repeatedBytes).toBeGreaterThan(0)
    expect(depths[0]).toBe(10_017)
    expect(depths.every((depth, at) => at === 0 || depth < depths[at - 1]!)).toBe(true)
    expect(depths.at(-1)).toBe(0)
  })
})

describe('what can not be said', () => {
  test('is refused before it is queued', () => {
    const { stack } = new HandPeer()
    const event = { route: 'r', kind: 'event', body: NOTHING } as const
    expect(codeOf(() => stack.send({ ...event, kind: 'bytes' }, 0))).toBe('HEAD_NOT_ENCODABLE')
    expect(codeOf(() => stack.send({ ...event, kind: 'response' }, 0))).toBe('REQUEST_CANCELLED')
    expect(codeOf(() => stack.send({ ...event, headers: { k: Number.NaN } }, 0))).toBe('HEAD_NOT_ENCODABLE')
    expect(codeOf(() => stack.send({ ...event, headers: { k: 'x'.repeat(65_536) } }, 0))).toBe(
      'HEAD_TOO_LARGE',
    )
    for (const chunkBytes of [15, 16.5, LARGEST_CHUNK_BYTES + 1]) {
      expect(codeOf(() => stack.send({ ...event, chunkBytes }, 0))).toBe('CHUNK_SIZE_RANGE')
    }
    for (const chunkBytes of [16, LARGEST_CHUNK_BYTES]) stack.send({ ...event, chunkBytes }, 0)
  })

  test('is a name that was used before; drawn names never meet those', () => {
    const { stack } = new HandPeer()
    const send = (ref?: string): string =>
      stack.send({ route: 'r', kind: 'event', body: NOTHING, ...(ref !== undefined && { ref }) }, 0).ref
    expect([send(), send('mine'), send('n3')]).toEqual(['n1', 'mine', 'n3'])
    for (const used of ['n1', 'mine', 'n3']) expect(codeOf(() => send(used))).toBe('DUPLICATE_REF')
    expect([send(), send()]).toEqual(['n2', 'n4'])
  })
})

describe('chunks', () => {
  test('are never larger than a message asks for', () => {
    const hand = new HandPeer({ framing: 'len' })
    hand.stack.send({ route: 'r', kind: 'event', body: new Uint8Array(100), chunkBytes: 16 }, 0)
    hand.settle()
    const sizes = hand.seen.flatMap(({ frame }) => ('payload' in frame ? [frame.payload.length] : []))
    expect(sizes).toEqual([16, 16, 16, 16, 16, 16, 4])
  })
})

describe('answers', () => {
  test('are one to a request, and a handler that has more is told so', () => {
    const hand = new HandPeer()
    let reason: unknown
    hand.stack.route('twice', (request) => {
      request.signal.addEventListener('abort', () => {
        reason = request.signal.reason as unknown
      })
      request.reply({ body: utf8('one'), hasMore: true })
      request.reply({ body: utf8('two') })
      return undefined
    })
    const opening = {
      route: 'twice',
      extension: null,
      hasHeaders: false,
      isFin: true,
      payload: NOTHING,
    } as const
    hand.say({ kind: 'req', sid: sidOf(0, 0), ...opening })
    expect(hand.heard('ans').map(({ payload }) => Buffer.from(payload).toString())).toEqual(['one'])
    expect(reason).toMatchObject({ code: 'REQUEST_CANCELLED' })
  })

  test('to a subscription that was cancelled are dropped, and the rest goes on', () => {
    const hand = new HandPeer({ acknowledges: false })
    let isDeclined = false
    hand.stack.route('many', (request) => {
      request.signal.addEventListener('abort', () => (isDeclined = true))
      for (let k = 0; k < 20; k++) request.reply({ body: new Uint8Array(20_000), hasMore: true })
      return new Promise(() => undefined)
    })
    const opening = { extension: null, hasHeaders: false, isFin: true, payload: NOTHING } as const
    hand.say({ kind: 'sub', sid: sidOf(0, 0), route: 'many', ...opening })
    hand.say({ kind: 'cancel', sid: sidOf(0, 0), isSendersSlot: true, code: NATIVE_CODE.cancelled })
    expect(isDeclined).toBe(true)
    expect(outOf(hand)).toHaveLength(20)
    expect(new Set(outOf(hand).map((closed) => (closed as unknown[])[1]))).toEqual(new Set(['cancelled']))
    expect(hand.stack.queuedBytes).toBe(0)
    const before = hand.seen.length
    hand.sayAck({ newest: hand.heard('back').at(-1)!.number })
    expect(hand.seen.slice(before).filter(({ frame }) => frame.kind !== 'ack')).toEqual([])
  })

  test('that nobody waits for free their slot after the time of a request', () => {
    const hand = new HandPeer({
      settings: { slots: 1, urgentSlots: 0 },
      stack: { limits: { requestTimeoutMs: 200 } },
    })
    hand.stack.send({ route: 'r', kind: 'request', body: NOTHING }, 0)
    hand.stack.send({ route: 'next', kind: 'event', body: NOTHING }, 0)
    hand.pass(150)
    expect(hand.heard('evt')).toEqual([])
    hand.pass(100)
    expect(hand.heard('cancel')).toMatchObject([{ isSendersSlot: true, code: NATIVE_CODE.timeout }])
    expect(hand.heard('evt')).toHaveLength(1)
  })
})

describe('a body that can not be read', () => {
  test('fails its message alone, and the peer is told', async () => {
    const hand = new HandPeer({ framing: 'len' })
    const broken: BodySource = {
      byteLength: 20_000,
      read(offset, length) {
        if (offset > 5_000) throw new ConsoleError('BODY_UNREADABLE', 'the file is gone')
        return new Uint8Array(length)
      },
    }
    const { answer } = hand.stack.request({ route: 'r', body: broken }, 0)
    hand.stack.send({ route: 'ok', kind: 'event', body: utf8('fine') }, 0)
    hand.settle()
    await expect(answer).rejects.toMatchObject({ code: 'BODY_UNREADABLE' })
    expect(hand.heard('cancel')).toHaveLength(1)
    expect(hand.heard('evt')).toMatchObject([{ payload: utf8('fine') }])
    expect(outOf(hand)).toContainEqual([1, 'failed', 'BODY_UNREADABLE'])
  })
})

describe('checksums on a transport that damages nothing', () => {
  test.each([
    [false, 10 - 5],
    [true, 9],
  ])('asked for: %s', (hasChecksums, cost) => {
    const line = new NativeLine({
      seed: 1,
      near: { session: { role: 'host', hasChecksums } },
    })
    line.plug()
    line.run(100)
    const sizes: number[] = []
    for (let k = 0; k < 3; k++) {
      line.near.stack.send({ route: 'r', kind: 'event', body: new Uint8Array(20) }, line.nowMs)
      const before = line.near.counts.carriedBytes
      line.pump()
      sizes.push(line.near.counts.carriedBytes - before - 20)
      line.run(line.nowMs + 20)
    }
    expect(sizes.at(-1)).toBe(cost)
  })

  test('are what finds a transport that lies: the connection ends', () => {
    const hand = new HandPeer({ framing: 'len' })
    hand.sayBytes(Uint8Array.of(4, 0x60, 0, 0, 0, 1, 2, 3, 4))
    expect(hand.stack.isSpent).toBe(true)
    expect(hand.faultCodes).toEqual(['NATIVE_BAD_CRC'])
  })
})
