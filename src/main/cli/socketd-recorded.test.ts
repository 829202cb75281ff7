import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CliRun } from '../../testing/cli-run'
import { simulatedRecording } from '../../testing/simulated-recording'

/** Socket.D over a simulated line, recorded: what is made of recordings knows it like the other dialects. */

let folder = ''
let path = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcore-socketd-'))
  path = join(folder, 'a.mcap')
  const requests = ['{"a":1,"b":2}', '{"a":3,"b":4}']
  await writeFile(path, await simulatedRecording({ url: 'sim:demo?dialect=socketd&seed=5', requests }))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function run(...argv: string[]): Promise<{ code: number; run: CliRun }> {
  const run = new CliRun(argv)
  return { code: await run.exit, run }
}

test('a recording says what its bytes say', async () => {
  const { code, run: verified } = await run('verify', path, '--decode', '--jsonl')
  expect([code, verified.lines.at(-1)]).toMatchObject([0, { event: 'decoded', differences: 0 }])
  expect(Number(verified.lines.at(-1)?.['frames'])).toBeGreaterThan(15)
})

test('comparing it with another session finds the answer that is another, and nothing else', async () => {
  const other = join(folder, 'b.mcap')
  const requests = ['{"a":1,"b":2}', '{"a":3,"b":5}']
  await writeFile(other, await simulatedRecording({ url: 'sim:demo?dialect=socketd&seed=5', requests }))
  const same = await run('compare', path, path, '--jsonl')
  expect([same.code, same.run.lines.at(-1)]).toMatchObject([0, { event: 'compared', changed: 0, missing: 0 }])
  const { code, run: compared } = await run('compare', path, other, '--jsonl')
  const changed = compared.lines.filter(({ kind }) => kind === 'changed')
  expect(code).toBe(6)
  expect(changed).toMatchObject([{ route: 'add', field: { path: expect.any(String) as string } }])
})

test('a filter finds an alarm by its number and by our word for it', async () => {
  const failed = join(folder, 'c.mcap')
  const requests = ['{"a":1,"b":2}', '{"a":"one"}']
  await writeFile(failed, await simulatedRecording({ url: 'sim:demo?dialect=socketd&seed=5', requests }))
  const filters = [
    'header.status == "error" and header.code == "400"',
    'rpc.error == "REQUEST_BODY_INVALID"',
    'req.subscription == false and header.code == "400"',
  ]
  for (const [index, filter] of filters.entries()) {
    const out = join(folder, `c${index}.jsonl`)
    await run('export', failed, '--format', 'jsonl', '--filter', filter, '-o', out)
    const rows = (await readFile(out, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const found = rows.filter(({ route }) => route === 'add')
    expect([filter, found.map(({ kind, dir }) => `${String(kind)} ${String(dir)}`)]).toEqual([
      filter,
      ['response in'],
    ])
  }
})

test('an export by a filter has route, kind, headers and body of the messages', async () => {
  const out = join(folder, 'a.jsonl')
  const { code } = await run('export', path, '--format', 'jsonl', '--filter', 'msg.route == "add"', '-o', out)
  expect(code).toBe(0)
  const rows = (await readFile(out, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  const messages = rows.filter(({ route }) => route === 'add').map(({ kind, dir }) => [kind, dir])
  expect(messages).toEqual([
    ['request', 'out'],
    ['response', 'in'],
    ['request', 'out'],
    ['response', 'in'],
  ])
})
