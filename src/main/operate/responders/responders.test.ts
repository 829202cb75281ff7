import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lenientUtf8, utf8 } from '../../../shared/bytes'
import { hasCode } from '../../../shared/errors'
import { peerErrorOf } from '../../../shared/model/peer-error'
import { linksOverMemory, type TracedLink } from '../../../testing/joined-links'
import { settlePromises, type VirtualClock } from '../../../testing/virtual-clock'
import { Capture } from '../../capture/capture'
import { TriggerFilters } from '../../capture/triggers/trigger-filters'
import { Workspace } from '../../workspace/workspace'
import { bodyMaker } from './answer-body'
import { Responders } from './responders'

const MAX_WAITING = 3
let dir: string
let workspace: Workspace
let clock: VirtualClock
let near: TracedLink
let far: TracedLink
let responders: Responders

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'netcore-responders-'))
  mkdirSync(join(dir, 'responders'))
  workspace = new Workspace(dir)
  const joined = linksOverMemory()
  clock = joined.clock
  near = joined.near
  far = joined.far
  const capture = new Capture()
  far.link.observe(capture.observe)
  const subjects = capture.subjectSource({
    nowMs: () => clock.nowMs(),
    dayStartMs: 0,
    linkOf: () => undefined,
  })
  const filters = new TriggerFilters(subjects)
  responders = new Responders({
    clock,
    nowIso: () => '2026-11-21T10:42:07.500Z',
    workspace,
    makeBody: bodyMaker(dir),
    compileFilter: (text) => {
      const filter = filters.compile(text)
      return (messageId) => filters.moveTo(messageId) && filter()
    },
    messageIdOf: (linkId, key) => capture.messageIdOf(linkId, key),
    isLinkNamed: (linkId, name) => linkId === far.link.id && name === 'rig-3',
    maxWaiting: MAX_WAITING,
  })
  responders.serve(far.link)
  near.link.open()
  await settlePromises()
})

afterEach(async () => {
  responders.close()
  await workspace.close()
  rmSync(dir, { recursive: true })
})

async function responder(name: string, text: string): Promise<void> {
  const revision = workspace.find('responders', name)?.revision ?? null
  await workspace.save('responders', name, text, revision)
}

/** What the peer hears: the body as text, or `code: message` of an error; undefined while it hears nothing. */
async function ask(route: string, body = '{}', timeoutMs = 1000): Promise<string | undefined> {
  const { answer } = near.link.request({ route, body: utf8(body), timeoutMs })
  let heard: string | undefined
  answer.then(
    ({ headers, body: bytes }) => {
      const error = peerErrorOf({ headers, body: bytes })
      heard = error === undefined ? lenientUtf8(bytes) : `${error.code}: ${error.message}`
    },
    (error: unknown) => {
      heard = hasCode(error, 'REQUEST_TIMEOUT') ? 'timeout' : String(error)
    },
  )
  await settlePromises()
  return heard ?? waiting(() => heard)
}

const waiting = async (heard: () => string | undefined): Promise<string | undefined> => {
  await clock.advanceToAsync(clock.nowMs() + 50)
  return heard()
}

const stateOf = (name: string) => {
  const found = responders.state().responders.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no responder ${name}`)
  return found
}

describe('a request', () => {
  test('is answered by the responder of its route, and counted', async () => {
    await responder('mtu', 'route: cfg.put\nanswer:\n  json: {ok: true}\n')
    expect(await ask('cfg.put')).toBe('{"ok":true}')
    expect(stateOf('mtu')).toMatchObject({
      requests: 1,
      answered: 1,
      failed: 0,
      lastMessageId: 1,
      kind: 'body',
    })
  })

  test('without a responder gets no answer, as without any of them', async () => {
    await responder('mtu', 'route: cfg.put\nanswer: echo\n')
    expect(await ask('cfg.get')).toBeUndefined()
    expect(stateOf('mtu').requests).toBe(0)
  })

  test('goes to the closest route: the whole one, then the longest beginning', async () => {
    await responder('a', 'route: "*"\nanswer: {text: all}\n')
    await responder('b', 'route: cfg.*\nanswer: {text: cfg}\n')
    await responder('c', 'route: cfg.net.*\nanswer: {text: net}\n')
    await responder('d', 'route: cfg.net.mtu\nanswer: {text: mtu}\n')
    const heard = []
    for (const route of ['x', 'cfg.a', 'cfg.net.a', 'cfg.net.mtu']) heard.push(await ask(route))
    expect(heard).toEqual(['all', 'cfg', 'net', 'mtu'])
  })

  test('passes responders that are off, of another link, or whose filter does not hold', async () => {
    await responder('a', 'route: r\nenabled: false\nanswer: {text: off}\n')
    await responder('b', 'route: r\nlink: rig-4\nanswer: {text: other}\n')
    await responder('c', 'route: r\nwhen: body.n > 5\nanswer: {text: large}\n')
    await responder('d', 'route: r\nlink: rig-3\nanswer: {text: mine}\n')
    expect(await ask('r', '{"n": 3}')).toBe('mine')
    expect(await ask('r', '{"n": 6}')).toBe('large')
  })

  test('hears an error with code and words, and nothing of a silent one', async () => {
    await responder(
      'e',
      'route: e\nanswer:\n  error: {code: E_BUSY, message: "{{request.body.what}} is busy"}\n',
    )
    await responder('s', 'route: s\nanswer: silence\n')
    expect(await ask('e', '{"what": "flash"}')).toBe('E_BUSY: flash is busy')
    expect(await ask('s')).toBeUndefined()
    expect(stateOf('s')).toMatchObject({ requests: 1, answered: 1 })
    await clock.advanceToAsync(clock.nowMs() + 2000)
  })

  test('is given back by an echo, byte for byte', async () => {
    await responder('e', 'route: e\nanswer: echo\n')
    expect(await ask('e', 'any \u0001 bytes')).toBe('any \u0001 bytes')
  })
})

describe('placeholders', () => {
  test('hold values of the request as JSON, whole and within strings', async () => {
    await responder(
      'p',
      'route: p\nanswer:\n  json: |\n    {"id": {{request.body.id}}, "said": "got {{request.body.name}}", "n": {{count}}, "at": {{now}}, "none": {{request.body.x}}}\n',
    )
    expect(await ask('p', '{"id": 9007199254740993, "name": "a \\"b\\"\\\\"}')).toBe(
      '{"id": 9007199254740993, "said": "got a \\"b\\"\\\\", "n": 1, "at": "2026-11-21T10:42:07.500Z", "none": null}',
    )
  })

  test('cannot make what is sent as JSON anything else', async () => {
    await responder('p', 'route: p\nanswer:\n  json: \'{"a": {{request.headers.x}}}\'\n')
    expect(await ask('p')).toBe('{"a": null}')
    await responder('p', 'route: p\nanswer:\n  json: \'{"a": \'\n')
    expect(await ask('p')).toMatch(/^HANDLER_FAILED: the responder p made no answer: /)
    expect(stateOf('p')).toMatchObject({ failed: 1, lastFailure: { code: 'JSON_INVALID' } })
  })
})

describe('a sequence', () => {
  const sequence = (rest: string): string =>
    `route: q\nanswer:\n  sequence: [{text: one}, {text: two}, {error: {code: E}}]\n${rest}`
  const heard = async (times: number): Promise<unknown[]> => {
    const all = []
    for (let time = 0; time < times; time++) all.push(await ask('q'))
    return all
  }

  test('ends with its last answer, which stays', async () => {
    await responder('q', sequence(''))
    expect(await heard(5)).toEqual(['one', 'two', 'E: ', 'E: ', 'E: '])
  })

  test('begins again where it is cyclic; and when its file reads otherwise, but not for the switch', async () => {
    await responder('q', sequence('  cyclic: true\n'))
    expect(await heard(4)).toEqual(['one', 'two', 'E: ', 'one'])
    await responder('q', sequence('  cyclic: true\nenabled: false\n'))
    await responder('q', sequence('  cyclic: true\n'))
    expect(await heard(1)).toEqual(['two'])
    await responder('q', sequence('  cyclic: true\nlink: rig-3\n'))
    expect(await heard(1)).toEqual(['one'])
  })
})

describe('a delay', () => {
  const slow = 'route: s\ndelay: 200ms\nanswer: {text: late}\n'

  test('passes on the clock of the session', async () => {
    await responder('s', slow)
    const asked = near.link.request({ route: 's', body: utf8('{}'), timeoutMs: 5000 })
    let heardAtMs = 0
    void asked.answer.then(() => (heardAtMs = clock.nowMs()))
    const startMs = clock.nowMs()
    await clock.advanceToAsync(startMs + 199)
    expect(stateOf('s')).toMatchObject({ waiting: 1, answered: 0 })
    await clock.advanceToAsync(startMs + 1000)
    expect(heardAtMs - startMs).toBeGreaterThanOrEqual(200)
    expect(heardAtMs - startMs).toBeLessThan(210)
    expect(stateOf('s')).toMatchObject({ waiting: 0, answered: 1 })
  })

  test('lets only so many answers wait; the next hears that it is too much', async () => {
    await responder('s', slow)
    const heard: (string | undefined)[] = []
    for (let request = 0; request <= MAX_WAITING; request++) {
      const { answer } = near.link.request({ route: 's', body: utf8('{}'), timeoutMs: 5000 })
      void answer.then(({ headers, body }) => heard.push(peerErrorOf({ headers, body })?.code))
    }
    await clock.advanceToAsync(clock.nowMs() + 100)
    expect(heard).toEqual(['ENDPOINT_BUSY'])
    await clock.advanceToAsync(clock.nowMs() + 200)
    expect(heard).toEqual(['ENDPOINT_BUSY', undefined, undefined, undefined])
    expect(stateOf('s')).toMatchObject({ requests: 4, answered: 3, failed: 1 })
    expect(stateOf('s').lastFailure?.code).toBe('RESPONDER_BUSY')
  })

  test('ends with the connection: nothing waits for a peer that is gone', async () => {
    await responder('s', slow)
    near.link.request({ route: 's', body: utf8('{}'), timeoutMs: 5000 })
    await clock.advanceToAsync(clock.nowMs() + 20)
    expect(stateOf('s').waiting).toBe(1)
    void near.link.close()
    await clock.advanceToAsync(clock.nowMs() + 20)
    expect(stateOf('s')).toMatchObject({ waiting: 0, answered: 0 })
  })
})

describe('an answer from a file', () => {
  test('is its bytes, also of a large one', async () => {
    const bytes = new Uint8Array(300_000).map((_, at) => at % 251)
    writeFileSync(join(dir, 'image.bin'), bytes)
    await responder('f', 'route: f\nanswer: {file: image.bin}\n')
    const { answer } = near.link.request({ route: 'f', body: utf8('{}'), timeoutMs: 5000 })
    let got: Uint8Array | undefined
    void answer.then(({ body }) => (got = body))
    await clock.advanceToAsync(clock.nowMs() + 1000)
    expect(got === undefined ? 0 : Buffer.compare(got, bytes)).toBe(0)
    expect(got?.length).toBe(bytes.length)
  })

  test('that is not there is told to both sides', async () => {
    await responder('f', 'route: f\nanswer: {file: nowhere.bin}\n')
    expect(await ask('f')).toMatch(/^HANDLER_FAILED: .*nowhere\.bin/)
    expect(stateOf('f').lastFailure?.code).toBe('FILE_UNREADABLE')
  })
})

describe('files', () => {
  test('with a mistake keep their place and harm no other', async () => {
    await responder('a', 'route: a\nanswer: echo\n')
    await responder('b', 'route: b\nanswer: ecco\n')
    await responder('c', 'route: c\nwhen: msg.rout == 1\nanswer: echo\n')
    expect(stateOf('b')).toMatchObject({ isEnabled: false, problem: { file: 'responders/b.yaml', line: 2 } })
    expect(stateOf('c').problem?.message).toMatch(/filter/)
    expect(await ask('a', 'x')).toBe('x')
    await responder('b', 'route: b\nanswer: echo\n')
    expect(stateOf('b').problem).toBeNull()
    expect(await ask('b', 'y')).toBe('y')
  })

  test('that are removed answer no more', async () => {
    await responder('a', 'route: a\nanswer: echo\n')
    await workspace.remove('responders', 'a', workspace.read('responders', 'a').revision)
    expect(responders.state().responders).toEqual([])
    expect(await ask('a')).toBeUndefined()
  })
})
