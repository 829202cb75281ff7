import { describe, expect, test } from 'vitest'
import { fromHex, utf8 } from '../bytes'
import { MAX_JSON_NESTING, parseJsonBody } from './json-body'

const nested = (depth: number): Uint8Array => utf8('['.repeat(depth) + ']'.repeat(depth))

describe('parseJsonBody', () => {
  test('reads what JSON can say', () => {
    expect(parseJsonBody(utf8('{"a": [1, -2.5e3, "x\\n", null, true], "b": {}}'))).toEqual({
      a: [1, -2500, 'x\n', null, true],
      b: {},
    })
    expect(parseJsonBody(utf8('7'))).toBe(7)
  })

  test('skips a byte order mark', () => {
    expect(parseJsonBody(fromHex('efbbbf 7b7d'))).toEqual({})
  })

  test('takes 100 levels and refuses 101', () => {
    expect(parseJsonBody(nested(MAX_JSON_NESTING))).toBeInstanceOf(Array)
    expect(() => parseJsonBody(nested(MAX_JSON_NESTING + 1))).toThrow(
      expect.objectContaining({
        code: 'JSON_INVALID',
        message: expect.stringContaining('100 levels') as string,
      }),
    )
  })

  test('refuses a body nested two hundred thousand levels deep without falling over', () => {
    expect(() => parseJsonBody(nested(200_000))).toThrow(expect.objectContaining({ code: 'JSON_INVALID' }))
    expect(() => parseJsonBody(utf8('{"a":'.repeat(200_000)))).toThrow(
      expect.objectContaining({ code: 'JSON_INVALID' }),
    )
  })

  test('counts neither brackets in texts nor those that were closed', () => {
    expect(parseJsonBody(utf8(JSON.stringify('[{'.repeat(500))))).toBe('[{'.repeat(500))
    expect(parseJsonBody(utf8(JSON.stringify(['\\"['.repeat(300)])))).toEqual(['\\"['.repeat(300)])
    expect(parseJsonBody(utf8(`[${'[],'.repeat(500)}{}]`))).toHaveLength(501)
  })

  test.each([
    ['', 'not JSON'],
    ['{', 'not JSON'],
    ['{"a": NaN}', 'not JSON'],
    ['[1] x', 'not JSON'],
  ])('refuses %j', (text, why) => {
    expect(() => parseJsonBody(utf8(text))).toThrow(
      expect.objectContaining({ code: 'JSON_INVALID', message: expect.stringContaining(why) as string }),
    )
  })

  test('refuses bytes that are not UTF-8', () => {
    expect(() => parseJsonBody(fromHex('22ff22'))).toThrow(expect.objectContaining({ code: 'JSON_INVALID' }))
  })

  test('keys that name parts of a prototype are plain data', () => {
    const text =
      '{"__proto__": {"isAdmin": true}, "constructor": 1, "prototype": 2, "nest": {"__proto__": 3}}'
    const value = parseJsonBody(utf8(text)) as Record<string, unknown>
    expect(Object.getPrototypeOf(value)).toBeNull()
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor', 'prototype', 'nest'])
    expect(value['isAdmin']).toBeUndefined()
    expect(Object.getPrototypeOf(value['nest'])).toBeNull()
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined()
  })
})
