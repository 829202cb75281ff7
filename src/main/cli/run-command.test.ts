import { mkdtemp, readFile, rm, writeFile, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CliRun } from '../../testing/cli-run'

let workspace: string
let server: CliRun
let url: string

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'netcore-run-'))
  server = new CliRun(['listen', 'tcp-listen://127.0.0.1:0', '--jsonl'])
  const { url: listening } = await server.line(({ event }) => event === 'listening')
  url = String(listening).replace('tcp-listen:', 'tcp:')
  await put(
    'messages/add.yaml',
    'route: add\nbody:\n  json: \'{"a": {{a}}, "b": {{b}}}\'\nexpect: body.sum >= 0\n',
  )
  await put('environments/bench.yaml', 'variables:\n  a: 2\n  b: 3\n')
  await put(
    'snippets/bring-up/sum.yaml',
    `variables: {a: 1}
steps:
  - send: add
  - expect: body.sum == {{wanted}}
    within: 200ms
  - set: {sum: reply.body.sum}
  - repeat: 2
    steps:
      - send: {route: echo, body: {text: "{{sum}}"}}
      - expect: text == "{{wanted}}"
`,
  )
})
afterAll(async () => {
  await server.interrupt()
  await rm(workspace, { recursive: true })
})

async function put(path: string, text: string): Promise<string> {
  const whole = join(workspace, path)
  await mkdir(dirname(whole), { recursive: true })
  await writeFile(whole, text)
  return whole
}

const run = (...args: string[]): CliRun => new CliRun(['run', ...args, '--workspace', workspace, '--jsonl'])
const snippet = (name: string, steps: string): Promise<string> => put(`${name}.yaml`, `steps:\n${steps}`)

describe('netcore run', () => {
  test('runs a snippet of the workspace with an environment and variables, and tells of each step', async () => {
    const cli = run('bring-up/sum', url, '--env', 'bench', '--var', 'wanted=12', '--var', 'b=10')
    expect(await cli.exit).toBe(0)
    const steps = cli.lines.filter(({ event }) => event === 'step')
    expect(steps.map(({ step, line, state }) => [step, line, state])).toEqual([
      [1, 3, 'passed'],
      [2, 4, 'passed'],
      [3, 6, 'passed'],
      [5, 9, 'passed'],
      [6, 10, 'passed'],
      [5, 9, 'passed'],
      [6, 10, 'passed'],
      [4, 7, 'passed'],
    ])
    expect(cli.lines.at(-1)).toMatchObject({
      event: 'run',
      snippet: 'bring-up/sum',
      state: 'passed',
      steps: 8,
    })
    expect(cli.stderr).toContain('✓ 2 expect body.sum == {{wanted}} within 200ms')
  })

  test.each([
    [
      'an expectation that is not met in time',
      '  - send: {route: echo}\n  - expect: body.x == 1\n    within: 50ms\n',
      4,
      'EXPECTATION_TIMEOUT',
    ],
    [
      'a request that nobody answers',
      '  - send: {route: slow, timeout: 50ms, body: {json: {ms: 5000}}}\n',
      4,
      'REQUEST_TIMEOUT',
    ],
    ['an error of the peer', '  - send: {route: fail}\n', 5, 'HANDLER_FAILED'],
    ['an answer not as expected', '  - send: {route: echo, expect: msg.size > 3}\n', 5, 'EXPECTATION_FAILED'],
    [
      'a condition that fails it',
      '  - send: {route: echo}\n  - stop if: msg.kind == response\n    fail: true\n',
      5,
      'SNIPPET_CONDITION',
    ],
    ['a mistake in the file', '  - sned: echo\n', 2, 'SNIPPET_INVALID'],
    ['a variable without a value', '  - send: {route: "{{nobody}}"}\n', 2, 'VARIABLE_UNKNOWN'],
    ['a message that is not there', '  - send: nothing/here\n', 2, 'WORKSPACE_FILE_UNKNOWN'],
  ])('says %s by its exit code', async (_, steps, exit, code) => {
    const cli = run(await snippet('case', steps), url)
    expect([await cli.exit, cli.lines.at(-1)]).toEqual([
      exit,
      expect.objectContaining({ event: 'error', code }),
    ])
  })

  test('ends with 4 at its deadline, with 3 without a link, with 2 for a name nobody knows', async () => {
    const endless = await put('endless.yaml', 'timeout: 100ms\nsteps:\n  - wait: 1h\n')
    const deadline = run(endless, url)
    expect([await deadline.exit, deadline.lines.at(-1)!['code']]).toEqual([4, 'SNIPPET_TIMEOUT'])
    const noLink = run(endless, 'tcp://127.0.0.1:1')
    expect([await noLink.exit, noLink.lines.at(-1)!['code']]).toEqual([3, 'LINK_REFUSED'])
    const unknown = run('no-such', url)
    expect([await unknown.exit, unknown.lines.at(-1)!['code']]).toEqual([2, 'SNIPPET_UNKNOWN'])
    const usage = run(endless, url, '--var', '=x')
    expect(await usage.exit).toBe(2)
  })

  test('stops on request, cleanly', async () => {
    const cli = run(await snippet('long', '  - send: {route: echo}\n  - wait: 1h\n'), url)
    await cli.line(({ event }) => event === 'step')
    expect(await cli.interrupt()).toBe(0)
    expect(cli.lines.at(-1)).toMatchObject({ event: 'run', state: 'stopped' })
  })

  test('writes a report with a case for each step: passed, failed and not reached', async () => {
    const path = join(workspace, 'report.xml')
    const steps = `  - send: {route: echo, body: {text: "<&\\"'>"}}
  - expect: text == "<&>" # not this
    within: 20ms
  - wait: 1s
`
    const cli = run(await snippet('a-report', steps), url, '--junit', path)
    expect(await cli.exit).toBe(4)
    const report = await readFile(path, 'utf8')
    const shape = report
      .replaceAll(/time="[\d.]+"/g, 'time="T"')
      .replace(/timestamp="[^"]+"/, 'timestamp="AT"')
      .replace(/hostname="[^"]*"/, 'hostname="H"')
      .replaceAll(/ #\d+/g, ' #N')
    expect(shape).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite id="0" name="a-report" package="netcore.snippets" timestamp="AT" hostname="H" tests="3" failures="1" errors="0" skipped="1" time="T">
    <properties/>
    <testcase name="1 (line 2) send echo" classname="a-report" time="T"/>
    <testcase name="2 (line 3) expect text == &quot;&lt;&amp;&gt;&quot; within 20ms" classname="a-report" time="T">
      <failure message="step 2 (line 3): nothing matched &quot;text == &quot;&lt;&amp;&gt;&quot;&quot; within 20ms: the answer was #N echo &lt;&amp;&quot;'&gt;" type="EXPECTATION_TIMEOUT">step 2 (line 3): nothing matched &quot;text == &quot;&lt;&amp;&gt;&quot;&quot; within 20ms: the answer was #N echo &lt;&amp;&quot;'&gt;&#10;No message matched in time. Compare the filter with what came, or give it longer with &quot;within&quot;.</failure>
    </testcase>
    <testcase name="3 (line 5) wait 1s" classname="a-report" time="T">
      <skipped/>
    </testcase>
    <system-out/>
    <system-err/>
  </testsuite>
</testsuites>
`)
  })

  test('reports a link that cannot be had as an error of the run', async () => {
    const path = join(workspace, 'error.xml')
    const cli = run(await snippet('no-link', '  - wait: 1s\n'), 'tcp://127.0.0.1:1', '--junit', path)
    expect(await cli.exit).toBe(3)
    expect(await readFile(path, 'utf8')).toMatch(
      /tests="1" failures="0" errors="1" .*\n.*\n {4}<testcase name="run" classname="no-link" time="0.000000">\n {6}<error message="[^"]+" type="LINK_REFUSED">/,
    )
  })
})
