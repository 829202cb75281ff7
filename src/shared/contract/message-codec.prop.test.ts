import fc from 'fast-check'
import { Packr } from 'msgpackr'
import { describe, expect, test } from 'vitest'
import { fromHex } from '../bytes'
import { ConsoleError } from '../errors'
import { MAX_FRAME_BYTES } from './envelope'
import { decodeMessage, encodeMessage } from './message-codec'
import { MAX_NESTING, MAX_VALUES } from './wire-gate'

const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return error instanceof ConsoleError ? error.code : String(error)
  }
  return 'no error'
}

/** Keys as devices choose them; `__proto__` has its own test. */
const key = fc.string({ maxLength: 40 }).filter((text) => text !== '__proto__')
const value = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(
      fc.constantFrom(null, true, false, undefined),
      fc.integer(),
      fc.double({ noNaN: true }).map((number) => number + 0), // minus zero comes back as zero
      fc.maxSafeInteger(),
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.uint8Array({ maxLength: 300 }),
      fc.float32Array({ maxLength: 70 }),
      fc.float64Array({ maxLength: 40 }),
      fc.uint32Array({ maxLength: 70 }),
      fc.int16Array({ maxLength: 70 }),
    ),
    fc.array(tie('tree'), { maxLength: 20 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 20, noNullPrototype: true }),
  ),
})).tree

describe('message codec', () => {
  test('gives back every value of the contract with its type', () => {
    fc.assert(
      fc.property(value, (sent) => {
        expect(decodeMessage(encodeMessage(sent))).toEqual(sent)
      }),
      { numRuns: 400 },
    )
  })

  test('any bytes decode or are refused as a bad frame, nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(['no error', 'CONTRACT_BAD_FRAME']).toContain(codeOf(() => decodeMessage(bytes)))
      }),
      { numRuns: 3000 },
    )
  })

  test('a good frame with one byte changed, cut or added decodes or is refused as a bad frame', () => {
    fc.assert(
      fc.property(value, fc.nat(), fc.integer({ min: 0, max: 255 }), (sent, where, byte) => {
        const frame = encodeMessage(sent).slice()
        const at = where % frame.length
        const changed = frame.with(at, byte)
        expect(['no error', 'CONTRACT_BAD_FRAME']).toContain(codeOf(() => decodeMessage(changed)))
        expect(codeOf(() => decodeMessage(frame.subarray(0, at)))).toBe('CONTRACT_BAD_FRAME')
        expect(codeOf(() => decodeMessage(Uint8Array.of(...frame, byte)))).toBe('CONTRACT_BAD_FRAME')
      }),
      { numRuns: 400 },
    )
  })

  test('byte arrays come back as plain byte arrays that share no memory with the frame', () => {
    const frame = Uint8Array.from(
      encodeMessage({ body: Uint8Array.of(1, 2, 3), column: Float64Array.of(0.5) }),
    )
    const decoded = decodeMessage(frame) as { body: Uint8Array; column: Float64Array }
    frame.fill(0xff)
    expect(decoded.body.constructor).toBe(Uint8Array)
    expect([...decoded.body]).toEqual([1, 2, 3])
    expect([...decoded.column]).toEqual([0.5])
  })

  test('no key of a frame reaches a prototype', () => {
    const frame = new Packr({ useRecords: false }).pack(
      JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{}}}'),
    )
    const decoded = decodeMessage(frame) as Record<string, unknown>
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype)
    expect(Object.keys(decoded)).toEqual(['__proto_', 'constructor'])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test(`nests ${MAX_NESTING} levels and not one more`, () => {
    const nested = (levels: number) => new Uint8Array(levels + 1).fill(0x91).fill(0xc0, levels)
    expect(codeOf(() => decodeMessage(nested(MAX_NESTING)))).toBe('no error')
    expect(codeOf(() => decodeMessage(nested(MAX_NESTING + 1)))).toBe('CONTRACT_BAD_FRAME')
    expect(codeOf(() => decodeMessage(nested(5_000_000)))).toBe('CONTRACT_BAD_FRAME')
  })

  test('refuses a frame of more values than any screen sends', () => {
    const frame = new Uint8Array(5 + MAX_VALUES).fill(0xc0)
    frame.set([0xdd, ...fromHex(MAX_VALUES.toString(16).padStart(8, '0'))])
    expect(codeOf(() => decodeMessage(frame))).toBe('CONTRACT_BAD_FRAME')
  })

  test('refuses frames over the limit in both directions', () => {
    expect(codeOf(() => encodeMessage({ body: new Uint8Array(MAX_FRAME_BYTES) }))).toBe(
      'CONTRACT_FRAME_TOO_LARGE',
    )
    expect(codeOf(() => decodeMessage(new Uint8Array(MAX_FRAME_BYTES + 1)))).toBe('CONTRACT_FRAME_TOO_LARGE')
  })

  test.each([
    ['a record, which would compile code', 'd4 72 40 91 a1 61 01'],
    ['a two-byte record', 'd5 72 00 01 91 a1 61 01'],
    ['a regular expression', 'd4 78 00 92 a1 61 a0'],
    ['a reference target', 'd6 69 00 00 00 01 90'],
    ['a back reference', 'd6 70 00 00 00 01'],
    ['a set', 'd4 73 00 90'],
    ['an error', 'd4 65 00 93 a5 45 72 72 6f 72 a1 61 c0'],
    ['a date', 'd6 ff 00 00 00 01'],
    ['a bundle of strings', 'd6 62 00 00 00 04 a0 a0'],
    ['a 64-bit integer', 'cf 00 00 00 00 00 00 00 01'],
    ['a negative 64-bit integer', 'd3 ff ff ff ff ff ff ff ff'],
    ['a column of 64-bit integers', 'c7 09 74 09 00 00 00 00 00 00 00 00'],
    ['an array buffer', 'd5 74 10 00'],
    ['a column whose length does not fit its type', 'd6 74 07 00 00 00'],
    ['a column without a type', 'c7 00 74'],
    ['the token that is never used', 'c1'],
    ['a key that is a number', '81 01 02'],
    ['an array longer than the frame', 'dd ff ff ff ff'],
    ['a map longer than the frame', 'df ff ff ff ff'],
    ['a text longer than the frame', 'db ff ff ff ff 61'],
    ['nothing', ''],
    ['two values', 'c0 c0'],
  ])('refuses %s', (_, hex) => {
    expect(codeOf(() => decodeMessage(fromHex(hex)))).toBe('CONTRACT_BAD_FRAME')
  })
})
