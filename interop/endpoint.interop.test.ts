import { afterEach, describe, expect, test } from 'vitest'
import { attachEndpoint, createEndpoint } from '../src/main/link/endpoint-link'
import { Links } from '../src/main/link/links'
import { Blueprint } from '../src/main/netcore/endpoint/blueprint'
import type { Endpoint } from '../src/main/netcore/endpoint/endpoint'
import { transportFor } from '../src/main/simulator/transport-for'
import { seededRandom } from '../src/main/transport/seeded-random'
import { SystemClock } from '../src/main/transport/system-clock'
import { hasCode } from '../src/shared/errors'
import { pattern, sha256 } from './pattern'
import type { PeerEvent } from './peer-process'
import { PythonPeer } from './python-peer'
import { installSteps } from './steps'

/** An endpoint of ours with any number of real Python peers. */
class House {
  readonly clock = new SystemClock()
  readonly endpoint: Endpoint
  readonly links: Links
  readonly peers: PythonPeer[] = []
  readonly #arrivals: ((pipe: string) => void)[] = []

  constructor(options: Omit<Parameters<typeof createEndpoint>[0], 'clock'> = {}) {
    const { clock } = this
    this.endpoint = createEndpoint({ clock, ...options })
    this.links = new Links({
      clock,
      random: seededRandom(Math.floor(Math.random() * 2 ** 32)),
      transportFor: (address) => transportFor(address, clock),
      reconnect: { isOn: false },
      ...(options.answersErrors !== undefined && { answersErrors: options.answersErrors }),
      onLink: (link) => {
        const { name } = attachEndpoint(this.endpoint, link)
        void link.whenConnected().then(() => this.#arrivals.shift()?.(name))
      },
    })
  }

  /** A Python peer that comes to us. */
  async guest(): Promise<{ peer: PythonPeer; pipe: string }> {
    let listener = this.links.all().find((handle) => handle.listener)?.listener
    listener ??= this.links.openLink('tcp-listen://127.0.0.1:0').listener
    await listener!.open()
    const arrived = new Promise<string>((resolve) => this.#arrivals.push(resolve))
    const { address } = listener!
    const peer = PythonPeer.connecting('port' in address ? address.port : 0)
    this.peers.push(peer)
    return { peer, pipe: await arrived }
  }

  /** A Python peer that we call on. */
  async visit(routes: 'demo' | 'steps' = 'demo', workers = 1): Promise<PythonPeer> {
    const { peer, port } = await PythonPeer.listening(workers, routes)
    this.peers.push(peer)
    const { link } = this.links.openLink(`tcp://127.0.0.1:${port}`)
    await link!.whenConnected()
    return peer
  }

  async close(): Promise<void> {
    await this.links.closeAll()
    await Promise.all(this.peers.map((peer) => peer.kill()))
  }
}

let house: House
afterEach(() => house.close())

const answerTo = (peer: PythonPeer, tag: string): Promise<PeerEvent> =>
  peer.next('answer', (event) => event['tag'] === tag)

describe('Python as the caller of an endpoint of ours', () => {
  test('finds the routes of a blueprint within a blueprint, and nothing leaks between them', async () => {
    house = new House()
    const seen: string[] = []
    const inner = new Blueprint('/inner').request('/read', () => ({ value: 7 }))
    const device = new Blueprint('/device')
      .before(() => void seen.push('device'))
      .onError((error) => ({ device: error instanceof Error ? error.message : '' }))
      .request('/fail', () => {
        throw new Error('no sensor')
      })
      .register(inner)
    house.endpoint.register(device).request('plain', () => 'as it is')
    const { peer } = await house.guest()
    const ask = async (route: string): Promise<unknown> => {
      peer.command({ cmd: 'send', tag: route, route, json: { any: 1 } })
      return JSON.parse(String((await answerTo(peer, route))['text']))
    }
    expect(await ask('/device/inner/read')).toEqual({ value: 7 })
    expect(await ask('/device/fail')).toEqual({ device: 'no sensor' })
    expect(await ask('plain')).toBe('as it is')
    expect(seen).toEqual(['device', 'device'])
    expect(await ask('/nowhere')).toMatchObject({ code: 'ROUTE_UNKNOWN', route: '/nowhere' })
  })

  test('gets what a handler raises as an error answer, and goes on', async () => {
    house = new House()
    house.endpoint.request('bad', () => Promise.reject(new Error('broken on purpose')))
    const { peer } = await house.guest()
    peer.command({ cmd: 'send', tag: 'e', route: 'bad', text: 'x' })
    expect(JSON.parse(String((await answerTo(peer, 'e'))['text']))).toEqual({
      error: 'broken on purpose',
      code: 'HANDLER_FAILED',
      route: 'bad',
    })
    house.endpoint.request('good', ({ body }) => body)
    peer.command({ cmd: 'send', tag: 'g', route: 'good', text: 'still here' })
    expect(await answerTo(peer, 'g')).toMatchObject({ text: 'still here' })
  })

  test('gets one of many answers (the newest that is there: netcore-lso.md Q6); the others harm nothing', async () => {
    house = new House()
    house.endpoint.request('count', async function* () {
      yield await Promise.resolve({ i: 1 })
      yield { i: 2 }
    })
    house.endpoint.request('echo', ({ body }) => body)
    const { peer } = await house.guest()
    peer.command({ cmd: 'send', tag: 'c', route: 'count', text: 'x' })
    expect([{ i: 1 }, { i: 2 }, {}]).toContainEqual(JSON.parse(String((await answerTo(peer, 'c'))['text'])))
    peer.command({ cmd: 'send', tag: 'e', route: 'echo', text: 'after' })
    expect(await answerTo(peer, 'e')).toMatchObject({ text: 'after' })
    expect(peer.events.filter(({ event }) => event === 'answer')).toHaveLength(2)
  })

  test('cancels a transfer: our event says so, and its next request is served', async () => {
    house = new House()
    const cancelled: string[] = []
    house.endpoint.on('cancelled', ({ dir, by }) => void cancelled.push(`${dir} by ${by}`))
    house.endpoint.request('digest', ({ body }) => ({ sha256: sha256(body) }))
    const { peer } = await house.guest()
    const hasBegun = new Promise<void>((resolve) => {
      house.links.observe((event) => {
        if (event.type === 'frame' && event.dir === 'in' && event.chunkIndex === 0) resolve()
      })
    })
    peer.command({ cmd: 'send', tag: 'big', route: 'digest', size: 64 * 1024 * 1024, seed: 1 })
    await peer.next('sent', ({ tag }) => tag === 'big')
    await hasBegun // before that there may be nothing to cancel here
    peer.command({ cmd: 'cancel', tag: 'big' })
    expect(await peer.next('cancelled')).toMatchObject({ done: true })
    // A cancel of its only message waits in Python until the next one (netcore-lso.md Q8).
    peer.command({ cmd: 'send', tag: 'small', route: 'digest', size: 5000, seed: 2 })
    const { text } = await answerTo(peer, 'small')
    expect(JSON.parse(String(text))).toEqual({ sha256: sha256(pattern(5000, 2)) })
    expect(cancelled).toEqual(['in by peer'])
  })
})

describe('Python as the server', () => {
  test('loses a request that we abort without harm, and its own failure reaches the caller', async () => {
    house = new House()
    await house.visit()
    const abort = new AbortController()
    const upload = house.endpoint.send('digest', pattern(32 * 1024 * 1024, 3), { signal: abort.signal })
    const small = house.endpoint.send('add', { a: 1, b: 2 }, { priority: 0 })
    expect(Buffer.from((await small).body).toString()).toBe('{"sum": 3}')
    abort.abort()
    await expect(upload).rejects.toSatisfy((error) => hasCode(error, 'REQUEST_CANCELLED'))
    const { body } = await house.endpoint.send('digest', pattern(6000, 4))
    expect(JSON.parse(Buffer.from(body).toString())).toEqual({
      bytes: 6000,
      sha256: sha256(pattern(6000, 4)),
    })
    const failed = await house.endpoint.send('fail', { x: 1 })
    expect(JSON.parse(Buffer.from(failed.body).toString())).toHaveProperty('error')
  })
})

describe('several Python peers under one endpoint', () => {
  test('each gets its own answers; one that dies takes nothing with it; one that comes later is served', async () => {
    house = new House()
    house.endpoint.request('add', (request) => {
      const { a, b } = request.json() as { a: number; b: number }
      return { sum: a + b }
    })
    const first = await house.guest()
    const second = await house.guest()
    for (const { peer } of [first, second]) peer.command({ cmd: 'flood', count: 200, in_flight: 16 })
    for (const { peer } of [first, second]) {
      expect(await peer.next('flooded')).toMatchObject({ answered: 200, right: 200 })
    }
    await first.peer.kill()
    const third = await house.guest()
    for (const { peer } of [second, third]) {
      peer.command({ cmd: 'send', tag: 'alive', route: 'add', json: { a: 40, b: 2 } })
      expect(JSON.parse(String((await answerTo(peer, 'alive'))['text']))).toEqual({ sum: 42 })
    }
    // And the other way round: each pipe reaches its own peer.
    for (const { peer, pipe } of [second, third]) {
      const mine = Buffer.from(`to ${pipe}`)
      const { body } = await house.endpoint.send('digest', mine, { pipe })
      expect(JSON.parse(Buffer.from(body).toString())).toMatchObject({ sha256: sha256(mine) })
      expect(peer.events.some(({ event }) => event === 'unrouted')).toBe(false)
    }
    expect(house.endpoint.pipes).toEqual([second.pipe, third.pipe])
  })
})

describe('the same program in Python and here, with compat python', () => {
  const asked = [
    { route: '/bp/in', fail: false },
    { route: 'out', fail: false },
    { route: '/bp/in', fail: true },
    { route: 'out', fail: true },
    { route: 'nowhere', fail: false },
  ] as const

  test('runs the same steps in the same order and gives the same answers', async () => {
    // Python as it is.
    house = new House()
    const python = await house.visit('steps')
    const expected: [string, string[], string | null][] = []
    for (const { route, fail } of asked) {
      const before = python.events.length
      const answer = await house.endpoint
        .send(route, { fail }, { timeoutMs: route === 'nowhere' ? 500 : 20_000 })
        .then(({ body }) => Buffer.from(body).toString())
        .catch(() => null)
      const steps = python.events.slice(before).filter(({ event }) => event === 'step')
      expected.push([route, steps.map(({ name }) => String(name)), answer])
    }
    await house.close()
    expect(expected[1]![1]).toContain('before bp') // it leaks

    // Ours in its place, with Python as the caller.
    house = new House({ compat: 'python', answersErrors: false })
    let steps: string[] = []
    installSteps(house.endpoint, (name) => void steps.push(name))
    const { peer } = await house.guest()
    let asks = 0
    for (const [index, { route, fail }] of asked.entries()) {
      steps = []
      const tag = `ask ${asks++}`
      peer.command({ cmd: 'send', tag, route, json: { fail } })
      const [, wantedSteps, wantedAnswer] = expected[index]!
      if (wantedAnswer !== null) {
        const { text } = await answerTo(peer, tag)
        expect(JSON.parse(String(text))).toEqual(JSON.parse(wantedAnswer))
      } else await expect.poll(() => steps.length).toBe(wantedSteps.length)
      expect([route, steps]).toEqual([route, wantedSteps])
    }
    expect(peer.events.filter(({ event }) => event === 'answer')).toHaveLength(
      expected.filter(([, , answer]) => answer !== null).length,
    )
  })
})
