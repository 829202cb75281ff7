import { describe, expect, test } from 'vitest'
import { utf8 } from '../../../shared/bytes'
import { jsonText } from '../../ui/json-source'
import { glanceAt, readBodyJson } from './body-look'

describe('a glance at a body', () => {
  test('shows the fields of an object without its braces', () => {
    const glance = glanceAt(utf8('{"key":"net.mtu","rev":9007199254740993}'), 10)
    expect(glance.kind === 'json' && jsonText(glance.lines)).toBe(
      '"key": "net.mtu",\n"rev": 9007199254740993',
    )
  })

  test('counts the lines that do not fit', () => {
    const glance = glanceAt(utf8('[1,2,3,4]'), 3)
    expect(glance).toMatchObject({ kind: 'json', more: 3 })
  })

  test('shows text as text, with hidden characters made visible', () => {
    expect(glanceAt(utf8('boot ok\u001b[0m and a long enough line\nnext'), 5)).toEqual({
      kind: 'text',
      lines: ['boot ok\\x1b[0m and a long enough line', 'next'],
      more: 0,
    })
  })

  test('does not pretend that binary is text', () => {
    expect(
      glanceAt(
        Uint8Array.from({ length: 64 }, (_, index) => (index * 31) % 256),
        5,
      ),
    ).toEqual({ kind: 'binary' })
  })

  test('reads JSON after a byte order mark, and names bytes that are no text', () => {
    expect(readBodyJson(utf8('\ufeff{}')).ok).toBe(true)
    expect(readBodyJson(Uint8Array.of(0xff))).toMatchObject({
      ok: false,
      problem: { message: 'the bytes are not UTF-8 text' },
    })
  })
})
