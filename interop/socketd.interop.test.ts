import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { utf8 } from '../src/shared/bytes'
import { hasCode } from '../src/shared/errors'
import { Blueprint } from '../src/main/netcore/endpoint/blueprint'
import { pattern, sha256 } from './pattern'
import type { PeerEvent, PeerProcess } from './peer-process'
import type { InteropSession } from './session'
import {
  forClients,
  inJava,
  inPython,
  type SocketdProgram,
  type SocketdScheme,
  type SocketdServer,
  startServer,
  toServer,
} from './socketd-session'

/** The real Socket.D at the other end, in both roles and over all transports. Counts and digests are compared. */

declare module 'vitest' {
  interface TaskMeta {
    skipReason?: string
  }
}

const MIB = 1024 * 1024
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

/** What was not set up is skipped, and says why. */
function skipWithout(library: 'SOCKETD_JAVA' | 'SOCKETD_PYTHON'): boolean {
  const isThere = process.env[library] !== undefined
  beforeEach(({ task, skip }) => {
    if (isThere) return
    task.meta.skipReason = process.env[`${library}_MISSING`] ?? `${library} is not set`
    skip(task.meta.skipReason)
  })
  return isThere
}

const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value))
const textOf = (body: Uint8Array): string => new TextDecoder().decode(body)
const valueOf = (body: Uint8Array): unknown => JSON.parse(textOf(body))
const digestOf = (bytes: Uint8Array): { bytes: number; sha256: string } => ({
  bytes: bytes.length,
  sha256: sha256(bytes),
})

async function ask(
  { link }: Pick<InteropSession, 'link'>,
  route: string,
  body: Uint8Array,
  headers: Record<string, string> = {},
): Promise<{ readonly body: Uint8Array; readonly headers: Readonly<Record<string, unknown>> }> {
  return link.request({ route, body, headers, timeoutMs: 30_000 }).answer
}

/** A command of the peer, and what came of it. */
async function told(peer: PeerProcess, command: Record<string, unknown>): Promise<PeerEvent> {
  const tag = `${String(command['route'])}-${peer.events.length}`
  peer.command({ cmd: 'request', ...command, tag })
  const isIts = (event: PeerEvent): boolean => event['tag'] === tag
  return Promise.race([peer.next('answer', isIts), peer.next('failed', isIts)])
}

interface Subscribed {
  readonly items: readonly unknown[]
  readonly end: string
}

const subscribed = ({ link }: InteropSession, n: number): Promise<Subscribed> =>
  new Promise((resolve) => {
    const items: unknown[] = []
    link.subscribe({
      route: 'count',
      body: json({ n }),
      onAnswer: ({ body }) => items.push(valueOf(body)) > 0,
      onEnd: (error) => resolve({ items, end: error?.code ?? 'done' }),
    })
  })

const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index)

describe.each<SocketdScheme>(['tcp', 'ws', 'udp'])('Socket.D in Java serves over %s', (scheme) => {
  const isThere = skipWithout('SOCKETD_JAVA')
  const fragment = scheme === 'udp' ? 1024 : 65_536
  let server: { readonly peer: PeerProcess; readonly port: number }
  beforeAll(async () => {
    if (!isThere) return undefined
    server = await startServer(inJava, scheme, '--fragment', String(fragment), '--file', 'LICENSE')
    return () => server.peer.kill()
  })

  async function connected(target?: string): Promise<InteropSession> {
    const session = toServer(scheme, server, target)
    closing.push(() => session.close())
    await session.link.whenConnected()
    return session
  }

  test('path, parameters and name of the handshake arrive, and what the server adds to its answer', async () => {
    const session = await connected('/demo/x?u=a%20b&mark=handshake#identity=bench')
    const opened = await server.peer.next(
      'open',
      ({ params }) => (params as Record<string, string>)['mark'] === 'handshake',
    )
    expect(opened).toMatchObject({ path: '/demo/x', params: { u: 'a b', '@': 'bench', 'Socket.D': '1.0' } })
    expect(opened['uri']).toBe(`${scheme}://127.0.0.1:${server.port}/demo/x?u=a%20b&mark=handshake`)
    const ready = await session.traced('session', ({ phase }) => phase === 'ready')
    expect(ready.detail).toContain('from=java')
  })

  test('a request comes back with its metas and its letters, by Reply and by ReplyEnd', async () => {
    const session = await connected()
    const text = 'größe 東京 😀'
    const echoed = await ask(session, 'echo', utf8(text), { who: 'wir', Ort: 'Zürich' })
    expect(textOf(echoed.body)).toBe(text)
    expect(echoed.headers).toEqual({ who: 'wir', Ort: 'Zürich' })
    expect(textOf((await ask(session, 'once', utf8(text))).body)).toBe(text)
  })

  test('a one-way message arrives once, with its metas', async () => {
    const session = await connected()
    const body = pattern(900, 11)
    session.link.send({ kind: 'event', route: 'news', body, headers: { topic: scheme } })
    const message = await server.peer.next('message', ({ route }) => route === 'news')
    expect(message).toMatchObject({ kind: 'message', metas: { topic: scheme }, data: digestOf(body) })
    await ask(session, 'echo', utf8('behind it'))
    expect(server.peer.events.filter(({ route }) => route === 'news')).toHaveLength(1)
  })

  test('a subscription gives all of its answers in order and ends', async () => {
    const n = scheme === 'udp' ? 50 : 1000
    expect(await subscribed(await connected(), n)).toEqual({ items: upTo(n), end: 'done' })
  })

  test('100 concurrent requests each find their own answer', async () => {
    const session = await connected()
    const answers = await Promise.all(upTo(100).map((n) => ask(session, 'echo', utf8(`request ${n}`))))
    expect(answers.map(({ body }) => textOf(body))).toEqual(upTo(100).map((n) => `request ${n}`))
  })

  test('a message in pieces is whole on both sides', async () => {
    const session = await connected('/#chunk=1024')
    const body = pattern(scheme === 'udp' ? 5000 : 300_000, 5)
    expect(valueOf((await ask(session, 'digest', body)).body)).toEqual(digestOf(body))
    const large = await ask(session, 'big', json({ bytes: body.length, seed: 6 }))
    expect(digestOf(large.body)).toEqual(digestOf(pattern(body.length, 6)))
    const pieces = session.trace.filter((event) => event.type === 'frame' && event.chunkIndex > 0)
    expect(pieces.filter((event) => event.type === 'frame' && event.dir === 'out').length).toBe(
      Math.ceil(body.length / 1024) - 1,
    )
    expect(pieces.filter((event) => event.type === 'frame' && event.dir === 'in').length).toBe(
      Math.ceil(body.length / fragment) - 1,
    )
  })

  test('a file travels with its name, both ways', async () => {
    const session = await connected()
    const file = await ask(session, 'file', new Uint8Array(0))
    expect(file.headers['Data-Disposition-Filename']).toBe('LICENSE')
    expect(textOf(file.body)).toMatch(/^MIT License/)
    const stored = await ask(session, 'store', pattern(700, 1), { 'Data-Disposition-Filename': 'fw.bin' })
    expect(textOf(stored.body)).toBe('fw.bin')
  })

  test('an alarm is an error answer with its code and text, and nobody else fails', async () => {
    const session = await connected()
    const [failed, echoed] = await Promise.all([
      ask(session, 'fail', utf8('x')),
      ask(session, 'echo', utf8('x')),
    ])
    expect(failed.headers).toMatchObject({ status: 'error', code: '4711' })
    expect(valueOf(failed.body)).toMatchObject({ error: 'as asked', code: '4711' })
    expect(textOf(echoed.body)).toBe('x')
  })

  test('pressure is an error answer too, and the next message waits a moment', async () => {
    const session = await connected()
    const pressed = await ask(session, 'press', utf8('x'))
    expect(pressed.headers).toMatchObject({ status: 'error', code: '3001' })
    const askedMs = performance.now()
    await ask(session, 'echo', utf8('x'))
    expect(performance.now() - askedMs).toBeGreaterThan(60)
  })

  test('the server calls us: its request is answered by our routes', async () => {
    const session = await connected('/?mark=called')
    await server.peer.next('open', ({ params }) => (params as Record<string, string>)['mark'] === 'called')
    const answer = await told(server.peer, { route: 'add', text: '{"a":20,"b":22}' })
    expect(valueOf(utf8(String(answer['data'])))).toEqual({ sum: 42 })
    expect(session.link.phase).toBe('connected')
  })

  test('our heartbeat is answered', async () => {
    const session = await connected('/#heartbeat=1')
    await session.traced('frame', ({ dir, frameKind }) => dir === 'in' && frameKind === 'pong')
    expect(session.link.phase).toBe('connected')
  })

  test('our close is said: the server knows the code', async () => {
    const before = server.peer.events.filter(({ event }) => event === 'closed').length
    const session = await connected()
    await session.close()
    await expect
      .poll(() => server.peer.events.filter(({ event }) => event === 'closed').length)
      .toBeGreaterThan(before)
    const codes = server.peer.events.flatMap(({ event, code }) => (event === 'closed' ? [code] : []))
    expect(codes.at(-1)).toBe(1001)
  })

  test('preclose lets what waits be answered and nothing new begin; close ends the connection', async () => {
    const session = await connected('/?mark=closing')
    await server.peer.next('open', ({ params }) => (params as Record<string, string>)['mark'] === 'closing')
    const slow = ask(session, 'slow', json({ ms: 400 }))
    await session.traced('frame', ({ dir, frameKind }) => dir === 'out' && frameKind === 'request')
    server.peer.command({ cmd: 'preclose' })
    await session.traced('frame', ({ dir, frameKind }) => dir === 'in' && frameKind === 'close')
    await expect(ask(session, 'echo', utf8('too late'))).rejects.toSatisfy((error) =>
      hasCode(error, 'SOCKETD_PEER_CLOSING'),
    )
    expect(textOf((await slow).body)).toBe('400')
    server.peer.command({ cmd: 'close' })
    await session.traced('link-state', ({ phase }) => phase === 'closed')
  })

  if (scheme !== 'udp') {
    test('32 MiB travel both ways', async () => {
      const session = await connected()
      const body = pattern(32 * MIB, 7)
      expect(valueOf((await ask(session, 'digest', body)).body)).toEqual(digestOf(body))
      const large = await ask(session, 'big', json({ bytes: 32 * MIB, seed: 3 }))
      expect(digestOf(large.body)).toEqual(digestOf(pattern(32 * MIB, 3)))
    })
  }

  test('a server that refuses is told as that, once', async () => {
    const refusing = await startServer(inJava, scheme, '--refuse')
    closing.push(() => refusing.peer.kill())
    // Nothing tells of a refusal over udp: the time for it is all there is.
    const session = toServer(scheme, refusing, scheme === 'udp' ? '/#wait=2' : '/')
    closing.push(() => session.close())
    await expect(session.link.whenConnected()).rejects.toThrow()
    await session.traced('link-state', ({ phase }) => phase === 'closed')
    expect(refusing.peer.events.some(({ event }) => event === 'refusing')).toBe(true)
    expect(session.trace.some((event) => event.type === 'session' && event.phase === 'ready')).toBe(false)
  })

  test('a server that is killed in the middle fails what waits, at once where a connection ends', async () => {
    const doomed = await startServer(inJava, scheme)
    closing.push(() => doomed.peer.kill())
    const isConnection = scheme !== 'udp'
    const session = toServer(scheme, doomed, isConnection ? '/' : '/#heartbeat=1&silence=2')
    closing.push(() => session.close())
    await session.link.whenConnected()
    const failures = Promise.allSettled([
      ask(session, 'slow', json({ ms: 30_000 })),
      ask(session, 'digest', pattern(isConnection ? 32 * MIB : 1000, 1)),
      ask(session, 'slow', json({ ms: 30_000 })),
    ])
    await doomed.peer.next('message', ({ route }) => route === 'slow')
    await doomed.peer.kill()
    const killedMs = performance.now()
    const [first, large, last] = await failures
    expect(performance.now() - killedMs).toBeLessThan(isConnection ? 3000 : 6000)
    // A datagram to nobody comes back as refused on this machine; from afar it is the silence that tells.
    const codes = isConnection ? /^LINK_LOST$/ : /^LINK_(LOST|REFUSED)$/
    const lost = { status: 'rejected', reason: { code: expect.stringMatching(codes) as string } }
    expect(first).toMatchObject(lost)
    expect(last).toMatchObject(lost)
    if (isConnection) expect(large).toMatchObject(lost)
  })
})

describe.each<SocketdScheme>(['tcp', 'ws', 'udp'])('Socket.D in Java connects over %s', (scheme) => {
  const isThere = skipWithout('SOCKETD_JAVA')
  let server: SocketdServer
  let peer: PeerProcess
  beforeAll(async () => {
    if (!isThere) return undefined
    server = await forClients(scheme, inJava)
    const fragment = scheme === 'udp' ? '1024' : '65536'
    peer = await server.connect(
      '/demo/x?u=a%20b',
      ...['--meta', 'who=java', '--fragment', fragment, '--file', 'LICENSE', '--heartbeat', '300'],
    )
    return () => server.close()
  })

  test('it is let in, and its path, parameters and metas are known', async () => {
    await peer.next('connected')
    const ready = server.trace.find((event) => event.type === 'session' && event.phase === 'ready')
    expect(ready).toMatchObject({ peerIdentity: '/demo/x' })
    expect(ready).toMatchObject({ detail: expect.stringContaining('who') as string })
  })

  test('its request comes back with its letters', async () => {
    const answer = await told(peer, { route: 'echo', text: 'größe 東京 😀' })
    expect(answer).toMatchObject({ event: 'answer', data: 'größe 東京 😀' })
  })

  test('100 requests at once each find their own answer', async () => {
    peer.command({ cmd: 'requests', count: 100 })
    expect(await peer.next('answers')).toMatchObject({ right: 100 })
  })

  test('its subscription gives all answers and ends', async () => {
    const n = scheme === 'udp' ? 50 : 1000
    peer.command({ cmd: 'subscribe', route: 'count', text: JSON.stringify({ n }), tag: 'count' })
    const all = await peer.next('item', ({ tag, count }) => tag === 'count' && count === n)
    expect(all['sum']).toBe((n * (n + 1)) / 2)
    await peer.next('ended', ({ tag }) => tag === 'count')
  })

  test('what fails here is an alarm there, with a code', async () => {
    expect(await told(peer, { route: 'fail', text: 'x' })).toMatchObject({
      event: 'failed',
      type: 'SocketDAlarmException',
      code: 500,
    })
    expect(await told(peer, { route: 'nobody', text: 'x' })).toMatchObject({ event: 'failed', code: 404 })
  })

  test('a message in pieces is whole on both sides', async () => {
    const size = scheme === 'udp' ? 5000 : 300_000
    const answer = await told(peer, { route: 'echo', size, seed: 9 })
    expect(answer['data']).toEqual(digestOf(pattern(size, 9)))
  })

  if (scheme !== 'udp') {
    test('32 MiB travel both ways', async () => {
      const answer = await told(peer, { route: 'echo', size: 32 * MIB, seed: 4 })
      expect(answer['data']).toEqual(digestOf(pattern(32 * MIB, 4)))
    })
  }

  test('a file arrives with its name', async () => {
    server.endpoint.request('keep', ({ headers, body }) => ({
      name: headers['Data-Disposition-Filename'],
      ...digestOf(body),
    }))
    const answer = await told(peer, { route: 'keep', file: 'LICENSE' })
    expect(valueOf(utf8(String(answer['data'])))).toMatchObject({ name: 'LICENSE' })
  })

  test('we call it: request, subscription and event reach its routes', async () => {
    const [link] = server.links
    const session = { link: link!, trace: server.trace } as unknown as InteropSession
    expect(textOf((await ask(session, 'echo', utf8('back'))).body)).toBe('back')
    const n = scheme === 'udp' ? 20 : 200
    expect(await subscribed(session, n)).toEqual({ items: upTo(n), end: 'done' })
    link!.send({ kind: 'event', route: 'push', body: utf8('now'), headers: { seq: '1' } })
    const message = await peer.next('message', ({ route }) => route === 'push')
    expect(message).toMatchObject({ metas: { seq: '1' }, data: digestOf(utf8('now')) })
  })

  test('its heartbeats are answered', () =>
    expect
      .poll(() => server.trace.filter((event) => event.type === 'frame' && event.frameKind === 'ping').length)
      .toBeGreaterThan(1))

  test('a client for another path never reaches a handler', async () => {
    const strict = await forClients(scheme, inJava, 'resource=%2Fprivate')
    closing.push(() => strict.close())
    const stranger = await strict.connect('/public')
    expect(stranger.events.map(({ event }) => event)).toContain('refused')
    expect(strict.trace.filter((event) => event.type === 'message-opened')).toEqual([])
  })

  test('clients are served by the routes of their path; one that nobody serves hears an alarm', async () => {
    const own = await forClients(scheme, inJava)
    closing.push(() => own.close())
    for (const path of ['/lab', '/field']) {
      own.endpoint.register(new Blueprint('', { path }).request('where', () => ({ path })))
    }
    const where = async (path: string): Promise<PeerEvent> =>
      told(await own.connect(path), { route: 'where', text: 'x' })
    expect(await where('/lab')).toMatchObject({ event: 'answer', data: '{"path":"/lab"}' })
    expect(await where('/field')).toMatchObject({ event: 'answer', data: '{"path":"/field"}' })
    expect(await where('/nowhere')).toMatchObject({ event: 'failed', code: 404 })
  })

  test('its preclose and close are understood', async () => {
    const [link] = server.links
    peer.command({ cmd: 'preclose' })
    await peer.next('preclosed')
    await expect
      .poll(() => server.trace.some((event) => event.type === 'frame' && event.frameKind === 'close'))
      .toBe(true)
    await expect(ask({ link: link! }, 'echo', utf8('x'))).rejects.toSatisfy((error) =>
      hasCode(error, 'SOCKETD_PEER_CLOSING'),
    )
    peer.command({ cmd: 'close' })
    await expect.poll(() => link!.phase).toBe('closed')
  })
})

describe('Socket.D in Python over ws', () => {
  skipWithout('SOCKETD_PYTHON')
  const program: SocketdProgram = inPython

  test('serves: requests, metas, pieces, a subscription and an alarm', async () => {
    const server = await startServer(program)
    closing.push(() => server.peer.kill())
    const session = toServer('ws', server, '/demo?u=1')
    closing.push(() => session.close())
    await session.link.whenConnected()
    expect((await server.peer.next('open'))['params']).toMatchObject({ u: '1' })
    const echoed = await ask(session, 'echo', utf8('größe 😀'), { who: 'wir' })
    expect(textOf(echoed.body)).toBe('größe 😀')
    expect(echoed.headers).toEqual({ who: 'wir' })
    const body = pattern(300_000, 5)
    expect(valueOf((await ask(session, 'digest', body)).body)).toEqual(digestOf(body))
    const large = await ask(session, 'big', json({ bytes: MIB, seed: 6 }))
    expect(digestOf(large.body)).toEqual(digestOf(pattern(MIB, 6)))
    expect(await subscribed(session, 100)).toEqual({ items: upTo(100), end: 'done' })
    expect((await ask(session, 'fail', utf8('x'))).headers).toMatchObject({ status: 'error' })
  })

  test('connects: requests, a subscription, an alarm, and our request to it', async () => {
    const server = await forClients('ws', program)
    closing.push(() => server.close())
    const peer = await server.connect('/demo?u=1')
    expect(await told(peer, { route: 'echo', text: 'größe 😀' })).toMatchObject({ data: 'größe 😀' })
    const large = await told(peer, { route: 'echo', size: 300_000, seed: 5 })
    expect(large['data']).toEqual(digestOf(pattern(300_000, 5)))
    expect(await told(peer, { route: 'fail', text: 'x' })).toMatchObject({ event: 'failed' })
    const [link] = server.links
    expect(textOf((await ask({ link: link! }, 'echo', utf8('back'))).body)).toBe('back')
  })
})
