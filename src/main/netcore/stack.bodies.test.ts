import { describe, expect, test } from 'vitest'
import { utf8 } from '../../shared/bytes'
import { ConsoleError, type ErrorCode } from '../../shared/errors'
import { eventsOf, exchange, observedStack, pullAll } from '../../testing/stack-wire'
import { BodyParts } from './pipe/body-parts'
import type { BodyWriter, MessageStore, ReceivedBody, StoredBody } from './pipe/message-body'
import type { IncomingRequest, Reply, StackOptions } from './stack-types'

const pattern = (bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, (_, at) => (at * 31) & 255)
const code = (expected: ErrorCode) => expect.objectContaining({ code: expected }) as unknown

/** A body outside the memory of the stack, which counts who needs it. */
class Elsewhere implements StoredBody {
  readonly place = 'elsewhere'
  readonly byteLength: number
  holders = 1
  failsFrom = Number.POSITIVE_INFINITY
  shortBy = 0
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.byteLength = bytes.length
  }

  read(offset: number, length: number): Uint8Array {
    if (this.holders === 0) throw new ConsoleError('BODY_UNREADABLE', 'it was released')
    if (offset + length > this.failsFrom) throw new ConsoleError('BODY_UNREADABLE', 'the disk is gone')
    return this.#bytes.slice(offset, offset + length - this.shortBy)
  }

  retain(): void {
    this.holders += 1
  }

  release(): void {
    this.holders -= 1
  }
}

/** Puts every body elsewhere and shows its first three bytes. */
class ElsewhereStore implements MessageStore {
  readonly stored: Elsewhere[] = []

  open(): BodyWriter {
    const parts = new BodyParts()
    return {
      get byteLength() {
        return parts.byteLength
      },
      heldBytes: 0,
      append: (payload) => parts.append(payload),
      finish: (): ReceivedBody => {
        const stored = new Elsewhere(parts.join())
        this.stored.push(stored)
        return {
          byteLength: stored.byteLength,
          bytes: stored.read(0, Math.min(3, stored.byteLength)),
          stored,
        }
      },
      abandon: () => new Uint8Array(0),
    }
  }
}

function pair(there: Partial<StackOptions> = {}, here: Partial<StackOptions> = {}) {
  const a = observedStack(here)
  const b = observedStack(there)
  a.stack.connected(0)
  b.stack.connected(0)
  const run = (nowMs = 1): void => {
    exchange(a.stack, b.stack, nowMs)
    for (const { stack } of [a, b]) if (stack.wakeAtMs !== null && stack.wakeAtMs <= nowMs) stack.wake(nowMs)
    exchange(a.stack, b.stack, nowMs)
  }
  return { here: a, there: b, run }
}

describe('a body that lies elsewhere', () => {
  test('is sent piece by piece and arrives whole; it is held until its last byte was handed over', () => {
    const { here, there, run } = pair()
    const received: IncomingRequest[] = []
    there.stack.onUnrouted((request) => void received.push(request))
    const body = new Elsewhere(pattern(10_000))
    here.stack.send({ route: 'r', kind: 'event', body }, 0)
    expect(body.holders).toBe(2)
    run()
    expect(received.map((request) => request.body)).toEqual([pattern(10_000)])
    expect(body.holders).toBe(1)
  })

  test.each<[string, (body: Elsewhere) => void]>([
    ['can not be read on', (body) => void (body.failsFrom = 5000)],
    ['gives too few bytes', (body) => void (body.shortBy = 1)],
  ])('that %s fails alone: the peer is told, the others go on, whoever waits hears why', async (_, spoil) => {
    const { here, there, run } = pair()
    const received: string[] = []
    there.stack.onUnrouted(({ route }) => {
      received.push(route)
      return { body: utf8('{}') }
    })
    const body = new Elsewhere(pattern(10_000))
    spoil(body)
    const bad = here.stack.request({ route: 'bad', body }, 0)
    const good = here.stack.request({ route: 'good', body: pattern(10_000) }, 0)
    run()
    await expect(bad.answer).rejects.toEqual(code('BODY_UNREADABLE'))
    expect((await good.answer).route).toBe('good')
    expect(received).toEqual(['good'])
    expect(eventsOf(here.events, 'fault')).toMatchObject([
      { code: 'BODY_UNREADABLE', dir: 'out', ref: bad.ref },
    ])
    expect(eventsOf(here.events, 'message-closed')[0]).toMatchObject({
      messageKey: bad.messageKey,
      outcome: 'failed',
      code: 'BODY_UNREADABLE',
    })
    expect(eventsOf(there.events, 'message-closed')[0]).toMatchObject({ outcome: 'cancelled' })
    expect(body.holders).toBe(1)
    expect([here.stack.queuedBytes, here.stack.pull(2)]).toEqual([0, undefined])
  })

  test('whose answer can not be read ends the wait of whoever asked', async () => {
    const { here, there, run } = pair()
    const body = new Elsewhere(pattern(10_000))
    body.failsFrom = 5000
    there.stack.route('file', () => ({ body }))
    const { answer } = here.stack.request({ route: 'file', body: utf8('x') }, 0)
    run()
    await expect(answer).rejects.toEqual(code('REQUEST_CANCELLED'))
    expect(body.holders).toBe(1)
  })

  test.each<[string, (stack: ReturnType<typeof observedStack>['stack'], key: number) => void]>([
    ['cancelled', (stack, key) => void stack.cancel(key, 1)],
    ['interrupted', (stack) => stack.disconnected(1, 'LINK_LOST')],
  ])('is let go of when its message is %s', (_, end) => {
    const { here } = pair()
    const body = new Elsewhere(pattern(10_000))
    const { messageKey } = here.stack.send({ route: 'r', kind: 'event', body }, 0)
    here.stack.pull(0)
    end(here.stack, messageKey)
    expect(body.holders).toBe(1)
  })

  test('is held while its message waits for the next connection', () => {
    const { here } = pair()
    const body = new Elsewhere(pattern(100))
    here.stack.send({ route: 'r', kind: 'event', body }, 0)
    here.stack.disconnected(1, 'LINK_LOST')
    expect(body.holders).toBe(2)
    here.stack.connected(2)
    expect(pullAll(here.stack, 2)).toHaveLength(2)
    expect(body.holders).toBe(1)
  })
})

describe('a request whose body was stored', () => {
  const store = (): ElsewhereStore => new ElsewhereStore()

  test('gives its handler the beginning, all of it on demand, and JSON and text of all of it', () => {
    const bodies = store()
    const { here, there, run } = pair({ store: bodies })
    const seen: unknown[] = []
    there.stack.route('r', (request) => {
      const { body, bodyBytes, stored } = request
      seen.push(body, bodyBytes, stored!.read(9, 3), request.text(), request.json())
      return undefined
    })
    here.stack.send({ route: 'r', kind: 'event', body: utf8('{"a": [1, 2]}') }, 0)
    run()
    expect(seen).toEqual([utf8('{"a'), 13, utf8(' 2]'), '{"a": [1, 2]}', { a: [1, 2] }])
  })

  test('lets go of it when its handler is done, not before', async () => {
    const bodies = store()
    const { here, there, run } = pair({ store: bodies })
    let done: (reply: Reply | undefined) => void = () => undefined
    there.stack.route('r', () => new Promise((resolve) => void (done = resolve)))
    const { answer } = here.stack.request({ route: 'r', body: pattern(100) }, 0)
    run()
    expect(bodies.stored.map(({ holders }) => holders)).toEqual([1])
    done({ body: utf8('{}') })
    await Promise.resolve()
    run()
    await answer
    expect(bodies.stored.map(({ holders }) => holders)).toEqual([0])
  })

  test.each<[string, ((request: IncomingRequest) => Reply | undefined) | undefined]>([
    ['no handler', undefined],
    ['a handler that fails', () => expect.fail('on purpose')],
    ['a handler that answers nothing', () => undefined],
    [
      'a handler that answers by hand',
      (request) => {
        request.reply({ body: utf8('{}') })
        return undefined
      },
    ],
  ])('lets go of it with %s', (_, handler) => {
    const bodies = store()
    const { here, there, run } = pair({ store: bodies })
    if (handler) there.stack.onUnrouted(handler)
    here.stack.request({ route: 'r', body: pattern(100) }, 0)
    run()
    expect(bodies.stored.map(({ holders }) => holders)).toEqual([0])
  })

  test('can be answered with it: it is kept until that answer has left', async () => {
    const bodies = store()
    const { here, there, run } = pair({ store: bodies })
    there.stack.route('echo', ({ stored }) => ({ body: stored! }))
    const { answer } = here.stack.request({ route: 'echo', body: pattern(9000) }, 0)
    run()
    expect((await answer).body).toEqual(pattern(9000))
    expect(bodies.stored.map(({ holders }) => holders)).toEqual([0])
  })

  test('can be kept for longer', () => {
    const bodies = store()
    const { here, there, run } = pair({ store: bodies })
    there.stack.route('keep', ({ stored }) => {
      stored!.retain()
      return undefined
    })
    here.stack.send({ route: 'keep', kind: 'event', body: pattern(10) }, 0)
    run()
    expect(bodies.stored.map(({ holders }) => holders)).toEqual([1])
  })
})

describe('an answer whose body was stored', () => {
  test('belongs to whoever awaited it', async () => {
    const bodies = new ElsewhereStore()
    const { here, there, run } = pair({}, { store: bodies })
    there.stack.route('r', () => ({ body: pattern(50) }))
    const { answer } = here.stack.request({ route: 'r', body: utf8('x') }, 0)
    run()
    const { body, bodyBytes, stored } = await answer
    expect([body, bodyBytes, stored?.read(0, 50)]).toEqual([pattern(3), 50, pattern(50)])
    expect(bodies.stored.map(({ holders }) => holders)).toEqual([1])
  })

  test('is let go of when nobody waits for it', () => {
    const bodies = new ElsewhereStore()
    const { here, there, run } = pair({}, { store: bodies })
    there.stack.route('r', (request) => {
      request.reply({ body: pattern(50) }) // one too many
      return { body: pattern(50) }
    })
    const late = here.stack.request({ route: 'r', body: utf8('x') }, 0)
    here.stack.send({ route: 'r', kind: 'request', body: utf8('x') }, 0)
    run()
    expect(late.messageKey).toBe(1)
    expect(bodies.stored.map(({ holders }) => holders).sort()).toEqual([0, 0, 0, 1])
  })
})

describe('room in the queue', () => {
  const limits = { queuedBytes: 1000 }

  test('is not taken by bodies that lie elsewhere', () => {
    const { here } = pair({}, { limits })
    const body = new Elsewhere(pattern(100_000))
    here.stack.send({ route: 'big', kind: 'event', body }, 0)
    here.stack.send({ route: 'small', kind: 'event', body: pattern(500) }, 0)
    expect(here.stack.queuedBytes).toBeGreaterThan(100_500)
    expect(() => here.stack.send({ route: 'more', kind: 'event', body: pattern(500) }, 0)).toThrow(
      code('QUEUE_FULL'),
    )
  })

  test('is left for small messages by one that is larger than all of it', async () => {
    const { here, there, run } = pair({}, { limits })
    there.stack.onUnrouted(({ route }) => ({ body: utf8(route) }))
    here.stack.send({ route: 'large', kind: 'event', body: pattern(50_000) }, 0)
    const { answer } = here.stack.request({ route: 'urgent', body: pattern(100), priority: 0 }, 0)
    expect(() => here.stack.send({ route: 'second', kind: 'event', body: pattern(50_000) }, 0)).toThrow(
      code('QUEUE_FULL'),
    )
    run()
    expect((await answer).route).toBe('urgent')
    here.stack.send({ route: 'second', kind: 'event', body: pattern(50_000) }, 2)
  })

  test('is had by a message larger than all of it although small ones wait', () => {
    const { here, run } = pair({}, { limits })
    here.stack.send({ route: 'small', kind: 'event', body: pattern(500) }, 0)
    here.stack.send({ route: 'large', kind: 'event', body: pattern(50_000) }, 0)
    run()
    expect([here.stack.queuedBytes, eventsOf(here.events, 'queue').at(-1)?.queuedMessages]).toEqual([0, 0])
  })

  test('is had again when the large message is cancelled or lost with its connection', () => {
    const { here } = pair({}, { limits })
    const large = (): number =>
      here.stack.send({ route: 'large', kind: 'event', body: pattern(50_000) }, 0).messageKey
    here.stack.cancel(large(), 0)
    large()
    for (let frame = 0; frame < 4; frame++) here.stack.pull(0) // head and cancel of the first, then the second begins
    here.stack.disconnected(1, 'LINK_LOST')
    here.stack.connected(2)
    large()
    expect(pullAll(here.stack, 2).length).toBeGreaterThan(12)
    expect(here.stack.queuedBytes).toBe(0)
  })
})
