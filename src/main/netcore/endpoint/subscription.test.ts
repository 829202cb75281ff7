import { describe, expect, test } from 'vitest'
import { ConsoleError } from '../../../shared/errors'
import { joinedEndpoints, jsonOf } from '../../../testing/joined-endpoints'
import { eventsOf, pullAll, wireBytes } from '../../../testing/stack-wire'
import { settlePromises } from '../../../testing/virtual-clock'
import type { Answer } from '../stack-types'
import { jsonReply } from './body-encoding'
import { AHEAD_ANSWERS, AHEAD_BYTES } from './answers-ahead'
import { CREDITED_ANSWERS_FACTOR, Subscription, type SubscriptionOptions } from './subscription'

/** Everything a subscription gives, and how it ends: `end` or a code. */
async function drained(subscription: AsyncIterable<Answer>): Promise<unknown[]> {
  const got: unknown[] = []
  try {
    for await (const answer of subscription)
      got.push(answer.body.length > 100 ? answer.bodyBytes : jsonOf(answer))
    got.push('end')
  } catch (error) {
    got.push((error as ConsoleError).code)
  }
  return got
}

describe('an async generator is a subscription', () => {
  test('each value it yields is an answer, the one it returns the last; then it ends', async () => {
    const { here, there, settle } = joinedEndpoints()
    there.endpoint
      .request('yields', async function* () {
        yield await Promise.resolve(1)
        yield { n: 2 }
      })
      .request('returns', async function* () {
        yield await Promise.resolve(1)
        return 'last'
      })
      .request('sync', function* () {
        yield 'a'
        yield 'b'
      })
      .request('none', async function* () {})
      .request('array', () => [1, 2])
    const routes = ['yields', 'returns', 'sync', 'none', 'array']
    const all = routes.map((route) => drained(here.endpoint.subscribe(route)))
    await settle()
    expect(await Promise.all(all)).toEqual([
      [1, { n: 2 }, 'end'],
      [1, 'last', 'end'],
      ['a', 'b', 'end'],
      ['end'],
      [[1, 2], 'end'],
    ])
    expect(eventsOf(here.events, 'fault')).toEqual([])
    expect(there.endpoint.running).toBe(0)
    // A returned value says by itself that it is the last: no message is spent on the end.
    const sent = eventsOf(there.events, 'message-opened').filter(({ dir }) => dir === 'out')
    expect(sent.filter(({ route }) => route === 'returns')).toHaveLength(2)
    expect(sent.filter(({ route }) => route === 'yields')).toHaveLength(3)
  })

  test('one who asked for one answer gets the first, and the stream learns that nobody wants the others', async () => {
    const { here, there, settle } = joinedEndpoints()
    let made = 0
    there.endpoint.request('count', async function* () {
      for (;;) yield await Promise.resolve(made++)
    })
    const answer = here.endpoint.send('count')
    await settle()
    expect(jsonOf(await answer)).toBe(0)
    expect(there.endpoint.running).toBe(0)
    expect(made).toBeLessThan(2 * AHEAD_ANSWERS)
    expect(eventsOf(here.events, 'fault')).toEqual([])
  })

  test('whose answer can not be sent ends with an error answer, and learns it', async () => {
    const { here, there, settle } = joinedEndpoints()
    let made = 0
    let reason: unknown
    there.endpoint.request('count', async function* ({ signal }) {
      signal.addEventListener('abort', () => {
        reason = signal.reason
      })
      yield await Promise.resolve(made++)
      for (;;) yield await Promise.resolve(jsonReply(made++, { headers: { tooLong: 'x'.repeat(70_000) } }))
    })
    const got = drained(here.endpoint.subscribe('count'))
    await settle()
    expect(await got).toEqual([0, 'PEER_FAILED'])
    expect(reason).toMatchObject({ code: 'HEAD_TOO_LARGE' })
    expect(there.endpoint.running).toBe(0)
    expect(made).toBeLessThan(2 * AHEAD_ANSWERS)
    expect(eventsOf(there.events, 'fault').map(({ dir, code }) => [dir, code])).toEqual([
      ['out', 'HEAD_TOO_LARGE'],
    ])
  })

  test('that fails ends with an error answer after the answers before', async () => {
    const { here, there, settle } = joinedEndpoints()
    there.endpoint.request('half', async function* () {
      yield await Promise.resolve(1)
      throw new Error('no more paper')
    })
    const got = drained(here.endpoint.subscribe('half'))
    await settle()
    expect(await got).toEqual([1, 'PEER_FAILED'])
    const unsayable = there.endpoint.request('big', async function* () {
      yield await Promise.resolve(1n)
    })
    expect(unsayable).toBe(there.endpoint)
    const none = drained(here.endpoint.subscribe('big'))
    await settle()
    expect(await none).toEqual(['PEER_FAILED'])
  })

  test('is asked for the next value only when there is room for the one before', async () => {
    const { here, there, settle } = joinedEndpoints({ stack: { limits: { queuedBytes: 4096 } } })
    let made = 0
    let mostAhead = 0
    there.endpoint.request('flood', async function* () {
      for (; made < 100; made++) yield await Promise.resolve(new Uint8Array(1000))
    })
    const subscription = here.endpoint.subscribe('flood')
    let taken = 0
    const got = (async () => {
      for await (const answer of subscription) {
        taken += 1
        mostAhead = Math.max(mostAhead, made - taken)
        expect(answer.bodyBytes).toBe(1000)
      }
    })()
    await settle()
    await got
    expect(taken).toBe(100)
    expect(mostAhead).toBeLessThanOrEqual(6)
    expect(eventsOf(there.events, 'fault')).toEqual([])
    expect(Math.max(...eventsOf(there.events, 'queue').map(({ queuedBytes }) => queuedBytes))).toBeLessThan(
      4600,
    )
  })

  test('is never far ahead of the line, however much room there is: an endless one leaves time for everything else', async () => {
    const { here, there, settle } = joinedEndpoints()
    const made = { small: 0, large: 0 }
    there.endpoint
      .request('small', async function* () {
        for (;;) yield await Promise.resolve(made.small++)
      })
      .request('large', async function* () {
        for (;;) {
          made.large += 1
          yield await Promise.resolve(new Uint8Array(10_000))
        }
      })
      .request('q', () => 'still here')
    const streams = ['small', 'large'].map((route) => here.endpoint.subscribe(route))
    there.stack.receive(wireBytes(pullAll(here.stack, 0)), 0)
    const turn = async (): Promise<void> => {
      for (let i = 0; i < 100; i++) await settlePromises()
      there.stack.wake(0)
    }
    await turn()
    await turn()
    // One more is made each time, and waits to be given.
    expect(made).toEqual({ small: AHEAD_ANSWERS + 1, large: Math.floor(AHEAD_BYTES / 10_000) + 1 })
    const frames = Array.from({ length: 60 }, () => there.stack.pull(0)!) // all heads go first
    const left = frames.filter(({ isLast }) => isLast).length
    expect(left).toBeGreaterThan(10)
    await turn()
    expect(made.small + made.large).toBeLessThanOrEqual(AHEAD_ANSWERS + AHEAD_BYTES / 10_000 + 2 + left)
    here.stack.receive(wireBytes(frames), 0)
    for (const stream of streams) stream.cancel()
    const answer = here.endpoint.send('q')
    await settle()
    expect(jsonOf(await answer)).toBe('still here')
    expect([there.endpoint.running, there.stack.queuedBytes]).toEqual([0, 0])
  })

  test('several at once share the room, and none fails for want of it', async () => {
    const { here, there, settle } = joinedEndpoints({ stack: { limits: { queuedBytes: 3000 } } })
    there.endpoint.request('flood', async function* () {
      for (let i = 0; i < 20; i++) yield await Promise.resolve(new Uint8Array(900))
    })
    const all = Array.from({ length: 8 }, () => drained(here.endpoint.subscribe('flood')))
    await settle()
    const expected = [...Array<number>(20).fill(900), 'end']
    expect(await Promise.all(all)).toEqual(Array(8).fill(expected))
    expect(eventsOf(there.events, 'fault')).toEqual([])
  })

  test('is closed when nobody wants its answers any more, also while it waits for something', async () => {
    const { here, there, settle } = joinedEndpoints()
    const closed: string[] = []
    const wakes: (() => void)[] = []
    there.endpoint.request('tail', async function* (request) {
      try {
        for (let n = 1; ; n++) {
          yield n
          await new Promise<void>((resolve) => wakes.push(resolve))
        }
      } finally {
        closed.push(request.text())
      }
    })
    const left = here.endpoint.subscribe('tail', 'left')
    const aborted = new AbortController()
    const cut = drained(here.endpoint.subscribe('tail', 'aborted', { signal: aborted.signal }))
    const lost = drained(here.endpoint.subscribe('tail', 'lost'))
    await settle()
    for await (const answer of left) {
      expect(jsonOf(answer)).toBe(1)
      break
    }
    aborted.abort()
    await settle()
    expect(there.endpoint.running).toBe(1)
    expect(await cut).toEqual([1, 'REQUEST_CANCELLED'])
    for (const { stack } of [here, there]) stack.disconnected(1, 'LINK_LOST')
    await settlePromises()
    expect(await lost).toEqual([1, 'LINK_LOST'])
    expect(there.endpoint.running).toBe(0)
    for (const wake of wakes) wake()
    await settlePromises()
    expect(closed).toEqual(['"left"', '"aborted"', '"lost"'])
    expect(eventsOf(there.events, 'fault')).toEqual([])
  })

  test('times out when no first answer comes', async () => {
    const { here, there, advance } = joinedEndpoints()
    there.endpoint.request('silent', () => undefined)
    const got = drained(here.endpoint.subscribe('silent', undefined, { timeoutMs: 100 }))
    await advance(100)
    expect(await got).toEqual(['REQUEST_TIMEOUT'])
  })

  test('tells of each answer', async () => {
    const { here, there, settle } = joinedEndpoints()
    const told: string[] = []
    there.endpoint.request('count', async function* () {
      yield await Promise.resolve(1)
      return 22
    })
    there.endpoint.on('request', () => void told.push('request'))
    there.endpoint.on('response', ({ reply }) => void told.push(`response ${reply.body.byteLength}`))
    void here.endpoint.subscribe('count')
    await settle()
    expect(told).toEqual(['request', 'response 1', 'response 2'])
  })
})

describe('answers that are not taken', () => {
  test('are kept up to a number and a size; then the subscription ends, after the ones that were kept', async () => {
    for (const limit of [{ bufferedAnswers: 3 }, { bufferedBytes: 3 }]) {
      const { here, there, settle } = joinedEndpoints()
      let stopped: AbortSignal | undefined
      there.endpoint.request('count', async function* ({ signal }) {
        stopped = signal
        for (let n = 1; ; n++) yield await Promise.resolve(n % 10)
      })
      const subscription = here.endpoint.subscribe('count', undefined, limit)
      await settle()
      expect(subscription.buffered).toBe(3)
      expect(stopped?.aborted).toBe(true)
      expect(await drained(subscription)).toEqual([1, 2, 3, 'SUBSCRIPTION_OVERFLOW'])
    }
  })

  const alone = (options: Partial<SubscriptionOptions> = {}) => {
    const told: string[] = []
    const subscription = new Subscription({
      hasCredit: false,
      bufferedAnswers: 2,
      bufferedBytes: 1000,
      isRaw: false,
      onTaken: (byteCount) => void told.push(`taken ${byteCount}`),
      onOver: () => void told.push('over'),
      onUnwanted: () => void told.push('unwanted'),
      ...options,
    })
    return { subscription, told }
  }
  const answer = (bodyBytes: number, rest: Partial<Answer> = {}): Answer => ({
    messageKey: 1,
    ref: 'r',
    route: 'q',
    headers: {},
    body: new Uint8Array(bodyBytes),
    bodyBytes,
    stored: null,
    roundTripMs: 0,
    ...rest,
  })

  test('hold back a peer with credit: their bytes count as taken when they are', async () => {
    const { subscription, told } = alone({ hasCredit: true })
    expect([1, 2, 3, 4].map((n) => subscription.take(answer(n * 1000)))).toEqual([false, false, false, false])
    expect(told).toEqual([])
    expect((await subscription.next()).value?.bodyBytes).toBe(1000)
    expect((await subscription.next()).value?.bodyBytes).toBe(2000)
    expect(told).toEqual(['taken 1000', 'taken 2000'])
    subscription.cancel()
    expect(told).toEqual(['taken 1000', 'taken 2000', 'taken 7000', 'over', 'unwanted'])
    const awaited = alone({ hasCredit: true })
    const next = awaited.subscription.next()
    expect(awaited.subscription.take(answer(5))).toBe(true)
    expect((await next).value?.bodyBytes).toBe(5)
    expect(awaited.told).toEqual([])
  })

  test('of no bytes, which credit does not count, end it when they are very many', () => {
    const { subscription, told } = alone({ hasCredit: true })
    for (let i = 0; i < 2 * CREDITED_ANSWERS_FACTOR; i++) expect(subscription.take(answer(0))).toBe(false)
    expect(subscription.take(answer(0))).toBe(true)
    expect(told).toEqual(['over', 'unwanted'])
  })

  test('that lie in files are released when they are dropped', () => {
    let released = 0
    const stored = {
      byteLength: 5,
      place: 'a file',
      read: () => new Uint8Array(5),
      retain: () => undefined,
      release: () => {
        released += 1
      },
    }
    const { subscription } = alone()
    for (let i = 0; i < 3; i++) subscription.take(answer(5, { stored }))
    expect(released).toBe(1) // the third was one too many
    subscription.cancel()
    expect(released).toBe(3)
    subscription.take(answer(5, { stored }))
    expect(released).toBe(4)
  })

  test('several who wait get them in their order, and all learn the end', async () => {
    const { subscription } = alone()
    const waiting = [subscription.next(), subscription.next(), subscription.next()]
    subscription.take(answer(1))
    subscription.ended(null)
    subscription.fail(new ConsoleError('LINK_LOST', 'after its end'))
    expect((await Promise.all(waiting)).map(({ done }) => done)).toEqual([false, true, true])
    expect((await subscription.next()).done).toBe(true)
  })
})
