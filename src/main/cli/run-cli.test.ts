import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import packageJson from '../../../package.json'
import { CliRun, type Line } from '../../testing/cli-run'
import { COMMANDS, runCli } from './run-cli'

const running: CliRun[] = []
const servers: Server[] = []
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcore-cli-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(async () => {
  await Promise.all(running.splice(0).map((run) => run.interrupt()))
  for (const server of servers.splice(0)) server.close()
})

function start(...argv: string[]): CliRun {
  const run = new CliRun(argv)
  running.push(run)
  return run
}

async function run(...argv: string[]): Promise<{ code: number; cli: CliRun; lines: Line[] }> {
  const cli = start(...argv)
  const code = await cli.exit
  return { code, cli, lines: argv.includes('--jsonl') ? cli.lines : [] }
}

/** A demo endpoint and the address to reach it. */
async function endpoint(...options: string[]): Promise<{ server: CliRun; url: string }> {
  const server = start('listen', 'tcp-listen://127.0.0.1:0', '--jsonl', ...options)
  return { server, url: (await server.url()).replace('tcp-listen:', 'tcp:') }
}

/** A TCP server that does with each connection what the test wants. */
async function strangeServer(onConnection: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer({}, onConnection)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return `tcp://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

async function runWith(argv: readonly string[], stdin: string): Promise<{ code: number; cli: CliRun }> {
  const cli = new CliRun(argv, [Buffer.from(stdin)])
  return { code: await cli.exit, cli }
}

const SHA_OF_HELLO = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'

describe('listen and send', () => {
  test('name the address with its real port in the first line, dialect included', async () => {
    const { server } = await endpoint()
    expect(Object.keys(server.lines[0]!)).toEqual(['event', 'url'])
    expect(server.lines[0]).toEqual({
      event: 'listening',
      url: expect.stringMatching(/^tcp-listen:\/\/127\.0\.0\.1:[1-9]\d*\?dialect=lso$/),
    })
  })

  test('give one answer line with time, checksum and body', async () => {
    const { url } = await endpoint()
    const { code, lines } = await run('send', url, 'echo', '--text', 'hello', '--jsonl')
    expect(code).toBe(0)
    expect(lines).toEqual([
      {
        event: 'answer',
        ok: true,
        ms: expect.any(Number),
        route: 'echo',
        headers: expect.any(Object),
        bytes: 5,
        sha256: SHA_OF_HELLO,
        body: { text: 'hello' },
      },
    ])
  })

  test("write the answer's body as it is to standard output without --jsonl", async () => {
    const { url } = await endpoint()
    const { code, cli } = await run('send', url, 'echo', '--hex', '00 ff 0a 80')
    expect(code).toBe(0)
    expect([...cli.stdout]).toEqual([0x00, 0xff, 0x0a, 0x80])
  })

  test('send JSON, files and headers; the endpoint shows the message', async () => {
    const { server, url } = await endpoint()
    const sum = await run('send', url, 'add', '--json', '{"a": 1, "b": 2}', '--jsonl')
    expect(sum.lines[0]).toMatchObject({ ok: true, body: { json: { sum: 3 } } })
    const file = join(folder, 'firmware.bin')
    await writeFile(file, Buffer.alloc(300_000, 7))
    const upload = await run('send', url, '/device/firmware', '--file', file, '--priority', '7', '--jsonl')
    expect(upload.lines[0]).toMatchObject({ body: { json: { bytes: 300_000, crc32: expect.any(Number) } } })
    const marked = await run('send', url, 'echo', '--text', 'hello', '--header', 'job=a=b', '--header', 'n=1')
    expect(marked.code).toBe(0)
    const message = await server.line(
      ({ event, bytes, dir }) => event === 'message' && bytes === 5 && dir === 'in',
    )
    expect(message).toMatchObject({
      event: 'message',
      dir: 'in',
      id: expect.stringMatching(/^\w{6}$/),
      route: 'echo',
      kind: 'request',
      headers: { job: 'a=b', n: '1' },
      sha256: SHA_OF_HELLO,
      body: { text: 'hello' },
    })
    expect(server.lines).toContainEqual(
      expect.objectContaining({
        event: 'link',
        state: 'connected',
        peer: expect.stringContaining('127.0.0.1'),
      }),
    )
  })

  test('write the body to a file when asked to, and nothing to standard output', async () => {
    const { url } = await endpoint()
    const file = join(folder, 'big.bin')
    const { code, cli } = await run('send', url, 'big', '--json', '{"bytes":100000,"seed":3}', '--out', file)
    expect(code).toBe(0)
    expect(cli.stdout).toHaveLength(0)
    const body = await readFile(file)
    expect(body.every((byte, i) => byte === (i * 31 + 3) % 256)).toBe(true)
    expect(body).toHaveLength(100_000)
  })

  test('print every answer of a request with many, and end after the last', async () => {
    const { url } = await endpoint()
    const { code, lines } = await run('send', url, 'count', '--json', '{"n":4,"ms":1}', '--jsonl')
    expect(code).toBe(0)
    expect(lines.map(({ event, ok, body }) => [event, ok, body])).toEqual(
      [1, 2, 3, 4].map((i) => ['answer', true, { json: { i, n: 4 } }]),
    )
  })

  test('repeat a request, several at a time, and end with a summary', async () => {
    const { url } = await endpoint()
    const { code, lines } = await run(
      ...['send', url, 'echo', '--text', 'hello', '--repeat', '50', '--concurrency', '8', '--jsonl'],
    )
    expect(code).toBe(0)
    expect(lines.filter(({ event }) => event === 'answer')).toHaveLength(50)
    expect(lines.at(-1)).toEqual({
      event: 'summary',
      sent: 50,
      answered: 50,
      failed: 0,
      p50Ms: expect.any(Number),
      p99Ms: expect.any(Number),
      bytesPerSecond: expect.any(Number),
    })
  })

  test('count what failed in a summary, then name the first failure', async () => {
    const { url } = await endpoint()
    const { code, lines } = await run('send', url, 'fail', '--repeat', '3', '--jsonl')
    expect(code).toBe(5)
    expect(lines.map(({ event }) => event)).toEqual(['answer', 'answer', 'answer', 'summary', 'error'])
    expect(lines[3]).toMatchObject({ sent: 3, answered: 0, failed: 3, p50Ms: null })
    expect(lines[4]).toMatchObject({ code: 'HANDLER_FAILED' })
  })

  test('wait for a peer when the address is one to listen on', async () => {
    const sender = start('send', 'tcp-listen://127.0.0.1:0', 'echo', '--text', 'hello', '--jsonl')
    const url = (await sender.url()).replace('tcp-listen:', 'tcp:')
    start('listen', url)
    expect(await sender.exit).toBe(0)
    expect(sender.lines.at(-1)).toMatchObject({ event: 'answer', ok: true, sha256: SHA_OF_HELLO })
  })

  test('reach a simulated device', async () => {
    const { code, cli } = await run('send', 'sim:demo', 'echo', '--text', 'hello')
    expect(code).toBe(0)
    expect(cli.stdout.toString()).toBe('hello')
  })
})

describe('exit code', () => {
  test('2 for what was typed wrong, with a remedy and the usage', async () => {
    const cases: [string[], string][] = [
      [['send', 'tcp://127.0.0.1:1', 'echo', '--colour'], 'OPTION_INVALID'],
      [['send', 'tcp://127.0.0.1:1'], 'OPTION_INVALID'],
      [['send', 'tcp://127.0.0.1:1', 'echo', '--text', 'a', '--hex', 'ff'], 'OPTION_INVALID'],
      [['send', 'tcp://127.0.0.1:1', 'echo', '--header', 'novalue'], 'OPTION_INVALID'],
      [['send', 'tcp://127.0.0.1:1', 'echo', '--priority', '8'], 'OPTION_INVALID'],
      [['send', 'tcp://127.0.0.1:1', 'echo', '--json', '{oops'], 'JSON_INVALID'],
      [['send', 'tcp://127.0.0.1:1', 'echo', '--hex', 'f'], 'HEX_INVALID'],
      [['send', 'tcp://127.0.0.1:1', 'echo', '--file', join(folder, 'missing')], 'FILE_UNREADABLE'],
      [['send', 'echo', 'hello'], 'URL_INVALID'],
      [['send', 'smoke://signal', 'echo'], 'URL_UNKNOWN_SCHEME'],
      [['send', 'tcp://127.0.0.1:1?speed=9', 'echo'], 'URL_BAD_OPTION'],
      [['send', 'tcp://127.0.0.1:1?dialect=morse', 'echo'], 'DIALECT_UNKNOWN'],
      [['send', 'sim:toaster', 'echo'], 'DEVICE_UNKNOWN'],
      [['monitor', 'sim:demo', '--filter', 'route == "a"'], 'FILTER_INVALID'],
      [['decode'], 'OPTION_INVALID'],
      [['decode', '--dialect', 'morse'], 'DIALECT_UNKNOWN'],
      [['decode', '--dialect', 'lso', join(folder, 'missing')], 'FILE_UNREADABLE'],
      [['simulate', '--device', 'toaster'], 'DEVICE_UNKNOWN'],
      [['simulate', '--baud', 'fast'], 'OPTION_INVALID'],
      [['serve', '--port', '70000'], 'OPTION_INVALID'],
      [['dance'], 'OPTION_INVALID'],
    ]
    for (const [argv, code] of cases) {
      const { code: exitCode, lines, cli } = await run(...argv, '--jsonl')
      expect([argv.join(' '), exitCode, lines.at(-1)?.['code']]).toEqual([argv.join(' '), 2, code])
      expect(Object.keys(lines.at(-1)!)).toEqual(['event', 'code', 'message', 'remedy'])
      expect(cli.stderr).toContain(code)
    }
    expect((await run('send')).cli.stderr).toContain('Usage: netcore send URL [ROUTE]')
  })

  test('3 when the link can not be opened', async () => {
    const url = await strangeServer(() => {})
    servers.at(-1)!.close()
    for (const argv of [
      ['send', url, 'echo'],
      ['monitor', url],
      ['listen', url],
    ]) {
      const { code, lines } = await run(...argv, '--jsonl')
      expect([argv[0], code]).toEqual([argv[0], 3])
      expect(lines.at(-1)).toMatchObject({ event: 'error', code: 'LINK_REFUSED' })
    }
  })

  test('3 when the address to listen on is taken', async () => {
    const { server } = await endpoint()
    const { code, lines } = await run('listen', await server.url(), '--jsonl')
    expect(code).toBe(3)
    expect(lines.at(-1)).toMatchObject({ event: 'error', code: 'LINK_ADDRESS_IN_USE' })
  })

  test('3 when the link is lost before the answer came, and while it is watched', async () => {
    const url = await strangeServer((socket) => socket.once('data', () => socket.destroy()))
    const sent = await run('send', url, 'echo', '--text', 'x', '--jsonl')
    expect(sent.code).toBe(3)
    expect(sent.lines.at(-1)?.event).toBe('error')
    const closing = await strangeServer((socket) => socket.end())
    const watched = await run('monitor', closing, '--jsonl')
    expect(watched.code).toBe(3)
    expect(watched.lines.filter(({ event }) => event === 'link').map(({ state }) => state)).toEqual([
      'opening',
      'connected',
      'interrupted',
      'closed',
    ])
  })

  test('4 when no answer comes in time', async () => {
    const { url } = await endpoint()
    const { code, lines } = await run(
      'send',
      url,
      'slow',
      '--json',
      '{"ms":5000}',
      '--timeout',
      '30',
      '--jsonl',
    )
    expect(code).toBe(4)
    expect(lines).toEqual([expect.objectContaining({ event: 'error', code: 'REQUEST_TIMEOUT' })])
  })

  test('5 when the peer answers with an error: the answer, then the error', async () => {
    const { url } = await endpoint()
    const failed = await run('send', url, 'fail', '--jsonl')
    expect(failed.code).toBe(5)
    expect(failed.lines[0]).toMatchObject({ event: 'answer', ok: false, code: 'HANDLER_FAILED' })
    expect(failed.lines[1]).toMatchObject({ event: 'error', code: 'HANDLER_FAILED' })
    const unknown = await run('send', url, 'no/such/route')
    expect(unknown.code).toBe(5)
    expect(unknown.cli.stdout).toHaveLength(0)
    expect(unknown.cli.stderr).toContain('ROUTE_UNKNOWN')
  })

  test('1 when the program itself fails', async () => {
    const { url } = await endpoint()
    let stderr = ''
    const code = await runCli(['send', url, 'echo', '--text', 'x'], {
      stdout: () => {
        throw new Error('this output is broken')
      },
      stderr: (text) => {
        stderr += text
      },
      stdin: (async function* () {})(),
      signal: new AbortController().signal,
      env: {},
    })
    expect(code).toBe(1)
    expect(stderr).toContain('this output is broken (INTERNAL)')
  })

  test('0 when it is interrupted, whatever it was doing', async () => {
    const { server, url } = await endpoint()
    const sender = start('send', url, 'slow', '--json', '{"ms":60000}', '--jsonl')
    const waiting = start('send', 'tcp-listen://127.0.0.1:0', 'echo', '--jsonl')
    const monitor = start('monitor', 'sim:demo', '--jsonl')
    await Promise.all([waiting.url(), monitor.line(({ event }) => event === 'frame')])
    await server.line(({ event, route }) => event === 'message' && route === 'slow')
    const codes = await Promise.all([sender, waiting, monitor, server].map((one) => one.interrupt()))
    expect(codes).toEqual([0, 0, 0, 0])
    expect(sender.lines).toEqual([])
  })
})

describe('monitor', () => {
  test('shows with --filter the messages that match, and nothing else of messages', async () => {
    const filter = 'msg.route == "telemetry.imu" and body.seq >= 3 and link.kind == sim and msg.dir == in'
    const monitor = start('monitor', 'sim:demo?baud=921600', '--jsonl', '--filter', filter)
    const message = await monitor.line(({ event }) => event === 'message')
    expect(message).toMatchObject({ route: 'telemetry.imu', body: { json: { seq: 3 } } })
    expect(await monitor.interrupt()).toBe(0)
    const others = monitor.lines.filter(
      ({ event, route }) => event !== 'message' || route !== 'telemetry.imu',
    )
    const told = new Set(others.map(({ event }) => event))
    told.delete('fault') // the end of the run may cut a message that is on its way
    expect([...told]).toEqual(['link'])
  })

  test('points at what is wrong with a filter, and opens no link', async () => {
    const filter = 'msg.prio == 0 and msg.rute == "a"'
    const { code, cli } = await run('monitor', 'tcp://127.0.0.1:1', '--filter', filter)
    expect(code).toBe(2)
    expect(cli.stdout.length).toBe(0)
    expect(cli.stderr.split('\n').slice(0, 3)).toEqual([
      `  ${filter}`,
      `  ${' '.repeat(18)}${'^'.repeat(8)}`,
      'netcore: there is no field msg.rute (perhaps msg.route) (FILTER_INVALID)',
    ])
  })

  test('shows link, frames and messages of a device as they happen', async () => {
    const monitor = start('monitor', 'sim:demo?baud=921600', '--jsonl')
    const message = await monitor.line(({ event, route }) => event === 'message' && route === 'telemetry.imu')
    expect(message).toMatchObject({
      dir: 'in',
      kind: expect.stringMatching(/^(event|request)$/),
      body: { json: { seq: expect.any(Number) } },
    })
    const frames = monitor.lines.filter(({ event }) => event === 'frame')
    expect(frames[0]).toEqual({
      event: 'frame',
      dir: 'in',
      kind: 'mission',
      bytes: expect.any(Number),
      offset: 0,
      ref: message['id'],
    })
    expect(frames[1]).toMatchObject({ kind: 'data', offset: frames[0]!['bytes'] })
    expect(await monitor.interrupt()).toBe(0)
  })

  test('says where the time of each message went, and behind whom it waited', async () => {
    const monitor = start('monitor', 'sim:demo?baud=115200', '--jsonl')
    const account = await monitor.line(
      (line) => line.event === 'account' && (line['blockedBy'] as unknown[]).length > 0,
    )
    const parts = Object.values(account['parts'] as Record<string, number>)
    const sumMs = parts.reduce((sum, ms) => sum + ms, 0)
    expect(Math.abs(sumMs - Number(account['totalMs']))).toBeLessThan(0.01)
    const [blocker] = account['blockedBy'] as { id: string; ms: number }[]
    expect(blocker!.ms).toBeGreaterThan(0)
    // Both are messages of this run: what waited is told, and what held the line has been seen.
    const ids = new Set(monitor.lines.flatMap((line) => [line['id'], line['ref']]))
    expect(ids.has(account['id'])).toBe(true)
    expect(blocker!.id === '' || ids.has(blocker!.id)).toBe(true)
    expect(await monitor.interrupt()).toBe(0)
  })

  test('shows faults on a line that damages bytes', async () => {
    const monitor = start('monitor', 'sim:demo?baud=921600&flip=0.002&seed=5', '--jsonl')
    const fault = await monitor.line(({ event }) => event === 'fault')
    expect(fault).toEqual({
      event: 'fault',
      code: expect.stringMatching(/^LSO_|^MESSAGE_|^EARLY_/),
      offset: expect.any(Number),
      detail: expect.any(String),
    })
  })

  test('answers nothing and stays silent towards the peer', async () => {
    let heard = 0
    const url = await strangeServer((socket) => {
      socket.on('data', (bytes) => {
        heard += bytes.length
      })
      const extension = '{"type": "mission"}'
      const meta = '{"extension": "abcdef", "length": 0, "info": {"route": "echo", "message_id": "12345678"}}'
      const packet = Buffer.alloc(8 + extension.length + meta.length)
      packet.writeInt32LE(extension.length, 0)
      packet.write(extension, 4)
      packet.writeInt32LE(meta.length, 4 + extension.length)
      packet.write(meta, 8 + extension.length)
      socket.write(packet)
    })
    const monitor = start('monitor', url, '--jsonl')
    const message = await monitor.line(({ event }) => event === 'message')
    expect(message).toMatchObject({ dir: 'in', id: 'abcdef', route: 'echo', bytes: 0 })
    await monitor.interrupt()
    expect(monitor.lines.filter(({ event }) => event === 'fault')).toEqual([])
    expect(heard).toBe(0)
  })

  test('writes text for people, one line each, without control characters of the device', async () => {
    const monitor = start('monitor', 'sim:demo?baud=921600')
    while (!monitor.stdout.toString().includes('telemetry.imu'))
      await new Promise((next) => setImmediate(next))
    await monitor.interrupt()
    for (const line of monitor.stdout.toString().trimEnd().split('\n')) expect(line).toMatch(/^ *\d+\.\d ms /)
  })
})

describe('simulate', () => {
  test('serves the demo device to peers at the speed of its line', async () => {
    const simulate = start('simulate', '--listen', 'tcp-listen://127.0.0.1:0', '--baud', '57600', '--jsonl')
    const url = (await simulate.url()).replace('tcp-listen:', 'tcp:')
    const { code, lines } = await run('send', url, 'echo', '--text', 'x'.repeat(500), '--jsonl')
    expect(code).toBe(0)
    expect(lines[0]).toMatchObject({ ok: true, bytes: 500 })
    expect(lines[0]!['ms']).toBeGreaterThan(2 * (500 / 5760) * 1000)
    await simulate.line(({ event, state }) => event === 'link' && state === 'closed')
    expect(simulate.lines.map(({ event, state }) => state ?? event)).toEqual([
      'listening',
      'connected',
      'closed',
    ])
    expect(await simulate.interrupt()).toBe(0)
  })

  test('pushes telemetry to whoever comes, and the same bytes for the same seed', async () => {
    const firstLog = async (): Promise<unknown> => {
      const simulate = start('simulate', '--baud', '921600', '--seed', '42', '--jsonl')
      const monitor = start('monitor', (await simulate.url()).replace('tcp-listen:', 'tcp:'), '--jsonl')
      const message = await monitor.line(({ event, route }) => event === 'message' && route === 'log.dump')
      await monitor.interrupt()
      await simulate.interrupt()
      return message['bytes']
    }
    expect(await firstLog()).toBe(24_000)
  })
})

describe('decode', () => {
  // Head and chunk of one message as the real Python Netcore writes them.
  const packet = (extension: string, meta: Uint8Array): Buffer => {
    const lengths = [Buffer.alloc(4), Buffer.alloc(4)]
    lengths[0]!.writeInt32LE(extension.length)
    lengths[1]!.writeInt32LE(meta.length)
    return Buffer.concat([lengths[0]!, Buffer.from(extension), lengths[1]!, meta])
  }
  const head = packet(
    '{"type": "mission"}',
    Buffer.from('{"extension": "a1B2c3", "length": 5, "info": {"route": "echo", "message_id": "12345678"}}'),
  )
  const data = packet('{"type": "data", "extension": "a1B2c3"}', Buffer.from('hello'))
  const expected = [
    { event: 'frame', dir: 'in', kind: 'mission', bytes: head.length, offset: 0, ref: 'a1B2c3' },
    { event: 'frame', dir: 'in', kind: 'data', bytes: data.length, offset: head.length, ref: 'a1B2c3' },
    {
      event: 'message',
      dir: 'in',
      id: 'a1B2c3',
      route: 'echo',
      kind: 'request',
      headers: {},
      bytes: 5,
      sha256: SHA_OF_HELLO,
      body: { text: 'hello' },
    },
  ]

  async function decode(
    input: readonly Uint8Array[],
    ...options: string[]
  ): Promise<{ code: number; lines: Line[] }> {
    const cli = new CliRun(['decode', '--dialect', 'lso', ...options], input)
    return { code: await cli.exit, lines: cli.lines }
  }

  test('reads standard input in any pieces, and always writes JSON lines', async () => {
    const bytes = Buffer.concat([head, data])
    const pieces = [...bytes].map((byte) => Uint8Array.of(byte))
    expect(await decode(pieces)).toEqual({ code: 0, lines: expected })
    expect(await decode([bytes], '-')).toEqual({ code: 0, lines: expected })
  })

  test('reads files and hex', async () => {
    const file = join(folder, 'capture.bin')
    await writeFile(file, Buffer.concat([head, data]))
    expect(await decode([], file)).toEqual({ code: 0, lines: expected })
    const hex = Buffer.from(`${head.toString('hex')}\n${data.toString('hex').toUpperCase()}\n`)
    expect(await decode([hex.subarray(0, 33), hex.subarray(33)], '--hex')).toEqual({
      code: 0,
      lines: expected,
    })
  })

  test('names damage with its place, goes on behind it, and says what is not complete', async () => {
    const { code, lines } = await decode([Buffer.concat([Buffer.from('boot ok\r\n'), head, data, head])])
    expect(code).toBe(0)
    const faults = lines.filter(({ event }) => event === 'fault')
    expect(faults[0]).toMatchObject({ event: 'fault', code: expect.stringMatching(/^LSO_/), offset: 0 })
    const messages = lines.filter(({ event }) => event === 'message')
    expect(messages[0]).toMatchObject({ id: 'a1B2c3', bytes: 5 })
    expect(messages[0]).not.toHaveProperty('outcome')
    expect(messages[1]).toMatchObject({ bytes: 0, outcome: 'interrupted', code: expect.any(String) })
  })

  test('does not call a recorded answer a fault', async () => {
    const meta =
      '{"extension": "zzzzzz", "length": 0, "info": {"route": "", "is_response": true, "message_id": "1"}}'
    const { lines } = await decode([packet('{"type": "mission"}', Buffer.from(meta))])
    expect(lines.map(({ event }) => event)).toEqual(['frame', 'message'])
    expect(lines[1]).toMatchObject({ kind: 'response' })
  })

  test('passes raw bytes through as messages', async () => {
    const cli = new CliRun(['decode', '--dialect', 'raw'], [Buffer.from('AT\r\n')])
    expect(await cli.exit).toBe(0)
    expect(cli.lines.find(({ event }) => event === 'message')).toMatchObject({
      kind: 'bytes',
      body: { text: 'AT\r\n' },
    })
  })

  test('reads a native stream without taking part, from wherever it begins', async () => {
    // The golden request of the wire layer: number 7, slot 2 generation 1, alias 5, 20 bytes, the end.
    const frame = '051107090518112233445566778899aabbccddeeff010203045e62672600'
    const { code, cli } = await runWith(['decode', '--dialect', 'native', '--hex'], frame)
    expect(code).toBe(0)
    expect(cli.lines).toMatchObject([
      { event: 'frame', kind: 'req', bytes: 30, offset: 0, ref: 'm1' },
      { event: 'message', id: 'm1', route: 'alias 5', kind: 'request', bytes: 20 },
    ])
  })
})

describe('help, version and ports', () => {
  test('show what there is', async () => {
    const help = await run('--help')
    expect(help.code).toBe(0)
    for (const { name } of COMMANDS) expect(help.cli.stdout.toString()).toContain(`  ${name}`)
    expect((await run('--version')).cli.stdout.toString()).toBe(`${packageJson.version}\n`)
    const nothing = await run()
    expect([nothing.code, nothing.cli.stderr.startsWith('Usage: netcore COMMAND')]).toEqual([2, true])
  })

  test.each(COMMANDS.map(({ name }) => name))('explain every option of %s', async (name) => {
    const { code, cli } = await run(name, '--help')
    expect(code).toBe(0)
    const text = cli.stdout.toString()
    expect(text).toContain(`Usage: netcore ${name}`)
    const { options } = COMMANDS.find((command) => command.name === name)!
    for (const option of [...Object.keys(options), 'jsonl', 'help']) expect(text).toContain(`--${option}`)
  })

  test('say after a mistake which help helps, and what was probably meant', async () => {
    const mistyped = await run('sned', 'sim:demo')
    expect([mistyped.code, mistyped.cli.stderr]).toEqual([
      2,
      'netcore: "sned" is not a command (perhaps send) (OPTION_INVALID)\n  See "netcore --help".\n',
    ])
    expect((await run('send')).cli.stderr).toContain('See "netcore send --help".')
    const help = await run('help', 'send')
    expect(help.cli.stdout.toString()).toBe((await run('send', '--help')).cli.stdout.toString())
  })

  test('explain addresses only where one is taken, and every exit code everywhere', async () => {
    const [send, simulate, verify] = await Promise.all(
      ['send', 'simulate', 'verify'].map(async (name) => (await run(name, '--help')).cli.stdout.toString()),
    )
    expect([send, simulate, verify].map((text) => text!.includes('Link addresses:'))).toEqual([
      true,
      true,
      false,
    ])
    for (const text of [send, simulate, verify]) {
      for (const code of [0, 1, 2, 3, 4, 5, 6]) expect(text).toMatch(new RegExp(`\\b${code} [a-z]`))
    }
  })

  test('refuse files over a dialect that has none, before anything is opened', async () => {
    const { code, cli } = await run('files', 'tcp://127.0.0.1:1', 'list')
    expect([code, cli.stderr]).toEqual([2, expect.stringContaining('files need dialect=netconduit')])
  })

  test('lists ports as lines of one shape, and ends well without any', async () => {
    const { code, lines } = await run('ports', '--jsonl')
    expect(code).toBe(0)
    for (const line of lines) expect(line).toMatchObject({ event: 'port', path: expect.any(String) })
  })
})
