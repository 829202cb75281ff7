import { describe, expect, test } from 'vitest'
import { concatBytes, toHex, utf8 } from '../../shared/bytes'
import type { Priority } from '../../shared/model/trace'
import { eventsOf, observedStack, pullAll, wireBytes } from '../../testing/stack-wire'
import { rawDialect } from './dialects'
import { encodeCancel, encodeMissionHead } from './dialects/lso/encoder'
import type { OutgoingFrame, OutgoingMessage, StackPort } from './stack-types'

const code = (expected: string) => expect.objectContaining({ code: expected }) as unknown

function sender(options: Parameters<typeof observedStack>[0] = {}) {
  const observed = observedStack(options)
  observed.stack.connected(0)
  return observed
}

/** A message whose id will be drawn. */
const unnamed = (bytes: number, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  route: 'r',
  kind: 'event',
  body: new Uint8Array(bytes),
  ...more,
})
const event = (ref: string, bytes: number, more: Partial<OutgoingMessage> = {}): OutgoingMessage =>
  unnamed(bytes, { ref, ...more })

/** `a` a chunk of message a, `+a` its head, `-a` its cancel. */
const words = (frames: readonly OutgoingFrame[]): string =>
  frames
    .map(({ frameKind, ref }) => (frameKind === 'mission' ? '+' : frameKind === 'cancel' ? '-' : '') + ref)
    .join(' ')

const take = (stack: StackPort, count: number): OutgoingFrame[] =>
  Array.from({ length: count }, () => stack.pull(0)!)

describe('frames', () => {
  test('tell the owner what they carry and where', () => {
    const { stack } = sender()
    const { messageKey } = stack.send(event('a', 5000), 0)
    const frames = pullAll(stack, 0)
    const head = frames[0]!.wireBytes
    expect(
      frames.map((f) => [f.messageKey, f.chunkIndex, f.bodyOffset, f.payloadBytes, f.isLast, f.streamOffset]),
    ).toEqual([
      [messageKey, -1, 0, 0, false, 0],
      [messageKey, 0, 0, 4096, false, head],
      [messageKey, 1, 4096, 904, true, head + frames[1]!.wireBytes],
    ])
    expect(frames.every((f) => f.wireBytes === concatBytes(f.parts).length)).toBe(true)
  })

  test('carry views of the body, not copies', () => {
    const { stack } = sender()
    const message = event('a', 5000)
    stack.send(message, 0)
    const payloads = pullAll(stack, 0).flatMap((frame) => frame.parts.filter((part) => part.length > 500))
    const { buffer } = message.body as Uint8Array
    expect(payloads.map((part) => part.buffer)).toEqual([buffer, buffer])
  })

  test('nothing is handed over without a connection', () => {
    const { stack } = observedStack()
    stack.send(event('a', 1), 0)
    expect(stack.pull(0)).toBeUndefined()
    stack.connected(1)
    expect(words(pullAll(stack, 1))).toBe('+a a')
  })
})

describe('the account of a message', () => {
  test('opened when queued, closed when its last byte is handed over; the depth of the queue on every change', () => {
    const { stack, events } = sender()
    stack.send(event('abcdef', 5000), 1)
    for (let atMs = 2; stack.pull(atMs) !== undefined; atMs++);
    expect(events.map((each) => [each.type, each.atMs])).toEqual([
      ['message-opened', 1],
      ['queue', 1],
      ['queue', 2],
      ['queue', 3],
      ['message-closed', 4],
      ['queue', 4],
    ])
    expect(eventsOf(events, 'queue').map((each) => [each.queuedBytes, each.queuedMessages])).toEqual([
      [5000 + 90, 1],
      [5000, 1],
      [904, 1],
      [0, 0],
    ])
    expect(eventsOf(events, 'message-closed')[0]).toMatchObject({
      outcome: 'complete',
      code: null,
      bodyBytes: 5000,
    })
  })

  test('a message without body ends with its head', () => {
    const { stack, events } = sender()
    stack.send(event('a', 0), 0)
    expect(pullAll(stack, 0).map((frame) => frame.isLast)).toEqual([true])
    expect(eventsOf(events, 'message-closed')).toHaveLength(1)
    expect(stack.queuedBytes).toBe(0)
  })
})

describe('priorities on the wire', () => {
  test('from sending an urgent message to its last byte at most one chunk of others passes, and none that has not aged', () => {
    for (const agingMs of [1, 1000]) {
      const { stack } = sender({ policy: { agingMs } })
      for (const priority of [1, 2, 3, 5, 7] as Priority[])
        stack.send(event(`p${priority}`, 1e6, { priority }), 0)
      for (let nowMs = 0; nowMs < 3000; nowMs += 30) {
        const ref = `urgent${nowMs}`
        stack.send(event(ref, 100, { priority: 0 }), nowMs)
        const frames: OutgoingFrame[] = []
        while (frames.at(-1)?.ref !== ref || frames.at(-1)?.frameKind !== 'data')
          frames.push(stack.pull(nowMs)!)
        const before = frames.filter((frame) => frame.ref !== ref)
        expect(before.length).toBeLessThanOrEqual(agingMs === 1 || nowMs > 1000 ? 1 : 0)
        for (let count = 0; count < 5; count++) stack.pull(nowMs)
      }
    }
  })

  test('a message may cut its own chunks', () => {
    const { stack } = sender()
    stack.send(event('a', 250, { chunkBytes: 100 }), 0)
    expect(pullAll(stack, 0).map((frame) => frame.payloadBytes)).toEqual([0, 100, 100, 50])
  })
})

describe('cancel', () => {
  test('in the middle: the rest stays, the cancel goes before the next chunk of others', () => {
    const { stack, events } = sender()
    const { messageKey } = stack.send(event('a', 20_000), 0)
    stack.send(event('b', 9000), 0)
    expect(words(take(stack, 4))).toBe('+a +b a b')
    expect(stack.cancel(messageKey, 0)).toBe(true)
    expect(words(pullAll(stack, 0))).toBe('-a b b')
    expect(eventsOf(events, 'message-closed')[0]).toMatchObject({
      outcome: 'cancelled',
      code: 'MESSAGE_CANCELLED',
    })
    expect(stack.queuedBytes).toBe(0)
  })

  test('before its head left: head, then cancel, as Python does', () => {
    const { stack } = sender()
    const { messageKey } = stack.send(event('a', 20_000), 0)
    stack.cancel(messageKey, 0)
    expect(words(pullAll(stack, 0))).toBe('+a -a')
    expect(stack.queuedBytes).toBe(0)
  })

  test('before the head of a message without body left: nothing is sent, because the head is all of it', () => {
    const { stack } = sender()
    const { messageKey } = stack.send(event('a', 0), 0)
    stack.send(event('b', 1), 0)
    expect(stack.cancel(messageKey, 0)).toBe(true)
    expect(words(pullAll(stack, 0))).toBe('+b b')
    expect(stack.queuedBytes).toBe(0)
  })

  test('of the only message is sent at once', () => {
    const { stack } = sender()
    const { messageKey } = stack.send(event('a', 20_000), 0)
    take(stack, 2)
    stack.cancel(messageKey, 0)
    expect(words(pullAll(stack, 0))).toBe('-a')
  })

  test('before its turn in a running round harms no other message', () => {
    const { stack } = sender()
    const keys = ['a', 'b', 'c', 'd'].map((ref) => stack.send(event(ref, 9000), 0).messageKey)
    expect(words(take(stack, 5))).toBe('+a +b +c +d a')
    stack.cancel(keys[2]!, 0)
    expect(words(pullAll(stack, 0))).toBe('-c b d a b d a b d')
  })

  test('of something that has left, or never was, does nothing', () => {
    const { stack } = sender()
    const { messageKey } = stack.send(event('a', 10), 0)
    pullAll(stack, 0)
    expect(stack.cancel(messageKey, 0)).toBe(false)
    expect(stack.cancel(999, 0)).toBe(false)
    expect(pullAll(stack, 0)).toEqual([])
  })

  test('without a connection leaves nothing to be sent', () => {
    const { stack } = observedStack()
    const { messageKey } = stack.send(event('a', 10), 0)
    expect(stack.cancel(messageKey, 0)).toBe(true)
    stack.connected(1)
    expect(pullAll(stack, 1)).toEqual([])
    expect(stack.queuedBytes).toBe(0)
  })

  test('by the peer: the rest is not sent, and nothing is said about it', () => {
    const { stack, events } = sender()
    stack.send(event('a', 20_000), 0)
    stack.send(event('b', 5000), 0)
    expect(words(take(stack, 4))).toBe('+a +b a b')
    stack.receive(encodeCancel('a').parts[0]!, 1)
    expect(words(pullAll(stack, 1))).toBe('b')
    expect(eventsOf(events, 'message-closed')[0]).toMatchObject({
      outcome: 'cancelled',
      code: 'MESSAGE_CANCELLED',
    })
  })
})

test('a cancel by the peer that names a message it cannot know yet means another one', () => {
  const { stack, events } = sender()
  stack.send(event('a', 100), 0)
  stack.receive(encodeCancel('a').parts[0]!, 0)
  expect(eventsOf(events, 'frame').map((frame) => frame.messageKey)).toEqual([0])
  expect(words(pullAll(stack, 0))).toBe('+a a')
})

describe('limits', () => {
  test('a body of the limit is sent, one byte more is refused before anything is queued', () => {
    const { stack, events } = sender({ limits: { messageBytes: 10 } })
    stack.send(event('a', 10), 0)
    expect(() => stack.send(event('b', 11), 0)).toThrow(code('MESSAGE_TOO_LARGE'))
    expect(eventsOf(events, 'message-opened')).toHaveLength(1)
    expect(words(pullAll(stack, 0))).toBe('+a a')
  })

  test('the queue takes exactly its limit, heads included', () => {
    const headBytes = encodeMissionHead('a', 10, { route: 'r' }).wireBytes
    const { stack } = sender({ limits: { queuedBytes: 3 * (headBytes + 10) } })
    for (const ref of ['a', 'b', 'c']) stack.send(event(ref, 10), 0)
    expect(() => stack.send(event('d', 0), 0)).toThrow(code('QUEUE_FULL'))
    stack.pull(0)
    expect(() => stack.send(event('d', 0), 0)).not.toThrow()
  })

  test('a message larger than the queue is taken when nothing else waits', () => {
    const { stack } = sender({ limits: { queuedBytes: 100 } })
    stack.send(event('a', 1000), 0)
    expect(() => stack.send(event('b', 0), 0)).toThrow(code('QUEUE_FULL'))
    expect(words(pullAll(stack, 0))).toBe('+a a')
  })

  test('an id can be used once', () => {
    const { stack } = sender({ limits: { rememberedRefs: 2 } })
    stack.send(event('a', 10), 0)
    expect(() => stack.send(event('a', 10), 0)).toThrow(code('DUPLICATE_REF'))
    pullAll(stack, 0)
    expect(() => stack.send(event('a', 10), 0)).toThrow(code('DUPLICATE_REF'))
    stack.send(event('b', 10), 0)
    stack.send(event('c', 10), 0)
    expect(() => stack.send(event('a', 10), 0)).not.toThrow()
  })

  test('a random source that repeats itself is found out', () => {
    const { stack } = sender({ random: () => 0 })
    const message = unnamed(1)
    stack.send(message, 0)
    expect(() => stack.send(message, 0)).toThrow(code('DUPLICATE_REF'))
  })

  test('ids that were used are not drawn', () => {
    const letters = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    const { stack } = sender({ random: () => letters.shift()! })
    stack.send(event('aaaaaa', 1), 0)
    const message = unnamed(1)
    expect(stack.send(message, 0).ref).toBe('aaaaab')
  })

  test('heads that cannot be said and chunk sizes that are not safe are refused, and nothing is queued', () => {
    const { stack, events } = sender()
    const long = { 'x-long': 'x'.repeat(70_000) }
    expect(() => stack.send(event('a', 1, { headers: long }), 0)).toThrow(code('HEAD_TOO_LARGE'))
    expect(() => stack.send(event('a', 1, { headers: { n: Number.NaN } }), 0)).toThrow(
      code('HEAD_NOT_ENCODABLE'),
    )
    expect(() => stack.send(event('a', 1, { chunkBytes: 5000 }), 0)).toThrow(code('CHUNK_SIZE_RANGE'))
    expect(events).toEqual([])
    expect(() => stack.send(event('a', 1), 0)).not.toThrow()
  })

  test('a policy that cannot work is refused at the start', () => {
    expect(() => observedStack({ policy: { chunkBytes: 5000 } })).toThrow(code('CHUNK_SIZE_RANGE'))
    expect(() => observedStack({ policy: { agingMs: 0 } })).toThrow(code('OPTION_INVALID'))
  })
})

describe('connections', () => {
  test('what had begun is interrupted, what had not is sent on the next one from its head on', () => {
    const { stack, events } = sender()
    stack.send(event('a', 9000), 0)
    take(stack, 2)
    stack.send(event('b', 9000, { priority: 0 }), 0)
    stack.send(event('c', 0), 0)
    stack.disconnected(1, 'PORT_LOST')
    expect(eventsOf(events, 'message-closed').map((e) => [e.outcome, e.code])).toEqual([
      ['interrupted', 'MESSAGE_INTERRUPTED'],
    ])
    stack.send(event('d', 10), 2)
    expect(stack.pull(2)).toBeUndefined()
    stack.connected(3)
    const frames = pullAll(stack, 3)
    expect(words(frames)).toBe('+b b b b +c +d d')
    expect(frames[0]!.streamOffset).toBe(0)
    expect(stack.queuedBytes).toBe(0)
  })

  test('a new one ends the one before it', () => {
    const { stack, events } = sender()
    stack.send(event('a', 9000), 0)
    take(stack, 2)
    stack.connected(5)
    expect(eventsOf(events, 'message-closed').map((e) => [e.outcome, e.atMs])).toEqual([['interrupted', 5]])
    expect(pullAll(stack, 5)).toEqual([])
  })

  test('an answer that had not begun is not sent to whoever comes next', () => {
    const { stack, events } = sender()
    stack.send(event('a', 10, { kind: 'response', correlationId: 'x' }), 0)
    stack.disconnected(1, 'PORT_LOST')
    stack.connected(2)
    expect(pullAll(stack, 2)).toEqual([])
    expect(eventsOf(events, 'message-closed').map((e) => e.outcome)).toEqual(['interrupted'])
  })

  test('a cancel that waited is not sent on the next one', () => {
    const { stack } = sender()
    const { messageKey } = stack.send(event('a', 9000), 0)
    take(stack, 2)
    stack.cancel(messageKey, 0)
    stack.disconnected(1, 'PORT_LOST')
    stack.connected(2)
    expect(pullAll(stack, 2)).toEqual([])
    expect(stack.queuedBytes).toBe(0)
  })
})

test('a dialect without heads sends the body and nothing else', () => {
  const { stack, events } = sender({ dialect: rawDialect })
  stack.send(unnamed(0, { kind: 'bytes', body: utf8('AT\r') }), 0)
  stack.send(unnamed(0, { kind: 'bytes' }), 0)
  expect(toHex(wireBytes(pullAll(stack, 0)))).toBe(toHex(utf8('AT\r')))
  expect(eventsOf(events, 'message-closed').map((e) => e.outcome)).toEqual(['complete', 'complete'])
  expect(stack.queuedBytes).toBe(0)
})
