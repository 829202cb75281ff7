import { describe, expect, test } from 'vitest'
import { concatBytes, utf8 } from '../../../../shared/bytes'
import { asConsoleError, hasCode } from '../../../../shared/errors'
import {
  faultCodes,
  servedSocketd,
  sessionPhases,
  socketdFrame,
  socketdPair,
  socketdSide,
} from '../../../../testing/socketd-pair'
import { eventsOf, exchange, type ObservedStack, pullAll } from '../../../../testing/stack-wire'
import { settlePromises } from '../../../../testing/virtual-clock'
import type { SessionRequest } from '../../pipe/pipe'
import { CONNECT_TIMEOUT_MS } from './session/handshake'
import { DEFAULT_HEARTBEAT_MS, PRESSURE_PAUSE_MS } from './session/session'
import { readFrame } from './wire/frame'

/** Frames that wait, as kind and metas. */
const saidNow = ({ stack }: ObservedStack, nowMs = 0): string[] =>
  pullAll(stack, nowMs).map(({ parts }) => {
    const frame = readFrame(concatBytes(parts))
    if (typeof frame === 'string') throw new Error(frame)
    return `${frame.kind} ${frame.meta}`.trim()
  })

const CONNECT = socketdFrame('connect', {
  sid: 'c1',
  event: 'tcp://h:1/demo?u=a%20b&u2=%26',
  meta: 'token=x&u=meta&@=bench&Socket.D=1.0',
})

describe('the handshake', () => {
  test('names place and resource as they were dialled, and who asks', () => {
    const client = socketdSide({
      place: { scheme: 'tcp', host: '127.0.0.1', port: 8602 },
      resource: '/a b?u=ä&q="1"',
      identity: 'bench',
    })
    client.stack.connected(0)
    const [connect] = pullAll(client.stack, 0)
    const frame = readFrame(concatBytes(connect!.parts))
    const url = 'tcp://127.0.0.1:8602/a%20b?u=ä&q=%221%22'
    expect(frame).toMatchObject({ kind: 'connect', event: url, meta: '@=bench&Socket.D=1.0' })
    expect(typeof frame === 'string' ? '' : new TextDecoder().decode(frame.data)).toBe(url)
  })

  test('shows the server path, parameters and metas, raw and decoded', () => {
    let asked: SessionRequest | undefined
    const server = socketdSide({
      role: 'device',
      admit: (request) => {
        asked = request
        return true
      },
    })
    server.stack.connected(0)
    server.stack.receive(CONNECT, 0)
    expect(asked).toMatchObject({ url: 'tcp://h:1/demo?u=a%20b&u2=%26', path: '/demo' })
    expect([...asked!.params]).toEqual([
      ['u', 'meta'],
      ['u2', '&'],
      ['token', 'x'],
      ['@', 'bench'],
    ])
    expect([...asked!.metas.keys()]).toEqual(['token', 'u', '@'])
    expect(eventsOf(server.events, 'session').at(-1)).toMatchObject({
      phase: 'ready',
      peerIdentity: 'bench',
      detail: '/demo?u=a%20b&u2=%26 with token, u, @',
    })
    expect(saidNow(server)).toEqual(['connack Socket.D=1.0'])
  })

  test('nothing reaches a handler before a slow verdict, everything after it, in order', async () => {
    let admit: (isAdmitted: boolean) => void = () => undefined
    const server = socketdSide({ role: 'device', admit: () => new Promise((resolve) => (admit = resolve)) })
    const seen: string[] = []
    server.stack.onUnrouted((request) => {
      seen.push(request.route)
      return { body: utf8('done') }
    })
    server.stack.connected(0)
    const early = ['a', 'b', 'c'].map((event) => socketdFrame('request', { sid: event, event }))
    server.stack.receive(concatBytes([CONNECT, ...early]), 0)
    expect([seen, saidNow(server), server.stack.isReady]).toEqual([[], [], false])
    admit(true)
    await settlePromises()
    expect(server.workCalls()).toBe(1)
    expect(server.stack.wakeAtMs).toBe(0)
    server.stack.wake(5)
    expect(seen).toEqual(['a', 'b', 'c'])
    expect(saidNow(server, 5)).toEqual(['connack Socket.D=1.0', 'reply', 'reply', 'reply'])
  })

  test.each([
    ['says no', () => false],
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no'))],
  ])(
    'a verdict that %s is a Close before the Connack, and no handler ever hears of the peer',
    async (_, admit) => {
      const server = socketdSide({ role: 'device', admit })
      let calls = 0
      server.stack.onUnrouted(() => {
        calls += 1
        return undefined
      })
      server.stack.connected(0)
      server.stack.receive(concatBytes([CONNECT, socketdFrame('request', { sid: 'r', event: 'x' })]), 0)
      await settlePromises()
      server.stack.wake(0)
      expect(saidNow(server)).toEqual(['close code=1002'])
      server.stack.wake(0)
      expect([server.stack.isSpent, calls]).toEqual([true, 0])
      expect(sessionPhases(server)).toEqual(['handshake', 'refused'])
      expect(faultCodes(server)).toEqual(['SOCKETD_REFUSED'])
    },
  )

  test.each([
    ['/demo', true],
    ['/demo?token=x', true],
    ['?token=x', true],
    ['/other', false],
    ['/demo?token=y', false],
    ['?token=', false],
  ])('a server of %s admits its own kind alone: %s', (resource, isAdmitted) => {
    const server = socketdSide({ role: 'device', resource })
    server.stack.connected(0)
    server.stack.receive(CONNECT, 0)
    expect(server.stack.isReady).toBe(isAdmitted)
  })

  test('a refused client knows it', () => {
    const { client, server, talk } = socketdPair({ server: { admit: () => false } })
    talk(1)
    expect(sessionPhases(client)).toEqual(['handshake', 'refused'])
    expect([client.stack.isSpent, server.stack.isSpent]).toEqual([true, true])
    expect(faultCodes(client)).toEqual(['SOCKETD_REFUSED'])
  })

  test.each(['host', 'device'] as const)('a peer of a %s that says nothing is given up in time', (role) => {
    const side = socketdSide({ role })
    side.stack.connected(0)
    pullAll(side.stack, 0)
    side.stack.wake(CONNECT_TIMEOUT_MS - 1)
    expect(saidNow(side)).toEqual([])
    expect(side.stack.wakeAtMs).toBe(CONNECT_TIMEOUT_MS)
    side.stack.wake(CONNECT_TIMEOUT_MS)
    expect(saidNow(side, CONNECT_TIMEOUT_MS)).toEqual(['close code=1002'])
    side.stack.wake(CONNECT_TIMEOUT_MS)
    expect(side.stack.isSpent).toBe(true)
    expect(eventsOf(side.events, 'session').at(-1)).toMatchObject({
      phase: 'refused',
      code: 'SOCKETD_HANDSHAKE',
    })
  })

  test('a verdict that comes after the peer has gone lets nobody in', async () => {
    let admit: (isAdmitted: boolean) => void = () => undefined
    const server = socketdSide({ role: 'device', admit: () => new Promise((resolve) => (admit = resolve)) })
    server.stack.connected(0)
    server.stack.receive(CONNECT, 0)
    server.stack.disconnected(1, 'LINK_LOST')
    server.stack.connected(2)
    admit(true)
    await settlePromises()
    server.stack.wake(3)
    expect([server.stack.isReady, server.workCalls()]).toEqual([false, 0])
  })

  test('a verdict that never comes is part of the time', () => {
    const server = socketdSide({ role: 'device', admit: () => new Promise(() => undefined) })
    server.stack.connected(0)
    server.stack.receive(CONNECT, 5000)
    server.stack.wake(CONNECT_TIMEOUT_MS)
    expect(saidNow(server, CONNECT_TIMEOUT_MS)).toEqual(['close code=1002'])
  })

  test.each([
    ['a request before everything', [socketdFrame('request', { sid: 'r', event: 'x' })], 'SOCKETD_HANDSHAKE'],
    ['a Connack to a server', [socketdFrame('connack', { sid: 'r' })], 'SOCKETD_HANDSHAKE'],
    ['a second Connect', [CONNECT, CONNECT], 'SOCKETD_PROTOCOL'],
    ['a Connect without a message', [Uint8Array.of(0, 0, 0, 8, 0, 0, 0, 10)], 'SOCKETD_HANDSHAKE'],
    ['a flag that nobody has', [CONNECT, Uint8Array.of(0, 0, 0, 8, 0, 0, 0, 99)], 'SOCKETD_PROTOCOL'],
  ])('%s is hung up on', (_, pieces, code) => {
    const server = socketdSide({ role: 'device' })
    server.stack.connected(0)
    server.stack.receive(concatBytes(pieces), 0)
    expect(saidNow(server)).toEqual(['close code=1002'])
    expect(faultCodes(server)).toEqual([code])
  })

  test('a Connack for somebody else opens nothing', () => {
    const client = socketdSide({})
    client.stack.connected(0)
    pullAll(client.stack, 0)
    client.stack.receive(socketdFrame('connack', { sid: 'other' }), 0)
    expect(client.stack.isReady).toBe(false)
    expect(saidNow(client)).toEqual(['close code=1002'])
  })

  test('64 early frames wait, one more is too many', () => {
    for (const count of [64, 65]) {
      const server = socketdSide({ role: 'device', admit: () => new Promise(() => undefined) })
      server.stack.connected(0)
      const early = Array.from({ length: count }, () => socketdFrame('message', { sid: 'm', event: 'x' }))
      server.stack.receive(concatBytes([CONNECT, ...early]), 0)
      expect(saidNow(server)).toEqual(count === 64 ? [] : ['close code=1002'])
    }
  })

  test('a stranger may not announce more than 64 KiB, a known peer 17 MiB', () => {
    const announcing = (byteCount: number): Uint8Array =>
      new Uint8Array(new BigUint64Array([0n]).buffer)
        .map((_, at) => (byteCount >>> (24 - 8 * at)) & 255)
        .slice(0, 4)
    const stranger = socketdSide({ role: 'device' })
    stranger.stack.connected(0)
    stranger.stack.receive(announcing(65_537), 0)
    expect(faultCodes(stranger)).toEqual(['SOCKETD_BAD_LENGTH'])
    const known = servedSocketd()
    known.stack.receive(announcing(17 * 1024 * 1024), 0)
    expect(faultCodes(known)).toEqual([])
    const other = servedSocketd()
    other.stack.receive(announcing(17 * 1024 * 1024 + 1), 0)
    expect(faultCodes(other)).toEqual(['SOCKETD_BAD_LENGTH'])
  })
})

describe('heartbeats', () => {
  const intervalMs = DEFAULT_HEARTBEAT_MS

  test('both sides ask, both answer, and neither is given up', () => {
    const { client, server, talk } = socketdPair()
    for (let nowMs = 0; nowMs <= 10 * intervalMs; nowMs += 1000) talk(nowMs)
    for (const { events } of [client, server]) {
      const kinds = eventsOf(events, 'frame').map(({ dir, frameKind }) => `${dir} ${frameKind}`)
      expect(kinds.filter((kind) => kind === 'in ping').length).toBeGreaterThan(8)
      expect(kinds.filter((kind) => kind === 'in pong').length).toBeGreaterThan(8)
    }
    expect([client.stack.isReady, server.stack.isReady]).toEqual([true, true])
  })

  test('a peer that went silent is told goodbye and given up after three intervals', () => {
    const server = servedSocketd()
    const pings: string[] = []
    for (let nowMs = 0; nowMs < 3 * intervalMs; nowMs += 1000) {
      server.stack.wake(nowMs)
      pings.push(...saidNow(server, nowMs))
    }
    expect(new Set(pings)).toEqual(new Set(['ping']))
    server.stack.wake(3 * intervalMs)
    expect(saidNow(server, 3 * intervalMs)).toEqual(['close code=1001'])
    server.stack.wake(3 * intervalMs)
    expect(server.stack.isSpent).toBe(true)
    expect(faultCodes(server)).toEqual(['SOCKETD_SILENT'])
  })
})

describe('parting', () => {
  test('whoever leaves says so first, and nothing after it', () => {
    const { client, talk, server } = socketdPair()
    client.stack.send({ route: 'x', kind: 'event', body: utf8('later') }, 1)
    client.stack.farewell(1)
    expect(client.stack.isReady).toBe(false)
    expect(saidNow(client, 1)).toEqual(['close code=1001'])
    expect(saidNow(client, 1)).toEqual([])
    talk(1)
    expect(sessionPhases(server).at(-1)).toBe('ready')
  })

  test.each(['1001', '2008', '2009', '7', 'no number', ''])('a Close %j of the peer ends it once', (code) => {
    const server = servedSocketd()
    const close = socketdFrame('close', { meta: code === '' ? '' : `code=${code}` })
    server.stack.receive(concatBytes([close, close]), 1)
    expect([server.stack.isSpent, faultCodes(server)]).toEqual([true, ['PEER_CLOSED']])
    expect(eventsOf(server.events, 'session').at(-1)).toMatchObject({ phase: 'ended', code: 'PEER_CLOSED' })
  })

  test('a bare Close is a close as well, and 1002 says who is to blame', () => {
    const bare = servedSocketd()
    bare.stack.receive(Uint8Array.of(0, 0, 0, 8, 0, 0, 0, 30), 1)
    expect(faultCodes(bare)).toEqual(['PEER_CLOSED'])
    const blamed = servedSocketd()
    blamed.stack.receive(socketdFrame('close', { meta: 'code=1002' }), 1)
    expect(faultCodes(blamed)).toEqual(['SOCKETD_PROTOCOL'])
  })

  test('after 1000 nothing new is begun, and what is open goes on', async () => {
    const { client, server, talk } = socketdPair()
    server.stack.route('slow', () => new Promise(() => undefined))
    const open = client.stack.request({ route: 'slow', body: utf8('') }, 1)
    talk(1)
    const sid = eventsOf(server.events, 'message-opened')[0]!.ref
    const waiting = client.stack.request({ route: 'slow', body: utf8('') }, 2)
    client.stack.receive(socketdFrame('close', { meta: 'code=1000' }), 2)
    await expect(waiting.answer).rejects.toMatchObject({ code: 'SOCKETD_PEER_CLOSING' })
    expect(saidNow(client, 2)).toEqual([])
    let refusal: unknown
    try {
      client.stack.send({ route: 'new', kind: 'event', body: utf8('') }, 2)
    } catch (error) {
      refusal = error
    }
    expect(hasCode(refusal, 'SOCKETD_PEER_CLOSING')).toBe(true)
    client.stack.receive(socketdFrame('reply', { sid, event: 'slow', data: utf8('there') }), 3)
    expect(new TextDecoder().decode((await open.answer).body)).toBe('there')
  })

  test('a dropped connection fails what waits at once', async () => {
    const { client, talk, server } = socketdPair()
    server.stack.route('slow', () => new Promise(() => undefined))
    const waiting = Array.from({ length: 20 }, () =>
      client.stack.request({ route: 'slow', body: utf8('') }, 1),
    )
    talk(1)
    client.stack.disconnected(2, 'LINK_LOST')
    const codes = await Promise.all(
      waiting.map(({ answer }) => answer.catch((error: unknown) => asConsoleError(error).code)),
    )
    expect(codes).toEqual(Array<string>(20).fill('LINK_LOST'))
    expect(eventsOf(client.events, 'request-settled')).toHaveLength(20)
  })
})

describe('answers', () => {
  test('one forged on another connection of the same server completes nothing', async () => {
    const [victim, forger] = [servedSocketd(), servedSocketd()]
    const { answer, ref } = victim.stack.request({ route: 'ask', body: utf8('') }, 1)
    pullAll(victim.stack, 1)
    forger.stack.receive(socketdFrame('reply', { sid: ref, event: 'ask', data: utf8('forged') }), 2)
    expect(faultCodes(forger)).toEqual(['ANSWER_UNMATCHED'])
    victim.stack.receive(socketdFrame('reply', { sid: ref, event: 'ask', data: utf8('genuine') }), 3)
    expect(new TextDecoder().decode((await answer).body)).toBe('genuine')
  })

  test('a second one, and one that is too late, are dropped and counted', async () => {
    const server = servedSocketd()
    const { answer, ref } = server.stack.request({ route: 'ask', body: utf8(''), timeoutMs: 100 }, 0)
    pullAll(server.stack, 0)
    const reply = socketdFrame('reply-end', { sid: ref, event: 'ask' })
    server.stack.receive(concatBytes([reply, reply]), 1)
    await answer
    const late = server.stack.request({ route: 'ask', body: utf8(''), timeoutMs: 100 }, 1)
    pullAll(server.stack, 1)
    server.stack.wake(200)
    await expect(late.answer).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
    server.stack.receive(socketdFrame('reply', { sid: late.ref, event: 'ask' }), 201)
    expect(faultCodes(server)).toEqual(['ANSWER_UNMATCHED', 'ANSWER_UNMATCHED'])
  })

  test('an empty end is no further answer, one with data is', () => {
    for (const data of ['', 'last']) {
      const server = servedSocketd()
      const got: string[] = []
      let ends = 0
      const { ref: sid } = server.stack.subscribe(
        {
          route: 'sub',
          body: utf8(''),
          onAnswer: ({ body }) => got.push(new TextDecoder().decode(body)) > 0,
          onEnd: () => {
            ends += 1
          },
        },
        0,
      )
      pullAll(server.stack, 0)
      server.stack.receive(socketdFrame('reply', { sid, event: 'sub', data: utf8('one') }), 1)
      server.stack.receive(socketdFrame('reply-end', { sid, event: 'sub', data: utf8(data) }), 1)
      expect([got, ends]).toEqual([data === '' ? ['one'] : ['one', 'last'], 1])
    }
  })

  test('an alarm ends a subscription with what the peer said', () => {
    const server = servedSocketd()
    const got: unknown[] = []
    const { ref: sid } = server.stack.subscribe(
      {
        route: 'sub',
        body: utf8(''),
        onAnswer: ({ headers, body }) => got.push(headers['status'], new TextDecoder().decode(body)) > 0,
        onEnd: (error) => got.push(error),
      },
      0,
    )
    pullAll(server.stack, 0)
    server.stack.receive(
      socketdFrame('alarm', { sid, event: 'sub', meta: 'code=3100', data: utf8('down') }),
      1,
    )
    expect(got).toEqual(['error', '{"error":"down","code":"3100"}', null])
  })

  test('a stream without a last answer is ended by a frame of its own, behind what waits', async () => {
    const { client, server, talk } = socketdPair({ both: { policy: { chunkBytes: 1000 } } })
    server.stack.route('sub', (request) => {
      request.reply({ body: new Uint8Array(5000), hasMore: true })
      return undefined
    })
    const got: number[] = []
    let ended: unknown = 'not'
    client.stack.subscribe(
      {
        route: 'sub',
        body: utf8(''),
        onAnswer: ({ bodyBytes }) => got.push(bodyBytes) > 0,
        onEnd: (error) => {
          ended = error
        },
      },
      0,
    )
    talk(1)
    await settlePromises()
    talk(2)
    expect([got, ended]).toEqual([[5000], null])
  })

  test('answers to one request keep their order, whatever their size', () => {
    const { client, server, talk } = socketdPair({ both: { policy: { chunkBytes: 1000 } } })
    server.stack.route('sub', (request) => {
      for (const byteCount of [50_000, 1, 20_000, 2])
        request.reply({ body: new Uint8Array(byteCount), hasMore: true })
      return { body: utf8('end') }
    })
    const got: number[] = []
    client.stack.subscribe(
      {
        route: 'sub',
        body: utf8(''),
        onAnswer: ({ bodyBytes }) => got.push(bodyBytes) > 0,
        onEnd: () => undefined,
      },
      0,
    )
    talk(1)
    expect(got).toEqual([50_000, 1, 20_000, 2, 3])
  })
})

describe('pressure', () => {
  test.each(['pressure', 'alarm'] as const)(
    '3001 in a frame "%s" holds new messages for 100 ms, visibly',
    (kind) => {
      const { client, server } = socketdPair({ both: { policy: { chunkBytes: 1000 } } })
      client.stack.send({ route: 'long', kind: 'event', body: new Uint8Array(3000) }, 0)
      server.stack.receive(concatBytes(client.stack.pull(0)!.parts), 0)
      client.stack.receive(socketdFrame(kind, { meta: 'code=3001', data: utf8('Too much pressure') }), 0)
      client.stack.send({ route: 'new', kind: 'event', body: utf8('x') }, 0)
      expect(pullAll(client.stack, 1).map(({ frameKind }) => frameKind)).toEqual(['message', 'message'])
      expect(faultCodes(client)).toEqual(['SOCKETD_PRESSURE'])
      expect(client.stack.wakeAtMs).toBe(PRESSURE_PAUSE_MS)
      client.stack.wake(PRESSURE_PAUSE_MS)
      expect(pullAll(client.stack, PRESSURE_PAUSE_MS)).toHaveLength(1)
    },
  )

  test('a message with X-Unlimited does not wait', () => {
    const server = servedSocketd()
    server.stack.receive(socketdFrame('pressure', { meta: 'code=3001' }), 0)
    server.stack.send({ route: 'held', kind: 'event', body: utf8('') }, 0)
    server.stack.send({ route: 'x', kind: 'event', body: utf8(''), headers: { 'X-Unlimited': '1' } }, 0)
    expect(saidNow(server)).toEqual(['message X-Unlimited=1'])
  })

  test('with the sid of a request it fails that request', async () => {
    const server = servedSocketd()
    const { answer, ref: sid } = server.stack.request({ route: 'ask', body: utf8('') }, 0)
    pullAll(server.stack, 0)
    server.stack.receive(socketdFrame('pressure', { sid, meta: 'code=3001', data: utf8('busy') }), 1)
    expect((await answer).headers).toMatchObject({ status: 'error', code: '3001' })
  })

  test('an alarm that belongs to nothing is shown', () => {
    const server = servedSocketd()
    server.stack.receive(socketdFrame('alarm', { meta: 'code=3100', data: utf8('node going down') }), 0)
    expect(eventsOf(server.events, 'fault')).toMatchObject([
      { code: 'SOCKETD_ALARM', detail: '3100: node going down' },
    ])
  })
})

describe('what can not be said', () => {
  test.each([
    ['a route with a line end', { route: 'a\nb' }, 'HEAD_NOT_ENCODABLE'],
    ['a route with NUL', { route: 'a\0b' }, 'HEAD_NOT_ENCODABLE'],
    ['a route of 511 bytes', { route: 'é'.repeat(255) + 'x' }, 'HEAD_TOO_LARGE'],
    ['an id of 63 bytes', { route: 'x', ref: 's'.repeat(63) }, 'HEAD_TOO_LARGE'],
    ['a value with &', { route: 'x', headers: { a: '1&b=2' } }, 'HEAD_NOT_ENCODABLE'],
    ['a name with =', { route: 'x', headers: { 'a=b': '1' } }, 'HEAD_NOT_ENCODABLE'],
    ['a name of fragments', { route: 'x', headers: { 'Data-Fragment-Idx': '1' } }, 'HEAD_NOT_ENCODABLE'],
    ['a value that is no text', { route: 'x', headers: { a: ['1'] } }, 'HEAD_NOT_ENCODABLE'],
    ['metas of 4095 bytes', { route: 'x', headers: { a: 'v'.repeat(4093) } }, 'HEAD_TOO_LARGE'],
  ])('%s is refused before anything is written', (_, message, code) => {
    const { client } = socketdPair()
    expect(() => client.stack.send({ kind: 'event', body: utf8(''), ...message }, 0)).toThrow(
      expect.objectContaining({ code }),
    )
    expect([pullAll(client.stack, 0), client.stack.queuedBytes]).toEqual([[], 0])
  })

  test.each([
    { route: 'é'.repeat(255), ref: 's'.repeat(62), headers: { a: 'v'.repeat(4092) } },
    { route: '', headers: { 'Data-Disposition-Filename': 'a b%+ü' } },
  ])('the limits themselves are accepted and arrive', (message) => {
    const { client, server, talk } = socketdPair()
    client.stack.send({ kind: 'event', body: utf8(''), ...message }, 0)
    talk(1)
    const opened = eventsOf(server.events, 'message-opened')
    expect(opened).toHaveLength(1)
    expect(opened[0]!.route).toBe(message.route)
    expect({ ...opened[0]!.headers }).toEqual(message.headers)
  })

  test('where both escape metas, any value travels', () => {
    const { client, server, talk } = socketdPair({
      client: { metaEscape: 'percent' },
      server: { metaEscape: 'percent' },
    })
    const headers = { 'a=&': '1&b=2%+ \n\0ü' }
    client.stack.send({ route: 'x', kind: 'event', body: utf8(''), headers }, 0)
    talk(1)
    expect({ ...eventsOf(server.events, 'message-opened')[0]!.headers }).toEqual(headers)
  })

  test('a file name is reduced to a bare one when it comes in', () => {
    const server = servedSocketd()
    const names = ['../../etc/passwd', 'C:\\x\\y.txt', '..', 'a\u202etxt.exe', 'note.txt']
    for (const name of names) {
      server.stack.receive(
        socketdFrame('message', { sid: 'f', meta: `Data-Disposition-Filename=${name}` }),
        0,
      )
    }
    const shown = eventsOf(server.events, 'message-opened').map(
      ({ headers }) => headers['Data-Disposition-Filename'],
    )
    expect(shown).toEqual(['passwd', 'y.txt', '_', 'a_txt.exe', 'note.txt'])
  })
})

test('a queue keeps what had not begun for the next connection, but neither answers nor awaited requests', () => {
  const { client, server } = socketdPair()
  server.stack.disconnected(1, 'LINK_LOST')
  client.stack.send({ route: 'kept', kind: 'event', body: utf8('x') }, 1)
  client.stack.request({ route: 'failed', body: utf8('x') }, 1)
  client.stack.disconnected(1, 'LINK_LOST')
  client.stack.connected(2)
  server.stack.connected(2)
  exchange(client.stack, server.stack, 2)
  expect(eventsOf(server.events, 'message-opened').map(({ route }) => route)).toEqual(['kept'])
})
