import type { FieldSchema } from './field-schema'
import { type JsonValue, memberOf } from './json-value'

/** What is wrong with a value, and where: `tags[2].name`, empty for the whole. */
export interface ValueProblem {
  readonly path: string
  readonly message: string
}

const MAX_PROBLEMS = 50

/** Holds a value against a schema. Undefined is a value that is not there. */
export function checkValue(schema: FieldSchema, value: JsonValue | undefined): readonly ValueProblem[] {
  const problems: ValueProblem[] = []
  check(schema, value, '', problems)
  return problems
}

function check(
  schema: FieldSchema,
  value: JsonValue | undefined,
  path: string,
  problems: ValueProblem[],
): void {
  if (problems.length >= MAX_PROBLEMS || value === undefined) return
  const tell = (message: string): void => void problems.push({ path, message })
  switch (schema.type) {
    case 'integer': {
      if (value.kind !== 'number' || !/^-?\d+$/.test(value.text)) {
        tell('a whole number')
        return
      }
      const number = BigInt(value.text)
      if (schema.min !== null && number < schema.min) tell(`at least ${schema.min}`)
      else if (schema.max !== null && number > schema.max) tell(`at most ${schema.max}`)
      return
    }
    case 'number': {
      const number = value.kind === 'number' ? Number(value.text) : Number.NaN
      if (!Number.isFinite(number)) {
        tell('a number')
        return
      }
      if (schema.min !== null && number < schema.min) tell(`at least ${schema.min}`)
      else if (schema.max !== null && number > schema.max) tell(`at most ${schema.max}`)
      return
    }
    case 'string': {
      if (value.kind !== 'string') {
        tell('text')
        return
      }
      const length = Array.from(value.text).length
      if (length < schema.minLength) tell(`at least ${schema.minLength} characters`)
      else if (schema.maxLength !== null && length > schema.maxLength)
        tell(`at most ${schema.maxLength} characters`)
      return
    }
    case 'bytes': {
      const digits = value.kind === 'string' ? value.text.replaceAll(/\s/g, '') : '?'
      if (!/^(?:[0-9a-fA-F]{2})*$/.test(digits)) {
        tell('pairs of hex digits')
        return
      }
      if (schema.maxBytes !== null && digits.length / 2 > schema.maxBytes)
        tell(`at most ${schema.maxBytes} bytes`)
      return
    }
    case 'boolean':
      if (value.kind !== 'word' || value.value === null) tell('true or false')
      return
    case 'enum':
      if (!schema.values.some((one) => isEnumValue(value, one)))
        tell(`one of ${schema.values.map(String).join(', ')}`)
      return
    case 'array': {
      if (value.kind !== 'array') {
        tell('a list')
        return
      }
      if (value.items.length < schema.minItems) tell(`at least ${schema.minItems} entries`)
      if (schema.maxItems !== null && value.items.length > schema.maxItems)
        tell(`at most ${schema.maxItems} entries`)
      value.items.forEach((item, at) => check(schema.items, item, `${path}[${at + 1}]`, problems))
      return
    }
    case 'object':
      if (value.kind !== 'object') {
        tell('an object')
        return
      }
      for (const { name, isRequired, schema: inner } of schema.fields) {
        const member = memberOf(value, name)
        const place = path === '' ? name : `${path}.${name}`
        if (member !== undefined) check(inner, member, place, problems)
        else if (isRequired) problems.push({ path: place, message: 'needed' })
      }
      return
    case 'any':
  }
}

export const isEnumValue = (value: JsonValue, one: string | number | boolean | null): boolean =>
  value.kind === 'string'
    ? value.text === one
    : value.kind === 'number'
      ? typeof one === 'number' && Number(value.text) === one
      : value.kind === 'word' && value.value === one

/** The value that a new field begins with. */
export function initialValue(schema: FieldSchema): JsonValue {
  switch (schema.type) {
    case 'integer':
      return { kind: 'number', text: String(schema.min !== null && schema.min > 0n ? schema.min : 0n) }
    case 'number':
      return { kind: 'number', text: String(Math.max(0, schema.min ?? 0)) }
    case 'boolean':
      return { kind: 'word', value: false }
    case 'enum': {
      const first = schema.values[0] ?? null
      if (typeof first === 'string') return { kind: 'string', text: first }
      return typeof first === 'number'
        ? { kind: 'number', text: String(first) }
        : { kind: 'word', value: first }
    }
    case 'array':
      return { kind: 'array', items: [] }
    case 'object':
      return {
        kind: 'object',
        members: schema.fields.flatMap(({ name, isRequired, schema: inner }) =>
          isRequired ? [{ name, value: initialValue(inner) }] : [],
        ),
      }
    case 'string':
    case 'bytes':
      return { kind: 'string', text: '' }
    case 'any':
      return { kind: 'word', value: null }
  }
}

/** What a field takes, in a few words: `0 … 65535`, `≤ 32 characters`. */
export function schemaWords(schema: FieldSchema): string {
  switch (schema.type) {
    case 'integer':
    case 'number': {
      const name = schema.type === 'integer' ? 'whole number' : 'number'
      const { min, max } = schema
      if (min !== null && max !== null) return `${name}, ${min} … ${max}`
      return min !== null ? `${name}, ≥ ${min}` : max !== null ? `${name}, ≤ ${max}` : name
    }
    case 'string':
      return schema.maxLength === null ? 'text' : `text, ≤ ${schema.maxLength} characters`
    case 'bytes':
      return schema.maxBytes === null ? 'bytes as hex' : `bytes as hex, ≤ ${schema.maxBytes}`
    case 'boolean':
      return 'yes or no'
    case 'enum':
      return `one of ${schema.values.map(String).join(', ')}`
    case 'array':
      return schema.maxItems === null ? 'list' : `list, ≤ ${schema.maxItems} entries`
    case 'object':
      return 'object'
    case 'any':
      return 'JSON'
  }
}
