import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { MessageRow } from '../../shared/model/views'
import { EMPTY_DRAFT } from '../../shared/workspace/message-file'
import type { MessageDraft } from '../../shared/workspace/workspace-types'
import { testConsole } from '../../testing/test-console'
import { VirtualClock } from '../../testing/virtual-clock'
import { createMemoryNetwork } from '../transport/memory'
import type { Console } from './console'

/** One console at both ends of a connection: `near` asks, and the peer of the listener answers by its responders. */
interface Ends {
  readonly dialect: string
  readonly listener: string
  readonly client: string
  readonly route: string
}
const SOCKETD: Ends = {
  dialect: 'socketd',
  listener: 'tcp-listen://127.0.0.1:8602?dialect=socketd',
  client: 'sd:tcp://127.0.0.1:8602/demo?u=a#name=near',
  route: 'info',
}
const NETCONDUIT: Ends = {
  dialect: 'netconduit',
  listener: 'tcp-listen://127.0.0.1:8602?dialect=netconduit&password=secret',
  client: 'tcp://127.0.0.1:8602?dialect=netconduit&password=secret&name=near',
  route: 'rpc:info',
}

let dir: string
let clock: VirtualClock
let core: Console
/** Link of the one that asks. */
let near: number

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'netcore-operators-'))
  clock = new VirtualClock()
  const network = createMemoryNetwork()
  core = testConsole({
    dir,
    clock,
    transportFor: ({ scheme }) => (scheme === 'tcp-listen' ? network.listening : network.transport),
  })
})
afterEach(async () => {
  await core.close()
  await rm(dir, { recursive: true })
})

const passMs = (ms: number): Promise<void> => clock.advanceToAsync(clock.nowMs() + ms)
async function connect({ listener, client, route }: Ends): Promise<void> {
  const text = `route: "${route}"\nanswer:\n  json: {ok: true, n: "{{count}}"}\n`
  await core.call('workspace.save', { kind: 'responders', name: 'info', text, revision: null })
  await core.call('link.open', { url: listener })
  await passMs(1)
  const { link } = await core.call('link.open', { url: client })
  near = link.linkId
  await passMs(20)
}
const send = (given: Partial<MessageDraft> & Pick<MessageDraft, 'route'>) =>
  core.call('draft.send', {
    draft: { ...EMPTY_DRAFT, ...given },
    environment: '',
    link: 'near',
    name: '',
  })
/** What passed, at both ends. */
async function rows(): Promise<MessageRow[]> {
  return (await core.call('messages.rows', { from: 0, count: 200 })).rows
}
const asked = async () => (await rows()).filter(({ kind, dir: way }) => kind === 'request' && way === 'out')
const answers = async (): Promise<unknown[]> =>
  (await rows())
    .filter(({ kind, dir: way }) => kind === 'response' && way === 'in')
    .map(({ preview }) => JSON.parse(preview) as unknown)
const outcomes = async () =>
  (await core.call('history.list', { query: '', limit: 10 })).entries.map(({ outcome }) => outcome)

describe.each([SOCKETD, NETCONDUIT])('over $dialect', (ends) => {
  const { route } = ends

  test('a responder answers a request', async () => {
    await connect(ends)
    await send({ route })
    await passMs(50)
    expect(await outcomes()).toEqual(['answered'])
    expect(await answers()).toEqual([{ ok: true, n: '1' }])
  })

  test('a caching rule serves a second request', async () => {
    await connect(ends)
    await core.call('cache.rule', { route, link: '', serveMs: 5000, headers: [], isEnabled: true })
    await send({ route })
    await passMs(50)
    const { cached } = await send({ route })
    expect(JSON.parse(cached?.preview ?? '')).toEqual({ ok: true, n: '1' })
    expect(await outcomes()).toEqual(['cached', 'answered'])
    expect(await asked()).toHaveLength(1)
  })

  test('a task asks on its grid', async () => {
    await connect(ends)
    const text = `every: 100ms\nsend: {route: "${route}"}\nlink: near\n`
    await core.call('workspace.save', { kind: 'tasks', name: 'poll', text, revision: null })
    const before = clock.nowMs()
    await passMs(350)
    const requests = await asked()
    expect(requests.map(({ openedMs }) => Math.round((openedMs - before) / 100))).toEqual([1, 2, 3])
    expect(requests.map(({ status }) => status)).toEqual(['answered', 'answered', 'answered'])
  })
})

test('a responder for a path answers sessions of that path alone, and goes before one for all', async () => {
  await connect(SOCKETD)
  const save = (name: string, text: string) =>
    core.call('workspace.save', { kind: 'responders', name, text, revision: null })
  await save('all', 'route: "*"\nanswer: {json: {from: all}}\n')
  await save('demo', 'route: "*"\npath: /demo\nanswer: {json: {from: demo}}\n')
  await save('other', 'route: "*"\npath: /other\nanswer: {json: {from: other}}\n')
  await send({ route: 'who' })
  await passMs(50)
  await core.call('link.open', { url: SOCKETD.client.replace('/demo?u=a#name=near', '/lab#name=lab') })
  await passMs(20)
  const draft = { ...EMPTY_DRAFT, route: 'who' }
  await core.call('draft.send', { draft, environment: '', link: 'lab', name: '' })
  await passMs(50)
  expect(await answers()).toEqual([{ from: 'demo' }, { from: 'all' }])
})

test('a responder answers a subscription of a Socket.D peer, which no caching rule serves', async () => {
  await connect(SOCKETD)
  const { route } = SOCKETD
  await core.call('cache.rule', { route, link: '', serveMs: 5000, headers: [], isEnabled: true })
  for (const kind of ['request', 'subscribe'] as const) {
    await send({ route, kind })
    await passMs(50)
  }
  expect(await outcomes()).toEqual(['answered', 'answered'])
  expect(await answers()).toEqual([
    { ok: true, n: '1' },
    { ok: true, n: '2' },
  ])
})

test('bytes sent as a subscription subscribe: both ends show it, and a filter finds it', async () => {
  await connect(SOCKETD)
  const text = 'route: "*"\npath: /demo\nwhen: msg.subscription == true\nanswer: {json: {to: a subscriber}}\n'
  await core.call('workspace.save', { kind: 'responders', name: 'many', text, revision: null })
  const message = { linkId: near, route: 'info', headers: { who: 'me' }, priority: 3, timeoutMs: 5000 }
  for (const kind of ['subscribe', 'request'] as const) {
    await core.call('message.send', { ...message, kind, body: new Uint8Array([123, 125]) })
    await passMs(50)
  }
  const requests = (await rows()).filter(({ kind }) => kind === 'request')
  expect(
    requests.map(({ dir: way, isSubscription, status }) => `${way} ${isSubscription} ${status}`),
  ).toEqual(['out true answered', 'in true received', 'out false answered', 'in false received'])
  expect(await answers()).toEqual([{ to: 'a subscriber' }, { ok: true, n: '1' }])
  const { detail } = await core.call('message.detail', { messageId: requests[1]!.id })
  expect(detail.headers).toEqual({ who: 'me' })
})
