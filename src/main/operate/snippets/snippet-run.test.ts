import { beforeEach, describe, expect, test } from 'vitest'
import { utf8 } from '../../../shared/bytes'
import { ConsoleError } from '../../../shared/errors'
import { MAX_EXECUTED_STEPS } from '../../../shared/model/snippets'
import type { MessageDraft, Snippet, SnippetStep } from '../../../shared/workspace/workspace-types'
import { TraceScript } from '../../../testing/trace-script'
import { settlePromises, VirtualClock } from '../../../testing/virtual-clock'
import { Capture } from '../../capture/capture'
import type { Sender, SendPlace } from '../operate-types'
import { MAX_INBOX_MESSAGES } from './message-inbox'
import { MAX_VARIABLE_LENGTH, type RunEnd, SnippetRun } from './snippet-run'
import type { SnippetWorld } from './snippet-world'
import { flatSteps } from './step-title'

const draft = (route: string, more: Partial<MessageDraft> = {}): MessageDraft => ({
  route,
  kind: 'request',
  priority: 3,
  timeoutMs: 1000,
  headers: {},
  body: null,
  confirms: false,
  expect: '',
  ...more,
})

/** How the device answers a route; `event` lets something else come in first. */
type Answer =
  | { readonly afterMs: number; readonly body: string; readonly isOk?: boolean; readonly event?: string }
  | 'nothing'

let clock: VirtualClock
let capture: Capture
let script: TraceScript
let answers: Record<string, readonly Answer[]>
let sent: { route: string; variables: Record<string, string> }[]
let world: SnippetWorld
let key: number
let hearing: number

function incoming(route: string, body: string): void {
  key += 1
  script.nowMs = clock.nowMs()
  script.opened({ messageKey: key, dir: 'in', kind: 'event', route })
  script.closed({ messageKey: key, dir: 'in' }, body)
}

/** Sends like a link does: what happens is in the trace first, then the promise settles. */
const sender: Sender = {
  send: ({ route, kind, timeoutMs }, { variables }) => {
    const requestKey = ++key
    const turn = sent.filter((each) => each.route === route).length
    sent.push({ route, variables: Object.fromEntries(variables) })
    script.nowMs = clock.nowMs()
    script.opened({ messageKey: requestKey, kind: kind === 'subscribe' ? 'request' : kind, route })
    script.closed({ messageKey: requestKey }, '{}')
    const messageId = capture.messageIdOf(1, requestKey)
    const given = answers[route] ?? []
    const answer = given[Math.min(turn, given.length - 1)] ?? 'nothing'
    if (kind !== 'request') {
      return Promise.resolve({ linkId: 1, messageId, answer: null, roundTripMs: null, problem: null })
    }
    return new Promise((resolve) => {
      if (answer === 'nothing') {
        clock.schedule(clock.nowMs() + timeoutMs, () => {
          script.nowMs = clock.nowMs()
          script.settled({ requestKey, code: 'REQUEST_TIMEOUT' })
          const problem = new ConsoleError('REQUEST_TIMEOUT', `${route} was not answered`)
          resolve({ linkId: 1, messageId, answer: null, roundTripMs: null, problem })
        })
        return
      }
      const { afterMs, body, isOk = true, event } = answer
      clock.schedule(clock.nowMs() + afterMs, () => {
        if (event !== undefined) incoming(event, '{"n": 1}')
        const answerKey = ++key
        script.nowMs = clock.nowMs()
        script.opened({
          messageKey: answerKey,
          dir: 'in',
          kind: 'response',
          route: '',
          answersKey: requestKey,
        })
        script.closed({ messageKey: answerKey, dir: 'in' }, body)
        script.settled({ requestKey, answerKey, roundTripMs: afterMs })
        resolve({
          linkId: 1,
          messageId,
          answer: { messageId: capture.messageIdOf(1, answerKey), isOk, headers: {}, body: utf8(body) },
          roundTripMs: afterMs,
          problem: null,
        })
      })
    })
  },
}

beforeEach(() => {
  clock = new VirtualClock()
  capture = new Capture()
  script = new TraceScript(capture.observe)
  answers = {}
  sent = []
  key = 0
  hearing = 0
  world = {
    clock,
    sender,
    subjects: capture.subjectSource({ nowMs: () => clock.nowMs(), dayStartMs: 0, linkOf: () => undefined }),
    hearMoments: (listener) => {
      hearing += 1
      const end = capture.hearMoments(listener)
      return () => {
        hearing -= 1
        end()
      }
    },
    linkIdOf: () => 1,
    snippet: () => {
      throw new Error('no snippet is asked for here')
    },
    message: (name) => {
      if (name === 'bring-up/read-mtu') return draft('cfg.get', { expect: 'body.value > 0' })
      throw new ConsoleError('WORKSPACE_FILE_UNKNOWN', `there is no file ${name}`)
    },
  }
})

const place = (variables: Record<string, string> = {}): SendPlace => ({
  link: 1,
  variables: new Map(Object.entries(variables)),
})

function started(steps: readonly SnippetStep[], more: Partial<Snippet> = {}, where = place()) {
  const snippet: Snippet = { title: '', variables: {}, timeoutMs: 10_000, steps, ...more }
  const lines = flatSteps(steps).map((_, index) => index + 3)
  const run = new SnippetRun({ snippet, lines }, where, world, { changed: () => {} })
  const ends: RunEnd[] = []
  void run.run().then((end) => ends.push(end))
  return { run, ends }
}

/** Runs to the end, at most until this session time. */
async function through(steps: readonly SnippetStep[], more: Partial<Snippet> = {}, where = place()) {
  const begun = started(steps, more, where)
  for (let atMs = 0; atMs <= 20_000 && begun.ends.length === 0; atMs += 10) await clock.advanceToAsync(atMs)
  await settlePromises()
  expect(begun.ends).toHaveLength(1)
  expect(hearing).toBe(0)
  return { run: begun.run, end: begun.ends[0]! }
}

const send = (message: string | MessageDraft, save = ''): SnippetStep => ({ step: 'send', message, save })
const wait = (waitMs: number): SnippetStep => ({ step: 'wait', waitMs })
const expects = (filter: string, withinMs = 200): SnippetStep => ({ step: 'expect', filter, withinMs })
const set = (variables: Record<string, string>): SnippetStep => ({ step: 'set', variables })
const repeat = (times: number, ...steps: SnippetStep[]): SnippetStep => ({ step: 'repeat', times, steps })
const stopIf = (filter: string, isFailure = false): SnippetStep => ({ step: 'stop-if', filter, isFailure })

describe('an expect', () => {
  test('sees the answer of the last send, and keeps its number', async () => {
    answers['cfg.get'] = [{ afterMs: 3, body: '{"value": 1500}' }]
    const { run, end } = await through([send(draft('cfg.get')), expects('body.value >= 1')])
    expect(end).toMatchObject({ state: 'passed', detail: '2 steps in 3 ms', problem: null })
    expect(run.steps().map(({ state, messageIds }) => [state, messageIds])).toEqual([
      ['passed', [1, 2]],
      ['passed', [2]],
    ])
    expect(run.roundTripMs).toBe(3)
  })

  test('sees the exchange of the last send by its request too', async () => {
    answers['cfg.get'] = [{ afterMs: 3, body: '{"value": 1500}' }]
    const { run, end } = await through([send(draft('cfg.get')), expects('rep.status == "received" and rep')])
    expect(end.state).toBe('passed')
    expect(run.steps()[1]!.messageIds).toEqual([1])
  })

  test('misses nothing that comes between two steps, in whatever order', async () => {
    answers['go'] = [{ afterMs: 5, body: '{}', event: 'started' }]
    const begun = started([
      send(draft('go')),
      wait(100),
      expects('msg.route == "done"'),
      expects('msg.route == "started"'),
      expects('msg.route == "go" and msg.kind == "response"'),
    ])
    await clock.advanceToAsync(50)
    incoming('done', '{}')
    await clock.advanceToAsync(120)
    expect(begun.ends).toMatchObject([{ state: 'passed' }])
  })

  test('gets each message once', async () => {
    const begun = started([repeat(2, expects('msg.route == "tick"', 1000))])
    await clock.advanceToAsync(10)
    incoming('tick', '{}')
    await clock.advanceToAsync(500)
    expect(begun.ends).toEqual([])
    incoming('tick', '{}')
    await clock.advanceToAsync(501)
    expect(begun.ends).toMatchObject([{ state: 'passed' }])
  })

  test('sees nothing from before the last send, and not what the run itself sends', async () => {
    answers['go'] = [{ afterMs: 5, body: '{}' }]
    const begun = started([
      wait(10),
      send(draft('note', { kind: 'event' })),
      expects('msg.route in {"note", "early"}', 50),
    ])
    await clock.advanceToAsync(5)
    incoming('early', '{}')
    await clock.advanceToAsync(100)
    expect(begun.ends).toMatchObject([
      { state: 'failed', problem: { code: 'EXPECTATION_TIMEOUT', exitCode: 4 } },
    ])
  })

  test('says after its time what came instead, with step and line', async () => {
    answers['cfg.get'] = [{ afterMs: 3, body: '{"value": 0}' }]
    const { run, end } = await through([send(draft('cfg.get')), expects('body.value >= 1', 2000)])
    expect(end.detail).toBe(
      'step 2 (line 4): nothing matched "body.value >= 1" within 2s: the answer was #2 cfg.get {"value": 0}',
    )
    expect(run.steps()[1]).toMatchObject({ state: 'failed', totalMs: 2000 })
  })

  test('takes what comes at the last moment, and nothing after it', async () => {
    const inTime = started([expects('late', 100)])
    await clock.advanceToAsync(100 - 1e-6)
    incoming('late', '{}')
    await clock.advanceToAsync(100)
    expect(inTime.ends).toMatchObject([{ state: 'passed' }])
    const tooLate = started([expects('late', 100)])
    await clock.advanceToAsync(200.001)
    incoming('late', '{}')
    await clock.advanceToAsync(201)
    expect(tooLate.ends).toMatchObject([{ state: 'failed' }])
  })

  test('looks at messages of its own link only', async () => {
    const other = new TraceScript(capture.observe, 2)
    const begun = started([expects('tick', 100)])
    await clock.advanceToAsync(1)
    other.opened({ messageKey: 1, dir: 'in', route: 'tick' })
    other.closed({ messageKey: 1, dir: 'in' }, '')
    await clock.advanceToAsync(100)
    expect(begun.ends).toMatchObject([
      { state: 'failed', detail: expect.stringContaining('no message came') },
    ])
  })

  test('counts what came faster than it could be kept', async () => {
    const begun = started([wait(10), expects('never', 10)])
    await clock.advanceToAsync(1)
    for (let count = 0; count < MAX_INBOX_MESSAGES + 7; count++) incoming('tick', '{}')
    await clock.advanceToAsync(30)
    expect(begun.ends[0]!.detail).toContain('; 7 came faster than they could be looked at')
  })

  test('says that everything was cleared meanwhile, and goes on with what comes then', async () => {
    const begun = started([wait(10), expects('tick', 100)])
    await clock.advanceToAsync(1)
    incoming('tick', '{}')
    capture.clear(clock.nowMs())
    await clock.advanceToAsync(50)
    expect(begun.ends).toEqual([])
    incoming('tick', '{}')
    await clock.advanceToAsync(51)
    expect(begun.ends).toMatchObject([{ state: 'passed' }])
  })
})

describe('a send', () => {
  test('fails with the error of the peer', async () => {
    answers['fail'] = [{ afterMs: 2, body: '{"error":"no"}', isOk: false }]
    const { end } = await through([send(draft('fail')), wait(10)])
    expect(end).toMatchObject({ state: 'failed', problem: { code: 'HANDLER_FAILED', exitCode: 5 } })
  })

  test('lets an expect that follows judge an error answer', async () => {
    answers['fail'] = [{ afterMs: 2, body: '{"error":"no"}', isOk: false }]
    const judged = await through([send(draft('fail')), expects('body.error == "no"')])
    expect(judged.end.state).toBe('passed')
    const { end } = await through([send(draft('fail')), expects('body.sum == 3')])
    expect(end).toMatchObject({ problem: { code: 'EXPECTATION_FAILED', exitCode: 5 } })
    expect(end.detail).toContain('the peer answered with an error: {"error":"no"}')
  })

  test('fails when it is never answered', async () => {
    const { end } = await through([send(draft('silent')), expects('msg')])
    expect(end).toMatchObject({ state: 'failed', problem: { code: 'REQUEST_TIMEOUT', exitCode: 4 } })
  })

  test('holds the answer against what its message expects', async () => {
    answers['cfg.get'] = [
      { afterMs: 1, body: '{"value": 3}' },
      { afterMs: 1, body: '{"value": 0}' },
    ]
    const { run, end } = await through([repeat(3, send('bring-up/read-mtu'))])
    expect(end.detail).toBe(
      'step 2 (line 4): the answer is not as expected: body.value > 0; it is #4 cfg.get {"value": 0}',
    )
    expect(end.problem!.code).toBe('EXPECTATION_FAILED')
    expect(run.steps().map(({ state, count }) => [state, count])).toEqual([
      ['failed', 1],
      ['failed', 2],
    ])
  })
})

describe('variables', () => {
  test('come from answers and messages, and go into what is sent and expected', async () => {
    answers['cfg.get'] = [
      { afterMs: 1, body: '{"value": 9007199254740993, "list": [1, "a"], "name": "mtu"}' },
    ]
    const begun = started(
      [
        send(draft('cfg.get'), 'whole'),
        set({
          first: 'reply.body.value',
          list: 'reply.body.list',
          both: '{{key}}-{{first}}',
          words: 'reply is a word here',
          route: 'message.route',
        }),
        send(draft('put', { kind: 'event' })),
        expects('body.n == {{first}}'),
      ],
      { variables: { key: 'default' } },
      place({ key: 'given' }),
    )
    await clock.advanceToAsync(20)
    incoming('now', '{"n": 9007199254740993}')
    await clock.advanceToAsync(21)
    expect(begun.ends).toMatchObject([{ state: 'passed' }])
    expect(sent[1]!.variables).toEqual({
      key: 'given',
      first: '9007199254740993',
      list: '[1,"a"]',
      both: 'given-9007199254740993',
      words: 'reply is a word here',
      route: 'cfg.get',
      whole: '{"value": 9007199254740993, "list": [1, "a"], "name": "mtu"}',
    })
    expect(begun.run.variables().map(([name]) => name)).not.toContain('key') // it may be a secret
  })

  test('that are not there fail their step', async () => {
    answers['cfg.get'] = [{ afterMs: 1, body: '{"value": 1}' }]
    const missing = await through([send(draft('cfg.get')), set({ x: 'reply.body.other' })])
    expect(missing.end.detail).toBe(
      'step 2 (line 4): there is no reply.body.other in #2 cfg.get {"value": 1}',
    )
    const early = await through([set({ x: 'reply.body.other' })])
    expect(early.end.problem!.code).toBe('SNIPPET_VALUE_MISSING')
    const unknown = await through([set({ x: '{{nobody}}' })])
    expect(unknown.end.problem!.code).toBe('VARIABLE_UNKNOWN')
  })

  test('have a longest value', async () => {
    const whole = JSON.stringify('x'.repeat(MAX_VARIABLE_LENGTH - 2))
    answers['long'] = [
      { afterMs: 1, body: whole },
      { afterMs: 1, body: `${whole} ` },
    ]
    expect((await through([send(draft('long'), 'text')])).end.state).toBe('passed')
    expect((await through([send(draft('long'), 'text')])).end.problem!.code).toBe('SNIPPET_VALUE_MISSING')
  })
})

describe('a repeat', () => {
  test('goes on until a stop if holds, and the run goes on behind it', async () => {
    answers['count'] = [1, 2, 3].map((n) => ({ afterMs: 1, body: `{"n": ${n}}` }))
    answers['after'] = [{ afterMs: 1, body: '{}' }]
    const { run, end } = await through([
      repeat(0, send(draft('count')), stopIf('body.n == 3')),
      send(draft('after')),
    ])
    expect(end.state).toBe('passed')
    expect(run.steps().map(({ count, depth }) => [count, depth])).toEqual([
      [1, 0],
      [3, 1],
      [3, 1],
      [1, 0],
    ])
    expect(run.steps()[0]!.detail).toBe('left in round 3')
  })

  test('of nothing but words lets others work, and ends at its limit', async () => {
    const begun = started([repeat(MAX_EXECUTED_STEPS, set({ x: 'y' }))], { timeoutMs: 86_400_000 })
    await settlePromises()
    expect(begun.run.executedSteps).toBeLessThanOrEqual(64)
    begun.run.stop(new ConsoleError('SNIPPET_STOPPED', 'it was stopped'))
    await settlePromises()
    expect(begun.ends).toMatchObject([{ state: 'stopped' }])
  })
})

describe('a stop if', () => {
  test('outside a repeat ends the run, as passed or as failed', async () => {
    answers['cfg.get'] = [{ afterMs: 1, body: '{"value": 9001}' }]
    const passed = await through([send(draft('cfg.get')), stopIf('body.value > 9000'), wait(5000)])
    expect(passed.end).toMatchObject({ state: 'passed', detail: '2 steps in 1 ms' })
    const failed = await through([send(draft('cfg.get')), stopIf('body.value > 9000', true)])
    expect(failed.end).toMatchObject({ state: 'failed', problem: { code: 'SNIPPET_CONDITION', exitCode: 5 } })
    const other = await through([send(draft('cfg.get')), stopIf('body.value > 9001', true)])
    expect(other.end.state).toBe('passed')
  })
})

describe('a run', () => {
  test('ends at its deadline wherever it is', async () => {
    for (const step of [
      wait(60_000),
      expects('never', 60_000),
      send(draft('silent', { timeoutMs: 60_000 })),
    ]) {
      const startedMs = clock.nowMs()
      const begun = started([step], { timeoutMs: 500 })
      await clock.advanceToAsync(startedMs + 499)
      expect(begun.ends).toEqual([])
      await clock.advanceToAsync(startedMs + 500)
      expect(begun.ends).toMatchObject([
        { state: 'failed', problem: { code: 'SNIPPET_TIMEOUT', exitCode: 4 } },
      ])
    }
  })

  test('stops at any moment, once', async () => {
    for (const step of [wait(9000), expects('never', 9000), send(draft('silent', { timeoutMs: 9000 }))]) {
      const begun = started([step, wait(9000)])
      await clock.advanceToAsync(clock.nowMs() + 100)
      begun.run.stop(new ConsoleError('SNIPPET_STOPPED', 'it was stopped'))
      begun.run.stop(new ConsoleError('SNIPPET_STOPPED', 'it was stopped'))
      await clock.advanceToAsync(clock.nowMs() + 20_000)
      expect(begun.ends).toMatchObject([
        { state: 'stopped', detail: expect.stringContaining('it was stopped') },
      ])
      expect(begun.run.steps().map(({ state }) => state)).toEqual(['stopped', 'waiting'])
      expect(hearing).toBe(0)
    }
  })
})
