import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { attachEndpoint } from '../src/main/link/endpoint-link'
import { Links } from '../src/main/link/links'
import { loadScript } from '../src/main/operate/replay/load-script'
import { startReplay } from '../src/main/operate/replay/start-replay'
import { SessionTime } from '../src/main/recording/format/session-time'
import { Recorder } from '../src/main/recording/write/recorder'
import { systemDisk } from '../src/main/recording/write/recording-disk'
import { createDemoEndpoint } from '../src/main/simulator/demo-endpoint'
import { transportFor } from '../src/main/simulator/transport-for'
import { seededRandom } from '../src/main/transport/seeded-random'
import { SystemClock } from '../src/main/transport/system-clock'
import { type LinkAddress, parseLinkUrl } from '../src/shared/model/link-url'
import { CliRun } from '../src/testing/cli-run'
import { openPtyPair } from '../src/testing/pty'
import { pattern, sha256 } from './pattern'
import { PythonPeer } from './python-peer'

const SIZE = 20_000
const clock = new SystemClock()

let folder = ''
/** What Python asked us and we asked Python over a pseudo-terminal, as a recording each. */
let asked = ''
let answered = ''
/** Digest of each answer that Python got from us, by the tag of its request. */
const pythonGot = new Map<string, unknown>()
/** Digests of the answers that we got from Python, in order. */
const weGot: string[] = []

const newLinks = (seed: number): Links =>
  new Links({
    clock,
    random: seededRandom(seed),
    transportFor: (address) => transportFor(address, clock),
    reconnect: { isOn: false },
  })

const QUESTIONS = [
  { tag: 'q1', route: 'echo', text: 'from python' },
  { tag: 'q2', route: 'add', json: { a: 20, b: 22 } },
  { tag: 'q3', route: 'big', json: { bytes: SIZE, seed: 3 } },
] as const

/** Lets Python ask, one after the other, and gives what it got. */
async function ask(peer: PythonPeer, take: (tag: string, digest: unknown) => void): Promise<void> {
  for (const question of QUESTIONS) {
    peer.command({ cmd: 'send', ...question })
    const answer = await peer.next('answer', ({ tag }) => tag === question.tag)
    take(question.tag, answer['sha256'])
  }
}

/** What we asked Python, asked by Python. @returns digests of the answers. */
async function askDevice(peer: PythonPeer): Promise<unknown[]> {
  const got: unknown[] = []
  for (const question of [
    { tag: 'd1', route: 'echo', text: 'to python' },
    { tag: 'd2', route: 'add', json: { a: 1, b: 2 } },
    { tag: 'd3', route: 'big', json: { bytes: SIZE, seed: 9 } },
  ] as const) {
    peer.command({ cmd: 'send', ...question })
    got.push((await peer.next('answer', ({ tag }) => tag === question.tag))['sha256'])
  }
  return got
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcore-replay-'))
  asked = join(folder, 'asked.mcap')
  answered = join(folder, 'answered.mcap')
  for (const path of [asked, answered]) {
    const pair = await openPtyPair()
    const peer = await PythonPeer.serial(pair.pathA)
    const links = newLinks(7)
    links.onLink((link) => attachEndpoint(createDemoEndpoint(clock), link))
    const recorder = new Recorder({
      disk: systemDisk,
      clock,
      time: new SessionTime(Date.now()),
      path,
      library: 'interop',
      sessionId: path,
    })
    links.observe(recorder.observe)
    const { link } = links.openLink(`serial:${pair.pathB}?baud=3000000&chunk=4096`)
    await link!.whenConnected()
    if (path === asked) await ask(peer, (tag, digest) => pythonGot.set(tag, digest))
    else {
      for (const [route, body] of [
        ['echo', Buffer.from('to python')],
        ['add', Buffer.from('{"a":1,"b":2}')],
        ['big', Buffer.from(`{"bytes":${SIZE},"seed":9}`)],
      ] as const) {
        weGot.push(sha256((await link!.request({ route, body }).answer).body))
      }
    }
    await links.closeAll()
    await recorder.end()
    await peer.kill()
    await pair.close()
  }
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

const options = { policy: 'reply', speed: 1, seed: 1, stopAtDifference: false, timeoutMs: 5000 } as const

test('what we answered Python is answered again to a new Python, whose ids are others, with the same bodies', async () => {
  expect(pythonGot.get('q3')).toBe(sha256(pattern(SIZE, 3)))
  // Python was at the other end: what we sent is what the device said.
  const script = await loadScript(asked, 'host', null)
  const pair = await openPtyPair()
  const peer = await PythonPeer.serial(pair.pathA)
  const links = newLinks(1)
  const address = parseLinkUrl(`serial:${pair.pathB}?baud=3000000&chunk=4096`)
  const { run, closed } = startReplay({
    ...options,
    links,
    script,
    target: { kind: 'address', address },
    onChange: () => undefined,
  })
  const got = new Map<string, unknown>()
  await ask(peer, (tag, digest) => got.set(tag, digest))
  await closed
  expect(run.progress).toMatchObject({ phase: 'done', sent: 3, total: 3, matched: 3, differences: 0 })
  expect(got).toEqual(pythonGot)
  await peer.kill()
  await pair.close()
})

test('what Python answered us is played as the device to a Python that asks, with the same bodies', async () => {
  const script = await loadScript(answered, 'device', null)
  const links = newLinks(2)
  const started = startReplay({
    ...options,
    links,
    script,
    target: { kind: 'address', address: parseLinkUrl('tcp-listen://127.0.0.1:0') },
    onChange: () => undefined,
  })
  await started.handle.listener!.open()
  const { address } = started.handle
  const peer = PythonPeer.connecting('port' in address ? address.port : 0)
  await peer.next('connected')
  const got = await askDevice(peer)
  await started.closed
  expect(got).toEqual(weGot)
  expect(started.run.progress).toMatchObject({ phase: 'done', sent: 3, matched: 3 })
  await peer.kill()
})

const hashes = new Set<string>()

test.each([1, 1])(
  'by reply to a real Python server the answers are the recorded ones, and the run has one hash',
  async (seed) => {
    const script = await loadScript(answered, 'host', null)
    const { peer, port } = await PythonPeer.listening()
    const links = newLinks(3)
    const { run, closed } = startReplay({
      ...options,
      seed,
      links,
      script,
      target: { kind: 'address', address: parseLinkUrl(`tcp://127.0.0.1:${port}`) },
      onChange: () => undefined,
    })
    await closed
    expect(run.progress).toMatchObject({ phase: 'done', sent: 3, matched: 3, differences: 0 })
    hashes.add(run.progress.hash ?? '')
    expect(hashes.size).toBe(1)
    await peer.kill()
  },
)

test('the command line makes a serial port for the run, at which a real Python gets what the device said', async () => {
  const run = new CliRun(['replay', answered, '--as-device', 'pty:?baud=3000000&chunk=4096', '--jsonl'])
  const { path } = parseLinkUrl(await run.url()) as Extract<LinkAddress, { scheme: 'serial' }>
  const peer = await PythonPeer.serial(path)
  expect(await askDevice(peer)).toEqual(weGot)
  expect(await run.exit).toBe(0)
  expect(run.lines.at(-1)).toMatchObject({ event: 'replayed', state: 'done', sent: 3, matched: 3 })
  await peer.kill()
})
