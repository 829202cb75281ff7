import { describe, expect, test } from 'vitest'
import { actionWords, formatTask, parseTask, triggerWords } from './task-file'
import type { TaskFile } from './workspace-types'

const usual: TaskFile = {
  isEnabled: true,
  trigger: { when: 'every', intervalMs: 500, jitterMs: 0 },
  action: { action: 'send', message: 'status/poll' },
  link: '',
  environment: '',
  overrun: 'skip',
  disconnected: 'hold',
  stopWhen: '',
}
const problem = (text: string) => parseTask(text, 'tasks/a.yaml').problem

describe('a task in its file', () => {
  test('is read as people write it', () => {
    const text = [
      '# asks twice a second',
      'every: 500ms',
      'jitter: 20ms',
      'snippet: soak/status',
      'link: STM32',
      'environment: rig-3',
      'overrun: queue',
      'while down: drop',
      'stop when: body.err != 0',
      'enabled: false',
    ].join('\n')
    expect(parseTask(text, 'tasks/a.yaml')).toEqual({
      value: {
        isEnabled: false,
        trigger: { when: 'every', intervalMs: 500, jitterMs: 20 },
        action: { action: 'snippet', snippet: 'soak/status' },
        link: 'STM32',
        environment: 'rig-3',
        overrun: 'queue',
        disconnected: 'drop',
        stopWhen: 'body.err != 0',
      },
    })
  })

  test.each<[string, Partial<TaskFile>, string]>([
    ['an interval', {}, 'every: 500ms\nsend: status/poll\n'],
    [
      'a delay and a cache entry',
      {
        trigger: { when: 'after', delayMs: 5000 },
        action: {
          action: 'cache',
          change: { operation: 'set', key: 'dev/mtu', value: '512', ttlMs: 30_000 },
        },
      },
      'after: 5s\ncache:\n  set: dev/mtu\n  value: "512"\n  ttl: 30s\n',
    ],
    [
      'a rule of the calendar and the end of an entry',
      {
        trigger: { when: 'cron', expression: '0 22 * * *' },
        action: { action: 'cache', change: { operation: 'expire', key: 'dev/mtu' } },
        isEnabled: false,
      },
      'cron: 0 22 * * *\ncache:\n  expire: dev/mtu\nenabled: false\n',
    ],
    [
      'a filter',
      {
        trigger: { when: 'filter', filter: 'msg.route == "cfg.put"', cooldownMs: 50 },
        action: { action: 'cache', change: { operation: 'clear' } },
        overrun: 'parallel',
        disconnected: 'fail',
      },
      'on: msg.route == "cfg.put"\ncooldown: 50ms\ncache:\n  clear: true\noverrun: parallel\nwhile down: fail\n',
    ],
  ])('%s is written so that reading gives it back', (_, changes, text) => {
    const task = { ...usual, ...changes }
    expect(formatTask(task)).toBe(text)
    expect(parseTask(text, 'tasks/a.yaml')).toEqual({ value: task })
  })

  test('a message written within it comes back', () => {
    const { value } = parseTask(
      'every: 1s\nsend:\n  route: cfg.put\n  body: {json: {a: 1}}\n',
      'tasks/a.yaml',
    )
    expect(value?.action).toMatchObject({
      message: { route: 'cfg.put', body: { format: 'json', text: '{"a":1}' } },
    })
    expect(parseTask(formatTask(value!), 'tasks/a.yaml')).toEqual({ value })
    expect(actionWords(value!.action)).toBe('sends cfg.put')
    expect(triggerWords(value!.trigger)).toBe('every 1 s')
  })

  test('a change keeps the comments and the order of the person who wrote it', () => {
    const text = '# why\nsend: status/poll # the small one\nevery: 500ms\n'
    expect(formatTask({ ...usual, isEnabled: false }, text)).toBe(
      '# why\nsend: status/poll # the small one\nevery: 500ms\nenabled: false\n',
    )
  })

  test.each([
    ['every: 500\nsend: a', 1, 'every must be text'],
    ['every: fast\nsend: a', 1, 'every: "fast" is no duration'],
    ['every: 9ms\nsend: a', 1, 'every: 9ms is not between 10ms and 720h'],
    ['every: 31d\nsend: a', 1, 'every: 744h is not between 10ms and 720h'],
    ['send: a\ncron: 0 22 * *', 2, 'cron: "0 22 * *" is no cron rule'],
    ['send: a\non: msg.rute == "a"', 2, 'on: the filter is wrong at character 1'],
    ['send: a', 1, 'it does not say when it runs'],
    ['every: 1s', 1, 'it does not say what to do'],
    ['every: 1s\nsend: a\nafter: 2s', 1, 'every: says when it runs 2 times'],
    ['every: 1s\nsend: a\nsnippet: b', 3, 'snippet: says what to do 2 times'],
    ['after: 1s\nsend: a\njitter: 5ms', 3, 'jitter: belongs to "every"'],
    ['every: 1s\nsend: a\njitter: 1s', 3, 'jitter: is not below the interval'],
    ['every: 1s\nsend: a\ncooldown: 1s', 3, 'cooldown: belongs to "on"'],
    ['on: ~q\nsend: a\ncooldown: 49ms', 3, 'cooldown: 49ms is not between'],
    ['every: 1s\ncache: {set: a}', 2, 'cache: "set" needs a value'],
    ['every: 1s\ncache: {touch: a, ttl: 1s}', 2, 'cache: "value" and "ttl" belong to "set"'],
    ['every: 1s\ncache: {touch: a, expire: b}', 2, 'cache: says not what to do'],
    ['every: 1s\nsend: a\nwhile down: wait', 3, 'while down must be one of hold, drop, fail'],
    ['every: 1s\nsend: a\nevry: 2s', 3, '"evry" is not known here'],
  ])('%j names its line, and says what helps', (text, line, message) => {
    const found = problem(text)
    expect([found?.line, found?.message.startsWith(message) || found?.message]).toEqual([line, true])
    expect(found?.remedy).not.toBe('')
  })
})
