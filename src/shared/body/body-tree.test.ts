import { describe, expect, test } from 'vitest'
import { fromHex, utf8 } from '../bytes'
import { pathOf, trailTo, valueAt, valuesAt } from './body-paths'
import { bodyTree } from './body-tree'
import { shortText } from './short-text'

const textOf = (body: Uint8Array): string => {
  const { root } = bodyTree(body)
  return root === null ? '' : shortText(root, 1000)
}

describe('what a body is', () => {
  test.each([
    ['', 'empty'],
    ['{"a":1}', 'json'],
    ['  [1, 2]\n', 'json'],
    ['42', 'json'],
    ['-1.5e3', 'json'],
    ['"text"', 'json'],
    ['null', 'json'],
    ['{"a":1} tail', 'text'],
    ['temperature 21.5', 'text'],
    ['12:30 boot', 'text'],
    ['   ', 'text'],
    ['boot\u0000\u0001\u0002', 'bytes'],
  ])('%j is %s', (text, format) => {
    expect(bodyTree(utf8(text)).format).toBe(format)
  })

  test.each([
    ['80', 'msgpack'],
    ['93 01 02 03', 'msgpack'],
    ['93 01 02', 'bytes'],
    ['93 01 02 03 04', 'bytes'],
    ['c0', 'bytes'],
    ['ff d8 ff e0', 'bytes'],
    ['de 00 01 a1 61 01', 'msgpack'],
    ['d0 b6', 'text'],
  ])('bytes %s are %s', (hex, format) => {
    expect(bodyTree(fromHex(hex)).format).toBe(format)
  })

  test('tells why something in braces is not JSON, and where', () => {
    expect(bodyTree(utf8('{"a":01}'))).toMatchObject({
      format: 'text',
      problem: 'Not JSON: expected "," or "}" (at 0x0006)',
    })
  })

  test('follows the sender when it says what the body is', () => {
    expect(bodyTree(fromHex('c3'), { expects: 'msgpack' }).root?.scalar).toBe(true)
    expect(bodyTree(utf8('{"a":[1,'), { expects: 'json' }).problem).toContain('the text ends too early')
  })
})

describe('JSON', () => {
  test('keeps every digit of 64-bit integers and of longer ones', () => {
    expect(
      textOf(
        utf8('[9223372036854775807,-9223372036854775808,9007199254740991,123456789012345678901234567890]'),
      ),
    ).toBe('[9223372036854775807, -9223372036854775808, 9007199254740991, 123456789012345678901234567890]')
  })

  test('keeps both values of a name that stands twice', () => {
    const tree = bodyTree(utf8('{"a":1,"a":2}'))
    expect(valuesAt(tree, ['a']).map(({ scalar }) => scalar)).toEqual([1, 2])
    expect(valueAt(tree, ['a'])).toMatchObject({ scalar: 2, note: 'this name stood here before' })
  })

  test('shows bytes in a string that are not UTF-8, and goes on', () => {
    const tree = bodyTree(Uint8Array.from([...utf8('{"a":"x'), 0xff, 0xfe, ...utf8('\\n","b":1}')]))
    expect(tree).toMatchObject({ format: 'json', problem: '2 bytes not UTF-8, shown as \\xNN' })
    expect(valueAt(tree, ['a'])?.scalar).toBe('x\\xff\\xfe\n')
    expect(valueAt(tree, ['b'])?.scalar).toBe(1)
  })

  test('refuses nesting beyond 100 levels and reads 100', () => {
    expect(bodyTree(utf8(`${'['.repeat(100)}${']'.repeat(100)}`)).format).toBe('json')
    expect(bodyTree(utf8(`${'['.repeat(101)}${']'.repeat(101)}`)).problem).toContain('deeper than 100')
  })

  test('gives each value the bytes of its name and itself', () => {
    const body = utf8('{"key": "net.mtu", "value": [512, 7]}')
    const tree = bodyTree(body)
    const slice = (from: number, to: number): string => new TextDecoder().decode(body.subarray(from, to))
    const value = valueAt(tree, ['value'])!
    expect(slice(value.from, value.to)).toBe('"value": [512, 7]')
    expect(slice(value.valueFrom, value.to)).toBe('[512, 7]')
    expect(pathOf(trailTo(tree, body.indexOf(0x37)))).toEqual(['value', 1])
  })
})

describe('MessagePack', () => {
  test.each([
    ['91 cf ff ff ff ff ff ff ff ff', '[18446744073709551615]'],
    ['91 d3 80 00 00 00 00 00 00 00', '[-9223372036854775808]'],
    ['91 d3 ff ff ff ff ff ff ff ff', '[-1]'],
    ['91 ca 3f 80 00 00', '[1]'],
    ['91 cb 3f b9 99 99 99 99 99 9a', '[0.1]'],
    ['91 c4 02 de ad', "[h'dead']"],
    ['91 d6 05 01 02 03 04', "[ext(5, h'01020304')]"],
    ['91 d6 ff 00 00 00 01', '[1970-01-01T00:00:01.000Z]'],
    ['91 d7 ff 00 00 00 04 00 00 00 01', '[1970-01-01T00:00:01.000000001Z]'],
    ['91 c7 0c ff 00 00 00 00 ff ff ff ff ff ff ff ff', '[1969-12-31T23:59:59.000Z]'],
    ['91 d7 ff ff ff ff ff ff ff ff ff', "[ext(-1, h'ffffffffffffffff')]"],
    ['82 01 02 a1 61 03', '{1: 2, "a": 3}'],
    ['81 93 01 c0 c3 02', '{"[1, null, true]": 2}'],
    ['81 c4 01 ff 02', '{"h\'ff\'": 2}'],
    ['92 e0 7f', '[-32, 127]'],
    ['91 a2 61 ff', '["a\\\\xff"]'],
  ])('%s is %s', (hex, text) => {
    expect(textOf(fromHex(hex))).toBe(text)
  })

  test('says how much of a cut array came', () => {
    const tree = bodyTree(fromHex('dd ff ff ff ff 01 02'), { isPart: true })
    expect(tree.root).toMatchObject({ note: '2 of 4294967295 came' })
    expect(tree.problem).toBe('the body ends too early: at least 1 byte is missing (at 0x0007)')
  })
})

test('a short text ends at its limit and not inside a pair', () => {
  const { root } = bodyTree(utf8('["😀😀😀😀😀", 1]'))
  expect(shortText(root!, 6)).toBe('["😀…')
  expect(shortText(root!, 5)).toBe('["😀…')
  expect(shortText(root!, 40)).toBe('["😀😀😀😀😀", 1]')
})
