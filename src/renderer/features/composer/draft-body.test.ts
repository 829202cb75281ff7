import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromHex, utf8 } from '../../../shared/bytes'
import { convertDraft, readDraftBody, variablesIn, withValues } from './draft-body'

const bytes = (format: 'json' | 'text' | 'hex', text: string) => {
  const body = readDraftBody(format, text)
  return body.ok ? body.bytes : body.problem
}

describe('body as typed', () => {
  test('JSON goes out as it was typed, whatever its numbers', () => {
    const typed = '{ "rev": 9007199254740993, "x": 1.50 }'
    expect(bytes('json', typed)).toEqual(utf8(typed))
  })

  test('an empty field is an empty body, but blanks of a text are text', () => {
    expect(bytes('json', ' \n')).toEqual(new Uint8Array(0))
    expect(bytes('hex', ' ')).toEqual(new Uint8Array(0))
    expect(bytes('text', ' ')).toEqual(utf8(' '))
  })

  test('JSON that is none says where', () => {
    expect(bytes('json', '{"a":}')).toEqual({
      code: 'JSON_INVALID',
      message: 'position 6: a value cannot begin with "}"',
      at: 5,
    })
    expect(bytes('json', '{\n "a" 1}')).toMatchObject({ message: 'line 2, position 6: expected ":"' })
  })

  test('hex is read as people write it, and what is no hex is named with its place', () => {
    expect(bytes('hex', '7e 01:ff 0xA5')).toEqual(Uint8Array.of(0x7e, 1, 0xff, 0xa5))
    expect(bytes('hex', '7e g1')).toEqual({
      code: 'HEX_INVALID',
      message: 'position 4: "g1" is not a pair of hex digits',
      at: 3,
    })
    expect(bytes('hex', '7e 1')).toMatchObject({ message: 'position 4: "1" is half a byte' })
  })

  test('every body survives the way to hex and back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const hex = convertDraft('text', 'hex', text)
        expect(hex.ok && convertDraft('hex', 'text', hex.text)).toEqual({ ok: true, text })
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array(), (raw) => {
        const hex = convertDraft('text', 'hex', '')
        expect(hex).toEqual({ ok: true, text: '' })
        const typed = [...raw].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
        expect(bytes('hex', typed)).toEqual(raw)
      }),
    )
  })

  test('bytes that are no text are not turned into one', () => {
    expect(convertDraft('hex', 'text', 'ff fe')).toEqual({ ok: false, reason: 'not-text' })
    expect(convertDraft('hex', 'json', 'f')).toEqual({ ok: false, reason: 'invalid' })
  })

  test('text and JSON keep what was typed, also while it is unfinished', () => {
    expect(convertDraft('json', 'text', '{"a":')).toEqual({ ok: true, text: '{"a":' })
    expect(convertDraft('json', 'hex', '{"')).toEqual({ ok: true, text: '7b 22' })
  })
})

describe('MessagePack, files and variables', () => {
  test('MessagePack is written as JSON and counted in its own bytes', () => {
    expect(readDraftBody('msgpack', '{"mtu": 512}')).toEqual({
      ok: true,
      bytes: fromHex('81a36d7475cd0200'),
    })
    expect(readDraftBody('msgpack', '[1,\n 18446744073709551616]')).toMatchObject({
      ok: false,
      problem: { at: 5, message: 'line 2, position 2: no whole number of MessagePack is so large' },
    })
  })

  test('MessagePack and hex are the same bytes, both ways', () => {
    expect(convertDraft('msgpack', 'hex', '{"mtu":512}')).toEqual({
      ok: true,
      text: '81 a3 6d 74 75 cd 02 00',
    })
    expect(convertDraft('hex', 'msgpack', '81 a3 6d 74 75 cd 02 00')).toEqual({
      ok: true,
      text: '{\n  "mtu": 512\n}',
    })
    expect(convertDraft('hex', 'msgpack', 'c4 01 7e')).toEqual({
      ok: false,
      reason: 'loses',
      what: 'they hold bytes, which JSON has no word for',
    })
  })

  test('a variable may stand for a value or within a text; a mistake beside it keeps its position', () => {
    const text = '{"mtu": {{mtu}}, "name": "rig {{nr}}"}'
    expect(readDraftBody('json', text)).toMatchObject({ ok: true })
    expect(readDraftBody('json', `${text}]`)).toMatchObject({ ok: false, problem: { at: text.length } })
    expect(variablesIn(text)).toEqual(['mtu', 'nr'])
    expect(withValues(text, (name) => (name === 'mtu' ? '512' : undefined))).toBe(
      '{"mtu": 512, "name": "rig {{nr}}"}',
    )
    expect(readDraftBody('hex', '7e {{id}} 01')).toMatchObject({ ok: true })
    expect(convertDraft('json', 'hex', text)).toEqual({ ok: false, reason: 'variables' })
  })

  test('a form takes JSON only', () => {
    expect(convertDraft('text', 'form', 'hello')).toEqual({ ok: false, reason: 'invalid' })
    expect(convertDraft('hex', 'form', '7b 7d')).toEqual({ ok: true, text: '{}' })
    expect(convertDraft('hex', 'form', '68 69')).toEqual({ ok: false, reason: 'invalid' })
  })
})
