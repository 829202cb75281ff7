import { describe, expect, test } from 'vitest'
import { compileFilter, FILTER_FIELDS, parseField } from '../../../shared/filter'
import type { SubjectValues } from '../../../shared/filter/filter-types'
import { TraceScript } from '../../../testing/trace-script'
import { Capture } from '../capture'
import { messageSubject } from './message-subject'

/** A slow, marked request with its answer, and an event: messages 1, 2 and 3. */
function exchange() {
  const capture = new Capture()
  const script = new TraceScript(capture.observe)
  script.nowMs = 1000
  script.opened({
    messageKey: 1,
    kind: 'request',
    route: 'cfg.put',
    priority: 1,
    correlationId: 'c',
    headers: { user: { id: 7n }, list: [1, null, 'x'] },
  })
  script.frame({ messageKey: 1, payloadBytes: 4, startMs: 1010, endMs: 1012 })
  script.frame({ messageKey: 1, payloadBytes: 4, startMs: 1012, endMs: 1014, isRepeat: true })
  script.frame({ messageKey: 9, payloadBytes: 50, startMs: 1014, endMs: 1019 })
  script.frame({
    messageKey: 1,
    payloadBytes: 3,
    bodyOffset: 4,
    chunkIndex: 1,
    isLast: true,
    startMs: 1019,
    endMs: 1020,
  })
  script.nowMs = 1030
  script.closed({ messageKey: 1 }, '{"n": 9007199254740993, "list": [1, "a", {"b": null}], "none": null}')
  script.opened({ messageKey: 2, dir: 'in', kind: 'response', route: '', answersKey: 1 })
  script.frame({ messageKey: 2, dir: 'in', payloadBytes: 3 })
  script.closed({ messageKey: 2, dir: 'in' }, 'yes')
  script.settled({ requestKey: 1, answerKey: 2, roundTripMs: 30 })
  script.opened({ messageKey: 3, dir: 'in', kind: 'bytes', route: 'raw' })
  script.opened({
    messageKey: 4,
    dir: 'in',
    kind: 'response',
    route: 'rpc:add',
    headers: { status: 'error' },
  })
  script.closed({ messageKey: 4, dir: 'in' }, '{"error":"no such method","code":"4000"}')
  capture.setNote({ kind: 'marker', atMs: 1000, messageId: 1, text: 'look #slow' })
  const subject = messageSubject(
    capture.subjectSource({
      linkOf: (linkId) => (linkId === 1 ? { name: 'rig-3', kind: 'serial', proto: 'lso' } : undefined),
      nowMs: () => 2000,
      dayStartMs: 86_399_500,
    }),
  )
  const read = (messageId: number, name: string): SubjectValues => {
    const field = parseField(name)
    if ('message' in field) throw new Error(field.message)
    subject.moveTo(messageId)
    return subject.field(field)
  }
  return { subject, read }
}

describe('a captured message', () => {
  test.each([
    [1, 'msg.route', 'cfg.put'],
    [1, 'msg.kind', 'request'],
    [3, 'msg.type', 'stream'],
    [1, 'msg.status', 'answered'],
    [2, 'msg.dir', 'in'],
    [1, 'msg.prio', 1],
    [2, 'msg.size', 3],
    [1, 'msg.chunks', 2],
    [1, 'msg.rtt', 30],
    [2, 'msg.rtt', undefined],
    [1, 'msg.duration', 30],
    [3, 'msg.duration', undefined],
    [1, 'msg.queue', 10],
    [1, 'msg.wire', 5],
    [1, 'msg.blocked', 15],
    [1, 'msg.retries', 1],
    [2, 'msg.retries', 0],
    [1, 'msg.codec', 'json'],
    [2, 'msg.codec', 'text'],
    [3, 'msg.codec', undefined],
    [2, 'msg.id', 2],
    [1, 'msg.ref', 'ref1'],
    [4, 'rpc.method', 'add'],
    [4, 'rpc.error', '4000'],
    [2, 'rpc.method', undefined],
    [2, 'rpc.error', undefined],
    [1, 'link.name', 'rig-3'],
    [1, 'body.n', 9007199254740993n],
    [1, 'body.list', [1, 'a', '{"b": null}']],
    [1, 'body.list[1]', 'a'],
    [1, 'body.none', undefined],
    [1, 'body.missing.too', undefined],
    [1, 'header.user.id', 7n],
    [1, 'header.list', [1, 'x']],
    [1, 'header.user', '{"id":"7"}'],
    [1, 'header.constructor', undefined],
    [2, 'text', 'yes'],
    [2, 'bytes', Uint8Array.from([121, 101, 115])],
    [3, 'text', undefined],
    [1, 'time', 500],
    [1, 'age', 1000],
    [1, 'marked', true],
    [2, 'marked', false],
    [1, 'note', ['look #slow']],
    [1, 'tag', ['slow']],
    [2, 'note', undefined],
    [1, 'rep', true],
    [1, 'rep.text', 'yes'],
    [1, 'req', undefined],
    [2, 'req.note', ['look #slow']],
    [2, 'req.status', 'answered'],
    [2, 'rep.status', undefined],
    [1, 'chunk.seq', [0, 1]],
    [1, 'chunk.size', [4, 3]],
    [1, 'chunk.last', [false, true]],
    [1, 'chunk.crc_ok', [true, true, true]],
    [1, 'chunk.gap', [7]],
    [99, 'msg.route', undefined],
  ] as readonly (readonly [number, string, SubjectValues])[])(
    '#%i has as %s %o',
    (messageId, name, value) => {
      expect(exchange().read(messageId, name)).toEqual(value)
    },
  )

  test('answers for every field of the language, in the type that it promises', () => {
    const { read } = exchange()
    for (const { name, hasPath, type, isSeveral } of FILTER_FIELDS) {
      const value = read(1, hasPath ? `${name}.n` : name)
      const single = Array.isArray(value) ? (value as readonly unknown[])[0] : value
      if (single === undefined || type === 'any') continue
      const wanted = {
        text: 'string',
        number: 'number',
        time: 'number',
        boolean: 'boolean',
        bytes: 'object',
        message: 'boolean',
      }[type]
      expect([name, typeof single, Array.isArray(value)]).toEqual([name, wanted, isSeveral])
    }
  })

  test('is found by filters that move from message to message', () => {
    const { subject } = exchange()
    const found = (text: string): number[] => {
      const result = compileFilter(text)
      if (!result.ok) throw new Error(text)
      return [1, 2, 3].filter((id) => subject.moveTo(id) && result.filter.test(subject))
    }
    expect(found('body.n > 9007199254740992 and ~m')).toEqual([1])
    expect(found('req.route contains cfg')).toEqual([2])
    expect(found('msg.type in {"stream", "request"}')).toEqual([1, 3])
    expect(found('YES')).toEqual([2])
    expect(found('bytes[0:2] == 79:65')).toEqual([2])
    expect(found('')).toEqual([1, 2, 3])
  })
})
