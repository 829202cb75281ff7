import type { FilterValue } from './filter-types'
import { printNumber } from './numbers'

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
}
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|([0-7]{1,3})|(.)|$)/gsu

/** Text between quotes, with the escapes of C. An escape that C does not know stays as it is: `"\d"` is two characters. */
export function unescaped(written: string): string {
  return written.replace(ESCAPE, (all: string, ...groups: readonly (string | undefined)[]) => {
    const [hex2, point, hex4, octal, char = ''] = groups
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
    const hex = hex2 ?? point ?? hex4
    if (hex === undefined) return ESCAPES[char] ?? all
    const code = Number.parseInt(hex, 16)
    return code > 0x10ffff ? all : String.fromCodePoint(code)
  })
}

/** The text in quotes, so that `unescaped` gives it back. */
export function quoted(text: string): string {
  const inner = text.replace(/["\\]/g, '\\$&').replace(/[\p{C}\u2028\u2029]/gu, escapedControl)
  return `"${inner}"`
}

function escapedControl(char: string): string {
  if (char === '\n') return '\\n'
  if (char === '\r') return '\\r'
  if (char === '\t') return '\\t'
  return `\\u{${char.codePointAt(0)!.toString(16)}}`
}

/** A pattern between quotes: backslashes belong to the pattern, only `\"` is a quotation mark. */
export const unescapedPattern = (written: string): string =>
  written.replace(/\\(.)/gs, (all: string, char: string) => (char === '"' ? '"' : all))

/** Inverse of `unescapedPattern` for every pattern that does not end within an escape. */
export const quotedPattern = (pattern: string): string =>
  `"${pattern.replace(/\\[^"]|"/gs, (all) => (all === '"' ? '\\"' : all))}"`

const COLON_HEX = /^[0-9a-f]{2}(?::[0-9a-f]{2})+$/i
const PLAIN_HEX = /^0x[0-9a-f]+$/i

/** `7e:01:ff` and `0xa55a`; undefined when it is neither, or has half a byte. */
export function hexBytes(word: string): Uint8Array | undefined {
  const digits = COLON_HEX.test(word)
    ? word.replaceAll(':', '')
    : PLAIN_HEX.test(word) && word.length % 2 === 0
      ? word.slice(2)
      : undefined
  if (digits === undefined) return undefined
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  )
}

export const isPlainHex = (word: string): boolean => PLAIN_HEX.test(word)

const TIME = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?$/

/** `10:42`, `10:42:00.5`: ms since midnight, to the microsecond; undefined when it is no time of day. */
export function timeOfDay(word: string): number | undefined {
  const match = TIME.exec(word)
  if (match === null) return undefined
  const [, hours, minutes, seconds = '0', fraction = ''] = match
  const micros = Number(fraction.padEnd(6, '0'))
  const wholeSeconds = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)
  return (wholeSeconds * 1e6 + micros) / 1000
}

export function printTime(msOfDay: number): string {
  const micros = Math.round(msOfDay * 1000)
  const seconds = Math.floor(micros / 1e6)
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const fraction = String(micros % 1e6)
    .padStart(6, '0')
    .replace(/0+$/, '')
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':')
  return fraction === '' ? clock : `${clock}.${fraction}`
}

export function printValue(value: FilterValue): string {
  switch (value.kind) {
    case 'text':
      return quoted(value.text)
    case 'number':
      return printNumber(value)
    case 'bytes': {
      const pairs = Array.from(value.bytes, (byte) => byte.toString(16).padStart(2, '0'))
      return pairs.length === 1 ? `0x${pairs[0]}` : pairs.join(':')
    }
    case 'boolean':
      return String(value.value)
    case 'time':
      return printTime(value.msOfDay)
  }
}
