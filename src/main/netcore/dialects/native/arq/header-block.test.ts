import fc from 'fast-check'
import { pack } from 'msgpackr'
import { describe, expect, test } from 'vitest'
import type { Headers, LosslessJson } from '../../../../../shared/model/trace'
import { HeaderGathering, MAX_HEADER_BYTES, packHeaders, unpackHeaders } from './header-block'
import { MAX_HEADER_DEPTH } from './header-shape'

const json = fc.letrec<{ value: LosslessJson }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.integer(),
    fc.bigInt({ min: 2n ** 60n, max: 2n ** 64n - 1n }),
    fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 60n) }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toJSON')),
      tie('value'),
      {
        maxKeys: 5,
      },
    ),
  ),
})).value
const headers = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'toString')), json, {
  maxKeys: 8,
})

/** Through the wire, in pieces of one size. */
function carry(packed: Uint8Array, pieceBytes: number): { headers: Headers | null; rest: number } {
  const gathering = new HeaderGathering()
  let rest = 0
  for (let at = 0; at < packed.length; at += pieceBytes) {
    const piece = packed.subarray(at, at + pieceBytes)
    if (gathering.headers === null) rest += gathering.take(piece).length
    else rest += piece.length
  }
  return { headers: gathering.headers, rest }
}

const plain = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(plain)
    : typeof value === 'object' && value !== null
      ? new Map(Object.entries(value).map(([key, item]) => [key, plain(item)]))
      : value

describe('headers', () => {
  test('come back as they were, in whatever pieces they travel, and the body begins where they end', () => {
    fc.assert(
      fc.property(headers, fc.integer({ min: 1, max: 40 }), fc.nat(30), (sent, pieceBytes, bodyBytes) => {
        const prefix = packHeaders(sent)
        if (prefix.length === 0) {
          expect(Object.keys(sent)).toEqual([])
          return
        }
        const packed = new Uint8Array(prefix.length + bodyBytes)
        packed.set(prefix)
        const { headers: got, rest } = carry(packed, pieceBytes)
        expect(plain(got)).toEqual(plain(sent))
        expect(rest).toBe(bodyBytes)
      }),
      { numRuns: 300 },
    )
  })

  test('reach no prototype, whatever they are called', () => {
    const hostile = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    ) as Headers
    const { headers: got } = carry(packHeaders(hostile), 7)
    expect(Object.getPrototypeOf(got)).toBeNull()
    expect(Object.keys(got!)).toEqual(['__proto__', 'constructor'])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test(`may be nested ${MAX_HEADER_DEPTH} levels, and not one more, either way`, () => {
    const nested = (levels: number): Headers => {
      let value: LosslessJson = 1
      for (let k = 1; k < levels; k++) value = [value]
      return { k: value }
    }
    const packed = packHeaders(nested(MAX_HEADER_DEPTH))
    expect(carry(packed, 1_000).headers).not.toBeNull()
    expect(() => packHeaders(nested(MAX_HEADER_DEPTH + 1))).toThrow(
      expect.objectContaining({ code: 'HEAD_NOT_ENCODABLE' }),
    )
    const deeper = pack(nested(MAX_HEADER_DEPTH + 1))
    expect(unpackHeaders(deeper)).toMatch(/deeper than 64/)
  })

  test('of 200,000 levels are refused at a look', () => {
    const bytes = new Uint8Array(200_000).fill(0x91)
    bytes.set([0x81, 0xa1, 0x6b])
    expect(unpackHeaders(bytes)).toMatch(/deeper than 64/)
  })

  test('may take 64 KiB, and not one byte more', () => {
    const text = (bytes: number): Headers => ({ k: 'x'.repeat(bytes - 6) })
    expect(packHeaders(text(MAX_HEADER_BYTES)).length).toBe(MAX_HEADER_BYTES + 3)
    expect(() => packHeaders(text(MAX_HEADER_BYTES + 1))).toThrow(
      expect.objectContaining({ code: 'HEAD_TOO_LARGE' }),
    )
    const gathering = new HeaderGathering()
    gathering.take(Uint8Array.of(0x81, 0x80, 0x04))
    expect(gathering.fault).toBe('they take 65537 bytes')
  })

  test.each([
    ['not a number', { k: Number.NaN }],
    ['infinite', { k: [Number.POSITIVE_INFINITY] }],
    ['65 bits', { k: 2n ** 64n }],
    ['a function', { k: (() => 1) as unknown as LosslessJson }],
    ['nothing', { k: undefined as unknown as LosslessJson }],
    ['bytes', { k: new Uint8Array(3) as unknown as LosslessJson }],
  ])('that JSON does not have are refused: %s', (_name, sent) => {
    expect(() => packHeaders(sent)).toThrow(expect.objectContaining({ code: 'HEAD_NOT_ENCODABLE' }))
  })

  test.each([
    ['NaN', 'cb7ff8000000000000'],
    ['infinity', 'cbfff0000000000000'],
    ['a short infinity', 'ca7f800000'],
    ['bytes', 'c40100'],
    ['a date', 'd6ff00000000'],
    ['a number as key', '810102'],
    ['an unused type', 'c1'],
  ])('with what JSON does not have are refused: %s', (_name, hex) => {
    const value = Uint8Array.from(hex.match(/../g)!, (pair) => Number.parseInt(pair, 16))
    expect(unpackHeaders(Uint8Array.of(0x81, 0xa1, 0x6b, ...value))).toEqual(expect.any(String))
  })

  test('from anybody either decode to plain values or are refused, and never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        for (const packed of [bytes, Uint8Array.of(0x81, 0xa1, 0x6b, ...bytes)]) {
          const got = unpackHeaders(packed)
          if (typeof got === 'string') expect(got).not.toBe('')
          else if (Object.keys(got).length > 0) {
            expect(plain(carry(packHeaders(got), 9).headers)).toEqual(plain(got))
          }
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
