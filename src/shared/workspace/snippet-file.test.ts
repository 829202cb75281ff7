import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EMPTY_DRAFT } from './message-file'
import {
  DEFAULT_SNIPPET_TIMEOUT_MS,
  DEFAULT_WITHIN_MS,
  formatSnippet,
  MAX_REPEAT_DEPTH,
  MAX_REPEAT_TIMES,
  MAX_SNIPPET_STEPS,
  MAX_SNIPPET_TIMEOUT_MS,
  parseSnippet,
  snippetSummary,
  stepLines,
} from './snippet-file'
import type { Snippet, SnippetStep } from './workspace-types'

const EXAMPLE = `# twice, because the first read warms the cache
title: Read the MTU twice
variables: { key: net.mtu }
timeout: 10s
steps:
  - send: bring-up/read-mtu
    save: whole
  - send: { route: cfg.get, body: { json: { key: "{{key}}" } } }
  - expect: rep.status == "received" or body.value >= 1
    within: 2s
  - set: { first: reply.body.value }
  - wait: 200ms
  - repeat: 3
    steps:
      - expect: body.value == {{first}}
  - repeat: forever
    steps:
      - wait: 1s
      - stop if: body.value > 9000
        fail: true
`

const problemOf = (text: string) => {
  const { problem } = parseSnippet(text, 'snippets/x.yaml')
  if (problem === undefined) throw new Error('it is read without a problem')
  return problem
}
const said = (text: string): string => {
  const { line, column, message, remedy } = problemOf(text)
  return `${line}:${column} ${message} | ${remedy}`
}

describe('a snippet as people write it', () => {
  test('is read with all its steps, comments or not', () => {
    const steps: SnippetStep[] = [
      { step: 'send', message: 'bring-up/read-mtu', save: 'whole' },
      {
        step: 'send',
        message: { ...EMPTY_DRAFT, route: 'cfg.get', body: { format: 'json', text: '{"key":"{{key}}"}' } },
        save: '',
      },
      { step: 'expect', filter: 'rep.status == "received" or body.value >= 1', withinMs: 2000 },
      { step: 'set', variables: { first: 'reply.body.value' } },
      { step: 'wait', waitMs: 200 },
      {
        step: 'repeat',
        times: 3,
        steps: [{ step: 'expect', filter: 'body.value == {{first}}', withinMs: DEFAULT_WITHIN_MS }],
      },
      {
        step: 'repeat',
        times: 0,
        steps: [
          { step: 'wait', waitMs: 1000 },
          { step: 'stop-if', filter: 'body.value > 9000', isFailure: true },
        ],
      },
    ]
    const wanted: Snippet = {
      title: 'Read the MTU twice',
      variables: { key: 'net.mtu' },
      timeoutMs: 10_000,
      steps,
    }
    expect(parseSnippet(EXAMPLE, 'snippets/x.yaml')).toEqual({ value: wanted })
    expect(snippetSummary(wanted)).toBe('Read the MTU twice · 7 steps')
    expect(stepLines(EXAMPLE)).toEqual([6, 8, 9, 11, 12, 13, 15, 16, 18, 19])
  })

  test('keeps its comments when it is written with another value', () => {
    const { value } = parseSnippet(EXAMPLE, '')
    expect(formatSnippet({ ...value!, timeoutMs: 20_000 }, EXAMPLE)).toBe(
      EXAMPLE.replace('timeout: 10s', 'timeout: 20s'),
    )
  })

  test('needs nothing but steps', () => {
    const { value } = parseSnippet('steps: [{wait: 1s}]', '')
    expect(value).toEqual({
      title: '',
      variables: {},
      timeoutMs: DEFAULT_SNIPPET_TIMEOUT_MS,
      steps: [{ step: 'wait', waitMs: 1000 }],
    })
  })
})

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom('a: b', '# c', "it's", '"', '{{x}}', 'yes', '1'),
)
const name = fc.stringMatching(/^[a-z_][a-z0-9_.-]{0,8}$/)
const filter = fc.constantFrom(
  'body.x >= 1',
  'msg.route == "a: b #c"',
  'text contains "it\'s"',
  'body.y == {{x}}',
)
const ms = fc.integer({ min: 1, max: MAX_SNIPPET_TIMEOUT_MS })
const draft = fc.record({
  route: text,
  kind: fc.constantFrom('request' as const, 'subscribe' as const, 'event' as const),
  priority: fc.integer({ min: 0, max: 7 }),
  timeoutMs: fc.integer({ min: 1, max: 3_600_000 }),
  headers: fc.dictionary(name, fc.oneof(text, fc.integer(), fc.boolean()), { maxKeys: 3 }),
  body: fc.option(fc.record({ format: fc.constantFrom('text' as const, 'hex' as const), text })),
  confirms: fc.boolean(),
  expect: text,
})
const { step } = fc.letrec<{ step: SnippetStep }>((tie) => ({
  step: fc.oneof(
    { maxDepth: 3 },
    fc.record({ step: fc.constant('wait' as const), waitMs: ms }),
    fc.record({
      step: fc.constant('send' as const),
      message: fc.oneof(fc.string({ minLength: 1, maxLength: 20 }), draft),
      save: fc.oneof(fc.constant(''), name),
    }),
    fc.record({ step: fc.constant('expect' as const), filter, withinMs: ms }),
    fc.record({ step: fc.constant('set' as const), variables: fc.dictionary(name, text, { maxKeys: 3 }) }),
    fc.record({ step: fc.constant('stop-if' as const), filter, isFailure: fc.boolean() }),
    fc.record({
      step: fc.constant('repeat' as const),
      times: fc.integer({ min: 1, max: MAX_REPEAT_TIMES }),
      steps: fc.array(tie('step'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}))
const snippet: fc.Arbitrary<Snippet> = fc.record({
  title: text,
  variables: fc.dictionary(name, text, { maxKeys: 3 }),
  timeoutMs: ms,
  steps: fc.array(step, { minLength: 1, maxLength: 6 }),
})

test('every snippet is read as it was written, also over an older text', () => {
  fc.assert(
    fc.property(snippet, snippet, (wanted, before) => {
      const written = formatSnippet(wanted)
      expect(parseSnippet(written, '')).toEqual({ value: wanted })
      expect(parseSnippet(formatSnippet(wanted, formatSnippet(before)), '')).toEqual({ value: wanted })
      expect(formatSnippet(wanted)).toBe(written)
    }),
    { numRuns: 30 },
  )
})

describe('a mistake names its place and what to write instead', () => {
  test.each([
    ['steps: []', '1:8 steps must be at least 1 entries | Allowed: at least 1 entries.'],
    ['title: x', '1:1 steps is missing | Add steps: a list (lines that begin with "- ").'],
    [
      'steps:\n  - sned: x',
      '2:5 steps[1]: this is no step | A step begins with one of: send, expect, check, wait, set, repeat, stop if.',
    ],
    [
      'steps:\n  - send: x\n    wait: 1s',
      '3:11 steps[1].wait: "send" and "wait" are two steps | Begin a line of its own with "- " for each step.',
    ],
    [
      'steps:\n  - wait: 5',
      '2:11 steps[1].wait: "5" is no duration | Write a number with its unit: 200ms, 1.5s, 2min, 1h.',
    ],
    ['steps:\n  - wait: 2d', '2:11 steps[1].wait: "2d" is out of bounds | Allowed: 0ms to 24h.'],
    [
      'steps:\n  - expect: body.value >>= 1\n    within: 2s',
      '2:25 steps[1].expect: the filter is wrong at character 13: a value is missing after > | See docs/filter-language.',
    ],
    [
      "steps:\n  - expect: 'text contains ''x'' and msg.rout == 1'",
      '2:38 steps[1].expect: the filter is wrong at character 23: ',
    ],
    [
      'steps:\n  - expect: body.x\n    withn: 2s',
      '3:5 steps[1].withn: "withn" is not known here | Known here: expect, within.',
    ],
    ['steps:\n  - set: {x: reply.nothing}', '2:14 steps[1].set.x: "reply.nothing" is no field of a message'],
    [
      'steps:\n  - send: {rout: x}',
      '2:12 steps[1].send.rout: "rout" is not known here | Known here: route, kind, priority, timeout, headers, body, confirm, expect.',
    ],
    [
      'steps:\n  - repeat: forever\n    steps: [{wait: 1s}]',
      '2:13 steps[1].repeat: this repeat has no end | Add a step "stop if: …" directly below it, or say how often.',
    ],
    [
      'steps:\n  - repeat: 2\n    steps:\n      - wait: 1s\n      - wiat: 1s',
      '5:9 steps[1].steps[2]: this is no step',
    ],
    ['steps:\n  - expect: body.x == "a: b"', '2:13'],
  ])('%j', (written, wanted) => {
    expect(said(written).slice(0, wanted.length)).toBe(wanted)
  })
})

describe('limits', () => {
  const waits = (count: number): string => `steps:\n${'  - wait: 1ms\n'.repeat(count)}`
  const nested = (depth: number): string =>
    `steps: [${'{repeat: 2, steps: ['.repeat(depth)}{wait: 1s}${']}'.repeat(depth)}]`
  test.each([
    ['steps', waits(MAX_SNIPPET_STEPS), waits(MAX_SNIPPET_STEPS + 1), 'at most 500 steps'],
    ['repeats in repeats', nested(MAX_REPEAT_DEPTH), nested(MAX_REPEAT_DEPTH + 1), 'at most 8 deep'],
    [
      'rounds',
      `steps: [{repeat: ${MAX_REPEAT_TIMES}, steps: [{wait: 1s}]}]`,
      `steps: [{repeat: ${MAX_REPEAT_TIMES + 1}, steps: [{wait: 1s}]}]`,
      'repeat',
    ],
    ['time', 'timeout: 24h\nsteps: [{wait: 1s}]', 'timeout: 25h\nsteps: [{wait: 1s}]', 'out of bounds'],
  ])('of %s hold from both sides', (_, good, bad, words) => {
    expect(parseSnippet(good, '').problem).toBeUndefined()
    expect(problemOf(bad).message).toContain(words)
  })
})

test('the example of the guide is a snippet', () => {
  const guide = readFileSync('docs/snippets.md', 'utf8')
  const [, example = ''] = /```yaml\n([^]*?)```/.exec(guide) ?? []
  expect(parseSnippet(example, '').problem).toBeUndefined()
  expect(stepLines(example)).toHaveLength(9)
})
