import { unpack } from 'msgpackr'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../bytes'
import { hasCode } from '../errors'
import { jsonToMsgpack } from './json-to-msgpack'
import { msgpackToJson } from './msgpack-to-json'

/** JSON text of which a double, and the reader beside ours, tell everything. */
const json = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) => JSON.stringify(value))
  .filter((text) => !/\d{16}|__proto__/.test(text))

describe('JSON as MessagePack', () => {
  test('another reader finds what JSON says', () => {
    fc.assert(
      fc.property(json, (text) => {
        expect(unpack(jsonToMsgpack(text))).toEqual(JSON.parse(text))
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['{"mtu":512}', '81a36d7475cd0200'],
    ['[1,-1,128,-33,-129,65536]', '9601ffcc80d0dfd1ff7fce00010000'],
    ['18446744073709551615', 'cfffffffffffffffff'],
    ['-9223372036854775808', 'd38000000000000000'],
    ['9007199254740993', 'cf0020000000000001'],
    ['1.0', 'cb3ff0000000000000'],
    [' [ true , null ] ', '92c3c0'],
    [`[${Array.from({ length: 16 }, () => '0').join(',')}]`, `dc0010${'00'.repeat(16)}`],
  ])('%s is the bytes %s', (text, bytes) => {
    expect(toHex(jsonToMsgpack(text))).toBe(bytes)
  })

  test.each([
    ['{"a":1,}', 7],
    ['18446744073709551616', 0],
    ['[1 2]', 3],
    ['"a', 0],
    ['', 0],
  ])('%s is refused at position %i', (text, at) => {
    let thrown: unknown
    try {
      jsonToMsgpack(text)
    } catch (error) {
      thrown = error
    }
    expect(hasCode(thrown, 'JSON_INVALID') && thrown.details).toEqual({ at })
  })

  test('comes back as the same bytes where it loses nothing', () => {
    fc.assert(
      fc.property(json, (text) => {
        const bytes = jsonToMsgpack(text)
        const back = msgpackToJson(bytes)
        expect('text' in back && toHex(jsonToMsgpack(back.text))).toBe(toHex(bytes))
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['c4017e', 'they hold bytes, which JSON has no word for'],
    ['810101', 'they hold names that are no text'],
    ['cb7ff8000000000000', 'they hold a number that JSON does not know'],
    ['0101', 'they are not one MessagePack value'],
    ['d6ff00000000', 'they hold a value that JSON has no word for'],
  ])('the bytes %s stay bytes: %s', (bytes, loses) => {
    expect(msgpackToJson(fromHex(bytes))).toEqual({ loses })
  })
})
