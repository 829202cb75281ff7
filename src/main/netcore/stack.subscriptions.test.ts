import { describe, expect, test } from 'vitest'
import { concatBytes, lenientUtf8, utf8 } from '../../shared/bytes'
import type { ConsoleError } from '../../shared/errors'
import { peerErrorOf } from '../../shared/model/peer-error'
import { eventsOf, exchange, observedStack, pullAll, seededRandom } from '../../testing/stack-wire'
import type { Answer, IncomingRequest, StackPort } from './stack-types'

function pair() {
  const here = observedStack({ random: seededRandom(1) })
  const there = observedStack({ random: seededRandom(2) })
  here.stack.connected(0)
  there.stack.connected(0)
  return { here, there, exchange: (nowMs = 0) => exchange(here.stack, there.stack, nowMs) }
}

interface Heard {
  readonly answers: Answer[]
  readonly ends: (ConsoleError | null)[]
  readonly messageKey: number
}

function subscribe(stack: StackPort, route: string, timeoutMs = 30_000): Heard {
  const answers: Answer[] = []
  const ends: (ConsoleError | null)[] = []
  const { messageKey } = stack.subscribe(
    {
      route,
      body: utf8('?'),
      timeoutMs,
      onAnswer: (answer) => answers.push(answer) > 0,
      onEnd: (error) => ends.push(error),
    },
    0,
  )
  return { answers, ends, messageKey }
}

const texts = ({ answers }: Heard): string[] => answers.map(({ body }) => lenientUtf8(body))
const codes = ({ ends }: Heard): (string | null)[] => ends.map((error) => error?.code ?? null)

describe('a request with many answers', () => {
  test('gets them in order, then its end, and settles once', () => {
    const { here, there, exchange } = pair()
    there.stack.route('count', (request) => {
      for (const n of '123') request.reply({ body: utf8(n), hasMore: true })
      request.end()
      return undefined
    })
    const heard = subscribe(here.stack, 'count')
    exchange()
    expect(texts(heard)).toEqual(['1', '2', '3'])
    expect(codes(heard)).toEqual([null])
    expect(eventsOf(here.events, 'fault')).toEqual([])
    expect(eventsOf(here.events, 'request-settled')).toEqual([
      expect.objectContaining({
        requestKey: heard.messageKey,
        code: null,
        answerKey: heard.answers[2]!.messageKey,
      }),
    ])
  })

  test('ends with the answer after which none follows, without a word of its own', () => {
    const { here, there, exchange } = pair()
    there.stack.route('count', (request) => {
      request.reply({ body: utf8('1'), hasMore: true })
      request.reply({ body: utf8('2') })
      return undefined
    })
    const heard = subscribe(here.stack, 'count')
    exchange()
    expect(texts(heard)).toEqual(['1', '2'])
    expect(codes(heard)).toEqual([null])
  })

  test('ends after one answer of a peer that knows only one, as the Python peer does', () => {
    const { here, there, exchange } = pair()
    there.stack.route('echo', ({ body }) => ({ body }))
    const heard = subscribe(here.stack, 'echo')
    exchange()
    expect(texts(heard)).toEqual(['?'])
    expect(codes(heard)).toEqual([null])
  })

  test('may have no answer at all', () => {
    const { here, there, exchange } = pair()
    there.stack.route('none', (request) => {
      request.end()
      return undefined
    })
    const heard = subscribe(here.stack, 'none')
    exchange()
    expect([texts(heard), codes(heard)]).toEqual([[], [null]])
  })

  test('hands over the error answer of a handler that fails in the middle, and ends', () => {
    const { here, there, exchange } = pair()
    there.stack.route('half', (request) => {
      request.reply({ body: utf8('1'), hasMore: true })
      throw new Error('no more paper')
    })
    const heard = subscribe(here.stack, 'half')
    exchange()
    expect(heard.answers).toHaveLength(2)
    expect(peerErrorOf(heard.answers[1]!)).toEqual({ code: 'HANDLER_FAILED', message: 'no more paper' })
    expect(codes(heard)).toEqual([null])
  })

  test('cancelled by the caller it stops the handler, and what is still on its way is no surprise', () => {
    const { here, there, exchange } = pair()
    let serving: IncomingRequest | undefined
    there.stack.route('tail', (request) => {
      serving = request
      request.reply({ body: utf8('1'), hasMore: true })
      return undefined
    })
    const heard = subscribe(here.stack, 'tail')
    exchange()
    expect(serving!.signal.aborted).toBe(false)
    serving!.reply({ body: utf8('late'), hasMore: true })
    there.stack.wake(1)
    const late = concatBytes(pullAll(there.stack, 1).flatMap((frame) => [...frame.parts]))
    expect(here.stack.cancel(heard.messageKey, 1)).toBe(true)
    here.stack.receive(late, 2)
    exchange(3)
    expect(codes(heard)).toEqual(['REQUEST_CANCELLED'])
    expect(texts(heard)).toEqual(['1'])
    expect(serving!.signal.aborted).toBe(true)
    expect(() => serving!.reply({ body: utf8('2') })).toThrow(
      expect.objectContaining({ code: 'REQUEST_CANCELLED' }),
    )
    expect(eventsOf(here.events, 'fault')).toEqual([])
  })

  test('ends with the connection, once, and the handler learns it', () => {
    const { here, there, exchange } = pair()
    let serving: IncomingRequest | undefined
    there.stack.route('tail', (request) => {
      serving = request
      request.reply({ body: utf8('1'), hasMore: true })
      return undefined
    })
    const heard = subscribe(here.stack, 'tail')
    exchange()
    const { signal } = serving!
    here.stack.disconnected(5, 'LINK_LOST')
    here.stack.stop(6, 'LINK_LOST')
    there.stack.disconnected(5, 'LINK_LOST')
    expect(codes(heard)).toEqual(['LINK_LOST'])
    expect(signal.aborted).toBe(true)
    expect((signal.reason as ConsoleError).code).toBe('LINK_LOST')
  })

  test('times out when no first answer comes, and never between two answers', () => {
    const { here, there, exchange } = pair()
    there.stack.route('silent', () => undefined)
    there.stack.route('slow', (request) => {
      request.reply({ body: utf8('1'), hasMore: true })
      return undefined
    })
    const silent = subscribe(here.stack, 'silent', 100)
    const slow = subscribe(here.stack, 'slow', 100)
    exchange()
    here.stack.wake(99)
    expect(codes(silent)).toEqual([])
    here.stack.wake(1e6)
    expect(codes(silent)).toEqual(['REQUEST_TIMEOUT'])
    expect(codes(slow)).toEqual([])
  })
})

describe('a handler with much to say', () => {
  test('waits for room in the queue, and goes on when there is some', async () => {
    const there = observedStack({ random: seededRandom(2), limits: { queuedBytes: 1000 } })
    const here = observedStack({ random: seededRandom(1) })
    here.stack.connected(0)
    there.stack.connected(0)
    let rounds = 0
    there.stack.route('flood', async (request) => {
      for (let i = 0; i < 10; i++) {
        await request.whenRoom(400)
        request.reply({ body: new Uint8Array(400), hasMore: true })
        rounds += 1
      }
      request.end()
      return undefined
    })
    const heard = subscribe(here.stack, 'flood')
    exchange(here.stack, there.stack, 0)
    let mostQueued = 0
    for (let step = 0; step < 200 && heard.ends.length === 0; step++) {
      await Promise.resolve()
      there.stack.wake(step)
      mostQueued = Math.max(mostQueued, there.stack.queuedBytes)
      exchange(here.stack, there.stack, step)
    }
    expect(rounds).toBe(10)
    expect(heard.answers.map(({ bodyBytes }) => bodyBytes)).toEqual(Array<number>(10).fill(400))
    expect(codes(heard)).toEqual([null])
    expect(mostQueued).toBeLessThanOrEqual(1100)
    expect(eventsOf(there.events, 'fault')).toEqual([])
  })

  test('is told when nobody waits for its answers any more', async () => {
    const there = observedStack({ random: seededRandom(2), limits: { queuedBytes: 100 } })
    const here = observedStack({ random: seededRandom(1) })
    here.stack.connected(0)
    there.stack.connected(0)
    let reason: unknown
    there.stack.route('flood', async (request) => {
      request.reply({ body: new Uint8Array(90), hasMore: true })
      request.reply({ body: new Uint8Array(5), hasMore: true })
      await request.whenRoom(90).catch((error: unknown) => {
        reason = error
      })
      return undefined
    })
    subscribe(here.stack, 'flood')
    there.stack.receive(concatBytes(pullAll(here.stack, 0).flatMap((frame) => [...frame.parts])), 0)
    there.stack.disconnected(1, 'LINK_LOST')
    await Promise.resolve()
    await Promise.resolve()
    expect(reason).toMatchObject({ code: 'LINK_LOST' })
  })
})
