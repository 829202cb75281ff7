import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { utf8 } from '../src/shared/bytes'
import { hasCode } from '../src/shared/errors'
import {
  type ConduitOptions,
  type ConduitServer,
  forPythonClients,
  toPythonServer,
} from './netconduit-session'
import { pattern, sha256 } from './pattern'
import type { PythonPeer } from './python-peer'
import type { InteropSession } from './session'

/** The real netconduit from PyPI at the other end, in both roles. Counts and digests are compared. */

const MIB = 1024 * 1024
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function asClient(options?: Parameters<typeof toPythonServer>[0]): Promise<InteropSession> {
  const session = await toPythonServer(options)
  closing.push(() => session.close())
  await session.link.whenConnected()
  return session
}

async function asServer(options?: ConduitOptions): Promise<ConduitServer> {
  const server = await forPythonClients(options)
  closing.push(() => server.close())
  return server
}

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'netcore-conduit-'))
  closing.push(() => rm(dir, { recursive: true, force: true }))
  return dir
}

const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value))
const valueOf = (body: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(body))
const digestOf = (bytes: Uint8Array): unknown => ({ bytes: bytes.length, sha256: sha256(bytes) })

async function ask({ link }: InteropSession, route: string, body: Uint8Array): Promise<Uint8Array> {
  return (await link.request({ route, body, timeoutMs: 40_000 }).answer).body
}

/** A call of the Python client, and what it gave to its caller. */
async function called(peer: PythonPeer, method: string, args: Record<string, unknown>): Promise<unknown> {
  const tag = `${method}-${peer.events.length}`
  peer.command({ cmd: 'call', method, tag, ...args })
  const answer = await Promise.race([
    peer.next('answer', (event) => event['tag'] === tag),
    peer.next('failed', (event) => event['tag'] === tag),
  ])
  return answer['result'] ?? answer['error']
}

describe('Python serves', () => {
  test('the right password is let in and told who serves, a wrong one is refused once', async () => {
    const session = await asClient()
    const ready = await session.traced('session', ({ phase }) => phase === 'ready')
    expect(ready.peerIdentity).toBe('conduit_server 1.0.0')

    const refused = await toPythonServer({ password: 'wrong' })
    closing.push(() => refused.close())
    await expect(refused.link.whenConnected()).rejects.toSatisfy((error) => hasCode(error, 'AUTH_FAILED'))
    await refused.traced('link-state', ({ phase }) => phase === 'closed')
  })

  test('100 concurrent calls each find their own answer', async () => {
    const session = await asClient()
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => ask(session, 'rpc:add', json({ a: n, b: 1000 }))),
    )
    expect(answers.map(valueOf)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1000))
  })

  test('4 MiB travel both ways, as a message and as a call', async () => {
    const session = await asClient()
    const body = pattern(4 * MIB, 7)
    expect(valueOf(await ask(session, 'msg:digest', body))).toEqual(digestOf(body))
    expect(digestOf(await ask(session, 'msg:echo', body))).toEqual(digestOf(body))
    const big = await ask(session, 'rpc:big', json({ bytes: 4 * MIB, seed: 3 }))
    expect(digestOf(big)).toEqual(digestOf(pattern(4 * MIB, 3)))
  })

  test('compressed both ways, the content is the same and the line carries less', async () => {
    const session = await asClient({ address: 'compress=yes', peer: ['--compress'] })
    const value = { text: 'abc'.repeat(200_000), number: 1.5 }
    expect(valueOf(await ask(session, 'msg:echo', json(value)))).toEqual(value)
    const frames = session.trace.filter(({ type }) => type === 'frame')
    const sizes = frames.flatMap((event) =>
      event.type === 'frame' && event.chunkIndex === 0 ? [event.wireBytes] : [],
    )
    expect(sizes).toHaveLength(2)
    expect(Math.max(...sizes)).toBeLessThan(20_000)
  })

  test('errors of the peer come with its codes: no such method, wrong arguments, a handler that raises', async () => {
    const session = await asClient()
    const failures = await Promise.all(
      ['rpc:nobody', 'rpc:add', 'rpc:fail'].map(
        (route) => session.link.request({ route, body: json({}) }).answer,
      ),
    )
    expect(failures.map(({ headers }) => headers['status'])).toEqual(['error', 'error', 'error'])
    expect(failures.map(({ body }) => (valueOf(body) as { code: string }).code)).toEqual([
      '4000',
      '2000',
      '1001',
    ])
  })

  test('its methods are discovered', async () => {
    const { methods } = valueOf(await ask(await asClient(), 'rpc:listall', json({}))) as {
      methods: { name: string }[]
    }
    expect(methods.map(({ name }) => name)).toEqual(expect.arrayContaining(['add', 'digest', 'fail']))
  })

  test('the values of JSON keep their kinds there and back', async () => {
    const text =
      '{"whole":2,"real":2.0,"large":9007199254740993,"none":null,"text":"größe 😀","list":[true,-1]}'
    const echoed = await ask(await asClient(), 'msg:echo', utf8(text))
    expect(new TextDecoder().decode(echoed)).toBe(text)
  })

  test('a stream gives its items in order, and a stream that is not there is refused', async () => {
    const session = await asClient()
    const items: unknown[] = []
    const subscribe = (route: string): Promise<string> =>
      new Promise((resolve) => {
        session.link.subscribe({
          route,
          body: new Uint8Array(0),
          onAnswer: ({ body }) => items.push(valueOf(body)) > 0,
          onEnd: (error) => resolve(error?.code ?? 'done'),
        })
      })
    expect(await subscribe('stream:missing')).toBe('ROUTE_UNKNOWN')
    void subscribe('stream:ticks')
    // The subscription is in when a call behind it is answered: Python serves one after the other.
    await ask(session, 'rpc:add', json({ a: 1, b: 1 }))
    session.peer.command({ cmd: 'push', items: [{ n: 1 }, { n: 2 }, { n: 3 }] })
    await session.peer.next('pushed')
    await ask(session, 'rpc:add', json({ a: 1, b: 1 }))
    expect(items).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  })

  test('a broadcast arrives as an event', async () => {
    const session = await asClient()
    const body = pattern(100_000, 5)
    session.peer.command({ cmd: 'broadcast', type: 'news', size: 100_000, seed: 5 })
    const opened = await session.traced('message-opened', ({ route }) => route === 'msg:news')
    expect(opened.kind).toBe('event')
    const closed = await session.traced(
      'message-closed',
      ({ messageKey, dir }) => dir === 'in' && messageKey === opened.messageKey,
    )
    expect(digestOf(closed.body)).toEqual(digestOf(body))
  })

  test('a file is uploaded in chunks and comes back the same', async () => {
    const dir = await folder()
    const session = await asClient({ peer: ['--files', dir] })
    const content = pattern(200_000, 9)
    const start = valueOf(
      await ask(
        session,
        'rpc:file_upload_start',
        json({ filename: 'fw.bin', size: content.length, checksum: sha256(content) }),
      ),
    ) as { transfer_id: string }
    for (let index = 0; index * 65_536 < content.length; index++) {
      const data = Buffer.from(content.subarray(index * 65_536, (index + 1) * 65_536)).toString('base64')
      await ask(
        session,
        'rpc:file_upload_chunk',
        json({
          ...start,
          chunk_index: index,
          data_b64: data,
          chunk_size: undefined,
          total_chunks: undefined,
        }),
      )
    }
    const done = valueOf(
      await ask(session, 'rpc:file_upload_complete', json({ transfer_id: start.transfer_id })),
    )
    expect(done).toMatchObject({ success: true, size: content.length })
    expect(digestOf(await readFile(join(dir, 'fw.bin')))).toEqual(digestOf(content))
  })

  test('a file that the server pushes is taken, and a name that leads out of the folder stays in it', async () => {
    const [ours, theirs] = [await folder(), await folder()]
    const received: unknown[] = []
    const session = await asClient({
      files: ours,
      peer: ['--files', theirs],
      onReceived: (file) => received.push(file),
    })
    const content = pattern(700_000, 12)
    await writeFile(join(theirs, 'fw.bin'), content)
    await session.peer.next('connected')
    session.peer.command({ cmd: 'push_file', path: join(theirs, 'fw.bin') })
    await session.peer.next('file_pushed')
    await expect
      .poll(() => received, { timeout: 10_000 })
      .toEqual([{ filename: 'fw.bin', size: content.length, sha256: sha256(content) }])
    expect(digestOf(await readFile(join(ours, 'fw.bin')))).toEqual(digestOf(content))
    expect(await readdir(ours)).toEqual(['fw.bin'])
  })

  test('a peer that is killed in the middle fails what waits at once', async () => {
    const session = await asClient()
    const slow = session.link.request({ route: 'rpc:slow', body: json({ ms: 30_000 }) }).answer
    const large = session.link.request({ route: 'msg:digest', body: pattern(32 * MIB, 1) }).answer
    await session.traced('frame', ({ dir, frameKind }) => dir === 'out' && frameKind === 'rpc-request')
    await session.peer.kill()
    for (const answer of [slow, large]) {
      await expect(answer).rejects.toSatisfy((error) => hasCode(error, 'LINK_LOST'))
    }
  })

  test('a peer whose handler holds up its answers to heartbeats is given up', async () => {
    const session = await asClient({ address: 'heartbeat=1' })
    const slow = session.link.request({ route: 'rpc:slow', body: json({ ms: 30_000 }) }).answer
    await expect(slow).rejects.toSatisfy((error) => hasCode(error, 'NETCONDUIT_SILENT'))
  })
})

/** The release on PyPI leaves its own TLS contexts unused: they stand in front of it (netconduit_peer.py). */
describe('under TLS', () => {
  const tls = (name: string): string => join(import.meta.dirname, '../src/testing/tls', `${name}.pem`)

  test('a Python server is called, and one whose certificate nobody vouches for is not spoken to', async () => {
    const peer = ['--cert', tls('localhost-cert'), '--key', tls('localhost-key')]
    const session = await asClient({ address: `tls=yes&ca=${tls('localhost-cert')}`, peer })
    expect(valueOf(await ask(session, 'rpc:add', json({ a: 40, b: 2 })))).toBe(42)
    const body = pattern(MIB, 21)
    expect(valueOf(await ask(session, 'msg:digest', body))).toEqual(digestOf(body))
    expect((await session.peer.next('tls'))['version']).toBe('TLSv1.3')

    const stranger = await toPythonServer({ address: 'tls=yes', peer })
    closing.push(() => stranger.close())
    await expect(stranger.link.whenConnected()).rejects.toSatisfy((error) => hasCode(error, 'TLS_FAILED'))
  })

  test('a Python client calls us, and one without TLS gets no answer', async () => {
    const server = await asServer({
      address: `tls=yes&cert=${tls('localhost-cert')}&key=${tls('localhost-key')}`,
    })
    const peer = await server.connect('--ca', tls('localhost-cert'))
    expect(await called(peer, 'add', { json: { a: 2, b: 3 } })).toEqual({ success: true, data: { sum: 5 } })
    expect((await peer.next('tls'))['version']).toBe('TLSv1.3')
    const plain = await server.connect()
    expect(plain.events.map(({ event }) => event)).toEqual(['refused'])
  })
})

describe('Python connects', () => {
  test('the right password is let in, a wrong one is told that it is wrong', async () => {
    const server = await asServer()
    const peer = await server.connect()
    expect((await peer.next('connected'))['server']).toEqual({ name: 'netcore-console', version: '1.0.0' })
    const stranger = await server.connect('--password', 'wrong')
    expect(stranger.events.map(({ event }) => event)).toEqual(['refused'])
  })

  test('100 concurrent calls each find their own answer', async () => {
    const peer = await (await asServer()).connect()
    peer.command({ cmd: 'calls', count: 100 })
    expect((await peer.next('answers'))['sums']).toEqual(Array.from({ length: 100 }, (_, n) => n + 1000))
  })

  test('4 MiB travel both ways, as a message and as a call', async () => {
    const server = await asServer()
    const peer = await server.connect()
    peer.command({ cmd: 'send', type: 'echo', size: 4 * MIB, seed: 11 })
    const echoed = await peer.next('message', ({ type }) => type === 'echo_response')
    expect(echoed['data']).toEqual(digestOf(pattern(4 * MIB, 11)))
    const big = await called(peer, 'big', { json: { bytes: 4 * MIB, seed: 2 } })
    expect(big).toEqual({ success: true, data: digestOf(pattern(4 * MIB, 2)) })
  })

  test('compressed both ways, the content is the same', async () => {
    const peer = await (await asServer({ address: 'compress=yes' })).connect('--compress')
    const value = { text: 'abc'.repeat(200_000), number: 1.5 }
    expect(await called(peer, 'echo', { json: value })).toEqual({ success: true, data: value })
  })

  test('errors come in the shape that callers in Python read', async () => {
    const peer = await (await asServer()).connect()
    expect(await called(peer, 'nobody', { json: {} })).toMatchObject({ success: false, code: 4000 })
    expect(await called(peer, 'add', { json: { a: 'x' } })).toMatchObject({ success: false, code: 2000 })
    expect(await called(peer, 'fail', { json: {} })).toMatchObject({ success: false, code: 1001 })
  })

  test('a message without handler is answered, and so is a call behind it', async () => {
    const peer = await (await asServer()).connect()
    peer.command({ cmd: 'send', type: 'nobody', json: 1 })
    expect((await peer.next('message'))['data']).toMatchObject({ success: false, code: 4000 })
    expect(await called(peer, 'add', { json: { a: 1, b: 2 } })).toEqual({ success: true, data: { sum: 3 } })
  })

  test('a stream gives its items in order and then its end', async () => {
    const peer = await (await asServer()).connect()
    await called(peer, 'stream_subscribe', { json: { stream_name: 'count' } })
    await peer.next('message', ({ type }) => type === 'stream_closed')
    const items = peer.events.filter(({ event, type }) => event === 'message' && type === 'stream_data')
    expect(items.map(({ data }) => (data as { data: { i: number } }).data.i)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ])
    const missing = await called(peer, 'stream_subscribe', { json: { stream_name: 'missing' } })
    expect(missing).toEqual({ success: true, data: { error: 'Stream not found: missing' } })
  })

  test('a broadcast reaches every client once', async () => {
    const server = await asServer()
    const peers = [await server.connect(), await server.connect(), await server.connect()]
    const body = pattern(100_000, 4)
    for (const link of server.links) link.send({ route: 'msg:news', kind: 'event', body })
    for (const peer of peers) {
      const news = await peer.next('message', ({ type }) => type === 'news')
      expect(news['data']).toEqual(digestOf(body))
    }
    const counts = peers.map(({ events }) => events.filter(({ event }) => event === 'message').length)
    expect(counts).toEqual([1, 1, 1])
  })

  test('a file is taken and given back the same, and no name leads out of the folder', async () => {
    const [ours, theirs] = [await folder(), await folder()]
    const peer = await (await asServer({ files: ours })).connect('--files', theirs)
    const content = pattern(200_000, 6)
    await writeFile(join(theirs, 'fw.bin'), content)
    peer.command({ cmd: 'upload', path: join(theirs, 'fw.bin') })
    expect((await peer.next('uploaded'))['result']).toMatchObject({ success: true, size: content.length })
    expect(await readdir(ours)).toEqual(['fw.bin'])
    expect(digestOf(await readFile(join(ours, 'fw.bin')))).toEqual(digestOf(content))
    peer.command({ cmd: 'download', filename: 'fw.bin', to: join(theirs, 'back') })
    await peer.next('downloaded')
    expect(digestOf(await readFile(join(theirs, 'back', 'fw.bin')))).toEqual(digestOf(content))
    const outside = await called(peer, 'file_download_start', { json: { filename: '../../etc/passwd' } })
    expect(outside).toEqual({ success: true, data: { error: 'File not found' } })
  })

  test('a file is pushed to a client, which checks it, and says how far it is', async () => {
    const [ours, theirs] = [await folder(), await folder()]
    const server = await asServer()
    const peer = await server.connect('--files', theirs)
    const content = pattern(700_000, 13)
    await writeFile(join(ours, 'cfg.bin'), content)
    const steps: number[] = []
    const pushed = await server.pusher.push(server.links[0]!, join(ours, 'cfg.bin'), {
      onProgress: (done) => steps.push(done),
    })
    expect(pushed).toEqual({ filename: 'cfg.bin', size: content.length, sha256: sha256(content) })
    expect([steps.length, steps.at(-1)]).toEqual([11, content.length])
    expect(await peer.next('file_received')).toMatchObject({ name: 'cfg.bin', size: content.length })
    expect(digestOf(await readFile(join(theirs, 'cfg.bin')))).toEqual(digestOf(content))
  })

  test('a client that is killed is gone at once, and its place is free', async () => {
    const server = await asServer()
    const peer = await server.connect()
    const [link] = server.links
    const gone = new Promise<void>((resolve) => {
      link!.observe((event) => {
        if (event.type === 'link-state' && event.phase === 'closed') resolve()
      })
    })
    peer.command({ cmd: 'call', method: 'slow', json: { ms: 30_000 } })
    await peer.kill()
    await gone
    expect(await called(await server.connect(), 'add', { json: { a: 2, b: 2 } })).toEqual({
      success: true,
      data: { sum: 4 },
    })
  })

  test('heartbeats of both sides keep a quiet connection', async () => {
    const server = await asServer({ address: 'heartbeat=1' })
    const peer = await server.connect('--heartbeat', '1,3')
    const [link] = server.links
    let pongs = 0
    await new Promise<void>((resolve) => {
      link!.observe((event) => {
        if (event.type === 'frame' && event.dir === 'in' && event.frameKind === 'pong') pongs += 1
        if (pongs === 5) resolve()
      })
    })
    expect(peer.events.map(({ event }) => event)).toEqual(['connected'])
    expect(link!.phase).toBe('connected')
  })
})
