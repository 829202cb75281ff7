import { expect, test } from 'vitest'
import type { LosslessJson } from '../../../shared/model/trace'
import { losslessText } from './lossless-text'

test.each<[LosslessJson, string]>([
  [9007199254740993n, '9007199254740993'],
  ['a"b', '"a\\"b"'],
  [null, 'null'],
  [[], '[]'],
  [{}, '{}'],
  [{ a: [1, true, { 'b c': 18446744073709551615n }] }, '{ "a": [1, true, { "b c": 18446744073709551615 }] }'],
])('writes a header value without losing a digit (%#)', (value, text) => {
  expect(losslessText(value)).toBe(text)
})
