import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CliRun } from '../../testing/cli-run'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'netcore-cli-'))
  await put(
    'messages/bench/put.yaml',
    'route: echo\npriority: 1\nheaders: {user: "{{user}}"}\nbody:\n  json: \'{"mtu": {{mtu}}}\'\n',
  )
  await put('environments/rig.yaml', 'variables: {user: rig-3, mtu: 512}\nsecrets: [token]\n')
})
afterEach(() => rm(dir, { recursive: true }))

const put = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(join(dir, path)), { recursive: true })
  await writeFile(join(dir, path), text)
}
async function send(
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string; run: CliRun }> {
  const run = new CliRun(['send', 'sim:demo', '--workspace', dir, ...args])
  const code = await run.exit
  return { code, stdout: run.stdout.toString(), stderr: run.stderr, run }
}

describe('netcore send --from', () => {
  test('sends a message of the workspace with the variables of an environment', async () => {
    expect(await send('--from', 'bench/put', '--env', 'rig')).toMatchObject({
      code: 0,
      stdout: '{"mtu": 512}',
    })
  })

  test('lets --var go before the environment, and --header, --priority before the file', async () => {
    const { run, code } = await send(
      '--from',
      'bench/put',
      '--env',
      'rig',
      '--var',
      'mtu=9',
      '--header',
      'a=b',
      '--jsonl',
    )
    expect(code).toBe(0)
    expect(run.lines.find(({ event }) => event === 'answer')).toMatchObject({
      ok: true,
      body: { json: { mtu: 9 } },
    })
  })

  test('sends an event, and ends when it has left', async () => {
    await put('messages/tick.yaml', 'route: tick\nkind: event\n')
    expect(await send('--from', 'tick', '--repeat', '3')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('3 sent'),
    })
  })

  test('stops sending events when it is interrupted, and says how many went', async () => {
    await put('messages/tick.yaml', 'route: tick\nkind: event\n')
    const peer = new CliRun(['listen', 'tcp-listen://127.0.0.1:0', '--jsonl'])
    const { url } = await peer.line(({ event }) => event === 'listening')
    const target = String(url).replace('tcp-listen:', 'tcp:')
    const run = new CliRun(['send', target, '--workspace', dir, '--from', 'tick', '--repeat', '1000000000'])
    await peer.line(({ event }) => event === 'message')
    expect(await run.interrupt()).toBe(0)
    expect(run.stderr).toMatch(/^\d{1,6} sent$/m)
    await peer.interrupt()
  })

  test('asks for many answers with a message that says so, without --subscribe', async () => {
    await put('messages/many.yaml', 'route: count\nkind: subscribe\nbody: {json: {n: 3}}\n')
    const { run, code } = await send('--from', 'many', '--jsonl')
    expect(code).toBe(0)
    const answers = run.lines.filter(({ event }) => event === 'answer')
    expect(answers.map(({ body }) => body)).toMatchObject([1, 2, 3].map((i) => ({ json: { i, n: 3 } })))
  })

  test.each([
    [['--from', 'bench/put'], '{{user}} has no value'],
    [['--from', 'bench/nothing'], 'messages/bench/nothing.yaml'],
    [['--from', '../outside'], 'begins with a dot'],
    [['--from', 'bench/put', '--env', 'moon'], 'no environment "moon"'],
    [['--from', 'bench/put', '--json', '{}'], 'exclude each other'],
    [['--from', 'bench/put', '--env', 'rig', '--var', 'x'], 'not name=value'],
    [['echo', '--env', 'rig'], '--env goes with --from'],
    [[], 'ROUTE is missing'],
  ])('says what is wrong with %j, and ends with 2', async (args, text) => {
    expect(await send(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(text) })
  })

  test('names file and line of a message with a mistake', async () => {
    await put('messages/bad.yaml', 'route: echo\nprioritty: 1\n')
    const { code, stderr } = await send('--from', 'bad')
    expect(code).toBe(2)
    expect(stderr).toContain('messages/bad.yaml:2:1')
    expect(stderr).toContain('Known here: route')
  })
})
