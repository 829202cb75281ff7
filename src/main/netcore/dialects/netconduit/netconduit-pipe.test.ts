import { describe, expect, test } from 'vitest'
import { concatBytes, fromHex, toHex, utf8 } from '../../../../shared/bytes'
import { hasCode } from '../../../../shared/errors'
import { nodeCompression } from '../../../link/node-compression'
import { nodeCrypto } from '../../../link/node-crypto'
import {
  eventsOf,
  exchange,
  type ObservedStack,
  observedStack,
  pullAll,
  wireBytes,
} from '../../../../testing/stack-wire'
import type { SessionOptions } from '../../pipe/pipe'
import type { Answer, IncomingRequest } from '../../stack-types'
import { callParts, messageParts, packMap } from './content/envelope'
import { draftFrame, finishFrame } from './frame-draft'
import { netconduitDialect } from './netconduit-dialect'
import { DEFAULT_HEARTBEAT_MS } from './netconduit-pipe'
import { HOLD_BACK_MS, LOGIN_TIMEOUT_MS } from './session/login'
import { loadVectors } from './vectors/load-vectors'
import type { FrameKind } from './wire/header'

const PASSWORD = 'correct horse battery staple'
const vectors = loadVectors()

const stackOf = (
  session: Partial<SessionOptions> & { readonly role: SessionOptions['role'] },
): ObservedStack =>
  observedStack({
    dialect: netconduitDialect,
    session: { crypto: nodeCrypto, password: PASSWORD, ...session },
    compression: nodeCompression,
  })

interface Pair {
  readonly client: ObservedStack
  readonly server: ObservedStack
  /** Both say everything they have to say. */
  readonly talk: (nowMs?: number) => void
}

function joined(options: { client?: Partial<SessionOptions>; server?: Partial<SessionOptions> } = {}): Pair {
  const client = stackOf({ role: 'host', ...options.client })
  const server = stackOf({ role: 'device', ...options.server })
  client.stack.connected(0)
  server.stack.connected(0)
  const talk = (nowMs = HOLD_BACK_MS): void => {
    for (let turn = 0; turn < 4; turn++) {
      client.stack.wake(nowMs)
      server.stack.wake(nowMs)
      exchange(client.stack, server.stack, nowMs)
    }
  }
  talk(0)
  return { client, server, talk }
}

const bytesOf = (kind: FrameKind, parts: readonly Uint8Array[] = [], id = 0n): Uint8Array =>
  concatBytes(finishFrame(draftFrame(kind, parts), id, 0).parts)

const textOf = (answer: Pick<Answer, 'body'>): string => new TextDecoder().decode(answer.body)
const phases = ({ events }: ObservedStack): string[] => eventsOf(events, 'session').map(({ phase }) => phase)
const faults = ({ events }: ObservedStack): string[] => eventsOf(events, 'fault').map(({ code }) => code)
const kindsOf = (frames: readonly { readonly frameKind: string }[]): string[] =>
  frames.map(({ frameKind }) => frameKind)

describe('login', () => {
  test('the right password makes both sides ready, and each knows the name of the other', () => {
    const { client, server } = joined({ client: { identity: 'here' }, server: { identity: 'there' } })
    expect([phases(client), phases(server)]).toEqual([
      ['handshake', 'ready'],
      ['handshake', 'ready'],
    ])
    expect(eventsOf(client.events, 'session').at(-1)!.peerIdentity).toBe('there 1.0.0')
    expect(eventsOf(server.events, 'session').at(-1)!.peerIdentity).toBe('here 1.0.0')
  })

  test('what goes over the line is what the library writes', () => {
    const recorded = vectors.find(({ name }) => name === 'auth-ok')!.frames
    const server = stackOf({ role: 'device' })
    server.stack.connected(0)
    server.stack.receive(concatBytes([recorded[0]!.header, recorded[0]!.payload]), 0)
    expect(kindsOf(pullAll(server.stack, 0))).toEqual(['auth-success'])
    const client = stackOf({ role: 'host' })
    client.stack.connected(0)
    const asked = wireBytes(pullAll(client.stack, 0))
    const digest = 'c4bbcb1fbec99d65bf59d85c8cb62ee2db963f0fe106f483d9afa73bd4e39a8a'
    expect(new TextDecoder().decode(asked)).toContain(digest)
    client.stack.receive(concatBytes([recorded[1]!.header, recorded[1]!.payload]), 0)
    expect(client.stack.isReady).toBe(true)
  })

  test.each(['wrong', ''])('a wrong password %j is told, and both sides hang up', (password) => {
    const { client, server, talk } = joined({ client: { password } })
    talk(1)
    expect(phases(client)).toEqual(['handshake', 'refused'])
    expect([client.stack.isSpent, server.stack.isSpent]).toEqual([true, true])
    expect([faults(client), faults(server)]).toEqual([['AUTH_FAILED'], ['AUTH_FAILED']])
  })

  test('a client without password learns that one is needed', () => {
    const server = stackOf({ role: 'device' })
    const client = observedStack({
      dialect: netconduitDialect,
      session: { role: 'host', crypto: nodeCrypto },
    })
    for (const { stack } of [client, server]) stack.connected(0)
    exchange(client.stack, server.stack, 0)
    expect(faults(client)).toEqual(['AUTH_REQUIRED'])
  })

  test.each([
    ['another frame first', bytesOf('ping')],
    ['a digest that is no text', bytesOf('auth-request', [packMap({ password_hash: 7 })])],
    ['no map', bytesOf('auth-request', [Uint8Array.of(7)])],
    ['no body', bytesOf('auth-request')],
  ])('%s is hung up on without a word', (_, bytes) => {
    const server = stackOf({ role: 'device' })
    server.stack.connected(0)
    server.stack.receive(bytes, 0)
    expect(pullAll(server.stack, 0)).toEqual([])
    expect(server.stack.isSpent).toBe(true)
    expect(faults(server)).toEqual(['NETCONDUIT_HANDSHAKE'])
  })

  test('a stranger may not announce more than 64 KiB', () => {
    const server = stackOf({ role: 'device' })
    server.stack.connected(0)
    server.stack.receive(bytesOf('auth-request', [new Uint8Array(70_000)]).subarray(0, 32), 0)
    expect(faults(server)).toEqual(['NETCONDUIT_FRAME_TOO_LARGE'])
  })

  test.each(['host', 'device'] as const)('a peer of a %s that says nothing is given up in time', (role) => {
    const { stack, events } = stackOf({ role })
    stack.connected(0)
    pullAll(stack, 0)
    stack.wake(LOGIN_TIMEOUT_MS - 1)
    expect(stack.isSpent).toBe(false)
    expect(stack.wakeAtMs).toBe(LOGIN_TIMEOUT_MS)
    stack.wake(LOGIN_TIMEOUT_MS)
    expect(stack.isSpent).toBe(true)
    expect(eventsOf(events, 'session').at(-1)).toMatchObject({
      phase: 'refused',
      code: 'NETCONDUIT_HANDSHAKE',
    })
  })

  test('a server is silent behind its welcome until the client spoke or a moment has passed', () => {
    for (const speaks of [true, false]) {
      const server = stackOf({ role: 'device' })
      const client = stackOf({ role: 'host' })
      for (const { stack } of [client, server]) stack.connected(0)
      server.stack.send({ route: 'msg:hello', kind: 'event', body: utf8('"x"') }, 0)
      server.stack.receive(wireBytes(pullAll(client.stack, 0)), 0)
      expect(kindsOf(pullAll(server.stack, 0))).toEqual(['auth-success'])
      expect(server.stack.wakeAtMs).toBe(HOLD_BACK_MS)
      if (speaks) server.stack.receive(bytesOf('pong'), 1)
      else server.stack.wake(HOLD_BACK_MS)
      expect(kindsOf(pullAll(server.stack, speaks ? 1 : HOLD_BACK_MS))).toEqual(['message'])
    }
  })
})

describe('calls', () => {
  test('a call finds its answer, with the bodies as JSON on both sides', async () => {
    const { client, server, talk } = joined()
    server.stack.route('rpc:add', (request) => {
      const { a, b } = request.json() as { a: number; b: number }
      return { body: utf8(JSON.stringify({ sum: a + b })) }
    })
    const { answer } = client.stack.request({ route: 'rpc:add', body: utf8('{"a":1,"b":2}') }, 1)
    talk()
    expect(textOf(await answer)).toBe('{"sum":3}')
    const frames = [client, server].flatMap(({ events }) => eventsOf(events, 'frame'))
    expect(frames.filter(({ dir, chunkIndex }) => dir === 'in' && chunkIndex === 0)).toMatchObject([
      { payloadBytes: 9, isLast: true },
      { payloadBytes: 13, isLast: true },
    ])
  })

  test('a hundred calls that are answered backwards find their own answers', async () => {
    const { client, server, talk } = joined()
    const waiting: (() => void)[] = []
    server.stack.route('rpc:twice', (request) => {
      const { n } = request.json() as { n: number }
      return new Promise((resolve) => waiting.unshift(() => resolve({ body: utf8(String(2 * n)) })))
    })
    const answers = Array.from({ length: 100 }, (_, n) =>
      client.stack.request({ route: 'rpc:twice', body: utf8(`{"n":${n}}`) }, 1),
    )
    talk()
    for (const resolve of waiting) resolve()
    await Promise.resolve()
    await Promise.resolve()
    talk()
    const texts = await Promise.all(answers.map(async ({ answer }) => textOf(await answer)))
    expect(texts).toEqual(Array.from({ length: 100 }, (_, n) => String(2 * n)))
  })

  test('errors come with the number of the library: unknown method, bad parameters, a handler that throws', async () => {
    const { client, server, talk } = joined()
    server.stack.route('rpc:fails', () => {
      throw new Error('no luck')
    })
    const unknown = client.stack.request({ route: 'rpc:nobody', body: utf8('{}') }, 1).answer
    const thrown = client.stack.request({ route: 'rpc:fails', body: utf8('{}') }, 1).answer
    talk()
    expect(JSON.parse(textOf(await unknown))).toMatchObject({ code: '4000' })
    expect((await unknown).headers['status']).toBe('error')
    expect(JSON.parse(textOf(await thrown))).toEqual({ code: '1001', error: 'no luck' })
  })

  test.each([0n, 2n ** 64n - 1n])('the id %s comes back as it was', (id) => {
    const { server } = joined()
    server.stack.route('rpc:echo', (request) => ({ body: request.body }))
    server.stack.receive(bytesOf('rpc-request', callParts('echo', utf8('{"a":1}')), id), 60)
    const [frame] = pullAll(server.stack, 60)
    expect(new DataView(frame!.parts[0]!.buffer).getBigUint64(16)).toBe(id)
  })

  test.each(['c0', '07', '920102', 'a3616263', '80'])('a call whose body is %s is answered', (hex) => {
    const { server } = joined()
    server.stack.receive(bytesOf('rpc-request', [fromHex(hex)], 5n), 60)
    expect(kindsOf(pullAll(server.stack, 60))).toEqual(['rpc-response'])
  })

  test('an answer that cannot be said is answered with an error instead of silence', async () => {
    const { client, server, talk } = joined()
    server.stack.route('rpc:huge', () => ({ body: utf8('{"n": 123456789012345678901234567890}') }))
    const { answer } = client.stack.request({ route: 'rpc:huge', body: utf8('{}') }, 1)
    talk()
    expect((await answer).headers['status']).toBe('error')
    expect(faults(server)).toEqual(['BODY_NOT_ENCODABLE'])
  })

  test('a late or second answer is told and costs nothing', () => {
    const { client } = joined()
    client.stack.receive(bytesOf('rpc-response', [packMap({ success: true, result: 1 })], 77n), 60)
    expect(faults(client)).toEqual(['ANSWER_UNMATCHED'])
    expect(client.stack.isSpent).toBe(false)
  })

  test('a lost connection fails what waits at once', async () => {
    const { client } = joined()
    const { answer } = client.stack.request({ route: 'rpc:slow', body: utf8('{}') }, 1)
    pullAll(client.stack, 1)
    client.stack.disconnected(2, 'LINK_LOST')
    await expect(answer).rejects.toSatisfy((error) => hasCode(error, 'LINK_LOST'))
  })
})

describe('messages', () => {
  test('a message with an answer, nil and bytes arrive as they were sent', async () => {
    const { client, server, talk } = joined()
    const bodies: string[] = []
    server.stack.route('msg:echo', (request: IncomingRequest) => {
      bodies.push(toHex(request.body))
      return { body: request.body }
    })
    const sent = [
      '',
      'ff00fe',
      toHex(utf8('{"größe":[1,2.0,-3]}')),
      toHex(utf8('"ä"')),
      toHex(utf8('plain words')),
    ]
    const answers = sent.map((hex) => client.stack.request({ route: 'msg:echo', body: fromHex(hex) }, 1))
    talk()
    const given = await Promise.all(answers.map(async ({ answer }) => toHex((await answer).body)))
    const expected = [toHex(utf8('null')), 'ff00fe', sent[2], sent[3], toHex(utf8('"plain words"'))]
    expect([bodies, given]).toEqual([expected, expected])
  })

  test('what a server sends is an event to its client, and an answer that nobody waits for is never answered', () => {
    const { client, server, talk } = joined()
    const kinds: string[] = []
    for (const { stack } of [client, server]) {
      stack.onUnrouted((request) => {
        kinds.push(`${request.route} ${request.kind}`)
        return { body: utf8('1') }
      })
    }
    server.stack.send({ route: 'msg:news', kind: 'event', body: utf8('1') }, 1)
    client.stack.send({ route: 'msg:news_response', kind: 'event', body: utf8('1') }, 1)
    talk()
    expect(kinds.toSorted()).toEqual(['msg:news event', 'msg:news_response event'])
  })

  test('a message whose handler fails is answered with the reason', async () => {
    const { client, talk } = joined()
    const { answer } = client.stack.request({ route: 'msg:nobody', body: utf8('1') }, 1)
    talk()
    expect((await answer).headers['status']).toBe('error')
    expect(JSON.parse(textOf(await answer))).toMatchObject({ code: '4000' })
  })

  test('an answer to a request that was given up is not taken for the next one', async () => {
    const { client, talk } = joined()
    const first = client.stack.request({ route: 'msg:ask', body: utf8('1'), timeoutMs: 10 }, 1)
    pullAll(client.stack, 1)
    client.stack.wake(20)
    await expect(first.answer).rejects.toSatisfy((error) => hasCode(error, 'REQUEST_TIMEOUT'))
    const second = client.stack.request({ route: 'msg:ask', body: utf8('2') }, 21)
    talk()
    pullAll(client.stack, 21)
    client.stack.receive(bytesOf('message', messageParts('ask_response', utf8('"late"'))), 22)
    expect(textOf(await second.answer)).toContain('there is no handler')
  })

  test.each(['07', 'c0', '', '82a4747970650aa46461746101'])(
    'a message whose body is %j harms nothing',
    (hex) => {
      const { server } = joined()
      server.stack.onUnrouted(() => undefined)
      server.stack.receive(bytesOf('message', hex === '' ? [] : [fromHex(hex)]), 60)
      expect([server.stack.isSpent, faults(server)]).toEqual([false, []])
    },
  )

  test.each(['echo', 'rpc', 'rpc:', ''])('the route %j is refused with the ways to write one', (route) => {
    const { client } = joined()
    expect(() => client.stack.request({ route, body: utf8('1') }, 1)).toThrow(
      expect.objectContaining({ code: 'HEAD_NOT_ENCODABLE' }),
    )
  })

  test('headers are refused instead of lost', () => {
    const { client } = joined()
    const message = { route: 'msg:x', kind: 'event', body: utf8('1'), headers: { a: 1 } } as const
    expect(() => client.stack.send(message, 1)).toThrow(
      expect.objectContaining({ code: 'HEAD_NOT_ENCODABLE' }),
    )
  })

  test('large messages are compressed where that is wanted, and arrive the same', async () => {
    const { client, server, talk } = joined({
      client: { isCompressing: true },
      server: { isCompressing: true },
    })
    server.stack.route('rpc:echo', (request) => ({ body: request.body }))
    const body = utf8(JSON.stringify({ text: 'x'.repeat(100_000) }))
    const { answer } = client.stack.request({ route: 'rpc:echo', body }, 1)
    talk()
    expect(toHex((await answer).body) === toHex(body)).toBe(true)
    const sizes = eventsOf(client.events, 'frame').filter(({ chunkIndex }) => chunkIndex === 0)
    expect(sizes.every(({ wireBytes: size }) => size < 2000)).toBe(true)
  })
})

describe('heartbeats and flow', () => {
  test('a PING is answered ahead of what waits, also during a pause', () => {
    const { client, talk } = joined()
    talk()
    client.stack.receive(bytesOf('pause'), 60)
    client.stack.send({ route: 'msg:bulk', kind: 'event', body: new Uint8Array(100_000) }, 60)
    client.stack.receive(bytesOf('ping'), 60)
    expect(kindsOf(pullAll(client.stack, 60))).toEqual(['pong'])
    client.stack.receive(bytesOf('resume'), 61)
    expect(kindsOf(pullAll(client.stack, 61))).toEqual(['message'])
  })

  test('a peer that answers PINGs stays, one that only talks is given up between three and four intervals', () => {
    const silent = joined().client
    let lastMs = 0
    for (let atMs = 1000; !silent.stack.isSpent && atMs < 10 * DEFAULT_HEARTBEAT_MS; atMs += 1000) {
      silent.stack.receive(bytesOf('ping'), atMs)
      silent.stack.wake(atMs)
      pullAll(silent.stack, atMs)
      lastMs = atMs
    }
    expect(faults(silent)).toEqual(['NETCONDUIT_SILENT'])
    expect(lastMs).toBeGreaterThan(3 * DEFAULT_HEARTBEAT_MS)
    expect(lastMs).toBeLessThanOrEqual(4 * DEFAULT_HEARTBEAT_MS)

    const { client, server, talk } = joined()
    for (let atMs = 1000; atMs < 10 * DEFAULT_HEARTBEAT_MS; atMs += 1000) talk(atMs)
    expect([client.stack.isSpent, server.stack.isSpent]).toEqual([false, false])
  })

  test('silence and handshake end when the address says so', () => {
    const { client } = joined({ client: { heartbeatMs: 1000, silenceMs: 6500 } })
    let lastMs = 0
    for (let atMs = 1000; !client.stack.isSpent && atMs < 20_000; atMs += 1000) {
      client.stack.wake(atMs)
      pullAll(client.stack, atMs)
      lastMs = atMs
    }
    expect([faults(client), lastMs]).toEqual([['NETCONDUIT_SILENT'], 7000])

    const alone = stackOf({ role: 'device', handshakeMs: 3000 })
    alone.stack.connected(0)
    alone.stack.wake(2999)
    expect(faults(alone)).toEqual([])
    alone.stack.wake(3000)
    expect(faults(alone)).toEqual(['NETCONDUIT_HANDSHAKE'])
  })

  test('a payload that comes in slowly is a sign of life', () => {
    const { client } = joined()
    const frame = bytesOf('message', messageParts('slow', new Uint8Array(1000)))
    for (let at = 0; at < frame.length; at += 100) {
      const atMs = (at / 100 + 1) * DEFAULT_HEARTBEAT_MS
      client.stack.receive(frame.slice(at, at + 100), atMs)
      client.stack.wake(atMs)
      pullAll(client.stack, atMs)
    }
    expect(client.stack.isSpent).toBe(false)
    const [whole] = eventsOf(client.events, 'frame').filter(({ chunkIndex }) => chunkIndex === 0)
    expect([whole!.startMs, whole!.endMs]).toEqual([DEFAULT_HEARTBEAT_MS, 11 * DEFAULT_HEARTBEAT_MS])
    expect(eventsOf(client.events, 'message-closed').filter(({ dir }) => dir === 'in')).toHaveLength(1)
  })

  test('a peer that pings a thousand times without reading gets few answers', () => {
    const { client } = joined()
    client.stack.receive(concatBytes(Array.from({ length: 1000 }, () => bytesOf('ping'))), 60)
    expect(pullAll(client.stack, 60)).toHaveLength(64)
  })

  test('what comes too fast is left out: a call is told when to come again, and the limit holds for each second', () => {
    const { client, server, talk } = joined({ server: { rates: { messagesPerSecond: 10 } } })
    server.stack.route('rpc:echo', (request) => ({ body: request.body }))
    const ask = (count: number): Promise<string[]> =>
      Promise.all(
        Array.from({ length: count }, async () => {
          const { answer } = client.stack.request({ route: 'rpc:echo', body: utf8('{}') }, 60)
          return textOf(await answer)
        }),
      )
    const burst = ask(12)
    talk(60)
    const later = ask(5)
    talk(560)
    return Promise.all([burst, later]).then(([first, second]) => {
      expect(first.filter((text) => text === '{}')).toHaveLength(10)
      expect(JSON.parse(first.at(-1)!)).toEqual({
        error: 'Rate limit exceeded',
        code: '6000',
        details: { retry_after: 0.1 },
      })
      expect(second).toEqual(['{}', '{}', '{}', '{}', '{}'])
      expect(faults(server)).toEqual(['RATE_LIMITED', 'RATE_LIMITED'])
    })
  })

  test('bytes are limited with their headers, and one frame above the limit delays those behind it', () => {
    const { server } = joined({ server: { rates: { bytesPerSecond: 1000 } } })
    server.stack.onUnrouted(() => undefined)
    const send = (bytes: number, atMs: number): number => {
      const before = faults(server).length
      server.stack.receive(bytesOf('message', messageParts('x', new Uint8Array(bytes).fill(200))), atMs)
      return faults(server).length - before
    }
    expect([send(4000, 100), send(10, 1100), send(10, 3000), send(10, 4200)]).toEqual([0, 1, 1, 0])
  })

  test('urgent messages go first, and those of a class keep their order', () => {
    const { client } = joined()
    const send = (name: string, priority: 1 | 3): void => {
      client.stack.send({ route: `msg:${name}`, kind: 'event', body: utf8('1'), priority }, 60)
    }
    for (const [name, priority] of [
      ['a', 3],
      ['b', 3],
      ['urgent', 1],
      ['c', 3],
    ] as const)
      send(name, priority)
    const order = pullAll(client.stack, 60).map(({ messageKey }) => messageKey)
    const names = eventsOf(client.events, 'message-opened').map(
      ({ messageKey, route }) => [messageKey, route] as const,
    )
    expect(order.map((key) => new Map(names).get(key))).toEqual(['msg:urgent', 'msg:a', 'msg:b', 'msg:c'])
  })
})

test('a pipe that only reads says nothing and reads both sides of a conversation', () => {
  for (const direction of ['client-to-server', 'server-to-client']) {
    const frames = ['auth-ok', 'rpc-add', 'heartbeat', 'flow-pause-resume'].flatMap((name) =>
      vectors.find((vector) => vector.name === name)!.frames.filter((frame) => frame.direction === direction),
    )
    const reader = observedStack({ dialect: netconduitDialect.reader!, answersErrors: false })
    reader.stack.onUnrouted(() => ({ body: utf8('an answer') }))
    reader.stack.connected(0)
    reader.stack.receive(concatBytes(frames.flatMap(({ header, payload }) => [header, payload])), 1)
    reader.stack.wake(100_000)
    expect(pullAll(reader.stack, 100_000)).toEqual([])
    expect(eventsOf(reader.events, 'frame').map(({ wireBytes: size }) => size)).toEqual(
      frames.map(({ header, payload }) => header.length + payload.length),
    )
  }
})

describe('streams', () => {
  function subscribed(pair: Pair, name = 'ticks'): { items: string[]; ends: string[]; messageKey: number } {
    const items: string[] = []
    const ends: string[] = []
    const { messageKey } = pair.client.stack.subscribe(
      {
        route: `stream:${name}`,
        body: new Uint8Array(0),
        onAnswer: (answer) => {
          items.push(textOf(answer))
          return true
        },
        onEnd: (error) => ends.push(error?.code ?? 'done'),
      },
      1,
    )
    pair.talk()
    return { items, ends, messageKey }
  }

  test('items reach who subscribed, in order, and the end comes behind them', () => {
    const pair = joined()
    let asked: IncomingRequest | undefined
    pair.server.stack.route('stream:ticks', (request) => {
      asked = request
      return new Promise<undefined>(() => undefined)
    })
    const { items, ends } = subscribed(pair)
    expect(asked?.isSubscription).toBe(true)
    for (const n of [1, 2, 3]) asked!.reply({ body: utf8(`{"n":${n}}`), hasMore: true })
    asked!.end()
    pair.talk(61)
    expect(items).toEqual(['{"n":1}', '{"n":2}', '{"n":3}'])
    expect(ends).toEqual(['done'])
  })

  test.each(['rpc:once', 'msg:once'])('whoever asks %s for many answers gets one and the end', (route) => {
    const { client, server, talk } = joined()
    server.stack.route(route, () => ({ body: utf8('1') }))
    const told: string[] = []
    client.stack.subscribe(
      {
        route,
        body: utf8('{}'),
        onAnswer: (answer) => told.push(textOf(answer)) > 0,
        onEnd: (error) => told.push(error?.code ?? 'done'),
      },
      1,
    )
    talk()
    expect(told).toEqual(['1', 'done'])
  })

  test('a stream that is not there is refused', () => {
    const { items, ends } = subscribed(joined(), 'nothing')
    expect([items, ends]).toEqual([[], ['ROUTE_UNKNOWN']])
  })

  test('who unsubscribes gets no further items, and the server stops', () => {
    const pair = joined()
    let signal: AbortSignal | undefined
    pair.server.stack.route('stream:ticks', (request) => {
      signal = request.signal
      return new Promise<undefined>(() => undefined)
    })
    const { ends, messageKey } = subscribed(pair)
    pair.client.stack.cancel(messageKey, 61)
    pair.talk(61)
    expect(signal?.aborted).toBe(true)
    expect(ends).toEqual(['REQUEST_CANCELLED'])
    expect([faults(pair.client), faults(pair.server)]).toEqual([[], []])
  })

  test('a quiet stream does not run into the time of a request', () => {
    const pair = joined()
    pair.server.stack.route('stream:ticks', () => new Promise<undefined>(() => undefined))
    const { ends } = subscribed(pair)
    for (let atMs = 1000; atMs < 100_000; atMs += 5000) pair.talk(atMs)
    expect(ends).toEqual([])
  })
})
