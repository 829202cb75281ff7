import { afterEach, describe, expect, test } from 'vitest'
import { concatBytes } from '../../shared/bytes'
import { CliRun } from '../../testing/cli-run'
import { connect, createEndpoint } from '../library'
import { loadVectors } from '../netcore/dialects/socketd/vectors/load-vectors'

const running: CliRun[] = []
afterEach(async () => {
  for (const run of running.splice(0)) await run.interrupt()
})

const SCHEMES = ['tcp', 'ws', 'udp'] as const

/** Listens, and gives the address that a client writes. */
async function listening(
  scheme: (typeof SCHEMES)[number],
  ...args: string[]
): Promise<{ server: CliRun; url: string }> {
  const server = new CliRun(['listen', `sd:${scheme}-listen://127.0.0.1:0`, '--jsonl', ...args])
  running.push(server)
  const port = /:(\d+)/.exec((await server.url()).replace('127.0.0.1', ''))?.[1]
  return { server, url: `sd:${scheme}://127.0.0.1:${port}/demo?u=a` }
}

async function send(url: string, ...args: string[]): Promise<{ code: number; run: CliRun }> {
  const run = new CliRun(['send', url, ...args])
  return { code: await run.exit, run }
}

describe.each(SCHEMES)('Socket.D over %s on the command line', (scheme) => {
  test('send asks what listen answers: JSON, bytes, several answers, a failure, nobody there', async () => {
    const { url } = await listening(scheme)
    const sum = await send(url, 'add', '--json', '{"a":1,"b":2}')
    expect([sum.code, sum.run.stdout.toString()]).toEqual([0, '{"sum":3}'])
    const bytes = await send(url, 'echo', '--hex', '00ff0a80')
    expect([bytes.code, bytes.run.stdout.toString('hex')]).toEqual([0, '00ff0a80'])
    const many = await send(url, 'count', '--subscribe', '--json', '{"n":3}', '--jsonl')
    const told = many.run.lines.filter(({ event }) => event === 'answer').map(({ body }) => body)
    expect([many.code, told]).toEqual([0, [1, 2, 3].map((i) => ({ json: { i, n: 3 } }))])
    const first = await send(url, 'count', '--json', '{"n":3}', '--jsonl')
    expect([first.code, first.run.lines.filter(({ event }) => event === 'answer').length]).toEqual([0, 1])
    const missing = await send(url, 'nobody', '--jsonl')
    expect(missing.code).toBe(5)
    const failed = await send(url, 'fail', '--jsonl')
    expect(failed.code).toBe(5)
  })

  test('a body larger than a packet travels in fragments, there and back', async () => {
    const { url } = await listening(scheme)
    const { code, run } = await send(`${url}#chunk=1024`, 'big', '--json', '{"bytes":20000,"seed":7}')
    expect([code, run.stdout.length]).toEqual([0, 20_000])
    const back = await send(`${url}#chunk=1024`, 'echo', '--hex', run.stdout.toString('hex'))
    expect(back.run.stdout.equals(run.stdout)).toBe(true)
  })

  test('monitor waits for the handshake, and listen shows a request with its route and headers', async () => {
    const { server, url } = await listening(scheme)
    const monitor = new CliRun(['monitor', url, '--jsonl'])
    running.push(monitor)
    await monitor.line(({ event, state }) => event === 'session' && state === 'ready')
    expect((await send(url, 'echo', '--text', 'x', '--header', 'user=ann')).code).toBe(0)
    const asked = await server.line(({ event, route }) => event === 'message' && route === 'echo')
    expect(asked).toMatchObject({ dir: 'in', kind: 'request', headers: { user: 'ann' } })
  })
})

async function simulated(listen: string): Promise<{ readonly url: URL; readonly device: CliRun }> {
  const device = new CliRun(['simulate', '--listen', listen, '--jsonl'])
  running.push(device)
  return { url: new URL((await device.url()).replace(/^sd:/, '')), device }
}

describe('Socket.D on the command line', () => {
  test('the simulated device speaks it over a line, with the same routes', async () => {
    const { code, run } = await send('sim:demo?dialect=socketd', '/device/info')
    expect([code, JSON.parse(run.stdout.toString())]).toMatchObject([0, { name: 'demo' }])
  })

  test.each(['tcp', 'ws', 'udp'])(
    'simulate serves the device to Socket.D clients over %s',
    async (scheme) => {
      const { url, device } = await simulated(`${scheme}-listen://127.0.0.1:0?dialect=socketd`)
      const { code, run } = await send(`sd:${scheme}://${url.host}/`, 'add', '--json', '{"a":2,"b":3}')
      expect([code, run.stdout.toString()]).toEqual([0, '{"sum":5}'])
      await expect
        .poll(() => device.lines.map(({ state }) => state).slice(1))
        .toEqual(['connected', 'closed'])
    },
  )

  test('simulate refuses a speed where there is no line', async () => {
    const run = new CliRun([
      'simulate',
      '--listen',
      'tcp-listen://127.0.0.1:0?dialect=socketd',
      '--baud',
      '9600',
    ])
    expect([await run.exit, run.stderr]).toEqual([2, expect.stringContaining('--baud')])
  })

  test('simulate serves the device as behind a serial bridge', async () => {
    const { url } = await simulated('tcp-listen://127.0.0.1:0?dialect=socketd&lossy=yes')
    const { code, run } = await send(`sd:tcp://${url.host}#lossy=yes`, 'add', '--json', '{"a":2,"b":3}')
    expect([code, run.stdout.toString()]).toEqual([0, '{"sum":5}'])
  })

  test('decode reads one direction of a capture of the real peers', async () => {
    const { frames } = loadVectors().find(({ name }) => name === 'tcp-request-reply')!
    const toServer = frames.filter(({ dir }) => dir === 'c2s').map(({ bytes }) => bytes)
    const run = new CliRun(['decode', '--dialect', 'socketd'], [concatBytes(toServer)])
    expect(await run.exit).toBe(0)
    const request = frames.find(({ decoded }) => decoded.flagName === 'Request')!.decoded
    expect(run.lines.find(({ event }) => event === 'message')).toMatchObject({
      route: request.event,
      kind: 'request',
    })
  })

  test('listen --broker passes a request on to the session that is named, and says where nobody has the name', async () => {
    const { url: whole, server } = await listening('tcp', '--broker')
    expect(server.lines[0]!.url).toMatch(/dialect=socketd&broker=yes$/)
    const url = whole.replace('/demo?u=a', '')
    const player = createEndpoint().request('who', () => 'rig-1')
    const link = await connect(`${url}/?@=rig-1`, { endpoint: player })
    try {
      const asked = await send(url, 'who', '--header', '@=rig-1', '--text', '?')
      expect([asked.code, asked.run.stdout.toString()]).toEqual([0, '"rig-1"'])
      const missing = await send(url, 'who', '--header', '@=rig-2', '--jsonl')
      expect(missing.code).toBe(5)
      expect(JSON.stringify(missing.run.lines.at(-1))).toContain('BROKER_NO_TARGET')
      const own = await send(url, 'add', '--json', '{"a":1,"b":2}')
      expect([own.code, own.run.stdout.toString()]).toEqual([0, '{"sum":3}'])
    } finally {
      await link.close()
    }
  })

  test('a broker is a listener for Socket.D', async () => {
    const run = new CliRun(['listen', 'tcp-listen://127.0.0.1:0', '--broker', '--jsonl'])
    expect(await run.exit).toBe(2)
    expect(run.lines.at(-1)).toMatchObject({ event: 'error', code: 'URL_BAD_OPTION' })
  })

  test('nobody behind the address ends with the code for the link', async () => {
    const { code } = await send('sd:tcp://127.0.0.1:1/x', 'echo', '--jsonl')
    expect(code).toBe(3)
  })
})
