import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type {
  FieldRef,
  FilterNode,
  FilterSubject,
  FilterValue,
  SubjectValue,
  SubjectValues,
} from './filter-types'
import { completionsAt } from './completions'
import { allFieldNames, type FieldInfo, fieldNamed } from './fields'
import { compileFilter, parseFilter, printFilter } from './index'
import { withUnit } from './numbers'

const FIELDS = allFieldNames().map((name) => fieldNamed(name)!)
const PATTERNS = ['^a', 'b+$', '(?i)A|é', 'a.*"', '\\d\\x41', '[^a]b', '\\\\']
const AT = { from: 0, to: 0 }

/** Few letters, so that texts often equal and contain each other; and some that need escapes. */
const texts = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', 'b', 'A', 'é', ' ', '.', '"', '\\', '\n', '\ud83d', '😀'),
    maxLength: 4,
  }),
  fc.constantFrom('and', 'msg.route', 'true', '5', '7e:01', '~q', '', '\u2028\x00', 'a/b'),
)
const bytes = fc.uint8Array({ max: 2, maxLength: 3 })
const numbers = fc.oneof(
  fc.integer({ min: -2, max: 3 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.constantFrom(2 ** 53, 2n ** 53n + 1n, 0.05, 1e-7, 1e21),
)
const times = fc.integer({ min: 0, max: 86_399_999_999 }).map((micros) => micros / 1000)

const numberValues = (unit: FieldInfo['unit'], isAny: boolean): fc.Arbitrary<FilterValue> => {
  const units = [
    ...(unit === 'ms' || isAny ? ['us', 'ms', 's', 'min'] : []),
    ...(unit === 'B' || isAny ? ['B', 'kB', 'kiB', 'MB'] : []),
  ]
  return fc
    .tuple(numbers, fc.constantFrom(null, ...units))
    .map(([value, written]) => withUnit(value, written))
}
const textValues = texts.map((text): FilterValue => ({ kind: 'text', text }))
const booleans = fc.boolean().map((value): FilterValue => ({ kind: 'boolean', value }))
const bytesOf = (least: number) =>
  fc
    .uint8Array({ max: 2, minLength: least, maxLength: 3 })
    .map((value): FilterValue => ({ kind: 'bytes', bytes: value }))

const refs: fc.Arbitrary<readonly [FieldInfo, FieldRef]> = fc.constantFrom(...FIELDS).chain((info) => {
  const isSliceable = info.type === 'text' || info.type === 'bytes' || info.type === 'any'
  const slices = fc.record({
    offset: fc.integer({ min: -3, max: 3 }),
    length: fc.option(fc.integer({ min: 0, max: 3 })),
  })
  const steps = fc.oneof(
    fc.integer({ min: 0, max: 3 }),
    fc.constantFrom('a', 'b', 'a b', '__proto__', '0', '"'),
  )
  return fc
    .record({
      name: fc.constant(info.name),
      path: info.hasPath ? fc.array(steps, { minLength: 1, maxLength: 2 }) : fc.constant([]),
      slice: isSliceable ? fc.option(slices) : fc.constant(null),
    })
    .map((ref) => [info, ref] as const)
})

function valuesFor(info: FieldInfo, { slice }: FieldRef, isEquality: boolean): fc.Arbitrary<FilterValue> {
  switch (info.type) {
    case 'text':
      return info.isClosed && isEquality && slice === null
        ? fc.constantFrom(...info.values).map((text) => ({ kind: 'text', text }))
        : textValues
    case 'number':
      return numberValues(info.unit, false)
    case 'boolean':
      return booleans
    case 'time':
      return times.map((msOfDay) => ({ kind: 'time', msOfDay }))
    case 'bytes':
      return fc.oneof(textValues, bytesOf(1))
    default:
      return fc.oneof(textValues, booleans, numberValues(null, true), bytesOf(slice === null ? 2 : 1))
  }
}

function leaf([info, field]: readonly [FieldInfo, FieldRef]): fc.Arbitrary<FilterNode> {
  const has = fc.constant<FilterNode>({ op: 'has', field, ...AT })
  if (info.type === 'message') return has
  const equality = fc.constantFrom('==' as const, '!=' as const)
  const order = fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const)
  const compare = (operators: fc.Arbitrary<'==' | '!=' | '<' | '<=' | '>' | '>='>, isEquality: boolean) =>
    fc
      .record({ comparison: operators, value: valuesFor(info, field, isEquality) })
      .map((rest): FilterNode => ({ op: 'compare', field, ...rest, ...AT }))
  const oneOf = fc
    .array(valuesFor(info, field, true), { minLength: 1, maxLength: 3 })
    .map((values): FilterNode => ({ op: 'in', field, values, ...AT }))
  const isText = info.type === 'text' || info.type === 'any'
  const inside = (
    info.type === 'bytes' || info.type === 'any'
      ? fc.oneof(textValues, bytesOf(info.type === 'bytes' || field.slice ? 1 : 2))
      : textValues
  ).map((value): FilterNode => ({ op: 'compare', field, comparison: 'contains', value, ...AT }))
  const matches = fc.constantFrom(...PATTERNS).map(
    (text): FilterNode => ({
      op: 'compare',
      field,
      comparison: 'matches',
      value: { kind: 'text', text },
      ...AT,
    }),
  )
  return fc.oneof(
    has,
    compare(equality, true),
    oneOf,
    ...(info.type === 'boolean' ? [] : [compare(order, false)]),
    ...(isText || info.type === 'bytes' ? [inside] : []),
    ...(isText ? [matches] : []),
  )
}

const leaves = fc.oneof(
  { weight: 5, arbitrary: refs.chain(leaf) },
  { weight: 1, arbitrary: texts.map((text): FilterNode => ({ op: 'find', text, ...AT })) },
)
const nodes = fc.letrec<{ node: FilterNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaves,
    fc
      .record({ op: fc.constant('not' as const), part: tie('node') })
      .map((node): FilterNode => ({ ...node, ...AT })),
    fc
      .record({
        op: fc.constantFrom('and' as const, 'or' as const),
        parts: fc.array(tie('node'), { minLength: 2, maxLength: 3 }),
      })
      .map(
        ({ op, parts }): FilterNode => ({
          op,
          parts: parts.flatMap((part) => (part.op === op ? part.parts : [part])),
          ...AT,
        }),
      ),
  ),
})).node

const placeless = (node: FilterNode): unknown =>
  JSON.parse(
    JSON.stringify(node, (key, value: unknown) => {
      if (key === 'from' || key === 'to') return undefined
      if (typeof value === 'bigint') return `${value}n`
      return value instanceof Uint8Array ? `bytes ${value.join()}` : value
    }),
  )

describe('the filter language', () => {
  test('reads back what it prints', () => {
    fc.assert(
      fc.property(nodes, (node) => {
        const text = printFilter(node)
        const parsed = parseFilter(text)
        if (!parsed.ok) throw new Error(`${text}: ${JSON.stringify(parsed.problems)}`)
        expect(placeless(parsed.node)).toEqual(placeless(node))
        expect(printFilter(parsed.node)).toBe(text)
      }),
      { numRuns: 1500 },
    )
  })

  test('evaluates like somebody who follows the rules word by word', () => {
    const value: fc.Arbitrary<SubjectValue> = fc.oneof(texts, bytes, numbers, fc.boolean())
    const valuesOfField = fc.oneof(fc.constant(undefined), value, fc.array(value, { maxLength: 3 }))
    const counts = { true: 0, false: 0 }
    fc.assert(
      fc.property(nodes, fc.array(valuesOfField, { minLength: 1, maxLength: 8 }), (node, pool) => {
        const text = printFilter(node)
        const result = compileFilter(text)
        if (!result.ok) throw new Error(text)
        const subject: FilterSubject = { field: (ref) => pool[hashOf(ref) % pool.length] }
        const expected = naive(node, subject)
        counts[`${expected}`] += 1
        expect(result.filter.test(subject)).toBe(expected)
      }),
      { numRuns: 2500 },
    )
    expect(Math.min(counts.true, counts.false)).toBeGreaterThan(250)
  })

  test('answers any text with a filter or with problems that lie in it, and always has completions', () => {
    const pieces = fc.constantFrom(
      ...[
        'msg.route',
        'body.',
        '[',
        ']',
        '[0:2]',
        '(',
        ')',
        '{',
        '}',
        ',',
        '"',
        '\\',
        '~',
        '~q',
        '!',
        '!=',
        '==',
        '=',
      ],
      ...[
        'and',
        'or',
        'not',
        'in',
        'matches',
        'contains',
        '7e:01',
        '0xa',
        '10:42',
        '5',
        'ms',
        ' ',
        '.',
        '&&',
        '|',
        '(a+)+$',
        '\u0000',
      ],
    )
    const garbage = fc.oneof(
      fc
        .array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 30 })
        .map((parts) => parts.join('')),
      fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(' ')),
    )
    fc.assert(
      fc.property(garbage, fc.nat(), (text, somewhere) => {
        const result = compileFilter(text)
        if (result.ok) {
          expect(result.filter.test({ field: () => undefined })).toBeTypeOf('boolean')
          expect(parseFilter(result.filter.text).ok).toBe(true)
        } else expect(result.problems.length).toBeGreaterThan(0)
        for (const { from, to } of result.ok ? [] : result.problems) {
          expect(from).toBeGreaterThanOrEqual(0)
          expect(to).toBeGreaterThanOrEqual(from)
          expect(to).toBeLessThanOrEqual(text.length)
        }
        const caret = somewhere % (text.length + 1)
        const { from, to } = completionsAt(text, caret)
        expect(from <= caret && caret <= to && to <= text.length).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})

function hashOf({ name, path }: FieldRef): number {
  let hash = 7
  for (const char of [name, ...path].join('.')) hash = (hash * 31 + char.codePointAt(0)!) % 1_000_003
  return hash
}

/** The rules of docs/filter-language.md, one after the other, without any thought of speed. */
function naive(node: FilterNode, subject: FilterSubject): boolean {
  switch (node.op) {
    case 'and':
      return node.parts.every((part) => naive(part, subject))
    case 'or':
      return node.parts.some((part) => naive(part, subject))
    case 'not':
      return !naive(node.part, subject)
    case 'has':
      return listOf(subject, node.field).some((value) => value !== false && asUnits(value)?.length !== 0)
    case 'find': {
      const wanted = node.text.toLowerCase()
      const fields = ['msg.route', 'note', 'text'].map((name) => ({ name, path: [], slice: null }))
      return fields.some((field) =>
        listOf(subject, field).some(
          (value) => typeof value === 'string' && value.toLowerCase().includes(wanted),
        ),
      )
    }
    case 'in':
      return listOf(subject, node.field).some((value) =>
        node.values.some((wanted) => order(value, wanted) === '='),
      )
    case 'compare': {
      const { comparison, value: wanted } = node
      const values = listOf(subject, node.field)
      if (comparison === '!=')
        return values.length > 0 && !values.some((value) => order(value, wanted) === '=')
      return values.some((value) => {
        if (comparison === 'contains') return isInside(value, wanted)
        if (comparison === 'matches') {
          if (wanted.kind !== 'text' || typeof value !== 'string') return false
          const isCaseless = wanted.text.startsWith('(?i)')
          return new RegExp(wanted.text.replace('(?i)', ''), isCaseless ? 'iu' : 'u').test(value)
        }
        const signs = { '==': '=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' }[comparison]
        const found = order(value, wanted)
        return found !== null && wanted.kind === 'boolean'
          ? comparison === '==' && found === '='
          : found !== null && signs.includes(found)
      })
    }
  }
}

function listOf(subject: FilterSubject, field: FieldRef): SubjectValue[] {
  const values: SubjectValues = subject.field(field)
  const list =
    values === undefined
      ? []
      : Array.isArray(values)
        ? [...(values as readonly SubjectValue[])]
        : [values as SubjectValue]
  const { slice } = field
  if (slice === null) return list
  return list.flatMap((value): SubjectValue[] => {
    const units = asUnits(value)
    if (units === null) return []
    const from = slice.offset < 0 ? Math.max(0, units.length + slice.offset) : slice.offset
    const kept = units.filter((_, at) => at >= from && (slice.length === null || at < from + slice.length))
    if (kept.length === 0) return []
    return [typeof value === 'string' ? String.fromCharCode(...kept) : Uint8Array.from(kept)]
  })
}

function asUnits(value: SubjectValue): number[] | null {
  if (typeof value === 'string') return value.split('').map((char) => char.charCodeAt(0))
  return value instanceof Uint8Array ? [...value] : null
}

const wantedBytes = (wanted: FilterValue): number[] | null =>
  wanted.kind === 'bytes' ? [...wanted.bytes] : wanted.kind === 'text' ? [...Buffer.from(wanted.text)] : null

function order(value: SubjectValue, wanted: FilterValue): '<' | '=' | '>' | null {
  if (value instanceof Uint8Array) {
    const other = wantedBytes(wanted)
    return other && signOf(Buffer.compare(value, Uint8Array.from(other)))
  }
  if (typeof value === 'string') {
    return wanted.kind === 'text' ? (value === wanted.text ? '=' : value < wanted.text ? '<' : '>') : null
  }
  if (typeof value === 'boolean') return wanted.kind === 'boolean' && value === wanted.value ? '=' : null
  const number = wanted.kind === 'number' ? wanted.value : wanted.kind === 'time' ? wanted.msOfDay : null
  return number === null ? null : value < number ? '<' : value > number ? '>' : '='
}

const signOf = (sign: number): '<' | '=' | '>' => (sign < 0 ? '<' : sign > 0 ? '>' : '=')

function isInside(value: SubjectValue, wanted: FilterValue): boolean {
  if (typeof value === 'string')
    return wanted.kind === 'text' && value.split(wanted.text).length > (wanted.text === '' ? -1 : 1)
  const other = wantedBytes(wanted)
  if (!(value instanceof Uint8Array) || other === null) return false
  return `,${value.join()},`.includes(other.length === 0 ? ',' : `,${other.join()},`)
}
