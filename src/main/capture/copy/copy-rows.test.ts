import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { compileFilter } from '../../../shared/filter'
import type { CopyShape, ListView } from '../../../shared/model/list-view'
import { TraceScript } from '../../../testing/trace-script'
import { Capture } from '../capture'
import { View } from '../views/view'
import { copyList } from './copy-list'
import type { CopySurroundings } from './copied-message'
import { type Copied, MAX_COPY_BYTES } from './copy-rows'
import { shellWord } from './send-command'

const AROUND: CopySurroundings = {
  startedAtMs: Date.UTC(2026, 10, 21, 10, 42, 7),
  timeOfDay: (ms) => new Date(AROUND.startedAtMs + ms).toISOString().slice(11, 23),
  urlOf: (linkId) => (linkId === 1 ? 'tcp://10.0.0.7:4242?dialect=lso' : null),
}
const LIST: ListView = { filter: '', marks: [], order: 'time' }

function copy(capture: Capture, shape: CopyShape, ids?: readonly number[]): Promise<Copied> {
  const source = capture.viewSource
  const view = new View(source, () => 0, LIST.order, null, [])
  view.sync(0)
  const rows = ids ?? view.rowsBetween(view.first, view.end)
  const cells = shape === 'hex' ? [] : [(id: number) => `c|${id}`]
  return copyList(source, { rows, shape, fields: cells.length > 0 ? ['msg.ref'] : [], cells }, AROUND, () =>
    Promise.resolve(),
  )
}

/** Plain traffic, and a device that sends what should never act on anybody. */
function sample(): Capture {
  const capture = new Capture()
  const script = new TraceScript(capture.observe)
  const stray = new TraceScript(capture.observe, 2)
  script.state('connected')
  script.nowMs = 1.5
  script.message(
    {
      messageKey: 1,
      kind: 'request',
      route: 'cfg.put',
      priority: 1,
      headers: { user: "o'neil", n: 9007199254740993n },
    },
    '{\n  "id": 12345678901234567890,\n  "text": "a b"\n}',
  )
  script.nowMs = 20
  script.message({ messageKey: 2, dir: 'in', route: 'log' }, Uint8Array.of(0x7e, 1, 0xff))
  script.fault({ lostBytes: 5 })
  stray.nowMs = 30
  stray.message(
    {
      messageKey: 3,
      dir: 'in',
      route: '*/ "; rm -rf ~ #\u001b[31m\u202e|`',
      headers: { '<b>': '\u001b]0;x\u0007' },
    },
    "it's\n\u001b[2J \\ \u202e|*evil*",
  )
  stray.message({ messageKey: 4, dir: 'in', route: '-v' })
  capture.setNote({ kind: 'note', atMs: 30, messageId: 2, text: 'a\nb' })
  return capture
}

const GOLDEN: Readonly<Record<CopyShape, string>> = {
  hex: [
    '7b 0a 20 20 22 69 64 22 3a 20 31 32 33 34 35 36 37 38 39 30 31 32 33 34 35 36 37 38 39 30 2c 0a 20 20 22 74 65 78 74 22 3a 20 22 61 20 62 22 0a 7d',
    '7e 01 ff',
    '69 74 27 73 0a 1b 5b 32 4a 20 5c 20 e2 80 ae 7c 2a 65 76 69 6c 2a',
    '',
  ].join('\n'),
  base64: [
    'ewogICJpZCI6IDEyMzQ1Njc4OTAxMjM0NTY3ODkwLAogICJ0ZXh0IjogImEgYiIKfQ==',
    'fgH/',
    'aXQncwobWzJKIFwg4oCufCpldmlsKg==',
    '',
  ].join('\n'),
  'c-array': '',
  json: [
    '{"event":"message","id":1,"time":"2026-11-21T10:42:07.001Z","atMs":1.5,"link":1,"dir":"out","route":"cfg.put","kind":"request","priority":1,"status":"sent","headers":{"user":"o\'neil","n":9007199254740993},"bytes":49,"body":{"json":{  "id": 12345678901234567890,  "text": "a b"}},"fields":{"msg.ref":"c|1"}}',
    '{"event":"message","id":2,"time":"2026-11-21T10:42:07.020Z","atMs":20,"link":1,"dir":"in","route":"log","kind":"event","priority":3,"status":"received","headers":{},"bytes":3,"body":{"hex":"7e01ff"},"note":"a\\nb","fields":{"msg.ref":"c|2"}}',
    '{"event":"loss","time":"2026-11-21T10:42:07.020Z","atMs":20,"link":1,"code":"LSO_BAD_JSON","count":5}',
    '{"event":"message","id":3,"time":"2026-11-21T10:42:07.030Z","atMs":30,"link":2,"dir":"in","route":"*/ \\"; rm -rf ~ #\\u001b[31m\\u202e|`","kind":"event","priority":3,"status":"received","headers":{"<b>":"\\u001b]0;x\\u0007"},"bytes":22,"body":{"text":"it\'s\\n\\u001b[2J \\\\ \\u202e|*evil*"},"fields":{"msg.ref":"c|3"}}',
    '{"event":"message","id":4,"time":"2026-11-21T10:42:07.030Z","atMs":30,"link":2,"dir":"in","route":"-v","kind":"event","priority":3,"status":"received","headers":{},"bytes":0,"body":{"text":""},"fields":{"msg.ref":"c|4"}}',
  ].join('\n'),
  text: [
    '10:42:07.001  out  request   cfg.put  49 bytes  sent  c|1  {\\n  "id": 12345678901234567890,\\n  "text": "a b"\\n}',
    '10:42:07.020  in   event     log  3 bytes  received  c|2  7e 01 ff  # a\\nb',
    '10:42:07.020  -- loss 5 bytes LSO_BAD_JSON',
    '10:42:07.030  in   event     */ "; rm -rf ~ #\\u001b[31m\\u202e|`  22 bytes  received  c|3  it\'s\\n\\u001b[2J \\\\ \\u202e|*evil*',
    '10:42:07.030  in   event     -v  0 bytes  received  c|4',
  ].join('\n'),
  command: [
    `netcore send 'tcp://10.0.0.7:4242?dialect=lso' cfg.put --hex 7b0a2020226964223a2031323334353637383930313233343536373839302c0a20202274657874223a2022612062220a7d --header 'user=o'\\''neil' --header n=9007199254740993 --priority 1`,
    "netcore send 'tcp://10.0.0.7:4242?dialect=lso' log --hex 7e01ff",
    `netcore send URL $'*/ "; rm -rf ~ #\\033[31m\\342\\200\\256|\`' --hex 697427730a1b5b324a205c20e280ae7c2a6576696c2a --header $'<b>=\\033]0;x\\007'`,
    'netcore send -- URL -v',
  ].join('\n'),
  filter: 'msg.id in {1, 2, 3, 4}',
  markdown: [
    '| # | Time | Dir | Route | Kind | Size | Status | msg.ref | Body |',
    '| ---: | --- | --- | --- | --- | ---: | --- | --- | --- |',
    '| 1 | 10:42:07.001 | out | cfg.put | request | 49 bytes | sent | c\\|1 | \\{␊  "id": 12345678901234567890,␊  "text": "a b"␊\\} |',
    '| 2 | 10:42:07.020 | in | log | event | 3 bytes | received | c\\|2 | 7e 01 ff |',
    '| | 10:42:07.020 | | *loss 5 bytes LSO\\_BAD\\_JSON* | | | | | |',
    '| 3 | 10:42:07.030 | in | \\*/ "; rm \\-rf \\~ \\#\\\\u001b\\[31m\\\\u202e\\|\\` | event | 22 bytes | received | c\\|3 | it\'s␊␛\\[2J \\\\ \ufffd\\|\\*evil\\* |',
    '| 4 | 10:42:07.030 | in | \\-v | event | 0 bytes | received | c\\|4 |  |',
  ].join('\n'),
}

const shapes = (Object.keys(GOLDEN) as CopyShape[]).filter((shape) => shape !== 'c-array')

test.each(shapes)('%s is what it always was', async (shape) => {
  const copied = await copy(sample(), shape)
  expect(copied.text).toBe(GOLDEN[shape])
  expect(copied).toMatchObject({ isTruncated: false, bytes: Buffer.byteLength(copied.text) })
  expect(copied.rows).toBe(['json', 'text', 'markdown'].includes(shape) ? 5 : 4)
})

test('c-array is C that holds the bytes, whatever the route says', async () => {
  const { text } = await copy(sample(), 'c-array', [3, 2, 4])
  expect(text).toBe(
    [
      '#include <stddef.h>\n#include <stdint.h>\n',
      '/* #3 10:42:07.030 in * / "; rm -rf ~ #\\u001b[31m\\u202e|`, 22 bytes */',
      'static const size_t message_3_length = 22;',
      'static const uint8_t message_3[22] = {',
      '  0x69, 0x74, 0x27, 0x73, 0x0a, 0x1b, 0x5b, 0x32, 0x4a, 0x20, 0x5c, 0x20,',
      '  0xe2, 0x80, 0xae, 0x7c, 0x2a, 0x65, 0x76, 0x69, 0x6c, 0x2a,',
      '};',
      '/* #2 10:42:07.020 in log, 3 bytes */',
      'static const size_t message_2_length = 3;',
      'static const uint8_t message_2[3] = {',
      '  0x7e, 0x01, 0xff,',
      '};',
      '/* #4 10:42:07.030 in -v, 0 bytes */',
      'static const size_t message_4_length = 0;',
      'static const uint8_t message_4[1] = {',
      '  0x00,',
      '};',
    ].join('\n'),
  )
})

test('nothing that is copied has a character that acts on a terminal', async () => {
  for (const shape of Object.keys(GOLDEN) as CopyShape[]) {
    const { text } = await copy(sample(), shape)
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
  }
})

test('JSON lines can be read again, one object each', async () => {
  const { text } = await copy(sample(), 'json')
  const lines = text.split('\n').map((line) => JSON.parse(line) as { route?: string; body?: unknown })
  expect(lines[3]).toMatchObject({
    route: '*/ "; rm -rf ~ #\u001b[31m\u202e|`',
    body: { text: "it's\n\u001b[2J \\ \u202e|*evil*" },
  })
})

test('words of a command come out of a shell as they went in', () => {
  const words = [
    '',
    'plain',
    "it's",
    '$HOME `id` "x" \\ !',
    '-v',
    '\u001b[201~\u0007\n\t',
    "ü'\u202e\\",
    '7\u00017',
  ]
  for (const word of words) {
    expect(execFileSync('bash', ['-c', `printf %s ${shellWord(word)}`]).toString()).toBe(word)
  }
})

test('a copy ends before 8 MiB with a whole row, and says so', async () => {
  const capture = new Capture()
  const script = new TraceScript(capture.observe)
  for (let key = 1; key <= 5; key++) script.message({ messageKey: key }, new Uint8Array(1024 * 1024))
  const copied = await copy(capture, 'hex')
  expect(copied).toMatchObject({ rows: 2, isTruncated: true })
  expect(copied.bytes).toBeLessThanOrEqual(MAX_COPY_BYTES)
  script.message({ messageKey: 6 }, new Uint8Array(MAX_COPY_BYTES))
  expect(await copy(capture, 'base64', [6])).toMatchObject({ rows: 0, isTruncated: true })
})

test.each([
  ['{"a":[1,null]}', `--json '{"a":[1,null]}'`],
  ['-5', '--json=-5'],
  ["it's", `--text 'it'\\''s'`],
  ['--x y', "--text='--x y'"],
  ['line\n', '--hex 6c696e650a'],
])('the body %j is given to a command as %s', async (body, option) => {
  const capture = new Capture()
  new TraceScript(capture.observe, 9).message({ messageKey: 1, route: 'a' }, body)
  expect((await copy(capture, 'command')).text).toBe(`netcore send URL a ${option}`)
})

test('a long body of a command is taken from a file; one that is gone is named', async () => {
  const capture = new Capture({ bodyBytes: 60_000 })
  const script = new TraceScript(capture.observe)
  script.message({ messageKey: 1, route: 'a' }, 'x'.repeat(70_000))
  script.message({ messageKey: 2, route: 'a' }, 'x'.repeat(50_000))
  expect((await copy(capture, 'command')).text.split('\n')).toEqual([
    "netcore send 'tcp://10.0.0.7:4242?dialect=lso' a  # the body of 70000 bytes is not in memory",
    "netcore send 'tcp://10.0.0.7:4242?dialect=lso' a --file message-2.bin  # save the 50000 bytes of the body under this name",
  ])
})

test('a filter of very many messages names their routes, and is always one that the language knows', async () => {
  const capture = new Capture()
  const script = new TraceScript(capture.observe)
  for (let key = 1; key <= 2000; key++) script.message({ messageKey: key, route: `a"\n${key % 3}` })
  const { text, rows } = await copy(capture, 'filter')
  expect({ text, rows }).toEqual({ text: 'msg.route in {"a\\"\\n1", "a\\"\\n2", "a\\"\\n0"}', rows: 2000 })
  expect(compileFilter(text).ok).toBe(true)
  expect(compileFilter((await copy(capture, 'filter', [7])).text).ok).toBe(true)
})
