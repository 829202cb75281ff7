import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatBytes, fromHex, toHex, utf8 } from '../../../../shared/bytes'
import type { ErrorCode } from '../../../../shared/errors'
import {
  decodeLsoFile,
  decodeLsoFileHead,
  encodeLsoFile,
  encodeLsoFileHead,
  extensionHeaders,
  extensionText,
  MAX_LSO_FILE_BODY_BYTES,
  MAX_LSO_FILE_EXTENSION_BYTES,
  toExtension,
} from './lso-file'

const code = (expected: ErrorCode) => expect.objectContaining({ code: expected }) as unknown
const int32 = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setInt32(0, value, true)
  return bytes
}

describe('a file of the Python Netcore', () => {
  test('has the layout of netcore-lso.md §10, in both directions', () => {
    const file = '0300000068c3a9050000006461746121'
    expect(toHex(encodeLsoFile(toExtension('hé'), utf8('data!')))).toBe(file)
    const { extension, body } = decodeLsoFile(fromHex(file))
    expect([extensionText(extension), body]).toEqual(['hé', utf8('data!')])
  })

  test('is eight zero bytes when it is new', () => {
    expect(encodeLsoFile(toExtension(''), new Uint8Array(0))).toEqual(new Uint8Array(8))
    expect(decodeLsoFile(new Uint8Array(8))).toEqual({
      extension: new Uint8Array(0),
      body: new Uint8Array(0),
    })
    expect(extensionHeaders(new Uint8Array(0))).toEqual({})
  })

  test('gives back any extension and any body', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (extension, body) => {
        const file = encodeLsoFile(extension, body)
        expect(file.length).toBe(8 + extension.length + body.length)
        const read = decodeLsoFile(file)
        expect([toHex(read.extension), toHex(read.body)]).toEqual([toHex(extension), toHex(body)])
        expect(decodeLsoFileHead(file.subarray(0, 8 + extension.length), file.length)).toMatchObject({
          bodyOffset: 8 + extension.length,
          declaredBytes: body.length,
          extraBytes: 0,
        })
      }),
    )
  })

  test('keeps headers as Python writes them, big numbers and odd keys too', () => {
    const headers = { route: 'löschen', n: 2n ** 60n, ok: true, ['__proto__']: 'plain' }
    const extension = toExtension(headers)
    expect(extensionText(extension)).toBe(
      '{"route": "l\\u00f6schen", "n": 1152921504606846976, "ok": true, "__proto__": "plain"}',
    )
    const read = extensionHeaders(extension)
    expect([read['n'], read['route'], Object.keys(read)]).toEqual([
      2n ** 60n,
      'löschen',
      Object.keys(headers),
    ])
    expect(({} as Record<string, unknown>)['plain']).toBeUndefined()
  })

  test('cut off anywhere is an error, never another message', () => {
    const file = encodeLsoFile(utf8('{"a": 1}'), utf8('some data'))
    const codes = Array.from({ length: file.length }, (_, end) => {
      try {
        decodeLsoFile(file.slice(0, end))
        return 'read'
      } catch (error) {
        return (error as { code: string }).code
      }
    })
    expect(codes).toEqual([
      ...Array.from({ length: 16 }, () => 'LSO_FILE_INVALID'),
      ...Array.from({ length: 9 }, () => 'LSO_FILE_INCOMPLETE'),
    ])
  })

  test('with more behind its body than it says tells how much, and gives what it says', () => {
    const file = concatBytes([encodeLsoFile(utf8('e'), utf8('body')), utf8('more')])
    expect(decodeLsoFileHead(file, file.length).extraBytes).toBe(4)
    expect(decodeLsoFile(file).body).toEqual(utf8('body'))
  })

  test.each([
    [-(2 ** 31), 'LSO_FILE_INVALID'],
    [-1, 'LSO_FILE_INVALID'],
    [100, 'LSO_FILE_INVALID'],
    [2 ** 31 - 1, 'LSO_FILE_INVALID'],
  ] as const)('that says its extension has %i bytes is refused', (length, expected) => {
    const file = concatBytes([int32(length), new Uint8Array(20)])
    expect(() => decodeLsoFile(file)).toThrow(code(expected))
  })

  test.each([
    [-(2 ** 31), 'LSO_FILE_INVALID'],
    [-1, 'LSO_FILE_INVALID'],
    [21, 'LSO_FILE_INCOMPLETE'],
    [2 ** 31 - 1, 'LSO_FILE_INCOMPLETE'],
  ] as const)('that says its body has %i bytes is refused', (length, expected) => {
    const file = concatBytes([int32(0), int32(length), new Uint8Array(20)])
    expect(() => decodeLsoFile(file)).toThrow(code(expected))
  })

  test('has a limit for its extension and one for its body', () => {
    const largest = new Uint8Array(MAX_LSO_FILE_EXTENSION_BYTES)
    expect(decodeLsoFile(encodeLsoFile(largest, utf8('x'))).body).toEqual(utf8('x'))
    const larger = new Uint8Array(MAX_LSO_FILE_EXTENSION_BYTES + 1)
    expect(() => encodeLsoFileHead(larger, 0)).toThrow(code('HEAD_TOO_LARGE'))
    const file = concatBytes([int32(larger.length), larger, int32(0)])
    expect(() => decodeLsoFile(file)).toThrow(code('HEAD_TOO_LARGE'))
    expect(encodeLsoFileHead(utf8(''), MAX_LSO_FILE_BODY_BYTES)).toHaveLength(8)
    expect(() => encodeLsoFileHead(utf8(''), MAX_LSO_FILE_BODY_BYTES + 1)).toThrow(code('MESSAGE_TOO_LARGE'))
  })

  test.each([
    ['a list', '[1]', 'LSO_BAD_PACKET'],
    ['no JSON', 'hello', 'LSO_BAD_JSON'],
  ] as const)('whose extension is %s has a text and no headers', (_, text, expected) => {
    expect(extensionText(utf8(text))).toBe(text)
    expect(() => extensionHeaders(utf8(text))).toThrow(code(expected))
  })

  test('whose extension is no text says so', () => {
    expect(() => extensionText(Uint8Array.of(0xff))).toThrow(code('LSO_FILE_INVALID'))
  })
})
