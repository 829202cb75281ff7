import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  answerWords,
  formatResponder,
  MAX_ANSWER_DELAY_MS,
  MAX_SEQUENCE_ANSWERS,
  MAX_SEQUENCE_DEPTH,
  parseResponder,
  withSwitch,
} from './responder-file'
import type { Responder, ResponderAnswer } from './workspace-types'

const FILE = 'responders/cfg.yaml'
const parsed = (text: string): Responder => {
  const reading = parseResponder(text, FILE)
  if (reading.problem !== undefined) throw new Error(JSON.stringify(reading.problem))
  return reading.value
}
const problem = (text: string) => parseResponder(text, FILE).problem

describe('a responder as a person writes it', () => {
  test('says route and answer; the rest is usual', () => {
    expect(parsed('route: cfg.put\nanswer: echo\n')).toEqual({
      isEnabled: true,
      route: 'cfg.put',
      link: '',
      path: '',
      delayMs: 0,
      filter: '',
      answer: { answer: 'echo' },
    })
  })

  test('may say all of it', () => {
    const text = `
# for the bring-up of rev C
route: cfg.*
enabled: false
link: rig-3
when: body.key == "net.mtu"
delay: 200ms
answer:
  sequence:
    - json: {ok: true, rev: "{{count}}"}
      headers: {x-mock: yes}
    - error: {code: E_BUSY, message: "{{request.route}} is busy"}
    - file: images/app.bin
    - silence
  cyclic: true
`
    expect(parsed(text)).toMatchObject({
      isEnabled: false,
      route: 'cfg.*',
      link: 'rig-3',
      filter: 'body.key == "net.mtu"',
      delayMs: 200,
      answer: {
        answer: 'sequence',
        isCyclic: true,
        answers: [
          { answer: 'body', body: { format: 'json', text: '{"ok":true,"rev":"{{count}}"}' } },
          { answer: 'error', code: 'E_BUSY', message: '{{request.route}} is busy' },
          { answer: 'body', body: { format: 'file', text: 'images/app.bin' } },
          { answer: 'silence' },
        ],
      },
    })
  })

  test('keeps JSON that is written as text as it is written', () => {
    const text = 'route: a\nanswer:\n  json: |\n    {"id": {{request.body.id}}, "n": 9007199254740993}\n'
    expect(parsed(text).answer).toMatchObject({
      body: { text: '{"id": {{request.body.id}}, "n": 9007199254740993}\n' },
    })
  })
})

describe('a mistake names its line and what helps', () => {
  test.each([
    ['answer: echo\n', 1, /route is missing/, /Add route/],
    ['route: a\n', 1, /answer/, /./],
    ['route: a\nanswer: ecco\n', 2, /answer/, /echo/],
    ['route: a\nanswer: {json: {}, text: x}\n', 2, /2 times: json, text/, /one of/],
    ['route: a\nanswer: {}\n', 2, /no body/, /one of: json/],
    ['route: a\npath: demo\nanswer: echo\n', 2, /path.*begin with \//, /\/demo/],
    ['route: a\ndelay: 5\nanswer: echo\n', 2, /delay/, /./],
    ['route: a\ndelay: soon\nanswer: echo\n', 2, /no duration/, /200ms/],
    ['route: a.*.b\nanswer: echo\n', 1, /at the end only/, /cfg\.\*/],
    ['route: a\nanswer: echo\nwhn: x\n', 3, /whn/, /Known here/],
    ['route: a\nanswer:\n  text: "{{request.bdy}}"\n', 3, /request\.bdy/, /request\.body/],
    ['route: a\nanswer:\n\terror: x\n', 3, /./, /spaces/],
  ])('%j', (text, line, message, remedy) => {
    const found = problem(text)
    expect(found).toMatchObject({ file: FILE })
    expect(found?.message).toMatch(message)
    expect(found?.remedy).toMatch(remedy)
    expect(found?.line).toBe(line)
  })

  test('of a sequence too: it is told at its own answer', () => {
    const found = problem('route: a\nanswer:\n  sequence:\n    - echo\n    - error: {message: late}\n')
    expect(found).toMatchObject({ line: 5 })
    expect(found?.message).toMatch(/code/)
  })
})

describe('limits', () => {
  const ofAnswer = (answer: unknown): string => `route: a\nanswer: ${JSON.stringify(answer)}\n`
  const nested = (depth: number): unknown => (depth === 0 ? 'echo' : { sequence: [nested(depth - 1)] })

  test('hold for the delay, and for length and depth of sequences', () => {
    expect(problem(`route: a\ndelay: ${MAX_ANSWER_DELAY_MS}ms\nanswer: echo\n`)).toBeUndefined()
    expect(problem(`route: a\ndelay: ${MAX_ANSWER_DELAY_MS + 1}ms\nanswer: echo\n`)).toBeDefined()
    const many = (count: number): string =>
      ofAnswer({ sequence: Array.from({ length: count }, () => 'echo') })
    expect(problem(many(MAX_SEQUENCE_ANSWERS))).toBeUndefined()
    expect(problem(many(MAX_SEQUENCE_ANSWERS + 1))).toBeDefined()
    expect(problem(ofAnswer(nested(MAX_SEQUENCE_DEPTH)))).toBeUndefined()
    expect(problem(ofAnswer(nested(MAX_SEQUENCE_DEPTH + 1)))?.message).toMatch(/deep/)
  })
})

const text = fc.string({
  unit: fc.constantFrom('a', ' ', ':', '#', '"', "'", '\n', '-', 'é', '\\'),
  maxLength: 20,
})
const single: fc.Arbitrary<ResponderAnswer> = fc.oneof(
  fc.constant<ResponderAnswer>({ answer: 'echo' }),
  fc.constant<ResponderAnswer>({ answer: 'silence' }),
  fc.record({
    answer: fc.constant('error' as const),
    code: fc.constantFrom('E', 'E_BUSY', '5'),
    message: text,
  }),
  fc.record({
    answer: fc.constant('body' as const),
    body: fc.oneof(
      fc.record({ format: fc.constantFrom('text' as const, 'hex' as const), text }),
      fc.record({
        format: fc.constantFrom('json' as const, 'msgpack' as const),
        text: fc.constantFrom(
          '{"a":1}',
          '[1,"x"]',
          '{"n": 9007199254740993}',
          '"word"',
          '{"c": {{count}}}',
          '12',
        ),
      }),
    ),
    headers: fc.dictionary(fc.constantFrom('x-a', 'b'), fc.oneof(text, fc.integer(), fc.boolean())),
  }),
)
const anyResponder: fc.Arbitrary<Responder> = fc.record({
  isEnabled: fc.boolean(),
  route: fc.constantFrom('cfg.put', 'cfg.*', '*', '/device/read', 'a: b'),
  link: text,
  path: fc.constantFrom('', '/', '/demo/x'),
  delayMs: fc.integer({ min: 0, max: MAX_ANSWER_DELAY_MS }),
  filter: text,
  answer: fc.oneof(
    single,
    fc.record({
      answer: fc.constant('sequence' as const),
      answers: fc.array(single, { minLength: 1, maxLength: 3 }),
      isCyclic: fc.boolean(),
    }),
  ),
})

test('what is written is read as the same, and written again the same', () => {
  fc.assert(
    fc.property(anyResponder, (responder) => {
      const written = formatResponder(responder)
      expect(parsed(written)).toEqual(plain(responder))
      expect(formatResponder(parsed(written))).toBe(written)
    }),
    { numRuns: 300 },
  )
})

/** Generated dictionaries have no prototype. */
const plain = (responder: Responder): unknown => JSON.parse(JSON.stringify(responder)) as unknown

test('the switch is set without touching a comment', () => {
  const before = '# mine\nroute: a # which\nanswer:\n  text: |\n    two\n    lines\n'
  const off = withSwitch(before, false)
  expect(parsed(off).isEnabled).toBe(false)
  expect(off).toContain('# mine')
  expect(off).toContain('# which')
  expect(withSwitch(off, true)).toBe(before)
})

test('an answer has a few words', () => {
  expect(answerWords({ answer: 'error', code: 'E', message: '' })).toBe('error E')
  expect(
    answerWords({ answer: 'sequence', answers: [{ answer: 'echo' }, { answer: 'echo' }], isCyclic: false }),
  ).toBe('2 in turn, the last stays')
})

test('the guide shows a responder that is one', () => {
  const guide = readFileSync(new URL('../../../docs/responders.md', import.meta.url), 'utf8')
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(guide) ?? []
  expect(parsed(example)).toMatchObject({ route: 'cfg.*', link: 'rig-3', delayMs: 200, isEnabled: false })
})
