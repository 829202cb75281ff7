import { describe, expect, test } from 'vitest'
import { concatBytes, lenientUtf8, toHex, utf8 } from '../../shared/bytes'
import { eventsOf, exchange, observedStack, pullAll, seededRandom } from '../../testing/stack-wire'
import { settlePromises, VirtualClock } from '../../testing/virtual-clock'
import { rawDialect } from './dialects'
import { encodeCancel, encodeData, encodeMissionHead } from './dialects/lso/encoder'
import { peerErrorOf } from '../../shared/model/peer-error'
import type { IncomingRequest, StackOptions, StackPort } from './stack-types'

const code = (expected: string) => expect.objectContaining({ code: expected }) as unknown

function pair(options: Partial<StackOptions> = {}) {
  const here = observedStack({ random: seededRandom(1), ...options })
  const there = observedStack({ random: seededRandom(2), ...options })
  here.stack.connected(0)
  there.stack.connected(0)
  return { here, there, exchange: (nowMs = 0) => exchange(here.stack, there.stack, nowMs) }
}

const request = (stack: StackPort, route: string, text = '?', nowMs = 0, timeoutMs?: number) =>
  stack.request({ route, body: utf8(text), ...(timeoutMs !== undefined && { timeoutMs }) }, nowMs)

describe('a request and its answer', () => {
  test('the handler sees the request, the caller its answer, the trace both and their link', async () => {
    const { here, there, exchange } = pair()
    let seen: IncomingRequest | undefined
    there.stack.route('add', (incoming) => {
      seen = incoming
      const { a, b } = incoming.json() as { a: number; b: number }
      return { body: utf8(JSON.stringify({ sum: a + b })), headers: { 'x-n': 1 } }
    })
    const pending = request(here.stack, 'add', '{"a": 1, "b": 2}')
    exchange(7)
    const answer = await pending.answer
    expect([answer.route, lenientUtf8(answer.body), { ...answer.headers }, answer.roundTripMs]).toEqual([
      'add',
      '{"sum":3}',
      { 'x-n': 1 },
      7,
    ])
    expect([seen?.route, seen?.kind, seen?.text(), seen?.ref]).toEqual([
      'add',
      'request',
      '{"a": 1, "b": 2}',
      pending.ref,
    ])
    const opened = eventsOf(here.events, 'message-opened').at(-1)!
    expect([opened.dir, opened.kind, opened.answersKey, opened.messageKey]).toEqual([
      'in',
      'response',
      pending.messageKey,
      answer.messageKey,
    ])
    expect(eventsOf(there.events, 'message-opened').at(-1)).toMatchObject({
      dir: 'out',
      answersKey: seen?.messageKey,
    })
    expect(eventsOf(here.events, 'request-settled')).toEqual([
      {
        type: 'request-settled',
        atMs: 7,
        requestKey: pending.messageKey,
        answerKey: answer.messageKey,
        code: null,
        roundTripMs: 7,
      },
    ])
    expect(here.stack.wakeAtMs).toBeNull()
  })

  test('answers in any order find their requests', async () => {
    const { here, there, exchange } = pair()
    const waiting: IncomingRequest[] = []
    there.stack.route('q', (incoming) => {
      waiting.push(incoming)
      return undefined
    })
    const pending = ['1', '2', '3'].map((text) => request(here.stack, 'q', text))
    exchange()
    for (const incoming of waiting.reverse()) incoming.reply({ body: incoming.body })
    there.stack.wake(1)
    exchange(1)
    const answers = await Promise.all(pending.map(({ answer }) => answer))
    expect(answers.map((answer) => lenientUtf8(answer.body))).toEqual(['1', '2', '3'])
  })

  test('one request may get many answers: the first settles it, the others are linked and reported', async () => {
    const { here, there, exchange } = pair()
    there.stack.route('count', (incoming) => {
      for (const n of '123') incoming.reply({ body: utf8(n) })
      return undefined
    })
    const pending = request(here.stack, 'count')
    exchange()
    expect(lenientUtf8((await pending.answer).body)).toBe('1')
    const answers = eventsOf(here.events, 'message-opened').filter((event) => event.dir === 'in')
    expect(answers.map((event) => event.answersKey)).toEqual([1, 1, 1].map(() => pending.messageKey))
    expect(eventsOf(here.events, 'fault').map((event) => event.code)).toEqual([
      'ANSWER_UNMATCHED',
      'ANSWER_UNMATCHED',
    ])
    expect(eventsOf(here.events, 'request-settled')).toHaveLength(1)
  })

  test('an answer is never routed: late, unknown or to a request nobody awaited', () => {
    const { here, there, exchange } = pair()
    let routed = 0
    here.stack.onUnrouted(() => {
      routed += 1
      return undefined
    })
    there.stack.route('q', ({ body }) => ({ body }))
    here.stack.send({ route: 'q', kind: 'request', body: utf8('?') }, 0)
    exchange()
    expect(eventsOf(here.events, 'fault')).toEqual([])
    there.stack.send({ route: 'q', kind: 'response', correlationId: 'never', body: utf8('!') }, 0)
    exchange()
    expect(eventsOf(here.events, 'fault').map((event) => event.code)).toEqual(['ANSWER_UNMATCHED'])
    expect(routed).toBe(0)
  })

  test('an answer after the time is over is reported and linked, even when it does not say that it is one', async () => {
    const { here } = pair()
    let routed = 0
    here.stack.route('q', () => {
      routed += 1
      return undefined
    })
    const pending = request(here.stack, 'q', '?', 0, 100)
    pullAll(here.stack, 0)
    here.stack.wake(100)
    await expect(pending.answer).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
    const sent = eventsOf(here.events, 'message-opened')[0]!
    const late = encodeMissionHead('late', 1, { route: 'q', message_id: sent.correlationId })
    here.stack.receive(concatBytes([...late.parts, ...encodeData('late', utf8('!')).parts]), 101)
    expect(eventsOf(here.events, 'message-opened').at(-1)?.answersKey).toBe(pending.messageKey)
    expect(eventsOf(here.events, 'fault').map((event) => event.code)).toEqual(['ANSWER_UNMATCHED'])
    expect(routed).toBe(0)
  })

  test('nothing to say is said as {} where empty bodies are not delivered', async () => {
    const { here, there, exchange } = pair()
    there.stack.route('q', () => ({ body: new Uint8Array(0) }))
    const pending = request(here.stack, 'q', '')
    exchange()
    expect(lenientUtf8((await pending.answer).body)).toBe('{}')
    expect(eventsOf(there.events, 'message-closed')[0]).toMatchObject({ body: utf8('{}') })
  })

  test('an urgent request gets an urgent answer where the dialect carries priorities, else the usual one', () => {
    const { here, there, exchange } = pair()
    there.stack.route('q', ({ body }) => ({ body }))
    there.stack.route('now', ({ body }) => ({ body, priority: 0 }))
    request(here.stack, 'q')
    request(here.stack, 'now')
    exchange()
    const answers = eventsOf(there.events, 'message-opened').filter((event) => event.dir === 'out')
    expect(answers.map((event) => event.priority)).toEqual([3, 0])
  })
})

describe('a wait ends exactly once', () => {
  test('by time', async () => {
    const { here, exchange } = pair()
    const pending = request(here.stack, 'q', '?', 0, 250)
    pullAll(here.stack, 0)
    expect(here.stack.wakeAtMs).toBe(250)
    here.stack.wake(249)
    expect(eventsOf(here.events, 'request-settled')).toEqual([])
    here.stack.wake(250)
    await expect(pending.answer).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT', exitCode: 4 })
    expect(eventsOf(here.events, 'request-settled')[0]).toMatchObject({
      code: 'REQUEST_TIMEOUT',
      answerKey: 0,
    })
    here.stack.disconnected(300, 'LINK_LOST')
    exchange(300)
    expect(eventsOf(here.events, 'request-settled')).toHaveLength(1)
    expect(here.stack.wakeAtMs).toBeNull()
  })

  test('time counts without progress: while chunks leave it goes on, and the rest is taken back when it ends', async () => {
    const { here } = pair()
    const pending = here.stack.request({ route: 'fw', body: new Uint8Array(40_000), timeoutMs: 100 }, 0)
    for (let atMs = 0; atMs < 400; atMs += 80) {
      here.stack.pull(atMs)
      here.stack.wake(atMs)
    }
    expect(eventsOf(here.events, 'request-settled')).toEqual([])
    here.stack.wake(420)
    await expect(pending.answer).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
    expect(pullAll(here.stack, 420).map((frame) => frame.frameKind)).toEqual(['cancel'])
    expect(eventsOf(here.events, 'message-closed')[0]).toMatchObject({
      outcome: 'cancelled',
      code: 'REQUEST_TIMEOUT',
    })
  })

  test('an answer that began to come is not cut off; when it falls silent the wait ends with that', async () => {
    const { here, there } = pair({ limits: { reassemblyIdleMs: 1000 } })
    there.stack.route('big', () => ({ body: new Uint8Array(20_000) }))
    const pending = request(here.stack, 'big', '?', 0, 100)
    for (const frame of pullAll(here.stack, 0)) there.stack.receive(concatBytes(frame.parts), 0)
    const [head, first] = pullAll(there.stack, 0)
    here.stack.receive(concatBytes(head!.parts), 90)
    here.stack.receive(concatBytes(first!.parts), 900)
    here.stack.wake(1800)
    expect(eventsOf(here.events, 'request-settled')).toEqual([])
    here.stack.wake(1900)
    await expect(pending.answer).rejects.toMatchObject({ code: 'MESSAGE_STALLED' })
    expect(eventsOf(here.events, 'request-settled')).toHaveLength(1)
  })

  test('by our cancel: of one on its way the peer is told, of one that left it is not', async () => {
    const { here } = pair()
    const left = request(here.stack, 'q')
    pullAll(here.stack, 0)
    const going = here.stack.request({ route: 'q', body: new Uint8Array(9000) }, 0)
    here.stack.pull(0)
    here.stack.pull(0)
    expect(here.stack.cancel(left.messageKey, 1)).toBe(true)
    expect(here.stack.cancel(going.messageKey, 1)).toBe(true)
    expect(here.stack.cancel(left.messageKey, 1)).toBe(false)
    await expect(left.answer).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' })
    await expect(going.answer).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' })
    expect(pullAll(here.stack, 1).map((frame) => [frame.frameKind, frame.ref])).toEqual([
      ['cancel', going.ref],
    ])
  })

  test('by a cancel of the peer, sent completely or not', async () => {
    const { here } = pair()
    const left = request(here.stack, 'q')
    const going = here.stack.request({ route: 'q', body: new Uint8Array(9000) }, 0)
    for (let count = 0; count < 4; count++) here.stack.pull(0)
    for (const { ref } of [left, going]) here.stack.receive(encodeCancel(ref).parts[0]!, 1)
    await expect(left.answer).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' })
    await expect(going.answer).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' })
    expect(pullAll(here.stack, 1)).toEqual([])
    const cancels = eventsOf(here.events, 'frame').map((frame) => [frame.frameKind, frame.messageKey])
    expect(cancels).toEqual([
      ['cancel', left.messageKey],
      ['cancel', going.messageKey],
    ])
  })

  test('by a cancel of the answer', async () => {
    const { here } = pair()
    const pending = request(here.stack, 'q')
    pullAll(here.stack, 0)
    const { correlationId } = eventsOf(here.events, 'message-opened')[0]!
    const head = encodeMissionHead('an', 10, { is_response: true, message_id: correlationId })
    here.stack.receive(concatBytes([...head.parts, ...encodeCancel('an').parts]), 1)
    await expect(pending.answer).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' })
  })

  test('by an answer that breaks a limit, with its reason', async () => {
    const { here, there, exchange } = pair({ limits: { messageBytes: 5000 } })
    const pending = request(here.stack, 'q')
    for (const frame of pullAll(here.stack, 0)) there.stack.receive(concatBytes(frame.parts), 0)
    const { correlationId } = eventsOf(here.events, 'message-opened')[0]!
    const head = encodeMissionHead('an', 5001, { is_response: true, message_id: correlationId })
    here.stack.receive(concatBytes(head.parts), 1)
    await expect(pending.answer).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE' })
    exchange(1)
  })

  test('by the end of the connection, with its reason; a request that had not begun is not sent later', async () => {
    const { here } = pair()
    const left = request(here.stack, 'q')
    pullAll(here.stack, 0)
    const queued = request(here.stack, 'q')
    here.stack.disconnected(1, 'PORT_LOST')
    await expect(left.answer).rejects.toMatchObject({ code: 'PORT_LOST' })
    await expect(queued.answer).rejects.toMatchObject({ code: 'PORT_LOST' })
    here.stack.connected(2)
    expect(pullAll(here.stack, 2)).toEqual([])
  })

  test('an answer half received when the connection ends: the wait ends with the reason of the connection', async () => {
    const { here, there } = pair()
    there.stack.route('big', () => ({ body: new Uint8Array(20_000) }))
    const pending = request(here.stack, 'big')
    for (const frame of pullAll(here.stack, 0)) there.stack.receive(concatBytes(frame.parts), 0)
    for (const frame of pullAll(there.stack, 0).slice(0, 2)) here.stack.receive(concatBytes(frame.parts), 0)
    here.stack.disconnected(1, 'LINK_LOST')
    await expect(pending.answer).rejects.toMatchObject({ code: 'LINK_LOST' })
    expect(eventsOf(here.events, 'request-settled')).toHaveLength(1)
  })
})

test('a cancel of a request that was answered concerns nothing any more', () => {
  const { here, there, exchange } = pair()
  there.stack.route('q', ({ body }) => ({ body }))
  const { ref } = request(here.stack, 'q')
  exchange()
  here.stack.receive(encodeCancel(ref).parts[0]!, 1)
  expect(eventsOf(here.events, 'frame').at(-1)).toMatchObject({ frameKind: 'cancel', messageKey: 0 })
})

test('nobody needs to listen to a request that fails', async () => {
  const unheard: unknown[] = []
  const hear = (reason: unknown) => unheard.push(reason)
  process.on('unhandledRejection', hear)
  const { here } = pair()
  request(here.stack, 'q')
  here.stack.disconnected(1, 'LINK_LOST')
  await new Promise((resolve) => setImmediate(resolve)) // Node tells of it at the end of a turn
  process.off('unhandledRejection', hear)
  expect(unheard).toEqual([])
})

describe('limits', () => {
  test('as many requests as allowed wait at once, one more is refused until one has ended', () => {
    const { here, there, exchange } = pair({ limits: { pendingRequests: 2 } })
    there.stack.route('q', ({ body }) => ({ body }))
    request(here.stack, 'q')
    request(here.stack, 'q')
    expect(() => request(here.stack, 'q')).toThrow(code('REQUESTS_TOO_MANY'))
    exchange()
    expect(() => request(here.stack, 'q')).not.toThrow()
  })

  test('the default time limit is the one of the stack', () => {
    const { here } = pair({ limits: { requestTimeoutMs: 77 } })
    request(here.stack, 'q', '?', 1000)
    expect(here.stack.wakeAtMs).toBe(1077)
  })

  test('a dialect without answers refuses to wait for one', () => {
    const { here } = pair({ dialect: rawDialect })
    expect(() => request(here.stack, 'q')).toThrow(code('REQUESTS_UNSUPPORTED'))
  })

  test('an answer that does not fit in the queue is refused to the handler that gives it by hand', () => {
    const { here, there, exchange } = pair({ limits: { queuedBytes: 500 } })
    const refused: unknown[] = []
    there.stack.route('q', (incoming) => {
      incoming.reply({ body: new Uint8Array(300) })
      try {
        incoming.reply({ body: new Uint8Array(300) })
      } catch (error) {
        refused.push(error)
      }
      return undefined
    })
    request(here.stack, 'q')
    exchange()
    expect(refused).toEqual([code('QUEUE_FULL')])
  })

  test('a returned answer that does not fit is reported, not dropped in silence', () => {
    const { here, there, exchange } = pair({ limits: { queuedBytes: 1000 } })
    there.stack.route('q', () => ({ body: new Uint8Array(600) }))
    here.stack.send({ route: 'q', kind: 'request', body: utf8('1') }, 0)
    here.stack.send({ route: 'q', kind: 'request', body: utf8('2') }, 0)
    there.stack.receive(concatBytes(pullAll(here.stack, 0).flatMap((frame) => [...frame.parts])), 0)
    expect(eventsOf(there.events, 'fault').map((e) => [e.dir, e.code, e.lostBytes])).toEqual([
      ['out', 'QUEUE_FULL', 600],
    ])
    exchange()
  })
})

describe('handlers', () => {
  test('exact routes first, then the handler for everything else', () => {
    const { here, there, exchange } = pair()
    const ran: string[] = []
    for (const name of ['a', 'a/b']) {
      there.stack.route(name, () => {
        ran.push(name)
        return undefined
      })
    }
    there.stack.onUnrouted(({ route }) => {
      ran.push(`? ${route}`)
      return undefined
    })
    for (const route of ['a/b', 'a', 'A', '']) here.stack.send({ route, kind: 'event', body: utf8('x') }, 0)
    exchange()
    expect(ran).toEqual(['a/b', 'a', '? A', '? '])
  })

  test('an async handler announces work, and its answer leaves after the next wake', async () => {
    const { here, there, exchange } = pair()
    const clock = new VirtualClock()
    there.stack.route('slow', async (incoming) => {
      await new Promise<void>((resolve) => clock.schedule(50, resolve))
      return { body: incoming.body }
    })
    const pending = request(here.stack, 'slow')
    exchange()
    expect(there.workCalls()).toBe(0)
    await clock.advanceToAsync(50)
    expect(there.workCalls()).toBe(1)
    expect(there.stack.pull(50)).toBeUndefined()
    expect(there.stack.wakeAtMs).toBeLessThanOrEqual(50)
    there.stack.wake(50)
    exchange(50)
    expect(await pending.answer).toMatchObject({ roundTripMs: 50 })
  })

  test('answers that come together announce work once', async () => {
    const { here, there, exchange } = pair()
    const gates: (() => void)[] = []
    there.stack.route('slow', async ({ body }) => {
      await new Promise<void>((resolve) => gates.push(resolve))
      return { body }
    })
    const pending = [request(here.stack, 'slow'), request(here.stack, 'slow')]
    exchange()
    for (const open of gates) open()
    await settlePromises()
    expect(there.workCalls()).toBe(1)
    there.stack.wake(1)
    exchange(1)
    await Promise.all(pending.map(({ answer }) => answer))
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('no such sensor')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no such sensor'))],
  ])(
    'one that %s harms nobody: an error answer a person can read, a fault, and the next request is served',
    async (_how, handler) => {
      const { here, there, exchange } = pair()
      there.stack.route('bad', handler)
      there.stack.route('good', ({ body }) => ({ body }))
      const bad = request(here.stack, 'bad')
      const good = request(here.stack, 'good')
      exchange()
      await settlePromises()
      there.stack.wake(1)
      exchange(1)
      const answer = await bad.answer
      expect(peerErrorOf(answer)).toEqual({ code: 'HANDLER_FAILED', message: 'no such sensor' })
      expect(JSON.parse(lenientUtf8(answer.body))).toEqual({
        error: 'no such sensor',
        code: 'HANDLER_FAILED',
        route: 'bad',
      })
      expect(answer.route).toBe('')
      expect(peerErrorOf(await good.answer)).toBeUndefined()
      expect(eventsOf(there.events, 'fault').map((event) => event.code)).toEqual(['HANDLER_FAILED'])
    },
  )

  test('a route without handler is answered as such', async () => {
    const { here, exchange } = pair()
    const pending = request(here.stack, 'nowhere')
    exchange()
    expect(peerErrorOf(await pending.answer)).toEqual({
      code: 'ROUTE_UNKNOWN',
      message: 'there is no handler for the route "nowhere"',
    })
  })

  test('a message that cannot be answered gets no error answer', () => {
    const { here, there, exchange } = pair()
    here.stack.send({ route: 'nowhere', kind: 'event', body: utf8('x') }, 0)
    exchange()
    expect(eventsOf(there.events, 'message-opened').filter((event) => event.dir === 'out')).toEqual([])
    expect(eventsOf(there.events, 'fault')).toEqual([])
  })

  test('with error answers switched off the fault stays and the answer does not', () => {
    const { here, there, exchange } = pair({ answersErrors: false })
    here.stack.send({ route: 'nowhere', kind: 'request', body: utf8('x') }, 0)
    exchange()
    expect(eventsOf(there.events, 'fault').map((event) => event.code)).toEqual(['ROUTE_UNKNOWN'])
    expect(eventsOf(there.events, 'message-opened').filter((event) => event.dir === 'out')).toEqual([])
  })

  test('an answer that cannot be said becomes an error answer', async () => {
    const { here, there, exchange } = pair()
    there.stack.route('q', () => ({ body: utf8('x'), headers: { n: Number.NaN } }))
    const pending = request(here.stack, 'q')
    exchange()
    expect(peerErrorOf(await pending.answer)?.code).toBe('HANDLER_FAILED')
    expect(eventsOf(there.events, 'fault').map((event) => [event.dir, event.code])).toEqual([
      ['out', 'HEAD_NOT_ENCODABLE'],
    ])
  })

  test('an answer does not go to the next connection', async () => {
    const { here, there, exchange } = pair()
    let asked: IncomingRequest | undefined
    const gate: (() => void)[] = []
    there.stack.route('slow', async (incoming) => {
      asked = incoming
      await new Promise<void>((resolve) => gate.push(resolve))
      return { body: utf8('late') }
    })
    request(here.stack, 'slow')
    exchange()
    there.stack.disconnected(1, 'LINK_LOST')
    there.stack.connected(2)
    expect(() => asked!.reply({ body: utf8('x') })).toThrow(code('LINK_LOST'))
    gate[0]!()
    await settlePromises()
    there.stack.wake(3)
    expect(pullAll(there.stack, 3)).toEqual([])
    expect(eventsOf(there.events, 'fault').map((e) => [e.dir, e.code, e.lostBytes])).toEqual([
      ['out', 'LINK_LOST', 4],
    ])
  })

  test('a handler may end the connection it runs on', () => {
    const { here, there } = pair()
    there.stack.route('q', () => {
      there.stack.disconnected(0, 'LINK_LOST')
      return { body: utf8('x') }
    })
    request(here.stack, 'q')
    request(here.stack, 'q')
    const wire = concatBytes(pullAll(here.stack, 0).flatMap((frame) => [...frame.parts]))
    there.stack.receive(wire, 0)
    expect(eventsOf(there.events, 'message-closed').map((event) => event.outcome)).toEqual([
      'complete',
      'interrupted',
    ])
    expect(there.stack.pull(0)).toBeUndefined()
  })

  test('what was received together with it is not taken any more', () => {
    const device = observedStack({ dialect: rawDialect })
    device.stack.onUnrouted(() => {
      device.stack.disconnected(0, 'LINK_LOST')
      return undefined
    })
    device.stack.connected(0)
    device.stack.receive(utf8('bye\nand more\n'), 0)
    expect(eventsOf(device.events, 'message-closed').map((event) => lenientUtf8(event.body))).toEqual([
      'bye\n',
    ])
  })

  test('JSON of a stranger is bounded; what is wrong with it goes back to who sent it', async () => {
    const { here, there, exchange } = pair()
    there.stack.route('json', (incoming) => ({ body: utf8(JSON.stringify(incoming.json())) }))
    const deep = request(here.stack, 'json', '['.repeat(101))
    const broken = request(here.stack, 'json', '{')
    exchange()
    expect(peerErrorOf(await deep.answer)?.message).toContain('100 levels')
    expect(peerErrorOf(await broken.answer)?.message).toContain('not JSON')
  })

  test('a line of a raw stream goes to the handler for everything, and its answer is bare bytes', () => {
    const device = observedStack({ dialect: rawDialect })
    device.stack.onUnrouted((incoming) => ({ body: utf8(`echo ${incoming.text()}`) }))
    device.stack.connected(0)
    device.stack.receive(utf8('AT\r\n'), 0)
    expect(pullAll(device.stack, 0).map((frame) => toHex(concatBytes(frame.parts)))).toEqual([
      toHex(utf8('echo AT\r\n')),
    ])
  })
})

test('thirty-two concurrent requests with bodies of many sizes all get their own bytes back', async () => {
  const { here, there, exchange } = pair()
  there.stack.route('echo', ({ body }) => ({ body }))
  const sizes = [1, 4095, 4096, 4097, 10_000, 100_000]
  const bodies = Array.from({ length: 32 }, (_, index) =>
    new Uint8Array(sizes[index % sizes.length]!).fill(index + 1),
  )
  const pending = bodies.map((body) => here.stack.request({ route: 'echo', body }, 0))
  exchange()
  const answers = await Promise.all(pending.map(({ answer }) => answer))
  expect(answers.every((answer, index) => toHex(answer.body) === toHex(bodies[index]!))).toBe(true)
})
