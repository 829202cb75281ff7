import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { utf8 } from '../../../shared/bytes'
import type { Direction } from '../../../shared/model/trace'
import { HexShaper } from './hex-shaper'
import { linePrefix } from './prefix'
import { TextShaper } from './text-shaper'

const ESC = '\u001b'
const shaped = (texts: readonly (string | Uint8Array)[], hasEcho = true): string => {
  const shaper = new TextShaper(linePrefix('none', 0), hasEcho)
  return texts
    .map((text) => shaper.shape({ dir: 'in', atMs: 0, bytes: typeof text === 'string' ? utf8(text) : text }))
    .join('')
}
const uncoloured = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, '')

describe('text of a device', () => {
  test('has its colours, each line behind its time and direction, echoes in lines of their own', () => {
    const shaper = new TextShaper(linePrefix('start', 0), true)
    const pass = (dir: Direction, atMs: number, text: string) =>
      shaper.shape({ dir, atMs, bytes: utf8(text) })
    const out =
      pass('in', 1500, `${ESC}[32mok${ESC}[0m\r\nlog`) + pass('out', 1600, 'x\r\n') + pass('in', 1750, 'in: ')
    expect(out).toContain(`${ESC}[32mok`)
    expect(uncoloured(out)).toBe(
      '      1.500 < ok\r\n      1.500 < log\r\n      1.600 > x\r\n      1.750 < in: ',
    )
  })

  test('tells the time since the line before', () => {
    const shaper = new TextShaper(linePrefix('delta', 0), true)
    const out = [1000, 1250, 1251]
      .map((atMs) => shaper.shape({ dir: 'in', atMs, bytes: utf8('a\n') }))
      .join('')
    expect(uncoloured(out).match(/\+\d+\.\d+/g)).toEqual(['+0.000', '+0.250', '+0.001'])
  })

  test.each([
    ['a title', `${ESC}]0;owned\u0007`, '\\x1b]0;owned\\x07'],
    ['the clipboard', `${ESC}]52;c;ZXZpbA==${ESC}\\`, '\\x1b]52;c;ZXZpbA==\\x1b\\'],
    ['a link', `${ESC}]8;;javascript:alert(1)\u0007click`, '\\x1b]8;;javascript:alert(1)\\x07click'],
    ['a size of the window', `${ESC}[8;1;1t`, '\\x1b[8;1;1t'],
    ['a device control string', `${ESC}P$q"p${ESC}\\`, '\\x1bP$q"p\\x1b\\'],
    ['another screen and the mouse', `${ESC}[?1049h${ESC}[?1003h`, ''],
    ['a question for the cursor', `${ESC}[6n`, ''],
    ['a movement to another line', `${ESC}[2A${ESC}[H${ESC}[2J`, '\\x1b[2A\\x1b[H\\x1b[2J'],
    ['a reset of the terminal', `${ESC}c`, '\\x1bc'],
    ['a bell and other controls', '\u0007\u0000\u000e\u007f', '\\x07\\x00\\x0e\\x7f'],
    ['a control of eight bits', '\u009b31m\u009d0;x\u009c', '\\u009b31m\\u009d0;x\\u009c'],
    ['a reversal of the reading direction', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
    ['hidden and blinking text', `${ESC}[8;5msecret`, 'secret'],
  ])('%s does nothing and is shown, or is left out where there is nothing to see', (_, text, shown) => {
    expect(uncoloured(shaped([text])).replace(/^< /, '')).toBe(shown)
  })

  test('an unfinished sequence waits for its rest, and cannot swallow the next line or much text', () => {
    expect(uncoloured(shaped([`${ESC}[3`, `1mred`]))).toBe('< red')
    expect(uncoloured(shaped([`${ESC}]0;never ended\r\nnext line`]))).toBe(
      '< \\x1b]0;never ended\r\n< next line',
    )
    expect(uncoloured(shaped([`${ESC}]0;`, 'x'.repeat(5000)]))).toContain('xxxxx')
  })

  test('characters cut between two pieces are whole', () => {
    const bytes = utf8('24 °C')
    expect(uncoloured(shaped([bytes.subarray(0, 4), bytes.subarray(4)]))).toBe('< 24 °C')
  })

  test('bytes that are not UTF-8 are shown as bytes', () => {
    expect(uncoloured(shaped([Uint8Array.of(0x41, 0xff, 0xc3, 0x28), Uint8Array.of(0xe2, 0x82)]))).toBe(
      '< A\\xff\\xc3(',
    )
  })

  test('a lone CR overwrites what was received and ends what was sent', () => {
    const shaper = new TextShaper(linePrefix('none', 0), true)
    const pass = (dir: Direction, text: string) =>
      uncoloured(shaper.shape({ dir, atMs: 0, bytes: utf8(text) }))
    expect(pass('out', 'one\rtwo\r')).toBe('> one\r\n> two\r\n')
    expect(pass('in', '10 %\r20 %')).toBe(`< 10 %\r${ESC}[2C20 %`)
  })

  test('cannot go back over the time of its line', () => {
    const out = shaped([`ab\b\b\b\b${ESC}[99Dc`])
    expect(uncoloured(out)).toBe('< ab\b\bc')
    expect(shaped(['ab\rc'])).toContain(`ab\r${ESC}[2Cc`)
    expect(shaped([`ab${ESC}[1Gc`])).toContain(`ab${ESC}[3Gc`)
  })

  test('24-bit colours become the nearest of 256', () => {
    expect(shaped([`${ESC}[38;2;255;0;0;1mx`])).toContain(`${ESC}[38;5;196;1mx`)
    expect(shaped([`${ESC}[48;5;300mx`])).not.toContain('48')
  })

  test('whatever comes and however it is cut, nothing but colours and movements within the line is let through', () => {
    const bits = [
      '\u001b',
      '[',
      ']',
      'P',
      '0;',
      '?',
      '52',
      'm',
      'K',
      'J',
      'H',
      '\u0007',
      '\\',
      '\b',
      '\r',
      '\n',
      'a',
      '\u009b',
    ]
    fc.assert(
      fc.property(fc.array(fc.array(fc.constantFrom(...bits), { maxLength: 12 })), (pieces) => {
        const out = shaped(pieces.map((piece) => piece.join('')))
        const rest = out.replace(/\u001b(?:\[[0-9;]*[mKCDGP@X]|[78])/g, '').replace(/[\r\n\t\b]/g, '')
        expect(rest).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
      }),
    )
  })

  test('what was sent is left out without local echo', () => {
    const shaper = new TextShaper(linePrefix('none', 0), false)
    expect(shaper.shape({ dir: 'out', atMs: 0, bytes: utf8('password\n') })).toBe('')
  })
})

test('a hex row that fills is written again in its place, with the time of its first byte', () => {
  const shaper = new HexShaper(linePrefix('start', 0), true)
  const first = shaper.shape({ dir: 'in', atMs: 1000, bytes: Uint8Array.of(0x41) })
  const more = shaper.shape({ dir: 'in', atMs: 1010, bytes: new Uint8Array(16).fill(0x42) })
  expect(uncoloured(first)).toMatch(/^ {6}1\.000 < 00000000 {2}41 +A$/)
  const [full, open] = uncoloured(more).split('\r\n')
  expect(full).toMatch(/^\r\u001b\[2K {6}1\.000 < 00000000 {2}41 42 .* {2}ABBBBBBBBBBBBBBB$/)
  expect(open).toMatch(/^ {6}1\.010 < 00000010 {2}42 +B$/)
})
