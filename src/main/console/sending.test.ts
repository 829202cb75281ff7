import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CommandReply } from '../../shared/contract/replies'
import type { DraftCheck } from '../../shared/model/drafts'
import { EMPTY_DRAFT } from '../../shared/workspace/message-file'
import type { MessageDraft } from '../../shared/workspace/workspace-types'
import { testConsole } from '../../testing/test-console'
import { VirtualClock } from '../../testing/virtual-clock'
import { createSimTransport } from '../simulator/sim-transport'
import type { Console } from './console'

let dir: string
let clock: VirtualClock
let core: Console

const build = (): Console =>
  testConsole({
    dir,
    clock,
    transportFor: (address) => {
      if (address.scheme === 'sim') return createSimTransport(address, clock)
      throw new Error('only simulated devices here')
    },
  })

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'netcore-sending-'))
  clock = new VirtualClock()
  core = build()
})
afterEach(async () => {
  await core.close()
  await rm(dir, { recursive: true })
})

const put = async (path: string, text: string | Uint8Array): Promise<void> => {
  await mkdir(dirname(join(dir, path)), { recursive: true })
  await writeFile(join(dir, path), text)
}
const passMs = (ms: number): Promise<void> => clock.advanceToAsync(clock.nowMs() + ms)
async function connect(url = 'sim:demo?name=bench'): Promise<number> {
  const { link } = await core.call('link.open', { url })
  await passMs(1)
  return link.linkId
}
const draft = (given: Partial<MessageDraft>): MessageDraft => ({ ...EMPTY_DRAFT, route: 'echo', ...given })
const send = (
  given: Partial<MessageDraft>,
  environment = '',
  link: string | number = '',
): Promise<CommandReply<'draft.send'>> =>
  core.call('draft.send', { draft: draft(given), environment, link, name: '' })
const check = (given: Partial<MessageDraft>, environment = '', link = ''): Promise<DraftCheck> =>
  core.call('draft.check', { draft: draft(given), environment, link })
const bodyOf = async (messageId: number): Promise<string> => {
  const { bytes } = await core.call('message.body', { messageId, offset: 0, count: 1024 })
  return new TextDecoder().decode(bytes)
}
const history = async (query = '') => (await core.call('history.list', { query, limit: 100 })).entries

describe('a draft that is sent', () => {
  test('has the values of its environment in route, headers and body', async () => {
    await put('environments/bench.yaml', 'variables: {where: echo, n: 512, who: "a\\"b"}')
    await connect()
    const body = { format: 'json', text: '{"n": {{n}}, "who": "{{who}}"}' } as const
    const { messageId } = await send(
      { route: '{{where}}', headers: { user: 'u-{{n}}', dry: true }, body },
      'bench',
    )
    await passMs(200)
    expect(await bodyOf(messageId)).toBe('{"n": 512, "who": "a\\"b"}')
    const { detail } = await core.call('message.detail', { messageId })
    expect(detail).toMatchObject({ route: 'echo', headers: { user: 'u-512', dry: true } })
    expect(await history()).toMatchObject([
      { outcome: 'answered', messageId, link: 'bench', environment: 'bench' },
    ])
  })

  test.each([
    ['msgpack', '{"a": 1}', [0x81, 0xa1, 0x61, 0x01]],
    ['hex', '00 ff 1A', [0x00, 0xff, 0x1a]],
    ['text', 'é', [0xc3, 0xa9]],
  ] as const)('as %s becomes those bytes', async (format, text, bytes) => {
    await connect()
    const { messageId } = await send({ kind: 'event', body: { format, text } })
    await passMs(200)
    const reply = await core.call('message.body', { messageId, offset: 0, count: 100 })
    expect([...reply.bytes]).toEqual(bytes)
    expect(await history()).toMatchObject([{ outcome: 'sent', roundTripMs: null }])
  })

  test('as a file streams the bytes of the file, which begins in the workspace', async () => {
    const bytes = new Uint8Array(300_000).map((_, at) => at * 31)
    await put('files/firmware.bin', bytes)
    await connect('sim:demo?baud=12000000')
    const { messageId } = await send({ body: { format: 'file', text: 'files/firmware.bin' } })
    await passMs(3000)
    const { detail } = await core.call('message.detail', { messageId })
    expect(detail).toMatchObject({ status: 'answered', bodyBytes: 300_000 })
  })

  test('goes to the link of that name, number or profile, or to the only one that is connected', async () => {
    const first = await connect('sim:demo?name=one')
    expect((await send({})).linkId).toBe(first)
    const second = await connect('sim:demo?name=two')
    await put('profiles/left.profile', 'name = left\nurl = sim:demo?name=one\n')
    expect((await send({}, '', 'TWO')).linkId).toBe(second)
    expect((await send({}, '', second)).linkId).toBe(second)
    expect((await send({}, '', 'left')).linkId).toBe(first)
    await expect(send({})).rejects.toMatchObject({ code: 'LINK_UNKNOWN', remedy: 'Say which one: one, two.' })
    await expect(send({}, '', 'three')).rejects.toMatchObject({ code: 'LINK_UNKNOWN' })
  })

  test('is refused under the lock and without a link, and is then not in the history', async () => {
    await expect(send({})).rejects.toMatchObject({ code: 'LINK_NOT_CONNECTED' })
    await connect()
    await core.call('lock.set', { isLocked: true })
    await expect(send({})).rejects.toMatchObject({ code: 'LISTEN_ONLY' })
    expect(await history()).toEqual([])
  })

  test('is refused with a variable that nothing stands for', async () => {
    await connect()
    await expect(send({ route: 'cfg/{{who}}' })).rejects.toMatchObject({
      code: 'VARIABLE_UNKNOWN',
      message: 'route: {{who}} has no value',
      details: { field: 'route', at: 4 },
    })
    await expect(send({}, 'nowhere')).rejects.toMatchObject({ code: 'ENVIRONMENT_UNKNOWN' })
    await put('environments/bad.yaml', 'variables:\n  a: [1]\n')
    await expect(send({}, 'bad')).rejects.toMatchObject({
      code: 'ENVIRONMENT_INVALID',
      message: expect.stringContaining('environments/bad.yaml:2:'),
    })
  })
})

describe('a subscription', () => {
  const count = (n: number, ms: number): Partial<MessageDraft> => ({
    route: 'count',
    kind: 'subscribe',
    body: { format: 'json', text: `{"n": ${n}, "ms": ${ms}}` },
  })
  /** Bodies of all answers in the capture, by the way that the screen finds them. */
  async function answersTo(requestId: number): Promise<string[]> {
    const view = { filter: `req.id == ${requestId}`, marks: [], order: 'time' as const }
    const { rows } = await core.call('list.rows', { view, from: 0, count: 100, fields: [] })
    return rows.flatMap((row) => (row.row === 'message' ? [row.preview] : []))
  }

  test.each([
    ['', 'count'],
    ['?dialect=native', 'count'],
    ['?dialect=netconduit', 'stream:count'],
    ['?dialect=socketd', 'count'],
  ])(
    'over sim:demo%s has each answer as a row that is linked to it, and ends with the peer',
    async (query, route) => {
      await connect(`sim:demo${query}`)
      await passMs(500)
      const { messageId } = await send({ ...count(3, 50), route })
      await passMs(80)
      expect(await history()).toMatchObject([{ outcome: 'waiting', draft: { kind: 'subscribe' } }])
      expect((await answersTo(messageId)).length).toBeLessThan(3)
      await passMs(500)
      expect(await answersTo(messageId)).toEqual(['{"i":1,"n":3}', '{"i":2,"n":3}', '{"i":3,"n":3}'])
      const { detail } = await core.call('message.detail', { messageId })
      expect(detail).toMatchObject({ status: 'answered', partner: { preview: '{"i":3,"n":3}' } })
      expect(await history()).toMatchObject([{ outcome: 'answered', messageId }])
    },
  )

  test('that is stopped takes no more answers, and is well if there was one', async () => {
    await connect()
    const { messageId } = await send(count(100, 50))
    await passMs(220)
    const before = (await answersTo(messageId)).length
    expect(before).toBeGreaterThan(2)
    expect(await core.call('message.cancel', { messageId })).toEqual({ wasCancelled: true })
    await passMs(1000)
    expect((await answersTo(messageId)).length).toBeLessThanOrEqual(before + 1)
    expect((await core.call('message.detail', { messageId })).detail).toMatchObject({
      code: 'REQUEST_CANCELLED',
    })
    expect(await history()).toMatchObject([{ outcome: 'answered', problem: '' }])
  })

  test('fails when no first answer comes in time, and never waits for the second', async () => {
    await connect()
    await send({ ...count(2, 3000), timeoutMs: 500 })
    const late = { route: 'slow', kind: 'subscribe', body: { format: 'json', text: '{"ms": 2000}' } } as const
    const { messageId } = await send({ ...late, timeoutMs: 500 })
    await passMs(1000)
    expect(await history()).toMatchObject([
      { outcome: 'failed', messageId, problem: expect.stringContaining('within 500 ms') },
      { outcome: 'waiting' },
    ])
    await passMs(4000)
    expect(await history()).toMatchObject([{ outcome: 'failed' }, { outcome: 'answered' }])
  })

  test('fails with an error answer, and where nothing can be answered it is refused', async () => {
    await connect()
    await send({ route: 'fail', kind: 'subscribe' })
    await passMs(300)
    expect(await history()).toMatchObject([{ outcome: 'failed' }])
    const raw = await connect('sim:demo?dialect=raw&name=raw')
    await expect(send({ route: 'count', kind: 'subscribe' }, '', raw)).rejects.toMatchObject({
      code: 'REQUESTS_UNSUPPORTED',
    })
  })
})

describe('a draft that is checked', () => {
  test('tells its length, its chunks and its time on the line', async () => {
    await connect('sim:demo?baud=115200&chunk=4096')
    expect(await check({ body: { format: 'text', text: 'x'.repeat(5000) } })).toMatchObject({
      problems: [],
      bytes: 5000,
      chunks: 2,
      wireMs: (5000 * 10_000) / 115_200,
    })
  })

  test('names each mistake at the character as it was written', async () => {
    await put('environments/e.yaml', 'variables: {long: "123456789"}')
    const given = {
      route: '{{nope}}',
      body: { format: 'json', text: '{"a": {{long}}, "b": }' },
      headers: { h: '{{gone}}' },
      expect: 'route ==',
    } as const
    const { problems } = await check(given, 'e', 'no-such-link')
    expect(problems).toMatchObject([
      { field: 'route', at: 0, variable: 'nope' },
      { field: 'headers', header: 'h', at: 0, variable: 'gone' },
      { field: 'body', at: 21 },
      { field: 'expect', at: expect.any(Number) },
      { field: 'link' },
    ])
    for (const { message, remedy } of problems) expect([message, remedy]).not.toContain('')
  })

  test.each([
    ['hex', '00 zz', 3],
    ['msgpack', '{"a": 1', 7],
    ['file', 'not-there.bin', null],
    ['json', '', 0],
  ] as const)('with %s %j says where it is wrong', async (format, text, at) => {
    expect(await check({ body: { format, text } })).toMatchObject({
      bytes: null,
      problems: [{ field: 'body', at }],
    })
  })
})

describe('a secret', () => {
  const VALUE = 'hunter2-hunter2'
  beforeEach(() => put('environments/bench.yaml', 'secrets: [token]\n'))

  test('is sent, and its value stands neither in the workspace nor in anything that a screen gets', async () => {
    await connect()
    expect(await core.call('secrets.list', { environment: 'bench' })).toMatchObject({
      secrets: [{ source: 'none' }],
    })
    await core.call('secret.set', { environment: 'bench', name: 'token', value: VALUE })
    const body = { format: 'text', text: `{{token}} and ${VALUE}` } as const
    const { messageId } = await send({ body, headers: { auth: VALUE } }, 'bench')
    await passMs(200)
    expect(await bodyOf(messageId)).toBe(`${VALUE} and ${VALUE}`)
    const shown = [
      await core.call('secrets.list', { environment: 'bench' }),
      await core.call('workspace.list', { kind: 'environments' }),
      await check({ body: { format: 'json', text: '{{token}} {{token}}' } }, 'bench'),
      await history(),
    ]
    expect(JSON.stringify(shown)).not.toContain('hunter2')
    expect(shown[0]).toEqual({ secrets: [{ environment: 'bench', name: 'token', source: 'file' }] })
    expect(await history()).toMatchObject([
      { draft: { body: { text: '{{token}} and {{token}}' }, headers: { auth: '{{token}}' } } },
    ])
    expect(await readFile(join(dir, 'state/sent.jsonl'), 'utf8')).not.toContain('hunter2')
  })

  test('that is forgotten or not set has no value', async () => {
    await connect()
    await core.call('secret.set', { environment: 'bench', name: 'token', value: VALUE })
    await core.call('secret.forget', { environment: 'bench', name: 'token' })
    await expect(send({ route: '{{token}}' }, 'bench')).rejects.toMatchObject({ code: 'VARIABLE_UNKNOWN' })
    expect((await check({}, 'bench')).variables).toEqual([
      { name: 'token', value: null, isSecret: true, isSet: false },
    ])
  })
})

describe('the history', () => {
  test('outlives the program, in a file that is nobody else’s and that version control leaves alone', async () => {
    await connect()
    await send({ route: 'slow', body: { format: 'json', text: '{"ms": 10}' } })
    await passMs(200)
    await send({ route: 'fail' })
    await passMs(200)
    await core.close()
    core = build()
    expect(await history()).toMatchObject([
      { draft: { route: 'fail' }, outcome: 'failed' },
      { draft: { route: 'slow' }, outcome: 'answered', roundTripMs: expect.any(Number) },
    ])
    expect((await stat(join(dir, 'state/sent.jsonl'))).mode & 0o777).toBe(0o600)
    expect(await readFile(join(dir, 'state/.gitignore'), 'utf8')).toBe('*\n')
  })

  test('is searched by words, and heard of', async () => {
    await connect()
    const feed = core.subscribe('history', { query: 'echo', limit: 10 })
    expect(feed.take()).toEqual({ entries: [], total: 0 })
    const heard = vi.fn()
    feed.onNews(heard)
    await send({ body: { format: 'text', text: 'Blue Whale' } })
    await send({ route: 'count' })
    await passMs(500)
    expect(heard).toHaveBeenCalled()
    expect(feed.take()).toMatchObject({ total: 1 })
    expect(await history('whale echo')).toHaveLength(1)
    expect(await history('whale count')).toEqual([])
    feed.close()
  })

  test('is cleared on request', async () => {
    await connect()
    await send({})
    await core.call('history.clear', {})
    expect(await history()).toEqual([])
  })
})

describe('choices of the screen', () => {
  const read = () => core.call('settings.read', {})

  test('stand in one file that people can read, and two windows do not lose each other’s', async () => {
    await Promise.all([
      core.call('setting.set', { name: 'theme', value: 'dark' }),
      core.call('setting.set', { name: 'chips', value: '[{"name":"a","isOn":true}]' }),
      core.call('setting.set', { name: 'lanes-height', value: '240' }),
    ])
    expect(await readFile(join(dir, 'settings/screen.yaml'), 'utf8')).toBe(
      '# Choices made on the screen. Safe to edit, and to delete.\n\ntheme: dark\nchips:\n  - name: a\n    isOn: true\nlanes-height: "240"\n',
    )
    expect(await read()).toEqual({
      values: { theme: 'dark', chips: '[{"name":"a","isOn":true}]', 'lanes-height': '240' },
      problem: null,
    })
    await core.call('setting.set', { name: 'chips', value: null })
    expect((await read()).values).toEqual({ theme: 'dark', 'lanes-height': '240' })
  })

  test('that another program or a person writes are heard of, and kept', async () => {
    await core.call('setting.set', { name: 'theme', value: 'dark' })
    const feed = core.subscribe('settings', {})
    feed.take()
    await put('settings/screen.yaml', '# mine\ntheme: light # in the sun\n')
    await vi.waitFor(async () => {
      await passMs(300)
      expect(feed.take()).toMatchObject({ values: { theme: 'light' } })
    }, 3000)
    await core.call('setting.set', { name: 'density', value: 'compact' })
    expect(await readFile(join(dir, 'settings/screen.yaml'), 'utf8')).toBe(
      '# mine\ntheme: light # in the sun\ndensity: compact\n',
    )
    feed.close()
  })

  test('in a file with a mistake do not hold, and the file is not overwritten', async () => {
    await put('settings/screen.yaml', 'theme: dark\ntheme: light\n')
    expect(await read()).toMatchObject({ values: {}, problem: { file: 'settings/screen.yaml', line: 2 } })
    await expect(core.call('setting.set', { name: 'a', value: 'b' })).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
      message: expect.stringContaining('settings/screen.yaml:2:1'),
    })
    expect(await readFile(join(dir, 'settings/screen.yaml'), 'utf8')).toBe('theme: dark\ntheme: light\n')
  })
})
