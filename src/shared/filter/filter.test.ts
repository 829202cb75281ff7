import { describe, expect, test } from 'vitest'
import { MAX_FILTER_LENGTH } from '../model/list-view'
import type { FieldRef, FilterProblem, FilterSubject, SubjectValues } from './filter-types'
import { compileFilter, FILTER_FIELDS, parseField, readField } from './index'
import { MAX_FILTER_DEPTH } from './syntax'

type Fields = Readonly<Record<string, SubjectValues>>

/** Fields by their names; parts of bodies by name and path. */
const subjectOf = (fields: Fields): FilterSubject => ({
  field: ({ name, path }: FieldRef) => fields[[name, ...path].join('.')],
})

function holds(text: string, fields: Fields): boolean {
  const result = compileFilter(text)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.filter.test(subjectOf(fields))
}

function problemOf(text: string): FilterProblem {
  const result = compileFilter(text)
  if (result.ok) throw new Error(`"${text}" is a filter: ${result.filter.text}`)
  return result.problems[0]!
}

const normal = (text: string): string => {
  const result = compileFilter(text)
  return result.ok ? result.filter.text : `problem: ${result.problems[0]!.message}`
}

const unhex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
const clock = (hours: number, minutes: number, seconds: number): number =>
  ((hours * 60 + minutes) * 60 + seconds) * 1000

describe('a filter', () => {
  const examples: readonly (readonly [text: string, matching: Fields, other: Fields])[] = [
    [
      'msg.route == "cfg.put" and msg.rtt > 50ms',
      { 'msg.route': 'cfg.put', 'msg.rtt': 50.1 },
      { 'msg.route': 'cfg.put', 'msg.rtt': 50 },
    ],
    [
      'msg.blocked > 20ms and msg.prio == 0',
      { 'msg.blocked': 21, 'msg.prio': 0 },
      { 'msg.blocked': 21, 'msg.prio': 1 },
    ],
    // words of the list, which are none of the language
    [
      'msg.status == ok',
      { 'msg.status': 'received' },
      { 'msg.status': 'answered', 'msg.code': 'HANDLER_FAILED' },
    ],
    ['msg.status != "ok"', { 'msg.status': 'waiting' }, { 'msg.status': 'answered' }],
    [
      'rep.status == error',
      { 'rep.status': 'received', 'rep.code': 'HANDLER_FAILED' },
      { 'rep.status': 'received' },
    ],
    ['~s "no answer"', { 'msg.status': 'timeout' }, { 'msg.status': 'failed' }],
    ['msg.kind == reply', { 'msg.kind': 'response' }, { 'msg.kind': 'request' }],
    ['not rep and msg.kind == "request"', { 'msg.kind': 'request' }, { 'msg.kind': 'request', rep: true }],
    ['~q', { 'msg.kind': 'request' }, { 'msg.kind': 'event' }],
    ['bytes contains 7e:01:ff', { bytes: unhex('007e7e01ff00') }, { bytes: unhex('7e01fe') }],
    ['bytes[0:2] == 0xa55a', { bytes: unhex('a55a00') }, { bytes: unhex('00a55a') }],
    [
      'body.temp.value >= 80 and link.name == "rig-3"',
      { 'body.temp.value': 80, 'link.name': 'rig-3' },
      { 'body.temp.value': 80, 'link.name': 'rig-4' },
    ],
    ['text matches "(?i)assert|panic"', { text: 'main.c:3: ASSERT failed' }, { text: 'all is well' }],
    [
      'msg.type in {"event", "stream"} and not ~m',
      { 'msg.type': 'stream', marked: false },
      { 'msg.type': 'stream', marked: true },
    ],
    ['time >= 10:42:00 and time < 10:43:00', { time: clock(10, 42, 0) }, { time: clock(10, 43, 0) }],
    ['chunk.crc_ok == false', { 'chunk.crc_ok': [true, false] }, { 'chunk.crc_ok': [true, true] }],
  ]
  test.each(examples)('finds by %s what it says and nothing else', (text, matching, other) => {
    expect(holds(text, matching)).toBe(true)
    expect(holds(text, other)).toBe(false)
    expect(holds(text, {})).toBe(false)
  })

  test.each([
    // not binds closer than and, and closer than or
    ['not a and b or c', { text: 'b' }, true],
    ['not a and b or c', { text: 'a b' }, false],
    ['not a and b or c', { text: 'a b c' }, true],
    ['not (a and b or c)', { text: 'a b c' }, false],
    ['! a && b || c', { text: 'c a' }, true],
    // several values
    ['chunk.size == 3', { 'chunk.size': [1, 3] }, true],
    ['chunk.size != 3', { 'chunk.size': [1, 3] }, false],
    ['chunk.size != 3', { 'chunk.size': [1, 2] }, true],
    ['chunk.size > 2 and chunk.size < 2', { 'chunk.size': [1, 3] }, true],
    ['chunk.size != 3', { 'chunk.size': [] }, false],
    // what is missing is in no relation at all
    ['msg.rtt != 3', {}, false],
    ['not msg.rtt == 3', {}, true],
    ['msg.rtt < 3 or msg.rtt >= 3', {}, false],
    // presence
    ['msg.rtt', { 'msg.rtt': 0 }, true],
    ['note', { note: '' }, false],
    ['bytes', { bytes: new Uint8Array(0) }, false],
    ['marked', { marked: false }, false],
    ['tag', { tag: ['', 'x'] }, true],
    ['tag', { tag: [] }, false],
    // numbers of any size, exactly
    ['body.n == 9007199254740993', { 'body.n': 9007199254740993n }, true],
    ['body.n == 9007199254740993', { 'body.n': 9007199254740992 }, false],
    ['body.n > 9007199254740992', { 'body.n': 9007199254740993n }, true],
    ['body.n < 0.5', { 'body.n': 0n }, true],
    ['body.n == 0x10', { 'body.n': 16 }, true],
    ['body.n == -1.5e3', { 'body.n': -1500 }, true],
    ['body.n != 1', { 'body.n': Number.NaN }, true],
    // units
    ['msg.rtt >= 50us', { 'msg.rtt': 0.05 }, true],
    ['msg.rtt > 1.5 min', { 'msg.rtt': 90_001 }, true],
    ['msg.size == 2kiB', { 'msg.size': 2048 }, true],
    ['msg.size == 2kB', { 'msg.size': 2000 }, true],
    ['msg.size < 1MB', { 'msg.size': 999_999 }, true],
    // text
    ['msg.route contains PUT', { 'msg.route': 'cfg.put' }, false],
    ['PUT', { 'msg.route': 'cfg.put' }, true],
    ['Größe', { text: 'GRÖßE' }, true],
    ['"a b"', { note: ['x', 'A B'] }, true],
    ['msg.route < "b"', { 'msg.route': 'a' }, true],
    ['msg.route[0:3] == cfg', { 'msg.route': 'cfg.put' }, true],
    ['msg.route[-3:] == put', { 'msg.route': 'cfg.put' }, true],
    ['text contains "\\x07\\101\\u{1f600}\\n"', { text: '\x07A😀\n' }, true],
    ['text matches "^\\d+\\b"', { text: '42 is it' }, true],
    ['text matches "say \\"hi\\""', { text: 'say "hi"' }, true],
    // bytes
    ['bytes contains "AT+"', { bytes: new TextEncoder().encode('xAT+y') }, true],
    ['bytes[1] == 0x5a', { bytes: unhex('a55a') }, true],
    ['bytes[2:4] == 0xff', { bytes: unhex('a55aff') }, true],
    ['bytes[9:1] != 0xff', { bytes: unhex('a5') }, false],
    ['bytes == 10:42:00', { bytes: unhex('104200') }, true],
    ['bytes < 01:00', { bytes: unhex('00ff') }, true],
    ['body.raw contains 01:02', { 'body.raw': unhex('00010203') }, true],
    // kinds that do not fit are in no order, and differ
    ['body.x > 5', { 'body.x': 'abc' }, false],
    ['body.x != 5', { 'body.x': 'abc' }, true],
    ['body.on == true', { 'body.on': true }, true],
    ['body.on == "true"', { 'body.on': true }, false],
    ['body."a b"[2].c == 1', { 'body.a b.2.c': 1 }, true],
    ['body.list.0 == 1', { 'body.list.0': 1 }, true],
    ['rep.status == received', { 'rep.status': 'received' }, true],
    ['req.body.id == 4', { 'req.body.id': 4 }, true],
    // short forms
    ['~r cfg', { 'msg.route': 'cfg.put' }, true],
    ['~b "it is"', { text: 'it is' }, true],
    ['~e', { 'msg.code': 'REQUEST_TIMEOUT', 'msg.status': 'timeout' }, true],
    ['~e', { 'msg.code': 'REQUEST_CANCELLED', 'msg.status': 'cancelled' }, false],
    ['~in', { 'msg.dir': 'out' }, false],
    ['msg.dir == in', { 'msg.dir': 'in' }, true],
    // everything
    ['', {}, true],
    ['  \n', {}, true],
  ] as readonly (readonly [string, Fields, boolean])[])('%s on %o is %s', (text, fields, expected) => {
    expect(holds(text, fields)).toBe(expected)
  })

  test.each([
    ['((a))&&(b||"c d")', 'a and (b or "c d")'],
    ['a and (b and (c and d))', 'a and b and c and d'],
    ['!(!a)', 'not not a'],
    ['~q or ~r x', 'not rep and msg.kind == "request" or msg.route contains "x"'],
    ['bytes[0:2]==0xA55A', 'bytes[:2] == a5:5a'],
    ['msg.rtt>50 ms', 'msg.rtt > 50ms'],
    ['time<9:05', 'time < 09:05:00'],
    ['rep.msg.status == received', 'rep.status == "received"'],
    ['"note"', '"note"'],
    ['/device/info', '/device/info'],
  ])('%s has the normal form %s', (text, expected) => {
    expect(normal(text)).toBe(expected)
  })

  test('is its own text where the normal form would be longer than a filter may be', () => {
    const short = Array.from({ length: 600 }, () => '~q').join(' or ')
    expect(compileFilter(short)).toMatchObject({ ok: true, filter: { text: short } })
  })

  test('tells what it costs: whether bodies are looked at, and whether time alone changes its answer', () => {
    const costOf = (text: string): readonly boolean[] => {
      const result = compileFilter(text)
      if (!result.ok) throw new Error(text)
      return [result.filter.needsBody, result.filter.dependsOnNow]
    }
    expect(costOf('msg.route == "a" and note contains b')).toEqual([false, false])
    expect(costOf('not (msg.rtt or rep.body.x == 1)')).toEqual([true, false])
    expect(costOf('plain')).toEqual([true, false])
    expect(costOf('msg.rtt or req.age < 5s')).toEqual([false, true])
  })

  test('asks for a body only when the rest does not settle it', () => {
    const asked: string[] = []
    const subject: FilterSubject = {
      field: ({ name }) => {
        asked.push(name)
        return undefined
      },
    }
    const result = compileFilter('text contains "x" and msg.route == "y"')
    expect(result.ok && result.filter.test(subject)).toBe(false)
    expect(asked).toEqual(['msg.route'])
  })
})

describe('a problem', () => {
  test.each([
    ['msg.rute == "x"', 'msg.rute', 'there is no field msg.rute', 'msg.route'],
    ['rtt > 5', 'rtt', 'there is no field rtt', 'msg.rtt'],
    ['a and msg.foo', 'msg.foo', 'there is no field msg.foo', null],
    ['msg.rtt contains 5', 'contains', 'contains is for text and bytes, msg.rtt is a number', '>='],
    ['bytes matches "x"', 'matches', 'matches is for text, bytes is bytes, text is the body as text', null],
    ['marked > true', '>', 'marked is true or false: compare it with == or !=', '=='],
    ['marked == maybe', 'maybe', 'marked is true or false', 'true'],
    ['msg.rtt > fast', 'fast', 'msg.rtt is a number', null],
    ['msg.rtt > "50"', '"50"', 'msg.rtt is a number', '50'],
    ['msg.rtt > 50kB', '50kB', 'msg.rtt is a time: us, ms, s or min', '50ms'],
    ['msg.size > 50 ms', '50 ms', 'msg.size is a length: B, kB, kiB or MB', '50B'],
    ['msg.prio > 5ms', '5ms', 'msg.prio has no unit', '5'],
    ['msg.rtt > 5h', '5h', 'h is no unit; there are B, kB, kiB, MB, us, ms, s, min', '5ms'],
    [
      'body.x > 5constructor',
      '5constructor',
      'constructor is no unit; there are B, kB, kiB, MB, us, ms, s, min',
      '5',
    ],
    ['msg.size > 5kb', '5kb', 'kb is no unit; there are B, kB, kiB, MB, us, ms, s, min', '5kB'],
    ['msg.rtt > 1e999', '1e999', 'the number is too large', null],
    ['msg.route == 5', '5', 'msg.route is text: put quotes around the value', '"5"'],
    [
      'msg.kind == reqest',
      'reqest',
      'msg.kind is never "reqest"; it is one of request, response, event, bytes',
      '"request"',
    ],
    ['time > 5', '5', 'time is a time of day, such as 10:42:00.5', '10:42:00'],
    ['time > 25:00', '25:00', 'time is a time of day, such as 10:42:00.5', '10:42:00'],
    ['bytes == 0xabc', '0xabc', 'half a byte: hex needs pairs of digits', '0x0abc'],
    ['bytes == 7e', '7e', '7e is no pattern of bytes: write 7e:01:ff, 0x7e01ff or text in quotes', '0x7e'],
    ['rep == 5', 'rep', 'rep is a message: compare one of its fields', 'rep.status'],
    ['body == 5', 'body', 'body is compared by a path: body.NAME', 'text'],
    ['msg.route.x == 5', 'msg.route.x', 'msg.route has nothing inside', 'msg.route'],
    ['msg.rtt[0:2] == 5', '[0:2]', 'msg.rtt is a number: slices are of text and bytes', null],
    ['bytes[a] == 5', '[a]', 'a slice is [offset:length], or [offset] for one byte', '[0:4]'],
    ['bytes[0:2][1] == 5', '[1]', 'nothing can follow a slice', null],
    ['bytes[0:2 == 5', '[0:2 ==', 'this [ has no ]', null],
    ['text matches "("', '"("', 'the pattern can not be read: missing closing ): `(`', null],
    [
      'text matches "(a)\\1"',
      '"(a)\\1"',
      'a pattern can not refer back to a group (\\1): that can take for ever',
      null,
    ],
    ['text matches x', 'x', 'put quotes around the pattern', '"x"'],
    [
      'hello world',
      'world',
      'put "and" or "or" between two conditions, or quotes around text with blanks',
      '"hello world"',
    ],
    ['msg.rtt > 5 note', 'note', 'put "and" or "or" between two conditions', 'and'],
    ['a | b', '|', 'a single | means nothing here, write ||', '||'],
    ['msg.rtt = 5', '=', 'a single = means nothing here, write ==', '=='],
    ['a and', '', 'a condition is missing at the end', null],
    ['a and or b', 'or', 'a condition is missing before or', null],
    ['(a', '', ') is missing at the end', ')'],
    ['a)', ')', 'this ) closes nothing', null],
    ['msg.rtt >', '', 'a value is missing after >', null],
    ['msg.kind in "x"', '"x"', 'after "in" comes a list: {"a", "b"}', '{'],
    ['msg.kind in {"event" "bytes"}', '"bytes"', '} is missing here, for what began at character 13', '}'],
    ['"cfg" == msg.route', '"cfg"', 'left of a comparison stands a field, the value right of it', null],
    ['note == "abc', '"abc', 'the text has no end: a " is missing', '"abc"'],
    ['~x', '~x', '~x is no short form; there are ~r ~b ~n ~t ~s ~p ~l ~q ~a ~e ~m ~in ~out', '~r'],
    ['log AND print', 'AND', 'write "and" in small letters', 'and'],
    ['NOT rep', 'NOT', 'write "not" in small letters', 'not'],
    ['a and ~', '~', 'after ~ comes a letter, such as ~r for the route', null],
  ])('in %s is at %s: %s', (text, at, message, suggestion) => {
    const { from, to, ...problem } = problemOf(text)
    expect(text.slice(from, to)).toBe(at)
    expect(problem).toEqual({ message, suggestion })
  })

  test('comes for each condition that makes no sense', () => {
    const result = compileFilter('msg.rute == 1 and msg.rtt contains x and msg.prio == 1')
    expect(result.ok ? [] : result.problems.map(({ from, to }) => [from, to])).toEqual([
      [0, 8],
      [26, 34],
    ])
  })

  test.each(['not ', '(', '!'])('comes with more than 64 levels of "%s", not before', (level) => {
    const nested = (levels: number): string =>
      `${level.repeat(levels - 1)}a${level === '(' ? ')'.repeat(levels - 1) : ''}`
    expect(compileFilter(nested(MAX_FILTER_DEPTH)).ok).toBe(true)
    expect(problemOf(nested(MAX_FILTER_DEPTH + 1)).message).toBe('more than 64 levels inside each other')
  })

  test('comes with more than 4096 characters, not before', () => {
    const longest = 'a or '.repeat(MAX_FILTER_LENGTH / 5).padEnd(MAX_FILTER_LENGTH, 'b')
    expect(compileFilter(longest).ok).toBe(true)
    expect(problemOf(`${longest}b`)).toMatchObject({
      from: 4096,
      message: 'the filter has more than 4096 characters',
    })
  })
})

describe('a field alone', () => {
  test.each(FILTER_FIELDS.map(({ name, hasPath }) => (hasPath ? `${name}.x` : name)))(
    '%s can be read',
    (name) => {
      const field = parseField(name)
      expect('name' in field && [field.name, ...field.path].join('.')).toBe(name)
    },
  )

  test('gives its slice', () => {
    const field = parseField('bytes[1:2]')
    if (!('name' in field)) throw new Error(field.message)
    expect(readField(subjectOf({ bytes: unhex('00010203') }), field)).toEqual(unhex('0102'))
  })

  test.each(['cfg.put', 'not note', 'msg.rute', 'note == 1'])('is not %s', (text) => {
    expect('message' in parseField(text)).toBe(true)
  })
})

test('a million messages are tested within a second or two, whatever else the machine does', () => {
  const result = compileFilter(
    'msg.rtt > 50ms and (msg.route == "cfg.put" or msg.kind in {"event", "bytes"})',
  )
  if (!result.ok) throw new Error('no filter')
  const { filter } = result
  let rtt = 0
  const subject: FilterSubject = {
    field: ({ name }) => (name === 'msg.rtt' ? rtt : name === 'msg.route' ? 'cfg.put' : 'request'),
  }
  const before = process.cpuUsage()
  let found = 0
  for (let at = 0; at < 1_000_000; at++) {
    rtt = at % 100
    if (filter.test(subject)) found += 1
  }
  const { user } = process.cpuUsage(before)
  expect(found).toBe(490_000)
  expect(user / 1000).toBeLessThan(2000)
})
