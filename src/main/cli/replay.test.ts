import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { utf8 } from '../../shared/bytes'
import { CliRun, type Line } from '../../testing/cli-run'
import { recordWithSimulator, writeRecording } from '../../testing/replay-bench'

let folder = ''
let path = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcore-replay-'))
  path = join(folder, 'exchange.mcap')
  const kept = await recordWithSimulator('baud=921600&seed=5', async (link) => {
    await link.request({ route: 'echo', body: utf8('one') }).answer
    await link.request({ route: 'add', body: utf8('{"a":2,"b":3}') }).answer
    await link.request({ route: 'echo', body: utf8('two') }).answer
  })
  await writeRecording(path, kept, 'sim:demo?baud=921600')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function run(...argv: string[]): Promise<{ code: number; lines: Line[]; text: string; error: string }> {
  const cli = new CliRun(argv)
  const code = await cli.exit
  const isJsonl = argv.includes('--jsonl')
  return { code, lines: isJsonl ? cli.lines : [], text: cli.stdout.toString(), error: cli.stderr }
}

const messages = (lines: readonly Line[], dir: string): string[] =>
  lines.flatMap(({ event, route, sha256, ...line }) =>
    event === 'message' && line['dir'] === dir && !/^(telemetry|log)/.test(String(route))
      ? [`${String(route)} ${String(sha256)}`]
      : [],
  )

describe('replay', () => {
  test('to the simulator says the same again, with the same hash for the same seed, and records the run', async () => {
    const made = join(folder, 'run.mcap')
    const to = ['replay', path, '--to', 'sim:demo?baud=921600', '--seed', '3', '--jsonl']
    const first = await run(...to, '--record', made)
    const second = await run(...to)
    expect([first.code, second.code]).toEqual([0, 0])
    const result = first.lines.at(-1)!
    expect(result).toMatchObject({
      event: 'replayed',
      state: 'done',
      sent: 3,
      total: 3,
      matched: 3,
      differences: 0,
    })
    expect(second.lines.at(-1)).toEqual(result)
    expect(result['sha256']).toMatch(/^[0-9a-f]{64}$/)
    const other = await run('replay', path, '--to', 'sim:demo?baud=921600', '--seed', '4', '--jsonl')
    expect(other.lines.at(-1)!['sha256']).not.toBe(result['sha256'])
    expect((await run('verify', made)).code).toBe(0)
    const again = await run('replay', made, '--speed', 'max', '--jsonl')
    const viewed = await run('replay', path, '--speed', 'max', '--jsonl')
    for (const dir of ['in', 'out']) expect(messages(again.lines, dir)).toEqual(messages(viewed.lines, dir))
    expect(messages(viewed.lines, 'out').length).toBe(3)
  })

  test('as the device answers a host that has other ids, and ends when everything was said', async () => {
    const device = new CliRun([
      'replay',
      path,
      '--as-device',
      'tcp-listen://127.0.0.1:0',
      '--jsonl',
      '--timeout',
      '3000',
    ])
    const url = (await device.url()).replace('tcp-listen', 'tcp')
    expect(device.lines[0]).toMatchObject({ event: 'listening' })
    const sent = await run('send', url, 'echo', '--text', 'one')
    expect(sent).toMatchObject({ code: 0, text: 'one' })
    expect(await run('send', url, 'add', '--json', '{"a":2,"b":3}')).toMatchObject({
      code: 0,
      text: '{"sum":5}',
    })
    const changed = await run('send', url, 'echo', '--text', 'three')
    expect(changed).toMatchObject({ code: 0, text: 'two' }) // as recorded
    expect(await device.exit).toBe(0)
    const differences = device.lines.filter(({ event }) => event === 'difference')
    expect(differences).toMatchObject([{ kind: 'changed', route: 'echo', detail: '5 bytes instead of 3' }])
    expect(device.lines.at(-1)).toMatchObject({
      event: 'replayed',
      state: 'done',
      matched: 3,
      differences: 1,
    })
  })

  test('at the first difference it ends with 6 when that is wanted', async () => {
    const device = new CliRun([
      'replay',
      path,
      '--as-device',
      'tcp-listen://127.0.0.1:0',
      '--jsonl',
      '--stop-at-difference',
    ])
    const url = (await device.url()).replace('tcp-listen', 'tcp')
    void new CliRun(['send', url, 'echo', '--text', 'three', '--timeout', '300']).exit
    expect(await device.exit).toBe(6)
    expect(device.lines.at(-1)).toMatchObject({ event: 'error', code: 'REPLAY_DIFFERENCES' })
  })

  test('step by step each line of the input lets one message go', async () => {
    const stepped = new CliRun(
      ['replay', path, '--to', 'sim:demo?baud=921600', '--policy', 'step', '--jsonl'],
      [utf8('\n'), utf8('\n\n')],
    )
    expect(await stepped.exit).toBe(0)
    expect(stepped.lines.at(-1)).toMatchObject({ state: 'done', sent: 3 })
  })

  test.each([
    [['--to', 'sim:demo', '--as-device', 'tcp-listen://127.0.0.1:0'], 'OPTION_INVALID'],
    [['--to', 'sim:demo', '--speed', '101'], 'OPTION_INVALID'],
    [['--to', 'sim:demo', '--speed', '0.01'], 'OPTION_INVALID'],
    [['--policy', 'reply'], 'OPTION_INVALID'],
    [['--policy', 'never'], 'OPTION_INVALID'],
    [['--to', 'sim:demo', '--link', '9'], 'REPLAY_EMPTY'],
    [['--to', 'sim:nothing'], 'DEVICE_UNKNOWN'],
  ])('%j is refused with exit code 2', async (argv, code) => {
    const { code: exit, error } = await run('replay', path, ...argv)
    expect(exit).toBe(2)
    expect(error).toContain(code)
  })

  test('a port that cannot be opened ends with 3, and a file that is not there with 2', async () => {
    expect((await run('replay', path, '--to', 'tcp://127.0.0.1:1')).code).toBe(3)
    expect((await run('replay', join(folder, 'missing.mcap'), '--to', 'sim:demo')).code).toBe(2)
  })
})
