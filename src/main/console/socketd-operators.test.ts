import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MessageRow } from '../../shared/model/views'
import { EMPTY_DRAFT } from '../../shared/workspace/message-file'
import type { MessageDraft } from '../../shared/workspace/workspace-types'
import { operatorFiles } from '../../testing/operator-files'
import { VirtualClock } from '../../testing/virtual-clock'
import { Links } from '../link/links'
import { PortWatch } from '../link/port-watch'
import { createMemoryNetwork } from '../transport/memory'
import { seededRandom } from '../transport/seeded-random'
import { ProfileFolder, profilesDir } from '../workspace/profile-folder'
import { TerminalLogs } from '../workspace/terminal-logs'
import { TriggerFile, triggersPath } from '../workspace/trigger-file'
import { Workspace } from '../workspace/workspace'
import { Console } from './console'

/** One console at both ends of a Socket.D connection: `near` asks, and the peer of the listener answers by its responders. */
const LISTENER = 'tcp-listen://127.0.0.1:8602?dialect=socketd'
const CLIENT = 'sd:tcp://127.0.0.1:8602/demo?u=a#name=near'

let dir: string
let clock: VirtualClock
let core: Console

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'netcore-socketd-'))
  await put('responders/info.yaml', 'route: info\nanswer:\n  json: {ok: true, n: "{{count}}"}\n')
  clock = new VirtualClock()
  const network = createMemoryNetwork()
  core = new Console({
    links: new Links({
      clock,
      random: seededRandom(7),
      transportFor: ({ scheme }) => (scheme === 'tcp-listen' ? network.listening : network.transport),
    }),
    app: {
      name: 'Netcore Console',
      version: '0',
      host: 'web',
      runtime: '',
      platform: '',
      startedAtIso: '2026-11-21T12:00:00.000Z',
    },
    ports: new PortWatch({ clock, list: () => Promise.resolve([]) }),
    checkMachine: () => Promise.resolve([]),
    logs: new TerminalLogs(join(dir, 'logs')),
    profiles: new ProfileFolder(profilesDir(dir)),
    triggers: new TriggerFile(triggersPath(dir)),
    workspace: new Workspace(dir),
    ...operatorFiles(dir),
    recents: { load: () => Promise.resolve([]), save: () => Promise.resolve() },
    nowIso: () => '2026-11-21T12:00:00.000Z',
    onProblem: (problem) => {
      throw problem
    },
  })
})
afterEach(async () => {
  await core.close()
  await rm(dir, { recursive: true })
})

const put = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(join(dir, path)), { recursive: true })
  await writeFile(join(dir, path), text)
}
const passMs = (ms: number): Promise<void> => clock.advanceToAsync(clock.nowMs() + ms)
async function connect(): Promise<void> {
  await core.call('link.open', { url: LISTENER })
  await passMs(1)
  await core.call('link.open', { url: CLIENT })
  await passMs(20)
}
const send = (given: Partial<MessageDraft>) =>
  core.call('draft.send', {
    draft: { ...EMPTY_DRAFT, route: 'info', ...given },
    environment: '',
    link: 'near',
    name: '',
  })
/** What passed, at both ends. */
async function rows(): Promise<MessageRow[]> {
  return (await core.call('messages.rows', { from: 0, count: 200 })).rows
}
const outcomes = async () =>
  (await core.call('history.list', { query: '', limit: 10 })).entries.map(({ outcome }) => outcome)

test('a responder answers a request and a subscription of a Socket.D peer', async () => {
  await connect()
  await send({})
  await passMs(50)
  await send({ kind: 'subscribe' })
  await passMs(50)
  expect(await outcomes()).toEqual(['answered', 'answered'])
  const heard = (await rows()).filter(({ kind, dir: way }) => kind === 'response' && way === 'in')
  expect(heard.map(({ preview }) => preview)).toEqual(['{"ok":true,"n":"1"}', '{"ok":true,"n":"2"}'])
})

test('a caching rule serves a second request of a Socket.D link, and never a subscription', async () => {
  await connect()
  await core.call('cache.rule', { route: 'info', link: '', serveMs: 5000, headers: [], isEnabled: true })
  await send({})
  await passMs(50)
  expect(await send({})).toMatchObject({ cached: { preview: '{"ok": true, "n": "1"}' } })
  await send({ kind: 'subscribe' })
  await passMs(50)
  expect(await outcomes()).toEqual(['answered', 'cached', 'answered'])
  const asked = (await rows()).filter(({ kind, dir: way }) => kind === 'request' && way === 'out')
  expect(asked).toHaveLength(2)
})

test('a task asks over a Socket.D link on its grid', async () => {
  await connect()
  const text = 'every: 100ms\nsend: {route: info}\nlink: near\n'
  await core.call('workspace.save', { kind: 'tasks', name: 'poll', text, revision: null })
  const before = clock.nowMs()
  await passMs(350)
  const asked = (await rows()).filter(({ kind, dir: way }) => kind === 'request' && way === 'out')
  expect(asked.map(({ openedMs }) => Math.round((openedMs - before) / 100))).toEqual([1, 2, 3])
  expect(asked.map(({ status }) => status)).toEqual(['answered', 'answered', 'answered'])
})
