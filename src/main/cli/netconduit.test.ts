import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { concatBytes } from '../../shared/bytes'
import { CliRun, type Line } from '../../testing/cli-run'
import { loadVectors } from '../netcore/dialects/netconduit/vectors/load-vectors'

const running: CliRun[] = []
afterEach(async () => {
  for (const run of running.splice(0)) await run.interrupt()
})

async function listening(options = '', ...args: string[]): Promise<{ server: CliRun; url: string }> {
  const server = new CliRun([
    'listen',
    `tcp-listen://127.0.0.1:0?dialect=netconduit&password=s3cret${options}`,
    '--jsonl',
    ...args,
  ])
  running.push(server)
  const { url } = await server.line(({ event }) => event === 'listening')
  return { server, url: String(url).replace('tcp-listen:', 'tcp:') }
}

async function send(url: string, ...args: string[]): Promise<{ code: number; run: CliRun }> {
  const run = new CliRun(['send', url, ...args])
  return { code: await run.exit, run }
}

describe('netconduit on the command line', () => {
  test('send calls a method of listen, and writes what it returns', async () => {
    const { url } = await listening()
    expect(url).not.toContain('s3cret')
    const { code, run } = await send(`${url}&password=s3cret`, 'rpc:add', '--json', '{"a":1,"b":2}')
    expect([code, run.stdout.toString()]).toEqual([0, '{"sum":3}'])
  })

  test('a message gives back the bytes of a body', async () => {
    const { url } = await listening('&compress=yes')
    const { code, run } = await send(`${url}&password=s3cret`, 'msg:echo', '--hex', '00ff0a80')
    expect([code, run.stdout.toString('hex')]).toEqual([0, '00ff0a80'])
  })

  test('the simulated device speaks it too', async () => {
    const { code, run } = await send('sim:demo?dialect=netconduit', 'rpc:/device/info')
    expect([code, JSON.parse(run.stdout.toString())]).toMatchObject([0, { name: 'demo' }])
  })

  test('a wrong password ends with the code for the link, a method that is not there with that for the peer', async () => {
    const { url } = await listening()
    const wrong = await send(`${url}&password=other`, 'rpc:add', '--json', '{}', '--jsonl')
    expect([wrong.code, wrong.run.lines.at(-1)]).toMatchObject([3, { event: 'error', code: 'AUTH_FAILED' }])
    const { url: again } = await listening()
    const missing = await send(`${again}&password=s3cret`, 'rpc:nobody', '--json', '{}', '--jsonl')
    expect(missing.code).toBe(5)
  })

  test('a route without a kind is refused with the ways to write one', async () => {
    const { url } = await listening()
    const { code, run } = await send(`${url}&password=s3cret`, 'echo', '--text', 'x', '--jsonl')
    expect(code).toBe(2)
    expect(run.lines.at(-1)).toMatchObject({
      code: 'HEAD_NOT_ENCODABLE',
      remedy: expect.stringContaining('rpc:METHOD'),
    })
  })

  test('listen gives files of one folder, and refuses one that is not there', async () => {
    const { server, url } = await listening('', '--files', import.meta.dirname)
    const { code, run } = await send(`${url}&password=s3cret`, 'rpc:file_list', '--json', '{}')
    expect([code, run.stdout.toString()]).toEqual([0, expect.stringContaining('netconduit.test.ts')])
    expect(await server.interrupt()).toBe(0)
    const wrong = new CliRun([
      'listen',
      'tcp-listen://127.0.0.1:0?dialect=netconduit',
      '--files',
      '/nowhere/at/all',
      '--jsonl',
    ])
    expect([await wrong.exit, wrong.lines.at(-1)]).toMatchObject([2, { code: 'FILE_UNREADABLE' }])
  })

  test('files lists, puts and gets what a server shares, and pushes a file to a client that listens', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'netcore-cli-'))
    try {
      const [shared, own] = [join(dir, 'shared'), join(dir, 'own')]
      for (const each of [shared, own]) await mkdir(each)
      await writeFile(join(own, 'fw.bin'), Buffer.alloc(100_000, 7))
      const { url } = await listening('', '--files', shared)
      const files = async (...args: string[]): Promise<Line> => {
        const run = new CliRun(['files', `${url}&password=s3cret`, ...args, '--jsonl'])
        expect(await run.exit).toBe(0)
        return run.lines.at(-1)!
      }
      const put = await files('put', join(own, 'fw.bin'))
      expect(put).toMatchObject({ event: 'file', dir: 'out', name: 'fw.bin', bytes: 100_000 })
      expect(await files('list')).toEqual({ event: 'file', name: 'fw.bin', bytes: 100_000 })
      const got = await files('get', 'fw.bin', '--dir', own)
      expect(got).toEqual({ ...put, dir: 'in', name: 'fw (2).bin' })

      const pushing = new CliRun([
        'files',
        'tcp-listen://127.0.0.1:0?dialect=netconduit',
        'put',
        join(own, 'fw.bin'),
        '--jsonl',
      ])
      const client = new CliRun([
        'listen',
        (await pushing.url()).replace('tcp-listen:', 'tcp:'),
        '--files',
        shared,
        '--jsonl',
      ])
      running.push(client)
      expect(await client.line(({ event }) => event === 'file')).toMatchObject({
        dir: 'in',
        name: 'fw (2).bin',
      })
      expect([await pushing.exit, pushing.lines.at(-1)]).toEqual([0, put])
      expect(await readFile(join(shared, 'fw (2).bin'))).toEqual(await readFile(join(own, 'fw.bin')))
      const wrong = new CliRun(['files', 'tcp-listen://127.0.0.1:0?dialect=netconduit', 'list', '--jsonl'])
      expect([await wrong.exit, wrong.lines.at(-1)]).toMatchObject([2, { code: 'OPTION_INVALID' }])
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  })

  test('decode reads one direction of a capture: handshake, calls and answers', async () => {
    const frames = ['auth-ok', 'rpc-add'].flatMap(
      (name) => loadVectors().find((vector) => vector.name === name)!.frames,
    )
    const toServer = frames.filter(({ direction }) => direction === 'client-to-server')
    const run = new CliRun(
      ['decode', '--dialect', 'netconduit'],
      [concatBytes(toServer.flatMap(({ header, payload }) => [header, payload]))],
    )
    expect(await run.exit).toBe(0)
    expect(run.lines.filter(({ event }) => event === 'frame').map(({ kind }) => kind)).toEqual([
      'auth-request',
      'rpc-request',
    ])
    expect(run.lines.find(({ event }) => event === 'message')).toMatchObject({
      route: 'rpc:add',
      kind: 'request',
      body: { json: { a: 10, b: 20 } },
    })
  })
})
