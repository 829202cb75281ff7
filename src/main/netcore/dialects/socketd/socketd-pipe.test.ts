import { describe, expect, test } from 'vitest'
import { concatBytes, utf8 } from '../../../../shared/bytes'
import { ConsoleError } from '../../../../shared/errors'
import { peerErrorOf } from '../../../../shared/model/peer-error'
import { nodeCrypto } from '../../../link/node-crypto'
import {
  eventsOf,
  exchange,
  type ObservedStack,
  observedStack,
  pullAll,
  seededRandom,
} from '../../../../testing/stack-wire'
import type { BodySource } from '../../pipe/message-body'
import type { SessionOptions } from '../../pipe/pipe'
import type { Answer, StackOptions } from '../../stack-types'
import { socketdDialect } from './socketd-dialect'

type Options = Partial<Omit<StackOptions, 'onTrace' | 'onWork' | 'session' | 'dialect'>>

const stackOf = (session: Partial<SessionOptions>, options: Options = {}): ObservedStack =>
  observedStack({
    dialect: socketdDialect,
    ...options,
    session: { role: 'host', ...session },
  })

interface Pair {
  readonly client: ObservedStack
  readonly server: ObservedStack
  /** Both say everything they have to say. */
  readonly talk: (nowMs?: number) => void
}

function joined(
  options: { client?: Partial<SessionOptions>; server?: Partial<SessionOptions>; both?: Options } = {},
): Pair {
  const client = stackOf(options.client ?? {}, { random: seededRandom(1), ...options.both })
  const server = stackOf({ role: 'device', ...options.server }, { random: seededRandom(2), ...options.both })
  client.stack.connected(0)
  server.stack.connected(0)
  const talk = (nowMs = 0): void => {
    for (let turn = 0; turn < 4; turn++) {
      client.stack.wake(nowMs)
      server.stack.wake(nowMs)
      exchange(client.stack, server.stack, nowMs)
    }
  }
  talk(0)
  return { client, server, talk }
}

const textOf = (answer: Pick<Answer, 'body'>): string => new TextDecoder().decode(answer.body)
const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
const phases = ({ events }: ObservedStack): string[] => eventsOf(events, 'session').map(({ phase }) => phase)
const faults = ({ events }: ObservedStack): string[] => eventsOf(events, 'fault').map(({ code }) => code)

describe('calls', () => {
  test('a request finds its answer; headers travel as metas both ways', async () => {
    const { client, server, talk } = joined({ server: { crypto: nodeCrypto } })
    expect([phases(client), phases(server)]).toEqual([
      ['handshake', 'ready'],
      ['handshake', 'ready'],
    ])
    server.stack.route('/add', (request) => ({
      body: request.body,
      headers: { node: request.headers['k']! },
    }))
    const { answer } = client.stack.request(
      { route: '/add', body: utf8('1+2'), headers: { k: 'v', n: 7 } },
      1,
    )
    talk(1)
    const got = await answer
    expect(textOf(got)).toBe('1+2')
    expect({ ...got.headers }).toEqual({ node: 'v' })
  })

  test('a subscription gets its answers in order, the last one in the frame that ends it', () => {
    const { client, server, talk } = joined()
    server.stack.route('count', (request) => {
      for (const n of [1, 2]) request.reply({ body: utf8(String(n)), hasMore: true })
      return { body: utf8('3') }
    })
    const got: string[] = []
    const ends: (string | null)[] = []
    client.stack.subscribe(
      {
        route: 'count',
        body: utf8(''),
        onAnswer: (answer) => got.push(textOf(answer)) > 0,
        onEnd: (error) => ends.push(error?.code ?? null),
      },
      0,
    )
    talk(1)
    expect(got).toEqual(['1', '2', '3'])
    expect(ends).toEqual([null])
    const kinds = eventsOf(client.events, 'frame').flatMap(({ dir, frameKind }) =>
      dir === 'in' ? [frameKind] : [],
    )
    expect(kinds).toEqual(['connack', 'reply', 'reply', 'reply-end'])
  })

  test('a failing handler and a missing one come back as alarms with a number and our word', async () => {
    const { client, server, talk } = joined()
    server.stack.route('bad', () => {
      throw new Error('no')
    })
    const bad = client.stack.request({ route: 'bad', body: utf8('') }, 0)
    const missing = client.stack.request({ route: 'missing', body: utf8('') }, 0)
    talk(1)
    expect(peerErrorOf(await bad.answer)).toMatchObject({ code: 'HANDLER_FAILED', message: 'no' })
    const said = await missing.answer
    expect(peerErrorOf(said)?.code).toBe('ROUTE_UNKNOWN')
    expect(said.headers['code']).toBe('404')
  })
})

describe('fragments', () => {
  test('a large body comes whole, and a small request passes between its pieces', async () => {
    const { client, server, talk } = joined()
    const body = Uint8Array.from({ length: 1_000_000 }, (_, at) => at * 7)
    const got: number[] = []
    server.stack.route('up', (request) => {
      expect(isSame(request.body, body)).toBe(true)
      got.push(request.bodyBytes)
      return { body: request.body }
    })
    server.stack.route('small', (request) => {
      got.push(request.bodyBytes)
      return { body: utf8('x') }
    })
    const up = client.stack.request({ route: 'up', body }, 0)
    const frame = client.stack.pull(0)!
    expect(frame).toMatchObject({ frameKind: 'request', payloadBytes: 65_536, isLast: false })
    server.stack.receive(concatBytes(frame.parts), 0)
    client.stack.request({ route: 'small', body: utf8('tiny') }, 0)
    talk(1)
    expect(got).toEqual([4, 1_000_000])
    expect(isSame((await up.answer).body, body)).toBe(true)
    expect([...faults(client), ...faults(server)]).toEqual([])
    expect(pullAll(client.stack, 1)).toEqual([])
  })
})

describe('bodies that lie elsewhere', () => {
  const source = (byteLength: number, readable: number): BodySource & { readonly held: () => number } => {
    let held = 0
    return {
      byteLength,
      held: () => held,
      read: (offset, length) => {
        if (offset + length > readable) throw new ConsoleError('BODY_UNREADABLE', 'the file is gone')
        return new Uint8Array(length).fill(7)
      },
      retain: () => {
        held += 1
      },
      release: () => {
        held -= 1
      },
    }
  }

  test('are read piece by piece, and let go of', async () => {
    const { client, server, talk } = joined()
    server.stack.route('up', (request) => ({ body: utf8(String(request.bodyBytes)) }))
    const body = source(300_000, 300_000)
    const { answer } = client.stack.request({ route: 'up', body }, 0)
    expect(client.stack.queuedBytes).toBe(300_000)
    talk(1)
    expect(textOf(await answer)).toBe('300000')
    expect([body.held(), client.stack.queuedBytes]).toEqual([0, 0])
  })

  test('and can not be read any more fail their message alone', async () => {
    const { client, server, talk } = joined()
    server.stack.route('ok', () => ({ body: utf8('ok') }))
    const body = source(300_000, 100_000)
    const broken = client.stack.request({ route: 'up', body }, 0)
    const fine = client.stack.request({ route: 'ok', body: utf8('x') }, 0)
    talk(1)
    await expect(broken.answer).rejects.toMatchObject({ code: 'BODY_UNREADABLE' })
    expect(textOf(await fine.answer)).toBe('ok')
    expect([body.held(), client.stack.queuedBytes, faults(client)]).toEqual([0, 0, ['BODY_UNREADABLE']])
  })
})

test('a more urgent message passes a bulk transfer after one of its pieces, and its answer passes too', () => {
  const { client, server } = joined({ both: { policy: { chunkBytes: 1000 } } })
  client.stack.send({ route: 'bulk', kind: 'event', body: new Uint8Array(100_000), priority: 6 }, 0)
  const kinds: string[] = []
  for (let turn = 0; turn < 3; turn++) {
    const frame = client.stack.pull(0)!
    kinds.push(`${frame.ref === '' ? '' : frame.payloadBytes}`)
    server.stack.receive(concatBytes(frame.parts), 0)
    if (turn === 0) client.stack.request({ route: 'now', body: new Uint8Array(5), priority: 0 }, 0)
  }
  expect(kinds).toEqual(['1000', '5', '1000'])
})
