import { expect, test } from 'vitest'
import { utf8 } from '../../../shared/bytes'
import { readBodyJson } from './body-look'

test('reads JSON after a byte order mark, and names bytes that are no text', () => {
  expect(readBodyJson(utf8('\ufeff{}')).ok).toBe(true)
  expect(readBodyJson(Uint8Array.of(0xff))).toMatchObject({
    ok: false,
    problem: { message: 'the bytes are not UTF-8 text' },
  })
})
