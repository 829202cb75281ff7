import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CliRun, type Line } from '../../testing/cli-run'
import { simulatedRecording } from '../../testing/simulated-recording'

const URL = 'sim:demo?dialect=netconduit&seed=5&baud=12000000'
const ASKED = ['{"a":1,"b":2}', '{"a":20,"b":22}', '{"a":-1,"b":1}']

let folder = ''
const path = (name: string): string => join(folder, `${name}.mcap`)

async function run(...argv: string[]): Promise<{ code: number; lines: Line[] }> {
  const cli = new CliRun([...argv, '--jsonl'])
  return { code: await cli.exit, lines: cli.lines }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcore-conduit-recorded-'))
  const make = async (name: string, requests: readonly string[]): Promise<void> =>
    writeFile(path(name), await simulatedRecording({ url: URL, route: 'rpc:add', requests, lengthMs: 2500 }))
  await make('a', ASKED)
  await make('b', ['{"a":1,"b":2}', '{"a":20,"b":23}', '{"a":-1,"b":1}'])
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a recording of netconduit', () => {
  test('is derived again from its bytes without a difference', async () => {
    const { code, lines } = await run('verify', path('a'), '--decode')
    expect(lines.filter(({ event }) => event === 'decoded-otherwise')).toEqual([])
    expect(lines.at(-1)).toMatchObject({ event: 'decoded', differences: 0 })
    expect(code).toBe(0)
  })

  test('shows calls and answers with their routes and bodies', async () => {
    const { lines } = await run('replay', path('a'), '--speed', 'max')
    const calls = lines.filter(
      ({ event, dir, route }) => event === 'message' && dir === 'out' && route === 'rpc:add',
    )
    expect(calls.map(({ body }) => JSON.stringify((body as { json: unknown }).json))).toEqual(ASKED)
    const answers = lines.filter(
      ({ event, dir, kind }) => event === 'message' && dir === 'in' && kind === 'response',
    )
    expect(answers.map(({ body }) => (body as { json: { sum: number } }).json.sum)).toEqual([3, 42, 0])
  })

  test('says where the time of each message went, and the parts add up', async () => {
    const { lines } = await run('replay', path('a'), '--speed', 'max')
    const accounts = lines.filter(({ event, route }) => event === 'account' && route === 'rpc:add')
    expect(accounts.length).toBeGreaterThanOrEqual(ASKED.length)
    for (const { totalMs, parts } of accounts) {
      const sum = Object.values(parts as Record<string, number>).reduce((all, part) => all + part, 0)
      expect(Math.abs(sum - (totalMs as number))).toBeLessThan(0.01)
    }
  })

  test('is sent again to a simulated server with the same answers, and twice with the same hashes', async () => {
    const runs = [await run('replay', path('a'), '--to', URL), await run('replay', path('a'), '--to', URL)]
    const ends = runs.map(({ lines }) => lines.at(-1)!)
    expect(ends[0]).toMatchObject({ event: 'replayed', state: 'done', sent: 3, matched: 3, differences: 0 })
    expect(ends[1]).toEqual(ends[0])
  })

  test('plays the server for a client', async () => {
    const device = new CliRun([
      'replay',
      path('a'),
      '--as-device',
      'tcp-listen://127.0.0.1:0?dialect=netconduit',
      '--jsonl',
    ])
    const url = (await device.url()).replace('tcp-listen:', 'tcp:')
    const asked = await run('send', url, 'rpc:add', '--json', ASKED[1]!)
    expect(asked.lines.find(({ event }) => event === 'answer')).toMatchObject({
      ok: true,
      body: { json: { sum: 42 } },
    })
    await device.interrupt()
  })

  test('is compared with another: the call and the answer that differ, and nothing else of that route', async () => {
    const same = await run('compare', path('a'), path('a'))
    expect([same.code, same.lines.at(-1)]).toMatchObject([0, { changed: 0, missing: 0, added: 0 }])
    const { code, lines } = await run('compare', path('a'), path('b'), '--filter', 'msg.route == "rpc:add"')
    expect(code).toBe(6)
    const differences = lines.filter(({ event }) => event === 'difference')
    expect(differences).toHaveLength(1)
    expect(differences[0]).toMatchObject({ kind: 'changed', route: 'rpc:add' })
  })

  test('is found by the words of the protocol', async () => {
    const out = join(folder, 'calls.jsonl')
    const { code } = await run(
      'export',
      path('a'),
      '--format',
      'csv',
      '-o',
      out,
      '--filter',
      'rpc.method == add',
    )
    expect(code).toBe(0)
    const none = await run(
      'export',
      path('a'),
      '--format',
      'csv',
      '-o',
      `${out}2`,
      '--filter',
      'rpc.method == sub',
    )
    expect(none.code).toBe(0)
  })
})
