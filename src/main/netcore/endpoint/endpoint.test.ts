import { describe, expect, test } from 'vitest'
import { lenientUtf8, utf8 } from '../../../shared/bytes'
import { AnswerError } from './told-error'
import { ConsoleError } from '../../../shared/errors'
import { joinedEndpoints, jsonOf } from '../../../testing/joined-endpoints'
import { eventsOf } from '../../../testing/stack-wire'
import { jsonReply, textReply } from './body-encoding'
import type { RequestContext } from './endpoint-types'

describe('what a handler returns is the answer', () => {
  test.each([
    { value: { a: [1, 'x', null, true] }, text: '{"a":[1,"x",null,true]}' },
    { value: [1, 2], text: '[1,2]' },
    { value: 'grün', text: '"grün"' },
    { value: 0, text: '0' },
    { value: false, text: 'false' },
    { value: null, text: 'null' },
    { value: { body: 'not a reply' }, text: '{"body":"not a reply"}' },
    { value: utf8('raw'), text: 'raw' },
    { value: Uint8Array.of(0x41, 0x42).buffer, text: 'AB' },
    { value: { body: utf8('reply') }, text: 'reply' },
    { value: textReply('plain'), text: 'plain' },
    { value: jsonReply({ body: utf8('') }), text: '{"body":{}}' },
    { value: Promise.resolve({ later: true }), text: '{"later":true}' },
  ])('$text', async ({ value, text }) => {
    const { here, there, settle } = joinedEndpoints()
    there.endpoint.request('q', () => value)
    const answer = here.endpoint.send('q')
    await settle()
    expect(lenientUtf8((await answer).body)).toBe(text)
  })

  test.each([
    { value: () => 1, what: 'function' },
    { value: 1n, what: 'bigint' },
    { value: Number.NaN, what: 'NaN' },
    { value: new Map(), what: 'Map' },
  ])('what JSON can not express is an error, not an empty answer: $what', async ({ value, what }) => {
    const { here, there, settle } = joinedEndpoints()
    there.endpoint.request('q', () => value)
    const answer = here.endpoint.send('q')
    await settle()
    await expect(answer).rejects.toMatchObject({
      code: 'PEER_FAILED',
      details: { peerCode: 'HANDLER_FAILED', peerMessage: expect.stringContaining(what) as string },
    })
  })

  test('undefined is no answer: the handler may answer later, by itself, more than once', async () => {
    const { here, there, settle } = joinedEndpoints()
    let context: RequestContext | undefined
    there.endpoint.request('q', (_, about) => {
      context = about
      return undefined
    })
    const answers = here.endpoint.subscribe('q')
    await settle()
    there.endpoint.sendResponse(context!.request, 1, { hasMore: true })
    there.endpoint.sendResponse(context!.request, { n: 2 })
    await settle()
    expect([jsonOf((await answers.next()).value!), jsonOf((await answers.next()).value!)]).toEqual([
      1,
      { n: 2 },
    ])
    expect((await answers.next()).done).toBe(true)
  })

  test('an event is served and not answered', async () => {
    const { here, there, settle } = joinedEndpoints()
    const got: string[] = []
    there.endpoint.request('log', (request) => {
      got.push(request.text())
      return 'nobody reads this'
    })
    here.endpoint.post('log', utf8('hi'))
    here.endpoint.post('log', { n: 1 }, { kind: 'request' })
    await settle()
    expect(got).toEqual(['hi', '{"n":1}'])
    expect(eventsOf(here.events, 'message-opened').filter(({ dir }) => dir === 'in')).toHaveLength(1)
    expect(eventsOf(here.events, 'fault')).toEqual([])
  })
})

describe('a handler that fails', () => {
  const failing = async (error: unknown, options = {}) => {
    const pair = joinedEndpoints(options)
    pair.there.endpoint.request('q', () => {
      throw error
    })
    pair.there.endpoint.request('ok', () => 1)
    const answer = pair.here.endpoint.send('q', undefined, { timeoutMs: 100 })
    await pair.settle()
    return { ...pair, answer }
  }

  test('is answered with its message; the caller gets PEER_FAILED with the words of the peer', async () => {
    const { answer } = await failing(new Error('no such sensor'))
    await expect(answer).rejects.toMatchObject({
      code: 'PEER_FAILED',
      message: 'HANDLER_FAILED: no such sensor',
      details: { peerCode: 'HANDLER_FAILED', peerMessage: 'no such sensor' },
    })
  })

  test('tells a code and details of its own', async () => {
    const { answer } = await failing(new AnswerError('MOTOR_STALLED', 'it does not turn', { axis: 2 }))
    await expect(answer).rejects.toMatchObject({
      details: { peerCode: 'MOTOR_STALLED', peerMessage: 'it does not turn', peerDetails: { axis: 2 } },
    })
  })

  test('tells a code of ours only when it is about the request', async () => {
    const told = await failing(new ConsoleError('REQUEST_BODY_INVALID', 'x'))
    await expect(told.answer).rejects.toMatchObject({ details: { peerCode: 'REQUEST_BODY_INVALID' } })
    const untold = await failing(new ConsoleError('PORT_DENIED', 'x'))
    await expect(untold.answer).rejects.toMatchObject({ details: { peerCode: 'HANDLER_FAILED' } })
  })

  test('gives the raw answer to those who want it', async () => {
    const { here, settle } = await failing(new Error('x'))
    const answer = here.endpoint.send('q', undefined, { isRaw: true })
    await settle()
    expect(jsonOf(await answer)).toEqual({ error: 'x', code: 'HANDLER_FAILED', route: 'q' })
  })

  test('is a fault here and silence there when errors are not answered', async () => {
    const { answer, there, advance, here, settle } = await failing(new Error('x'), { answersErrors: false })
    expect(eventsOf(there.events, 'fault').map(({ code }) => code)).toEqual(['HANDLER_FAILED'])
    const unknown = here.endpoint.send('nowhere', undefined, { timeoutMs: 100 })
    await settle()
    expect(eventsOf(there.events, 'fault').map(({ code }) => code)).toEqual([
      'HANDLER_FAILED',
      'ROUTE_UNKNOWN',
    ])
    await advance(100)
    await expect(answer).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
    await expect(unknown).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
  })

  test('harms nobody else', async () => {
    const { here, settle } = await failing(new Error('x'))
    const answer = here.endpoint.send('ok')
    await settle()
    expect(jsonOf(await answer)).toBe(1)
  })
})

describe('send', () => {
  test('gives headers, priority and body to the peer and the answer back', async () => {
    const { here, there, settle } = joinedEndpoints()
    there.endpoint.request('echo', (request) => ({
      got: request.json(),
      job: request.headers['job'] ?? null,
    }))
    const answer = here.endpoint.send('echo', { a: 1 }, { headers: { job: 7 }, priority: 1 })
    await settle()
    expect(jsonOf(await answer)).toEqual({ got: { a: 1 }, job: 7 })
    const sent = eventsOf(here.events, 'message-opened').find(({ route }) => route === 'echo')
    expect(sent?.priority).toBe(1)
  })

  test('ends by time', async () => {
    const { here, there, advance } = joinedEndpoints()
    there.endpoint.request('q', () => undefined)
    const answer = here.endpoint.send('q', undefined, { timeoutMs: 50 })
    const outcome = expect(answer).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
    await advance(60, 10)
    await outcome
  })

  test('ends when its signal aborts, with the reason as cause, and takes back what has not left', async () => {
    const { here, there } = joinedEndpoints()
    let served = 0
    there.endpoint.request('q', () => {
      served += 1
    })
    const abort = new AbortController()
    const asked = here.endpoint.ask('q', new Uint8Array(10_000), { signal: abort.signal })
    abort.abort('changed my mind')
    await expect(asked.answer).rejects.toMatchObject({ code: 'REQUEST_CANCELLED', cause: 'changed my mind' })
    expect(here.stack.queuedBytes).toBeLessThan(200)
    expect(served).toBe(0)
    const late = here.endpoint.send('q', undefined, { signal: abort.signal })
    await expect(late).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' })
    expect(eventsOf(here.events, 'request-settled')).toHaveLength(1)
  })

  test('calls a callback exactly once, with the answer or with what went wrong', async () => {
    const { here, there, settle } = joinedEndpoints()
    const faults: string[] = []
    here.endpoint.on('fault', ({ detail }) => void faults.push(detail))
    there.endpoint.request('q', () => 5)
    const calls: unknown[] = []
    const callback = (error: ConsoleError | null, answer: { body: Uint8Array } | undefined): void => {
      calls.push(error === null ? jsonOf(answer!) : error.code)
      throw new Error('the callback is broken')
    }
    void here.endpoint.send('q', undefined, { callback })
    void here.endpoint.send('nowhere', undefined, { callback })
    void here.endpoint.send('q', undefined, { callback, pipe: 'none' })
    await settle()
    expect(calls.toSorted()).toEqual([5, 'PEER_FAILED', 'PIPE_UNKNOWN'])
    expect(faults).toHaveLength(3)
    expect(faults[0]).toContain('the callback is broken')
  })

  test('cancels by hand', async () => {
    const { here, there, settle } = joinedEndpoints()
    there.endpoint.request('q', () => undefined)
    const asked = here.endpoint.ask('q')
    await settle()
    expect(here.endpoint.cancel(asked)).toBe(true)
    expect(here.endpoint.cancel(asked)).toBe(false)
    await expect(asked.answer).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' })
    const second = here.endpoint.ask('q')
    second.cancel()
    second.cancel()
    await expect(second.answer).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' })
  })

  test('rejects instead of throwing', async () => {
    const { here } = joinedEndpoints()
    await expect(here.endpoint.send('q', 1n)).rejects.toMatchObject({ code: 'BODY_NOT_ENCODABLE' })
    here.connected = false
    await expect(here.endpoint.send('q')).rejects.toMatchObject({ code: 'LINK_NOT_CONNECTED' })
  })
})

describe('events', () => {
  test('tell of a request after its handler ran, then of its answer; of one without a handler too', async () => {
    const { here, there, settle } = joinedEndpoints()
    const told: string[] = []
    there.endpoint
      .request('q', () => {
        told.push('handler')
        return 1
      })
      .request('fail', () => {
        throw new Error('x')
      })
      .onError(() => 'sorry')
    there.endpoint.on(
      'request',
      ({ request, isHandled }) => void told.push(`request ${request.route} ${isHandled}`),
    )
    there.endpoint.on(
      'response',
      ({ request, reply }) => void told.push(`response ${request.route} ${reply.body.byteLength}`),
    )
    for (const route of ['q', 'fail', 'nowhere']) void here.endpoint.send(route)
    await settle()
    expect(told).toEqual([
      'handler',
      'request q true',
      'response q 1',
      'request fail true',
      'request nowhere false',
      'response fail 7',
    ])
  })

  test('tell of start before the first request, and of stop once', async () => {
    const { here, there, settle } = joinedEndpoints()
    const told: string[] = []
    for (const event of ['start', 'stop'] as const) there.endpoint.on(event, () => void told.push(event))
    there.endpoint.request('q', () => 1)
    await there.endpoint.stop()
    await there.endpoint.stop()
    there.endpoint.start().start()
    const answer = here.endpoint.send('q')
    await settle()
    expect(jsonOf(await answer)).toBe(1)
    expect(told).toEqual(['stop', 'start'])
  })

  test('a handler of an event that fails is a fault, and harms nobody', async () => {
    const { here, there, settle } = joinedEndpoints()
    const faults: string[] = []
    there.endpoint.request('q', () => 1)
    there.endpoint.on('request', () => {
      throw new Error('broken observer')
    })
    there.endpoint.on('fault', ({ detail }) => {
      faults.push(detail)
      throw new Error('broken too')
    })
    const answer = here.endpoint.send('q')
    await settle()
    expect(jsonOf(await answer)).toBe(1)
    expect(faults).toEqual(['a handler of the event "request" failed: broken observer'])
  })
})

describe('stop', () => {
  test('settles everything: what waits here, what waits for its turn, what streams; then refuses', async () => {
    const { here, there, settle } = joinedEndpoints({ maxConcurrent: 2 })
    let finishSlow: () => void = () => undefined
    let closed = 0
    there.endpoint
      .request('slow', () => new Promise((resolve) => (finishSlow = () => resolve('done'))))
      .request('stream', async function* () {
        try {
          yield 1
          await new Promise(() => undefined)
        } finally {
          closed += 1
        }
      })
      .request('q', () => 1)
    const slow = here.endpoint.send('slow')
    const stream = here.endpoint.subscribe('stream')
    await settle()
    const waiting = here.endpoint.send('q')
    await settle()
    expect([there.endpoint.running, there.endpoint.waiting]).toEqual([2, 1])
    const own = there.endpoint.send('anything')
    let isStopped = false
    const stopped = there.endpoint.stop().then(() => {
      isStopped = true
    })
    await expect(own).rejects.toMatchObject({ code: 'ENDPOINT_STOPPED' })
    await settle()
    await expect(waiting).rejects.toMatchObject({ details: { peerCode: 'ENDPOINT_STOPPED' } })
    expect(jsonOf((await stream.next()).value!)).toBe(1)
    await expect(stream.next()).rejects.toMatchObject({ details: { peerCode: 'ENDPOINT_STOPPED' } })
    const late = here.endpoint.send('q')
    await settle()
    await expect(late).rejects.toMatchObject({ details: { peerCode: 'ENDPOINT_STOPPED' } })
    expect(isStopped).toBe(false)
    finishSlow()
    await stopped
    await settle()
    expect(jsonOf(await slow)).toBe('done')
    expect(there.endpoint.running).toBe(0)
    await expect(there.endpoint.send('q')).rejects.toMatchObject({ code: 'ENDPOINT_STOPPED' })
    expect(closed).toBe(0) // it still waits for something that never comes
  })
})
