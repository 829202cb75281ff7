import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LosslessJson } from '../../../../shared/model/trace'
import { encodePythonJson } from './python-json-encode'
import { parsePythonJson } from './python-json-parse'

interface PythonCases {
  readonly cases: readonly { readonly input: string; readonly output: string | null }[]
}

const { cases } = JSON.parse(
  readFileSync(new URL('./vectors/python-json/cases.json', import.meta.url), 'utf8'),
) as PythonCases

const outcome = (input: string): string | null => {
  try {
    return encodePythonJson(parsePythonJson(input))
  } catch {
    return null
  }
}

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

describe('against the real json module', () => {
  test(`gives the same text, or refuses, for all ${cases.length} recorded inputs`, () => {
    expect(cases.length).toBeGreaterThan(500)
    for (const { input, output } of cases)
      expect({ input, output: outcome(input) }).toEqual({ input, output })
  })
})

describe('reading', () => {
  test('keeps integers beyond 2^53 exact and others as numbers', () => {
    expect(parsePythonJson('[9007199254740991, 9007199254740992, -9007199254740993]')).toEqual([
      9007199254740991,
      9007199254740992n,
      -9007199254740993n,
    ])
  })

  test('takes 3.0 for 3, -0 for 0 and -0.0 for -0.0', () => {
    const [three, zero, negativeZero] = parsePythonJson('[3.0, -0, -0.0]') as number[]
    expect(three).toBe(3)
    expect(zero).toBe(0)
    expect(negativeZero).toBe(-0)
  })

  test('accepts NaN and both infinities', () => {
    expect(parsePythonJson('[NaN, Infinity, -Infinity, 1e999]')).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ])
  })

  test('makes __proto__ and constructor ordinary keys of objects without a prototype', () => {
    const value = parsePythonJson('{"__proto__": {"polluted": 1}, "constructor": 2}') as Record<
      string,
      LosslessJson
    >
    expect(Object.getPrototypeOf(value)).toBeNull()
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(value['__proto__'])).toBeNull()
    expect('polluted' in {}).toBe(false)
  })

  test('accepts 64 containers within each other and refuses 65', () => {
    expect(() => parsePythonJson(nested(64))).not.toThrow()
    expect(() => parsePythonJson(nested(65))).toThrow(expect.objectContaining({ code: 'JSON_INVALID' }))
    expect(() => parsePythonJson(nested(200_000))).toThrow(expect.objectContaining({ code: 'JSON_INVALID' }))
  })

  test('reads a string of a million characters', () => {
    const long = 'x'.repeat(1 << 20)
    expect(parsePythonJson(JSON.stringify(long))).toBe(long)
  })

  test('says where the text is wrong', () => {
    expect(() => parsePythonJson('{"a": tru}')).toThrow(
      expect.objectContaining({ code: 'JSON_INVALID', details: { at: 6 } }),
    )
  })

  test('refuses any text with its own error and nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        try {
          parsePythonJson(text)
        } catch (error) {
          expect(error).toMatchObject({ code: 'JSON_INVALID' })
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('writing', () => {
  const floats: [number, string][] = [
    [1e22, '1e+22'],
    [1e16, '1e+16'],
    [9007199254740992, '9007199254740992.0'],
    [1e-7, '1e-07'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [-0, '-0.0'],
    [5e-324, '5e-324'],
    [3, '3'],
  ]
  test.each(floats)('writes %d as Python does: %s', (value, text) => {
    expect(encodePythonJson(value)).toBe(text)
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %d', (value) => {
    expect(() => encodePythonJson({ x: [value] })).toThrow(
      expect.objectContaining({ code: 'HEAD_NOT_ENCODABLE' }),
    )
  })

  test('refuses what is not JSON, cycles included', () => {
    const cycle: LosslessJson[] = []
    cycle.push(cycle)
    const foreign = [cycle, undefined, () => 1, Symbol('s'), new Map(), new Date(0), { a: undefined }]
    for (const value of foreign) {
      expect(() => encodePythonJson(value as LosslessJson)).toThrow(
        expect.objectContaining({ code: 'HEAD_NOT_ENCODABLE' }),
      )
    }
  })

  test('round-trips every value, keys and lone surrogates included', () => {
    const { tree } = fc.letrec<{ tree: LosslessJson }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.bigInt({ min: 2n ** 53n, max: 2n ** 90n }),
        fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('tree'), { maxKeys: 4, noNullPrototype: false }),
      ),
    }))
    fc.assert(
      fc.property(tree, (value) => {
        const text = encodePythonJson(value)
        expect(text).toMatch(/^[ -~]*$/)
        expect(parsePythonJson(text)).toEqual(value)
      }),
      { numRuns: 500 },
    )
  })
})
