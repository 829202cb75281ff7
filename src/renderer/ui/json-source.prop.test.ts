import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonText, MAX_JSON_DEPTH, readJson } from './json-source'

const formatted = (text: string): string => {
  const reading = readJson(text)
  if (!reading.ok) throw new Error(reading.problem.message)
  return jsonText(reading.lines)
}
const problem = (text: string) => {
  const reading = readJson(text)
  return reading.ok ? undefined : reading.problem
}
const canParse = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('JSON read as text', () => {
  test('indents like the standard form and changes no value', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        expect(formatted(text)).toBe(JSON.stringify(JSON.parse(text), null, 2))
      }),
      { examples: [['{"a":[],"b":{},"c":[1,{"d":null}]}'], ['"x"'], [' [ 1 , 2 ] ']] },
    )
  })

  test('keeps integers above 2^53, number spellings, double keys and escapes as they were sent', () => {
    expect(formatted('{"rev":9007199254740993,"rev":1.50,"e":-0e+5,"s":"\\u00e9\\/"}')).toBe(
      '{\n  "rev": 9007199254740993,\n  "rev": 1.50,\n  "e": -0e+5,\n  "s": "\\u00e9\\/"\n}',
    )
  })

  test('agrees with the engine about what is JSON', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '1',
      '-',
      '0',
      '01',
      '.5',
      'true',
      'nul',
      ' ',
      '\n',
      '\\',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('')
        expect(readJson(text).ok).toBe(canParse(text))
      }),
      { numRuns: 3000 },
    )
  })

  test.each([
    ['', 0, 1, 1, 'the text ends where a value is expected'],
    ['{"a" 1}', 5, 1, 6, 'expected ":"'],
    ['{\n  "a": 1,\n}', 12, 3, 1, 'expected a name in double quotes'],
    ['[1 2]', 3, 1, 4, 'expected "," or "]"'],
    ['{"a":NaN}', 5, 1, 6, 'a value cannot begin with "N"'],
    ['{"a":1', 6, 1, 7, 'the text ends too early: expected "," or "}"'],
    ['"abc', 4, 1, 5, 'the text ends inside a string'],
    ['"a\\x"', 2, 1, 3, 'unknown escape in a string'],
    ['"a\tb"', 2, 1, 3, 'a control character must be escaped in a string'],
    ['1 2', 2, 1, 3, 'something follows after the end of the value'],
  ])('says where %j stops being JSON', (text, at, line, column, message) => {
    expect(problem(text)).toEqual({ at, line, column, message })
  })

  test('refuses nesting beyond the limit instead of overflowing', () => {
    expect(readJson('['.repeat(MAX_JSON_DEPTH) + ']'.repeat(MAX_JSON_DEPTH)).ok).toBe(true)
    expect(problem('['.repeat(MAX_JSON_DEPTH + 1))?.message).toBe('nested deeper than 100 levels')
    expect(problem('['.repeat(1_000_000))?.message).toBe('nested deeper than 100 levels')
  })
})
