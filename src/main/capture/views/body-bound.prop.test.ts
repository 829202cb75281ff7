import fc from 'fast-check'
import { Packr } from 'msgpackr'
import { expect, test } from 'vitest'
import { bodyTree } from '../../../shared/body/body-tree'
import { utf8 } from '../../../shared/bytes'
import { compileFilter } from '../../../shared/filter'
import { TraceScript } from '../../../testing/trace-script'
import { Capture } from '../capture'
import { bodyValues } from '../subject/body-values'
import { messageSubject } from '../subject/message-subject'
import { columnBound } from './column-test'

const SEED = 20_261_122
const NAMES = ['ok', 'name', 'a-b', 'true', '0', 'Infinity', 'x']
const TEXTS = ['idle', 'true', 'a"b', 'a\\b', 'a/b', 'ä', '', '{}', '\\xff', '7', 'more']

const scalar = fc.oneof(
  fc.constantFrom<unknown>(true, false, null, 7, 0.5, 1e21, -1),
  fc.constantFrom(...TEXTS),
  fc.constant('x'.repeat(600)),
)
const value = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('node'), { maxKeys: 4 }),
  ),
})).node

/** As other programs write JSON: letters escaped that need not be, a mark in front, blanks. */
const written: readonly ((json: string) => string)[] = [
  (json) => json,
  (json) => json.replace('"ok"', '"\\u006fk"').replace('"idle"', '"\\u0069dle"'),
  (json) => `\ufeff${json}`,
  (json) => json.replaceAll('/', '\\/').replaceAll(':', ' : '),
  (json) => json.slice(0, -1),
]
const packr = new Packr({ useRecords: false, mapsAsObjects: false })
const asMap = (node: unknown): unknown =>
  Array.isArray(node)
    ? node.map(asMap)
    : typeof node === 'object' && node !== null
      ? new Map(
          Object.entries(node).map(([key, inner]) => [
            key === 'true' ? true : key === '0' ? 0 : key,
            asMap(inner),
          ]),
        )
      : node
const body = fc.oneof(
  fc.tuple(value, fc.constantFrom(...written)).map(([node, write]) => utf8(write(JSON.stringify(node)))),
  value.map((node) => new Uint8Array(packr.pack(asMap(node)))),
  fc.constantFrom(utf8('ok name true idle'), new Uint8Array([0xff, 0x6f, 0x6b]), new Uint8Array(0)),
  // bytes that are no text, within a text of JSON
  fc.constant(Uint8Array.from([...utf8('{"ok":"'), 0xff, ...utf8('"}')])),
)

const literal = fc.oneof(
  fc.constantFrom('true', 'false', '7', '0.5'),
  fc.constantFrom(...TEXTS).map((text) => JSON.stringify(text)),
)
const path = fc
  .array(fc.constantFrom('.ok', '.ok', '.name', '."a-b"', '."true"', '[0]', '.Infinity', '.x'), {
    minLength: 1,
    maxLength: 3,
  })
  .map((steps) => `body${steps.join('')}`)
const comparison = fc.oneof(
  path,
  fc
    .tuple(path, fc.constantFrom('==', '==', '!=', '<', '>=', 'contains'), literal)
    .map(([field, word, wanted]) => `${field} ${word} ${wanted}`),
  fc
    .tuple(path, fc.array(literal, { minLength: 1, maxLength: 3 }))
    .map(([field, wanted]) => `${field} in {${wanted.join(', ')}}`),
  path.map((field) => `${field}[0:2] == "id"`),
)
const filter = fc.oneof(
  comparison,
  fc.tuple(comparison, comparison).map((parts) => parts.join(' and ')),
  fc.tuple(comparison, comparison).map((parts) => parts.join(' or ')),
  fc.tuple(comparison, comparison).map(([one, other]) => `${one} and not (${other})`),
)

test('bytes of bodies never turn away what matches when the whole body is decoded', () => {
  const bodies = fc.sample(body, { numRuns: 250, seed: SEED })
  const capture = new Capture({ messageSegmentRows: 64 })
  const script = new TraceScript(capture.observe)
  for (const [at, bytes] of bodies.entries()) {
    script.opened({ messageKey: at + 1, dir: 'in' })
    script.closed({ messageKey: at + 1, dir: 'in' }, bytes)
  }
  const source = capture.subjectSource({ linkOf: () => undefined, nowMs: () => 0, dayStartMs: 0 })
  const { messages } = source
  const trees = bodies.map((bytes) => bodyTree(bytes))
  const subject = messageSubject(source)
  const seen = { bounded: 0, matches: 0, turnedAway: 0 }
  fc.assert(
    fc.property(filter, (text) => {
      const result = compileFilter(text)
      if (!result.ok) return
      const bound = columnBound(result.filter.node, messageSubject(source), source)
      if (bound !== null) seen.bounded += 1
      for (const [at, tree] of trees.entries()) {
        const id = at + 1
        const wanted = result.filter.test({ field: (ref) => bodyValues(tree, ref.path) })
        subject.moveTo(id)
        if (result.filter.test(subject) !== wanted) throw new Error(`${text} differs for #${id}`)
        if (wanted) seen.matches += 1
        if (bound?.test(messages.columnsOf(id), messages.indexOf(id), id) !== false) continue
        seen.turnedAway += 1
        if (wanted) throw new Error(`${text} matches #${id}, which was turned away`)
      }
    }),
    { numRuns: 200, seed: SEED },
  )
  expect(seen.bounded).toBeGreaterThan(80)
  expect(seen.matches).toBeGreaterThan(500)
  expect(seen.turnedAway).toBeGreaterThan(10_000)
})

test.each([
  ['body.ok == false', '{"ok":true,"x":[]}'],
  ['body.state == "idle"', '{"state":"busy"}'],
  ['body.temp > 3', '{"state":"busy"}'],
  ['not rep and body.ok in {false}', '{"ok":true}'],
])('%s decodes nothing of %s', (text, json) => {
  const capture = new Capture()
  const script = new TraceScript(capture.observe)
  script.opened({ messageKey: 1, dir: 'in' })
  script.closed({ messageKey: 1, dir: 'in' }, json)
  const source = capture.subjectSource({ linkOf: () => undefined, nowMs: () => 0, dayStartMs: 0 })
  const result = compileFilter(text)
  const bound = result.ok ? columnBound(result.filter.node, messageSubject(source), source) : null
  expect(bound?.test(source.messages.columnsOf(1), source.messages.indexOf(1), 1)).toBe(false)
})
