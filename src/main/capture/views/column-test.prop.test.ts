import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileFilter, FILTER_FIELDS } from '../../../shared/filter'
import { TraceScript } from '../../../testing/trace-script'
import { Capture } from '../capture'
import { messageSubject } from '../subject/message-subject'
import { columnBound } from './column-test'

const capture = new Capture()
const source = capture.subjectSource({
  linkOf: (linkId) => (linkId === 1 ? { name: 'rig-3', kind: 'serial', proto: 'lso' } : undefined),
  nowMs: () => 5000,
  dayStartMs: 38_527_000, // 10:42:07
})

/** Messages of every kind, in every state that columns tell apart. */
function fill(): void {
  const links = [1, 2].map((linkId) => new TraceScript(capture.observe, linkId))
  for (let key = 1; key <= 60; key++) {
    const script = links[key % 2]!
    script.nowMs = key * 20
    const dir = key % 3 === 0 ? 'in' : 'out'
    const kind = (['request', 'event', 'bytes', 'response'] as const)[key % 4]!
    script.opened({
      messageKey: key,
      dir,
      kind,
      route: ['cfg.put', 'log', 'a/b', ''][key % 4]!,
      priority: (key % 8) as 0,
      correlationId: kind === 'request' ? `c${key}` : '',
      declaredBytes: key % 5 === 0 ? null : key,
      answersKey: kind === 'response' ? key - 1 - (key % 2) : 0,
    })
    if (key % 7 > 0) {
      const startMs = script.nowMs + (key % 6)
      script.frame({
        messageKey: key,
        dir,
        payloadBytes: key,
        startMs,
        endMs: startMs + (key % 4),
        isLast: true,
      })
    }
    if (key % 7 > 1) {
      const outcome = key % 11 === 0 ? 'failed' : 'complete'
      const code = outcome === 'failed' ? 'MESSAGE_STALLED' : null
      script.closed({ messageKey: key, dir, outcome, code, atMs: script.nowMs + 9 }, 'x'.repeat(key))
    }
    if (kind === 'request' && key % 3 > 0) {
      script.settled({ requestKey: key, code: key % 5 === 0 ? 'REQUEST_TIMEOUT' : null, roundTripMs: key })
    }
  }
}
fill()

const number = fc.oneof(
  fc.integer({ min: -2, max: 70 }).map(String),
  fc.constantFrom('3ms', '0.5kB', '9007199254740993', '50us'),
)
const text = fc.constantFrom(
  '"cfg.put"',
  '"log"',
  '"in"',
  '"request"',
  '"received"',
  '"stream"',
  '"rig-3"',
  '"o"',
)
const values: Readonly<Record<string, fc.Arbitrary<string>>> = {
  number,
  text: fc.oneof(text, text, fc.constant('"MESSAGE_STALLED"')),
  time: fc.integer({ min: 0, max: 9 }).map((second) => `10:42:0${second}`),
}
const field = fc.constantFrom(...FILTER_FIELDS.filter(({ name, hasPath }) => name !== 'age' && !hasPath))
const comparison = field.chain(({ name, type }) => {
  const value = values[type]
  const slice = type === 'text' ? fc.constantFrom('', '', '[0:1]', '[1:2]') : fc.constant('')
  if (value === undefined) return fc.constant(name)
  const words =
    type === 'text' ? ['==', '!=', '<', 'contains', 'matches'] : ['==', '!=', '<', '<=', '>', '>=']
  return fc.oneof(
    { weight: 1, arbitrary: slice.map((part) => name + part) },
    {
      weight: 6,
      arbitrary: fc
        .tuple(slice, fc.constantFrom(...words), value)
        .map(([part, word, wanted]) => `${name}${part} ${word} ${wanted}`),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(value, { minLength: 1, maxLength: 3 })
        .map((list) => `${name} in {${list.join(', ')}}`),
    },
  )
})
const filter = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparison,
    comparison.map((part) => `not ${part}`),
    fc.array(tie('node'), { minLength: 2, maxLength: 3 }).map((parts) => `(${parts.join(' and ')})`),
    fc.array(tie('node'), { minLength: 2, maxLength: 3 }).map((parts) => `(${parts.join(' or ')})`),
    tie('node').map((part) => `not (${part})`),
  ),
})).node

test('columns answer as the filter does, and where they cannot they never turn away what matches', () => {
  const subject = messageSubject(source)
  const { messages } = capture.viewSource
  const seen = { exact: 0, bounded: 0, matches: 0 }
  fc.assert(
    fc.property(filter, (given) => {
      const result = compileFilter(given)
      if (!result.ok) return // such a pair of field and value is refused as a whole
      const bound = columnBound(result.filter.node, messageSubject(source), source)
      if (bound === null) return
      if (bound.isExact) seen.exact += 1
      else seen.bounded += 1
      for (let id = messages.firstId; id < messages.nextId; id++) {
        subject.moveTo(id)
        const wanted = result.filter.test(subject)
        const passes = bound.test(messages.columnsOf(id), messages.indexOf(id), id)
        if (wanted) seen.matches += 1
        if (bound.isExact) expect(passes, `#${id}`).toBe(wanted)
        else if (wanted) expect(passes, `#${id}`).toBe(true)
      }
    }),
    { numRuns: 800 },
  )
  expect(seen.exact).toBeGreaterThan(150)
  expect(seen.bounded).toBeGreaterThan(10)
  expect(seen.matches).toBeGreaterThan(1000)
})

test.each([
  'msg.route == "a" and msg.rtt > 50ms',
  'not rep and msg.kind == "request"',
  'msg.blocked > 20ms and msg.prio == 0',
  'msg.type in {"event", "stream"}',
  'time >= 10:42:00 and time < 10:43:00',
  'link.name == "rig-3" or msg.status == "timeout"',
  '~q',
  '~e',
])('%s needs no more than columns', (text) => {
  const result = compileFilter(text)
  expect(result.ok && columnBound(result.filter.node, messageSubject(source), source)?.isExact).toBe(true)
})
