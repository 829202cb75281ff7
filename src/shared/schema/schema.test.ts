import { describe, expect, test } from 'vitest'
import { parseSchema } from '../workspace/schema-file'
import { checkValue, initialValue, schemaWords } from './check-value'
import { readFieldSchema } from './field-schema'
import { memberOf, parseJsonValue, printJsonValue, withMember } from './json-value'

const FILE = `
route: cfg.put
request:
  type: object
  required: [key, value]
  properties:
    key: { type: string, maxLength: 8, description: Name of the setting }
    value: { type: integer, format: uint16 }
    serial: { type: integer, minimum: 0, maximum: 18446744073709551615 }
    mode: { enum: [fast, safe] }
    sig: { type: string, format: hex, maxLength: 8 }
    tags: { type: array, maxItems: 2, items: { $ref: '#/$defs/tag' } }
    on: { type: [boolean, 'null'], default: true }
  $defs:
    tag: { type: object, properties: { name: { type: string } }, required: [name] }
`
const reading = parseSchema(FILE, 'schemas/cfg.put.yaml')
const schema = reading.value!.request
const problems = (json: string) =>
  checkValue(schema, parseJsonValue(json)).map(({ path, message }) => `${path}: ${message}`)

describe('a schema of a route', () => {
  test('knows fields, limits, references and what is needed', () => {
    expect(
      schema.type === 'object' && schema.fields.map((field) => [field.name, schemaWords(field.schema)]),
    ).toEqual([
      ['key', 'text, ≤ 8 characters'],
      ['value', 'whole number, 0 … 65535'],
      ['serial', 'whole number, 0 … 18446744073709551615'],
      ['mode', 'one of fast, safe'],
      ['sig', 'bytes as hex, ≤ 4'],
      ['tags', 'list, ≤ 2 entries'],
      ['on', 'yes or no'],
    ])
    expect(printJsonValue(initialValue(schema))).toBe('{\n  "key": "",\n  "value": 0\n}')
  })

  test('tells each mistake at its field, from both sides of a limit', () => {
    expect(
      problems('{"key":"12345678","value":65535,"serial":18446744073709551615,"sig":"01 02 03 04"}'),
    ).toEqual([])
    expect(
      problems('{"key":"123456789","value":65536,"serial":18446744073709551616,"sig":"0102030405"}'),
    ).toEqual([
      'key: at most 8 characters',
      'value: at most 65535',
      'serial: at most 18446744073709551615',
      'sig: at most 4 bytes',
    ])
    expect(
      problems('{"key":1,"value":1.5,"mode":"slow","tags":[{"name":"a"},{},{"name":2}],"on":null}'),
    ).toEqual([
      'key: text',
      'value: a whole number',
      'mode: one of fast, safe',
      'tags: at most 2 entries',
      'tags[2].name: needed',
      'tags[3].name: text',
      'on: true or false',
    ])
    expect(problems('{}')).toEqual(['key: needed', 'value: needed'])
  })

  test('a schema that leads in a circle, or outside, ends as any', () => {
    expect(readFieldSchema({ $ref: '#' })).toEqual({ type: 'any' })
    expect(readFieldSchema({ $ref: 'http://x/y' })).toEqual({ type: 'any' })
    const circle = { properties: { next: { $ref: '#' } } }
    expect(JSON.stringify(readFieldSchema(circle)).length).toBeLessThan(4000)
  })

  test('a mistake in its file names line and remedy', () => {
    expect(parseSchema('route: a\nrequest: 5\n', 'schemas/a.yaml').problem).toMatchObject({
      line: 2,
      column: 10,
    })
  })
})

describe('JSON of a form', () => {
  test('keeps the digits of numbers and the order of names', () => {
    const text = '{"z": 9007199254740993, "a": [1.50, {"b": null}], "z2": "\\u00e4"}'
    const value = parseJsonValue(text)!
    expect(printJsonValue(value)).toBe(
      '{\n  "z": 9007199254740993,\n  "a": [1.50, {\n    "b": null\n  }],\n  "z2": "ä"\n}',
    )
    const changed = withMember(value, 'z', { kind: 'number', text: '1' })
    expect(memberOf(changed, 'z')).toEqual({ kind: 'number', text: '1' })
    expect(memberOf(withMember(changed, 'z', undefined), 'z')).toBeUndefined()
  })

  test.each(['', '{', '[1,]', 'x', '{"a" 1}'])('%s is none', (text) => {
    expect(parseJsonValue(text)).toBeUndefined()
  })
})
