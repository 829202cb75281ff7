import { describe, expect, test } from 'vitest'
import { toHex, utf8 } from '../../shared/bytes'
import { SHOWN_BODY_BYTES, sha256, viewBody } from './body-view'

describe('a body in JSON lines', () => {
  test.each([
    { body: '{"sum":3}', view: { json: { sum: 3 } } },
    { body: '[1, 2]\n', view: { json: [1, 2] } },
    { body: 'true', view: { json: true } },
    { body: 'hello', view: { text: 'hello' } },
    { body: '', view: { text: '' } },
    { body: 'grüße\t\r\n', view: { text: 'grüße\t\r\n' } },
    { body: '{"big":12345678901234567890}', view: { text: '{"big":12345678901234567890}' } },
    { body: '1e999', view: { text: '1e999' } },
    { body: 'a\u0000b', view: { hex: '610062' } },
    { body: '\u001b[2J', view: { hex: '1b5b324a' } },
  ])('is shown as it is best read: $body', ({ body, view }) => expect(viewBody(utf8(body))).toEqual(view))

  test('is hex when it is not UTF-8', () => {
    expect(viewBody(Uint8Array.of(0xff, 0xfe))).toEqual({ hex: 'fffe' })
  })

  test('is text when it is nested deeper than 100 levels', () => {
    const at = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect(viewBody(utf8(at(100)))).toHaveProperty('json')
    expect(viewBody(utf8(at(101)))).toEqual({ text: at(101) })
    expect(viewBody(utf8(at(30_000)))).toHaveProperty('text')
  })

  test('is shown whole up to 64 KiB, and from there on its beginning, marked', () => {
    expect(viewBody(utf8('x'.repeat(SHOWN_BODY_BYTES)))).toEqual({ text: 'x'.repeat(SHOWN_BODY_BYTES) })
    expect(viewBody(utf8('x'.repeat(SHOWN_BODY_BYTES + 1)))).toEqual({
      truncated: true,
      shownBytes: SHOWN_BODY_BYTES,
      text: 'x'.repeat(SHOWN_BODY_BYTES),
    })
    const binary = new Uint8Array(SHOWN_BODY_BYTES + 1).fill(0xfe)
    expect(viewBody(binary)).toEqual({
      truncated: true,
      shownBytes: SHOWN_BODY_BYTES,
      hex: toHex(binary.subarray(0, SHOWN_BODY_BYTES)),
    })
  })

  test('is never cut within a character', () => {
    for (let lead = 0; lead < 4; lead++) {
      const view = viewBody(utf8('x'.repeat(lead) + '😀'.repeat(20_000)))
      expect(view).toMatchObject({ truncated: true, text: expect.stringMatching(/^x*(😀)+$/u) })
      expect((view as { shownBytes: number }).shownBytes).toBeGreaterThan(SHOWN_BODY_BYTES - 4)
    }
  })

  test('has the checksum of all of it', () => {
    expect(sha256(utf8('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
})
