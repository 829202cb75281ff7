import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, test } from 'vitest'
import { PythonPeer } from './python-peer'

/** The built program, in processes of its own: what only shows there, signals, pipes and exit codes. */
const NETCORE = 'out/cli/netcore.js'

interface Ended {
  readonly code: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

function netcore(args: readonly string[], input = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { encoding: 'buffer', timeout: 30_000 } as const
    const child = execFile(process.execPath, [NETCORE, ...args], options, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr: stderr.toString() })
    })
    child.stdin!.end(input)
  })
}

const servers: ChildProcess[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.kill('SIGKILL')
})

async function serving(...args: string[]): Promise<{ server: ChildProcess; url: string }> {
  const server = spawn(process.execPath, [NETCORE, ...args, '--jsonl'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  servers.push(server)
  const [line] = (await once(createInterface({ input: server.stdout }), 'line')) as [string]
  const { event, url } = JSON.parse(line) as { event: string; url: string }
  expect(event).toBe('listening')
  return { server, url: url.replace('tcp-listen:', 'tcp:') }
}

const lastLine = ({ stdout }: Ended): { event: string; code: string } =>
  JSON.parse(stdout.toString().trimEnd().split('\n').at(-1)!) as { event: string; code: string }

describe('the built command line', () => {
  test('can be run by its name alone', async () => {
    const version = await new Promise<string>((resolve) => {
      execFile(NETCORE, ['--version'], (_error, stdout) => resolve(stdout))
    })
    expect(version).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('sends to an endpoint in another process, and writes the answer as it is', async () => {
    const { server, url } = await serving('listen', 'tcp-listen://127.0.0.1:0')
    const { code, stdout } = await netcore(['send', url, 'echo', '--hex', '00ff0a80'])
    expect([code, [...stdout]]).toEqual([0, [0x00, 0xff, 0x0a, 0x80]])
    server.kill('SIGINT')
    expect(await once(server, 'exit')).toEqual([0, null])
  })

  test('ends with the code of what happened, and names it in the last line', async () => {
    const { url } = await serving('listen', 'tcp-listen://127.0.0.1:0')
    const cases: [string[], number, string][] = [
      [['send', 'nonsense', 'echo'], 2, 'URL_INVALID'],
      [['send', 'tcp://127.0.0.1:1', 'echo'], 3, 'LINK_REFUSED'],
      [['send', url, 'slow', '--json', '{"ms":9000}', '--timeout', '50'], 4, 'REQUEST_TIMEOUT'],
      [['send', url, 'fail'], 5, 'HANDLER_FAILED'],
    ]
    for (const [args, code, name] of cases) {
      const ended = await netcore([...args, '--jsonl'])
      expect([args[2], ended.code, lastLine(ended)]).toEqual([
        args[2],
        code,
        expect.objectContaining({ code: name }),
      ])
    }
  })

  test('ends quietly when nobody reads its output any more', async () => {
    const monitor = spawn(process.execPath, [NETCORE, 'monitor', 'sim:demo?baud=921600', '--jsonl'])
    servers.push(monitor)
    let stderr = ''
    monitor.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
    await once(monitor.stdout, 'data')
    monitor.stdout.destroy()
    expect(await once(monitor, 'exit')).toEqual([0, null])
    expect(stderr).toBe('')
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('ends a device server cleanly on %s', async (signal) => {
    const { server, url } = await serving('simulate', '--baud', '921600')
    expect((await netcore(['send', url, '/device/info'])).stdout.toString()).toContain('"name":"demo"')
    server.kill(signal)
    expect(await once(server, 'exit')).toEqual([0, null])
  })

  test('decodes what is piped into it', async () => {
    const { code, stdout } = await netcore(['decode', '--dialect', 'raw'], 'AT\r\n')
    expect(code).toBe(0)
    expect(stdout.toString()).toContain('"body":{"text":"AT\\r\\n"}')
  })

  test('talks to the real Python Netcore', async () => {
    const { peer, port } = await PythonPeer.listening()
    const ended = await netcore(['send', `tcp://127.0.0.1:${port}`, 'add', '--json', '{"a": 20, "b": 22}'])
    await peer.kill()
    expect([ended.code, JSON.parse(ended.stdout.toString())]).toEqual([0, { sum: 42 }])
  })

  test('runs a snippet against the real Python Netcore, and reports what it does not say', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'netcore-interop-run-'))
    const steps = (sum: number): string =>
      `steps:\n  - send: {route: add, body: {json: {a: 20, b: 22}}}\n  - expect: body.sum == ${sum}\n    within: 300ms\n`
    const report = join(folder, 'report.xml')
    const run = async (sum: number, ...more: string[]): Promise<Ended> => {
      const path = join(folder, `sum-${sum}.yaml`)
      await writeFile(path, steps(sum))
      const { peer, port } = await PythonPeer.listening() // each serves one connection
      const ended = await netcore(['run', path, `tcp://127.0.0.1:${port}`, '--jsonl', ...more])
      await peer.kill()
      return ended
    }
    const good = await run(42)
    const bad = await run(43, '--junit', report)
    expect([good.code, lastLine(good).event]).toEqual([0, 'run'])
    expect([bad.code, lastLine(bad).code]).toEqual([4, 'EXPECTATION_TIMEOUT'])
    expect(await readFile(report, 'utf8')).toContain('tests="2" failures="1" errors="0" skipped="0"')
    await rm(folder, { recursive: true })
  })
})
