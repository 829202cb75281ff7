import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { type Environment, type MessageDraft } from './workspace-types'
import { formatEnvironment, parseEnvironment } from './environment-file'
import { EMPTY_DRAFT, formatMessage, parseMessage } from './message-file'
import { formatYaml, type YamlMapping } from './write-yaml'

const anyText = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc
    .array(
      fc.constantFrom(
        'a',
        ' ',
        '\n',
        '\t',
        '\r',
        '#',
        ': ',
        '- ',
        '"',
        "'",
        '{{x}}',
        '|',
        '\\',
        'ü',
        '\u2028',
        '\ufeff',
        '---\n',
        '...\n',
        '~',
        '0x1',
        'no',
      ),
    )
    .map((parts) => parts.join('')),
)
const key = fc.oneof(
  anyText.filter((name) => name !== '' && name !== '__proto__'),
  fc.constantFrom('constructor', 'null', '1', 'true', '<<'),
)
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))

const draft: fc.Arbitrary<MessageDraft> = fc.record({
  route: anyText,
  kind: fc.constantFrom('request', 'subscribe', 'event', 'bytes'),
  priority: fc.integer({ min: 0, max: 7 }),
  timeoutMs: fc.oneof(fc.integer({ min: 1, max: 3_600_000 }), fc.constantFrom(1000, 60_000, 3_600_000)),
  headers: fc.dictionary(key, fc.oneof(anyText, number, fc.boolean(), fc.constant(null)), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
  body: fc.option(
    fc.oneof(
      fc.record({ format: fc.constantFrom('json', 'msgpack', 'text', 'hex'), text: anyText }),
      fc.record({ format: fc.constantFrom('json', 'msgpack'), text: fc.json() }),
      fc.record({ format: fc.constant('file'), text: anyText.filter((path) => path !== '') }),
    ),
  ),
  confirms: fc.boolean(),
  expect: anyText,
})
const variable = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,20}$/).filter((name) => !name.startsWith('__'))
const environment: fc.Arbitrary<Environment> = fc
  .record({
    variables: fc.dictionary(variable, anyText, { noNullPrototype: true }),
    secrets: fc.uniqueArray(variable, { maxLength: 5 }),
  })
  .map(({ variables, secrets }) => ({
    variables,
    secrets: secrets.filter((name) => !Object.hasOwn(variables, name)),
  }))

describe('a file that was written', () => {
  test('is read back as the same message', () => {
    fc.assert(
      fc.property(draft, (given) => {
        const text = formatMessage(given)
        expect(parseMessage(text, 'm.yaml')).toEqual({ value: given })
        expect(formatMessage(given, text)).toBe(text)
      }),
      { numRuns: 300 },
    )
  })

  test('is read back as the same environment', () => {
    fc.assert(
      fc.property(environment, (given) => {
        expect(parseEnvironment(formatEnvironment(given), 'e.yaml')).toEqual({ value: given })
      }),
      { numRuns: 200 },
    )
  })

  test('says the new thing whatever it said before', () => {
    fc.assert(
      fc.property(draft, draft, (before, after) => {
        expect(parseMessage(formatMessage(after, formatMessage(before)), 'm.yaml')).toEqual({ value: after })
      }),
      { numRuns: 200 },
    )
  })

  test('holds nested data of any shape', () => {
    const data = fc.letrec<{ value: YamlMapping }>((tie) => ({
      value: fc.dictionary(
        key,
        fc.oneof(
          { maxDepth: 3 },
          anyText,
          number,
          fc.boolean(),
          fc.constant(null),
          fc.array(fc.oneof(anyText, number, tie('value')), { maxLength: 3 }),
          tie('value'),
        ),
        { maxKeys: 4, noNullPrototype: true },
      ),
    })).value
    fc.assert(
      fc.property(data, data, (first, second) => {
        const text = formatYaml(second, formatYaml(first))
        expect(parseDocument(text, { stringKeys: true }).toJS()).toEqual(second)
      }),
      { numRuns: 200 },
    )
  })
})

describe('a message in a file', () => {
  test('is what a person would write', () => {
    const given: MessageDraft = {
      ...EMPTY_DRAFT,
      route: 'cfg.put',
      priority: 1,
      timeoutMs: 5000,
      headers: { user: '{{user}}', dry: false },
      body: { format: 'json', text: '{\n  "mtu": {{mtu}}\n}' },
      confirms: true,
      expect: 'ok',
    }
    expect(formatMessage(given)).toBe(
      [
        'route: cfg.put',
        'priority: 1',
        'timeout: 5s',
        'headers:',
        '  user: "{{user}}"',
        '  dry: false',
        'body:',
        '  json: |-',
        '    {',
        '      "mtu": {{mtu}}',
        '    }',
        'confirm: true',
        'expect: ok',
        '',
      ].join('\n'),
    )
    expect(formatMessage({ ...EMPTY_DRAFT, route: 'echo' })).toBe('route: echo\n')
  })

  test('may have its JSON as YAML', () => {
    const text = 'route: a\nbody:\n  msgpack:\n    mtu: 512 # bytes\n    modes: [a, null]\n'
    expect(parseMessage(text, 'm.yaml').value?.body).toEqual({
      format: 'msgpack',
      text: '{"mtu":512,"modes":["a",null]}',
    })
  })

  test('keeps comments, order and style of what did not change when it is saved again', () => {
    const before = [
      '# Raises the MTU.',
      "timeout: '5s'",
      'route: cfg.put   # see the manual',
      'headers: {user: me}',
      '',
      '# the new value',
      'body:',
      '  # in bytes',
      '  json: "{}"',
      '',
    ].join('\n')
    const draft = parseMessage(before, 'm.yaml').value ?? EMPTY_DRAFT
    const after = formatMessage(
      { ...draft, route: 'cfg.set', priority: 2, body: { format: 'json', text: '[1, 2]' } },
      before,
    )
    expect(after).toBe(
      [
        '# Raises the MTU.',
        "timeout: '5s'",
        'route: cfg.set # see the manual',
        'headers: { user: me }',
        '',
        '# the new value',
        'body:',
        '  # in bytes',
        '  json: "[1, 2]"',
        'priority: 2',
        '',
      ].join('\n'),
    )
  })

  test.each([
    ['route: a\ntimeout: 30', 2, 10, 'timeout must be text'],
    ['route: a\ntimeout: soon', 2, 10, 'timeout: "soon" is no duration'],
    ['route: a\nbody:\n  json: 1\n  hex: "00"', 3, 3, expect.stringContaining('json, hex')],
    ['route: a\nbody:\n  json: {a: 12345678901234567890}', 3, 3, expect.stringContaining('lose digits')],
    ['route: a\nbody: {}', 2, 7, expect.stringContaining('body')],
    ['route: a\nheaders:\n  x: [1]', 3, 6, expect.stringContaining('headers.x')],
  ])('with a mistake says where: %j', (text, line, column, message) => {
    const { problem } = parseMessage(text, 'messages/m.yaml')
    expect(problem).toMatchObject({ file: 'messages/m.yaml', line, column, message })
    expect(problem?.remedy).not.toBe('')
  })
})

describe('an environment in a file', () => {
  test('names secrets and never has their values', () => {
    const text = formatEnvironment({ variables: { host: 'bench', mtu: '512' }, secrets: ['token'] })
    expect(text).toBe('variables:\n  host: bench\n  mtu: "512"\nsecrets:\n  - token\n')
    expect(parseEnvironment('variables: {token: abc}\nsecrets: [token]', 'e.yaml').problem).toMatchObject({
      line: 2,
      column: 11,
      remedy: expect.stringContaining('change the secret'),
    })
  })

  test('may have numbers and switches, which are text', () => {
    expect(parseEnvironment('variables: {mtu: 512, dry: true}', 'e.yaml').value?.variables).toEqual({
      mtu: '512',
      dry: 'true',
    })
  })

  test('has names that can stand between braces', () => {
    expect(parseEnvironment('variables:\n  "a b": 1', 'e.yaml').problem).toMatchObject({ line: 2 })
  })
})
