import { expect, test } from 'vitest'
import { decodeMessage, encodeMessage } from '../../shared/contract/message-codec'
import type { LosslessJson } from '../../shared/model/trace'
import { screenHeaders } from './screen-headers'

const nested = (levels: number): LosslessJson => {
  let value: LosslessJson = 'bottom'
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { inner: value }
  return value
}

test('what fits the contract stays as it is', () => {
  const headers = { a: 1, b: 'text', c: true, d: null, e: [1, { f: 2.5 }] }
  expect(screenHeaders(headers)).toEqual(headers)
})

test('integers beyond 2^53 keep every digit, as text', () => {
  const headers = { id: 2n ** 63n + 1n, list: [-(2n ** 70n)] }
  expect(screenHeaders(headers)).toEqual({ id: '9223372036854775809', list: ['-1180591620717411303424'] })
})

test('headers nested as deep as a peer may send them travel to the screen, cut', () => {
  const shown = screenHeaders({ deep: nested(99), flat: 1 })
  const reply = { t: 'reply', id: 1, ok: true, value: { detail: { headers: shown } } }
  expect(decodeMessage(encodeMessage(reply))).toEqual(reply)
  expect(JSON.stringify(shown)).toContain('nested deeper')
  expect(() => decodeMessage(encodeMessage({ deep: nested(99), more: { headers: nested(99) } }))).toThrow()
})

test('a key that names the prototype is a key like any other', () => {
  const headers = JSON.parse('{"__proto__":{"polluted":1},"a":2}') as Record<string, LosslessJson>
  const shown = screenHeaders(headers)
  expect(Object.keys(shown)).toEqual(['__proto__', 'a'])
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})
